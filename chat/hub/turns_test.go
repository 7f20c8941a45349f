package hub_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/chat/hub"
)

// grenade is a bot that panics.
type grenade struct{ *parrot }

func (grenade) Turn(context.Context, bot.TurnInput) (bot.TurnOutput, error) { panic("boom") }

func TestABotThatPanicsHandsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		n := start(t, m, &wires{}, func(o *hub.Options) { o.Bot = grenade{&parrot{}} })
		c := begin(t, n)
		say(t, n, guest, c, "1", "a")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		row, _ := m.Conversation(t.Context(), c.ID)
		if row.Owner != chat.OwnerQueue || row.Reason != "model_failed" {
			t.Errorf("owner %s, reason %s", row.Owner, row.Reason)
		}
	})
}

func TestWordAfterWordDoesNotHoldTheAnswerBackForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, newMemory(), &wires{}, nil)
		c := begin(t, n)
		for i := range 41 {
			say(t, n, guest, c, fmt.Sprint(i), fmt.Sprint(i))
			if i == 38 && n.bot.bursts() > 0 {
				t.Error("the bot spoke into a burst")
			}
			time.Sleep(500 * time.Millisecond)
		}
		synctest.Wait()
		if n.bot.bursts() == 0 {
			t.Error("20.5 s of words without an answer")
		}
	})
}

// The row is read before the events: whoever writes in between must not be left without an answer.
func TestAWordBetweenTheRowAndItsEventsIsAnswered(t *testing.T) {
	for name, write := range map[string]func(m *memory, n node, a chat.Append) error{
		"on this node": func(_ *memory, n node, a chat.Append) error {
			_, err := n.Commit(context.Background(), a)
			return err
		},
		"on another node": func(m *memory, _ node, a chat.Append) error {
			_, err := m.Append(context.Background(), a)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMemory()
				n := start(t, m, &wires{}, func(o *hub.Options) { o.Poll = time.Hour })
				c := begin(t, n)
				synctest.Wait()
				word := event(chat.KindMessage, chat.Message{Text: "a", Due: time.Now().Add(time.Second)})
				word.Role, word.Sender = chat.RoleVisitor, guest.ID
				m.fail = func(call string) error {
					if call != "events" {
						return nil
					}
					m.mu.Lock()
					m.fail = nil
					m.mu.Unlock()
					return write(m, n, chat.Append{Conversation: c.ID, Events: []chat.Event{word}})
				}
				e := listen(t, n, c, 0)
				time.Sleep(5 * time.Second)
				synctest.Wait()
				if got := e.heard(); got != "hello | a | re:a" {
					t.Errorf("heard %q", got)
				}
			})
		})
	}
}

// picky is a store that calls some appends invalid.
type picky struct {
	*memory
	refuse func(a chat.Append) bool
	tries  int
}

func (p *picky) Append(ctx context.Context, a chat.Append) (chat.Appended, error) {
	if p.refuse(a) {
		p.tries++
		return chat.Appended{}, &chat.InvalidError{Field: "text", Code: "long", Hint: "Shorter."}
	}
	return p.memory.Append(ctx, a)
}

func TestADecisionThatCannotBeStoredBecomesAHandoff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &picky{memory: newMemory(), refuse: func(a chat.Append) bool {
			return a.Events[0].Kind == chat.KindAssessment && a.Events[len(a.Events)-1].Kind != chat.KindBrief
		}}
		n := start(t, p.memory, &wires{}, func(o *hub.Options) { o.Store = p })
		c := begin(t, n)
		say(t, n, guest, c, "1", "a")
		time.Sleep(5 * time.Second)
		synctest.Wait()
		row, _ := p.Conversation(t.Context(), c.ID)
		if row.Owner != chat.OwnerQueue || p.tries != 3 {
			t.Errorf("owner %s after %d tries, want queue after 3", row.Owner, p.tries)
		}
	})
}

func TestATurnThatCannotBeStoredAtAllIsTriedNowAndThen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := &picky{memory: newMemory(), refuse: func(a chat.Append) bool { return a.Events[0].Kind == chat.KindAssessment }}
		n := start(t, p.memory, &wires{}, func(o *hub.Options) { o.Store = p })
		c := begin(t, n)
		say(t, n, guest, c, "1", "a")
		time.Sleep(10 * time.Minute)
		synctest.Wait()
		if p.tries < 10 || p.tries > 30 {
			t.Errorf("%d tries in ten minutes", p.tries)
		}
	})
}

// crowd is a store in which more has changed than one page of the poll holds, before what matters.
type crowd struct {
	*memory
	others []chat.Conversation
}

func (c *crowd) ChangedSince(ctx context.Context, since time.Time, limit int) ([]chat.Conversation, error) {
	var out []chat.Conversation
	for _, o := range c.others {
		if o.StoredAt.After(since) {
			out = append(out, o)
		}
	}
	if row, err := c.LatestConversation(ctx, eva.ID); err == nil && row.UpdatedAt.After(since) {
		row.StoredAt = row.UpdatedAt
		out = append(out, row)
	}
	return out[:min(limit, len(out))], nil
}

func TestThePollReadsOnWhereAPageIsFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &crowd{memory: newMemory()}
		for i := range 4500 { // three at a time, as commits in groups leave them
			s.others = append(s.others, chat.Conversation{
				ID: fmt.Sprint("x", i), StoredAt: time.Now().Add(time.Duration(i/3) * time.Microsecond),
			})
		}
		n := start(t, s.memory, &wires{}, func(o *hub.Options) { o.Store = s })
		c := begin(t, n)
		e := listen(t, n, c, 0)
		time.Sleep(10 * time.Millisecond)
		word := event(chat.KindMessage, chat.Message{Text: "a"})
		word.Role, word.Sender, word.At = chat.RoleAgent, anna.ID, time.Now()
		if _, err := s.Append(t.Context(), chat.Append{Conversation: c.ID, Events: []chat.Event{word}}); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if got := e.heard(); got != "hello | a" {
			t.Errorf("heard %q", got)
		}
	})
}

func TestTwoTabsWriteIntoAClosedConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		n := start(t, m, &wires{}, nil)
		c := begin(t, n)
		closed := func() error {
			return n.CloseConversation(context.Background(), guest, c.ID, chat.Closed{Outcome: "settled"})
		}
		must(t, closed())
		var second error
		m.before(func(a chat.Append) {
			if a.Events[0].Kind == chat.KindReopened {
				m.before(nil)
				_, _, second = n.Say(context.Background(), guest, c.ID, "2", "tab two")
			}
		})
		_, _, first := n.Say(t.Context(), guest, c.ID, "1", "tab one")
		if err := errors.Join(first, second); err != nil {
			t.Fatal(err)
		}
		e := listen(t, n, c, 0)
		if got := e.heard(); got != "hello | tab two | tab one" {
			t.Errorf("heard %q", got)
		}
	})
}
