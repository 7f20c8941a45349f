package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"ombud/chat"
)

const (
	// refreshEvery is how old may be what no hint told of.
	refreshEvery = 2 * time.Second
	// keepEvery is how often what has served its time is removed.
	keepEvery = time.Hour
	// untoldFor is how long a file waits for the event that tells of it.
	untoldFor = 24 * time.Hour
	// keepAtOnce is how much is removed at once; more waits for the next look, right behind.
	keepAtOnce = 200
)

// background keeps what changes elsewhere fresh: who is here, who vanished, which policy is live. What may take long has a loop of
// its own: no lease waits for the articles' index.
func (a *app) background() error {
	ctx, stop := context.WithCancel(context.Background())
	rules, articles := make(chan struct{}, 1), make(chan struct{}, 1)
	changed := map[string]chan struct{}{"policy": rules, "script": rules, "articles": articles}
	deaf, err := a.bus.Subscribe(func(h chat.Hint) {
		select {
		case changed[h.Topic] <- struct{}{}: // nothing is sent to a topic that is not there
		default: // it is about to be read anyway
		}
	})
	if err != nil {
		stop()
		return fmt.Errorf("listen for policies: %w", err)
	}
	a.stop = func() { deaf(); stop() }
	if a.c.Demo {
		a.wg.Go(func() {
			if err := a.demoHistory(ctx); err != nil && !errors.Is(err, context.Canceled) {
				a.logger.Warn("write the demo's history", "error", err)
			}
		})
	}
	every := cmp.Or(a.c.refreshEvery, refreshEvery)
	a.wg.Go(func() { loop(ctx, every, rules, a.refresh, a.policyChanged) })
	a.wg.Go(func() { loop(ctx, every, articles, a.articlesChanged, a.articlesChanged) })
	a.wg.Go(func() { loop(ctx, keepEvery, nil, a.keep, nil) })
	return nil
}

// loop does something now and at every tick, and something at every hint, until ctx ends.
func loop(ctx context.Context, every time.Duration, hints <-chan struct{}, do, hinted func(context.Context)) {
	tick := time.NewTicker(every)
	defer tick.Stop()
	do(ctx)
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			do(ctx)
		case <-hints:
			hinted(ctx)
		}
	}
}

// keep removes what has served its time: sessions and links that are over, files that nobody was told of, visitors whom nobody is to
// remember. Nodes may do it at the same time.
func (a *app) keep(ctx context.Context) {
	for what, f := range map[string]func(context.Context, time.Time) (more bool, err error){
		"sessions and links": func(ctx context.Context, at time.Time) (bool, error) {
			_, err := a.db.DeleteExpired(ctx, at)
			return false, err
		},
		"visitors whose time is over": a.eraseDue,
		"files that nobody was told of": func(ctx context.Context, at time.Time) (bool, error) {
			looked, removed, err := a.db.RemoveUntoldFiles(ctx, at.Add(-untoldFor), keepAtOnce)
			if removed > 0 {
				a.logger.Info("removed files that nobody was told of", "count", removed)
			}
			return looked == keepAtOnce, err
		},
	} {
		for more, err := true, error(nil); more && ctx.Err() == nil; {
			once, cancel := context.WithTimeout(ctx, 30*time.Second)
			more, err = f(once, a.now())
			cancel()
			if err != nil && !errors.Is(err, context.Canceled) {
				a.logger.Warn("remove "+what, "error", err)
				break
			}
		}
	}
}

// policyChanged takes up a policy or a script that was just saved. Where that goes wrong the next refresh tries again.
func (a *app) policyChanged(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := errors.Join(a.usePolicy(ctx), a.studio.Refresh(ctx)); err != nil && !errors.Is(err, context.Canceled) {
		a.logger.Warn("take up the new policy or script", "error", err)
	}
}

func (a *app) refresh(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	for what, f := range map[string]func(context.Context) error{
		"who is here": a.roster.Refresh,
		"policy":      a.usePolicy,
		"script":      a.studio.Refresh,
		"rules":       a.useRules,
		"time":        a.useTime,
		"nodes":       a.runs.tell,
		"vanished agents": func(ctx context.Context) error {
			return a.hub.Reap(ctx, a.roster)
		},
	} {
		if err := f(ctx); err != nil && !errors.Is(err, context.Canceled) {
			a.logger.Warn("refresh "+what, "error", err)
		}
	}
}
