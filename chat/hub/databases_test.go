package hub_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// times gives how often a test repeats itself: more where the environment says so, less with -short.
func times(t *testing.T, name string, normally, short int) int {
	t.Helper()
	text := os.Getenv(name)
	switch {
	case text != "":
	case testing.Short():
		return short
	default:
		return normally
	}
	n, err := strconv.Atoi(text)
	must(t, err)
	return n
}

// on starts a hub on a database.
func on(t *testing.T, db *storage.DB, w *wires, change func(*hub.Options)) *hub.Hub {
	t.Helper()
	o := hub.Options{Store: db, Line: db, Bus: w.node(), Bot: &parrot{}, NewID: ids(nil), Poll: 100 * time.Millisecond}
	change(&o)
	h, err := hub.New(o)
	must(t, err)
	t.Cleanup(func() { h.Close() })
	return h
}

// waits stores conversations that wait in the queue, all at once.
func waits(t *testing.T, db *storage.DB, n int, prefix string, h chat.Handoff) []string {
	t.Helper()
	var group sync.WaitGroup
	names := make([]string, n)
	for i := range n {
		names[i] = fmt.Sprintf("%s-%04d", prefix, i)
		group.Go(func() {
			request := h
			request.ID = "h-" + names[i]
			request.Level = max(1, h.Level)
			_, err := db.Append(context.Background(), chat.Append{Conversation: names[i], Events: []chat.Event{
				event(chat.KindOpened, chat.Opened{Site: "shop", Visitor: "v-" + names[i]}), event(chat.KindHandoffRequested, request),
			}})
			if err != nil {
				t.Errorf("queue %s: %v", names[i], err)
			}
		})
	}
	group.Wait()
	return names
}

func event(k chat.Kind, body any) chat.Event {
	data, err := json.Marshal(body)
	if err != nil {
		panic(err) // the bodies are this package's own
	}
	return chat.Event{Kind: k, Role: chat.RoleSystem, Body: data}
}

// insist tries again while the database is unavailable: on a machine with too much to do, a call may take longer than it is let.
func insist(try func() error) (err error) {
	for range 10 {
		if err = try(); !errors.Is(err, chat.ErrUnavailable) {
			return err
		}
	}
	return err
}

// patience is how long nothing may move before a test gives up: how long it takes in all is the machine's affair.
const patience = time.Minute

// until asks again and again how many of so many are done, and fails the test once that has not grown for a while.
func until(t *testing.T, what string, of int, done func() int) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for last, moved := -1, time.Now(); ; <-tick.C {
		n := done()
		switch {
		case n >= of:
			return
		case n > last:
			last, moved = n, time.Now()
		case time.Since(moved) > patience:
			t.Fatalf("waited in vain until %s: %d of %d, and no more for %s", what, n, of, patience)
		}
	}
}

// Three nodes push many chats at once to agents who have room for three each, while these claim what they can and close
// what they have: nobody ever holds a fourth.
func TestPushNeverGivesAFourthChat(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		const limit = 3
		chats := times(t, "OMBUD_TEST_PUSH_CHATS", 60, 24)
		agents := max(6, chats/25) // there is always far less room than there are chats
		db, theirs := open(), []*storage.DB{open(), open(), open()}
		for round := range times(t, "OMBUD_TEST_PUSH_ROUNDS", 1, 1) {
			team := &crew{}
			for i := range agents {
				team.here = append(team.here, hub.Duty{Agent: fmt.Sprintf("u-%d-%d", round, i), Name: "U", Level: 1, Capacity: limit, Ready: true})
			}
			names := waits(t, db, chats, fmt.Sprint("push-", round), chat.Handoff{})
			w := &wires{}
			var nodes []*hub.Hub
			for _, at := range theirs {
				nodes = append(nodes, on(t, at, w, func(o *hub.Options) {
					o.OnDuty, o.Rules = team.onDuty, func() handoff.Rules { return quick(handoff.Push) }
				}))
			}
			grab(t, nodes, team.here, names)
			var let atomic.Int64
			until(t, "all have been served", chats, func() int {
				var held []chat.Conversation
				must(t, insist(func() (err error) { held, err = db.Held(t.Context()); return err }))
				count := map[string]int{}
				for _, c := range held {
					if count[c.Agent]++; count[c.Agent] > limit {
						t.Fatalf("%s holds %d", c.Agent, count[c.Agent])
					}
				}
				var group sync.WaitGroup
				for i, c := range held { // an agent closes a chat and has room again
					group.Go(func() {
						who := chat.Identity{Role: chat.RoleAgent, ID: c.Agent, Name: "U"}
						if nodes[i%3].CloseConversation(t.Context(), who, c.ID, chat.Closed{Outcome: "settled"}) == nil {
							let.Add(1)
						}
					})
				}
				group.Wait()
				return int(let.Load())
			})
			for _, name := range names {
				must(t, db.Verify(t.Context(), name))
			}
			for _, n := range nodes {
				n.Close()
			}
			t.Logf("round %d: %d chats, %d agents", round+1, chats, agents)
		}
	})
}

// grab has every chat claimed at once, by one agent or another, on one node or another.
func grab(t *testing.T, nodes []*hub.Hub, team []hub.Duty, names []string) {
	var group sync.WaitGroup
	for i, name := range names {
		group.Go(func() {
			a := team[i%len(team)]
			u := chat.User{ID: a.Agent, Name: a.Name, Grade: chat.GradeAgent, Level: a.Level, Capacity: a.Capacity}
			err := insist(func() error { return nodes[i%len(nodes)].Claim(context.Background(), u, name) })
			if err != nil && !errors.Is(err, chat.ErrCapacity) && !errors.Is(err, chat.ErrTaken) && !errors.Is(err, chat.ErrStale) {
				t.Errorf("claim %s: %v", name, err)
			}
		})
	}
	group.Wait()
}

// Many clocks, three nodes, one of which dies again and again: each clock takes effect exactly once, none before its time.
func TestEveryClockTakesEffectOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, n := open(), times(t, "OMBUD_TEST_TIMERS", 200, 20)
		team := &crew{here: []hub.Duty{duty(clara)}}
		rules := quick(handoff.Pull)
		rules.Levels[1].Answer = nil // one escalation each
		begin := func() *hub.Hub {
			return on(t, db, &wires{}, func(o *hub.Options) {
				o.OnDuty, o.Rules, o.ClockEvery = team.onDuty, func() handoff.Rules { return rules }, 20*time.Millisecond
			})
		}
		now, err := db.Time(t.Context())
		must(t, err)
		var names []string
		for part := range 10 { // spread over a second, which begins while they are still being stored
			due := now.Add(time.Duration(1000+part*100) * time.Millisecond)
			names = append(names, waits(t, db, n/10, fmt.Sprint("clock-", part), chat.Handoff{DueAt: due, WarnAt: due.Add(-400 * time.Millisecond)})...)
		}
		begin()
		begin()
		mortal := begin()
		until(t, "all have gone up", len(names), func() (up int) {
			mortal.Close() // in the middle of whatever it does
			mortal = begin()
			queue, err := db.Queue(t.Context())
			must(t, err)
			for _, c := range queue {
				if c.Level > 1 {
					up++
				}
			}
			return up
		})
		for _, name := range names {
			events, err := db.Events(t.Context(), name, 0, 100)
			must(t, err)
			var kinds string
			for _, e := range events[1:] {
				kinds += string(e.Kind) + " "
				var b struct {
					DueAt  time.Time `json:"due_at"`
					WarnAt time.Time `json:"warn_at"`
				}
				must(t, json.Unmarshal(events[1].Body, &b))
				if e.Kind == chat.KindHandoffEscalated && e.At.Before(b.DueAt) || e.Kind == chat.KindClock && e.At.Before(b.WarnAt) {
					t.Errorf("%s: %s came at %s, early", name, e.Kind, e.At)
				}
			}
			// Where storing took longer than the time to the warning, it still comes before.
			if kinds != "handoff_requested clock handoff_escalated " {
				t.Errorf("%s: %s", name, kinds)
			}
			must(t, db.Verify(t.Context(), name))
		}
	})
}

// counting counts the looks at the clocks.
type counting struct {
	*storage.DB
	looks atomic.Int64
}

func (c *counting) DueClocks(ctx context.Context, limit int) ([]chat.Conversation, error) {
	defer c.looks.Add(1)
	return c.DB.DueClocks(ctx, limit)
}

func TestANodeWhoseClockIsAnHourAheadFiresNothingEarly(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		now, err := db.Time(t.Context())
		must(t, err)
		name := waits(t, db, 1, "early", chat.Handoff{DueAt: now.Add(10 * time.Minute)})[0]
		line := &counting{DB: db}
		on(t, db, &wires{}, func(o *hub.Options) {
			o.Line, o.ClockEvery = line, 10*time.Millisecond
			o.Now = func() time.Time { return time.Now().Add(time.Hour) }
		})
		until(t, "the clocks have been looked at a few times", 6, func() int { return int(line.looks.Load()) })
		c, err := db.Conversation(t.Context(), name)
		if err != nil || c.LastSeq != 2 {
			t.Errorf("the clock has fired: %+v, %v", c, err)
		}
	})
}

func TestAnnouncedWaitsAreMeasured(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		h := on(t, db, &wires{}, func(*hub.Options) {})
		begun := time.Now().Add(-time.Minute)
		right := waits(t, db, 2, "right", chat.Handoff{Estimate: &[2]int{0, 2}})
		wrong := waits(t, db, 1, "wrong", chat.Handoff{Estimate: &[2]int{10, 20}})
		silent := waits(t, db, 1, "silent", chat.Handoff{})
		for _, name := range append(append(right, wrong...), silent...) {
			must(t, h.Claim(t.Context(), anna, name))
		}
		got, err := h.WaitAccuracy(t.Context(), begun)
		if err != nil || got.Count != 3 || got.Covered < 0.6 || got.Covered > 0.7 || got.MedianError > 2*time.Minute {
			t.Errorf("%+v, %v", got, err)
		}
	})
}
