package storage

import (
	"context"
	"fmt"
	"time"

	"ombud/chat"
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

// lockCalls lets one transaction at a time promise calls: each sees what the one before it promised.
const lockCalls = `SELECT pg_advisory_xact_lock(1869440363)`

// loadCalls reads which calls are asked for around the slots that the appends ask for. On Postgres a lock keeps two nodes from
// both seeing a free place; SQLite's transaction is alone anyway.
func (b *batch) loadCalls(ctx context.Context, requests []*request) error {
	var from, until time.Time
	for _, r := range requests {
		s := r.append.Call
		if s == nil {
			continue
		}
		first, last := s.From.Add(s.From.Sub(s.Until)), s.Until
		if from.IsZero() || first.Before(from) {
			from = first
		}
		if last.After(until) {
			until = last
		}
	}
	if from.IsZero() {
		return nil
	}
	if b.db.dialect.isPostgres() {
		if _, err := b.tx.ExecContext(ctx, lockCalls); err != nil {
			return fmt.Errorf("lock calls: %w", err)
		}
	}
	var rows []struct {
		ID string `db:"id"`
		At int64  `db:"callback_at"`
	}
	if err := b.tx.SelectContext(ctx, &rows, b.tx.Rebind(`SELECT id, callback_at FROM conversations
		WHERE callback_at > 0 AND callback_at > ? AND callback_at < ?`), toMicros(from), toMicros(until)); err != nil {
		return fmt.Errorf("read calls: %w", err)
	}
	b.calls = make(map[string]int64, len(rows))
	for _, r := range rows {
		b.calls[r.ID] = r.At
	}
	return nil
}

// callsAt counts the calls of other conversations that overlap with a slot.
func (b *batch) callsAt(s chat.CallSlot, but string) int {
	length := s.Until.Sub(s.From).Microseconds()
	n := 0
	for id, at := range b.calls {
		if away := at - toMicros(s.From); id != but && away > -length && away < length {
			n++
		}
	}
	return n
}
