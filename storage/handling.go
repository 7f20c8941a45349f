package storage

import (
	"context"
	"time"
)

// RecentHandling gives how long the handoffs took from their first claim to their end that were claimed at
// since or later and have ended, in no special order.
func (db *DB) RecentHandling(ctx context.Context, since time.Time) ([]time.Duration, error) {
	rows, err := selectAll[handoffRow](ctx, db.read, "read recent handling", `SELECT claimed_at, ended_at
		FROM handoffs WHERE claimed_at > 0 AND claimed_at >= ? AND ended_at > claimed_at`, toMicros(since))
	took := make([]time.Duration, len(rows))
	for i, r := range rows {
		took[i] = time.Duration(r.EndedAt-r.ClaimedAt) * time.Microsecond
	}
	return took, err
}
