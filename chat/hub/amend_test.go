package hub_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
)

func (d desk) brief(t *testing.T, c chat.Conversation) handoff.Brief {
	t.Helper()
	raw, err := d.Brief(t.Context(), c.ID)
	must(t, err)
	var b handoff.Brief
	must(t, json.Unmarshal(raw, &b))
	return b
}

func TestTheHolderPutsTheBriefRight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna, marko)
		c := d.ask(t, "v1")
		if err := d.Correct(t.Context(), as(anna), c.ID, "1", "matter", "x"); !errors.Is(err, chat.ErrStale) {
			t.Errorf("before anybody holds it: %v", err)
		}
		must(t, d.Claim(t.Context(), anna, c.ID))
		must(t, d.Correct(t.Context(), as(anna), c.ID, "2", "matter", "The parcel never came."))
		must(t, d.Correct(t.Context(), as(anna), c.ID, "3", "order_number", "77-1"))
		must(t, d.Correct(t.Context(), as(anna), c.ID, "3", "order_number", "77-1")) // sent twice
		must(t, d.Correct(t.Context(), as(boss), c.ID, "4", "outcome_wanted", "refund"))
		b := d.brief(t, c)
		if b.Matter.Text != "The parcel never came." || b.Matter.By != anna.Name || b.WordedBy != "agent" || len(b.Corrected) != 3 ||
			b.Wanted == nil || b.Wanted.By != boss.Name || !slices.Contains(b.Facts, handoff.Fact{Name: "order_number", Value: "77-1", By: anna.Name}) {
			t.Errorf("%+v", b)
		}
		var taken *chat.TakenError
		if err := d.Correct(t.Context(), as(marko), c.ID, "5", "matter", "no"); !errors.As(err, &taken) || taken.Name != anna.Name {
			t.Errorf("by a colleague: %v", err)
		}
		var invalid *chat.InvalidError
		if err := d.Correct(t.Context(), as(anna), c.ID, "6", "Order Number!", "1"); !errors.As(err, &invalid) || invalid.Field != "field" {
			t.Errorf("a name that is none: %v", err)
		}
		must(t, d.Correct(t.Context(), as(anna), c.ID, "7", "order_number", ""))
		if b := d.brief(t, c); len(b.Facts) != 1 || b.Corrected[3].Was != "77-1" || !slices.Contains(b.Missing, "order_number") {
			t.Errorf("taken out: %+v", b)
		}
		// Another level reads what it may offer itself, and a line put right there is kept with it.
		before := d.brief(t, c)
		must(t, d.Escalate(t.Context(), as(anna), c.ID, chat.Escalated{Level: 2, Reason: "asked"}))
		must(t, d.Correct(t.Context(), as(boss), c.ID, "7b", "order_number", "77-2"))
		if b := d.brief(t, c); before.Level != 1 || b.Level != 2 || len(b.Proposals) == 0 || slices.Equal(b.Proposals, before.Proposals) {
			t.Errorf("a level up: %d with %v; before: %d with %v", b.Level, b.Proposals, before.Level, before.Proposals)
		}
		must(t, d.Transfer(t.Context(), as(boss), c.ID, chat.Transferred{To: anna.ID, Level: 1}))
		if b := d.brief(t, c); b.Level != 1 || !slices.Equal(b.Proposals, before.Proposals) {
			t.Errorf("back down: %d with %v", b.Level, b.Proposals)
		}
		// What was put right is not forgotten when the bot hands over again.
		must(t, d.Return(t.Context(), as(anna), c.ID))
		say(t, d.node, chat.Identity{Role: chat.RoleVisitor, ID: "v1"}, c, "8", "human")
		time.Sleep(time.Second)
		synctest.Wait()
		if b := d.brief(t, c); b.Matter.By != anna.Name || b.Wanted == nil || b.Wanted.Text != "refund" {
			t.Errorf("the next brief: %+v", b)
		}
	})
}

// A bad rating opens a matter again one level up: the brief is then read there.
func TestAMatterThatIsReopenedHigherIsReadThere(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna)
		c := d.ask(t, "v1")
		before := d.brief(t, c)
		again := chat.Reopened{Owner: chat.OwnerQueue, Level: 2, Reason: "bad_rating"}
		_, err := d.Commit(t.Context(), chat.Append{Conversation: c.ID, Events: []chat.Event{event(chat.KindClosed, chat.Closed{}), event(chat.KindReopened, again)}})
		must(t, err)
		if b := d.brief(t, c); before.Level != 1 || b.Level != 2 || b.Reason != before.Reason {
			t.Errorf("at level %d with %+v", before.Level, b)
		}
	})
}

func TestAHandoffIsSortedAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna)
		c := d.ask(t, "v1")
		must(t, d.Claim(t.Context(), anna, c.ID))
		must(t, d.Reclassify(t.Context(), as(anna), c.ID, chat.Reclassified{Severity: chat.SeverityHigh, Topic: "wrong_bill"}))
		if row := d.row(t, c); row.Severity != chat.SeverityHigh || row.Topic != "wrong_bill" || row.Agent != anna.ID {
			t.Errorf("%+v", row)
		}
		if err := d.Reclassify(t.Context(), as(anna), c.ID, chat.Reclassified{}); !errors.Is(err, chat.ErrInvalid) {
			t.Errorf("nothing: %v", err)
		}
		if err := d.Reclassify(t.Context(), as(marko), c.ID, chat.Reclassified{Skill: "x"}); !errors.Is(err, chat.ErrTaken) {
			t.Errorf("by a colleague: %v", err)
		}
	})
}

func TestNextIsTheFirstThatFitsAndWasNotDropped(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna, marko, clara)
		first := d.ask(t, "v1")
		second := d.ask(t, "v2")
		above := d.ask(t, "v3")
		must(t, d.Escalate(t.Context(), as(boss), above.ID, chat.Escalated{Level: 2, Severity: chat.SeverityCritical, Reason: "asked"}))
		synctest.Wait()
		take := func(u chat.User, want string) {
			t.Helper()
			got, err := d.Next(t.Context(), u)
			if got != want || (err != nil) != (want == "") {
				t.Errorf("%s took %q, %v; want %q", u.Name, got, err, want)
			}
			synctest.Wait()
		}
		take(anna, first.ID)
		must(t, d.Release(t.Context(), as(anna), first.ID))
		synctest.Wait()
		take(anna, second.ID) // not the one that she let go of
		take(marko, first.ID)
		if _, err := d.Next(t.Context(), anna); !errors.Is(err, chat.ErrNotFound) {
			t.Errorf("nothing fits: %v", err)
		}
		take(clara, above.ID)
		must(t, d.Release(t.Context(), as(clara), above.ID))
		synctest.Wait()
		take(clara, above.ID) // nobody else is there for level 2: it would wait for ever
	})
}

// Somebody waits behind others: before the time that they were given passes, they are given another one.
func TestANewTimeIsGivenBeforeTheOldOnePasses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := anna
		one.Capacity = 1
		d := openDesk(t, quick(handoff.Pull), one)
		must(t, d.Claim(t.Context(), one, d.ask(t, "v0").ID))
		c := d.ask(t, "v1")
		e := listen(t, d.node, c, 0)
		until := []time.Time{first(d.Waiting(c.ID)).Until}
		if until[0].IsZero() {
			t.Fatal("no time was given")
		}
		for range 40 * 60 {
			time.Sleep(time.Second)
			synctest.Wait()
			e.mu.Lock()
			for _, n := range e.notices {
				if n.Type == "waiting" && n.Until.After(until[len(until)-1]) {
					if !n.Renewed {
						t.Errorf("a later time is not called one: %+v", n)
					}
					until = append(until, n.Until)
				}
			}
			e.mu.Unlock()
			if !time.Now().Before(until[len(until)-1]) {
				t.Fatalf("%s passed, and nothing was said", until[len(until)-1])
			}
		}
		if len(until) < 3 || len(until) > 20 {
			t.Errorf("%d times in forty minutes: %v", len(until), until)
		}
	})
}

func first(n hub.Notice, _ bool) hub.Notice { return n }

func TestOutOfHoursTheyAreToldWhenWeOpen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // begins on a Saturday, 1 January 2000
		r := quick(handoff.Pull)
		var s handoff.SkillRules
		must(t, json.Unmarshal([]byte(`{"mode":"pull","hours":{"zone":"Europe/Ljubljana","week":{"mon":["09:00-17:00"]}}}`), &s))
		r.Skills[""] = s
		d := openDesk(t, r, anna)
		c := d.ask(t, "v1")
		n, ok := d.Waiting(c.ID)
		opens := time.Date(2000, 1, 3, 8, 0, 0, 0, time.UTC)
		if !ok || !n.Opens.Equal(opens) || n.Minutes != nil || len(n.Offers) != 3 {
			t.Fatalf("%+v, %v", n, ok)
		}
		if got := d.row(t, c).DueAt; !got.Equal(opens.Add(time.Minute)) {
			t.Errorf("the clock runs out at %s", got)
		}
		slots, zone, err := d.Slots(t.Context(), c.ID, "America/New_York")
		if err != nil || zone != "America/New_York" || len(slots) != 8 || !slots[0].From.Equal(opens) {
			t.Fatalf("%v %s %v", slots, zone, err)
		}
		who := chat.Identity{Role: chat.RoleVisitor, ID: "v1"}
		var invalid *chat.InvalidError
		late := chat.LeftMessage{Phone: "+386 1", Callback: opens.Add(8 * time.Hour), Zone: "America/New_York"}
		if err := d.LeaveMessage(t.Context(), who, c.ID, "a", late); !errors.As(err, &invalid) || invalid.Field != "callback" {
			t.Errorf("a call after hours: %v", err)
		}
		good := chat.LeftMessage{Phone: "+386 1", Callback: slots[2].From, Zone: "America/New_York"}
		must(t, d.LeaveMessage(t.Context(), who, c.ID, "b", good))
		row := d.row(t, c)
		if row.Owner != chat.OwnerTicket || !row.CallbackAt.Equal(slots[2].From) {
			t.Errorf("%+v", row)
		}
	})
}

func TestAFullSlotIsNotOffered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := quick(handoff.Pull)
		r.Callback.Most = 1
		m := newMemory()
		n := start(t, m, &wires{}, func(o *hub.Options) {
			o.Rules = func() handoff.Rules { return r }
			o.Callbacks = m.Callbacks
		})
		d := desk{node: n, m: m, crew: &crew{}}
		c, other := d.ask(t, "v1"), d.ask(t, "v2")
		before, _, err := d.Slots(t.Context(), c.ID, "")
		must(t, err)
		first := chat.LeftMessage{Phone: "1", Callback: before[0].From}
		must(t, d.LeaveMessage(t.Context(), chat.Identity{Role: chat.RoleVisitor, ID: "v2"}, other.ID, "a", first))
		after, _, err := d.Slots(t.Context(), c.ID, "")
		if err != nil || len(after) != len(before)-1 || after[0] != before[1] {
			t.Errorf("%d slots, then %d, %v", len(before), len(after), err)
		}
		who := chat.Identity{Role: chat.RoleVisitor, ID: "v1"}
		var invalid *chat.InvalidError
		if err := d.LeaveMessage(t.Context(), who, c.ID, "a", first); !errors.As(err, &invalid) || invalid.Code != "slot" {
			t.Errorf("a slot that is taken: %v", err)
		}
		must(t, d.LeaveMessage(t.Context(), who, c.ID, "b", chat.LeftMessage{Phone: "1", Callback: before[1].From}))
	})
}
