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

// benchQuestions are what one visitor asks: the bot knows an answer to each, so that it does not hand over between them.
var benchQuestions = []string{"What are your opening hours?", "How can I return something?", "Which ways of paying do you take?"}

// ask plays visitors who put their questions to the bot, each visitor one after the other, and then the next visitor. Connecting is not measured.
func (c *benchCmd) ask(ctx context.Context, base string) (benchResult, error) {
	limit := rate.NewLimiter(rate.Inf, 1)
	if c.Rate > 0 {
		limit = rate.NewLimiter(rate.Limit(c.Rate), 1)
	}
	run, cancel := context.WithTimeout(ctx, c.For)
	defer cancel()
	started := time.Now()
	took, errs := make([][]time.Duration, c.Pairs), make(chan error, c.Pairs)
	var wg sync.WaitGroup
	for i := range took {
		wg.Go(func() {
			var err error
			for err == nil && run.Err() == nil {
				var more []time.Duration
				more, err = c.visit(run, base, limit)
				took[i] = append(took[i], more...)
			}
			errs <- err
		})
	}
	wg.Wait()
	r := benchResult{Pairs: c.Pairs, Seconds: time.Since(started).Seconds()}
	var all []time.Duration
	var err error
	for i := range took {
		all, err = append(all, took[i]...), errors.Join(err, <-errs)
	}
	r.Turns, r.PerSecond = len(all), float64(len(all))/r.Seconds
	r.AnswerP50, r.AnswerP99 = percentiles(all)
	return r, err
}

// visit is one conversation with the bot; it gives how long each answer took from the time at which the turn was due. It ends early with ctx.
func (c *benchCmd) visit(ctx context.Context, base string, limit *rate.Limiter) (took []time.Duration, err error) {
	v, err := client.Dial(context.WithoutCancel(ctx), base, "", client.Hello{Site: c.Site, Locale: "en"})
	if err != nil {
		return nil, err
	}
	defer v.Close()
	for i, question := range benchQuestions {
		if limit.Wait(ctx) != nil {
			return took, nil // the time is over
		}
		id, asked, words := fmt.Sprintf("q%d", i), time.Now(), false
		if err := v.Say(id, question); err != nil {
			return took, err
		}
		if err := until(v, func(f client.Frame) bool {
			e, err := f.Event()
			words = words || f.Type == "ack" && f.ID() == id
			return words && f.Type == "event" && err == nil && e.Role == "bot" && e.Kind == "message"
		}); err != nil {
			return took, err
		}
		took = append(took, time.Since(asked)-benchPause)
	}
	return took, nil
}
