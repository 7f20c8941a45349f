package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/riverqueue/river/rivertype"
)

// A node that dies leaves the jobs that it had in hand, and a few seconds' work of a busy node is many. Waiting until each has
// taken longer than any job may would make promises late by most of a minute, so every node has a lease: whoever finds one
// that has run out ends it, and takes over the jobs. A node that only stood still may find its job done twice,
// which no handler minds.

// renewals is how often a lease is renewed before it would run out: some may fail.
const renewals = 5

// keepLease renews the node's own lease and takes over from those who let theirs run out, until the context ends.
func (q *Queue) keepLease(ctx context.Context) {
	tick := time.NewTicker(q.o.Lease / renewals)
	defer tick.Stop()
	for {
		err := q.o.Leases.RenewLease(ctx, q.node)
		if err == nil {
			err = q.takeOver(ctx)
		}
		if err != nil && ctx.Err() == nil {
			q.o.Logger.Warn("keep lease", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// takeOver gives the jobs of dead nodes to those that live. One node ends a lease, so that no job is taken from somebody who has
// just taken it over; should that node die in between, the job comes back when it has taken too long.
func (q *Queue) takeOver(ctx context.Context) error {
	lapsed, err := q.o.Leases.LapsedLeases(ctx, q.o.Lease)
	if err != nil {
		return fmt.Errorf("look for dead nodes: %w", err)
	}
	dead := map[string]bool{}
	for _, node := range lapsed {
		mine, err := q.o.Leases.TakeLease(ctx, node, q.o.Lease)
		if err != nil {
			return fmt.Errorf("take over from %s: %w", node, err)
		}
		if mine && node != q.node {
			dead[node] = true
		}
	}
	if len(dead) == 0 {
		return nil
	}
	// Nodes note the beginning by their own clocks: whatever is running counts.
	return q.rescue(ctx, time.Now().Add(time.Hour), func(j *rivertype.JobRow) bool {
		return len(j.AttemptedBy) > 0 && dead[j.AttemptedBy[len(j.AttemptedBy)-1]]
	})
}
