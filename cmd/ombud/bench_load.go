package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"ombud/server/client"
)

// load sets the pairs up, then lets them all send for the time of the run.
func (c *benchCmd) load(ctx context.Context, base, token string) (benchResult, error) {
	beside, err := c.open(ctx, base, c.Beside)
	defer closeAll(beside)
	if err != nil {
		return benchResult{}, err
	}
	pairs := make([]*pair, c.Pairs)
	defer func() {
		for _, p := range pairs {
			p.close()
		}
	}()
	for i := range pairs {
		p, err := c.connect(ctx, base, token)
		if err != nil {
			return benchResult{}, fmt.Errorf("pair %d: %w", i+1, err)
		}
		pairs[i] = p
	}
	if err := all(pairs, func(_ int, p *pair) error { return p.settle() }); err != nil {
		return benchResult{}, err
	}
	limit := rate.NewLimiter(rate.Inf, 1)
	if c.Rate > 0 {
		limit = rate.NewLimiter(rate.Limit(c.Rate), 1)
	}
	run, cancel := context.WithTimeout(ctx, c.For)
	defer cancel()
	started, before := time.Now(), cpuTime()
	err = all(pairs, func(i int, p *pair) error { return p.exchange(run, limit, i) })
	r := summary(pairs, time.Since(started))
	if c.Self && r.Messages > 0 {
		r.CPU = float64((cpuTime() - before).Microseconds()) / float64(r.Messages)
	}
	return r, err
}

// all runs f for all pairs at once.
func all(pairs []*pair, f func(i int, p *pair) error) error {
	errs := make([]error, len(pairs))
	var wg sync.WaitGroup
	for i, p := range pairs {
		wg.Go(func() { errs[i] = f(i, p) })
	}
	wg.Wait()
	return errors.Join(errs...)
}

// benchWait is the longest that a client waits for one frame.
const benchWait = 20 * time.Second

// settle reads what came while the others were set up: every agent was told of every chat that began, which is no part of what is measured.
func (p *pair) settle() error {
	for _, x := range []*client.Client{p.visitor, p.agent} {
		if err := x.Send("ping", 0, map[string]string{"id": "settled"}); err != nil {
			return err
		}
		if err := x.Await("pong", "settled", benchWait); err != nil {
			return err
		}
	}
	return nil
}

// exchange sends 64 bytes, waits for the acknowledgement and for the agent's receipt, and sends the next.
func (p *pair) exchange(ctx context.Context, limit *rate.Limiter, n int) error {
	text := fmt.Sprintf("%-64s", fmt.Sprintf("message of pair %d", n))[:64]
	for i := 0; limit.Wait(ctx) == nil && ctx.Err() == nil; i++ {
		id := fmt.Sprintf("b%d", i)
		sent := time.Now()
		if err := p.visitor.Say(id, text); err != nil {
			return err
		}
		var seenAt time.Duration
		seen := make(chan error, 1)
		go func() {
			err := p.agent.Await("event", id, benchWait)
			seenAt = time.Since(sent)
			seen <- err
		}()
		err := p.visitor.Await("ack", id, benchWait)
		p.ack = append(p.ack, time.Since(sent))
		if err = errors.Join(err, <-seen); err != nil {
			return err
		}
		p.seen = append(p.seen, seenAt)
	}
	return nil
}
