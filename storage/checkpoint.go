package storage

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/jmoiron/sqlx"
)

const (
	checkpointEvery = 250 * time.Millisecond // between two looks at the log
	checkpointAfter = 8_000                  // pages in the log, some 33 MB
	smallRest       = 500                    // pages that a commit may wait for
	lagAfter        = 64_000                 // pages that wait to be copied, some 260 MB
	lagEvery        = time.Minute            // between two warnings
)

// checkpoints copies SQLite's log of pages into the file beside whoever writes. Left to SQLite, which begins at wal_autocheckpoint, the commit
// that fills the log does it, and everybody waits for that commit.
type checkpoints struct {
	beside *sqlx.DB  // a connection of its own
	log    string    // the path of the log
	copied time.Time // when the log was last written before all of it was copied
	warned time.Time
	ended  chan struct{} // closed when nothing looks at the log any more
}

// checkpointed is what a checkpoint says: whether it could not do its part, how many pages the log has, and how many of them the file has too.
type checkpointed struct {
	Busy   bool `db:"busy"`
	Log    int  `db:"log"`
	Copied int  `db:"checkpointed"`
}

// startCheckpoints begins to checkpoint; the context ends it.
func (db *DB) startCheckpoints(ctx context.Context, path string) error {
	beside, err := sqliteOpen(path, 1, "")
	if err != nil {
		return err
	}
	db.checkpoints = &checkpoints{beside: beside, log: path + "-wal", ended: make(chan struct{})}
	db.running.Add(1)
	go func() {
		defer db.running.Done()
		defer close(db.checkpoints.ended)
		tick := time.NewTicker(checkpointEvery)
		defer tick.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
			if err := db.checkpointIfDue(ctx); err != nil && ctx.Err() == nil {
				db.checkpoints.warn(time.Now(), func() { db.logger.Warn("checkpoint the database", "error", err) })
			}
		}
	}()
	return nil
}

// checkpointIfDue checkpoints a log that is long, unless all of it is copied and nothing was written since.
func (db *DB) checkpointIfDue(ctx context.Context) error {
	c := db.checkpoints
	long, written, err := logPassed(c.log, checkpointAfter)
	if err != nil || !long || written.Equal(c.copied) {
		return err
	}
	all, err := db.checkpoint(ctx)
	if all {
		c.copied = written
	}
	return err
}

// logPassed reports whether a log holds that many pages, and when it was last written. Its size does not tell: a log that begins anew is written
// over the old one. But every page bears the salt of the log it belongs to, which the log's header bears too.
func logPassed(path string, pages int64) (long bool, written time.Time, err error) {
	const header, frame = 32, 24
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, written, nil
	}
	if err != nil {
		return false, written, fmt.Errorf("look at the log: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, written, fmt.Errorf("look at the log: %w", err)
	}
	var head, last [header]byte
	if _, err := f.ReadAt(head[:], 0); err != nil {
		return false, info.ModTime(), nil // empty
	}
	size := int64(binary.BigEndian.Uint32(head[8:]))
	if _, err := f.ReadAt(last[:frame], header+(pages-1)*(frame+size)); err != nil {
		return false, info.ModTime(), nil // shorter
	}
	return [8]byte(head[16:24]) == [8]byte(last[8:16]), info.ModTime(), nil
}

// checkpoint copies most of the log while others write, and the little that they wrote meanwhile between two commits: the log begins anew only
// when all of it has been copied. While somebody reads what is old, or checkpoints too, much is left: no commit waits for that.
func (db *DB) checkpoint(ctx context.Context) (all bool, err error) {
	c := db.checkpoints
	for _, by := range []*sqlx.DB{c.beside, db.write} {
		r, err := db.checkpointBy(ctx, by, "PASSIVE")
		if err != nil {
			return false, err
		}
		rest := r.Log - r.Copied
		if rest > lagAfter {
			c.warn(time.Now(), func() {
				db.logger.Warn("the database's log cannot be copied: is there a long read?", "pages", r.Log, "copied", r.Copied, "busy", r.Busy)
			})
		}
		if r.Busy || rest > smallRest {
			return false, nil
		}
		all = rest == 0
	}
	return all, nil
}

func (db *DB) checkpointBy(ctx context.Context, by *sqlx.DB, mode string) (checkpointed, error) {
	var r checkpointed
	err := by.GetContext(ctx, &r, `PRAGMA wal_checkpoint(`+mode+`)`)
	db.mindSync(err)
	return r, err
}

// warn has something said that would be said at every look at the log.
func (c *checkpoints) warn(now time.Time, say func()) {
	if now.Sub(c.warned) >= lagEvery {
		c.warned = now
		say()
	}
}

func (c *checkpoints) close() error {
	if c == nil {
		return nil
	}
	return c.beside.Close()
}
