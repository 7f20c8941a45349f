package hub

import (
	"time"

	"ombud/chat"
)

const (
	pollLimit   = 2000
	pollOverlap = 5 * time.Second // commits may become visible out of the order of their times
	dueLimit    = 200
	dueGrace    = 3 * time.Second // a node that is alive answers its own turns well within this
)

// poll makes good what hints lost: conversations that moved on, and turns that a crash swallowed.
func (h *Hub) poll() {
	tick := time.NewTicker(h.o.Poll)
	defer tick.Stop()
	seen := h.now()
	h.recover(h.now()) // a node that has just started finds what an earlier one left behind
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-tick.C:
			seen = h.catchUp(seen)
			h.recover(h.now().Add(-dueGrace))
		}
	}
}

// catchUp looks for conversations that changed since the last time, page by page, and returns the new mark.
func (h *Hub) catchUp(seen time.Time) time.Time {
	started := h.now()
	for from := seen.Add(-pollOverlap); ; {
		rows, err := h.changed(from)
		if err != nil {
			h.o.Logger.Warn("poll for changes", "error", err)
			return seen
		}
		for _, c := range rows {
			h.postIfLive(c.ID, message{polled: &c})
			h.board.saw(c)
		}
		if len(rows) < pollLimit {
			return started
		}
		// There is more. One commit gives many rows the same time: the page may have ended among them.
		last := rows[len(rows)-1].StoredAt
		if next := last.Add(-time.Microsecond); next.After(from) {
			last = next
		}
		from = last
		seen = later(seen, from)
	}
}

func (h *Hub) changed(since time.Time) ([]chat.Conversation, error) {
	ctx, cancel := h.call()
	defer cancel()
	return h.o.Store.ChangedSince(ctx, since, pollLimit)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// recover wakes the conversations whose bot's turn is overdue. The stored condition lets one node answer.
func (h *Hub) recover(before time.Time) {
	ctx, cancel := h.call()
	defer cancel()
	ids, err := h.o.Store.DueTurns(ctx, before, dueLimit)
	if err != nil {
		h.o.Logger.Warn("look for overdue turns", "error", err)
		return
	}
	for _, id := range ids {
		h.post(id, message{wake: true})
	}
}

// saw compares a polled row with the board's.
func (b *board) saw(c chat.Conversation) {
	b.leaveWord(func() {
		if old, ok := b.fresh[c.ID]; ok && old.LastSeq >= c.LastSeq {
			return
		}
		_, listed := b.epochs[c.ID]
		waits := c.Owner == chat.OwnerQueue || c.Owner == chat.OwnerTicket || c.Owner == chat.OwnerAgent
		if b.epochs[c.ID] != c.Epoch && (listed || waits) {
			b.fresh[c.ID] = c
		}
	})
}
