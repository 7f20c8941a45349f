package care

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"ombud/chat"
	"ombud/handoff"
)

// zoneFor is where somebody who left a message reads the clock: at home, or else where the company is.
func zoneFor(r handoff.Rules, conv chat.Conversation, m chat.LeftMessage) *time.Location {
	return handoff.Zone(m.Zone, r.Skill(conv.Skill).Hours.Zone)
}

// promisedOf words by when a message that was left is answered, or when the call comes; "" where neither has a time.
func promisedOf(r handoff.Rules, conv chat.Conversation, m chat.LeftMessage) string {
	in := zoneFor(r, conv, m)
	switch {
	case !m.Callback.IsZero() && !m.Until.IsZero():
		return text(conv.Language, "left.call", span(conv.Language, m.Callback.In(in), m.Until.In(in)))
	case !m.DueAt.IsZero():
		return text(conv.Language, "left.by", moment(conv.Language, m.DueAt.In(in)))
	}
	return ""
}

// later adds to the warning of a message's clock a new time for its customer: nobody has taken it up, and the one that they were
// given must not pass in silence. By the new time the next level's clock has run out as well.
func (f *Follow) later(ctx context.Context, a chat.Append) (chat.Append, error) {
	at := slices.IndexFunc(a.Events, func(e chat.Event) bool {
		return e.Kind == chat.KindClock && bodyOf[chat.Clock](e).State == chat.ClockWarned
	})
	if at < 0 {
		return a, nil
	}
	conv, err := f.log.Conversation(ctx, a.Conversation)
	if err != nil || conv.Owner != chat.OwnerTicket {
		return a, err
	}
	left, err := f.log.LastOf(ctx, a.Conversation, chat.KindLeftMessage)
	if errors.Is(err, chat.ErrNotFound) {
		return a, nil // nobody was given a time
	}
	if err != nil {
		return a, err
	}
	rules, m, was := f.rules(), bodyOf[chat.LeftMessage](left), bodyOf[chat.Clock](a.Events[at]).DueAt
	due, _ := rules.TicketBy(conv, was)
	if due.IsZero() || !m.Callback.IsZero() { // who waits for a call was given the hour of it
		return a, nil
	}
	in := zoneFor(rules, conv, m)
	words := text(conv.Language, "left.later", moment(conv.Language, was.In(in)), moment(conv.Language, due.In(in)))
	body, err := json.Marshal(chat.Message{Text: words, Part: "left_later", Language: conv.Language})
	if err != nil {
		return a, fmt.Errorf("give a new time: %w", err)
	}
	a.Events = append(slices.Clone(a.Events), chat.Event{Kind: chat.KindMessage, Role: chat.RoleSystem, At: a.Events[at].At, Body: body})
	if m.Email != "" {
		a.Jobs = append(slices.Clone(a.Jobs), job(JobLaterMail, time.Time{}, laterArgs{a.Conversation, was.UnixMicro()}))
	}
	return a, nil
}

type laterArgs struct {
	Conversation string `json:"conversation"`
	Due          int64  `json:"due"` // microseconds: the time that may pass
}

// onLaterMail sends the new time to somebody who left a message, unless an agent has taken it up by now.
func (c *Care) onLaterMail(ctx context.Context, raw []byte) error {
	var a laterArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	v, err := c.view(ctx, a.Conversation)
	if err != nil || v.conv.Owner != chat.OwnerTicket {
		return err
	}
	m, ok := last(v, chat.KindMessage, func(m chat.Message) bool { return m.Part == "left_later" })
	if !ok {
		return fmt.Errorf("new time for %s: %w: %w", a.Conversation, chat.ErrInvalid, chat.ErrNotFound)
	}
	return c.mailWords(ctx, v.conv, "later", m.Text, fmt.Sprintf("%s.later.%d", a.Conversation, a.Due))
}
