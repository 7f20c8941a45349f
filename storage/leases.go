package storage

import (
	"context"
	"time"
)

// RenewLease notes that a node which does jobs is alive, by the database's clock.
func (db *DB) RenewLease(ctx context.Context, node string) error {
	_, err := db.exec(ctx, "renew lease of "+node, `INSERT INTO job_leases (node, seen_at) VALUES (?, `+db.dialect.now+`)
		ON CONFLICT (node) DO UPDATE SET seen_at = excluded.seen_at`, node)
	return err
}

// LapsedLeases gives the nodes that have not renewed their lease for so long, by the database's clock.
func (db *DB) LapsedLeases(ctx context.Context, after time.Duration) ([]string, error) {
	return selectAll[string](ctx, db.read, "read lapsed leases",
		`SELECT node FROM job_leases WHERE seen_at < `+db.dialect.now+` - ? ORDER BY node`, after.Microseconds())
}

// TakeLease ends the lease of a node that has not renewed it for so long, and reports whether it was this call that did.
func (db *DB) TakeLease(ctx context.Context, node string, after time.Duration) (bool, error) {
	n, err := db.exec(ctx, "take lease of "+node,
		`DELETE FROM job_leases WHERE node = ? AND seen_at < `+db.dialect.now+` - ?`, node, after.Microseconds())
	return n == 1, err
}
