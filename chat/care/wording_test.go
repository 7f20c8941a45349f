package care_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"ombud/bot"
	"ombud/chat"
	"ombud/handoff"
)

// scribe is a model that words everything the same, and keeps what it was given.
type scribe struct {
	text  string
	err   error
	asked []bot.Wording
	// while, if set, is what happens while the model thinks.
	while func()
}

func (s *scribe) Words() bool { return true }

func (s *scribe) Word(_ context.Context, w bot.Wording) (bot.Worded, error) {
	s.asked = append(s.asked, w)
	if s.while != nil {
		s.while()
	}
	return bot.Worded{Text: s.text, Model: "scribe-1"}, s.err
}

// briefed is a conversation that was handed over with a brief and waits.
func (w *world) briefed(id string) handoff.Brief {
	w.t.Helper()
	b := handoff.Brief{
		Customer: "Anna", Matter: handoff.Line{Text: "charged twice", Seq: 2}, WordedBy: "facts", Reason: "asked_for_human",
		Facts: []handoff.Fact{{Name: "order_number", Value: "7731", Seq: 2}},
	}
	w.add(id, chat.KindOpened, chat.RoleSystem, "", "", chat.Opened{Site: "demo", Visitor: "v"})
	w.add(id, chat.KindHandoffRequested, chat.RoleBot, "", "", chat.Handoff{ID: "h-" + id, Severity: chat.SeverityMedium, Level: 1})
	w.add(id, chat.KindBrief, chat.RoleBot, "", "", b)
	return b
}

func TestABriefIsWordedOnceAndKeepsItsFacts(t *testing.T) {
	each(t, func(w *world) {
		s := &scribe{text: "Anna was charged twice for order 7731."}
		w.write(s)
		w.briefed("c")
		if got := bodies[handoff.Brief](w, "c", chat.KindBrief); len(got) != 1 || len(s.asked) != 0 {
			t.Fatalf("the handoff waited for the model: %+v", got)
		}
		w.pass(0)
		got := bodies[handoff.Brief](w, "c", chat.KindBrief)
		if len(got) != 2 || len(s.asked) != 1 {
			t.Fatalf("%d briefs, asked %d times", len(got), len(s.asked))
		}
		last := got[1]
		if last.Summary == nil || *last.Summary != (handoff.Summary{Text: s.text, WordedBy: "scribe-1", Of: 3}) {
			t.Errorf("%+v", last.Summary)
		}
		if last.Summary = nil; last.Matter != got[0].Matter || !slices.Equal(last.Facts, got[0].Facts) || last.WordedBy != "facts" {
			t.Errorf("the facts became %+v", last)
		}
		if lines := strings.Join(s.asked[0].Lines, "\n"); !strings.Contains(lines, "order number: 7731") || !strings.Contains(lines, "charged twice") {
			t.Errorf("it was given %q", lines)
		}
	})
}

func TestWhatAnAgentPutRightIsNotWordedOver(t *testing.T) {
	each(t, func(w *world) {
		s := &scribe{text: "Anna was charged twice."}
		w.write(s)
		b := w.briefed("c")
		s.while = func() {
			s.while = nil
			right, err := b.Correct("order_number", "7732", "Ann")
			w.must(err)
			w.add("c", chat.KindBrief, chat.RoleAgent, "ann", "", right)
		}
		w.pass(0)
		got := bodies[handoff.Brief](w, "c", chat.KindBrief)
		if len(got) != 2 || got[1].Summary != nil || got[1].Facts[0].Value != "7732" {
			t.Errorf("%+v", got)
		}
		if worded, err := (handoff.Brief{Summary: &handoff.Summary{Text: "x"}}).Correct("matter", "y", "Ann"); err != nil || worded.Summary != nil {
			t.Errorf("a summary outlives a correction: %+v, %v", worded, err)
		}
	})
}

func TestAModelThatFailsLeavesTheFacts(t *testing.T) {
	each(t, func(w *world) {
		s := &scribe{err: errors.New("it is down")}
		w.write(s)
		w.briefed("c")
		w.pass(0)
		if got := bodies[handoff.Brief](w, "c", chat.KindBrief); len(got) != 1 {
			t.Errorf("%+v", got)
		}
		s.err = nil
		w.briefed("d")
		w.add("d", chat.KindClosed, chat.RoleVisitor, "v", "", chat.Closed{})
		s.asked = nil
		w.pass(0)
		if got := bodies[handoff.Brief](w, "d", chat.KindBrief); len(got) != 1 || len(s.asked) != 0 {
			t.Errorf("nobody reads it any more, and the model was asked %d times", len(s.asked))
		}
	})
}
