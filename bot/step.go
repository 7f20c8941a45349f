package bot

import (
	"maps"
	"slices"
	"strings"

	"ombud/bot/nlu"
)

// Decision is what the bot does in one turn, and why.
type Decision struct {
	Action   Action     `json:"action"`
	Reason   string     `json:"reason,omitempty"` // reason code of a handoff
	Rule     string     `json:"rule,omitempty"`   // the rule that fired; "" for the bot's usual moves
	Topic    string     `json:"topic,omitempty"`
	Severity string     `json:"severity,omitempty"` // of a handoff: low, medium, high or critical
	Level    int        `json:"level,omitempty"`    // of a handoff: 1 to 4
	Skill    string     `json:"skill,omitempty"`
	Language string     `json:"language"`
	Evidence []Evidence `json:"evidence,omitempty"`
	Say      []Say      `json:"say,omitempty"`
	// Ask is the fact that the bot asks for, "" if it asks for none.
	Ask string `json:"ask,omitempty"`
	// Rules lists what fired first and then what nearly did, nearest first.
	Rules   []RuleResult `json:"rules,omitempty"`
	Emotion Emotion      `json:"emotion"`
	// Cites are the passages of articles that a model's draft rests on, if one was said: for the staff to check.
	Cites []Cite `json:"cites,omitempty"`
	Turn  *Turn  `json:"turn,omitempty"` // what Step read besides the assessment: for a replay
}

// Say is one text to be said: a key of the script and what fills its placeholders. Neighbours of the same
// Part become one message.
type Say struct {
	Key  string            `json:"key"`
	N    int               `json:"n,omitempty"` // which wording
	Args map[string]string `json:"args,omitempty"`
	Part string            `json:"part"`
}

// Evidence points to what a decision rests on.
type Evidence struct {
	Signal nlu.Signal `json:"signal,omitempty"`
	Quote  string     `json:"quote,omitempty"`
	Value  float64    `json:"value,omitempty"`
}

// RuleResult is one rule's part in a decision. Margin is value minus bar: negative if it missed.
type RuleResult struct {
	Rule   string  `json:"rule"`
	Value  float64 `json:"value"`
	Bar    float64 `json:"bar"`
	Margin float64 `json:"margin"`
	Fired  bool    `json:"fired,omitempty"`
}

// Emotion is the visitor's anger after the turn.
type Emotion struct {
	Level float64 `json:"level"` // 0 to 1, over the turns
	Trend float64 `json:"trend"` // change since the turn before
	Now   float64 `json:"now"`   // in this turn alone
}

// Step decides one turn. It is pure: no clock, no input, no randomness; the same arguments give the same
// answer, which is what a replay rests on. The policy must be valid and in.Script must be set.
func Step(p Policy, s State, in Turn) (State, Decision) {
	return step(newPlan(p, in.Script), s, in)
}

func step(pl *plan, s State, in Turn) (State, Decision) {
	s = s.clone()
	s.Language = converse(pl, s.Language, &in)
	s.topic = in.Script.TopicIndex(s.Topic)
	s.learn(in.Assessment.Facts)
	in.Offered = s.Offered
	f := in.features(s.Language)
	fr := newFrame(pl, &s.Counters, &f)
	v := decide(&fr)
	before := s.Counters
	fr.s = &before
	after := advance(&fr, v)
	w := &writer{pl: pl, in: &in, fr: &fr, v: v, s: &s}
	s.Counters = after
	if fr.confident && !fr.small {
		s.Topic = in.Script.Topics[fr.topic].ID
	}
	d := Decision{
		Action: v.action, Topic: s.Topic, Language: s.Language,
		Emotion: Emotion{Level: after.Anger, Trend: after.Trend, Now: in.Assessment.Strength(nlu.Angry)},
	}
	if v.rule >= 0 {
		d.Rule, d.Reason = rules[v.rule].name, rules[v.rule].reason
	}
	if v.action == Handoff {
		w.route(&d)
	}
	d.Evidence, d.Rules = evidence(&fr, v, in.Assessment), results(&fr, v)
	w.compose(&d)
	s.remember(in, d)
	stored := in
	d.Turn = &stored
	return s, d
}

// clone copies what a step changes.
func (s State) clone() State {
	s.Facts = slices.Clone(s.Facts)
	s.Asked, s.Used = maps.Clone(s.Asked), maps.Clone(s.Used)
	s.Earlier = slices.Clone(s.Earlier)
	return s
}

// converse gives the language the conversation goes on in: the one it is in, unless the visitor plainly
// writes another one that the script speaks.
func converse(pl *plan, current string, in *Turn) string {
	a := in.Assessment
	if current == "" || !in.Script.Speaks(current) {
		current = in.Site
		if !in.Script.Speaks(current) {
			current = in.Script.Fallback
		}
	}
	if in.Script.Speaks(a.Language) && a.LanguageSure >= pl.SwitchLanguageAt {
		return a.Language
	}
	return current
}

// learn takes facts over; what is said beats what is inferred, and the latest beats the earlier.
func (s *State) learn(facts []nlu.Fact) {
	for _, f := range facts {
		i := slices.IndexFunc(s.Facts, func(x nlu.Fact) bool { return x.Name == f.Name })
		switch {
		case i < 0:
			s.Facts = append(s.Facts, f)
		case !f.Inferred || s.Facts[i].Inferred:
			s.Facts[i] = f
		}
	}
}

func (s *State) fact(name string) string {
	for _, f := range s.Facts {
		if f.Name == name {
			return f.Value
		}
	}
	return ""
}

// remember keeps what the next turn needs to know of this one.
func (s *State) remember(in Turn, d Decision) {
	s.Pending = d.Ask
	if d.Ask != "" {
		if s.Asked == nil {
			s.Asked = map[string]int{}
		}
		s.Asked[d.Ask]++
	}
	if len(in.Words) > 0 {
		s.Earlier = append(s.Earlier, in.Words)
		if n := len(s.Earlier); n > keepTurns {
			s.Earlier = s.Earlier[n-keepTurns:]
		}
	}
	s.Confirming, s.Offered = false, false
	for _, x := range d.Say {
		if s.Used == nil {
			s.Used = map[string]int{}
		}
		s.Used[x.Key]++
		if t, ok := in.Script.Topic(d.Topic); ok && t.NextOffers && x.Key == "topic."+t.ID+".next" {
			s.Offered = true
		}
		switch x.Key {
		case "apology":
			s.Apologised = true
		case "thanks_named", "greeting_named":
			s.NameUsed = true
		case "offer.person":
			s.Offered = true
		case "say_back":
			s.SaidBack, s.Confirming = true, true
		}
	}
}

// evidence names the signals that showed, and for a rule of its own, the words behind it.
func evidence(fr *frame, v verdict, a nlu.Assessment) []Evidence {
	var out []Evidence
	for _, x := range a.Signals {
		i := slices.Index(nlu.Signals, x.Signal)
		if i >= 0 && fr.p.shows(fr.f, i) {
			out = append(out, Evidence{Signal: x.Signal, Quote: x.Evidence, Value: x.Strength})
		}
	}
	if v.rule < 0 {
		return out
	}
	switch rules[v.rule].reason {
	case ReasonLanguage:
		out = append(out, Evidence{Signal: nlu.UnknownLanguage, Quote: a.Language, Value: a.LanguageSure})
	case ReasonRepeated:
		out = append(out, Evidence{Signal: nlu.Repeated, Value: float64(fr.s.Repeated + 1)})
	case ReasonTooLong:
		out = append(out, Evidence{Signal: nlu.TooLong, Value: float64(fr.s.Turns)})
	}
	// What the deciding rule rests on comes first.
	if sig := rules[v.rule].signal; sig >= 0 {
		slices.SortStableFunc(out, func(x, y Evidence) int {
			return b2i(y.Signal == nlu.Signals[sig]) - b2i(x.Signal == nlu.Signals[sig])
		})
	}
	return out
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// near is the share of its bar from which a rule nearly fired.
const near = 0.5

// results lists the rule that fired and those that nearly did.
func results(fr *frame, v verdict) []RuleResult {
	var out []RuleResult
	if fr.s.HandedOff {
		return nil
	}
	for i := range rules {
		value, bar, fires := rules[i].test(fr)
		fired := i == v.rule
		if !fired && (value <= 0 || value < near*bar) {
			continue
		}
		if !fired && !fires && value >= bar {
			continue
		}
		out = append(out, RuleResult{Rule: rules[i].name, Value: value, Bar: bar, Margin: value - bar, Fired: fired})
	}
	slices.SortStableFunc(out, func(x, y RuleResult) int {
		if x.Fired != y.Fired {
			return b2i(y.Fired) - b2i(x.Fired)
		}
		switch {
		case x.Margin > y.Margin:
			return -1
		case x.Margin < y.Margin:
			return 1
		}
		return strings.Compare(x.Rule, y.Rule)
	})
	return out
}
