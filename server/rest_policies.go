package server

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/frame"
)

type policiesOut struct {
	Body struct {
		Policies []chat.PolicyVersion `json:"policies"`
	}
}

type policyOut struct{ Body chat.PolicyVersion }

type savePolicyIn struct {
	Body struct {
		Version int64           `json:"version" minimum:"1" doc:"the number it shall have: one above the latest, else conflict"`
		Reason  string          `json:"reason" minLength:"1" maxLength:"500" doc:"why it is changed"`
		Data    json.RawMessage `json:"data" doc:"the policy"`
	}
}

type replayIn struct {
	Body struct {
		Data json.RawMessage `json:"data" doc:"the policy to try"`
		From time.Time       `json:"from,omitempty" doc:"conversations that began from then; default 30 days ago"`
		To   time.Time       `json:"to,omitempty" doc:"and before then; default now"`
	}
}

type replayOut struct{ Body json.RawMessage }

func (s *Server) policyRoutes(api huma.API) {
	large := func(method, path, id, summary string) huma.Operation {
		o := op(method, path, id, tagAdmin, summary)
		o.MaxBodyBytes = largestBody
		return o
	}
	register(s, api, large(http.MethodGet, "/policies", "policies", "All versions of the handoff policy, newest first"), chat.GradeSupervisor, s.listPolicies)
	register(s, api, large(http.MethodPost, "/policies", "save-policy", "Make a policy the live one"), chat.GradeAdmin, s.savePolicy)
	register(s, api, large(http.MethodPost, "/policies/replay", "replay-policy", "What a policy would have done to recorded conversations"), chat.GradeSupervisor, s.replayPolicy)
	register(s, api, large(http.MethodPost, "/policies/staffing", "staff-policy", "Waiting time and agents needed, by hour of the day, under a policy"), chat.GradeSupervisor, s.staffPolicy)
	s.policyToolRoutes(api)
}

func (s *Server) listPolicies(ctx context.Context, _ chat.User, _ *struct{}) (*policiesOut, error) {
	all, err := s.o.Store.Policies(ctx)
	out := &policiesOut{}
	out.Body.Policies = append([]chat.PolicyVersion{}, all...)
	return out, err
}

func (s *Server) savePolicy(ctx context.Context, by chat.User, in *savePolicyIn) (*policyOut, error) {
	if p := frame.CheckText("reason", in.Body.Reason, 500); p != nil {
		return nil, p
	}
	p := chat.PolicyVersion{Version: in.Body.Version, Author: by.ID, Reason: in.Body.Reason, Data: in.Body.Data}
	return s.makeLive(ctx, by, p, map[string]string{"reason": p.Reason})
}

func (s *Server) replayPolicy(ctx context.Context, _ chat.User, in *replayIn) (*replayOut, error) {
	if s.o.Policy == nil {
		return nil, chat.ErrUnavailable
	}
	if err := s.o.Policy.Check(in.Body.Data); err != nil {
		return nil, err
	}
	from, to, err := s.period(in.Body.From, in.Body.To)
	if err != nil {
		return nil, err
	}
	report, err := s.o.Policy.Replay(ctx, in.Body.Data, from, to)
	return &replayOut{report}, err
}

func (s *Server) staffPolicy(ctx context.Context, _ chat.User, in *replayIn) (*replayOut, error) {
	p, err := s.policy()
	if err != nil {
		return nil, err
	}
	from, to, err := s.period(in.Body.From, in.Body.To)
	if err != nil {
		return nil, err
	}
	report, err := p.Staffing(ctx, in.Body.Data, from, to)
	return &replayOut{report}, err
}
