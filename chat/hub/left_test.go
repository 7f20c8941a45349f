package hub_test

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// A message that was left stays one, with its long clock, whoever sends it on or lets go of it: nobody is there to wait live. It
// becomes a chat when its customer writes to the agent who took it up.
func TestAMessageThatWasLeftStaysOne(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		rules := quick(handoff.Pull)
		rules.Ticket = handoff.Span(9 * time.Hour)
		h := on(t, db, &wires{}, func(o *hub.Options) { o.Rules = func() handoff.Rules { return rules } })
		c := chat.Conversation{ID: waits(t, db, 1, "left", chat.Handoff{})[0]}
		guest := chat.Identity{Role: chat.RoleVisitor, ID: "v-" + c.ID}
		row := func() chat.Conversation {
			t.Helper()
			got, err := db.Conversation(t.Context(), c.ID)
			must(t, err)
			return got
		}
		stays := func(what string, err error) {
			t.Helper()
			must(t, err)
			if got := row(); got.Owner != chat.OwnerTicket || time.Until(got.DueAt) < 8*time.Hour {
				t.Errorf("%s: with %s, due %s", what, got.Owner, got.DueAt)
			}
		}
		stays("left", h.LeaveMessage(t.Context(), guest, c.ID, "1", chat.LeftMessage{Text: "please write", Email: "v@example.com"}))
		stays("sent on", h.Transfer(t.Context(), as(boss), c.ID, chat.Transferred{Skill: "billing"}))
		_, _, err := h.Say(t.Context(), guest, c.ID, "2", "it is urgent")
		must(t, err)
		must(t, h.Claim(t.Context(), anna, c.ID))
		stays("released", h.Release(t.Context(), as(anna), c.ID))
		must(t, h.Claim(t.Context(), anna, c.ID))
		stays("sent on by its holder", h.Transfer(t.Context(), as(anna), c.ID, chat.Transferred{Skill: "repairs"}))
		must(t, h.Claim(t.Context(), anna, c.ID))
		gone := &leases{all: map[string]chat.Presence{anna.ID: {User: anna.ID, State: hub.StateOnline, ExpiresAt: time.Unix(1, 0)}}}
		stays("its holder vanished", h.Reap(t.Context(), hub.NewRoster(hub.RosterOptions{Leases: gone})))
		stays("a supervisor sent it up", h.Escalate(t.Context(), as(boss), c.ID, chat.Escalated{Level: 2, Reason: "asked"}))
		must(t, h.Claim(t.Context(), boss, c.ID))
		_, _, err = h.Say(t.Context(), guest, c.ID, "3", "I am back")
		must(t, err)
		must(t, h.Release(t.Context(), as(boss), c.ID))
		if got := row(); got.Owner != chat.OwnerQueue || time.Until(got.DueAt) > 8*time.Hour {
			t.Errorf("once its customer is back: with %s, due %s", got.Owner, got.DueAt)
		}
		must(t, db.Verify(t.Context(), c.ID))
		// A call that nobody made stays one too, but is not to wait for as long as a letter.
		for hour, most := range map[time.Duration]time.Duration{-2 * time.Hour: 2 * time.Minute, 2 * time.Hour: 0} {
			call := chat.Conversation{ID: waits(t, db, 1, "call"+hour.String(), chat.Handoff{})[0]}
			m := chat.LeftMessage{Phone: "1", Callback: time.Now().Add(hour), Until: time.Now().Add(hour + time.Hour)}
			_, err := db.Append(t.Context(), chat.Append{Conversation: call.ID, Events: []chat.Event{event(chat.KindLeftMessage, m)}})
			must(t, err)
			call, err = db.Conversation(t.Context(), call.ID)
			must(t, err)
			up, err := h.Escalated(t.Context(), call, chat.Escalated{Level: 2})
			must(t, err)
			if left := time.Until(up.DueAt); up.Owner != chat.OwnerTicket || (most == 0) != up.DueAt.IsZero() || left > most {
				t.Errorf("a call in %s: %+v", hour, up)
			}
		}
	})
}

// A message that is left while the bot has the conversation is a handoff of that turn: agents find it ranked, routed and with a brief.
func TestAMessageLeftWithTheBotIsAHandoff(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		rules := quick(handoff.Pull)
		rules.Ticket = handoff.Span(9 * time.Hour)
		h := on(t, db, &wires{}, func(o *hub.Options) { o.Rules = func() handoff.Rules { return rules } })
		leaves := func(id string, answered bool, m chat.LeftMessage) (chat.Conversation, handoff.Brief, string) {
			t.Helper()
			said := event(chat.KindMessage, chat.Message{Text: "my parcel is late", Due: time.Now().Add(time.Hour)})
			said.Role, said.Sender = chat.RoleVisitor, "v"
			events := []chat.Event{event(chat.KindOpened, chat.Opened{Site: "shop", Visitor: "v"}), said}
			if answered {
				answer := event(chat.KindMessage, chat.Message{Text: "it takes a day", Part: "answer"})
				answer.Role = chat.RoleBot
				events = append(events, event(chat.KindDecision, chat.Decision{UpTo: 2, State: []byte(`{"anger":0.7}`)}), answer)
			}
			_, err := db.Append(t.Context(), chat.Append{Conversation: id, Events: events})
			must(t, err)
			for range 2 { // it may be sent twice
				must(t, h.LeaveMessage(t.Context(), chat.Identity{Role: chat.RoleVisitor, ID: "v"}, id, "1", m))
			}
			must(t, db.Verify(t.Context(), id))
			c, err := db.Conversation(t.Context(), id)
			must(t, err)
			var b handoff.Brief
			raw, err := h.Brief(t.Context(), id)
			must(t, err)
			must(t, json.Unmarshal(raw, &b))
			all, err := db.Events(t.Context(), id, int64(len(events)), 100)
			must(t, err)
			var kinds []string
			for _, e := range all {
				kinds = append(kinds, string(e.Kind))
			}
			return c, b, strings.Join(kinds, " ")
		}
		c, b, log := leaves("words", true, chat.LeftMessage{Text: "I am angry, and my order number is 123456", Email: "v@example.com"})
		if c.Owner != chat.OwnerTicket || c.Handoff == "" || c.Reason != "asked_for_human" || c.Severity != chat.SeverityHigh || c.Level != 2 || c.Skill != "delivery" || time.Until(c.DueAt) < 8*time.Hour {
			t.Errorf("left: %+v", c)
		}
		if log != "handoff_requested left_message assessment brief" {
			t.Errorf("log: %s", log)
		}
		if b.Reason != c.Reason || b.Severity != c.Severity || b.Level != 2 || b.Matter.Seq != 6 || len(b.Facts) != 1 || b.Facts[0].Seq != 6 || len(b.Tried) != 1 || b.Mood == "" || len(b.Proposals) == 0 {
			t.Errorf("brief: %+v", b)
		}
		if b, err := h.BriefFor(t.Context(), c, chat.Handoff{}); err != nil || b.Matter.Seq != 6 || len(b.Facts) != 1 || b.Facts[0].Seq != 6 {
			t.Errorf("a later brief: %+v, %v", b, err)
		}
		if c, b, log = leaves("address", true, chat.LeftMessage{Email: "v@example.com"}); b.Matter.Text != "my parcel is late" || b.Facts[0].Seq != 2 || b.Mood != "angry" || log != "handoff_requested left_message brief" {
			t.Errorf("only an address: %s, %+v", log, b)
		}
		if c, b, log = leaves("unanswered", false, chat.LeftMessage{Phone: "1"}); c.Reason != "callback" || b.Facts[0].Value != "my parcel is late" || log != "handoff_requested left_message assessment brief" {
			t.Errorf("before the bot answered: %s, %s, %+v", c.Reason, log, b)
		}
	})
}

// meanwhile is storage in which something else happens just before the next append.
type meanwhile struct {
	*storage.DB
	happens func()
}

func (m *meanwhile) Append(ctx context.Context, a chat.Append) (chat.Appended, error) {
	if happens := m.happens; happens != nil {
		m.happens = nil
		happens()
	}
	return m.DB.Append(ctx, a)
}

// Who comes back to a message that they left just while it is let go of waits live, and not as long as for a letter.
func TestWhoComesBackWhileTheirMessageIsLetGoOfWaitsLive(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := &meanwhile{DB: open()}
		h := on(t, db.DB, &wires{}, func(o *hub.Options) { o.Store = db })
		for name, letGo := range map[string]func(id string) error{
			"released": func(id string) error { return h.Release(t.Context(), as(boss), id) },
			"sent on": func(id string) error {
				return h.Transfer(t.Context(), as(boss), id, chat.Transferred{Skill: "billing"})
			},
			"sent up": func(id string) error {
				return h.Escalate(t.Context(), as(boss), id, chat.Escalated{Level: 4, Reason: "asked"})
			},
		} {
			id := waits(t, db.DB, 1, name, chat.Handoff{})[0]
			guest := chat.Identity{Role: chat.RoleVisitor, ID: "v-" + id}
			must(t, h.LeaveMessage(t.Context(), guest, id, "1", chat.LeftMessage{Text: "please write", Email: "v@example.com"}))
			must(t, h.Claim(t.Context(), boss, id))
			db.happens = func() {
				_, _, err := h.Say(t.Context(), guest, id, "2", "I am back")
				must(t, err)
			}
			must(t, letGo(id))
			got, err := db.Conversation(t.Context(), id)
			must(t, err)
			if got.Owner != chat.OwnerQueue {
				t.Errorf("%s: it waits with %s", name, got.Owner)
			}
		}
	})
}

// Two supervisors who escalate a chat at once take it one level up: the second is told that something changed, as is who sends it on.
func TestWhatChangedHandsMeanwhileIsNotDoneAgain(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := &meanwhile{DB: open()}
		h := on(t, db.DB, &wires{}, func(o *hub.Options) { o.Store = db })
		for name, do := range map[string]func(id string) error{
			"sent up": func(id string) error { return h.Escalate(t.Context(), as(boss), id, chat.Escalated{Reason: "asked"}) },
			"sent on": func(id string) error {
				return h.Transfer(t.Context(), as(boss), id, chat.Transferred{Skill: "billing"})
			},
		} {
			id := waits(t, db.DB, 1, name, chat.Handoff{})[0]
			db.happens = func() { must(t, h.Escalate(t.Context(), as(boss), id, chat.Escalated{Reason: "asked"})) }
			if err := do(id); !errors.Is(err, chat.ErrStale) {
				t.Errorf("%s: %v", name, err)
			}
			got, err := db.Conversation(t.Context(), id)
			must(t, err)
			if got.Level != 2 || got.Skill == "billing" {
				t.Errorf("%s: it waits at level %d for %q", name, got.Level, got.Skill)
			}
		}
	})
}
