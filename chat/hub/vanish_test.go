package hub_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// leases keeps who is here in memory.
type leases struct {
	mu    sync.Mutex
	all   map[string]chat.Presence
	users []chat.User
}

func (l *leases) SavePresence(_ context.Context, p chat.Presence) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all[p.User] = p
	return nil
}

func (l *leases) KeepPresence(ctx context.Context, p chat.Presence) error {
	return l.SavePresence(ctx, p)
}

func (l *leases) Presences(context.Context) (out []chat.Presence, _ error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, p := range l.all {
		out = append(out, p)
	}
	return out, nil
}

func (l *leases) Users(context.Context) ([]chat.User, error) { return l.users, nil }

// Two hundred agents vanish, and a hundred more only reload. Two nodes look for the vanished.
func TestChatsOfVanishedAgentsGoBackToTheirPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const vanish, reload = 200, 100
		d := openDesk(t, handoff.DefaultRules())
		other := start(t, d.m, d.w, nil)
		l := &leases{all: map[string]chat.Presence{}}
		r := hub.NewRoster(hub.RosterOptions{Leases: l, Lease: 45 * time.Second, Grace: 15 * time.Second})
		var asked []chat.Conversation
		var users []chat.User
		for i := range vanish + reload {
			u := chat.User{ID: fmt.Sprintf("a%03d", i), Name: "A", Level: 1}
			c := d.ask(t, fmt.Sprintf("v%03d", i))
			must(t, r.Renew(t.Context(), u.ID, hub.StateOnline))
			must(t, d.Claim(t.Context(), u, c.ID))
			users, asked = append(users, u), append(asked, c)
		}
		for _, u := range users {
			must(t, r.Renew(t.Context(), u.ID, hub.StateOnline))
		}
		gone := time.Now()
		e := listen(t, d.node, asked[0], 0)
		for time.Since(gone) < 66*time.Second {
			time.Sleep(2 * time.Second)
			if at := time.Since(gone); at > 50*time.Second && at < 52*time.Second+time.Second {
				for _, u := range users[vanish:] { // past the lease, within the grace
					must(t, r.Renew(t.Context(), u.ID, hub.StateOnline))
				}
			}
			var group sync.WaitGroup
			for _, n := range []node{d.node, other} {
				group.Go(func() {
					if err := n.Reap(t.Context(), r); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			if time.Since(gone) < 60*time.Second && d.row(t, asked[0]).Owner != chat.OwnerAgent {
				t.Fatalf("taken away after %s", time.Since(gone))
			}
		}
		synctest.Wait()
		for i, c := range asked {
			if i < vanish {
				d.vanished(t, users[i], c)
			} else if row := d.row(t, c); row.Agent != users[i].ID {
				t.Errorf("%s reloaded and lost the chat: %+v", users[i].ID, row)
			}
		}
		told := 0
		for _, k := range e.kinds {
			if k == chat.KindHandoffReleased && k.ForVisitor() {
				told++
			}
		}
		if told != 1 {
			t.Errorf("the customer was told %d times", told)
		}
	})
}

// vanished requires that the chat of somebody who vanished is back at its place, and that what they say late is refused.
func (d desk) vanished(t *testing.T, u chat.User, c chat.Conversation) {
	t.Helper()
	row := d.row(t, c)
	if row.Owner != chat.OwnerQueue || !row.RequestedAt.Equal(c.RequestedAt) || d.log(c) != "claimed released:vanished" {
		t.Errorf("chat of %s: %s since %s, %q", u.ID, row.Owner, row.RequestedAt, d.log(c))
	}
	if _, _, err := d.Say(t.Context(), as(u), c.ID, "late", "sorry, I was away"); !errors.Is(err, chat.ErrStale) {
		t.Errorf("the late message of %s: %v", u.ID, err)
	}
}

// The same with leases and chats in real databases, in short.
func TestVanishedAgentsOverRealDatabases(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, n := open(), times(t, "OMBUD_TEST_VANISH", 20, 6)
		names := waits(t, db, n, "vanish", chat.Handoff{})
		// A clock that only the steps move: however long they take, no lease runs out on its own.
		var ahead atomic.Int64
		began := time.Now().UTC()
		later := func() time.Time { return began.Add(time.Duration(ahead.Load())) }
		var nodes []*hub.Hub
		var rosters []*hub.Roster
		for range 2 {
			at := open()
			nodes = append(nodes, on(t, at, &wires{}, func(o *hub.Options) { o.Now, o.ClockEvery = later, time.Hour }))
			rosters = append(rosters, hub.NewRoster(hub.RosterOptions{Leases: at, Now: later}))
		}
		var before []chat.Conversation
		for i, name := range names {
			u := chat.User{ID: fmt.Sprint("u", i), Email: fmt.Sprint(i, "@example.com"), Name: "U", Grade: chat.GradeAgent, Level: 1}
			must(t, db.CreateUser(t.Context(), u))
			must(t, rosters[0].Renew(t.Context(), u.ID, hub.StateOnline))
			c, err := db.Conversation(t.Context(), name)
			must(t, err)
			before = append(before, c)
			must(t, nodes[i%2].Claim(t.Context(), u, name))
		}
		for step, held := range []int{n, n, 0, 0} { // now, within the grace, past it, once more
			ahead.Store(int64([]time.Duration{0, 45 * time.Second, 49 * time.Second, 50 * time.Second}[step]))
			var group sync.WaitGroup
			for i, node := range nodes {
				group.Go(func() {
					if err := node.Reap(t.Context(), rosters[i]); err != nil {
						t.Error(err)
					}
				})
			}
			group.Wait()
			if got, err := db.Held(t.Context()); err != nil || len(got) != held {
				t.Fatalf("step %d: %d chats are held, want %d: %v", step, len(got), held, err)
			}
		}
		for i, name := range names {
			c, err := db.Conversation(t.Context(), name)
			must(t, err)
			if c.Owner != chat.OwnerQueue || !c.RequestedAt.Equal(before[i].RequestedAt) || c.LastSeq != before[i].LastSeq+2 {
				t.Errorf("%s came back as %+v", name, c)
			}
			must(t, db.Verify(t.Context(), name))
		}
	})
}
