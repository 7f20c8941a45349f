package server

import (
	"context"
	"encoding/json"
	"fmt"
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
	register(s, api, large(http.MethodGet, "/policies", "policies", "All versions of the handoff policy, oldest first"), chat.GradeSupervisor, s.listPolicies)
	register(s, api, large(http.MethodPost, "/policies", "save-policy", "Make a policy the live one"), chat.GradeAdmin, s.savePolicy)
	register(s, api, large(http.MethodPost, "/policies/replay", "replay-policy", "What a policy would have done to recorded conversations"), chat.GradeSupervisor, s.replayPolicy)
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
	if s.o.Policy == nil {
		return nil, chat.ErrUnavailable
	}
	if err := s.o.Policy.Check(in.Body.Data); err != nil {
		return nil, err
	}
	p := chat.PolicyVersion{Version: in.Body.Version, Author: by.ID, Reason: in.Body.Reason, At: s.now(), Data: in.Body.Data}
	if err := s.o.Store.SavePolicy(ctx, p); err != nil {
		return nil, fmt.Errorf("save policy %d: %w", p.Version, err)
	}
	s.audit(ctx, by, "policy.save", fmt.Sprint(p.Version), map[string]string{"reason": p.Reason})
	s.publish("policy", fmt.Sprint(p.Version))
	if s.o.OnPolicy != nil {
		s.o.OnPolicy(p)
	}
	return &policyOut{p}, nil
}

func (s *Server) replayPolicy(ctx context.Context, _ chat.User, in *replayIn) (*replayOut, error) {
	if s.o.Policy == nil {
		return nil, chat.ErrUnavailable
	}
	if err := s.o.Policy.Check(in.Body.Data); err != nil {
		return nil, err
	}
	from, to := in.Body.From, in.Body.To
	if to.IsZero() {
		to = s.now()
	}
	if from.IsZero() {
		from = to.AddDate(0, 0, -30)
	}
	report, err := s.o.Policy.Replay(ctx, in.Body.Data, from.UTC(), to.UTC())
	return &replayOut{report}, err
}
