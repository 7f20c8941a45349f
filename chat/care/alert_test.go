package care_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/chat/care"
)

// TestPoissonTail compares with values from tables (Abramowitz and Stegun, table 26.7) and with plain sums.
func TestPoissonTail(t *testing.T) {
	for _, c := range []struct {
		count  int
		mean   float64
		chance float64
	}{{0, 3, 1}, {1, 1, 0.632120559}, {5, 1, 0.003659847}, {10, 5, 0.031828057}, {20, 10, 0.003454342}, {3, 0.1, 0.000154653}, {1000, 1000, 0.504205}} {
		if got := care.PoissonTail(c.count, c.mean); math.Abs(got-c.chance) > 1e-6*math.Max(1, c.chance) {
			t.Errorf("P(X >= %d | %g) = %.9f, want %.9f", c.count, c.mean, got, c.chance)
		}
	}
}

// about stores n conversations about a topic at a time.
func (w *world) about(topic string, n int, at time.Time) {
	w.t.Helper()
	keep := w.clock
	w.clock = at
	for range n {
		id := "t" + w.id()
		w.add(id, chat.KindOpened, chat.RoleSystem, "", "", chat.Opened{Site: "demo", Visitor: "v"})
		w.add(id, chat.KindDecision, chat.RoleBot, "", "", chat.Decision{Action: "answer", Topic: topic, State: json.RawMessage(`{}`)})
	}
	w.clock = keep
}

func (w *world) alerts() (open, all []string) {
	w.t.Helper()
	w.must(w.care.Watch(w.t.Context()))
	list, err := w.db.Alerts(w.t.Context(), 10)
	w.must(err)
	for _, a := range list {
		all = append(all, a.Subject)
		if a.EndedAt.IsZero() {
			open = append(open, fmt.Sprint(a.Subject, " ", a.Count, " ", len(a.Conversations)))
		}
	}
	return open, all
}

func TestWhatGrowsRaisesOneAlert(t *testing.T) {
	each(t, func(w *world) {
		for day := 1; day <= 10; day++ { // three a day in these hours, and many in others
			at := noon.Add(-time.Duration(day) * 24 * time.Hour)
			w.about("delivery", 3, at.Add(-time.Hour))
			w.about("delivery", 9, at.Add(-8*time.Hour))
		}
		w.about("delivery", 5, noon.Add(-time.Hour))
		w.about("refund", 4, noon.Add(-time.Hour))
		open, _ := w.alerts()
		want(w.t, "the usual, and a few", len(open), 0)
		w.about("delivery", 9, noon.Add(-time.Minute))
		for range 3 {
			open, _ = w.alerts()
			want(w.t, "grown", strings.Join(open, ";"), "topic:delivery 14 14")
		}
		w.about("delivery", 2, noon)
		open, _ = w.alerts()
		want(w.t, "more of it is the same alert", strings.Join(open, ";"), "topic:delivery 16 16")
		w.clock = noon.Add(7 * time.Hour)
		open, all := w.alerts()
		want(w.t, "over", len(open), 0)
		want(w.t, "and still on record", len(all), 1)
	})
}

// TestManyNodesRaiseOneAlert has several nodes look at the same moment, as after a leader was lost.
func TestManyNodesRaiseOneAlert(t *testing.T) {
	each(t, func(w *world) {
		w.about("other", 1, noon.Add(-20*24*time.Hour))
		w.about("delivery", 9, noon.Add(-time.Hour))
		var nodes sync.WaitGroup
		for range 8 {
			nodes.Go(func() {
				if err := w.care.Watch(w.t.Context()); err != nil {
					w.t.Error(err)
				}
			})
		}
		nodes.Wait()
		open, all := w.alerts()
		want(w.t, "open", strings.Join(open, ";"), "topic:delivery 9 9")
		want(w.t, "on record", len(all), 1)
	})
}

func TestTheYoungHaveNoHistory(t *testing.T) {
	each(t, func(w *world) {
		w.about("delivery", 1, noon.Add(-3*24*time.Hour))
		w.about("delivery", 12, noon.Add(-time.Hour))
		open, _ := w.alerts()
		want(w.t, "alerts", len(open), 0)
	})
}

func TestCausesAreCountedWhenTheyAreKnown(t *testing.T) {
	each(t, func(w *world) {
		w.about("other", 1, noon.Add(-20*24*time.Hour))
		for i := range 6 {
			id := fmt.Sprint("c", i)
			w.held(id)
			w.closes(id)
		}
		open, _ := w.alerts()
		want(w.t, "alerts", strings.Join(open, ";"), "cause:wrong_bill 6 6")
	})
}

type turner bot.TurnOutput

func (t turner) Turn(context.Context, bot.TurnInput) (bot.TurnOutput, error) {
	return bot.TurnOutput(t), nil
}

func TestAKnownIssueIsToldFirstAndOnce(t *testing.T) {
	read := func(context.Context, string) (json.RawMessage, error) {
		return json.RawMessage(`[{"topic":"delivery","texts":{"en":"Parcels are late.","hu":"Késnek a csomagok."}}]`), nil
	}
	a := care.NewAnnouncer(read, time.Now, slog.New(slog.DiscardHandler))
	for _, c := range []struct{ topic, language, earlier, want string }{
		{"delivery", "hu", "", "Késnek a csomagok.|answer"},
		{"delivery", "fr", "", "Parcels are late.|answer"},
		{"refund", "hu", "", "answer"},
		{"delivery", "en", "Parcels are late.", "answer"},
	} {
		out := turner{Language: c.language, Decision: bot.Decision{Action: bot.Answer, Topic: c.topic}, Say: []bot.Utterance{{Text: "answer"}}}
		in := bot.TurnInput{Earlier: []bot.Line{{Role: "bot", Text: c.earlier}}}
		got, err := a.Turn(t.Context(), out, in)
		if err != nil {
			t.Fatal(err)
		}
		var said []string
		for _, u := range got.Say {
			said = append(said, u.Text)
		}
		want(t, c.topic+" "+c.language, strings.Join(said, "|"), c.want)
	}
}

func TestAPageOpensForItsVisitorOnly(t *testing.T) {
	each(t, func(w *world) {
		p, err := care.NewPages(w.t.Context(), w.db, "https://x.example")
		w.must(err)
		again, err := care.NewPages(w.t.Context(), w.db, "https://x.example") // another node
		w.must(err)
		token := p.Token("v", noon)
		v, err := again.Visitor(token, noon.Add(59*24*time.Hour))
		w.must(err)
		want(w.t, "whose", v, "v")
		_, err = p.Visitor(token, noon.Add(61*24*time.Hour))
		wantErr(w.t, "too old", err, chat.ErrNotFound)
		for i := range token {
			bad := []byte(token)
			bad[i] ^= 1
			if v, err := p.Visitor(string(bad), noon); err == nil && i < len(token)-1 { // the last character has spare bits
				w.t.Errorf("changed at %d it opens the page of %q", i, v)
			}
		}
		for _, bad := range []string{"", ".", "x", "x.y", strings.SplitN(token, ".", 2)[0]} {
			_, err := p.Visitor(bad, noon)
			wantErr(w.t, "token "+bad, err, chat.ErrNotFound)
		}
	})
}
