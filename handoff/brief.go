package handoff

import (
	"slices"
	"strings"

	"ombud/chat"
)

// MatterRunes is the length to which the matter is cut.
const MatterRunes = 240

// Brief is what an agent must know before the first word. Every line points to the message that shows
// it; what is inferred says so.
type Brief struct {
	Customer  string        `json:"customer,omitempty"`
	Verified  bool          `json:"verified"`
	Language  string        `json:"language,omitempty"`
	Topic     string        `json:"topic,omitempty"`
	Matter    Line          `json:"matter"`
	Facts     []Fact        `json:"facts"`
	Missing   []string      `json:"missing"` // names of facts that the matter needs and nobody gave
	Reason    string        `json:"reason"`
	Severity  chat.Severity `json:"severity"`
	Level     int           `json:"level"`
	Why       []Line        `json:"why"`
	Mood      string        `json:"mood"`  // calm, upset or angry
	Trend     string        `json:"trend"` // rising, steady or falling
	MoodSeq   int64         `json:"mood_seq,omitempty"`
	Tried     []Line        `json:"tried"`
	Wanted    *Line         `json:"wanted,omitempty"`
	Promised  []Line        `json:"promised"`
	Proposals []Proposal    `json:"proposals"`
	Handovers int           `json:"handovers"`
	// Corrected lists what agents put right, oldest first.
	Corrected []Correction `json:"corrected,omitempty"`
	// WordedBy says who worded the matter: facts (the customer) or agent.
	WordedBy string `json:"worded_by"`
	// Summary is a model's wording of all that, made after the handoff; nil where there is none, or an agent put something
	// right since. What it is made from stays as it is.
	Summary *Summary `json:"summary,omitempty"`
}

// Summary is a brief in a few sentences by a model.
type Summary struct {
	Text     string `json:"text"`
	WordedBy string `json:"worded_by"` // the model's name
	Of       int64  `json:"of"`        // seq of the brief that it words
}

// Line is one statement with the message it comes from.
type Line struct {
	Text     string `json:"text"`
	Seq      int64  `json:"seq,omitempty"`
	Signal   string `json:"signal,omitempty"`
	Inferred bool   `json:"inferred,omitempty"`
	// By names the agent who put it right; "" as it was found.
	By string `json:"by,omitempty"`
}

// Fact is something the visitor told us, with the message that says it.
type Fact struct {
	Name     string `json:"name"`
	Value    string `json:"value"`
	Seq      int64  `json:"seq,omitempty"`
	Inferred bool   `json:"inferred,omitempty"`
	By       string `json:"by,omitempty"` // the agent who put it right
}

// Proposal is a remedy that the level may offer.
type Proposal struct {
	Remedy string `json:"remedy"`
	// Wanted is set where the customer asked for this very remedy.
	Wanted bool  `json:"wanted,omitempty"`
	UpTo   int64 `json:"up_to"` // mandate, in minor units; 0: no money involved
}

// Case is what the brief is made from.
type Case struct {
	Conversation chat.Conversation
	Visitor      chat.Visitor
	Handoff      chat.Handoff
	Mandates     []Mandate // in force; nil: DefaultMandates
	Said         []Line    // the visitor's messages, oldest first
	Matter       *Line     // as an agent put it right; nil: it is taken from what was said
	Facts        []Fact    // newest value wins
	Needed       []string  // facts that the topic asks for
	Signals      []Line    // signals found, with the message that shows each
	Answers      []Line    // what the bot answered
	Promises     []Line    // promises that are still open
	Mood, Trend  string
	MoodSeq      int64
}

// Summarise makes the brief, without a model.
func Summarise(c Case) Brief {
	b := Brief{
		Customer: c.Visitor.Name, Verified: c.Visitor.Verified, Language: c.Handoff.Language, Topic: c.Handoff.Topic,
		Reason: c.Handoff.Reason, Severity: c.Handoff.Severity, Level: c.Handoff.Level,
		Mood: c.Mood, Trend: c.Trend, MoodSeq: c.MoodSeq, Handovers: c.Conversation.Handovers, WordedBy: "facts",
		Matter: matter(c.Said), Facts: latest(c.Facts), Why: evidence(c.Handoff, c.Signals),
		Tried: clip(c.Answers, 5), Promised: append([]Line{}, c.Promises...), Missing: []string{},
	}
	if c.Matter != nil {
		b.Matter = *c.Matter
	}
	have := map[string]Fact{}
	for _, f := range b.Facts {
		have[f.Name] = f
	}
	for _, name := range c.Needed {
		if _, ok := have[name]; !ok {
			b.Missing = append(b.Missing, name)
		}
	}
	if b.Customer == "" {
		b.Customer = have["name"].Value
	}
	if t, ok := have["tried"]; ok {
		b.Tried = append(b.Tried, Line{Text: t.Value, Seq: t.Seq, Inferred: t.Inferred})
	}
	if w, ok := have[factWanted]; ok {
		b.Wanted = &Line{Text: w.Value, Seq: w.Seq, Inferred: w.Inferred, By: w.By}
	}
	if b.Mood == "calm" && slices.ContainsFunc(c.Signals, func(l Line) bool { return l.Signal == "angry" }) {
		b.Mood = "upset" // one quiet message does not undo an outburst
	}
	b.Proposals = propose(have[factWanted].Value, c.Handoff, c.Mandates)
	return b
}

// At gives the brief as another level reads it: with what that one may offer.
func (b Brief) At(level int, mandates []Mandate) Brief {
	wanted := ""
	if b.Wanted != nil {
		wanted = b.Wanted.Text
	}
	b.Level, b.Proposals = level, propose(wanted, chat.Handoff{Level: level, Topic: b.Topic}, mandates)
	return b
}

// matter takes the longest of the visitor's messages: the one that tells the story. It is the
// customer's own words, cut, never a paraphrase.
func matter(said []Line) Line {
	var best Line
	for _, l := range said {
		if len(l.Text) > len(best.Text) {
			best = l
		}
	}
	best.Text = cut(strings.Join(strings.Fields(best.Text), " "), MatterRunes)
	return best
}

func latest(facts []Fact) []Fact {
	out := []Fact{}
	at := map[string]int{}
	for _, f := range facts {
		if i, ok := at[f.Name]; ok {
			out[i] = f
			continue
		}
		at[f.Name] = len(out)
		out = append(out, f)
	}
	return out
}

func evidence(h chat.Handoff, signals []Line) []Line {
	out := []Line{}
	seen := map[string]bool{}
	for _, e := range h.Evidence {
		out = append(out, Line{Text: e.Quote, Seq: e.Seq, Signal: e.Signal})
		seen[e.Signal] = true
	}
	for _, s := range signals {
		if !seen[s.Signal] {
			out = append(out, s)
			seen[s.Signal] = true
		}
	}
	return out
}

func clip(lines []Line, most int) []Line {
	if len(lines) > most {
		lines = lines[len(lines)-most:]
	}
	out := []Line{}
	for _, l := range lines {
		l.Text = cut(l.Text, MatterRunes)
		out = append(out, l)
	}
	return out
}

func cut(s string, runes int) string {
	r := []rune(s)
	if len(r) <= runes {
		return s
	}
	return string(r[:runes-1]) + "…"
}

// Mood words the anger of a conversation: level from 0 to 1, trend its last change.
func Mood(level, trend float64) (mood, direction string) {
	mood, direction = "calm", "steady"
	switch {
	case level >= 0.6:
		mood = "angry"
	case level >= 0.25:
		mood = "upset"
	}
	switch {
	case trend >= 0.1:
		direction = "rising"
	case trend <= -0.1:
		direction = "falling"
	}
	return mood, direction
}
