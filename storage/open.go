package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jmoiron/sqlx"

	"ombud/chat"
)

// DefaultFile is the SQLite file that an empty Options.URL opens.
const DefaultFile = "ombud.db"

// Enqueue stores jobs in a transaction, so that they exist if and only if their cause does.
type Enqueue func(ctx context.Context, tx *sql.Tx, jobs []chat.Job) error

// Options say which database to open and how.
type Options struct {
	// URL is "" or a path (a leading "sqlite:" is allowed) for SQLite, or postgres://… for Postgres.
	URL string
	// Logger hears of weak durability and background failures; nil is slog.Default().
	Logger *slog.Logger
	// Now gives the time of events that carry none; nil is time.Now.
	Now func() time.Time
	// EnqueueTx stores the jobs of an append; while it is nil, appends with jobs are refused.
	// [DB.EnqueueWith] sets it after opening.
	EnqueueTx Enqueue
	// Committers is how many transactions may commit at once on Postgres; 0 is two. SQLite has one writer.
	Committers int
}

// DB is an open database.
type DB struct {
	dialect dialect
	write   *sqlx.DB // SQLite: the one writer; Postgres: the pool for everything but commits
	read    *sqlx.DB // SQLite: readers; Postgres: the same pool as write
	commits *sqlx.DB // the committers' own connections; SQLite: the one writer
	slow    *sqlx.DB // reports and replay, which may take longer than commitTimeout between two bytes
	stmts   statements
	logger  *slog.Logger
	now     func() time.Time
	enqueue atomic.Pointer[Enqueue]
	broken  atomic.Pointer[error] // why nothing is served any more: see distrust

	committers  []*committer
	checkpoints *checkpoints // SQLite only
	stop        chan struct{}
	stopping    context.CancelFunc
	running     sync.WaitGroup
	closeOnce   sync.Once
	closed      error
}

// Open opens the database, checks that commits are durable, brings the schema up to date and starts the
// committers. Several processes may do so at once on an empty database. A corrupt SQLite file is refused.
func Open(ctx context.Context, o Options) (*DB, error) {
	if o.Logger == nil {
		o.Logger = slog.Default()
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	db := &DB{logger: o.Logger, now: o.Now, stop: make(chan struct{})}
	db.EnqueueWith(o.EnqueueTx)
	background, cancel := context.WithCancel(context.Background())
	db.stopping = cancel
	if err := db.open(ctx, background, o); err != nil {
		cancel()
		return nil, errors.Join(err, db.closePools())
	}
	for range db.dialect.committers {
		db.startCommitter()
	}
	return db, nil
}

func (db *DB) open(ctx, background context.Context, o Options) error {
	if isPostgresURL(o.URL) {
		if err := db.openPostgres(ctx, o); err != nil {
			return fmt.Errorf("open postgres: %w", err)
		}
	} else if err := db.openSQLite(ctx, background, sqlitePath(o.URL)); err != nil {
		return fmt.Errorf("open sqlite %s: %w", sqlitePath(o.URL), err)
	}
	if err := retryBusy(ctx, func() error { return db.prepare(ctx) }); err != nil {
		return fmt.Errorf("prepare statements: %w", err)
	}
	return nil
}

func isPostgresURL(url string) bool {
	return strings.HasPrefix(url, "postgres://") || strings.HasPrefix(url, "postgresql://")
}

func sqlitePath(url string) string {
	path := strings.TrimPrefix(strings.TrimPrefix(url, "sqlite:"), "//")
	if path == "" {
		return DefaultFile
	}
	return path
}

// EnqueueWith sets what stores the jobs of appends from now on; nil refuses them.
func (db *DB) EnqueueWith(enqueue Enqueue) {
	if enqueue == nil {
		db.enqueue.Store(nil)
		return
	}
	db.enqueue.Store(&enqueue)
}

// Pool is the pool for another package's own tables (the job queue): on SQLite the one writer connection.
func (db *DB) Pool() *sql.DB { return db.write.DB }

// Dialect is "sqlite" or "postgres".
func (db *DB) Dialect() string { return db.dialect.name }

// Ping reports whether the database answers and is sound.
func (db *DB) Ping(ctx context.Context) error {
	if err := db.refusal(); err != nil {
		return err
	}
	var one int
	if err := db.read.GetContext(ctx, &one, `SELECT 1`); err != nil {
		return unavailable(fmt.Errorf("ping: %w", err))
	}
	return nil
}

// Close stops accepting appends, commits those that wait, and closes all connections. It may be called
// more than once.
func (db *DB) Close() error {
	db.closeOnce.Do(func() {
		close(db.stop)
		db.stopping()
		db.running.Wait()
		db.closed = db.closePools()
	})
	return db.closed
}

// closePools hangs up. A Postgres that is gone already is not an error: all was answered before.
func (db *DB) closePools() error {
	var errs []error
	seen := map[*sqlx.DB]bool{nil: true}
	for _, pool := range []*sqlx.DB{db.slow, db.read, db.commits, db.write} {
		if !seen[pool] {
			seen[pool] = true
			errs = append(errs, pool.Close())
		}
	}
	if db.dialect.isPostgres() {
		return nil
	}
	return errors.Join(append(errs, db.checkpoints.close())...)
}

// refusal is why the database must not be used, if it must not.
func (db *DB) refusal() error {
	if p := db.broken.Load(); p != nil {
		return fmt.Errorf("%w: %w", chat.ErrUnavailable, *p)
	}
	return nil
}

// unavailable marks an error of the database or the network as temporary.
func unavailable(err error) error {
	if err == nil || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return fmt.Errorf("%w: %w", chat.ErrUnavailable, err)
}
