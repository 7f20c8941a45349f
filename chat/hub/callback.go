package hub

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ombud/chat"
	"ombud/handoff"
)

// Slots lists the times at which the visitor of a conversation can be called back, and in which zone they begin at a
// round time: the visitor's, where it names one, else that of the company's hours.
func (h *Hub) Slots(ctx context.Context, conversation, zone string) ([]handoff.Slot, string, error) {
	c, err := h.o.Store.Conversation(ctx, conversation)
	if err != nil {
		return nil, "", fmt.Errorf("slots for %s: %w", conversation, err)
	}
	rules, now := h.o.Rules(), h.now()
	in := handoff.Zone(zone, rules.Skill(c.Skill).Hours.Zone)
	full, err := h.full(ctx, rules, c)
	if err != nil {
		return nil, "", fmt.Errorf("slots for %s: %w", conversation, err)
	}
	return rules.Slots(c.Skill, in, now, full), in.String(), nil
}

// full tells which slots take no more calls; nil: none are full. A conversation does not stand in its own way.
func (h *Hub) full(ctx context.Context, rules handoff.Rules, c chat.Conversation) (func(time.Time) bool, error) {
	most := rules.Callback.Most
	if most == 0 || h.o.Callbacks == nil {
		return nil, nil
	}
	taken, err := h.o.Callbacks(ctx, h.now().Add(-rules.CallSlot()), h.now().AddDate(0, 0, 31))
	if err != nil {
		return nil, err
	}
	taken[c.CallbackAt]--
	length := rules.CallSlot()
	return func(from time.Time) bool {
		n := 0
		for at, calls := range taken {
			if away := at.Sub(from); away > -length && away < length {
				n += calls
			}
		}
		return n >= most
	}, nil
}

// LeaveMessage turns a conversation that waits into a ticket, with a clock like that of who waits live, but a longer one. One that the
// bot has becomes a handoff by it. A call can be asked for at a time when somebody is there to make it: else it fails with a
// *chat.InvalidError.
func (h *Hub) LeaveMessage(ctx context.Context, who chat.Identity, conversation, clientID string, m chat.LeftMessage) (err error) {
	for range sayTries {
		if err = h.leave(ctx, who, conversation, clientID, m); !errors.Is(err, chat.ErrStale) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("leave message in %s: %w", conversation, err)
	}
	return nil
}

func (h *Hub) leave(ctx context.Context, who chat.Identity, conversation, clientID string, m chat.LeftMessage) error {
	c, err := h.o.Store.Conversation(ctx, conversation)
	if err != nil {
		return err
	}
	expect := chat.Expect{Owners: []chat.Owner{chat.OwnerQueue, chat.OwnerTicket}}
	b, after := h.batch(chat.RoleBot, ""), func() {}
	var call *chat.CallSlot
	if !m.Callback.IsZero() {
		if m, call, err = h.slotted(c, m); err != nil {
			return err
		}
	}
	if c.Owner == chat.OwnerBot {
		expect = chat.Expect{Owners: []chat.Owner{chat.OwnerBot}, Epoch: &c.Epoch, Seq: &c.LastSeq}
		if after, err = h.handLeft(ctx, b, &c, m); err != nil {
			return err
		}
	}
	if m.Callback.IsZero() {
		m.DueAt, m.WarnAt = h.o.Rules().TicketBy(c, h.now())
	}
	left := b.add(chat.KindLeftMessage, m)
	left.Role, left.Sender, left.ClientID = chat.RoleVisitor, who.ID, clientID
	after()
	if b.err != nil {
		return b.err
	}
	a, err := h.o.Store.Append(ctx, chat.Append{Conversation: conversation, Events: b.events, Call: call, Expect: expect})
	if call != nil && errors.Is(err, chat.ErrCapacity) {
		err = &chat.InvalidError{Field: "callback", Code: "slot", Hint: "That time has just been taken. Pick another one."}
	}
	if err != nil {
		return err
	}
	h.stored(nil, a)
	return nil
}

// slotted completes a message that asks for a call with the end of its slot, and says how many the slot takes; nil: any number.
func (h *Hub) slotted(c chat.Conversation, m chat.LeftMessage) (chat.LeftMessage, *chat.CallSlot, error) {
	rules := h.o.Rules()
	slot, err := rules.SlotAt(c.Skill, handoff.Zone(m.Zone, rules.Skill(c.Skill).Hours.Zone), h.now(), m.Callback.Truncate(time.Microsecond))
	if err != nil {
		return m, nil, err
	}
	m.Callback, m.Until = slot.From, slot.Until
	if rules.Callback.Most == 0 {
		return m, nil, nil
	}
	return m, &chat.CallSlot{From: slot.From, Until: slot.Until, Most: rules.Callback.Most}, nil
}
