package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"ombud/chat"
)

const (
	clockLimit  = 500 // clocks looked at in one go
	sideBySide  = 16  // appends under way at once, so that they share commits
	answersBack = 50  // how many events back an agent's last answer is looked for
)

// clocks looks for clocks that are due, on every node. The time stands in the row, and an append on the condition that
// nothing has happened since lets one node act, once: there is no second copy of a timer that could be lost or doubled.
func (h *Hub) clocks() {
	tick := time.NewTicker(h.o.ClockEvery)
	defer tick.Stop()
	for {
		select {
		case <-h.ctx.Done():
			return
		case <-tick.C:
			for h.ringAll() {
			}
		}
	}
}

// ringAll deals with the clocks that are due, and reports whether there may be more.
func (h *Hub) ringAll() (more bool) {
	ctx, cancel := h.call()
	defer cancel()
	due, err := h.o.Line.DueClocks(ctx, clockLimit)
	if err != nil {
		h.o.Logger.Warn("look for due clocks", "error", err)
		return false
	}
	// Nodes that go through the line in different orders seldom meet.
	rand.Shuffle(len(due), func(i, j int) { due[i], due[j] = due[j], due[i] })
	failed := h.each(len(due), func(i int) error { return h.ring(due[i]) })
	if failed != nil {
		h.o.Logger.Warn("deal with a due clock", "error", failed)
	}
	return failed == nil && len(due) == clockLimit && h.ctx.Err() == nil
}

// each runs n pieces of work, some at a time, and gives one of their errors. That somebody else was faster is none.
func (h *Hub) each(n int, work func(i int) error) error {
	var group sync.WaitGroup
	var mu sync.Mutex
	var failed error
	places := make(chan struct{}, sideBySide)
	for i := range n {
		places <- struct{}{}
		group.Go(func() {
			defer func() { <-places }()
			err := work(i)
			if err != nil && !errors.Is(err, chat.ErrStale) && !errors.Is(err, chat.ErrTaken) && !errors.Is(err, chat.ErrCapacity) {
				mu.Lock()
				failed = err
				mu.Unlock()
			}
		})
	}
	group.Wait()
	return failed
}

// ring deals with one due clock: it is warned of, or escalates, or is put off.
func (h *Hub) ring(c chat.Conversation) error {
	ctx, cancel := h.call()
	defer cancel()
	b := h.batch(chat.RoleSystem, "")
	if c.ClockAt.Before(c.DueAt) {
		b.add(chat.KindClock, chat.Clock{Handoff: c.Handoff, State: chat.ClockWarned, DueAt: c.DueAt, Next: c.DueAt})
	} else {
		why, next, err := h.keeps(ctx, c)
		switch {
		case err != nil:
			return fmt.Errorf("clock of %s: %w", c.ID, err)
		case why != "":
			b.add(chat.KindClock, chat.Clock{Handoff: c.Handoff, State: chat.ClockPostponed, Why: why, DueAt: c.DueAt, Next: next})
		default:
			up, err := h.Escalated(ctx, c, chat.Escalated{Level: c.Level + 1, Reason: "clock"})
			if err != nil {
				return fmt.Errorf("clock of %s: %w", c.ID, err)
			}
			b.add(chat.KindHandoffEscalated, up)
		}
	}
	// Not even a word may have come in between: the agent could just have answered.
	expect := chat.Expect{Owners: []chat.Owner{chat.OwnerQueue, chat.OwnerTicket, chat.OwnerAgent}, Seq: &c.LastSeq}
	if _, err := h.write(ctx, c.ID, expect, 0, b); err != nil {
		return fmt.Errorf("clock of %s: %w", c.ID, err)
	}
	return nil
}

// keeps says what keeps a clock that has run out from escalating, and when to look again; "" if nothing does.
func (h *Hub) keeps(ctx context.Context, c chat.Conversation) (why string, next time.Time, err error) {
	rules, now := h.o.Rules(), h.now()
	recent := time.Duration(rules.Recent)
	if c.Owner == chat.OwnerAgent {
		if h.typing.writes(c.ID, c.Agent, now) {
			return "writing", now.Add(max(recent, h.o.TypingFor)), nil
		}
		answered, err := h.lastAnswer(ctx, c)
		if err != nil {
			return "", next, err
		}
		if now.Sub(answered) < recent {
			return "answered", answered.Add(recent), nil
		}
	}
	// The longer it has been late, the more seldom the log says so.
	later := rules.Skill(c.Skill).Hours.Add(now, max(time.Duration(rules.Retry), now.Sub(c.DueAt)))
	switch {
	case c.Level >= chat.LevelExecutive:
		return "top_level", later, nil
	case !h.attended(c, c.Level+1):
		return "nobody_there", later, nil
	}
	return "", next, nil
}

// Keeps says what keeps a conversation from going a level up now, as it keeps a clock, and when to look again; "" if nothing does.
func (h *Hub) Keeps(ctx context.Context, c chat.Conversation) (why string, next time.Time, err error) {
	c.DueAt = h.now() // the pauses do not grow: nothing is written in between
	return h.keeps(ctx, c)
}

// lastAnswer gives when the holder last said something, or the zero time if that is long ago.
func (h *Hub) lastAnswer(ctx context.Context, c chat.Conversation) (time.Time, error) {
	events, err := h.o.Store.Events(ctx, c.ID, max(0, c.LastSeq-answersBack), answersBack)
	if err != nil {
		return time.Time{}, fmt.Errorf("look for the last answer: %w", err)
	}
	var last time.Time
	for _, e := range events {
		if e.Kind == chat.KindMessage && e.Role == chat.RoleAgent && e.Sender == c.Agent {
			last = e.At
		}
	}
	return last, nil
}

// typing remembers which agents are writing, wherever they are connected.
type typing struct {
	mu    sync.Mutex
	until map[writer]time.Time
}

type writer struct{ conversation, agent string }

// typingLimit bounds what is remembered; what is out of date is forgotten first.
const typingLimit = 10_000

// note takes a notice in. One notice counts twice as long as for the bot, as the next one may come late from another node.
func (t *typing) note(n Notice, now time.Time, lasts time.Duration) {
	if n.Type != "typing" || n.Role != chat.RoleAgent {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	w := writer{n.Conversation, n.Sender}
	if !n.On {
		delete(t.until, w)
		return
	}
	if len(t.until) >= typingLimit {
		for old, until := range t.until {
			if until.Before(now) {
				delete(t.until, old)
			}
		}
	}
	if len(t.until) < typingLimit {
		t.until[w] = now.Add(2 * lasts)
	}
}

func (t *typing) writes(conversation, agent string, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return now.Before(t.until[writer{conversation, agent}])
}

// droppedBy reads who held a conversation and let go of it by themselves since the open handoff was asked for. Who sends
// on what they did not hold has not let go of anything.
func (h *Hub) droppedBy(ctx context.Context, conversation string) (map[string]bool, error) {
	dropped, holder := map[string]bool{}, ""
	for since := int64(0); ; {
		events, err := h.o.Store.Events(ctx, conversation, since, pageLength)
		if err != nil {
			return nil, fmt.Errorf("read who dropped %s: %w", conversation, err)
		}
		for _, e := range events {
			since = e.Seq
			var body struct{ Agent, By, To, Reason string }
			switch e.Kind {
			case chat.KindHandoffRequested:
				clear(dropped)
			case chat.KindHandoffClaimed, chat.KindHandoffReleased, chat.KindHandoffTransferred, chat.KindHandoffEscalated:
				if err := json.Unmarshal(e.Body, &body); err != nil {
					return nil, fmt.Errorf("decode %s %d of %s: %w", e.Kind, e.Seq, conversation, err)
				}
			default:
				continue
			}
			by := body.By
			if e.Kind == chat.KindHandoffReleased {
				by = body.Agent
			}
			if holder != "" && by == holder && body.Reason != "vanished" {
				dropped[holder] = true
			}
			if holder = body.To; e.Kind == chat.KindHandoffClaimed {
				holder = body.Agent
			}
		}
		if len(events) < pageLength {
			return dropped, nil
		}
	}
}
