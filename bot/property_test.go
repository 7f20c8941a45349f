package bot

import (
	"context"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ombud/bot/nlu"
	"ombud/bot/script"
)

// anyPolicy draws a policy within the ranges, overrides and tables included.
func anyPolicy(t *rapid.T, s *script.Script) Policy {
	p := DefaultPolicy()
	for _, f := range fields {
		f.set(&p, rapid.Float64Range(f.Min, f.Max).Draw(t, f.Key))
	}
	p.ClarifyAt = min(p.ClarifyAt, p.AnswerAt)
	for _, sig := range nlu.Signals {
		p.Signals[sig] = SignalRule{Off: rapid.Bool().Draw(t, "off "+string(sig)), At: rapid.Float64Range(0, 1).Draw(t, "at "+string(sig))}
	}
	for code, r := range p.Reasons {
		r.Severity = rapid.SampledFrom(severities).Draw(t, "severity "+code)
		r.Level = rapid.IntRange(1, 4).Draw(t, "level "+code)
		p.Reasons[code] = r
	}
	o := Override{AnswerAt: 1, Misses: rapid.IntRange(0, 10).Draw(t, "misses"), MaxTurns: rapid.IntRange(0, 50).Draw(t, "turns")}
	p.Languages = map[string]Override{"en": o}
	p.Topics = map[string]Override{s.Topics[0].ID: o}
	return p
}

// TestARequestForAPersonHandsOverUnderEveryPolicy: whatever the policy and whatever was said before.
func TestARequestForAPersonHandsOverUnderEveryPolicy(t *testing.T) {
	s := shippedScript(t)
	rapid.Check(t, func(t *rapid.T) {
		p := anyPolicy(t, s)
		valid := p.Validate() == nil
		for _, sig := range undeniable {
			r := p.Signals[sig]
			r.Off, r.At = false, min(r.At, maxDangerAt)
			p.Signals[sig] = r
		}
		if err := p.Validate(); err != nil {
			t.Fatalf("valid %v, but: %v", valid, err)
		}
		state := State{}
		state.CoolDown = rapid.IntRange(0, 5).Draw(t, "cool down")
		ask := nlu.WantsHuman
		if rapid.Bool().Draw(t, "supervisor") {
			ask = nlu.WantsSupervisor
		}
		for range rapid.IntRange(0, 3).Draw(t, "turns before") {
			state, _ = Step(p, state, drawTurn(t, s))
			state.HandedOff = false
		}
		in := drawTurn(t, s)
		in.Assessment.Signals = append(in.Assessment.Signals, nlu.SignalScore{Signal: ask, Strength: rapid.Float64Range(explicitAt, 1).Draw(t, "strength"), Found: true})
		_, d := Step(p, state, in)
		if d.Action != Handoff {
			t.Fatalf("%s led to %s by rule %q", ask, d.Action, d.Rule)
		}
		if d.Ask != "" || d.Level < 1 || severityRank(d.Severity) == 0 {
			t.Fatalf("handed over as %+v", d)
		}
	})
}

func drawTurn(t *rapid.T, s *script.Script) Turn {
	a := nlu.Assessment{
		Language: rapid.SampledFrom([]string{"en", "hu", "sl", "fr", "zh", "de", ""}).Draw(t, "language"), LanguageSure: rapid.Float64Range(0, 1).Draw(t, "sure"),
		OutOfScope: rapid.Float64Range(0, 1).Draw(t, "oos"),
		Topics:     []nlu.TopicScore{{Topic: rapid.SampledFrom(s.Topics).Draw(t, "topic").ID, Confidence: rapid.Float64Range(0, 1).Draw(t, "confidence")}},
	}
	for _, sig := range nlu.Signals[2:] {
		if rapid.IntRange(0, 5).Draw(t, "has "+string(sig)) == 0 {
			v := rapid.Float64Range(0, 1).Draw(t, "strength "+string(sig))
			a.Signals = append(a.Signals, nlu.SignalScore{Signal: sig, Strength: v, Found: v > 0.5})
		}
	}
	return Turn{At: noon, Assessment: a, Site: "en", Script: s, Open: rapid.Bool().Draw(t, "open"), Reply: rapid.SampledFrom([]string{"", "yes", "no"}).Draw(t, "reply"),
		Repeats: rapid.Bool().Draw(t, "repeats"), Questions: rapid.IntRange(0, 60).Draw(t, "questions"), Vague: rapid.Bool().Draw(t, "vague"), Name: rapid.SampledFrom([]string{"", "Anna"}).Draw(t, "name")}
}

// TestWhatTheBotSays holds whole random conversations, in every language, to the rules of its manners.
func TestWhatTheBotSays(t *testing.T) {
	s := shippedScript(t)
	p := &parts{script: s}
	// A patient bot lives through more outbursts, and must keep its manners in all of them.
	patient := DefaultPolicy()
	patient.AngerOutbursts, patient.Rejections, patient.AngerLevelAt, patient.MaxTurns, patient.Misses = 10, 10, 1, 50, 10
	patient.MaxQuestions, patient.RepeatedLimit, patient.AngerRisingTurns = 50, 10, 10
	rapid.Check(t, func(t *rapid.T) {
		state, apologies, named, handed := State{}, 0, 0, false
		quiet := rapid.Bool().Draw(t, "nothing that hands over at once")
		policy := rapid.SampledFrom([]Policy{DefaultPolicy(), patient}).Draw(t, "policy")
		for range rapid.IntRange(1, 8).Draw(t, "turns") {
			var d Decision
			before := state
			in := drawTurn(t, s)
			if quiet {
				in.Assessment.Signals = slices.DeleteFunc(in.Assessment.Signals, func(x nlu.SignalScore) bool {
					return x.Signal != nlu.Angry && x.Signal != nlu.Dissatisfied
				})
				in.Assessment.Language = "en"
				if rapid.Bool().Draw(t, "angry") {
					in.Assessment.Signals = []nlu.SignalScore{{Signal: nlu.Angry, Strength: 0.9, Found: true}}
				}
			}
			in.Assessment.Facts = rapid.SampledFrom([][]nlu.Fact{nil, {{Name: "order_number", Value: "71882"}}, {{Name: "since_when", Value: "monday"}}}).Draw(t, "facts")
			state, d = Step(policy, state, in)
			said := p.render(d)
			if len(said) == 0 && d.Action != Silent {
				t.Fatalf("%s says nothing: %+v", d.Action, d.Say)
			}
			for _, u := range said {
				if ph := s.Forbidden(u.Text); ph != "" {
					t.Fatalf("says %q in %q", ph, u.Text)
				}
				if strings.ContainsAny(u.Text, "{}<>") {
					t.Fatalf("says %q", u.Text)
				}
			}
			for _, x := range d.Say {
				apologies += b2i(x.Key == "apology")
				named += b2i(x.Key == "thanks_named" || x.Key == "greeting_named")
			}
			if d.Ask != "" && (before.fact(d.Ask) != "" || state.fact(d.Ask) != "") {
				t.Fatalf("asks for %s, which is known", d.Ask)
			}
			if (handed || d.Action == Handoff) && d.Ask != "" {
				t.Fatalf("asks for %s after deciding to hand over", d.Ask)
			}
			if handed && d.Action == Handoff {
				t.Fatal("hands over twice")
			}
			handed = handed || d.Action == Handoff
			if d.Action == Calm && d.Say[0].Part != PartCalm {
				t.Fatalf("asks before the feeling is acknowledged: %+v", d.Say)
			}
		}
		if apologies > 1 || named > 1 {
			t.Fatalf("%d apologies, named %d times", apologies, named)
		}
	})
}

func TestStepIsPure(t *testing.T) {
	s := shippedScript(t)
	rapid.Check(t, func(t *rapid.T) {
		in := drawTurn(t, s)
		in.Assessment.Facts = []nlu.Fact{{Name: "order_number", Value: "1234"}}
		start := State{Asked: map[string]int{"product": 1}, Used: map[string]int{"apology": 1}, Facts: []nlu.Fact{{Name: "order_number", Value: "old"}}}
		one, d1 := Step(DefaultPolicy(), start, in)
		two, d2 := Step(DefaultPolicy(), start, in)
		if start.Facts[0].Value != "old" || len(start.Asked) != 1 || start.Used["apology"] != 1 {
			t.Fatal("a step changed the state it was given")
		}
		if d1.Action != d2.Action || d1.Rule != d2.Rule || one.Counters != two.Counters || len(d1.Say) != len(d2.Say) {
			t.Fatalf("two answers: %+v and %+v", d1, d2)
		}
	})
}

func TestABadStateIsAnErrorAndAFreshOneIsNot(t *testing.T) {
	e := testEngine(t, nil)
	in := TurnInput{Conversation: "c", SiteLanguage: "en", Now: noon, New: []Line{{Role: "visitor", Text: "hi"}}, State: []byte("{")}
	if _, err := e.Turn(context.Background(), in); err == nil {
		t.Error("a broken state was taken")
	}
	in.State = e.Returned(nil)
	if _, err := e.Turn(context.Background(), in); err != nil {
		t.Error(err)
	}
}
