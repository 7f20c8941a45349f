package bot

import (
	"context"
	"errors"
	"reflect"
	"slices"
	"testing"

	"ombud/bot/nlu"
	"ombud/bot/script"
)

// TestASweepOfATableIsWhatAReplayAtEachPointSays holds sweeps over signals' thresholds and overrides to full replays.
func TestASweepOfATableIsWhatAReplayAtEachPointSays(t *testing.T) {
	rec, _ := record(t, DefaultPolicy(), 5, 300)
	topic := shippedScript(t).Topics[0].ID
	paths := []string{"signals.angry.at", "signals.danger.at", "signals.wants_human.at", "signals.resolved.at", "languages.en.answer_at",
		"languages.en.misses", "topics." + topic + ".clarify_at", "topics." + topic + ".max_turns"}
	moved := 0
	for _, path := range paths {
		f, ok := fieldByKey(path)
		if !ok {
			t.Fatalf("no field %s", path)
		}
		points, err := Sweep(context.Background(), rec, DefaultPolicy(), path, 21)
		if err != nil {
			t.Fatal(err)
		}
		for _, pt := range points {
			p := DefaultPolicy()
			f.set(&p, pt.Value)
			if f.value(&p) != pt.Value || !pt.Valid {
				t.Fatalf("%s at %v: holds %v, valid %v", path, pt.Value, f.value(&p), pt.Valid)
			}
			want, err := Replay(context.Background(), rec, p, ReplayOptions{})
			if err != nil {
				t.Fatal(err)
			}
			pt.AgentMinutes = want.Replayed.AgentMinutes // summed in another order
			if pt.Tally != want.Replayed {
				t.Fatalf("%s at %v: %+v, a replay says %+v", path, pt.Value, pt.Tally, want.Replayed)
			}
			moved += b2i(want.Replayed.Same < 300)
		}
	}
	if moved < 20 {
		t.Errorf("only %d points change anything", moved)
	}
	if len(DefaultPolicy().Topics) != 0 || DefaultPolicy().Signals[nlu.Angry].At != defaultAt[nlu.Angry] {
		t.Error("a sweep changed the tables that policies share")
	}
	for _, path := range []string{"signals.bored.at", "signals.angry.off", "topics." + topic + ".level", "topics." + topic, "reasons.anger.level"} {
		if _, err := Sweep(context.Background(), rec, DefaultPolicy(), path, 21); err == nil {
			t.Errorf("%s was swept", path)
		}
	}
}

// TestAHandoffThatGoesElsewhereIsTold changes where one reason goes to, and nothing about when.
func TestAHandoffThatGoesElsewhereIsTold(t *testing.T) {
	rec, list := record(t, DefaultPolicy(), 6, 400)
	p := DefaultPolicy()
	p.Reasons[ReasonHuman] = Route{Severity: "critical", Level: 2, Skill: "vip"}
	got, err := Replay(context.Background(), rec, p, ReplayOptions{Changes: 400})
	if err != nil {
		t.Fatal(err)
	}
	want := 0
	for _, c := range list {
		i := slices.IndexFunc(c.Turns, func(t RecordedTurn) bool { return t.Decision.Action == Handoff })
		want += b2i(i >= 0 && c.Turns[i].Decision.Reason == ReasonHuman)
	}
	if want == 0 || got.Replayed.Elsewhere != want || got.Replayed.Same != 400 || len(got.Changes) != want {
		t.Fatalf("%d of %d go elsewhere, %d same, %d listed", got.Replayed.Elsewhere, want, got.Replayed.Same, len(got.Changes))
	}
	for _, c := range got.Changes {
		if c.Kind != "elsewhere" || c.NowTo.Severity != "critical" || c.NowTo.Level < 2 || c.NowTo.Skill != "vip" || c.WasTo.Skill == "vip" {
			t.Fatalf("%+v: was %+v, now %+v", c, c.WasTo, c.NowTo)
		}
	}
	// What is decided otherwise is listed before what only goes elsewhere.
	p.Misses = 1
	if got, err = Replay(context.Background(), rec, p, ReplayOptions{Changes: 5}); err != nil || len(got.Changes) != 5 || got.Changes[0].Kind == "elsewhere" {
		t.Errorf("%v, %+v", err, got.Changes)
	}
}

func TestWhatIsWrongNamesItsValue(t *testing.T) {
	p := DefaultPolicy()
	p.Signals[nlu.Danger] = SignalRule{Off: true, At: 0.9}
	p.Reasons[ReasonAnger] = Route{Severity: "awful", Level: 7}
	p.Topics = map[string]Override{"order_status": {AnswerAt: 2, Misses: 11}}
	var found script.Findings
	if !errors.As(p.Validate(), &found) {
		t.Fatal("it validates")
	}
	var fields []string
	for _, f := range found {
		fields = append(fields, f.Field)
	}
	want := []string{"signals.danger.at", "signals.danger.off", "reasons.anger.severity", "reasons.anger.level", "topics.order_status.answer_at", "topics.order_status.misses"}
	if !reflect.DeepEqual(fields, want) {
		t.Errorf("got %v", fields)
	}
}

func TestTablesSayWhatCannotBeSwitchedOff(t *testing.T) {
	tables := PolicyTables(shippedScript(t))
	for _, s := range tables.Signals {
		p := DefaultPolicy()
		p.Signals[nlu.Signal(s.Key)] = SignalRule{Off: true}
		if (p.Validate() != nil) != s.Must {
			t.Errorf("%s: must %v", s.Key, s.Must)
		}
		p.Signals[nlu.Signal(s.Key)] = SignalRule{At: s.Max}
		if err := p.Validate(); err != nil {
			t.Errorf("%s at its greatest: %v", s.Key, err)
		}
	}
	if len(tables.Signals) != signalCount || len(tables.Topics) < 10 || len(tables.Languages) != 5 || len(tables.Skills) < 5 {
		t.Errorf("%+v", tables)
	}
}
