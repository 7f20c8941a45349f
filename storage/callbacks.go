package storage

import (
	"context"
	"time"
)

// Callbacks counts the conversations whose customers asked to be called, by the start of the slot, from one time until
// before another.
func (db *DB) Callbacks(ctx context.Context, from, until time.Time) (map[time.Time]int, error) {
	type callRow struct {
		At    int64 `db:"callback_at"`
		Count int   `db:"n"`
	}
	rows, err := selectAll[callRow](ctx, db.read, "count calls", `SELECT callback_at, count(*) AS n FROM conversations
		WHERE callback_at > 0 AND callback_at >= ? AND callback_at < ? GROUP BY callback_at`, toMicros(from), toMicros(until))
	out := map[time.Time]int{}
	for _, r := range rows {
		out[fromMicros(r.At)] = r.Count
	}
	return out, err
}
