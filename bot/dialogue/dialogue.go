package dialogue

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ombud/bot"
	"ombud/bot/script"
)

// Dialogue is one conversation with what is expected of the bot.
type Dialogue struct {
	ID    string `yaml:"id" json:"id"`
	Lang  string `yaml:"lang" json:"lang"`
	Why   string `yaml:"why" json:"why"`
	Turns []Turn `yaml:"turns" json:"turns"`
}

// Turn is one burst of the visitor and the decision expected after it.
type Turn struct {
	Visitor []string `yaml:"visitor" json:"visitor"`
	Expect  Expect   `yaml:"expect" json:"expect"`
}

// Expect lists what is allowed; an empty field allows everything.
type Expect struct {
	Action   []bot.Action `yaml:"action" json:"action"`
	Reason   []string     `yaml:"reason" json:"reason,omitempty"`
	Severity string       `yaml:"severity" json:"severity,omitempty"`
	Level    int          `yaml:"level" json:"level,omitempty"`
}

// Result is one turn, held against what was expected.
type Result struct {
	Dialogue string   `json:"dialogue"`
	Lang     string   `json:"lang"`
	Turn     int      `json:"turn"` // from 1
	Visitor  []string `json:"visitor"`
	Expect   Expect   `json:"expect"`
	Action   string   `json:"action"`
	Reason   string   `json:"reason,omitempty"`
	Severity string   `json:"severity,omitempty"`
	Level    int      `json:"level,omitempty"`
	Rule     string   `json:"rule,omitempty"`
	Said     []string `json:"said"`
	OK       bool     `json:"ok"`
	Wrong    []string `json:"wrong,omitempty"` // action, reason, severity, level
	// Decision is the whole of it, for whoever wants to know why.
	Decision bot.Decision `json:"decision"`
}

// Score counts the turns of one language, or of all.
type Score struct {
	Turns         int     `json:"turns"`
	AsExpected    int     `json:"as_expected"`
	Rate          float64 `json:"rate"` // AsExpected of Turns, 0 to 1
	Dialogues     int     `json:"dialogues"`
	WholeDialogue int     `json:"whole_dialogues"` // with every turn as expected
	// Missed counts turns where a handoff was expected and none came, Needless the reverse.
	Missed   int `json:"missed"`
	Needless int `json:"needless"`
}

// Report is the outcome of a run.
type Report struct {
	All       Score            `json:"all"`
	Languages map[string]Score `json:"languages"`
	Results   []Result         `json:"results"`
}

// Read reads a list of dialogues strictly: an unknown key is an error with its line.
func Read(file string, data []byte) ([]Dialogue, error) {
	var list []Dialogue
	if err := script.DecodeStrict(file, data, &list); err != nil {
		return nil, err
	}
	for _, d := range list {
		if d.ID == "" || len(d.Turns) == 0 {
			return nil, fmt.Errorf("read %s: dialogue %q has no id or no turns", file, d.ID)
		}
	}
	return list, nil
}

// Turner is the bot; *bot.Engine is one.
type Turner interface {
	Turn(ctx context.Context, in bot.TurnInput) (bot.TurnOutput, error)
}

// Run plays the dialogues. Somebody is on duty, and turns are a minute apart.
func Run(ctx context.Context, b Turner, list []Dialogue) (Report, error) {
	r := Report{Languages: map[string]Score{}}
	for _, d := range list {
		results, err := play(ctx, b, d)
		if err != nil {
			return Report{}, fmt.Errorf("run dialogue %s: %w", d.ID, err)
		}
		r.Results = append(r.Results, results...)
		score := r.Languages[d.Lang]
		score.add(results)
		r.Languages[d.Lang] = score
		r.All.add(results)
	}
	return r, nil
}

func play(ctx context.Context, b Turner, d Dialogue) ([]Result, error) {
	at := time.Date(2026, 3, 4, 10, 0, 0, 0, time.UTC)
	in := bot.TurnInput{Conversation: d.ID, SiteLanguage: d.Lang, Open: true}
	var results []Result
	for i, t := range d.Turns {
		in.Now, in.New = at.Add(time.Duration(i)*time.Minute), nil
		for _, text := range t.Visitor {
			in.New = append(in.New, bot.Line{Role: "visitor", Text: text, At: in.Now})
		}
		out, err := b.Turn(ctx, in)
		if err != nil {
			return nil, err
		}
		results = append(results, judge(d, i, t, out))
		in.Earlier = append(in.Earlier, in.New...)
		for _, u := range out.Say {
			in.Earlier = append(in.Earlier, bot.Line{Role: "bot", Text: u.Text, At: in.Now})
		}
		in.State, in.Language = out.State, out.Language
	}
	return results, nil
}

func judge(d Dialogue, i int, t Turn, out bot.TurnOutput) Result {
	dec := out.Decision
	r := Result{
		Dialogue: d.ID, Lang: d.Lang, Turn: i + 1, Visitor: t.Visitor, Expect: t.Expect, Decision: dec,
		Action: string(dec.Action), Reason: dec.Reason, Severity: dec.Severity, Level: dec.Level, Rule: dec.Rule,
	}
	for _, u := range out.Say {
		r.Said = append(r.Said, u.Text)
	}
	e := t.Expect
	wrong := func(what string, bad bool) {
		if bad {
			r.Wrong = append(r.Wrong, what)
		}
	}
	wrong("action", len(e.Action) > 0 && !slices.Contains(e.Action, dec.Action))
	if dec.Action == bot.Handoff {
		wrong("reason", len(e.Reason) > 0 && !slices.Contains(e.Reason, dec.Reason))
		wrong("severity", e.Severity != "" && e.Severity != dec.Severity)
		wrong("level", e.Level != 0 && e.Level != dec.Level)
	}
	r.OK = len(r.Wrong) == 0
	return r
}

func (s *Score) add(results []Result) {
	whole := true
	for _, r := range results {
		s.Turns++
		if r.OK {
			s.AsExpected++
		}
		whole = whole && r.OK
		wanted, got := slices.Contains(r.Expect.Action, bot.Handoff), r.Action == string(bot.Handoff)
		if wanted && !got {
			s.Missed++
		}
		if got && !wanted {
			s.Needless++
		}
	}
	s.Dialogues++
	if whole {
		s.WholeDialogue++
	}
	s.Rate = float64(s.AsExpected) / float64(s.Turns)
}
