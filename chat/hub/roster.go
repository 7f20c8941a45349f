package hub

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"ombud/chat"
	"ombud/handoff"
)

// The states of an agent.
const (
	StateOnline   = "online"
	StateBusy     = "busy"
	StateAway     = "away"
	StateWrapping = "wrapping_up"
	StateOffline  = "offline"
)

// Leases is what the roster needs of storage.
type Leases interface {
	SavePresence(ctx context.Context, p chat.Presence) error
	// KeepPresence moves the end of a lease further on, if the state is the same and it ends earlier.
	KeepPresence(ctx context.Context, p chat.Presence) error
	Presences(ctx context.Context) ([]chat.Presence, error)
	Users(ctx context.Context) ([]chat.User, error)
}

// RosterOptions configures a roster. Leases is required; zero values take the defaults.
type RosterOptions struct {
	Leases Leases
	Now    func() time.Time
	Logger *slog.Logger
	Lease  time.Duration        // how long one renewal lasts; default 45 s
	Grace  time.Duration        // time for a reload after the lease ran out; default: as the rules say
	Rules  func() handoff.Rules // the rules in force; nil: handoff.DefaultRules
}

// Roster knows who is here. Presence is a lease that the console renews: whoever stops renewing has
// vanished, however they went.
type Roster struct {
	o RosterOptions

	mu   sync.Mutex
	duty []Duty
}

// NewRoster makes a roster; Refresh fills it.
func NewRoster(o RosterOptions) *Roster {
	if o.Lease == 0 {
		o.Lease = 45 * time.Second
	}
	if o.Rules == nil {
		rules := handoff.DefaultRules()
		o.Rules = func() handoff.Rules { return rules }
	}
	if o.Now == nil {
		o.Now = func() time.Time { return time.Now().UTC() }
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	return &Roster{o: o}
}

// Renew prolongs an agent's lease in a state; StateOffline ends it.
func (r *Roster) Renew(ctx context.Context, user, state string) error {
	p := chat.Presence{User: user, State: state, ExpiresAt: r.o.Now().Add(r.o.Lease).UTC().Truncate(time.Microsecond)}
	switch state {
	case StateOnline, StateBusy, StateAway, StateWrapping:
	case StateOffline:
		p.ExpiresAt = r.o.Now().UTC().Truncate(time.Microsecond)
	default:
		return &chat.InvalidError{Field: "state", Code: "unknown", Hint: "Use online, busy, away, wrapping_up or offline."}
	}
	if err := r.o.Leases.SavePresence(ctx, p); err != nil {
		return fmt.Errorf("renew the lease of %s: %w", user, err)
	}
	return nil
}

// Keep prolongs the lease of an agent in a state who was last heard of some time ago: it lasts from then on.
func (r *Roster) Keep(ctx context.Context, user, state string, ago time.Duration) error {
	until := r.o.Now().Add(r.o.Lease - ago).UTC().Truncate(time.Microsecond)
	if err := r.o.Leases.KeepPresence(ctx, chat.Presence{User: user, State: state, ExpiresAt: until}); err != nil {
		return fmt.Errorf("keep the lease of %s: %w", user, err)
	}
	return nil
}

// Present lists the agents with a live lease.
func (r *Roster) Present(ctx context.Context) ([]chat.Presence, error) {
	all, err := r.o.Leases.Presences(ctx)
	if err != nil {
		return nil, fmt.Errorf("list who is here: %w", err)
	}
	now := r.o.Now()
	var here []chat.Presence
	for _, p := range all {
		if p.ExpiresAt.After(now) && p.State != StateOffline {
			here = append(here, p)
		}
	}
	return here, nil
}

// OnDuty lists those who take chats, as of the last Refresh.
func (r *Roster) OnDuty() []Duty {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.duty
}

// Refresh reads who is here.
func (r *Roster) Refresh(ctx context.Context) error {
	here, err := r.Present(ctx)
	if err != nil {
		return err
	}
	users, err := r.o.Leases.Users(ctx)
	if err != nil {
		return fmt.Errorf("list who works here: %w", err)
	}
	works := map[string]chat.User{}
	for _, u := range users {
		if !u.Disabled {
			works[u.ID] = u
		}
	}
	var duty []Duty
	for _, p := range here {
		if u, ok := works[p.User]; ok && (p.State == StateOnline || p.State == StateBusy) {
			duty = append(duty, Duty{
				Agent: u.ID, Name: u.Name, Level: u.Level, Skills: u.Skills, Languages: u.Languages, Products: u.Products,
				Capacity: u.Capacity, Ready: p.State == StateOnline,
			})
		}
	}
	r.mu.Lock()
	r.duty = duty
	r.mu.Unlock()
	return nil
}

// vanished lists the agents whose lease ran out longer than the grace ago, among those that were ever here.
func (r *Roster) vanished(ctx context.Context) (map[string]bool, error) {
	all, err := r.o.Leases.Presences(ctx)
	if err != nil {
		return nil, fmt.Errorf("list leases: %w", err)
	}
	gone := map[string]bool{}
	grace := r.o.Grace
	if grace == 0 {
		grace = time.Duration(r.o.Rules().Grace)
	}
	limit := r.o.Now().Add(-grace)
	for _, p := range all {
		if p.ExpiresAt.Before(limit) {
			gone[p.User] = true
		}
	}
	return gone, nil
}

// Reap puts the chats of vanished agents back at their old place in line, with their original waiting
// time. The condition on the epoch lets one node do it, once.
func (h *Hub) Reap(ctx context.Context, r *Roster) error {
	gone, err := r.vanished(ctx)
	if err != nil || len(gone) == 0 {
		return err
	}
	held, err := h.o.Line.Held(ctx)
	if err != nil {
		return fmt.Errorf("list held chats: %w", err)
	}
	for _, c := range held {
		if !gone[c.Agent] {
			continue
		}
		b := h.batch(chat.RoleSystem, "")
		body, err := h.released(ctx, c, "vanished")
		if errors.Is(err, chat.ErrStale) {
			continue
		}
		if err != nil {
			return fmt.Errorf("requeue %s: %w", c.ID, err)
		}
		b.add(chat.KindHandoffReleased, body)
		// What has just changed is read anew at the next round.
		expect := asLeft(chat.Expect{Owners: []chat.Owner{chat.OwnerAgent}, Epoch: &c.Epoch, Holder: c.Agent}, c, body.Owner)
		_, err = h.write(ctx, c.ID, expect, 0, b)
		if err != nil && !errors.Is(err, chat.ErrStale) && !errors.Is(err, chat.ErrTaken) {
			return fmt.Errorf("requeue %s: %w", c.ID, err)
		}
	}
	return nil
}
