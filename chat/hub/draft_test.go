package hub_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/chat/hub"
)

// writer is a bot that lets its words be seen, a second apart.
type writer struct {
	*parrot
	words []string
	done  func(in bot.TurnInput) // called after the last, before the turn ends
}

func (w writer) Turn(ctx context.Context, in bot.TurnInput) (bot.TurnOutput, error) {
	for _, text := range w.words {
		time.Sleep(time.Second)
		in.Draft(text)
	}
	time.Sleep(time.Second)
	if w.done != nil {
		w.done(in)
	}
	return w.parrot.Turn(ctx, in)
}

// seen gives the drafts that a listener was told of, in order; "-" is a withdrawal.
func (e *ear) seen() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	var out []string
	for _, n := range e.notices {
		if n.Type == "draft" {
			out = append(out, map[bool]string{true: "-", false: n.Text}[n.Text == ""])
		}
	}
	return strings.Join(out, " ")
}

func (e *ear) typed() bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return slices.ContainsFunc(e.notices, func(n hub.Notice) bool { return n.Type == "typing" && n.Role == chat.RoleBot && n.On })
}

// drafting runs two nodes, where a visitor has said "a" and the bot is about to write "x", then "xy".
func drafting(t *testing.T, run func(m *memory, here, there node, c chat.Conversation, near, far *ear)) {
	synctest.Test(t, func(t *testing.T) {
		m, w := newMemory(), &wires{}
		here := start(t, m, w, func(o *hub.Options) { o.Bot = writer{parrot: &parrot{}, words: []string{"x", "xy"}} })
		there := start(t, m, w, func(o *hub.Options) { o.Bot = writer{parrot: &parrot{}, words: []string{"x", "xy"}} })
		c := begin(t, here)
		near, far := listen(t, here, c, 0), listen(t, there, c, 0)
		say(t, here, guest, c, "1", "a")
		time.Sleep(2200 * time.Millisecond) // "x" is to be seen
		synctest.Wait()
		run(m, here, there, c, near, far)
	})
}

func TestADraftGrowsOnEveryNodeAndBecomesTheMessage(t *testing.T) {
	drafting(t, func(_ *memory, _, _ node, _ chat.Conversation, near, far *ear) {
		time.Sleep(5 * time.Second)
		synctest.Wait()
		for _, e := range []*ear{near, far} {
			if e.seen() != "x xy" || e.heard() != "hello | a | re:a" || !e.typed() {
				t.Errorf("saw %q, heard %q, typing told: %v", e.seen(), e.heard(), e.typed())
			}
		}
	})
}

func TestADraftIsTakenBackWhenAPersonTakesOver(t *testing.T) {
	drafting(t, func(_ *memory, _, there node, c chat.Conversation, near, far *ear) {
		must(t, there.TakeOver(t.Context(), boss, c.ID))
		time.Sleep(5 * time.Second)
		synctest.Wait()
		for _, e := range []*ear{near, far} {
			if e.seen() != "x -" || e.heard() != "hello | a" {
				t.Errorf("saw %q, heard %q", e.seen(), e.heard())
			}
		}
	})
}

func TestADraftIsTakenBackWhenTheVisitorWritesOn(t *testing.T) {
	drafting(t, func(_ *memory, here, _ node, c chat.Conversation, near, _ *ear) {
		say(t, here, guest, c, "2", "b")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := near.seen(); !strings.HasPrefix(got, "x - ") || strings.HasSuffix(got, "-") || near.heard() != "hello | a | b | re:a+b" {
			t.Errorf("saw %q, heard %q", got, near.heard())
		}
	})
}

func TestADraftIsTakenBackWhenItsTurnCannotBeStored(t *testing.T) {
	drafting(t, func(m *memory, _, _ node, _ chat.Conversation, near, far *ear) {
		m.mu.Lock()
		m.fail = func(call string) error {
			if call == "append" {
				return chat.ErrUnavailable
			}
			return nil
		}
		m.mu.Unlock()
		time.Sleep(1900 * time.Millisecond)
		synctest.Wait()
		for _, e := range []*ear{near, far} {
			if e.seen() != "x xy -" || e.heard() != "hello | a" {
				t.Errorf("saw %q, heard %q", e.seen(), e.heard())
			}
		}
	})
}

func TestABotThatPanicsLeavesNoDraft(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, newMemory(), &wires{}, func(o *hub.Options) {
			o.Bot = writer{parrot: &parrot{}, words: []string{"x"}, done: func(bot.TurnInput) { panic("boom") }}
		})
		c := begin(t, n)
		e := listen(t, n, c, 0)
		say(t, n, guest, c, "1", "a")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := e.seen(); got != "x" && got != "x -" || !strings.Contains(e.heard(), "handoff.model_failed") {
			t.Errorf("saw %q, heard %q", got, e.heard())
		}
	})
}
