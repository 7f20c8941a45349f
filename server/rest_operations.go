package server

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
)

const answersPage = 50

type operationsOut struct{ Body Running }

type answersIn struct {
	Before string `query:"before" maxLength:"100" doc:"next of the page before"`
}

type answersOut struct {
	Body struct {
		Answers []chat.SurveyAnswer `json:"answers" doc:"newest first"`
		Next    string              `json:"next,omitempty" doc:"give it as before for the page after this one; left out on the last"`
	}
}

func (s *Server) operationsRoutes(api huma.API) {
	register(s, api, op(http.MethodGet, "/operations", "operations", tagAdmin, "How this installation runs"), chat.GradeAdmin, s.operations)
	register(s, api, op(http.MethodGet, "/survey/answers", "survey-answers", tagAdmin, "What customers said about how it went"), chat.GradeSupervisor, s.surveyAnswers)
}

func (s *Server) operations(ctx context.Context, _ chat.User, _ *struct{}) (*operationsOut, error) {
	if s.o.Operations == nil {
		return nil, chat.ErrUnavailable
	}
	r, err := s.o.Operations.Operations(ctx)
	r.Nodes = append([]chat.Node{}, r.Nodes...)
	return &operationsOut{r}, err
}

func (s *Server) surveyAnswers(ctx context.Context, _ chat.User, in *answersIn) (*answersOut, error) {
	a, err := s.admin()
	if err != nil {
		return nil, err
	}
	before := chat.SurveyAnswer{At: s.now().Add(time.Minute)} // clocks differ a little
	if in.Before != "" {
		if before.At, before.Conversation, err = fromCursor("before", in.Before); err != nil {
			return nil, err
		}
	}
	all, err := a.SurveyAnswers(ctx, before, answersPage+1)
	out := &answersOut{}
	if len(all) > answersPage {
		all = all[:answersPage]
		last := all[answersPage-1]
		out.Body.Next = cursor(last.At, last.Conversation)
	}
	out.Body.Answers = append([]chat.SurveyAnswer{}, all...)
	return out, err
}
