package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"ombud/chat"
)

// waitsOn says how a conversation waits once nobody holds it, and by when somebody is to answer, where level, skill and severity are
// those of then. A message that was left stays one: its customer is not there to wait live, and has as long a clock as before.
func (h *Hub) waitsOn(ctx context.Context, c, then chat.Conversation) (owner chat.Owner, due, warn time.Time, err error) {
	left, err := h.left(ctx, c)
	rules, now := h.o.Rules(), h.now()
	switch {
	case err != nil:
		return "", due, warn, fmt.Errorf("read whether a message was left in %s: %w", c.ID, err)
	case !left:
		due, warn = rules.AnswerBy(then, now)
		return "", due, warn, nil
	case c.CallbackAt.After(now): // the promise to call is watched instead
		return chat.OwnerTicket, due, warn, nil
	case !c.CallbackAt.IsZero(): // the hour of the call has passed: it is not to wait for as long as a letter
		due, warn = rules.AnswerBy(then, now)
		return chat.OwnerTicket, due, warn, nil
	}
	due, warn = rules.TicketBy(then, now)
	return chat.OwnerTicket, due, warn, nil
}

// asLeft is the condition under which a conversation waits as owner says. As a message that was left only where nothing happened
// since it was read: its customer may just have come back, and then waits live.
func asLeft(expect chat.Expect, c chat.Conversation, owner chat.Owner) chat.Expect {
	if owner == chat.OwnerTicket {
		expect.Seq = &c.LastSeq
	}
	return expect
}

// stillTrue does something with a conversation as it stands, and again, a few times, where something was said meanwhile. What changed
// hands meanwhile is not tried again: that was decided without knowing it.
func (h *Hub) stillTrue(ctx context.Context, conversation string, do func(chat.Conversation) error) error {
	c, err := h.o.Store.Conversation(ctx, conversation)
	if err != nil {
		return fmt.Errorf("look at %s: %w", conversation, err)
	}
	err = do(c)
	for range 3 {
		if !errors.Is(err, chat.ErrStale) {
			break
		}
		now, readErr := h.o.Store.Conversation(ctx, conversation)
		if readErr != nil || now.Epoch != c.Epoch {
			break
		}
		err = do(now)
	}
	return err
}

// left reports whether a conversation is a message that was left: it waits as one, or an agent took it up and its customer has not
// written since.
func (h *Hub) left(ctx context.Context, c chat.Conversation) (bool, error) {
	if c.Owner != chat.OwnerAgent {
		return c.Owner == chat.OwnerTicket, nil
	}
	events, err := h.upTo(ctx, c)
	if err != nil {
		return false, err
	}
	left, held := false, false
	for _, e := range events {
		var to struct {
			To    string
			Owner chat.Owner
		}
		switch e.Kind {
		case chat.KindLeftMessage:
			left, held = true, false
		case chat.KindHandoffRequested, chat.KindReturnedToBot:
			left, held = false, false
		case chat.KindHandoffClaimed:
			held = true
		case chat.KindMessage, chat.KindFile:
			left = left && !(held && e.Role == chat.RoleVisitor)
		case chat.KindHandoffTransferred, chat.KindHandoffEscalated, chat.KindHandoffReleased, chat.KindReopened:
			if err := json.Unmarshal(e.Body, &to); err != nil {
				return false, fmt.Errorf("decode %s %d: %w", e.Kind, e.Seq, err)
			}
			if held = to.To != ""; !held {
				left = to.Owner == chat.OwnerTicket
			}
		}
	}
	return left, nil
}
