package llm

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"ombud/bot"
)

// grower reads an answer while it comes, each byte once, and tells of the draft as far as it has come. It
// tells nothing before signals and cites are whole and pass the checks of a finished answer, so that an
// answer in another order is only seen when it is finished. It believes less than opinion does and never
// more: what it does not understand is left to the end.
type grower struct {
	p    prompt
	m    *mask
	grow func(bot.Opinion)

	raw     []byte
	at      int // how far raw has been read
	depth   int
	quoted  bool // within a string
	escaped bool
	begin   int    // where the string or the field's value begins
	key     string // the field at depth one whose value is being read
	field   map[string]json.RawMessage
	off     bool // no more is told

	opinion bot.Opinion
	draft   bool // within the draft
	decoded int  // how far the draft has been decoded
	text    []byte
}

// newGrower gives nil where nobody looks on.
func newGrower(p prompt, m *mask, grow func(bot.Opinion)) *grower {
	if grow == nil {
		return nil
	}
	return &grower{p: p, m: m, grow: grow, field: map[string]json.RawMessage{}}
}

// feed takes one piece. Its error is ErrAnswer: what came already spoils the answer.
func (g *grower) feed(piece string) error {
	if g == nil || g.off {
		return nil
	}
	g.raw = append(g.raw, piece...)
	for ; g.at < len(g.raw) && !g.off; g.at++ {
		if err := g.read(g.raw[g.at]); err != nil {
			return err
		}
	}
	if g.draft && !g.off {
		return g.tell(g.at)
	}
	return nil
}

func (g *grower) read(c byte) error {
	switch {
	case g.escaped:
		g.escaped = false
	case g.quoted && c == '\\':
		g.escaped = true
	case c == '"' && g.quoted:
		g.quoted = false
		if g.draft {
			g.off = true // what follows is for the end
			return g.tell(g.at)
		}
		if g.depth == 1 && g.key == "" {
			return g.named(g.raw[g.begin : g.at+1])
		}
	case c == '"' && g.depth > 0:
		g.quoted = true
		if g.depth == 1 {
			return g.opened()
		}
	case g.quoted:
	case g.depth == 0 && c != '{' && !strings.ContainsRune(" \t\r\n", rune(c)), g.depth == 1 && c == ',' && g.key != "":
		g.off = true // words around the object, or a value of another kind
	case c == '{' || c == '[':
		g.depth++
		if g.depth == 2 {
			g.begin = g.at
		}
	case c == '}' || c == ']':
		g.depth--
		if g.depth == 1 {
			g.field[g.key], g.key = g.raw[g.begin:g.at+1], ""
		}
		g.off = g.off || g.depth <= 0
	}
	return nil
}

// opened is called at the beginning of a string of the outer object: a name, or the draft.
func (g *grower) opened() error {
	g.begin = g.at
	if g.key == "" {
		return nil
	}
	if g.key != "draft" {
		g.off = true
		return nil
	}
	o, err := g.first()
	if err != nil {
		return err
	}
	g.opinion, g.draft, g.decoded = o, true, g.at+1
	return nil
}

// first checks what must come before the draft.
func (g *grower) first() (bot.Opinion, error) {
	signals, cites := g.field["signals"], g.field["cites"]
	if signals == nil || cites == nil || len(g.field) != 2 {
		g.off = true
		return bot.Opinion{}, nil
	}
	whole := bytes.Join([][]byte{[]byte(`{"signals":`), signals, []byte(`,"cites":`), cites, []byte(`,"draft":""}`)}, nil)
	return g.p.opinion(string(whole), g.m)
}

func (g *grower) named(raw []byte) error {
	if json.Unmarshal(raw, &g.key) != nil || g.key == "" || g.field[g.key] != nil {
		g.off = true
	}
	return nil
}

// tell decodes the draft up to a place in raw, and passes it on.
func (g *grower) tell(to int) error {
	part := g.raw[g.decoded:to]
	part = part[:len(part)-unfinished(part)]
	g.decoded += len(part)
	var s string
	if json.Unmarshal(append(append([]byte{'"'}, part...), '"'), &s) != nil {
		g.off = true
		return nil
	}
	g.text = append(g.text, s...)
	if utf8.RuneCount(g.text) > maxDraft {
		return fmt.Errorf("%w: it is too long", ErrAnswer)
	}
	if g.p.leaks(string(g.text)) {
		return fmt.Errorf("%w: it repeats the prompt", ErrAnswer)
	}
	o := g.opinion
	var err error
	if o.Draft, err = g.m.show(strings.TrimSpace(string(g.text))); err != nil {
		return err
	}
	g.grow(o)
	return nil
}

// unfinished gives how many bytes at the end of a piece of a JSON string need those that follow: an escape
// that is cut, or the first half of a pair of them.
func unfinished(s []byte) int {
	pair := -1 // where a first half stands that has no second yet
	for i := 0; i < len(s); {
		if s[i] != '\\' {
			i++
			pair = -1
			continue
		}
		n := 2
		if i+1 < len(s) && s[i+1] == 'u' {
			n = 6
		}
		if i+n > len(s) {
			if pair >= 0 {
				return len(s) - pair
			}
			return len(s) - i
		}
		high := false
		if n == 6 {
			r, err := strconv.ParseUint(string(s[i+2:i+6]), 16, 32)
			high = err == nil && utf16.IsSurrogate(rune(r)) && r < 0xdc00
		}
		switch {
		case high && pair < 0:
			pair = i
		default:
			pair = -1
		}
		i += n
	}
	if pair >= 0 {
		return len(s) - pair
	}
	return 0
}
