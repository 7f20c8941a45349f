package care

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"ombud/chat"
	"ombud/handoff"
)

// Reader is what care reads of storage.
type Reader interface {
	Conversation(ctx context.Context, id string) (chat.Conversation, error)
	Events(ctx context.Context, conversation string, since int64, limit int) ([]chat.Event, error)
	LastOf(ctx context.Context, conversation string, kind chat.Kind) (chat.Event, error)
	Visitor(ctx context.Context, id string) (chat.Visitor, error)
	Setting(ctx context.Context, name string) (json.RawMessage, error)
}

// Registry numbers complaints.
type Registry interface {
	RegisterComplaint(ctx context.Context, c chat.Complaint, jobs []chat.Job) (chat.Complaint, error)
}

// Hub stores and tells everybody who follows; *hub.Hub is one.
type Hub interface {
	Commit(ctx context.Context, a chat.Append) (chat.Appended, error)
	// HandOver gives a conversation that the bot has to a person; one that it has not stays where it is.
	HandOver(ctx context.Context, conversation, reason string) error
	// Keeps says what keeps a conversation from going a level up, and when to look again; "" if nothing does.
	Keeps(ctx context.Context, c chat.Conversation) (why string, next time.Time, err error)
	// Escalated completes an escalation with how the conversation waits at its new level, and the clock for that.
	Escalated(ctx context.Context, c chat.Conversation, e chat.Escalated) (chat.Escalated, error)
	// BriefFor makes the brief of a handoff that no turn of the bot decided.
	BriefFor(ctx context.Context, c chat.Conversation, ho chat.Handoff) (handoff.Brief, error)
}

// Mailer sends e-mail. chat.ErrInvalid says that it never will.
type Mailer interface {
	Send(ctx context.Context, m chat.Mail) error
}

// Poster sends a signed webhook. chat.ErrInvalid says that it never will.
type Poster interface {
	Post(ctx context.Context, to, secret, id string, at time.Time, payload []byte) error
}

// Options configures Care. Reader, Registry, Hub, Trends, Voice and NewID are required.
type Options struct {
	Reader   Reader
	Registry Registry
	Hub      Hub
	Trends   Trends
	Voice    Voice
	Mail     Mailer               // nil: e-mail is off
	Post     Poster               // nil: webhooks are off
	Pages    *Pages               // nil: mails carry no link
	Writer   Writer               // nil: briefs are not worded
	Rules    func() handoff.Rules // the rules in force; nil: handoff.DefaultRules
	Logger   *slog.Logger
	Now      func() time.Time // UTC
	NewID    func() string    // UUIDv7
	// ComplaintIn is how long a written answer to a formal complaint may take; default 30 days.
	ComplaintIn time.Duration
}

// Care acts for the company: on request, and when a job falls due.
type Care struct{ o Options }

// New makes a Care.
func New(o Options) *Care {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = func() time.Time { return time.Now().UTC() }
	}
	if o.Rules == nil {
		o.Rules = handoff.DefaultRules
	}
	if o.ComplaintIn == 0 {
		o.ComplaintIn = 30 * 24 * time.Hour
	}
	return &Care{o: o}
}

func (c *Care) now() time.Time { return c.o.Now().UTC().Truncate(time.Microsecond) }

// Mails reports whether e-mail is on.
func (c *Care) Mails() bool { return c.o.Mail != nil }

// view is a conversation as it stood at one seq.
type view struct {
	conv   chat.Conversation
	events []chat.Event
}

const (
	pageLength = 500
	// rounds is how often a decision is made anew because something happened meanwhile.
	rounds = 8
)

// decide reads a conversation, has events made from it, and stores them on the condition that nothing at all happened
// since. It begins anew where something did. No events: there is nothing to do.
func (c *Care) decide(ctx context.Context, conversation string, make func(v view) ([]chat.Event, []chat.Job, error)) error {
	for range rounds {
		v, err := c.view(ctx, conversation)
		if err != nil {
			return err
		}
		events, jobs, err := make(v)
		if err != nil || len(events) == 0 {
			return err
		}
		seq := v.conv.LastSeq
		_, err = c.o.Hub.Commit(ctx, chat.Append{Conversation: conversation, Events: events, Jobs: jobs, Expect: chat.Expect{Seq: &seq}})
		if !errors.Is(err, chat.ErrStale) && !errors.Is(err, chat.ErrTaken) {
			return err
		}
	}
	return fmt.Errorf("%s: %w: too much happens at once", conversation, chat.ErrUnavailable)
}

// view reads the row first: events beyond its seq are left out.
func (c *Care) view(ctx context.Context, conversation string) (view, error) {
	conv, err := c.o.Reader.Conversation(ctx, conversation)
	if err != nil {
		return view{}, err
	}
	v := view{conv: conv}
	for since := int64(0); since < conv.LastSeq; {
		page, err := c.o.Reader.Events(ctx, conversation, since, pageLength)
		if err != nil {
			return v, err
		}
		if len(page) == 0 {
			return v, fmt.Errorf("read %s after %d: %w", conversation, since, chat.ErrUnavailable)
		}
		v.events = append(v.events, page...)
		since = page[len(page)-1].Seq
	}
	return v, nil
}

// done reports whether the client's request is in the log already.
func (v view) done(sender, clientID string) bool {
	for _, e := range v.events {
		if clientID != "" && e.ClientID == clientID && e.Sender == sender {
			return true
		}
	}
	return false
}

// last finds the latest body of a kind that fits.
func last[B any](v view, kind chat.Kind, fits func(B) bool) (B, bool) {
	for i := len(v.events) - 1; i >= 0; i-- {
		var b B
		if v.events[i].Kind == kind && json.Unmarshal(v.events[i].Body, &b) == nil && fits(b) {
			return b, true
		}
	}
	var none B
	return none, false
}

func (c *Care) event(kind chat.Kind, role chat.Role, sender, clientID string, body any) chat.Event {
	data, err := json.Marshal(body)
	if err != nil {
		panic(fmt.Sprintf("care: encode %s: %v", kind, err)) // structs of strings, numbers and times
	}
	return chat.Event{Kind: kind, Role: role, Sender: sender, ClientID: clientID, At: c.now(), Body: data}
}

// say is a message in the company's name, which no person wrote, in a language that the script speaks.
func (c *Care) say(language, key, part string, with args) chat.Event {
	return c.event(chat.KindMessage, chat.RoleSystem, "", "", chat.Message{Text: c.o.Voice.Text(key, language, with), Part: part, Language: language})
}

// language is the one that a conversation's customer is written to in.
func (c *Care) language(conv chat.Conversation) string { return c.o.Voice.Speaks(conv.Language) }

// holds fails unless the agent holds the conversation, or is a supervisor and somebody does.
func holds(who chat.User, conv chat.Conversation) error {
	switch {
	case conv.Owner == chat.OwnerClosed:
		return chat.ErrClosed
	case conv.Owner == chat.OwnerAgent && (conv.Agent == who.ID || who.Grade.Includes(chat.GradeSupervisor)):
		return nil
	case conv.Owner == chat.OwnerAgent:
		return &chat.TakenError{AgentID: conv.Agent, Name: conv.AgentName}
	}
	return chat.ErrStale
}

// upwards passes a matter one level up, whoever has it now, and reopens it where it was closed.
func (c *Care) upwards(ctx context.Context, conv chat.Conversation, reason string) ([]chat.Event, error) {
	level := min(conv.Level+1, chat.LevelExecutive)
	switch conv.Owner {
	case chat.OwnerClosed:
		due, warn := answerBy(c.o.Rules(), conv, level, c.now())
		return []chat.Event{c.event(chat.KindReopened, chat.RoleSystem, "", "", chat.Reopened{
			Owner: chat.OwnerQueue, Level: level, Reason: reason, DueAt: due, WarnAt: warn,
		})}, nil
	case chat.OwnerBot:
		return c.handedUp(ctx, conv, level, reason)
	}
	if level == conv.Level { // nobody is above: it stays, and the log says what happened
		return nil, nil
	}
	e, err := c.o.Hub.Escalated(ctx, conv, chat.Escalated{Level: level, Reason: reason})
	return []chat.Event{c.event(chat.KindHandoffEscalated, chat.RoleSystem, "", "", e)}, err
}

// handedUp gives what the bot has to a person at a level, who finds in the brief what it is about.
func (c *Care) handedUp(ctx context.Context, conv chat.Conversation, level int, reason string) ([]chat.Event, error) {
	conv.Severity = chat.SeverityHigh
	due, warn := answerBy(c.o.Rules(), conv, level, c.now())
	ho := chat.Handoff{
		ID: c.o.NewID(), Reason: reason, Severity: conv.Severity, Level: level, Skill: conv.Skill, Language: conv.Language, Topic: conv.Topic, Product: conv.Product,
		AnsweredUpTo: conv.VisitorSeq, DueAt: due, WarnAt: warn,
	}
	brief, err := c.o.Hub.BriefFor(ctx, conv, ho)
	if err != nil {
		return nil, err
	}
	return []chat.Event{c.event(chat.KindHandoffRequested, chat.RoleSystem, "", "", ho), c.event(chat.KindBrief, chat.RoleSystem, "", "", brief)}, nil
}

// answerBy is the answer-within clock of a conversation that is queued at a level.
func answerBy(r handoff.Rules, conv chat.Conversation, level int, now time.Time) (due, warn time.Time) {
	conv.Level = level
	return r.AnswerBy(conv, now)
}
