package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"ombud/chat"
	"ombud/server/frame"
)

// settingCauses names the setting that holds the causes: a JSON list of {id, name}.
const settingCauses = "causes"

// causes gives the causes to choose from at a close; none where none are set.
func (s *Server) causes(ctx context.Context) ([]frame.Cause, error) {
	out := []frame.Cause{}
	data, err := s.o.Store.Setting(ctx, settingCauses)
	if errors.Is(err, chat.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read causes: %w", err)
	}
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("decode causes: %w", err)
	}
	return out, nil
}

// colleagues lists who works here, with their presence.
func (s *Server) colleagues(ctx context.Context) ([]frame.Colleague, error) {
	users, err := s.o.Store.Users(ctx)
	if err != nil {
		return nil, fmt.Errorf("list colleagues: %w", err)
	}
	states := map[string]string{}
	if s.o.Duty != nil {
		present, err := s.o.Duty.Present(ctx)
		if err != nil {
			return nil, fmt.Errorf("list who is present: %w", err)
		}
		for _, p := range present {
			states[p.User] = p.State
		}
	}
	out := []frame.Colleague{}
	for _, u := range users {
		if u.Disabled {
			continue
		}
		state := states[u.ID]
		if state == "" {
			state = "offline"
		}
		out = append(out, frame.Colleague{ID: u.ID, Name: u.Name, Level: u.Level, State: state})
	}
	return out, nil
}

// presence renews the agent's lease, and tells everybody where the state is a new one.
func (a *agent) presence(ctx context.Context, in frame.In) (bool, error) {
	s := a.c.s
	if s.o.Duty == nil {
		return false, nil
	}
	if err := s.o.Duty.Renew(ctx, a.user().ID, in.State); err != nil {
		return false, fmt.Errorf("renew presence: %w", err)
	}
	if a.state != in.State {
		a.state = in.State
		s.tellPresence()
		s.publish(topicPresence, a.user().ID)
	}
	return false, nil
}

// tellPresence sends everybody on this node who is on duty. It works beside.
func (s *Server) tellPresence() {
	s.beside(func() {
		ctx, cancel := context.WithTimeout(s.ctx, s.o.Limits.Call)
		defer cancel()
		all, err := s.colleagues(ctx)
		if err != nil {
			s.o.Logger.Warn("tell presence", "error", err)
			return
		}
		b, err := frame.Encode(frame.TypePresence, 0, frame.Presence{Agents: all})
		if err != nil {
			s.o.Logger.Error("tell presence", "error", err)
			return
		}
		for _, a := range s.conns.of("") {
			a.c.send(b)
		}
	})
}
