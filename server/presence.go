package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"ombud/chat"
	"ombud/server/frame"
)

// settingCauses names the setting that holds the causes: a JSON list of {id, name}.
const settingCauses = "causes"

// usualCauses is the list to start from, until an admin changes it.
var usualCauses = []frame.Cause{
	{ID: "promise_not_kept", Name: "Promise not kept"}, {ID: "poor_service", Name: "Poor service"}, {ID: "passed_around", Name: "Passed around"},
	{ID: "rude_staff", Name: "Rude staff"}, {ID: "hard_to_reach", Name: "Hard to reach"}, {ID: "not_listened_to", Name: "Not listened to"},
	{ID: "hidden_cost", Name: "Hidden cost or information"}, {ID: "poor_quality", Name: "Poor quality"},
	{ID: "late_or_lost", Name: "Late or lost delivery"}, {ID: "wrong_bill", Name: "Wrong bill"},
}

// causes gives the causes to choose from at a close.
func (s *Server) causes(ctx context.Context) ([]frame.Cause, error) {
	out := []frame.Cause{}
	data, err := s.o.Store.Setting(ctx, settingCauses)
	if errors.Is(err, chat.ErrNotFound) {
		return slices.Clone(usualCauses), nil
	}
	if err != nil {
		return nil, fmt.Errorf("read causes: %w", err)
	}
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("decode causes: %w", err)
	}
	return out, nil
}

// orUsual gives the list as stored, or the usual one where none ever was.
func orUsual(all []frame.Cause) []frame.Cause {
	if all == nil {
		return slices.Clone(usualCauses)
	}
	return all
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
	out, held := []frame.Colleague{}, s.floor.holds()
	for _, u := range users {
		if u.Disabled {
			continue
		}
		state := states[u.ID]
		if state == "" {
			state = "offline"
		}
		out = append(out, frame.Colleague{ID: u.ID, Name: u.Name, Level: u.Level, State: state, Held: held[u.ID]})
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
	a.lease.Store(&in.State)
	if a.state != in.State {
		a.state = in.State
		s.tellPresence()
		s.publish(topicPresence, a.user().ID)
	}
	return false, nil
}

// keepLeases looks after the leases of all agents here, more often than pings are answered.
func (s *Server) keepLeases() {
	tick := time.NewTicker(s.o.Limits.Ping / 2)
	defer tick.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
			ctx, cancel := context.WithTimeout(s.ctx, s.o.Limits.Call)
			for _, a := range s.conns.of("") {
				s.keepLease(ctx, a)
			}
			cancel()
		}
	}
}

// keepLease prolongs the lease of an agent whose socket still answers pings: browsers slow the timers of a hidden page
// down to one a minute, and an agent who reads another tab has not vanished. The lease runs from the last sign of life:
// one who froze, or whose cable was cut, loses it as soon as one who closed the window.
func (s *Server) keepLease(ctx context.Context, a *agent) {
	state := a.lease.Load()
	if s.o.Duty == nil || state == nil || *state == "offline" {
		return
	}
	heard := a.c.heard.Load()
	if a.kept == heard { // nothing since the last look
		return
	}
	a.kept = heard
	if err := s.o.Duty.Keep(ctx, a.user().ID, *state, time.Since(time.Unix(0, heard))); err != nil {
		s.o.Logger.Warn("keep a lease", "user", a.user().ID, "error", err)
	}
}

// tellPresence sends everybody on this node who is on duty. It works beside.
func (s *Server) tellPresence() { s.beside(s.presenceNow) }

// presenceNow leaves out those whose welcome is on its way, which comes before everything else: enter makes good what they miss.
func (s *Server) presenceNow() {
	s.presenceTold.Add(1)
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
		if a.welcomed.Load() {
			a.c.send(b)
		}
	}
}
