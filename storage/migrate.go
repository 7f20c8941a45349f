package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/pressly/goose/v3"

	"ombud/migrations"
)

const (
	// migrationKey is the Postgres advisory lock under which the schema changes: "ombud" in ASCII.
	migrationKey = 0x6f6d627564
	busyPause    = 20 * time.Millisecond
	// migrationTries bounds how often a SQLite migration is begun anew because another process was faster.
	migrationTries = 50
)

func provider(dialect goose.Dialect, name string, pool *sql.DB) (*goose.Provider, error) {
	p, err := goose.NewProvider(dialect, pool, migrations.Files(name), goose.WithDisableGlobalRegistry(true), goose.WithGoMigrations(fillSearch(name)))
	if err != nil {
		return nil, fmt.Errorf("read migrations: %w", err)
	}
	return p, nil
}

// migratePostgres runs the migrations while it holds the advisory lock on a connection of its own, which
// Postgres frees if this process dies.
func migratePostgres(ctx context.Context, pool *sql.DB) (err error) {
	lock, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	defer func() { err = errors.Join(err, lock.Close()) }()
	if _, err := lock.ExecContext(ctx, `SELECT pg_advisory_lock($1)`, int64(migrationKey)); err != nil {
		return fmt.Errorf("lock migrations: %w", err)
	}
	defer func() {
		_, unlocked := lock.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock($1)`, int64(migrationKey))
		err = errors.Join(err, unlocked)
	}()
	p, err := provider(goose.DialectPostgres, postgresName, pool)
	if err != nil {
		return err
	}
	if _, err := p.Up(ctx); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}

// migratedOnce has a migration that is recorded already fail, and with it the whole transaction that ran it again.
const migratedOnce = `CREATE TRIGGER IF NOT EXISTS migrated_once BEFORE INSERT ON goose_db_version
	WHEN EXISTS (SELECT 1 FROM goose_db_version WHERE version_id = NEW.version_id)
	BEGIN SELECT RAISE(ABORT, 'another process was faster with this migration'); END`

// migrateSQLite needs no lock: each migration is one transaction that takes the write lock first. A process
// that loses the race cannot record the migration a second time and asks again what is left to do.
func (db *DB) migrateSQLite(ctx context.Context) error {
	p, err := provider(goose.DialectSQLite3, sqliteName, db.write.DB)
	if err != nil {
		return err
	}
	for lost := 0; ; lost++ {
		err := db.migrateUp(ctx, p)
		if err == nil || lost == migrationTries || ctx.Err() != nil {
			return readableSQLite(err)
		}
		if err := pause(ctx, busyPause); err != nil {
			return err
		}
	}
}

func (db *DB) migrateUp(ctx context.Context, p *goose.Provider) error {
	if _, err := p.GetDBVersion(ctx); err != nil { // makes the table of versions
		return err
	}
	if _, err := db.write.ExecContext(ctx, migratedOnce); err != nil {
		return err
	}
	_, err := p.Up(ctx)
	return err
}

// pause waits between two tries.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
