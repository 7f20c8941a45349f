package hub

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"ombud/chat"
	"ombud/handoff"
)

// amendTries is how often a correction is made anew because something happened meanwhile.
const amendTries = 5

// may fails unless the agent holds the conversation, or is a supervisor, or it waits.
func may(who chat.Identity, c chat.Conversation) error {
	switch {
	case c.Owner == chat.OwnerClosed:
		return chat.ErrClosed
	case who.Grade.Includes(chat.GradeSupervisor), c.Owner == chat.OwnerAgent && c.Agent == who.ID:
		return nil
	case c.Owner == chat.OwnerAgent:
		return &chat.TakenError{AgentID: c.Agent, Name: c.AgentName}
	}
	return chat.ErrStale
}

// Correct puts a line of the brief right: the matter, what is wanted, or a fact by its name. The brief as it is then is
// stored, with who changed it; what it said before stays in the log. An empty text takes a fact out. It fails with
// chat.ErrNotFound where there is no brief, and as an act of the holder does.
func (h *Hub) Correct(ctx context.Context, who chat.Identity, conversation, clientID, field, text string) error {
	return h.amend(ctx, who, conversation, func(c chat.Conversation, b *batch) error {
		raw, err := h.Brief(ctx, conversation)
		if err != nil {
			return err
		}
		var brief handoff.Brief
		if err := json.Unmarshal(raw, &brief); err != nil {
			return fmt.Errorf("decode: %w", err)
		}
		if brief, err = brief.Correct(field, text, who.Name); err != nil {
			return err
		}
		b.add(chat.KindBrief, brief).ClientID = clientID
		h.addProduct(ctx, b, c, brief, who.Name)
		return nil
	})
}

// Reclassify corrects how a conversation that an agent holds is sorted: severity, skill or topic; what is empty stays.
func (h *Hub) Reclassify(ctx context.Context, who chat.Identity, conversation string, r chat.Reclassified) error {
	return h.amend(ctx, who, conversation, func(c chat.Conversation, b *batch) error {
		if r.Severity == "" && r.Skill == "" && r.Topic == "" {
			return &chat.InvalidError{Field: "severity", Code: "empty", Hint: "Give a severity, a skill or a topic."}
		}
		r.Handoff, r.Name = c.Handoff, who.Name
		b.add(chat.KindHandoffReclassified, r)
		return nil
	})
}

// amend stores what is made from the conversation, on the condition that nothing has happened since it was read.
func (h *Hub) amend(ctx context.Context, who chat.Identity, conversation string, change func(chat.Conversation, *batch) error) error {
	var err error
	for range amendTries {
		var c chat.Conversation
		if c, err = h.o.Store.Conversation(ctx, conversation); err == nil {
			err = may(who, c)
		}
		if err != nil {
			break
		}
		b := h.batch(chat.RoleAgent, who.ID)
		if err = change(c, b); err != nil {
			break
		}
		if _, err = h.write(ctx, conversation, chat.Expect{Seq: &c.LastSeq}, 0, b); !errors.Is(err, chat.ErrStale) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("correct %s: %w", conversation, err)
	}
	return nil
}

// Next claims the first conversation of the line that fits the agent, and gives its id. One that they have let go of before is
// left to others, as long as any are there who could take it. It fails with chat.ErrNotFound where there is none, and
// else as Claim does.
func (h *Hub) Next(ctx context.Context, who chat.User) (string, error) {
	h.board.mu.Lock()
	line := h.board.last.line
	h.board.mu.Unlock()
	for _, c := range handoff.Rank(line, h.now()) {
		if agentOf(who).Misfit(c) != nil {
			continue
		}
		others, err := h.leftToOthers(ctx, c, who.ID)
		if err != nil {
			return "", fmt.Errorf("claim the next: %w", err)
		}
		if others {
			continue
		}
		switch err := h.Claim(ctx, who, c.ID); {
		case err == nil:
			return c.ID, nil
		case errors.Is(err, chat.ErrTaken), errors.Is(err, chat.ErrStale), errors.Is(err, chat.ErrForbidden):
			continue // somebody was faster, or it went up: this node has yet to hear of it
		default:
			return "", err
		}
	}
	return "", fmt.Errorf("claim the next: %w", chat.ErrNotFound)
}

// leftToOthers reports whether the agent has let go of the conversation, and somebody else is there who fits and has not.
// Were nobody else to come, it would wait for ever.
func (h *Hub) leftToOthers(ctx context.Context, c chat.Conversation, agent string) (bool, error) {
	if c.Handovers == 0 {
		return false, nil // nobody has had it yet
	}
	dropped, err := h.droppedBy(ctx, c.ID)
	if err != nil || !dropped[agent] {
		return false, err
	}
	return slices.ContainsFunc(h.present(), func(a handoff.Agent) bool { return !dropped[a.ID] && a.Misfit(c) == nil }), nil
}
