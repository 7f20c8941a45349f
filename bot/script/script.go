package script

import (
	"slices"
	"strings"

	"ombud/bot/nlu"
)

// Script is a whole script, loaded and checked. It is read-only and safe for many goroutines.
type Script struct {
	Languages []string // ISO 639-1, in the author's order
	Fallback  string   // the language for visitors who speak none of them
	Topics    []Topic
	Facts     []Fact
	Quick     []string // ids of the taps
	Examples  []nlu.Example

	texts     map[string]map[string]text // language, then key
	forbidden map[string][]phrase        // by language
	sources   []source                   // where each example stands, beside Examples
	topics    map[string]int
	facts     map[string]int
	lines     lines // of script.yaml
	patterns  []pattern
}

// Topic is one matter that the bot can talk about.
type Topic struct {
	ID    string `yaml:"id" json:"id"`
	Skill string `yaml:"skill" json:"skill,omitempty"` // who takes it over; "" for anybody
	// SmallTalk marks greetings and the like: they do not count as turns.
	SmallTalk bool `yaml:"small_talk" json:"small_talk,omitempty"`
	// Trouble marks topics that people come with when something went wrong: the feeling is acknowledged first.
	Trouble bool `yaml:"trouble" json:"trouble,omitempty"`
	// FaultAtOnce hands a plain fault of the company over without the one question that others get.
	FaultAtOnce bool `yaml:"fault_at_once" json:"fault_at_once,omitempty"`
	// NextOffers says that the topic's next step offers a person, so that a yes to it asks for one.
	NextOffers   bool     `yaml:"next_offers" json:"next_offers,omitempty"`
	Answers      []Answer `yaml:"answers" json:"answers"`
	Ask          []Ask    `yaml:"ask" json:"ask,omitempty"`
	QuickReplies []string `yaml:"quick_replies" json:"quick_replies,omitempty"`
}

// Answer is one answer and when it fits. The first that fits is taken.
type Answer struct {
	Text string    `yaml:"text" json:"text"` // topic.<id>.<text> in the texts
	When Condition `yaml:"when" json:"when,omitzero"`
}

// Condition holds if all its parts hold; the empty one always does.
type Condition struct {
	Known   []string `yaml:"known" json:"known,omitempty"`     // facts that are known
	Missing []string `yaml:"missing" json:"missing,omitempty"` // facts that are not known
	Open    *bool    `yaml:"open" json:"open,omitempty"`       // whether anybody is on duty
}

// Ask is one fact to ask for.
type Ask struct {
	Fact   string   `yaml:"fact" json:"fact"`
	Unless []string `yaml:"unless" json:"unless,omitempty"` // not asked if any of these is known
}

// Fact is something that a visitor can be asked for.
type Fact struct {
	ID   string `yaml:"id" json:"id"`
	Kind string `yaml:"kind" json:"kind"` // name, contact, number, text, date or outcome
	// Pattern is what a number or a text of this shop looks like, as a regular expression (RE2) that the
	// whole value fits, in any case: "WS-[0-9]{6}". It is recognised wherever it is said, and when it is asked
	// for nothing else is taken. "" takes what the kind takes.
	Pattern string `yaml:"pattern" json:"pattern,omitempty"`
}

type text struct {
	variants []string
	line     int
}

type source struct {
	file string
	line int
}

// Topic finds a topic by its id.
func (s *Script) Topic(id string) (Topic, bool) {
	i, ok := s.topics[id]
	if !ok {
		return Topic{}, false
	}
	return s.Topics[i], true
}

// TopicIndex gives the place of a topic in Topics, -1 if there is none of this id.
func (s *Script) TopicIndex(id string) int {
	if i, ok := s.topics[id]; ok {
		return i
	}
	return -1
}

// FactKind gives the kind of a fact, "" if it is not in the script.
func (s *Script) FactKind(id string) string {
	if i, ok := s.facts[id]; ok {
		return s.Facts[i].Kind
	}
	return ""
}

// FactPattern gives the regular expression of a fact, "" if it has none of its own.
func (s *Script) FactPattern(id string) string {
	if i, ok := s.facts[id]; ok {
		return s.Facts[i].Pattern
	}
	return ""
}

// Speaks reports whether the script has texts in a language.
func (s *Script) Speaks(language string) bool { return s.texts[language] != nil }

// Variants counts the wordings of a text in a language, 0 if it has none.
func (s *Script) Variants(key, language string) int { return len(s.texts[language][key].variants) }

// Wordings lists the wordings of a text in a language as they are written, none if it has none.
func (s *Script) Wordings(key, language string) []string {
	return slices.Clone(s.texts[language][key].variants)
}

// Line tells where a text stands in the file of its language, from 1; 0 if it is not there.
func (s *Script) Line(key, language string) int { return s.texts[language][key].line }

// Text words a key in a language; n picks the variant, modulo their number. A language that the script
// lacks falls back to Fallback; a key that it lacks gives "". Placeholders {x} are filled from args.
func (s *Script) Text(key, language string, n int, args map[string]string) string {
	t, ok := s.texts[language][key]
	if !ok {
		t = s.texts[s.Fallback][key]
	}
	if len(t.variants) == 0 {
		return ""
	}
	if n < 0 {
		n = -n
	}
	return fill(t.variants[n%len(t.variants)], args)
}

// fill replaces {name} by its argument in one pass, so that an argument's own braces stay as they are.
func fill(s string, args map[string]string) string {
	if !strings.Contains(s, "{") {
		return s
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(s, '{')
		j := strings.IndexByte(s, '}')
		if i < 0 || j < i {
			b.WriteString(s)
			return b.String()
		}
		b.WriteString(s[:i])
		b.WriteString(args[s[i+1:j]])
		s = s[j+1:]
	}
}

// Holds reports whether a condition holds, given which facts are known and whether anybody is on duty.
func (c Condition) Holds(known func(string) bool, open bool) bool {
	for _, f := range c.Known {
		if !known(f) {
			return false
		}
	}
	for _, f := range c.Missing {
		if known(f) {
			return false
		}
	}
	return c.Open == nil || *c.Open == open
}

// Always reports whether a condition holds whatever is known.
func (c Condition) Always() bool {
	return len(c.Known) == 0 && len(c.Missing) == 0 && c.Open == nil
}

// Answer gives the text key of the first answer that fits, "" if none does.
func (t Topic) Answer(known func(string) bool, open bool) string {
	for _, a := range t.Answers {
		if a.When.Holds(known, open) {
			return "topic." + t.ID + "." + a.Text
		}
	}
	return ""
}

// NextAsk gives the first fact of the topic that is still to be asked, "" if none is. skip names facts
// that are not to be asked again.
func (t Topic) NextAsk(known, skip func(string) bool) string {
	for _, a := range t.Ask {
		if known(a.Fact) || skip(a.Fact) || anyOf(a.Unless, known) {
			continue
		}
		return a.Fact
	}
	return ""
}

func anyOf(xs []string, f func(string) bool) bool {
	for _, x := range xs {
		if f(x) {
			return true
		}
	}
	return false
}
