package care

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"ombud/chat"
)

type promiseArgs struct {
	Conversation string `json:"conversation"`
	ID           string `json:"id"`
	Due          int64  `json:"due"` // microseconds: a renewed promise has timers of its own
}

// lead is how long before its time a promise is warned of: a quarter of what was left, at most an hour.
func lead(left time.Duration) time.Duration { return min(time.Hour, left/4) }

// watch gives the timers of a promise: one that warns, and one that looks whether it was kept.
func watch(conversation string, e chat.Event) []chat.Job {
	p := bodyOf[chat.Promise](e)
	if p.State != "open" && p.State != "renewed" {
		return nil
	}
	due := p.DueAt.UTC().Truncate(time.Microsecond)
	args := promiseArgs{conversation, p.ID, due.UnixMicro()}
	return []chat.Job{job(JobPromise, due.Add(-lead(due.Sub(e.At))), args), job(JobPromise, due, args)}
}

// Promise records what the agent promised. It fails with *chat.InvalidError where the time has passed already.
func (c *Care) Promise(ctx context.Context, who chat.User, conversation, clientID string, p chat.Promise) error {
	if !p.DueAt.After(c.now()) {
		return &chat.InvalidError{Field: "due_at", Code: "past", Hint: "Promise something for a time to come."}
	}
	p.ID, p.By, p.State, p.DueAt = c.o.NewID(), who.ID, "open", p.DueAt.UTC().Truncate(time.Microsecond)
	return c.decide(ctx, conversation, func(v view) ([]chat.Event, []chat.Job, error) {
		if v.done(who.ID, clientID) {
			return nil, nil, nil
		}
		if err := holds(who, v.conv); err != nil {
			return nil, nil, fmt.Errorf("promise in %s: %w", conversation, err)
		}
		return []chat.Event{c.event(chat.KindPromise, chat.RoleAgent, who.ID, clientID, p)}, nil, nil
	})
}

// SettlePromise says that a promise was kept, or gives it a new time before the old one passes (state renewed).
// chat.ErrNotFound: there is no such promise; chat.ErrStale: it was kept or broken before.
func (c *Care) SettlePromise(ctx context.Context, who chat.User, conversation, clientID, id, state string, due time.Time) error {
	switch {
	case state != "kept" && state != "renewed":
		return &chat.InvalidError{Field: "state", Code: "unknown", Hint: "Use kept or renewed."}
	case state == "renewed" && !due.After(c.now()):
		return &chat.InvalidError{Field: "due_at", Code: "past", Hint: "Give a time to come."}
	}
	return c.decide(ctx, conversation, func(v view) ([]chat.Event, []chat.Job, error) {
		if v.done(who.ID, clientID) {
			return nil, nil, nil
		}
		p, ok := last(v, chat.KindPromise, func(p chat.Promise) bool { return p.ID == id })
		if !ok {
			return nil, nil, fmt.Errorf("promise %s in %s: %w", id, conversation, chat.ErrNotFound)
		}
		if p.State == "kept" || p.State == "broken" && state == "renewed" {
			return nil, nil, fmt.Errorf("promise %s in %s is %s: %w", id, conversation, p.State, chat.ErrStale)
		}
		p.State, p.By = state, who.ID
		if state == "renewed" {
			p.DueAt = due.UTC().Truncate(time.Microsecond)
		}
		return []chat.Event{c.event(chat.KindPromise, chat.RoleAgent, who.ID, clientID, p)}, nil, nil
	})
}

// onPromise warns of a promise whose time is near, so that the customer hears of it before it is late, and escalates one whose
// time has passed: each once, since the next look finds the state that this one stored.
func (c *Care) onPromise(ctx context.Context, raw []byte) error {
	var a promiseArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	return c.decide(ctx, a.Conversation, func(v view) ([]chat.Event, []chat.Job, error) {
		p, ok := last(v, chat.KindPromise, func(p chat.Promise) bool { return p.ID == a.ID })
		if !ok || p.State == "kept" || p.State == "broken" || p.DueAt.UnixMicro() != a.Due {
			return nil, nil, nil
		}
		if c.now().Before(p.DueAt) {
			if p.State == "warned" {
				return nil, nil, nil
			}
			p.State = "warned"
			return []chat.Event{
				c.event(chat.KindPromise, chat.RoleSystem, "", "", p),
				c.say(v.conv.Language, "promise.near", "promise_near", "", p.Text),
			}, nil, nil
		}
		p.State = "broken"
		events := []chat.Event{
			c.event(chat.KindPromise, chat.RoleSystem, "", "", p),
			c.say(v.conv.Language, "promise.broken", "promise_broken", "", p.Text),
		}
		return append(events, c.upwards(v.conv, "promise_broken")...), nil, nil
	})
}
