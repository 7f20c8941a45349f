package storage

import (
	"context"

	"github.com/jmoiron/sqlx"
)

// checkpointAfter is how many events are stored between two checkpoints: each touches three or four pages, so the log stays about as long as it
// takes for SQLite itself to think of one.
const checkpointAfter = 2000

// checkpoints copies SQLite's log of pages into the file beside whoever writes. Left to SQLite, the commit that fills the log does it, and
// everybody waits for that commit.
type checkpoints struct {
	beside *sqlx.DB      // a connection of its own
	due    chan struct{} // holds one
	events int           // stored since the last; it belongs to the one committer
}

// count takes note of what a committer stored.
func (c *checkpoints) count(events int) {
	if c == nil {
		return
	}
	if c.events += events; c.events < checkpointAfter {
		return
	}
	select {
	case c.due <- struct{}{}:
		c.events = 0
	default: // one is at work
	}
}

// startCheckpoints begins to checkpoint; the context ends it.
func (db *DB) startCheckpoints(ctx context.Context, path string) error {
	beside, err := sqliteOpen(path, 1, "")
	if err != nil {
		return err
	}
	db.checkpoints = &checkpoints{beside: beside, due: make(chan struct{}, 1)}
	db.running.Add(1)
	go func() {
		defer db.running.Done()
		for {
			select {
			case <-ctx.Done():
				return
			case <-db.checkpoints.due:
			}
			if err := db.checkpoint(ctx); err != nil && ctx.Err() == nil {
				db.logger.Warn("checkpoint the database", "error", err)
			}
		}
	}()
	return nil
}

// checkpoint copies most of the log while others write, and the little that they wrote meanwhile between two commits: the log begins anew only
// when all of it has been copied.
func (db *DB) checkpoint(ctx context.Context) error {
	for _, by := range []*sqlx.DB{db.checkpoints.beside, db.write} {
		var c struct {
			Busy         int `db:"busy"`
			Log          int `db:"log"`
			Checkpointed int `db:"checkpointed"`
		}
		err := by.GetContext(ctx, &c, `PRAGMA wal_checkpoint(PASSIVE)`)
		db.mindSync(err)
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checkpoints) close() error {
	if c == nil {
		return nil
	}
	return c.beside.Close()
}
