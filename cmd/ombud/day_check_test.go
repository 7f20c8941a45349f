package main

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"sort"
	"time"

	"ombud/chat"
	"ombud/handoff"
	"ombud/storage"
)

// daySlack is how long somebody must have waited before they can have been passed over: events carry the time at which they
// were made, not the one at which they were stored and seen.
const daySlack = 2 * time.Second

// stretch is a time during which a conversation waited, and how it stood.
type stretch struct {
	from, to time.Time
	row      chat.Conversation
	dropped  map[string]bool // agents who had let go of it
}

// taking is a claim, by an agent or by a push.
type taking struct {
	at     time.Time
	agent  string
	pushed bool
	row    chat.Conversation // before
}

// hold is a time during which an agent had a conversation.
type hold struct{ from, to time.Time }

// ledgerOfDay is what the log says of the day.
type ledgerOfDay struct {
	d        *rehearsal
	waiting  []stretch
	takings  []taking
	holds    map[string][]hold
	figures  dayFigures
	waits    []time.Duration
	messages map[string]int64 // client id to seq, of the conversation that is read
}

// audit holds the day against its log, read from the database when the server is down.
func (d *rehearsal) audit(url string) dayFigures {
	d.t.Helper()
	db, err := storage.Open(d.t.Context(), storage.Options{URL: url})
	if err != nil {
		d.t.Fatal(err)
	}
	defer db.Close()
	l := &ledgerOfDay{d: d, holds: map[string][]hold{}}
	for _, c := range d.shoppers {
		if c.conversation == "" {
			d.fail("customer %d never got through", c.n)
			continue
		}
		if err := db.Verify(d.t.Context(), c.conversation); err != nil {
			d.fail("the log does not derive the row: %v", err)
		}
		if err := l.read(d.t.Context(), db, c); err != nil {
			d.fail("%v", err)
		}
	}
	l.figures.Chats = len(d.shoppers)
	l.rank()
	l.capacity()
	l.figures.wait(l.waits)
	return l.figures
}

// read walks through one conversation's log.
func (l *ledgerOfDay) read(ctx context.Context, db *storage.DB, c *shopper) error {
	events, err := db.Events(ctx, c.conversation, 0, 10_000)
	if err != nil {
		return fmt.Errorf("read the log of customer %d: %w", c.n, err)
	}
	l.figures.Events += len(events)
	l.messages = map[string]int64{}
	row, dropped := chat.Conversation{}, map[string]bool{}
	var since time.Time // of the stretch or hold that is on
	served := true      // no handoff is open that nobody took
	for i, e := range events {
		before := row
		if row, err = chat.Apply(row, e); err != nil {
			return fmt.Errorf("customer %d: %w", c.n, err)
		}
		l.event(c, before, e, dropped, &served)
		if row.Epoch == before.Epoch && row.Severity == before.Severity && row.Skill == before.Skill && row.ClockAt.Equal(before.ClockAt) && i < len(events)-1 {
			continue
		}
		l.stretch(before, since, e.At, dropped)
		since = e.At
	}
	l.stretch(row, since, since.Add(24*time.Hour), dropped) // whoever waits or holds at the end does so for good
	if row.Owner != chat.OwnerClosed && row.Owner != chat.OwnerBot || !served {
		l.d.fail("customer %d was lost: %s at level %d, served: %v", c.n, row.Owner, row.Level, served)
	}
	l.seen(c, events)
	return nil
}

// stretch notes how a conversation stood from one time to another.
func (l *ledgerOfDay) stretch(row chat.Conversation, from, to time.Time, dropped map[string]bool) {
	switch row.Owner {
	case chat.OwnerQueue, chat.OwnerTicket:
		copied := map[string]bool{}
		for k := range dropped {
			copied[k] = true
		}
		l.waiting = append(l.waiting, stretch{from, to, row, copied})
	case chat.OwnerAgent:
		l.holds[row.Agent] = append(l.holds[row.Agent], hold{from, to})
	}
}

// event notes what one event of a conversation's log tells, given the row before it.
func (l *ledgerOfDay) event(c *shopper, before chat.Conversation, e chat.Event, dropped map[string]bool, served *bool) {
	f := &l.figures
	var b struct{ Agent, By, Reason, Outcome, To string }
	_ = json.Unmarshal(e.Body, &b) // what has none of these is not asked for them
	switch e.Kind {
	case chat.KindMessage:
		f.Messages++
		if e.Role == chat.RoleAgent && (before.Owner != chat.OwnerAgent || before.Agent != e.Sender) {
			l.d.fail("customer %d was spoken to by %s, but %s %s had the chat", c.n, e.Sender, before.Owner, before.Agent)
		}
		if e.Role == chat.RoleVisitor {
			if _, twice := l.messages[e.ClientID]; twice {
				l.d.fail("%s is stored twice", e.ClientID)
			}
			l.messages[e.ClientID] = e.Seq
		}
	case chat.KindHandoffRequested:
		clear(dropped)
		f.Handoffs++
		*served = false
	case chat.KindHandoffClaimed:
		if before.Owner != chat.OwnerQueue && before.Owner != chat.OwnerTicket {
			l.d.fail("customer %d was served twice: %s claimed while %s %s had the chat", c.n, b.Agent, before.Owner, before.Agent)
		}
		if !*served {
			l.waits = append(l.waits, e.At.Sub(before.RequestedAt))
		}
		*served = true
		f.Claims++
		pushed := e.Role == chat.RoleSystem
		if pushed {
			f.Pushed++
		}
		l.takings = append(l.takings, taking{e.At, b.Agent, pushed, before})
	case chat.KindHandoffReleased, chat.KindHandoffTransferred, chat.KindHandoffEscalated:
		f.passed(e.Kind, b.By == "" && b.Reason == "clock", b.To != "")
		if b.Reason != "vanished" {
			dropped[b.Agent+b.By] = true
		}
	case chat.KindLeftMessage:
		f.Tickets++
	case chat.KindReturnedToBot:
		f.Returned++
	case chat.KindClosed:
		*served = true // the customer ended it, or an agent who had it
		if b.Outcome == "settled" && e.Role == chat.RoleAgent {
			f.Settled++
		}
	}
}

// seen holds what the customer was shown against the log: all of it, once, as long as they were there.
func (l *ledgerOfDay) seen(c *shopper, events []chat.Event) {
	for id, seq := range c.acked {
		if l.messages[id] != seq {
			l.d.fail("%s was acknowledged as %d and is %d", id, seq, l.messages[id])
		}
		l.figures.Acknowledged++
	}
	for _, e := range events {
		if e.Seq > c.since || !e.Kind.ForVisitor() {
			continue
		}
		if _, own := c.acked[e.ClientID]; own && e.Role == chat.RoleVisitor {
			continue
		}
		if kind, ok := c.shown[e.Seq]; !ok || kind != string(e.Kind) {
			l.d.fail("customer %d was not shown event %d (%s) of %d", c.n, e.Seq, e.Kind, c.since)
		}
	}
}

// rank looks for anybody who was passed over: who waited before and after a claim, fitted the agent, and ranked first.
func (l *ledgerOfDay) rank() {
	agents := map[string]handoff.Agent{}
	for _, a := range l.d.plan.Agents {
		u := a.user
		agents[u.ID] = handoff.Agent{ID: u.ID, Name: u.Name, Level: u.Level, Skills: u.Skills, Languages: u.Languages}
	}
	pushes := map[string]bool{"delivery": true, "billing": true}
	for _, k := range l.takings {
		early, late := k.at.Add(-daySlack), k.at.Add(daySlack)
		agent := agents[k.agent]
		l.figures.Ranked++
		if !agent.Fits(k.row) {
			l.d.fail("%s took %s, which is not theirs: level %d, %q, %q", k.agent, k.row.ID, k.row.Level, k.row.Skill, k.row.Language)
		}
		for _, x := range l.waiting {
			if x.row.ID == k.row.ID || x.from.After(early) || x.to.Before(late) || !agent.Fits(x.row) || x.dropped[k.agent] {
				continue
			}
			if k.pushed && (!pushes[x.row.Skill] || x.row.Owner == chat.OwnerTicket) {
				continue // those are picked
			}
			first := func(at time.Time) string { return handoff.Rank([]chat.Conversation{k.row, x.row}, at)[0].ID }
			if first(early) == x.row.ID && first(late) == x.row.ID {
				l.d.fail("%s took %s (%s, since %s) before %s (%s, since %s)", k.agent, k.row.ID, k.row.Severity, k.row.RequestedAt, x.row.ID, x.row.Severity, x.row.RequestedAt)
			}
		}
	}
}

// capacity looks for an agent who had more chats at once than they may, for longer than the slack.
func (l *ledgerOfDay) capacity() {
	for _, a := range l.d.plan.Agents {
		type step struct {
			at time.Time
			by int
		}
		var steps []step
		for _, h := range l.holds[a.user.ID] {
			if to := h.to.Add(-daySlack / 2); to.After(h.from) {
				steps = append(steps, step{h.from, 1}, step{to, -1})
			}
		}
		sort.Slice(steps, func(i, j int) bool {
			return steps[i].at.Before(steps[j].at) || steps[i].at.Equal(steps[j].at) && steps[i].by < steps[j].by
		})
		n := 0
		for _, s := range steps {
			if n += s.by; n > a.user.Capacity {
				l.d.fail("%s had %d chats at once", a.user.ID, n)
			}
			l.figures.MostHeld = max(l.figures.MostHeld, n)
		}
	}
}

func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(len(sorted)-1, int(q*float64(len(sorted))))]
}

func (f *dayFigures) wait(waits []time.Duration) {
	slices.Sort(waits)
	life := func(d time.Duration) float64 { return (d * dayPace).Minutes() }
	f.WaitMedian, f.WaitP90, f.WaitMost = life(quantile(waits, .5)), life(quantile(waits, .9)), life(quantile(waits, 1))
}
