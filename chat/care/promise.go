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
	// Level is where a promise that was broken is still to go; 0: the promise itself is looked at.
	Level int `json:"level,omitempty"`
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
	args := promiseArgs{Conversation: conversation, ID: p.ID, Due: due.UnixMicro()}
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
	if a.Level > 0 {
		return c.goUp(ctx, a)
	}
	return c.decide(ctx, a.Conversation, func(v view) ([]chat.Event, []chat.Job, error) {
		p, ok := last(v, chat.KindPromise, func(p chat.Promise) bool { return p.ID == a.ID })
		if !ok || p.State == "kept" || p.State == "broken" || p.DueAt.UnixMicro() != a.Due {
			return nil, nil, nil
		}
		if !c.now().Before(p.DueAt) {
			return c.broken(ctx, v, p, a)
		}
		if p.State == "warned" {
			return nil, nil, nil
		}
		p.State = "warned"
		return []chat.Event{
			c.event(chat.KindPromise, chat.RoleSystem, "", "", p),
			c.say(c.language(v.conv), "promise.near", "promise_near", args{"promise": p.Text}),
		}, nil, nil
	})
}

// broken says that a promise was not kept, and takes the matter a level up. Where nobody is there for that, or the agent is just
// about to answer, the customer hears of it all the same, and another timer takes it up later: stored in the same transaction, so
// that it is neither lost nor doubled.
func (c *Care) broken(ctx context.Context, v view, p chat.Promise, a promiseArgs) ([]chat.Event, []chat.Job, error) {
	again, err := c.kept(ctx, v.conv)
	if err != nil {
		return nil, nil, err
	}
	p.State = "broken"
	events := []chat.Event{c.event(chat.KindPromise, chat.RoleSystem, "", "", p)}
	say := func(key string) chat.Event {
		return c.say(c.language(v.conv), key, "promise_broken", args{"promise": p.Text})
	}
	if !again.IsZero() {
		a.Level = v.conv.Level + 1
		return append(events, say("promise.missed")), []chat.Job{job(JobPromise, again, a)}, nil
	}
	up, err := c.upwards(ctx, v.conv, "promise_broken")
	return append(append(events, say("promise.broken")), up...), nil, err
}

// lookAgain is the pause before another look where the hub knows of no better time.
const lookAgain = 5 * time.Minute

// kept gives when to look again whether a conversation can go a level up; zero: it can now, or is at the top.
func (c *Care) kept(ctx context.Context, conv chat.Conversation) (again time.Time, err error) {
	if conv.Level >= chat.LevelExecutive {
		return again, nil
	}
	why, next, err := c.o.Hub.Keeps(ctx, conv)
	if err != nil || why == "" {
		return again, err
	}
	if !next.After(c.now()) {
		next = c.now().Add(lookAgain)
	}
	return next, nil
}

// Later is no failure: the job is to be done again at a time.
type Later struct{ At time.Time }

func (l *Later) Error() string { return "again at " + l.At.Format(time.RFC3339) }

// goUp takes what a broken promise is about up to its level, unless that or more has happened since. It gives *Later where
// something still keeps it.
func (c *Care) goUp(ctx context.Context, a promiseArgs) error {
	return c.decide(ctx, a.Conversation, func(v view) ([]chat.Event, []chat.Job, error) {
		if v.conv.Level >= a.Level || !stillBroken(v, a) {
			return nil, nil, nil
		}
		events, err := c.upOrLater(ctx, v.conv, "promise_broken")
		return events, nil, err
	})
}

// upOrLater passes a matter one level up; *Later where something keeps it for now.
func (c *Care) upOrLater(ctx context.Context, conv chat.Conversation, reason string) ([]chat.Event, error) {
	again, err := c.kept(ctx, conv)
	if err != nil {
		return nil, err
	}
	if !again.IsZero() {
		return nil, &Later{At: again}
	}
	return c.upwards(ctx, conv, reason)
}

// stillBroken reports whether a promise was broken and nothing was done about it: it was not kept late, its matter has neither gone
// up nor been closed.
func stillBroken(v view, a promiseArgs) bool {
	is := false
	for _, e := range v.events {
		switch e.Kind {
		case chat.KindPromise:
			if p := bodyOf[chat.Promise](e); p.ID == a.ID {
				is = p.State == "broken" && p.DueAt.UnixMicro() == a.Due
			}
		case chat.KindHandoffEscalated, chat.KindClosed:
			is = false
		case chat.KindReopened:
			is = is && bodyOf[chat.Reopened](e).Level == 0
		}
	}
	return is
}
