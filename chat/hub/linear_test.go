package hub_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// act is one call of a history: who tried what, and what they were told.
type act struct {
	agent   string
	release bool
	to      string // of a transfer
}

type told struct {
	ok     bool
	holder string // of a refusal that named one
}

// register is the specification: one holder or none; a claim takes what is free, a release frees what is one's own, and a
// transfer gives it to another. A refusal that names a holder must be true at some moment of the call; one that says "moved on" binds nobody.
var register = porcupine.Model{
	Init: func() any { return "" },
	Step: func(state, input, output any) (bool, any) {
		holder, a, out := state.(string), input.(act), output.(told)
		switch {
		case out.ok && a.to != "":
			return holder == a.agent, a.to
		case out.ok && a.release:
			return holder == a.agent, ""
		case out.ok:
			return holder == "", a.agent
		case out.holder != "":
			return holder == out.holder, holder
		}
		return true, holder
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v -> %+v", input, output) },
}

// Six agents on two nodes claim, release and transfer one chat as fast as they can. Their history must be one that a single holder
// could have had.
func TestClaimsReleasesAndTransfersAreLinearizable(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		rules := handoff.DefaultRules()
		rules.Handovers = 0
		w := &wires{}
		var nodes [2]*hub.Hub
		db := open()
		for i := range nodes {
			nodes[i] = on(t, open(), w, func(o *hub.Options) {
				o.Rules, o.ClockEvery = func() handoff.Rules { return rules }, time.Hour
			})
		}
		for round := range times(t, "OMBUD_TEST_LINEAR", 5, 1) {
			name := waits(t, db, 1, fmt.Sprint("linear-", round), chat.Handoff{})[0]
			history := record(t, nodes, name, 40)
			if got := porcupine.CheckOperationsTimeout(register, history, 30*time.Second); got != porcupine.Ok {
				t.Fatalf("round %d: %s, %+v", round, got, history)
			}
			must(t, db.Verify(t.Context(), name))
		}
	})
}

func record(t *testing.T, nodes [2]*hub.Hub, conversation string, calls int) []porcupine.Operation {
	var mu sync.Mutex
	var history []porcupine.Operation
	var group sync.WaitGroup
	begun := time.Now()
	for i := range 6 {
		group.Go(func() {
			u := chat.User{ID: fmt.Sprint("u", i), Name: fmt.Sprint("u", i), Grade: chat.GradeAgent, Level: 1}
			for range calls {
				a := act{agent: u.ID, release: rand.IntN(2) == 0}
				if to := fmt.Sprint("u", rand.IntN(6)); to != u.ID && rand.IntN(4) == 0 {
					a = act{agent: u.ID, to: to}
				}
				call := time.Since(begun)
				var err error
				switch {
				case a.to != "":
					err = nodes[i%2].Transfer(t.Context(), as(u), conversation, chat.Transferred{To: a.to, ToName: a.to})
				case a.release:
					err = nodes[i%2].Release(t.Context(), as(u), conversation)
				default:
					err = nodes[i%2].Claim(t.Context(), u, conversation)
				}
				op := porcupine.Operation{ClientId: i, Input: a, Call: int64(call), Return: int64(time.Since(begun))}
				var taken *chat.TakenError
				switch {
				case err == nil:
					op.Output = told{ok: true}
				case errors.As(err, &taken):
					op.Output = told{holder: taken.AgentID}
				case errors.Is(err, chat.ErrStale):
					op.Output = told{}
				default:
					t.Errorf("%+v: %v", a, err)
					return
				}
				mu.Lock()
				history = append(history, op)
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return history
}
