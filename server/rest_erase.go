package server

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
)

// Eraser removes who a visitor was and what was written in their conversations, notes it in the audit log, and gives how many
// conversations those are. It fails with chat.ErrNotFound. Implemented by *storage.DB.
type Eraser interface {
	EraseVisitor(ctx context.Context, visitor string, why chat.Erasure, at time.Time) (int, error)
}

type eraseOut struct {
	Body struct {
		Conversations int `json:"conversations" doc:"how many of them hold no words any more"`
	}
}

func (s *Server) eraseRoutes(api huma.API) {
	o := op(http.MethodDelete, "/visitors/{id}", "erase-visitor", tagAdmin, "Erase a visitor: who they are, and all words, files and facts of their conversations")
	o.Description = "There is no way back. Open conversations are closed. What happened when, and in whose hands, stays for the reports."
	register(s, api, o, chat.GradeAdmin, s.eraseVisitor)
}

// eraseVisitor erases, and has all nodes end the visitor's connections.
func (s *Server) eraseVisitor(ctx context.Context, by chat.User, in *userIn) (*eraseOut, error) {
	if s.o.Eraser == nil {
		return nil, chat.ErrUnavailable
	}
	out := &eraseOut{}
	var err error
	kept := context.WithoutCancel(ctx) // once begun it is finished, whoever hangs up
	out.Body.Conversations, err = s.o.Eraser.EraseVisitor(kept, in.ID, chat.Erasure{By: by.ID, Why: chat.ErasedAsked}, s.now())
	if err != nil {
		return nil, fmt.Errorf("erase visitor %s: %w", in.ID, err)
	}
	s.Erased(in.ID)
	return out, nil
}

// Erased ends the connections of a visitor who was erased, on all nodes, and has these forget the words. Whoever comes back is somebody new.
func (s *Server) Erased(visitor string) {
	s.forget(visitor)
	s.publish(topicErased, visitor)
}

func (s *Server) forget(visitor string) {
	s.o.Hub.Erased(visitor)
	for _, c := range s.conns.all() {
		if id := c.guest.Load(); id != nil && *id == visitor {
			c.close(CloseRestart, "come back")
		}
	}
}
