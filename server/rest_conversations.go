package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/server/frame"
)

// ConversationIn is exported because huma leaves out embedded structs that are not.
type ConversationIn struct {
	ID string `path:"id" maxLength:"64"`
}

type eventsIn struct {
	ConversationIn
	Since int64 `query:"since" minimum:"0" doc:"only events after this seq"`
	Limit int   `query:"limit" minimum:"1" maximum:"500" default:"500"`
}

// ConversationDetail is a conversation with what whoever works on it should know of its site.
type ConversationDetail struct {
	chat.Conversation
	SiteName string       `json:"site_name" doc:"the site's name; empty where the site is gone"`
	Limits   frame.Limits `json:"limits" doc:"what the holder may send"`
}

type conversationOut struct{ Body ConversationDetail }

type conversationsOut struct {
	Body struct {
		Conversations []chat.Conversation `json:"conversations"`
	}
}

type visitorOut struct{ Body chat.Visitor }

type eventsOut struct {
	Body struct {
		Events []json.RawMessage `json:"events" doc:"event frames as on the websocket"`
		More   bool              `json:"more" doc:"ask again with the last seq as since"`
	}
}

type queueOut struct{ Body frame.QueueSnapshot }

type causesOut struct {
	Body struct {
		Causes []frame.Cause `json:"causes"`
	}
}

type briefOut struct{ Body json.RawMessage }

func (s *Server) conversationRoutes(api huma.API) {
	get := func(path, id, summary string) huma.Operation {
		return op(http.MethodGet, path, id, tagWork, summary)
	}
	register(s, api, get("/queue", "queue", "The waiting line and the chats in progress, as far as you may see them"), chat.GradeAgent, s.queue)
	register(s, api, get("/conversations/{id}", "conversation", "One conversation"), chat.GradeAgent, s.conversation)
	register(s, api, get("/conversations/{id}/events", "events", "Its log"), chat.GradeAgent, s.events)
	register(s, api, get("/conversations/{id}/brief", "brief", "Its latest brief"), chat.GradeAgent, s.brief)
	s.suggestRoutes(api)
	register(s, api, get("/visitors/{id}/conversations", "visitor-conversations", "A visitor's conversations, newest first"), chat.GradeAgent, s.visitorConversations)
	register(s, api, get("/visitors/{id}", "visitor", "Who a visitor is: name, address, and what the site signed (attrs) or the page merely said (unverified)"), chat.GradeAgent, s.visitor)
	register(s, api, get("/causes", "causes", "Causes to choose from at a close"), chat.GradeAgent, s.listCauses)
}

// once is a board listener that waits for the first snapshot.
type once chan []hub.BoardItem

// Board takes the snapshot, and no more.
func (o once) Board(changed []hub.BoardItem, _ []string, snapshot bool) bool {
	if snapshot {
		select {
		case o <- changed:
		default:
		}
	}
	return !snapshot
}

func (s *Server) queue(ctx context.Context, u chat.User, _ *struct{}) (*queueOut, error) {
	ctx, cancel := context.WithTimeout(ctx, s.o.Limits.Call)
	defer cancel()
	board := make(once, 1)
	defer s.o.Hub.Watch(board)()
	out := &queueOut{frame.QueueSnapshot{Snapshot: true, Items: []frame.QueueItem{}}}
	select {
	case items := <-board:
		for _, it := range items {
			if listed(u, it) {
				out.Body.Items = append(out.Body.Items, queueItem(it))
			}
		}
		return out, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *Server) conversation(ctx context.Context, u chat.User, in *ConversationIn) (*conversationOut, error) {
	c, err := s.visible(ctx, u, in.ID)
	if err != nil {
		return nil, err
	}
	c.State = nil // the bot's own memory
	site, err := s.sites.site(ctx, c.Site)
	if err != nil && !errors.Is(err, chat.ErrNotFound) {
		return nil, err
	}
	return &conversationOut{ConversationDetail{c, site.Name, limitsOf(site)}}, nil
}

func (s *Server) events(ctx context.Context, u chat.User, in *eventsIn) (*eventsOut, error) {
	if _, err := s.visible(ctx, u, in.ID); err != nil {
		return nil, err
	}
	events, err := s.o.Store.Events(ctx, in.ID, in.Since, in.Limit)
	if err != nil {
		return nil, fmt.Errorf("read events of %s: %w", in.ID, err)
	}
	out := &eventsOut{}
	out.Body.Events, out.Body.More = []json.RawMessage{}, len(events) == in.Limit
	for _, e := range events {
		b, err := frame.EncodeEvent(e, frame.Agent)
		if err != nil {
			return nil, err
		}
		out.Body.Events = append(out.Body.Events, b)
	}
	return out, nil
}

func (s *Server) brief(ctx context.Context, u chat.User, in *ConversationIn) (*briefOut, error) {
	if _, err := s.visible(ctx, u, in.ID); err != nil {
		return nil, err
	}
	b, err := s.o.Hub.Brief(ctx, in.ID)
	return &briefOut{b}, err
}

// visitor shows one to whoever may see their latest conversation.
func (s *Server) visitor(ctx context.Context, u chat.User, in *ConversationIn) (*visitorOut, error) {
	latest, err := s.o.Store.LatestConversation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.visible(ctx, u, latest.ID); err != nil {
		return nil, err
	}
	v, err := s.o.Store.Visitor(ctx, in.ID)
	return &visitorOut{v}, err
}

// visitorConversations shows them to whoever may see the latest one.
func (s *Server) visitorConversations(ctx context.Context, u chat.User, in *ConversationIn) (*conversationsOut, error) {
	latest, err := s.o.Store.LatestConversation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if _, err := s.visible(ctx, u, latest.ID); err != nil {
		return nil, err
	}
	all, err := s.o.Store.VisitorConversations(ctx, in.ID, 100)
	if err != nil {
		return nil, fmt.Errorf("list conversations of %s: %w", in.ID, err)
	}
	out := &conversationsOut{}
	out.Body.Conversations = append([]chat.Conversation{}, all...)
	for i := range out.Body.Conversations {
		out.Body.Conversations[i].State = nil
	}
	return out, nil
}

func (s *Server) listCauses(ctx context.Context, _ chat.User, _ *struct{}) (*causesOut, error) {
	causes, err := s.causes(ctx)
	out := &causesOut{}
	out.Body.Causes = causes
	return out, err
}
