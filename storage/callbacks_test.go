package storage_test

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// Many customers ask at once, over two nodes, to be called in slots that overlap: as many get one as there is room for. Somebody
// who moves their call makes room, and does not stand in their own way.
func TestASlotTakesNoMoreCallsThanItHasRoomFor(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		const most = 3
		nodes := []*storage.DB{open(), open()}
		for round := range times(t, "OMBUD_TEST_CALL_ROUNDS", 3, 1) {
			from := time.Date(2026, 5, 4+round, 10, 0, 0, 0, time.UTC)
			var got, refused atomic.Int64
			atOnce(40, func(i int) {
				name := id("call", 100*round+i)
				if _, err := nodes[i%2].Append(t.Context(), chat.Append{Conversation: name, Events: []chat.Event{opened("v")}}); err != nil {
					t.Error(err)
				}
				_, err := nodes[i%2].Append(t.Context(), asksForCall(name, from.Add(time.Duration(i%2)*30*time.Minute), most))
				switch {
				case err == nil:
					got.Add(1)
				case errors.Is(err, chat.ErrCapacity):
					refused.Add(1)
				default:
					t.Error(err)
				}
			})
			if got.Load() != most || refused.Load() != 40-most {
				t.Errorf("round %d: %d got a call, %d did not", round, got.Load(), refused.Load())
			}
		}
		calls := must(nodes[0].Callbacks(t.Context(), time.Date(2026, 5, 4, 0, 0, 0, 0, time.UTC), time.Date(2026, 5, 5, 0, 0, 0, 0, time.UTC)))(t)
		n := 0
		for _, slot := range calls {
			n += slot
		}
		same(t, "calls promised", n, most)
		add(t, nodes[0], "alone", opened("v"))
		free := time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC)
		for _, at := range []time.Time{free, free, free.Add(30 * time.Minute)} {
			if _, err := nodes[0].Append(t.Context(), asksForCall("alone", at, 1)); err != nil {
				t.Errorf("call at %s: %v", at, err)
			}
		}
	})
}

// asksForCall asks for a call in the hour from a time, in which there is room for a number of them.
func asksForCall(conversation string, from time.Time, most int) chat.Append {
	until := from.Add(time.Hour)
	return chat.Append{
		Conversation: conversation, Call: &chat.CallSlot{From: from, Until: until, Most: most},
		Events: []chat.Event{event(chat.KindLeftMessage, chat.RoleVisitor, "v", chat.LeftMessage{Phone: "1", Callback: from, Until: until})},
	}
}

// A node that renews its lease is alive; one that does not can be taken over from, by one other.
func TestALeaseThatLapsedIsTakenOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		nodes := []*storage.DB{open(), open()}
		for _, node := range []string{"a", "b"} {
			if err := nodes[0].RenewLease(t.Context(), node); err != nil {
				t.Fatal(err)
			}
		}
		same(t, "lapsed", len(must(nodes[1].LapsedLeases(t.Context(), time.Hour))(t)), 0)
		same(t, "taken", must(nodes[1].TakeLease(t.Context(), "a", time.Hour))(t), false)
		same(t, "lapsed", must(nodes[1].LapsedLeases(t.Context(), -time.Hour))(t), []string{"a", "b"})
		var taken atomic.Int64
		atOnce(8, func(i int) {
			mine, err := nodes[i%2].TakeLease(t.Context(), "a", -time.Hour)
			if err != nil {
				t.Error(err)
			}
			if mine {
				taken.Add(1)
			}
		})
		same(t, "taken", taken.Load(), int64(1))
		same(t, "lapsed", must(nodes[0].LapsedLeases(t.Context(), -time.Hour))(t), []string{"b"})
	})
}
