package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"ombud/chat"
	"ombud/handoff"
	"ombud/server"
	"ombud/storage"
)

// shared is what all nodes have in common and read from the database again and again.
type shared struct {
	ahead atomic.Int64 // nanoseconds by which the database's clock is ahead of this node's
	rules atomic.Pointer[liveRules]
}

type liveRules struct {
	text  string // as stored
	rules handoff.Rules
}

// now is the database's time. Leases and clocks are written by one node and judged by another: nodes whose own clocks
// differ by minutes agree all the same.
func (a *app) now() time.Time { return now().Add(time.Duration(a.shared.ahead.Load())) }

// smallestAhead is a difference of clocks that is not worth correcting.
const smallestAhead = 50 * time.Millisecond

// useTime compares the clocks. The answer is from somewhere within the call, which bounds how well they can be compared.
func (a *app) useTime(ctx context.Context) error {
	before := now()
	theirs, err := a.db.Time(ctx)
	if err != nil {
		return fmt.Errorf("compare clocks: %w", err)
	}
	half := now().Sub(before) / 2
	ahead, was := theirs.Sub(before.Add(half)), time.Duration(a.shared.ahead.Load())
	unsure := max(smallestAhead, half)
	if ahead.Abs() <= unsure {
		ahead = 0
	}
	if ahead == was || (ahead != 0 && (ahead-was).Abs() <= unsure) {
		return nil // keeps the time from jumping about
	}
	a.shared.ahead.Store(int64(ahead))
	if ahead != 0 {
		a.logger.Warn("this machine's clock is not the database's, which counts", "ahead", ahead)
	}
	return nil
}

// products lists what the company sells, as admins keep it.
func (a *app) products(ctx context.Context) ([]handoff.Product, error) { return productList(ctx, a.db) }

func productList(ctx context.Context, db *storage.DB) (all []handoff.Product, _ error) {
	data, err := db.Setting(ctx, server.SettingProducts)
	if errors.Is(err, chat.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the products: %w", err)
	}
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, fmt.Errorf("decode the products: %w", err)
	}
	return all, nil
}

// rules are the handoff's rules in force.
func (a *app) rules() handoff.Rules { return a.shared.rules.Load().rules }

// useRules makes the stored rules the live ones. Stored rules that do not validate are refused, and those before stay.
func (a *app) useRules(ctx context.Context) error {
	live := a.shared.rules.Load()
	if live == nil {
		live = &liveRules{rules: handoff.DefaultRules()}
		a.shared.rules.Store(live)
	}
	data, err := a.db.Setting(ctx, handoff.SettingRules)
	if err != nil && !errors.Is(err, chat.ErrNotFound) {
		return fmt.Errorf("read handoff rules: %w", err)
	}
	if string(data) == live.text {
		return nil
	}
	next := &liveRules{text: string(data), rules: handoff.DefaultRules()}
	if len(data) > 0 {
		if next.rules, err = handoff.ParseRules(data); err != nil {
			a.logger.Error("stored handoff rules do not validate; those before stay live", "error", err)
			next.rules = live.rules // and say so once
		}
	}
	a.shared.rules.Store(next)
	a.logger.Info("handoff rules are live")
	return nil
}
