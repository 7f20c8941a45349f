package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"ombud/chat"
	"ombud/handoff"
)

// Open gives the visitor's conversation: the latest one, or a new one with the bot's greeting in it.
func (h *Hub) Open(ctx context.Context, site chat.Site, v chat.Visitor, locale, page string) (chat.Conversation, error) {
	c, err := h.o.Store.LatestConversation(ctx, v.ID)
	switch {
	case err == nil:
		return c, nil
	case !errors.Is(err, chat.ErrNotFound):
		return c, fmt.Errorf("open conversation of %s: %w", v.ID, err)
	}
	return h.Begin(ctx, site, v, locale, page)
}

// Begin starts a new conversation, whatever there was before.
func (h *Hub) Begin(ctx context.Context, site chat.Site, v chat.Visitor, locale, page string) (chat.Conversation, error) {
	if locale == "" {
		locale = site.Settings.Locale
	}
	id := h.o.NewID()
	b := h.batch(chat.RoleSystem, "")
	b.add(chat.KindOpened, chat.Opened{Site: site.ID, Visitor: v.ID, Locale: locale, Page: page})
	b.role = chat.RoleBot
	greeting := h.o.Bot.Greeting(locale, v.Name)
	b.add(chat.KindMessage, chat.Message{Text: greeting.Text, Part: "greeting", QuickReplies: taps(greeting.QuickReplies)})
	if b.err != nil {
		return chat.Conversation{}, b.err
	}
	a, err := h.o.Store.Append(ctx, chat.Append{Conversation: id, Events: b.events})
	if err != nil {
		return chat.Conversation{}, fmt.Errorf("begin conversation of %s: %w", v.ID, err)
	}
	h.stored(nil, a)
	return a.Conversation, nil
}

// writable are the owners under which a visitor's message is simply stored.
var writable = []chat.Owner{chat.OwnerBot, chat.OwnerQueue, chat.OwnerAgent, chat.OwnerTicket}

// Say stores a message and gives the event as stored; duplicate says that it had been stored before.
//
// It fails with chat.ErrConflict where the client id came with another text before; for an agent with
// chat.ErrStale or chat.ErrTaken where they no longer hold the conversation; for a visitor with
// chat.ErrClosed where it closed too long ago to go on.
func (h *Hub) Say(ctx context.Context, who chat.Identity, conversation, clientID, text string) (chat.Event, bool, error) {
	m := chat.Message{Text: text}
	if who.Role == chat.RoleAgent {
		m.Name = who.Name
	} else {
		m.Due = h.now().Add(h.o.TurnPause)
	}
	return h.tell(ctx, who, conversation, clientID, chat.KindMessage, m)
}

// SaySuggested stores, like Say, an agent's message that began as a draft of the language model: what follows from its words can
// be told apart later.
func (h *Hub) SaySuggested(ctx context.Context, who chat.Identity, conversation, clientID, text string) (chat.Event, bool, error) {
	return h.tell(ctx, who, conversation, clientID, chat.KindMessage, chat.Message{Text: text, Name: who.Name, Source: chat.SourceSuggestion})
}

// Attach tells of a file that was stored, like Say of a message, and fails like it. The bot does not answer to files.
func (h *Hub) Attach(ctx context.Context, who chat.Identity, conversation, clientID string, f chat.Attached) (chat.Event, bool, error) {
	if who.Role == chat.RoleAgent {
		f.Name = who.Name
	}
	return h.tell(ctx, who, conversation, clientID, chat.KindFile, f)
}

// Identify notes for the agents who the visitor is. The same client id again changes nothing.
func (h *Hub) Identify(ctx context.Context, conversation, clientID string, i chat.Identified) error {
	b := h.batch(chat.RoleSystem, "")
	b.add(chat.KindVisitorIdentified, i).ClientID = clientID
	if _, err := h.write(ctx, conversation, chat.Expect{}, 0, b); err != nil {
		return fmt.Errorf("identify the visitor of %s: %w", conversation, err)
	}
	return nil
}

// tell stores one event of the visitor, or of the agent who holds the conversation.
func (h *Hub) tell(ctx context.Context, who chat.Identity, conversation, clientID string, kind chat.Kind, body any) (chat.Event, bool, error) {
	expect := chat.Expect{Owners: writable}
	if who.Role == chat.RoleAgent {
		expect = holding(who)
	}
	b := h.batch(who.Role, who.ID)
	b.add(kind, body).ClientID = clientID
	if b.err != nil {
		return chat.Event{}, false, b.err
	}
	a, err := h.o.Store.Append(ctx, chat.Append{Conversation: conversation, Events: b.events, Expect: expect})
	if errors.Is(err, chat.ErrStale) && who.Role == chat.RoleVisitor {
		a, err = h.sayAgain(ctx, conversation, b.events)
	}
	if err != nil {
		return chat.Event{}, false, fmt.Errorf("say in %s: %w", conversation, err)
	}
	h.stored(nil, a)
	return a.Events[len(a.Events)-1], a.Duplicate, nil
}

// sayTries is how often a visitor's word is tried: each time somebody else was faster, and closed or reopened.
const sayTries = 3

// sayAgain reopens a conversation that was closed, and stores what the visitor said.
func (h *Hub) sayAgain(ctx context.Context, conversation string, said []chat.Event) (a chat.Appended, err error) {
	for range sayTries {
		if a, err = h.sayOrReopen(ctx, conversation, said); !errors.Is(err, chat.ErrStale) {
			break
		}
	}
	return a, err
}

func (h *Hub) sayOrReopen(ctx context.Context, conversation string, said []chat.Event) (chat.Appended, error) {
	c, err := h.o.Store.Conversation(ctx, conversation)
	if err != nil {
		return chat.Appended{}, err
	}
	if c.Owner != chat.OwnerClosed {
		return h.o.Store.Append(ctx, chat.Append{Conversation: conversation, Events: said, Expect: chat.Expect{Owners: writable}})
	}
	if h.now().Sub(c.ClosedAt) > h.o.ReopenFor {
		return chat.Appended{}, chat.ErrClosed
	}
	b := h.batch(chat.RoleSystem, "")
	b.add(chat.KindReopened, chat.Reopened{Owner: chat.OwnerBot, Reason: "visitor_wrote"})
	return h.o.Store.Append(ctx, chat.Append{
		Conversation: conversation, Events: append(b.events, said...),
		Expect: chat.Expect{Owners: []chat.Owner{chat.OwnerClosed}, Epoch: &c.Epoch},
	})
}

// Note stores a remark that only agents see.
func (h *Hub) Note(ctx context.Context, who chat.Identity, conversation, clientID, text string) (chat.Event, bool, error) {
	b := h.batch(chat.RoleAgent, who.ID)
	b.add(chat.KindNote, chat.Note{Text: text, Name: who.Name}).ClientID = clientID
	a, err := h.write(ctx, conversation, chat.Expect{}, 0, b)
	if err != nil {
		return chat.Event{}, false, fmt.Errorf("note in %s: %w", conversation, err)
	}
	return a.Events[0], a.Duplicate, nil
}

func (h *Hub) write(ctx context.Context, conversation string, expect chat.Expect, capacity int, b *batch) (chat.Appended, error) {
	if b.err != nil {
		return chat.Appended{}, b.err
	}
	a, err := h.o.Store.Append(ctx, chat.Append{
		Conversation: conversation, Events: b.events, Expect: expect, Capacity: capacity,
	})
	if err != nil {
		return a, err
	}
	h.stored(nil, a)
	return a, nil
}

// holding is the condition that the agent still holds the conversation.
func holding(who chat.Identity) chat.Expect {
	return chat.Expect{Owners: []chat.Owner{chat.OwnerAgent}, Holder: who.ID}
}

// CloseConversation ends a conversation: an agent the one they hold, a supervisor any, a visitor their own.
func (h *Hub) CloseConversation(ctx context.Context, who chat.Identity, conversation string, c chat.Closed) error {
	c.By, c.Name = who.ID, who.Name
	expect := chat.Expect{Owners: writable}
	if who.Role == chat.RoleAgent && !who.Grade.Includes(chat.GradeSupervisor) {
		expect = holding(who)
	}
	b := h.batch(who.Role, who.ID)
	b.add(chat.KindClosed, c)
	if _, err := h.write(ctx, conversation, expect, 0, b); err != nil {
		return fmt.Errorf("close %s: %w", conversation, err)
	}
	return nil
}

// Label records whether the handoff came at the right time.
func (h *Hub) Label(ctx context.Context, who chat.Identity, conversation, label string) error {
	switch label {
	case "right_time", "too_late", "not_needed":
	default:
		return &chat.InvalidError{Field: "label", Code: "unknown", Hint: "Use right_time, too_late or not_needed."}
	}
	c, err := h.o.Store.Conversation(ctx, conversation)
	if err != nil {
		return fmt.Errorf("label %s: %w", conversation, err)
	}
	b := h.batch(chat.RoleAgent, who.ID)
	b.add(chat.KindHandoffLabelled, chat.Labelled{Handoff: c.Handoff, Label: label})
	if _, err := h.write(ctx, conversation, chat.Expect{}, 0, b); err != nil {
		return fmt.Errorf("label %s: %w", conversation, err)
	}
	return nil
}

// Rate stores the visitor's answer to the question how it went, and to the company's own questions.
func (h *Hub) Rate(ctx context.Context, who chat.Identity, conversation string, a chat.Survey) error {
	if a.Rating < 1 || a.Rating > 5 {
		return &chat.InvalidError{Field: "rating", Code: "range", Hint: "Give a rating from 1 to 5."}
	}
	b := h.batch(chat.RoleVisitor, who.ID)
	a.ID, a.State = h.o.NewID(), "answered"
	b.add(chat.KindSurvey, a)
	if _, err := h.write(ctx, conversation, chat.Expect{}, 0, b); err != nil {
		return fmt.Errorf("rate %s: %w", conversation, err)
	}
	return nil
}

// Brief gives the latest brief of a conversation, as the level reads it that it was moved to since; chat.ErrNotFound where none was made.
func (h *Hub) Brief(ctx context.Context, conversation string) (json.RawMessage, error) {
	var since int64
	var found json.RawMessage
	level := 0 // of the last move to another one since the handoff
	for {
		events, err := h.o.Store.Events(ctx, conversation, since, pageLength)
		if err != nil {
			return nil, fmt.Errorf("brief of %s: %w", conversation, err)
		}
		for _, e := range events {
			if e.Kind == chat.KindBrief {
				found = e.Body
			}
			level = levelAfter(e, level)
		}
		if len(events) < pageLength {
			break
		}
		since = events[len(events)-1].Seq
	}
	if found == nil {
		return nil, fmt.Errorf("brief of %s: %w", conversation, chat.ErrNotFound)
	}
	if level == 0 {
		return found, nil
	}
	return h.briefAt(found, level)
}

// levelAfter gives the level that a conversation was moved to since its handoff, 0 where it was not.
func levelAfter(e chat.Event, before int) int {
	switch e.Kind {
	case chat.KindHandoffRequested:
		return 0
	case chat.KindHandoffEscalated, chat.KindHandoffTransferred, chat.KindReopened:
		var moved struct {
			Level int `json:"level"`
		}
		if json.Unmarshal(e.Body, &moved) == nil && moved.Level > 0 {
			return moved.Level
		}
	}
	return before
}

// briefAt gives a stored brief as the level reads it that the conversation was moved to.
func (h *Hub) briefAt(stored json.RawMessage, level int) (json.RawMessage, error) {
	var b handoff.Brief
	if err := json.Unmarshal(stored, &b); err != nil {
		return nil, fmt.Errorf("decode brief: %w", err)
	}
	if b.Level == level {
		return stored, nil
	}
	raw, err := json.Marshal(b.At(level, h.o.Rules().Mandates()))
	if err != nil {
		return nil, fmt.Errorf("encode brief: %w", err)
	}
	return raw, nil
}
