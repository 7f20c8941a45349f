package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivertype"
)

// River moves jobs that have fallen due, and those of nodes that died, into the line of what is to be done on one elected
// node only, and takes a quarter of a minute to elect another when that one dies: where nodes die more often
// than that, nothing ever falls due. Here every node does both. That two of them meet changes nothing: a job is handed out
// once, and may be done twice anyway.

const (
	dueLimit    = 1000             // jobs moved in one go
	rescueEvery = 10 * time.Second // how often the jobs of dead nodes are looked for
)

// keepDue runs until the context ends.
func (q *Queue) keepDue(ctx context.Context) {
	tick := time.NewTicker(q.o.Poll)
	defer tick.Stop()
	rescue := time.Now().Add(rand.N(rescueEvery)) // nodes look at different times
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		err := q.fallDue(ctx)
		if time.Now().After(rescue) {
			rescue = time.Now().Add(rescueEvery)
			if err == nil {
				err = q.rescue(ctx, time.Now().Add(-orphaned), nil)
			}
		}
		if err != nil && ctx.Err() == nil {
			q.o.Logger.Warn("look after jobs that are due", "error", err)
		}
	}
}

// fallDue puts jobs whose time has come in line. Those of the next moment come along: none is done before its time.
func (q *Queue) fallDue(ctx context.Context) error {
	for {
		ctx, cancel := context.WithTimeout(ctx, longest)
		soon := time.Now().UTC().Add(q.o.Poll)
		moved, err := q.exec.JobSchedule(ctx, &riverdriver.JobScheduleParams{Max: dueLimit, Now: &soon})
		cancel()
		if err != nil {
			return fmt.Errorf("schedule jobs: %w", err)
		}
		if len(moved) < dueLimit {
			return nil
		}
	}
}

// rescue takes the jobs that were begun before a time from the nodes that had them; from all where theirs is nil. They are tried
// again at once, or given up after the last try.
func (q *Queue) rescue(ctx context.Context, before time.Time, theirs func(*rivertype.JobRow) bool) error {
	ctx, cancel := context.WithTimeout(ctx, longest)
	defer cancel()
	now := time.Now().UTC()
	stuck, err := q.exec.JobGetStuck(ctx, &riverdriver.JobGetStuckParams{Max: dueLimit, StuckHorizon: before.UTC()})
	if err != nil {
		return fmt.Errorf("look for the jobs of dead nodes: %w", err)
	}
	var p riverdriver.JobRescueManyParams
	for _, j := range stuck {
		if theirs != nil && !theirs(j) {
			continue
		}
		problem, err := json.Marshal(rivertype.AttemptError{At: now, Attempt: max(j.Attempt, 0), Error: "the node that did it died"})
		if err != nil {
			return fmt.Errorf("rescue job %d: %w", j.ID, err)
		}
		state, final := rivertype.JobStateRetryable, (*time.Time)(nil)
		if j.Attempt >= j.MaxAttempts {
			state, final = rivertype.JobStateDiscarded, &now
		}
		p.ID, p.Error = append(p.ID, j.ID), append(p.Error, problem)
		p.State, p.FinalizedAt = append(p.State, string(state)), append(p.FinalizedAt, final)
		p.ScheduledAt = append(p.ScheduledAt, now)
	}
	if len(p.ID) == 0 {
		return nil
	}
	if _, err := q.exec.JobRescueMany(ctx, &p); err != nil {
		return fmt.Errorf("rescue %d jobs: %w", len(p.ID), err)
	}
	return nil
}
