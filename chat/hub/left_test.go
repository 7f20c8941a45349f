package hub_test

import (
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
