package llm

import (
	"context"
	"errors"
	"sync"
	"time"
)

// Breaker tells when a failing model is left alone. 0 means the default.
type Breaker struct {
	Failures int           // in a row, until it rests; 5
	Rest     time.Duration // how long it rests before one question probes it; 30 s
}

// maxRest is the longest that a server's Retry-After can make the model rest.
const maxRest = 5 * time.Minute

// breaker is closed (all questions pass), open (none does) or half-open (one does, and decides).
type breaker struct {
	Breaker
	now func() time.Time

	mu      sync.Mutex
	failed  int       // in a row
	until   time.Time // zero if closed
	probing bool
}

func newBreaker(b Breaker, now func() time.Time) *breaker {
	b.Failures, b.Rest = or(b.Failures, 5), or(b.Rest, 30*time.Second)
	return &breaker{Breaker: b, now: now}
}

// enter lets a question pass or returns ErrResting. settle must be called once with its outcome.
func (b *breaker) enter() (settle func(ctx context.Context, err error), err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	probe := false
	if !b.until.IsZero() {
		if b.probing || b.now().Before(b.until) {
			return nil, ErrResting
		}
		probe = true
		b.probing = true
	}
	return func(ctx context.Context, err error) { b.settle(ctx, err, probe) }, nil
}

func (b *breaker) settle(ctx context.Context, err error, probe bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if probe {
		b.probing = false
	}
	switch {
	case err == nil:
		if probe || b.until.IsZero() {
			b.failed, b.until = 0, time.Time{}
		}
		return
	case errors.Is(ctx.Err(), context.Canceled):
		return // nobody waited for the answer any more: that says nothing about the model
	}
	b.failed++
	if rest := b.Rest; probe || b.failed >= b.Failures {
		b.open(rest)
	}
	var s *statusError
	if errors.As(err, &s) && s.after > 0 && s.temporary() {
		b.open(min(s.after, maxRest))
	}
}

func (b *breaker) open(rest time.Duration) {
	if until := b.now().Add(rest); until.After(b.until) {
		b.until = until
	}
}
