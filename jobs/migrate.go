package jobs

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/rivermigrate"
)

const (
	// migrationKey is the Postgres advisory lock under which the queue's tables change: "ombudj" in ASCII.
	migrationKey   = 0x6f6d6275646a
	migrationPause = 50 * time.Millisecond
	migrationTries = 200
)

// migrate brings River's own tables up to date. On Postgres one process does so at a time, under an advisory lock
// that is asked for and not waited for: a connection that waits looks like one that hangs. On SQLite
// each step is one transaction, and who loses the race asks again what is left to do.
func migrate(ctx context.Context, driver riverdriver.Driver[*sql.Tx], o Options) error {
	m, err := rivermigrate.New(driver, &rivermigrate.Config{Logger: quiet(o.Logger)})
	if err != nil {
		return err
	}
	up := func() error {
		_, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil)
		return err
	}
	if o.Dialect == "postgres" {
		return locked(ctx, o.DB, up)
	}
	for lost := 0; ; lost++ {
		if err = up(); err == nil || lost == migrationTries || ctx.Err() != nil {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func locked(ctx context.Context, db *sql.DB, do func() error) (err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	for {
		var mine bool
		if err := conn.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1)`, int64(migrationKey)).Scan(&mine); err != nil {
			return fmt.Errorf("lock: %w", err)
		}
		if mine {
			break
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	defer func() {
		_, unlocked := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(migrationKey))
		err = errors.Join(err, unlocked)
	}()
	return do()
}

func pause(ctx context.Context) error {
	t := time.NewTimer(migrationPause)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
