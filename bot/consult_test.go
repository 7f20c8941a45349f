package bot

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ombud/bot/knowledge"
)

// deaf is a model that answers when it is let, whatever its context says.
type deaf struct {
	asked  chan Question
	answer chan error
}

func (d deaf) Consult(_ context.Context, q Question) (Opinion, error) {
	d.asked <- q
	return Opinion{Draft: "Late."}, <-d.answer
}

func TestNobodyWhoIsHandedOverWaitsForAModel(t *testing.T) {
	for _, text := range []string{"#wants_human", "#wants_supervisor", "#danger", "#legal_threat"} {
		synctest.Test(t, func(t *testing.T) {
			m := deaf{make(chan Question, 1), make(chan error)}
			begun := time.Now()
			out := talk(t, testEngine(t, m), text)
			if out.Decision.Action != Handoff || time.Since(begun) != 0 || len(m.asked) != 0 || out.ModelError != "" {
				t.Errorf("%s: %s after %s, %d questions, %q", text, out.Decision.Action, time.Since(begun), len(m.asked), out.ModelError)
			}
		})
	}
}

func TestADeafModelIsLeftBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := deaf{make(chan Question, 1), make(chan error)}
		defer close(m.answer)
		begun := time.Now()
		out := talk(t, testEngine(t, m), "#topic=order_status where is it")
		if time.Since(begun) != time.Minute || said(out) == "" || strings.Contains(said(out), "Late") {
			t.Errorf("after %s said %q", time.Since(begun), said(out))
		}
		if !strings.Contains(out.ModelError, context.DeadlineExceeded.Error()) {
			t.Errorf("error %q", out.ModelError)
		}
	})
}

// shelf finds what it was made with.
type shelf []knowledge.Passage

func (s shelf) Search(knowledge.Question, int) []knowledge.Passage { return s }

func TestTheModelGetsPassagesAndItsCitesAreKept(t *testing.T) {
	m := &citing{}
	e := testEngine(t, m)
	e.articles = shelf{{ID: "orders#1", Key: "a1", Version: 3, Title: "Orders", Text: "It is under My orders."}, {ID: "other#1", Text: "Other."}}
	out := talk(t, e, "#topic=order_status where is it")
	if len(m.got.Passages) != 2 || len(m.got.Knowledge) == 0 || m.got.Language != "en" {
		t.Errorf("asked %+v", m.got)
	}
	want := []Cite{{"orders#1", "a1", 3, "Orders"}}
	if out.Say[0].Source != "model" || !slices.Equal(out.Decision.Cites, want) || !slices.Equal(out.Say[0].Cites, want) {
		t.Errorf("said %+v, cited %+v", out.Say, out.Decision.Cites)
	}
}

type citing struct{ got Question }

func (c *citing) Consult(_ context.Context, q Question) (Opinion, error) {
	c.got = q
	return Opinion{Draft: "Your order stands under My orders.", Cites: []string{q.Passages[0].ID}}, nil
}

func TestALogHoldsNoWordsOfADraft(t *testing.T) {
	s := testEngine(t, nil).Script()
	err := CheckDraft(s, "Write to me@example.org.", "en")
	if !errors.Is(err, ErrDraft) || !strings.Contains(err.Error(), "example") || strings.Contains(Unquoted(err), "example") {
		t.Errorf("%v; in the log: %s", err, Unquoted(err))
	}
}
