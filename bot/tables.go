package bot

import (
	"maps"
	"slices"
	"strings"

	"ombud/bot/nlu"
	"ombud/bot/script"
)

// Tables describes the tables of a policy for the page that edits them. The single values of a table are Fields of
// their own, with a key like signals.angry.at, and can be swept like others.
type Tables struct {
	Signals []SignalField `json:"signals"`
	Reasons []string      `json:"reasons"` // codes of a handoff, in the order in which rules are tried
	// Severities from low to critical, and Levels from agent to executive.
	Severities []string `json:"severities"`
	Levels     []int    `json:"levels"`
	// Override lists what a language or a topic can have of its own; a key is that of the last part of the path,
	// and 0 leaves the general value. Skill, which is a name, is not among them.
	Override  []Field  `json:"override"`
	Languages []string `json:"languages"` // of the live script
	Topics    []string `json:"topics"`
	Skills    []string `json:"skills"` // that topics send to
}

// SignalField describes one signal's row.
type SignalField struct {
	Key string `json:"key"`
	// Must says that the signal cannot be switched off: a person is always within reach.
	Must bool `json:"must"`
	// Max is the highest threshold that the signal may have; 0 stands for the one that it was trained with.
	Max float64 `json:"max"`
}

// PolicyTables describes the tables of a policy over a script.
func PolicyTables(s *script.Script) Tables {
	t := Tables{
		Reasons: slices.Clone(script.Reasons), Severities: slices.Clone(severities), Levels: []int{1, 2, 3, 4},
		Override: overrideFields, Languages: slices.Clone(s.Languages), Topics: []string{}, Skills: []string{},
	}
	for _, sig := range nlu.Signals {
		t.Signals = append(t.Signals, SignalField{Key: string(sig), Must: slices.Contains(undeniable, sig), Max: highestAt(sig)})
	}
	for _, topic := range s.Topics {
		t.Topics = append(t.Topics, topic.ID)
		if topic.Skill != "" && !slices.Contains(t.Skills, topic.Skill) {
			t.Skills = append(t.Skills, topic.Skill)
		}
	}
	slices.Sort(t.Skills)
	return t
}

func highestAt(sig nlu.Signal) float64 {
	if sig == nlu.Danger {
		return maxDangerAt
	}
	return 1
}

// overrideFields are the numbers that a language or a topic can have of its own.
var overrideFields = []Field{
	{Key: "answer_at", Kind: "probability", Unit: "probability", Max: 1, Help: "At or above this confidence the bot answers here.", Sweep: true},
	{Key: "clarify_at", Kind: "probability", Unit: "probability", Max: 1, Help: "From this confidence the bot asks once here.", Sweep: true},
	{Key: "misses", Kind: "count", Unit: "turns", Max: 10, Help: "So many misses in a row hand over here.", Sweep: true},
	{Key: "max_turns", Kind: "count", Unit: "turns", Max: 50, Help: "So many turns the bot takes here.", Sweep: true},
	{Key: "level", Kind: "count", Unit: "level", Max: 4, Help: "A handoff goes at least to this level."},
}

// ofSignal marks the field of a signal's threshold.
const ofSignal = "signal"

// number gives one of an override's numbers.
func (o *Override) number(key string) float64 {
	switch key {
	case "answer_at":
		return o.AnswerAt
	case "clarify_at":
		return o.ClarifyAt
	case "misses":
		return float64(o.Misses)
	case "max_turns":
		return float64(o.MaxTurns)
	}
	return float64(o.Level)
}

// put sets one of an override's numbers, rounded where it counts things.
func (o *Override) put(key string, v float64) {
	switch n := int(v + 0.5); key {
	case "answer_at":
		o.AnswerAt = v
	case "clarify_at":
		o.ClarifyAt = v
	case "misses":
		o.Misses = n
	case "max_turns":
		o.MaxTurns = n
	case "level":
		o.Level = n
	}
}

// tableField finds the field of a value in a table: signals.SIGNAL.at, languages.LANGUAGE.KEY or topics.TOPIC.KEY.
func tableField(path string) (Field, bool) {
	table, rest, _ := strings.Cut(path, ".")
	row, key, _ := strings.Cut(rest, ".")
	switch sig := nlu.Signal(row); {
	case row == "":
	case table == "signals" && key == "at" && slices.Contains(nlu.Signals, sig):
		return signalField(path, sig), true
	case table == "languages":
		return overrideField(path, row, key, func(p *Policy) *map[string]Override { return &p.Languages })
	case table == "topics":
		return overrideField(path, row, key, func(p *Policy) *map[string]Override { return &p.Topics })
	}
	return Field{}, false
}

func signalField(path string, sig nlu.Signal) Field {
	f := Field{Key: path, Kind: "probability", Unit: "probability", Max: highestAt(sig), Sweep: true, of: ofSignal, signal: slices.Index(nlu.Signals, sig)}
	f.get = func(p *Policy) float64 { return p.Signals[sig].At }
	f.put = func(p *Policy, v float64) {
		r := p.Signals[sig]
		r.At = v
		p.Signals = with(p.Signals, sig, r)
	}
	return f
}

func overrideField(path, row, key string, table func(*Policy) *map[string]Override) (Field, bool) {
	i := slices.IndexFunc(overrideFields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	f := overrideFields[i]
	f.Key, f.of = path, key
	f.get = func(p *Policy) float64 {
		o := (*table(p))[row]
		return o.number(key)
	}
	f.put = func(p *Policy, v float64) {
		o := (*table(p))[row]
		o.put(key, v)
		*table(p) = with(*table(p), row, o)
	}
	return f, true
}

// with gives a copy of a table with one row changed: other policies may share the table.
func with[K comparable, V any](m map[K]V, key K, v V) map[K]V {
	out := maps.Clone(m)
	if out == nil {
		out = map[K]V{}
	}
	out[key] = v
	return out
}
