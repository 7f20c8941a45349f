package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
)

// visible gives the conversation if the user may see it, else chat.ErrNotFound, as if there were none. Supervisors
// see all. Agents see what they hold, what waits and fits their level and skills or products, what they took part in, and the
// earlier conversations of a visitor whose latest one they may see.
func (s *Server) visible(ctx context.Context, u chat.User, id string) (chat.Conversation, error) {
	c, err := s.o.Store.Conversation(ctx, id)
	if err != nil || sees(u, c) {
		return c, err
	}
	latest, err := s.o.Store.LatestConversation(ctx, c.Visitor)
	if err != nil && !errors.Is(err, chat.ErrNotFound) {
		return chat.Conversation{}, err
	}
	if err == nil && latest.ID != c.ID && sees(u, latest) {
		return c, nil
	}
	took, err := s.tookPart(ctx, u, c.ID)
	if err != nil {
		return chat.Conversation{}, err
	}
	if !took {
		return chat.Conversation{}, fmt.Errorf("conversation %s for %s: %w", id, u.ID, chat.ErrNotFound)
	}
	return c, nil
}

func sees(u chat.User, c chat.Conversation) bool {
	switch {
	case u.Grade.Includes(chat.GradeSupervisor):
		return true
	case c.Owner == chat.OwnerAgent:
		return c.Agent == u.ID
	case c.Owner == chat.OwnerQueue, c.Owner == chat.OwnerTicket:
		c.Language = "" // the language decides who should answer, not who may look
		return asHandoff(u).Fits(c)
	}
	return false
}

// listed is sees for an item of the board.
func listed(u chat.User, it hub.BoardItem) bool {
	c := chat.Conversation{Owner: it.Owner, Level: it.Level, Skill: it.Skill, Product: it.Product}
	if it.Agent != nil {
		c.Agent = it.Agent.ID
	}
	return sees(u, c)
}

func asHandoff(u chat.User) handoff.Agent {
	return handoff.Agent{ID: u.ID, Level: max(u.Level, chat.LevelAgent), Skills: u.Skills, Products: u.Products}
}

const eventsPage = 500

// walk gives the events of a conversation after since to f, a page at a time and never an empty one, until f wants no more.
func (s *Server) walk(ctx context.Context, conversation string, since int64, f func([]chat.Event) (more bool)) error {
	for {
		events, err := s.o.Store.Events(ctx, conversation, since, eventsPage)
		if err != nil || len(events) == 0 || !f(events) || len(events) < eventsPage {
			return err
		}
		since = events[len(events)-1].Seq
	}
}

// tookPart reports whether the user wrote in the conversation, or it was passed to them.
func (s *Server) tookPart(ctx context.Context, u chat.User, id string) (bool, error) {
	found := false
	err := s.walk(ctx, id, 0, func(events []chat.Event) bool {
		found = slices.ContainsFunc(events, func(e chat.Event) bool {
			return e.Role == chat.RoleAgent && e.Sender == u.ID || passedTo(e) == u.ID
		})
		return !found
	})
	if err != nil {
		return false, fmt.Errorf("look for %s in %s: %w", u.ID, id, err)
	}
	return found, nil
}

func passedTo(e chat.Event) string {
	if e.Kind != chat.KindHandoffTransferred {
		return ""
	}
	var t chat.Transferred
	if json.Unmarshal(e.Body, &t) != nil {
		return ""
	}
	return t.To
}
