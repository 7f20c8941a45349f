package hub

import (
	"ombud/chat"
	"ombud/handoff"
)

// RingAll deals with all clocks that are due, for tests that let time pass by themselves.
func (h *Hub) RingAll() {
	for h.ringAll() {
	}
}

// PushNow gives a line to those on duty by some rules, for tests that push when they want to.
func (h *Hub) PushNow(line []chat.Conversation, held map[string]int, rules handoff.Rules) {
	agents := h.present()
	for i := range agents {
		agents[i].Held = held[agents[i].ID]
	}
	newPusher(h).give(line, agents, rules)
}
