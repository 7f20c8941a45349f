package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"ombud/bot/nlu"
	"ombud/bot/script"
)

// randomTurn makes an assessment as conversations hold them: mostly a topic, sometimes a signal.
func randomTurn(r *rand.Rand, s *script.Script) Turn {
	a := nlu.Assessment{Language: "en", LanguageSure: 0.9, OutOfScope: r.Float64() * r.Float64()}
	first := r.Float64()
	a.Topics = []nlu.TopicScore{
		{Topic: s.Topics[r.IntN(len(s.Topics))].ID, Confidence: first},
		{Topic: s.Topics[r.IntN(len(s.Topics))].ID, Confidence: (1 - first) * r.Float64()},
	}
	for _, sig := range nlu.Signals {
		if r.IntN(9) == 0 {
			v := r.Float64()
			a.Signals = append(a.Signals, nlu.SignalScore{Signal: sig, Strength: v, Found: v > 0.4})
		}
	}
	if r.IntN(20) == 0 {
		a.Language = "de"
	}
	if r.IntN(4) == 0 {
		a.Facts = []nlu.Fact{{Name: "order_number", Value: "71882"}}
	}
	return Turn{At: noon, Assessment: a, Repeats: r.IntN(8) == 0, Questions: r.IntN(10), AsksWho: r.IntN(15) == 0,
		Corrects: r.IntN(15) == 0, SaysAgain: r.IntN(10) == 0, Vague: r.IntN(12) == 0, Site: "en", Open: true, Script: s}
}

// record plays conversations under a policy, through JSON as storage does, and gives the recording.
func record(t testing.TB, p Policy, seed uint64, n int) (*Recording, []RecordedConversation) {
	t.Helper()
	s := shippedScript(t)
	r := rand.New(rand.NewPCG(seed, 1))
	var list []RecordedConversation
	for i := range n {
		c := RecordedConversation{ID: fmt.Sprint(i)}
		var state State
		returned := false
		for range 1 + r.IntN(7) {
			in := randomTurn(r, s)
			var d Decision
			state, d = Step(p, state, in)
			c.Turns = append(c.Turns, throughJSON(t, in, d, returned))
			returned = false
			if d.Action == Handoff {
				break
			}
			if r.IntN(12) == 0 {
				state, returned = state.Returned(p), true
			}
		}
		c.Outcome = Outcome{Label: []string{"", "too_late", "not_needed", "right_time"}[r.IntN(4)], Rating: r.IntN(6), CameBack: r.IntN(9) == 0, AgentMinutes: float64(r.IntN(20))}
		list = append(list, c)
	}
	return Record(s, list), list
}

func throughJSON(t testing.TB, in Turn, d Decision, returned bool) RecordedTurn {
	t.Helper()
	a, err := json.Marshal(in.Assessment)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	rt, err := ReadTurn(a, b)
	if err != nil {
		t.Fatal(err)
	}
	rt.Returned = returned
	return rt
}

func TestReplayOfTheSamePolicyAgreesOnEveryTurn(t *testing.T) {
	rec, _ := record(t, DefaultPolicy(), 1, 3000)
	got, err := Replay(context.Background(), rec, DefaultPolicy(), ReplayOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got.Replayed.Same != 3000 || len(got.Changes) != 0 || got.Replayed.Elsewhere != 0 {
		t.Fatalf("%d of 3000 the same, first change %+v", got.Replayed.Same, got.Changes[0])
	}
	if got.Recorded.HandedOver == 0 || got.Recorded.HandedOver != got.Replayed.HandedOver || got.RateLow != got.RateHigh {
		t.Errorf("recorded %+v, replayed %+v", got.Recorded, got.Replayed)
	}
}

func TestSweepIsWhatAReplayAtEachPointSays(t *testing.T) {
	rec, _ := record(t, DefaultPolicy(), 2, 400)
	for _, f := range PolicyFields() {
		if !f.Sweep {
			continue
		}
		points, err := Sweep(context.Background(), rec, DefaultPolicy(), f.Key, 21)
		if err != nil {
			t.Fatal(err)
		}
		for _, pt := range points {
			p := DefaultPolicy()
			f.set(&p, pt.Value)
			if !pt.Valid {
				continue
			}
			want, err := Replay(context.Background(), rec, p, ReplayOptions{})
			if err != nil {
				t.Fatal(err)
			}
			diff := pt.AgentMinutes - want.Replayed.AgentMinutes
			pt.AgentMinutes = want.Replayed.AgentMinutes
			if pt.Tally != want.Replayed || diff > 1e-6 || diff < -1e-6 {
				t.Errorf("%s at %v: sweep %+v, replay %+v", f.Key, pt.Value, pt.Tally, want.Replayed)
			}
		}
	}
}

func TestASweepOfTheMemoryOfAngerSeesItRise(t *testing.T) {
	p := DefaultPolicy()
	p.AngerRisingTurns, p.AngerOutbursts, p.AngerLevelAt = 2, 10, 0.9
	rec, _ := record(t, p, 4, 2000)
	points, err := Sweep(context.Background(), rec, p, "anger_memory", 21)
	if err != nil {
		t.Fatal(err)
	}
	same := map[int]bool{}
	for _, pt := range points {
		q := p
		q.AngerMemory = pt.Value
		if !pt.Valid {
			continue
		}
		want, err := Replay(context.Background(), rec, q, ReplayOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if pt.Same != want.Replayed.Same || pt.HandedOver != want.Replayed.HandedOver {
			t.Errorf("at %v: sweep %+v, replay %+v", pt.Value, pt.Tally, want.Replayed)
		}
		same[pt.Same] = true
	}
	if len(same) < 3 {
		t.Errorf("the field changes next to nothing here: %v", same)
	}
}

func TestReplayTellsEarlierFromNewFromLater(t *testing.T) {
	s := shippedScript(t)
	turn := func(conf float64, sigs ...nlu.SignalScore) Turn {
		return Turn{At: noon, Site: "en", Script: s, Open: true, Assessment: nlu.Assessment{Language: "en", LanguageSure: 0.9,
			Topics: []nlu.TopicScore{{Topic: "order_status", Confidence: conf}}, Signals: sigs}}
	}
	angry := nlu.SignalScore{Signal: nlu.Angry, Strength: 0.9, Found: true}
	human := nlu.SignalScore{Signal: nlu.WantsHuman, Strength: 0.9, Found: true}
	play := func(id string, o Outcome, turns ...Turn) RecordedConversation {
		c, state := RecordedConversation{ID: id, Outcome: o}, State{}
		for _, in := range turns {
			var d Decision
			state, d = Step(DefaultPolicy(), state, in)
			c.Turns = append(c.Turns, throughJSON(t, in, d, false))
		}
		return c
	}
	rec := Record(s, []RecordedConversation{
		play("asked later", Outcome{AgentMinutes: 4}, turn(0.9, angry), turn(0.9, human)),
		play("ended well", Outcome{Rating: 5}, turn(0.9, angry), turn(0.9)),
		play("not needed", Outcome{Label: "not_needed", AgentMinutes: 8}, turn(0.1), turn(0.1)),
		play("clarified", Outcome{}, turn(0.4), turn(0.9)),
	})
	p := DefaultPolicy()
	p.AngerOutbursts = 1 // the first outburst hands over
	got, err := Replay(context.Background(), rec, p, ReplayOptions{Agents: 1, Hours: 10})
	if err != nil {
		t.Fatal(err)
	}
	handed, err := Handoffs(context.Background(), rec, p)
	if err != nil || len(handed) != 3 || handed[0].Minutes != 4 || handed[1].Minutes != 6 || handed[2].Minutes != 8 || handed[0].Severity != "medium" || !handed[0].At.Equal(noon) || !handed[1].Sure {
		t.Errorf("handoffs %+v, %v", handed, err)
	}
	want := Tally{Same: 2, Earlier: 1, New: 1, HandedOver: 3, Needless: 2, AgentMinutes: 4 + 6 + 8}
	if got.Replayed != want {
		t.Errorf("got %+v, want %+v", got.Replayed, want)
	}
	if got.Recorded.Missed != 1 || got.Replayed.Missed != 0 || got.Wait == nil || got.Wait.Low <= got.Wait.Recorded {
		t.Errorf("recorded %+v, wait %+v", got.Recorded, got.Wait)
	}
	p = DefaultPolicy()
	p.Misses, p.AnswerAt = 3, 0.3
	if got, err = Replay(context.Background(), rec, p, ReplayOptions{}); err != nil {
		t.Fatal(err)
	}
	if r := got.Replayed; r.LaterOrNever != 1 || r.Unknown != 1 || r.Needless != 0 || got.RateLow != 0.25 || got.RateHigh != 0.75 {
		t.Errorf("got %+v", got)
	}
}

func BenchmarkSweep100k(b *testing.B) {
	rec, _ := record(b, DefaultPolicy(), 3, 10_000)
	// The same conversations ten times over: what counts is their number, not their variety.
	big := &Recording{script: rec.script, turns: rec.turns, handed: rec.handed, minutes: rec.minutes}
	for range 10 {
		big.spans = append(big.spans, rec.spans...)
		big.ids = append(big.ids, rec.ids...)
	}
	for _, field := range []string{"answer_at", "anger_level_at", "misses", "max_turns", "anger_memory"} {
		b.Run(field, func(b *testing.B) {
			for b.Loop() {
				if _, err := Sweep(context.Background(), big, DefaultPolicy(), field, 101); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(len(big.spans)), "conversations")
		})
	}
}
