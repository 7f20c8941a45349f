package storage_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"

	"ombud/chat"
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
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// atOnce runs work n times at the same time, released together.
func atOnce(n int, work func(i int)) {
	var group sync.WaitGroup
	gate := make(chan struct{})
	for i := range n {
		group.Go(func() {
			<-gate
			work(i)
		})
	}
	close(gate)
	group.Wait()
}

// Of a thousand agents who claim one chat at the same time, over two nodes, one gets it and the others learn who.
func TestOneOfAThousandClaimsWins(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		nodes := []*storage.DB{open(), open()}
		for round := range times(t, "OMBUD_TEST_CLAIM_ROUNDS", 20, 2) {
			conversation := id("c", round)
			add(t, nodes[0], conversation, opened("v1"), requested(id("h", round)))
			var won atomic.Int64
			var winner atomic.Value
			losers := make([]error, times(t, "OMBUD_TEST_CLAIMS", 1000, 200))
			atOnce(len(losers), func(i int) {
				agent := id("agent", i)
				_, err := nodes[i%2].Append(t.Context(), claim(conversation, agent, 0))
				if err == nil {
					won.Add(1)
					winner.Store(agent)
				}
				losers[i] = err
			})
			if won.Load() != 1 {
				t.Fatalf("round %d: %d claims won", round, won.Load())
			}
			for _, err := range losers {
				var taken *chat.TakenError
				if err != nil && (!errors.As(err, &taken) || taken.AgentID != winner.Load() || taken.Name != "Agent "+taken.AgentID) {
					t.Fatalf("round %d: a loser got %v, the winner is %v", round, err, winner.Load())
				}
			}
			checkLog(t, nodes[1], conversation, 3)
		}
	})
}

// Every message is sent one to five times, at the same time, over two nodes: it is stored once, and every
// answer names the same seq.
func TestRetriesAreStoredOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		nodes := []*storage.DB{open(), open()}
		const conversations, senders = 50, 50
		sends := times(t, "OMBUD_TEST_SENDS", 10_000, 250)
		for c := range conversations {
			add(t, nodes[0], id("c", c), opened("v1"))
		}
		random := rand.New(rand.NewPCG(1, 2))
		tries := make([]int, sends)
		for i := range tries {
			tries[i] = 1 + random.IntN(5)
		}
		var next atomic.Int64
		atOnce(senders, func(int) {
			for i := int(next.Add(1)) - 1; i < sends && !t.Failed(); i = int(next.Add(1)) - 1 {
				seqs := make([]int64, tries[i])
				atOnce(tries[i], func(try int) {
					got, err := nodes[(i+try)%2].Append(t.Context(), chat.Append{
						Conversation: id("c", i%conversations), Events: []chat.Event{say("v1", id("m", i), "text of "+id("m", i))},
					})
					if err != nil {
						t.Errorf("send %d: %v", i, err)
						return
					}
					seqs[try] = got.Events[0].Seq
				})
				for _, seq := range seqs {
					if seq != seqs[0] && !t.Failed() {
						t.Errorf("send %d was answered with seqs %v", i, seqs)
					}
				}
			}
		})
		for c := range conversations {
			checkLog(t, nodes[0], id("c", c), 1+sends/conversations)
		}
	})
}

// Agents with room for three chats are offered many more at the same time, over three nodes.
func TestCapacityIsNeverExceeded(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		nodes := []*storage.DB{open(), open(), open()}
		const limit, chats = 3, 60
		for round := range times(t, "OMBUD_TEST_CAPACITY_ROUNDS", 4, 1) {
			agents := []string{id("ann", round), id("bob", round)}
			name := func(i int) string { return fmt.Sprintf("c-%d-%d", round, i) }
			for i := range chats {
				add(t, nodes[0], name(i), opened("v1"), requested("h-"+name(i)))
			}
			var won, full atomic.Int64
			atOnce(chats, func(i int) {
				_, err := nodes[i%3].Append(t.Context(), claim(name(i), agents[i%2], limit))
				switch {
				case err == nil:
					won.Add(1)
				case errors.Is(err, chat.ErrCapacity):
					full.Add(1)
				default:
					t.Errorf("claim %d: %v", i, err)
				}
			})
			if won.Load() != 2*limit || full.Load() != chats-2*limit {
				t.Fatalf("round %d: %d claims won and %d were refused", round, won.Load(), full.Load())
			}
			for _, agent := range agents {
				held, err := nodes[round%3].HeldBy(t.Context(), agent)
				if err != nil || len(held) != limit {
					t.Fatalf("round %d: %s holds %d chats: %v", round, agent, len(held), err)
				}
			}
		}
	})
}

// A place that one append of a batch frees is there for the next, and a transfer counts like a claim.
func TestCapacityFollowsReleaseAndTransfer(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		for i := range 3 {
			add(t, db, id("c", i), opened("v1"), requested(id("h", i)))
		}
		step := func(a chat.Append, want error) {
			t.Helper()
			if _, err := db.Append(t.Context(), a); !errors.Is(err, want) {
				t.Fatalf("got %v, want %v", err, want)
			}
		}
		step(claim(id("c", 0), "ann", 1), nil)
		step(claim(id("c", 1), "ann", 1), chat.ErrCapacity)
		step(claim(id("c", 1), "bob", 1), nil)
		transfer := chat.Append{
			Conversation: id("c", 1), Capacity: 1, Expect: chat.Expect{Holder: "bob"},
			Events: []chat.Event{event(chat.KindHandoffTransferred, chat.RoleAgent, "bob", chat.Transferred{To: "ann", ToName: "Agent ann"})},
		}
		step(transfer, chat.ErrCapacity)
		step(chat.Append{
			Conversation: id("c", 0), Expect: chat.Expect{Holder: "ann"},
			Events: []chat.Event{event(chat.KindHandoffReleased, chat.RoleAgent, "ann", chat.Released{Agent: "ann", Reason: "released"})},
		}, nil)
		step(transfer, nil)
		step(claim(id("c", 2), "bob", 1), nil)
	})
}
