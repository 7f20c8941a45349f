package llm

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ombud/bot"
	"ombud/bot/nlu"
)

// The most that an answer may hold, in characters. A longer draft than bot.CheckDraft takes is refused here
// already.
const (
	maxDraft    = 1200
	maxEvidence = 400
	maxCites    = 16
)

// known are the signals that a model may see: all but resolved, since it may not close a conversation.
var known = slices.DeleteFunc(slices.Clone(nlu.Signals), func(s nlu.Signal) bool { return s == nlu.Resolved })

// schema is what the server is asked to hold the answer to. It is decoded just as strictly here. The order of
// the fields is that in which servers write them: what tells whether a draft may be shown comes before it.
var schema = func() json.RawMessage {
	signals, err := json.Marshal(known)
	if err != nil {
		panic(err) // of constants
	}
	return json.RawMessage(fmt.Sprintf(`{"type":"object","additionalProperties":false,"required":["signals","cites","draft"],"properties":{`+
		`"signals":{"type":"array","items":{"type":"object","additionalProperties":false,"required":["signal","strength","evidence"],"properties":{`+
		`"signal":{"type":"string","enum":%s},"strength":{"type":"number"},"evidence":{"type":"string"}}}},`+
		`"cites":{"type":"array","items":{"type":"string"}},"draft":{"type":"string"}}}`, signals))
}()

type reply struct {
	Signals *[]struct {
		Signal   *nlu.Signal `json:"signal"`
		Strength *float64    `json:"strength"`
		Evidence *string     `json:"evidence"`
	} `json:"signals"`
	Draft *string   `json:"draft"`
	Cites *[]string `json:"cites"`
}

// opinion reads an answer. Whatever is odd about it is ErrAnswer, never with its words: a missing, unknown
// or doubled field, an unknown signal or citation, a text that is too long, or any trace of the prompt.
// Strengths are held to 0 to 1, and evidence that the visitor did not write is dropped.
func (p prompt) opinion(text string, m *mask) (bot.Opinion, error) {
	refuse := func(why string) (bot.Opinion, error) { return bot.Opinion{}, fmt.Errorf("%w: %s", ErrAnswer, why) }
	if strings.TrimSpace(text) == "" {
		return refuse("it is empty")
	}
	r, err := decode(text)
	if err != nil {
		return bot.Opinion{}, err
	}
	if p.leaks(text) || p.leaks(*r.Draft) {
		return refuse("it repeats the prompt")
	}
	if utf8.RuneCountInString(*r.Draft) > maxDraft || len(*r.Signals) > len(known) || len(*r.Cites) > maxCites {
		return refuse("it is too long")
	}
	var o bot.Opinion
	for _, s := range *r.Signals {
		seen := slices.ContainsFunc(o.Signals, func(x nlu.SignalScore) bool { return s.Signal != nil && x.Signal == *s.Signal })
		if s.Signal == nil || s.Strength == nil || s.Evidence == nil || seen || !slices.Contains(known, *s.Signal) {
			return refuse("a signal is unknown, doubled or incomplete")
		}
		score := nlu.SignalScore{Signal: *s.Signal, Strength: min(1, max(0, *s.Strength))}
		if n := utf8.RuneCountInString(*s.Evidence); n <= maxEvidence && strings.Contains(p.words, *s.Evidence) {
			if score.Evidence, err = m.show(*s.Evidence); err != nil {
				return bot.Opinion{}, err
			}
		}
		o.Signals = append(o.Signals, score)
	}
	for _, id := range *r.Cites {
		if !p.given[id] {
			return refuse("it cites a text that it was not given")
		}
		if !strings.HasPrefix(id, "script ") {
			o.Cites = append(o.Cites, id)
		}
	}
	o.Draft, err = m.show(strings.TrimSpace(*r.Draft))
	if err != nil {
		return bot.Opinion{}, err
	}
	return o, nil
}

func decode(text string) (reply, error) {
	var r reply
	d := json.NewDecoder(strings.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&r); err != nil {
		return r, fmt.Errorf("%w: it is not JSON of the schema", ErrAnswer)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return r, fmt.Errorf("%w: something follows the JSON", ErrAnswer)
	}
	if r.Signals == nil || r.Draft == nil || r.Cites == nil {
		return r, fmt.Errorf("%w: a field is missing", ErrAnswer)
	}
	if !plainKeys([]byte(text)) {
		return r, fmt.Errorf("%w: a field is doubled or misspelt", ErrAnswer)
	}
	return r, nil
}

// plainKeys tells whether every object has each key once and in the schema's own spelling: the decoder
// would take the last of two, and "DRAFT" for "draft".
func plainKeys(data []byte) bool {
	d := json.NewDecoder(bytes.NewReader(data))
	var open []map[string]bool // the keys of each open object, nil for an array
	key := false
	for {
		t, err := d.Token()
		if err != nil {
			return errors.Is(err, io.EOF)
		}
		switch v := t.(type) {
		case json.Delim:
			switch v {
			case '{':
				open = append(open, map[string]bool{})
			case '[':
				open = append(open, nil)
			default:
				open = open[:len(open)-1]
			}
			key = len(open) > 0 && open[len(open)-1] != nil
			continue
		case string:
			if key {
				keys := open[len(open)-1]
				if keys[v] || v != strings.ToLower(v) {
					return false
				}
				keys[v] = true
				key = false
				continue
			}
		}
		key = len(open) > 0 && open[len(open)-1] != nil
	}
}

// trace is how many characters in a row of the canary betray it: a draft that is shown while it grows must not
// get as far as the whole.
const trace = 8

// leaks tells whether a text holds a part of the canary or one of the rules, however it is spaced or written.
func (p prompt) leaks(text string) bool {
	text = squeeze(text)
	for mark := squeeze(p.canary); len(mark) >= trace; mark = mark[1:] {
		if strings.Contains(text, mark[:trace]) {
			return true
		}
	}
	return slices.ContainsFunc(squeezed, func(s string) bool { return strings.Contains(text, s) })
}

// squeezed are the rules' sentences as leaks compares them; short ones say too little to be a trace.
var squeezed = func() []string {
	var out []string
	for _, r := range slices.Concat(rules, wordingRules) {
		for s := range strings.FieldsFuncSeq(r, func(r rune) bool { return r == '.' || r == ':' || r == ';' }) {
			if s = squeeze(s); len(s) >= 25 {
				out = append(out, s)
			}
		}
	}
	return out
}()

// squeeze gives the letters and digits of a text in lower case.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
