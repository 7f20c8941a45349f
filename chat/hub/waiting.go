package hub

import (
	"context"
	"fmt"
	"slices"
	"time"

	"ombud/chat"
	"ombud/handoff"
)

// defaultCapacity stands in the estimate for an agent without a limit.
const defaultCapacity = 3

// outlook is what a place in line is forecast from.
type outlook struct {
	line     []chat.Conversation        // in the order of handoff.Rank
	agents   []handoff.Agent            // on duty, with the chats they hold
	drops    map[string]map[string]bool // conversation to those who have let go of it
	handling []time.Duration
	rules    handoff.EstimateRules
}

func (o outlook) prospects(live []chat.Conversation) []handoff.Prospect {
	return handoff.Prospects(live, o.agents, defaultCapacity, func(conversation, agent string) bool { return o.drops[conversation][agent] })
}

// at gives the range of minutes for somebody with these prospects, or nil where there is no honest one.
func (o outlook) at(p handoff.Prospect) *[2]int {
	minutes, ok := o.rules.Range(p.Position, p.Free, p.Staff, o.handling)
	if !ok {
		return nil
	}
	return &minutes
}

// tellVisitors gives everybody who waits live their place, where it has changed, and what they may do instead of waiting.
// Tickets are in nobody's way: whoever waits live goes first.
func (b *board) tellVisitors(line []chat.Conversation) {
	rules, now := b.h.o.Rules(), b.h.now()
	live := slices.DeleteFunc(slices.Clone(line), func(c chat.Conversation) bool { return c.Owner != chat.OwnerQueue })
	o := outlook{line: line, agents: b.team(), drops: b.drops.of(live), handling: b.handling, rules: rules.Estimate}
	b.mu.Lock()
	b.last = o
	b.mu.Unlock()
	prospects := o.prospects(live)
	for i, c := range live {
		n := o.notice(c, prospects[i], rules, now)
		b.mu.Lock()
		old, ok := b.told[c.ID]
		tell := !ok || isNews(old, n, now)
		if tell {
			n.Renewed = ok && !old.Until.IsZero() && n.Until.After(old.Until)
			b.told[c.ID] = n
		}
		b.mu.Unlock()
		if tell {
			b.h.postIfLive(c.ID, message{notice: &n})
		}
	}
}

// notice says how somebody at a place in line stands: how long it takes, or when somebody is there again.
func (o outlook) notice(c chat.Conversation, p handoff.Prospect, rules handoff.Rules, now time.Time) Notice {
	n := Notice{Type: "waiting", Conversation: c.ID, Role: chat.RoleSystem, Position: p.Position}
	if hours := rules.Skill(c.Skill).Hours; !hours.Open(now) {
		n.Opens, _ = hours.Next(now)
	} else if n.Minutes = o.at(p); n.Minutes != nil {
		n.Until = now.Add(time.Duration(n.Minutes[1]) * rules.Estimate.Minute())
	}
	n.Offers = rules.Offers(c, n.Minutes, now)
	return n
}

// isNews reports whether a visitor who was told one thing is to be told another: it is different, or the time by which it
// was to be over is near.
func isNews(old, n Notice, now time.Time) bool {
	if old.Position != n.Position || !same(old.Minutes, n.Minutes) || !slices.Equal(old.Offers, n.Offers) || !old.Opens.Equal(n.Opens) {
		return true
	}
	if old.Until.IsZero() {
		return false
	}
	given := n.Until.Sub(now) // as long as the time given before: the minutes are the same
	return !now.Before(old.Until.Add(-max(2*remindEvery, given/4)))
}

func same(a, b *[2]int) bool { return a == b || (a != nil && b != nil && *a == *b) }

// forecast gives the range of minutes that somebody who joins the line now will be told, or nil.
func (b *board) forecast(c chat.Conversation) *[2]int {
	b.mu.Lock()
	o := b.last
	b.mu.Unlock()
	var front []chat.Conversation
	for _, x := range o.line {
		if x.ID != c.ID && x.Owner == chat.OwnerQueue && handoff.Less(x, c, b.h.now()) {
			front = append(front, x)
		}
	}
	all := o.prospects(append(front, c))
	return o.at(all[len(all)-1])
}

// team lists who is on duty, with the chats that they hold.
func (b *board) team() []handoff.Agent {
	held, agents := b.held(), b.h.present()
	for i := range agents {
		agents[i].Held = held[agents[i].ID]
	}
	return agents
}

// held counts the chats of each agent.
func (b *board) held() map[string]int {
	held := map[string]int{}
	for _, it := range b.items {
		if it.Agent != nil {
			held[it.Agent.ID]++
		}
	}
	return held
}

// Waiting gives the last waiting notice of a conversation, for a visitor who comes back; false if none waits.
func (h *Hub) Waiting(conversation string) (Notice, bool) {
	h.board.mu.Lock()
	defer h.board.mu.Unlock()
	n, ok := h.board.told[conversation]
	return n, ok
}

// WaitAccuracy says how good the waits were that have been announced to those whose chat was first claimed at since or
// later.
func (h *Hub) WaitAccuracy(ctx context.Context, since time.Time) (handoff.Accuracy, error) {
	waits, err := h.o.Line.EstimatedWaits(ctx, since)
	if err != nil {
		return handoff.Accuracy{}, fmt.Errorf("measure waits: %w", err)
	}
	return handoff.Measure(waits, h.o.Rules().Estimate.Minute()), nil
}
