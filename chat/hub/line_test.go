package hub_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
)

// lastWait gives the last waiting notice that somebody was told.
func (e *ear) lastWait() (last hub.Notice) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, n := range e.notices {
		if n.Type == "waiting" {
			last = n
		}
	}
	return last
}

func TestAPlaceThatChangesIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := anna
		one.Capacity = 1
		d := openDesk(t, quick(handoff.Pull), one)
		held, first, second := d.ask(t, "v0"), d.ask(t, "v1"), d.ask(t, "v2")
		must(t, d.Claim(t.Context(), one, held.ID))
		e := listen(t, d.node, second, 0)
		synctest.Wait()
		before, _ := d.Waiting(second.ID)
		if before.Position != 2 {
			t.Fatalf("%+v", before)
		}
		d.crew.set(duty(one), duty(marko))
		must(t, d.Claim(t.Context(), marko, first.ID))
		synctest.Wait() // no time passes
		after := e.lastWait()
		if after.Position != 1 || after.Minutes == nil || after.Minutes[1] >= before.Minutes[1] {
			t.Errorf("at place 2 they were told %+v, and when the one in front was served %+v", before, after)
		}
		d.crew.set()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if gone := e.lastWait(); gone.Minutes != nil || len(gone.Offers) != 3 {
			t.Errorf("when everybody had gone they were told %+v", gone)
		}
	})
}

// What changed on another node while the database did not answer is shown as soon as it does.
func TestAChangeThatCouldNotBeReadIsReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna)
		far := &screen{items: map[string]hub.BoardItem{}}
		other := start(t, d.m, d.w, func(o *hub.Options) { o.Poll = 24 * time.Hour })
		t.Cleanup(other.Watch(far))
		synctest.Wait()
		c := d.ask(t, "v1")
		d.m.mu.Lock()
		d.m.fail = func(call string) error {
			if call == "conversations" {
				return chat.ErrUnavailable
			}
			return nil
		}
		d.m.mu.Unlock()
		must(t, d.Claim(t.Context(), anna, c.ID))
		synctest.Wait()
		if far.shows(d.row(t, c)) == nil {
			t.Fatal("it was read all the same")
		}
		d.m.mu.Lock()
		d.m.fail = nil
		d.m.mu.Unlock()
		time.Sleep(time.Second) // long before the whole line is read anew
		synctest.Wait()
		if err := far.shows(d.row(t, c)); err != nil {
			t.Error(err)
		}
	})
}

// Neither a message that was left nor a call whose time has come is in the way of who waits live, whatever they are told first or later.
func TestTicketsAreInNobodysWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := anna
		one.Capacity = 1
		d := openDesk(t, quick(handoff.Pull), one)
		held, called, left := d.ask(t, "v0"), d.ask(t, "v1"), d.ask(t, "v2")
		must(t, d.Claim(t.Context(), one, held.ID))
		for _, c := range []chat.Conversation{called, left} {
			m := chat.LeftMessage{Text: "call me", Phone: "1"}
			if c.ID == called.ID {
				m.Callback = time.Now().Add(-time.Minute)
			}
			_, err := d.Commit(t.Context(), chat.Append{Conversation: c.ID, Events: []chat.Event{event(chat.KindLeftMessage, m)}})
			must(t, err)
		}
		synctest.Wait()
		live := d.ask(t, "v3")
		n, _ := d.Waiting(live.ID)
		var h chat.Handoff
		for _, e := range d.m.events[live.ID] {
			if e.Kind == chat.KindHandoffRequested {
				must(t, json.Unmarshal(e.Body, &h))
			}
		}
		if n.Position != 1 || n.Minutes == nil || h.Estimate == nil || *n.Minutes != *h.Estimate {
			t.Errorf("foretold %v, told %+v", h.Estimate, n)
		}
		if d.row(t, left).Owner != chat.OwnerTicket || d.row(t, called).CallbackAt.IsZero() {
			t.Error("there are no tickets")
		}
	})
}

// Nobody is promised the time of an agent who has let go of them.
func TestWhoLetGoIsNotReckonedWith(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna)
		c := d.ask(t, "v1")
		must(t, d.Claim(t.Context(), anna, c.ID))
		must(t, d.Release(t.Context(), as(anna), c.ID))
		synctest.Wait()
		if n, ok := d.Waiting(c.ID); !ok || n.Minutes != nil || len(n.Offers) != 3 {
			t.Errorf("only who let go of them is there, and they are told %+v", n)
		}
		d.crew.set(duty(anna), duty(marko))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if n, _ := d.Waiting(c.ID); n.Position != 1 || n.Minutes == nil {
			t.Errorf("with somebody else there they are told %+v", n)
		}
	})
}

// A message that was left has a clock, in business hours: nobody takes it up, and it goes up. One that was taken up stays, and a
// call is watched as a promise.
func TestAMessageThatNobodyTakesUpGoesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := quick(handoff.Pull)
		r.Ticket = handoff.Span(4 * time.Hour)
		for i := range r.Levels {
			r.Levels[i].Settle = nil
		}
		d := openDesk(t, r, anna, clara)
		lies, taken, called := d.ask(t, "v1"), d.ask(t, "v2"), d.ask(t, "v3")
		slots, zone, err := d.Slots(t.Context(), called.ID, "Europe/Budapest")
		must(t, err)
		for _, c := range []chat.Conversation{lies, taken, called} {
			m := chat.LeftMessage{Text: "please write", Email: "v@example.com"}
			if c.ID == called.ID {
				m = chat.LeftMessage{Phone: "1", Callback: slots[0].From, Zone: zone}
			}
			must(t, d.LeaveMessage(t.Context(), chat.Identity{Role: chat.RoleVisitor, ID: c.Visitor}, c.ID, "left", m))
		}
		since := d.row(t, lies).RequestedAt
		must(t, d.Claim(t.Context(), anna, taken.ID))
		time.Sleep(4*time.Hour - time.Minute)
		synctest.Wait()
		if row := d.row(t, lies); d.log(lies) != "warned" || row.Owner != chat.OwnerTicket || row.DueAt.IsZero() {
			t.Errorf("before its time: %q, with %s until %s", d.log(lies), row.Owner, row.DueAt)
		}
		time.Sleep(10 * time.Hour)
		synctest.Wait()
		// It stays a message with its place and a clock of hours: nobody is there to wait live.
		if row := d.row(t, lies); !strings.HasPrefix(d.log(lies), "warned escalated:clock warned postponed:nobody_there") || row.Level != 2 ||
			row.Owner != chat.OwnerTicket || !row.RequestedAt.Equal(since) || row.DueAt.Before(since.Add(8*time.Hour)) {
			t.Errorf("after its time: %q at level %d with %s since %s, due %s", d.log(lies), row.Level, row.Owner, row.RequestedAt, row.DueAt)
		}
		if n, ok := d.Waiting(lies.ID); ok {
			t.Errorf("whoever left it is told of a place in line: %+v", n)
		}
		if got := d.log(taken) + "," + d.log(called); got != "claimed," {
			t.Errorf("taken up and to be called: %q", got)
		}
	})
}

func TestWhoCannotBeServedIsPromisedNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		billing, repairs := anna, marko
		billing.Skills, repairs.Skills = []string{"billing"}, []string{"repairs"}
		d := openDesk(t, quick(handoff.Pull), billing)
		before, c := d.ask(t, "v0"), d.ask(t, "v1")
		must(t, d.Transfer(t.Context(), as(boss), before.ID, chat.Transferred{Skill: "billing"}))
		must(t, d.Transfer(t.Context(), as(boss), c.ID, chat.Transferred{Skill: "repairs"}))
		synctest.Wait()
		if n, ok := d.Waiting(c.ID); !ok || n.Minutes != nil || len(n.Offers) != 3 {
			t.Errorf("nobody here repairs, and they are told %+v", n)
		}
		d.crew.set(duty(billing), duty(repairs))
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if n, _ := d.Waiting(c.ID); n.Position != 1 || n.Minutes == nil || n.Minutes[1] != 1 {
			t.Errorf("with somebody free who repairs, and nobody in front who needs them: %+v", n)
		}
	})
}

// screen keeps what a console shows.
type screen struct {
	mu    sync.Mutex
	items map[string]hub.BoardItem
}

func (s *screen) Board(changed []hub.BoardItem, removed []string, _ bool) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, it := range changed {
		s.items[it.Conversation] = it
	}
	for _, id := range removed {
		delete(s.items, id)
	}
	return true
}

// shows reports whether the line or the desks on the screen stand as the row says.
func (s *screen) shows(c chat.Conversation) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	it, ok := s.items[c.ID]
	wanted := c.Owner == chat.OwnerQueue || c.Owner == chat.OwnerAgent || c.Owner == chat.OwnerTicket
	agent := ""
	if it.Agent != nil {
		agent = it.Agent.ID
	}
	if ok != wanted || ok && (it.Owner != c.Owner || agent != c.Agent || it.Level != c.Level || it.Severity != c.Severity || it.Handovers != c.Handovers) {
		return fmt.Errorf("the console shows it (%v) with %s %q at level %d, %s, %d hand-overs; the row says %s %q at level %d, %s, %d", ok,
			it.Owner, agent, it.Level, it.Severity, it.Handovers, c.Owner, c.Agent, c.Level, c.Severity, c.Handovers)
	}
	return nil
}

// silent are the kinds that change nothing about who deals with a conversation, and how.
var silent = []chat.Kind{chat.KindMessage, chat.KindAssessment, chat.KindDecision, chat.KindBrief, chat.KindNote}

// change gives who made the last change of a conversation, what it was and why.
func (d desk) change(c chat.Conversation) string {
	d.m.mu.Lock()
	defer d.m.mu.Unlock()
	for _, e := range slices.Backward(d.m.events[c.ID]) {
		if slices.Contains(silent, e.Kind) {
			continue
		}
		var b struct {
			Reason, Word, Outcome string
			TakenFrom             string `json:"taken_from"`
		}
		if err := json.Unmarshal(e.Body, &b); err != nil {
			return err.Error()
		}
		return fmt.Sprintf("%s %s %s", strings.TrimSpace(string(e.Role)+" "+e.Sender), e.Kind, b.Reason+b.Word+b.Outcome+b.TakenFrom)
	}
	return ""
}

// TestEveryChangeSaysWhoAndWhyAndIsSeenAtOnce looks at the log, and at a console that is connected to another node: it must show
// the change before any time has passed.
func TestEveryChangeSaysWhoAndWhyAndIsSeenAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna, marko, clara, boss)
		far := &screen{items: map[string]hub.BoardItem{}}
		other := start(t, d.m, d.w, func(o *hub.Options) { o.ClockEvery = 24 * time.Hour })
		t.Cleanup(other.Watch(far))
		synctest.Wait()
		c := d.ask(t, "v1")
		ctx, visitor := t.Context(), chat.Identity{Role: chat.RoleVisitor, ID: "v1"}
		left := &leases{all: map[string]chat.Presence{clara.ID: {User: clara.ID, State: hub.StateOnline, ExpiresAt: time.Now().Add(-time.Hour)}}}
		for _, s := range []struct {
			name string
			do   func() error
			want string
		}{
			{"ask", func() error { return nil }, "bot handoff_requested asked_for_human"},
			{"claim", func() error { return d.Claim(ctx, anna, c.ID) }, "agent u1 handoff_claimed "},
			{"transfer", func() error { return d.Transfer(ctx, as(anna), c.ID, chat.Transferred{To: marko.ID, Word: "knows it"}) }, "agent u1 handoff_transferred knows it"},
			{"sort", func() error {
				return d.Reclassify(ctx, as(marko), c.ID, chat.Reclassified{Severity: chat.SeverityHigh})
			}, "agent u2 handoff_reclassified "},
			{"release", func() error { return d.Release(ctx, as(marko), c.ID) }, "agent u2 handoff_released released"},
			{"escalate", func() error { return d.Escalate(ctx, as(boss), c.ID, chat.Escalated{Reason: "an old customer"}) }, "agent u9 handoff_escalated an old customer"},
			{"claim above", func() error { return d.Claim(ctx, clara, c.ID) }, "agent u3 handoff_claimed "},
			{"vanish", func() error { return d.Reap(ctx, hub.NewRoster(hub.RosterOptions{Leases: left})) }, "system handoff_released vanished"},
			{"claim again", func() error { return d.Claim(ctx, clara, c.ID) }, "agent u3 handoff_claimed "},
			{"take over", func() error { return d.TakeOver(ctx, boss, c.ID) }, "agent u9 handoff_claimed u3"},
			{"return", func() error { return d.Return(ctx, as(boss), c.ID) }, "agent u9 returned_to_bot "},
			{"ask again", func() error { say(t, d.node, visitor, c, "2", "human"); time.Sleep(time.Second); return nil }, "bot handoff_requested asked_for_human"},
			{"warn", func() error { time.Sleep(31 * time.Second); return nil }, "system clock "},
			{"clock", func() error { time.Sleep(30 * time.Second); return nil }, "system handoff_escalated clock"},
			{"claim late", func() error { return d.Claim(ctx, clara, c.ID) }, "agent u3 handoff_claimed "},
			{"close", func() error { return d.CloseConversation(ctx, as(clara), c.ID, chat.Closed{Outcome: "settled"}) }, "agent u3 closed settled"},
			{"write again", func() error { say(t, d.node, visitor, c, "3", "not yet"); return nil }, "system reopened visitor_wrote"},
		} {
			must(t, s.do())
			synctest.Wait() // no time passes
			if got := d.change(c); got != s.want {
				t.Errorf("%s: the log says %q, want %q", s.name, got, s.want)
			}
			if err := far.shows(d.row(t, c)); err != nil {
				t.Errorf("%s: %v", s.name, err)
			}
		}
	})
}

func TestStatesSayWhoTakesChats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := &leases{all: map[string]chat.Presence{}}
		r := hub.NewRoster(hub.RosterOptions{Leases: l})
		for _, state := range []string{hub.StateOnline, hub.StateBusy, hub.StateAway, hub.StateWrapping, hub.StateOffline} {
			l.users = append(l.users, chat.User{ID: state, Level: 1})
			must(t, r.Renew(t.Context(), state, state))
		}
		l.users = append(l.users, chat.User{ID: "out", Disabled: true})
		must(t, r.Renew(t.Context(), "out", hub.StateOnline))
		if err := r.Renew(t.Context(), hub.StateOnline, "asleep"); err == nil {
			t.Error("a state that is none was taken")
		}
		on := func() string {
			must(t, r.Refresh(t.Context()))
			var out []string
			for _, d := range r.OnDuty() {
				out = append(out, fmt.Sprint(d.Agent, " ", d.Ready))
			}
			slices.Sort(out)
			return fmt.Sprint(out)
		}
		if got := on(); got != "[busy false online true]" { // who is busy keeps what they have, and is given nothing
			t.Errorf("on duty: %s", got)
		}
		here, err := r.Present(t.Context())
		if err != nil || len(here) != 5 {
			t.Errorf("present: %+v, %v", here, err)
		}
		time.Sleep(46 * time.Second)
		if got := on(); got != "[]" {
			t.Errorf("after the leases have run out: %s", got)
		}
	})
}

func TestTheBriefTellsWhatWasTriedAndWhatIsOwed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna)
		c, visitor := d.ask(t, "v1"), chat.Identity{Role: chat.RoleVisitor, ID: "v1"}
		must(t, d.Claim(t.Context(), anna, c.ID))
		seqs := map[string]int64{}
		for _, p := range []chat.Promise{
			{ID: "p1", Text: "call back", State: "open"}, {ID: "p2", Text: "send a label", State: "open"}, {ID: "p3", Text: "ask the carrier", State: "open"},
			{ID: "p1", Text: "call back", State: "kept"}, {ID: "p2", Text: "send a label", State: "renewed"}, {ID: "p3", Text: "ask the carrier", State: "broken"},
		} {
			stored, err := d.Commit(t.Context(), chat.Append{Conversation: c.ID, Events: []chat.Event{event(chat.KindPromise, p)}})
			must(t, err)
			seqs[p.ID+p.State] = stored.Events[0].Seq
		}
		must(t, d.Return(t.Context(), as(anna), c.ID))
		say(t, d.node, visitor, c, "2", "where is it")
		time.Sleep(time.Second)
		synctest.Wait()
		say(t, d.node, visitor, c, "3", "human")
		time.Sleep(time.Second)
		synctest.Wait()
		b := d.brief(t, c)
		want := []handoff.Line{{Text: "ask the carrier", Seq: seqs["p3open"]}, {Text: "send a label", Seq: seqs["p2renewed"]}}
		if !slices.Equal(b.Promised, want) {
			t.Errorf("promised %+v, want %+v", b.Promised, want)
		}
		if n := len(b.Tried); n == 0 || b.Tried[n-1].Text != "re:where is it" || b.Tried[n-1].Seq <= seqs["p3broken"] {
			t.Errorf("tried %+v", b.Tried)
		}
		if b.Handovers != 1 {
			t.Errorf("%d hand-overs", b.Handovers)
		}
	})
}
