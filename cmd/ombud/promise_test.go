package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"ombud/chat"
	"ombud/chat/care"
	"ombud/chat/hub"
	"ombud/handoff"
	"ombud/storage/storagetest"
)

// TestABrokenPromiseGoesUpOnceSomebodyIsThere has two nodes, of which one stops, do the timers: the customer hears that a promise was
// not kept though nobody is there above, and the matter goes up when somebody comes, once.
func TestABrokenPromiseGoesUpOnceSomebodyIsThere(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		before := storagetest.Open(t, url)
		rules := handoff.DefaultRules()
		rules.Retry = handoff.Span(time.Second)
		set, err := json.Marshal(rules)
		if err == nil {
			err = before.SaveSetting(t.Context(), handoff.SettingRules, set)
		}
		if err != nil {
			t.Fatal(err)
		}
		c := config{TurnPause: time.Minute, refreshEvery: 20 * time.Millisecond}
		a, other := openNode(t, url, c), openNode(t, url, c)
		promised(t, a, "c", 300*time.Millisecond)
		became := func(until string) string {
			t.Helper()
			tick, late := time.NewTicker(20*time.Millisecond), time.After(30*time.Second)
			defer tick.Stop()
			for {
				got := whatBecame(t, a, "c")
				if strings.HasSuffix(got, until) {
					return got
				}
				select {
				case <-tick.C:
				case <-late:
					t.Fatalf("became %q, waited for %q", got, until)
				}
			}
		}
		became("broken promise_broken")
		if err := other.jobs.Close(); err != nil {
			t.Error(err)
		}
		marko, err := a.db.UserByEmail(t.Context(), "marko@shop.example")
		if err == nil {
			err = a.roster.Renew(t.Context(), marko.ID, hub.StateOnline)
		}
		if err != nil {
			t.Fatal(err)
		}
		if got := became("up"); strings.TrimPrefix(got, "warned promise_near ") != "broken promise_broken up" {
			t.Errorf("it became %q", got)
		}
		if err := a.db.Verify(t.Context(), "c"); err != nil {
			t.Error(err)
		}
	})
}

// promised has an agent hold a conversation in which something is promised for a while from now.
func promised(t *testing.T, a testApp, id string, in time.Duration) {
	t.Helper()
	var events []chat.Event
	for _, x := range []struct {
		kind chat.Kind
		body any
	}{
		{chat.KindOpened, chat.Opened{Site: "demo", Visitor: "v"}},
		{chat.KindHandoffRequested, chat.Handoff{ID: "h", Level: 1, Severity: chat.SeverityMedium}},
		{chat.KindHandoffClaimed, chat.Claimed{Agent: "ann", Name: "Ann"}},
		{chat.KindPromise, chat.Promise{ID: "p", Text: "a word", DueAt: now().Add(in), State: "open"}},
	} {
		body, err := json.Marshal(x.body)
		if err != nil {
			t.Fatal(err)
		}
		events = append(events, chat.Event{Kind: x.kind, Role: chat.RoleSystem, At: now(), Body: body})
	}
	log := following{a.db, care.NewFollow(a.db, newID, now, a.rules, a.engine)}
	if _, err := log.Append(t.Context(), chat.Append{Conversation: id, Events: events}); err != nil {
		t.Fatal(err)
	}
}

// whatBecame tells what became of the promise of a conversation, in order, and what the customer heard of it.
func whatBecame(t *testing.T, a testApp, id string) string {
	t.Helper()
	events, err := a.db.Events(t.Context(), id, 4, 100)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range events {
		var b struct{ State, Part string }
		if err := json.Unmarshal(e.Body, &b); err != nil {
			t.Fatal(err)
		}
		if e.Kind == chat.KindHandoffEscalated {
			b.State = "up"
		}
		all = append(all, b.State+b.Part)
	}
	return strings.Join(all, " ")
}
