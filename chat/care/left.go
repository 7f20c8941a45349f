package care

import (
	"context"
	"encoding/json"
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
func (c *Care) promisedOf(conv chat.Conversation, m chat.LeftMessage) string {
	lang, in := c.language(conv), zoneFor(c.o.Rules(), conv, m)
	switch {
	case !m.Callback.IsZero() && !m.Until.IsZero():
		return c.o.Voice.Text("mail.left.call", lang, args{"time": span(lang, m.Callback.In(in), m.Until.In(in))})
	case !m.DueAt.IsZero():
		return c.o.Voice.Text("mail.left.by", lang, args{"time": moment(lang, m.DueAt.In(in))})
	}
	return ""
}

type leftArgs struct {
	Conversation string `json:"conversation"`
	Due          int64  `json:"due"`            // microseconds: a time that the customer was told
	Late         bool   `json:"late,omitempty"` // it has passed; else it is near
}

// watchLeft gives the timers of the time that somebody who left a message is told.
func watchLeft(conversation string, at time.Time, m chat.LeftMessage) []chat.Job {
	if m.DueAt.IsZero() || !m.Callback.IsZero() { // a call is watched as a promise
		return nil
	}
	return watchTold(conversation, at, m.DueAt, m.WarnAt)
}

func watchTold(conversation string, at, due, warn time.Time) []chat.Job {
	due = due.UTC().Truncate(time.Microsecond)
	if warn.IsZero() || !warn.Before(due) {
		warn = due.Add(-lead(due.Sub(at)))
	}
	args := leftArgs{Conversation: conversation, Due: due.UnixMicro()}
	late := args
	late.Late = true
	return []chat.Job{job(JobLeft, warn, args), job(JobLeft, due, late)}
}

// owed gives the message that was left last and the times that its customer was told since, the latest last: none once an agent
// has answered or promised something, or the matter was closed or given back.
func owed(v view) (m chat.LeftMessage, told []time.Time) {
	for _, e := range v.events {
		switch {
		case e.Kind == chat.KindLeftMessage:
			m, told = bodyOf[chat.LeftMessage](e), nil
			if m.Callback.IsZero() && !m.DueAt.IsZero() {
				told = []time.Time{m.DueAt.UTC().Truncate(time.Microsecond)}
			}
		case e.Kind == chat.KindClosed, e.Kind == chat.KindReturnedToBot, e.Role == chat.RoleAgent && answers(e.Kind):
			told = nil
		case e.Kind == chat.KindMessage && len(told) > 0:
			if by := bodyOf[chat.Message](e).Until; !by.IsZero() {
				told = append(told, by)
			}
		}
	}
	return m, told
}

// answers reports whether an agent's event of a kind is an answer to the customer.
func answers(k chat.Kind) bool {
	return k == chat.KindMessage || k == chat.KindFile || k == chat.KindOffer || k == chat.KindPromise
}

// onLeft watches the time that somebody who left a message was told, whoever has it: before it passes without an answer they get a
// new one, each time; once it has passed, the matter goes up, as with any clock.
func (c *Care) onLeft(ctx context.Context, raw []byte) error {
	var a leftArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	due := time.UnixMicro(a.Due).UTC()
	return c.decide(ctx, a.Conversation, func(v view) (events []chat.Event, jobs []chat.Job, err error) {
		switch m, told := owed(v); {
		case a.Late && slices.ContainsFunc(told, due.Equal) && !wentUp(v, due):
			events, err = c.upOrLater(ctx, v.conv, "clock")
		case !a.Late && len(told) > 0 && due.Equal(told[len(told)-1]):
			events, jobs = c.later(v.conv, m, told)
		}
		return events, jobs, err
	})
}

// skew is how far the clocks of two nodes may be apart.
const skew = time.Minute

// wentUp reports whether a matter went up when a time passed or since, or waits with a clock that takes it up for that time.
func wentUp(v view, due time.Time) bool {
	if v.conv.Owner != chat.OwnerAgent && !v.conv.DueAt.IsZero() && !v.conv.DueAt.After(due) {
		return true
	}
	return slices.ContainsFunc(v.events, func(e chat.Event) bool { return e.Kind == chat.KindHandoffEscalated && e.At.After(due.Add(-skew)) })
}

// later gives the customer a new time, counted in business hours from the one that is near, and warns the agent who holds the message:
// one that waits has the line's own clock for that. Each new time is a span further off than the one before: whoever is put off again
// is owed a time that holds, and a matter that nobody closes must not write for ever as often.
func (c *Care) later(conv chat.Conversation, m chat.LeftMessage, told []time.Time) (events []chat.Event, jobs []chat.Job) {
	rules, was := c.o.Rules(), told[len(told)-1]
	due, warn := was, time.Time{}
	if now := c.now(); now.After(was) {
		due = now
	}
	for range told {
		if due, warn = rules.TicketBy(conv, due); due.IsZero() {
			return nil, nil
		}
	}
	if conv.Owner == chat.OwnerAgent {
		clock := chat.Clock{Handoff: conv.Handoff, State: chat.ClockWarned, DueAt: was, Next: conv.ClockAt} // the agent's own clock runs on
		events = append(events, c.event(chat.KindClock, chat.RoleSystem, "", "", clock))
	}
	lang, in := c.language(conv), zoneFor(rules, conv, m)
	words := c.o.Voice.Text("left.later", lang, args{"told": moment(lang, was.In(in)), "time": moment(lang, due.In(in))})
	events = append(events, c.event(chat.KindMessage, chat.RoleSystem, "", "",
		chat.Message{Text: words, Part: "left_later", Language: lang, Until: due}))
	jobs = watchTold(conv.ID, c.now(), due, warn)
	if m.Email != "" {
		jobs = append(jobs, job(JobLaterMail, time.Time{}, laterArgs{conv.ID, was.UnixMicro()}))
	}
	return events, jobs
}

type laterArgs struct {
	Conversation string `json:"conversation"`
	Due          int64  `json:"due"` // microseconds: the time that may pass
}

// onLaterMail sends the new time to somebody who left a message, unless they have been answered by now.
func (c *Care) onLaterMail(ctx context.Context, raw []byte) error {
	var a laterArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	v, err := c.view(ctx, a.Conversation)
	if err != nil {
		return err
	}
	if _, told := owed(v); len(told) == 0 {
		return nil
	}
	m, ok := last(v, chat.KindMessage, func(m chat.Message) bool { return m.Part == "left_later" })
	if !ok {
		return fmt.Errorf("new time for %s: %w: %w", a.Conversation, chat.ErrInvalid, chat.ErrNotFound)
	}
	return c.mailWords(ctx, v.conv, "later", m.Text, fmt.Sprintf("%s.later.%d", a.Conversation, a.Due), nil)
}
