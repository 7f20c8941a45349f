package hub

import (
	"fmt"
	"sync"

	"ombud/chat"
	"ombud/handoff"
)

// pusher gives waiting conversations to agents, for the skills that are pushed. Every node pushes what it sees; the
// condition on the append lets one win and no agent get too many.
type pusher struct {
	h    *Hub
	wake chan struct{}

	mu     sync.Mutex
	line   []chat.Conversation
	agents []handoff.Agent

	drops *drops // belongs to run
}

func newPusher(h *Hub) *pusher {
	return &pusher{h: h, wake: make(chan struct{}, 1), drops: newDrops(h)}
}

// push hands the line to the pusher, if any skill is pushed.
func (b *board) push(line []chat.Conversation) {
	if len(line) == 0 || b.h.o.OnDuty == nil || !b.h.o.Rules().Pushes() {
		return
	}
	p := b.h.pusher
	agents := b.team()
	p.mu.Lock()
	p.line, p.agents = line, agents
	p.mu.Unlock()
	select {
	case p.wake <- struct{}{}:
	default:
	}
}

func (p *pusher) run() {
	for {
		select {
		case <-p.h.ctx.Done():
			return
		case <-p.wake:
			p.round()
		}
	}
}

func (p *pusher) round() {
	p.mu.Lock()
	line, agents := p.line, p.agents
	p.mu.Unlock()
	p.give(line, agents, p.h.o.Rules())
}

// give assigns a line by the rules, and stores what comes of it.
func (p *pusher) give(line []chat.Conversation, agents []handoff.Agent, rules handoff.Rules) {
	waits := map[string]chat.Conversation{}
	for _, c := range line {
		waits[c.ID] = c
	}
	p.drops.keep(waits)
	given := handoff.Assign(line, agents, rules, func(conversation, agent string) bool {
		by, known := p.drops.by(waits[conversation])
		return !known || by[agent] // where it cannot be read, nobody gets it
	})
	if err := p.h.each(len(given), func(i int) error { return p.h.assign(given[i]) }); err != nil {
		p.h.o.Logger.Warn("push a chat", "error", err)
	}
}

// assign gives one conversation to one agent: the offer and its claim are one append.
func (h *Hub) assign(x handoff.Assignment) error {
	c := x.Conversation
	ctx, cancel := h.call()
	defer cancel()
	b := h.batch(chat.RoleSystem, "")
	b.add(chat.KindHandoffOffered, chat.Offered{Handoff: c.Handoff, Agent: x.Agent.ID})
	b.add(chat.KindHandoffClaimed, h.claimed(c, x.Agent.ID, x.Agent.Name))
	expect := chat.Expect{Owners: []chat.Owner{chat.OwnerQueue}, Epoch: &c.Epoch}
	if _, err := h.write(ctx, c.ID, expect, x.Agent.Capacity, b); err != nil {
		return fmt.Errorf("push %s to %s: %w", c.ID, x.Agent.ID, err)
	}
	return nil
}
