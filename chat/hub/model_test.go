package hub_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// life is a model of handoffs: what each conversation's row must be after every step, over two hubs on one database.
type life struct {
	t     *testing.T
	r     *rapid.T
	db    *storage.DB
	hubs  [2]*hub.Hub
	line  *pastLine
	team  *crew
	all   []chat.User
	away  map[string]bool
	limit handoff.Rules
	turns int
	of    []string
	prior map[string]chat.Conversation
	lease *leases
	boss  chat.User                  // takes over, and is not on duty
	drops map[string]map[string]bool // conversation to those who let go of the open handoff
	left  map[string]bool            // conversations that are messages which were left
}

// pastLine is a database whose clocks the test moves.
type pastLine struct {
	*storage.DB
	ahead atomic.Int64
}

func (p *pastLine) now() time.Time {
	return time.Now().Add(time.Duration(p.ahead.Load())).UTC().Truncate(time.Microsecond)
}

func (p *pastLine) DueClocks(ctx context.Context, _ int) ([]chat.Conversation, error) {
	waiting, err := p.Queue(ctx)
	if err != nil {
		return nil, err
	}
	held, err := p.Held(ctx)
	var due []chat.Conversation
	for _, c := range append(waiting, held...) {
		if !c.ClockAt.IsZero() && !c.ClockAt.After(p.now()) {
			due = append(due, c)
		}
	}
	return due, err
}

const modelCapacity = 2

func (l *life) pick(what string) chat.User { return rapid.SampledFrom(l.all).Draw(l.r, what) }
func (l *life) hub() *hub.Hub              { l.turns++; return l.hubs[l.turns%2] }

func (l *life) chat() chat.Conversation {
	return l.prior[rapid.SampledFrom(l.of).Draw(l.r, "chat")]
}

func (l *life) held(agent string) int {
	n := 0
	for _, c := range l.prior {
		if c.Owner == chat.OwnerAgent && c.Agent == agent {
			n++
		}
	}
	return n
}

// there reports whether somebody but one agent is on duty at a level.
func (l *life) there(level int, except string) bool {
	return slices.ContainsFunc(l.all, func(u chat.User) bool { return !l.away[u.ID] && u.ID != except && u.Level >= level })
}

// onlyHolder is what comes of an act that only the holder may do.
func onlyHolder(c chat.Conversation, u chat.User) error {
	switch {
	case c.Owner == chat.OwnerAgent && c.Agent == u.ID:
		return nil
	case c.Owner == chat.OwnerAgent:
		return chat.ErrTaken
	}
	return chat.ErrStale
}

// after holds the outcome of a step against what the model says: the error, or the row.
func (l *life) after(what string, c chat.Conversation, err, want error, change func(*chat.Conversation)) {
	l.r.Helper()
	if !errors.Is(err, want) || (want == nil && err != nil) {
		l.r.Fatalf("%s of %s (%s, %q, level %d): got %v, want %v", what, c.ID, c.Owner, c.Agent, c.Level, err, want)
	}
	row, readErr := l.db.Conversation(l.t.Context(), c.ID)
	must(l.t, readErr)
	expect := c
	if want == nil {
		change(&expect)
	}
	if row.Owner != expect.Owner || row.Agent != expect.Agent || row.Level != expect.Level || row.Handovers != expect.Handovers {
		l.r.Fatalf("%s of %s: now %s %q level %d, %d hand-overs, want %s %q level %d, %d", what, c.ID,
			row.Owner, row.Agent, row.Level, row.Handovers, expect.Owner, expect.Agent, expect.Level, expect.Handovers)
	}
	if runs := row.Owner != chat.OwnerBot && row.Owner != chat.OwnerClosed; runs == row.ClockAt.IsZero() {
		l.r.Fatalf("%s of %s: %s, looked at again at %s", what, c.ID, row.Owner, row.ClockAt)
	}
	l.prior[c.ID] = row
}

// back is how a conversation waits once nobody holds it: a message that was left stays one until its customer writes to an agent.
func (l *life) back(c chat.Conversation) chat.Owner {
	if l.left[c.ID] {
		return chat.OwnerTicket
	}
	return chat.OwnerQueue
}

func give(owner chat.Owner, agent string) func(*chat.Conversation) {
	return func(c *chat.Conversation) {
		c.Owner, c.Agent = owner, agent
		if agent != "" {
			c.Handovers++
		}
	}
}

func (l *life) ask(*rapid.T) {
	c := l.chat()
	if c.Owner != chat.OwnerBot {
		return
	}
	level := rapid.IntRange(1, 3).Draw(l.r, "level")
	ask := chat.Handoff{ID: fmt.Sprint("h-", c.ID, "-", c.LastSeq), Level: level, DueAt: l.line.now().Add(time.Hour)}
	_, err := l.db.Append(l.t.Context(), chat.Append{Conversation: c.ID, Events: []chat.Event{event(chat.KindHandoffRequested, ask)}})
	l.after("ask", c, err, nil, func(c *chat.Conversation) { c.Owner, c.Level = chat.OwnerQueue, level })
	l.left[c.ID] = false
	l.drops[c.ID] = map[string]bool{}
}

// dropped notes who let go of a conversation that they held.
func (l *life) dropped(c chat.Conversation, u chat.User, want error) {
	if want == nil && c.Agent == u.ID {
		l.drops[c.ID][u.ID] = true
	}
}

func (l *life) claim(*rapid.T) {
	c, u := l.chat(), l.pick("agent")
	var want error
	switch {
	case c.Owner == chat.OwnerAgent && c.Agent != u.ID:
		want = chat.ErrTaken
	case c.Owner != chat.OwnerQueue && c.Owner != chat.OwnerTicket:
		want = chat.ErrStale
	case c.Level > u.Level:
		want = chat.ErrForbidden
	case l.held(u.ID) >= modelCapacity:
		want = chat.ErrCapacity
	}
	l.after("claim by "+u.ID, c, l.hub().Claim(l.t.Context(), u, c.ID), want, give(chat.OwnerAgent, u.ID))
}

// race lets everybody claim at once: one of those who fit and have room gets it.
func (l *life) race(*rapid.T) {
	c := l.chat()
	if c.Owner != chat.OwnerQueue {
		return
	}
	var group sync.WaitGroup
	var won atomic.Int64
	can := slices.ContainsFunc(l.all, func(u chat.User) bool { return u.Level >= c.Level && l.held(u.ID) < modelCapacity })
	for i, u := range l.all {
		group.Go(func() {
			if l.hubs[i%2].Claim(l.t.Context(), u, c.ID) == nil {
				won.Add(1)
			}
		})
	}
	group.Wait()
	if got := won.Load(); (got == 1) != can || got > 1 {
		l.r.Fatalf("race for %s: %d won, somebody could: %v", c.ID, got, can)
	}
	row, err := l.db.Conversation(l.t.Context(), c.ID)
	must(l.t, err)
	l.prior[c.ID] = row
}

func (l *life) release(*rapid.T) {
	c, u := l.chat(), l.pick("agent")
	l.after("release by "+u.ID, c, l.hub().Release(l.t.Context(), as(u), c.ID), onlyHolder(c, u), give(l.back(c), ""))
	l.dropped(c, u, onlyHolder(c, u))
}

func (l *life) transfer(*rapid.T) {
	c, u, to := l.chat(), l.pick("agent"), l.pick("to")
	want := onlyHolder(c, u)
	change := give(chat.OwnerAgent, to.ID)
	switch up := c.Handovers >= l.limit.Handovers && to.Level <= c.Level && c.Level < 4 && l.there(c.Level+1, u.ID); {
	case want != nil:
	case to.ID == u.ID, l.away[to.ID], to.Level < c.Level:
		want = chat.ErrInvalid
	case up:
		change = func(c *chat.Conversation) { c.Owner, c.Agent, c.Level = l.back(*c), "", c.Level+1 }
	case l.held(to.ID) >= modelCapacity:
		want = chat.ErrCapacity
	}
	err := l.hub().Transfer(l.t.Context(), as(u), c.ID, chat.Transferred{To: to.ID})
	l.after("transfer by "+u.ID+" to "+to.ID, c, err, want, change)
	l.dropped(c, u, want)
}

func (l *life) escalate(*rapid.T) {
	c, u := l.chat(), l.pick("agent")
	want := onlyHolder(c, u)
	if c.Owner == chat.OwnerQueue || c.Owner == chat.OwnerTicket {
		want = nil
	}
	if c.Level >= chat.LevelExecutive {
		want = chat.ErrInvalid
	}
	err := l.hub().Escalate(l.t.Context(), as(u), c.ID, chat.Escalated{Reason: "asked"})
	l.after("escalation by "+u.ID, c, err, want, func(c *chat.Conversation) {
		c.Owner, c.Agent, c.Level = l.back(*c), "", c.Level+1
	})
	l.dropped(c, u, want)
}

func (l *life) giveBack(*rapid.T) {
	c, u := l.chat(), l.pick("agent")
	l.after("return by "+u.ID, c, l.hub().Return(l.t.Context(), as(u), c.ID), onlyHolder(c, u), give(chat.OwnerBot, ""))
	l.left[c.ID] = l.left[c.ID] && l.prior[c.ID].Owner != chat.OwnerBot
}

func (l *life) end(*rapid.T) {
	c, u := l.chat(), l.pick("agent")
	err := l.hub().CloseConversation(l.t.Context(), as(u), c.ID, chat.Closed{Outcome: "settled"})
	l.after("close by "+u.ID, c, err, onlyHolder(c, u), give(chat.OwnerClosed, ""))
}

// come changes who is on duty.
func (l *life) come(*rapid.T) {
	u := l.pick("agent")
	l.away[u.ID] = !l.away[u.ID]
	l.onDuty()
}

func (l *life) onDuty() {
	var here []hub.Duty
	for _, u := range l.all {
		if !l.away[u.ID] {
			here = append(here, duty(u))
		}
	}
	l.team.set(here...)
}

// both runs something on both hubs at once.
func (l *life) both(f func(h *hub.Hub)) {
	var group sync.WaitGroup
	for _, h := range l.hubs {
		group.Go(func() { f(h) })
	}
	group.Wait()
}

// breach lets two hours pass: each clock that is due goes up once if somebody is there, and else is put off.
func (l *life) breach(*rapid.T) {
	l.line.ahead.Add(int64(2 * time.Hour))
	due := map[string]bool{}
	for _, id := range l.of {
		at := l.prior[id].ClockAt
		due[id] = !at.IsZero() && !at.After(l.line.now())
	}
	l.both(func(h *hub.Hub) { h.RingAll() })
	for _, id := range l.of {
		c := l.prior[id]
		more := int64(0)
		if due[id] {
			more = 1
		}
		l.after("breach", c, nil, nil, func(c *chat.Conversation) {
			if due[id] && c.Level < 4 && l.there(c.Level+1, c.Agent) {
				c.Owner, c.Agent, c.Level = l.back(*c), "", c.Level+1
			}
		})
		if got := l.prior[id].LastSeq - c.LastSeq; got != more {
			l.r.Fatalf("breach of %s: %d events, want %d", id, got, more)
		}
	}
}

func (l *life) vanish(*rapid.T) {
	u := l.pick("agent")
	l.lease.mu.Lock()
	l.lease.all = map[string]chat.Presence{u.ID: {User: u.ID, State: hub.StateOnline, ExpiresAt: time.Unix(1, 0)}}
	l.lease.mu.Unlock()
	l.both(func(h *hub.Hub) {
		if err := h.Reap(l.t.Context(), hub.NewRoster(hub.RosterOptions{Leases: l.lease})); err != nil {
			l.t.Error(err)
		}
	})
	for _, id := range l.of {
		c := l.prior[id]
		l.after("vanishing", c, nil, nil, func(c *chat.Conversation) {
			if c.Owner == chat.OwnerAgent && c.Agent == u.ID {
				c.Owner, c.Agent = l.back(*c), ""
			}
		})
		if !l.prior[id].RequestedAt.Equal(c.RequestedAt) {
			l.r.Fatalf("%s lost its place when %s vanished", id, u.ID)
		}
	}
}

// The whole life of handoffs, at random: every step does what the model says, and the log derives every row.
func TestLifeOfAHandoff(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		rules := quick(handoff.Pull)
		rules.WarnShare, rules.Recent, rules.Ticket = 0, 0, handoff.Span(time.Minute)
		for i := range rules.Levels {
			rules.Levels[i].Settle = rules.Levels[i].Answer
		}
		line := &pastLine{DB: open()}
		l := &life{t: t, db: line.DB, line: line, team: &crew{}, limit: rules, lease: &leases{all: map[string]chat.Presence{}}}
		w := &wires{}
		for i := range l.hubs {
			l.hubs[i] = on(t, line.DB, w, func(o *hub.Options) {
				o.Line, o.OnDuty, o.Rules, o.Now = line, l.team.onDuty, func() handoff.Rules { return rules }, line.now
				o.ClockEvery, o.Poll = 24*time.Hour, time.Hour
				o.TurnPause, o.ReopenFor = 100_000*time.Hour, 100_000*time.Hour // the bot keeps out of it
			})
		}
		histories := 0
		for range times(t, "OMBUD_TEST_LIVES", 1, 1) { // a hundred lives each, twenty with -short
			rapid.Check(t, func(r *rapid.T) {
				histories++
				l.begin(r, histories)
				r.Repeat(map[string]func(*rapid.T){
					"ask": l.ask, "ask again": l.ask, "claim": l.claim, "claim again": l.claim, "race": l.race, "release": l.release,
					"transfer": l.transfer, "transfer again": l.transfer, "escalate": l.escalate, "return": l.giveBack,
					"close": l.end, "come and go": l.come, "breach": l.breach, "vanish": l.vanish,
					"take over": l.takeOver, "leave a message": l.leave, "speak": l.speak, "push": l.push, "push again": l.push,
				})
				for _, id := range l.of {
					must(t, l.db.Verify(t.Context(), id))
					if l.prior[id].Owner != chat.OwnerClosed { // the next life is to be alone
						_, err := l.db.Append(t.Context(), chat.Append{Conversation: id, Events: []chat.Event{event(chat.KindClosed, chat.Closed{})}})
						must(t, err)
					}
				}
			})
		}
	})
}

func (l *life) begin(r *rapid.T, n int) {
	l.r, l.all, l.of, l.away, l.prior, l.drops = r, nil, nil, map[string]bool{}, map[string]chat.Conversation{}, map[string]map[string]bool{}
	l.left = map[string]bool{}
	l.boss = chat.User{ID: fmt.Sprintf("boss%d", n), Name: "B", Grade: chat.GradeSupervisor, Level: 4}
	for i, level := range []int{1, 1, 2, 3, 4} {
		l.all = append(l.all, chat.User{
			ID: fmt.Sprintf("u%d-%d", n, i), Name: "U", Grade: chat.GradeAgent, Level: level, Capacity: modelCapacity,
		})
	}
	l.onDuty()
	for i := range 3 {
		id := fmt.Sprintf("life-%d-%d", n, i)
		a, err := l.db.Append(l.t.Context(), chat.Append{Conversation: id, Events: []chat.Event{
			event(chat.KindOpened, chat.Opened{Site: "shop", Visitor: "v-" + id}),
		}})
		must(l.t, err)
		l.of = append(l.of, id)
		l.drops[id] = map[string]bool{}
		l.prior[id] = a.Conversation
	}
}
