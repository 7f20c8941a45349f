package storage_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// operation is one thing a sender does in a random history.
type operation struct {
	Sender int
	Kind   string
	Retry  bool // send the sender's latest message again
}

var operations = rapid.SliceOfN(rapid.Custom(func(t *rapid.T) operation {
	return operation{
		Sender: rapid.IntRange(0, 7).Draw(t, "sender"),
		Kind: rapid.SampledFrom([]string{
			"say", "say", "say", "say", "ask", "claim", "release", "transfer", "escalate", "return", "label", "leave", "close", "reopen",
		}).Draw(t, "kind"),
		Retry: rapid.Bool().Draw(t, "retry"),
	}
}), 20, 200)

// Eight senders on two nodes do at random what people and bots do. Whatever comes of it, the log has no gap, no
// message twice, and derives the stored rows.
func TestRandomHistoriesKeepTheLogWhole(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		nodes := []*storage.DB{open(), open()}
		var histories atomic.Int64
		for range times(t, "OMBUD_TEST_HISTORIES", 1, 1) {
			rapid.Check(t, func(r *rapid.T) {
				conversation := fmt.Sprintf("history-%d", histories.Add(1))
				add(t, nodes[0], conversation, opened("v0"))
				playHistory(t, r, nodes, conversation, operations.Draw(r, "history"))
			})
		}
	})
}

func playHistory(t *testing.T, r *rapid.T, nodes []*storage.DB, conversation string, history []operation) {
	var group sync.WaitGroup
	var stored, failed atomic.Int64
	stored.Store(1)
	for sender := range 8 {
		group.Go(func() {
			said := 0
			for _, op := range history {
				if op.Sender != sender {
					continue
				}
				if op.Kind == "say" && (!op.Retry || said == 0) {
					said++
				}
				got, err := nodes[sender%2].Append(t.Context(), appendFor(op, conversation, said))
				switch {
				case err == nil && !got.Duplicate:
					stored.Add(int64(len(got.Events)))
				case err != nil && !expected(err):
					failed.Add(1)
					t.Errorf("%s by %d: %v", op.Kind, sender, err)
				}
			}
		})
	}
	group.Wait()
	if failed.Load() > 0 {
		r.FailNow()
	}
	events := checkLog(t, nodes[0], conversation, int(stored.Load()))
	seen := map[string]bool{}
	for _, e := range events {
		if key := e.Sender + "/" + e.ClientID; e.ClientID != "" {
			if seen[key] {
				r.Fatalf("message %s is stored twice", key)
			}
			seen[key] = true
		}
	}
}

func expected(err error) bool {
	return errors.Is(err, chat.ErrStale) || errors.Is(err, chat.ErrTaken) || errors.Is(err, chat.ErrCapacity)
}

// appendFor gives what an operation writes; said counts the sender's messages so far.
func appendFor(op operation, conversation string, said int) chat.Append {
	who := fmt.Sprintf("u%d", op.Sender)
	a := chat.Append{Conversation: conversation}
	agent := func(kind chat.Kind, body any) { a.Events = []chat.Event{event(kind, chat.RoleAgent, who, body)} }
	switch op.Kind {
	case "say":
		a.Events = []chat.Event{say(who, fmt.Sprint(said), fmt.Sprint("message ", said, " of ", who))}
	case "ask":
		a.Events = []chat.Event{requested(fmt.Sprintf("h-%s-%s-%d", conversation, who, said))}
		a.Expect.Owners = []chat.Owner{chat.OwnerBot}
	case "claim":
		a = claim(conversation, who, 3)
	case "release":
		agent(chat.KindHandoffReleased, chat.Released{Agent: who, Reason: "released"})
		a.Expect.Holder = who
	case "transfer":
		agent(chat.KindHandoffTransferred, chat.Transferred{By: who, To: "u0", ToName: "Zero", Skill: "delivery"})
		a.Expect.Holder = who
	case "escalate":
		agent(chat.KindHandoffEscalated, chat.Escalated{By: who, Level: 2, Reason: "asked", DueAt: start})
		a.Expect.Owners = []chat.Owner{chat.OwnerQueue, chat.OwnerAgent}
	case "return":
		agent(chat.KindReturnedToBot, chat.Returned{By: who, State: []byte(`{"misses":0}`)})
		a.Expect.Holder = who
	case "label":
		agent(chat.KindHandoffLabelled, chat.Labelled{Label: "too_late"})
	case "leave":
		a.Events = []chat.Event{event(chat.KindLeftMessage, chat.RoleVisitor, who, chat.LeftMessage{Text: "call me"})}
		a.Expect.Owners = []chat.Owner{chat.OwnerQueue}
	case "close":
		agent(chat.KindClosed, chat.Closed{By: who, Cause: "late_delivery", Outcome: "settled"})
		a.Expect.Owners = []chat.Owner{chat.OwnerAgent, chat.OwnerTicket}
	case "reopen":
		agent(chat.KindReopened, chat.Reopened{Owner: chat.OwnerQueue, Level: 3, Reason: "by_agent"})
		a.Expect.Owners = []chat.Owner{chat.OwnerClosed}
	}
	return a
}
