package dialogue

import (
	"context"
	"os"
	"strings"
	"testing"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/bot/script"
)

func TestDialoguesOfTheSharedSet(t *testing.T) {
	data, err := os.ReadFile("../../../shared/data/dialogue/dialogues.yaml")
	if err != nil {
		t.Skip("the shared set is not here")
	}
	if testing.Short() {
		t.Skip("training takes seconds")
	}
	list, err := Read("dialogues.yaml", data)
	if err != nil {
		t.Fatal(err)
	}
	s, err := script.Default()
	if err != nil {
		t.Fatal(err)
	}
	m, err := nlu.Train(s.Examples, nlu.Options{})
	if err != nil {
		t.Fatal(err)
	}
	e, err := bot.New(bot.Options{Script: s, Understanding: m, Policy: bot.DefaultPolicy()})
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), e, list)
	if err != nil {
		t.Fatal(err)
	}
	for lang, score := range r.Languages {
		t.Logf("%s: %d of %d turns as expected", lang, score.AsExpected, score.Turns)
		if score.Rate < 0.85 {
			t.Errorf("%s: only %d of %d turns are as expected", lang, score.AsExpected, score.Turns)
		}
	}
	for _, x := range r.Results {
		if !x.OK {
			t.Logf("%s, turn %d: %q: want %v %v, got %s %s by %s", x.Dialogue, x.Turn, x.Visitor, x.Expect.Action, x.Expect.Reason, x.Action, x.Reason, x.Rule)
		}
	}
}

// parrot decides what it is told to: the first message of a turn is the action.
type parrot struct{}

func (parrot) Turn(_ context.Context, in bot.TurnInput) (bot.TurnOutput, error) {
	d := bot.Decision{Action: bot.Action(in.New[0].Text)}
	if d.Action == bot.Handoff {
		d.Reason, d.Severity, d.Level = in.New[1].Text, "low", 1
	}
	return bot.TurnOutput{Decision: d, Say: []bot.Utterance{{Text: "…"}}}, nil
}

func TestScoresTellMissedFromNeedless(t *testing.T) {
	list, err := Read("test.yaml", []byte(`
- id: a
  lang: en
  why: two right, then a handoff for another reason
  turns:
    - {visitor: [answer], expect: {action: [answer, clarify]}}
    - {visitor: [handoff, anger], expect: {action: [handoff], reason: [anger], severity: low, level: 1}}
    - {visitor: [handoff, danger], expect: {action: [handoff], reason: [anger], level: 3}}
- id: b
  lang: hu
  why: one missed, one needless
  turns:
    - {visitor: [answer], expect: {action: [handoff]}}
    - {visitor: [handoff, danger], expect: {action: [answer]}}
`))
	if err != nil {
		t.Fatal(err)
	}
	r, err := Run(context.Background(), parrot{}, list)
	if err != nil {
		t.Fatal(err)
	}
	en, hu := r.Languages["en"], r.Languages["hu"]
	if en.AsExpected != 2 || en.Turns != 3 || en.Missed != 0 || en.Needless != 0 {
		t.Errorf("en: %+v", en)
	}
	if hu.AsExpected != 0 || hu.Missed != 1 || hu.Needless != 1 || r.All.Turns != 5 || r.All.WholeDialogue != 0 {
		t.Errorf("hu: %+v, all %+v", hu, r.All)
	}
	if got := r.Results[2].Wrong; len(got) != 2 || got[0] != "reason" || got[1] != "level" {
		t.Errorf("wrong %v", got)
	}
}

func TestReadRefusesAnUnknownKey(t *testing.T) {
	_, err := Read("test.yaml", []byte("- id: a\n  lang: en\n  mood: bad\n"))
	if err == nil || !strings.Contains(err.Error(), "test.yaml:3") {
		t.Errorf("got %v", err)
	}
}
