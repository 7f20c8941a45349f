package care

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/handoff"
)

// Offer records a remedy that the agent offers. *chat.InvalidError with the code mandate says that the agent's level may
// not offer that.
func (c *Care) Offer(ctx context.Context, who chat.User, conversation, clientID string, o chat.Offer) error {
	if !slices.Contains(handoff.Remedies, o.Remedy) || o.Worth < 0 {
		return &chat.InvalidError{Field: "remedy", Code: "unknown", Hint: "Use one of the remedies, and a worth of 0 or more."}
	}
	level := max(who.Level, chat.LevelAgent)
	if !handoff.MandateOf(level, c.o.Rules().Mandates()).Allows(o.Remedy, o.Worth) {
		return &chat.InvalidError{Field: "worth", Code: "mandate", Hint: "That is more than your level may offer. Escalate it."}
	}
	o.ID, o.State = c.o.NewID(), "offered"
	return c.decide(ctx, conversation, func(v view) ([]chat.Event, []chat.Job, error) {
		if v.done(who.ID, clientID) {
			return nil, nil, nil
		}
		if err := holds(who, v.conv); err != nil {
			return nil, nil, fmt.Errorf("offer in %s: %w", conversation, err)
		}
		return []chat.Event{c.event(chat.KindOffer, chat.RoleAgent, who.ID, clientID, o)}, nil, nil
	})
}

// AnswerOffer records that the visitor accepts or declines an offer. chat.ErrNotFound: there is no such offer;
// chat.ErrStale: it was answered otherwise before.
func (c *Care) AnswerOffer(ctx context.Context, who chat.Identity, conversation, clientID, id string, accept bool) error {
	state := "declined"
	if accept {
		state = "accepted"
	}
	return c.decide(ctx, conversation, func(v view) ([]chat.Event, []chat.Job, error) {
		if v.conv.Visitor != who.ID {
			return nil, nil, fmt.Errorf("offer %s in %s: %w", id, conversation, chat.ErrNotFound)
		}
		o, ok := last(v, chat.KindOffer, func(o chat.Offer) bool { return o.ID == id })
		switch {
		case !ok:
			return nil, nil, fmt.Errorf("offer %s in %s: %w", id, conversation, chat.ErrNotFound)
		case o.State == state:
			return nil, nil, nil
		case o.State != "offered":
			return nil, nil, fmt.Errorf("offer %s in %s is %s: %w", id, conversation, o.State, chat.ErrStale)
		}
		o.State = state
		var jobs []chat.Job
		if v.conv.Owner == chat.OwnerBot && offeredByBot(v, id) {
			jobs = append(jobs, job(JobBotOffer, time.Time{}, botOfferArgs{conversation, state}))
		}
		return []chat.Event{c.event(chat.KindOffer, chat.RoleVisitor, who.ID, clientID, o)}, jobs, nil
	})
}

type botOfferArgs struct {
	Conversation string `json:"conversation"`
	State        string `json:"state"`
}

func offeredByBot(v view, id string) bool {
	return slices.ContainsFunc(v.events, func(e chat.Event) bool {
		return e.Kind == chat.KindOffer && e.Role == chat.RoleBot && bodyOf[chat.Offer](e).ID == id
	})
}

// onBotOffer has a person carry out what the bot offered and the customer took, or find something better than what they
// declined: to be dissatisfied with a proposal is a reason to be handed over.
func (c *Care) onBotOffer(ctx context.Context, raw []byte) error {
	var a botOfferArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	reason := bot.ReasonDissatisfied
	if a.State == "accepted" {
		reason = handoff.ReasonOfferTaken
	}
	return c.o.Hub.HandOver(ctx, a.Conversation, reason)
}
