package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jmoiron/sqlx"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

const sqliteName = "sqlite"

// quickCheckLimit is the size in bytes up to which a file is checked before it is served; larger
// ones are checked in the background, so that a start stays short.
const quickCheckLimit = 64 << 20

func init() { sqlx.BindDriver("sqlite", sqlx.QUESTION) }

var sqliteDialect = dialect{
	name:       sqliteName,
	committers: 1,
	inList:     ` IN (SELECT value FROM json_each(?))`,
	listOf:     func(ids []string) any { return jsonList(ids) },
	clientKeys: `json_each(?) k CROSS JOIN events e ON e.conversation = k.value->>0
		AND e.sender = k.value->>1 AND e.client_id = k.value->>2`,
	keysOf: func(keys []clientKey) ([]any, error) {
		list := make([][3]string, len(keys))
		for i, k := range keys {
			list[i] = [3]string{k.conversation, k.sender, k.clientID}
		}
		return []any{jsonList(list)}, nil
	},
	now: `CAST(unixepoch('subsec') * 1000000 AS INTEGER)`,
}

// jsonList writes strings as JSON, which cannot fail.
func jsonList(list any) string {
	text, err := json.Marshal(list)
	if err != nil {
		panic(fmt.Sprintf("storage: write %T as JSON: %v", list, err))
	}
	return string(text)
}

func (db *DB) openSQLite(ctx, background context.Context, path string) error {
	db.dialect = sqliteDialect
	info, err := os.Stat(path)
	fresh := errors.Is(err, os.ErrNotExist) || (err == nil && info.Size() == 0)
	if err != nil && !fresh {
		return err
	}
	if db.write, err = sqliteOpen(path, 1, "&_txlock=immediate"); err != nil {
		return err
	}
	db.commits = db.write
	if db.read, err = sqliteOpen(path, 8, "&_pragma=query_only(1)"); err != nil {
		return err
	}
	db.slow = db.read
	if err := db.assertSQLite(ctx); err != nil {
		return readableSQLite(err)
	}
	if !fresh {
		if err := db.checkIntegrity(ctx, background, info.Size()); err != nil {
			return err
		}
	}
	if err := db.migrateSQLite(ctx); err != nil {
		return err
	}
	return db.startCheckpoints(background, path)
}

// sqliteOpen makes a pool. Pragmas stand in the DSN, since an Exec on a pool reaches one connection only.
// The busy timeout comes first: turning on WAL may have to wait for another process.
func sqliteOpen(path string, conns int, more string) (*sqlx.DB, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", path, err)
	}
	dsn := (&url.URL{Scheme: "file", Path: abs}).String() + "?_pragma=busy_timeout(5000)" +
		"&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-65536)&_pragma=temp_store(memory)&_pragma=wal_autocheckpoint(32000)&_pragma=journal_size_limit(33554432)" + more
	pool, err := sqlx.Open("sqlite", dsn)
	if err != nil {
		return nil, err
	}
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return pool, nil
}

// assertSQLite refuses a connection whose commits would not survive a power cut.
func (db *DB) assertSQLite(ctx context.Context) error {
	var mode string
	if err := retryBusy(ctx, func() error { return db.write.GetContext(ctx, &mode, `PRAGMA journal_mode`) }); err != nil {
		return err
	}
	var synchronous, foreign int
	if err := db.write.GetContext(ctx, &synchronous, `PRAGMA synchronous`); err != nil {
		return err
	}
	if err := db.write.GetContext(ctx, &foreign, `PRAGMA foreign_keys`); err != nil {
		return err
	}
	if mode != "wal" || synchronous != 2 || foreign != 1 {
		return fmt.Errorf("journal_mode is %s, synchronous %d, foreign_keys %d: want wal, 2 (FULL) and 1",
			mode, synchronous, foreign)
	}
	return nil
}

// checkIntegrity looks for corrupt pages: at once in a small file, beside the traffic in a large one,
// where a bad outcome makes every further call fail.
func (db *DB) checkIntegrity(ctx, background context.Context, size int64) error {
	if size <= quickCheckLimit {
		return db.quickCheck(ctx)
	}
	db.running.Add(1)
	go func() {
		defer db.running.Done()
		err := db.quickCheck(background)
		if err != nil && background.Err() == nil {
			db.distrust(err)
		}
	}()
	return nil
}

// mindSync distrusts the database after an error that says that a sync failed.
func (db *DB) mindSync(err error) {
	if isSQLite(err, sqlite3.SQLITE_IOERR_FSYNC, sqlite3.SQLITE_IOERR_DIR_FSYNC) {
		db.distrust(fmt.Errorf("the disk failed to keep what was written: look at it, then start again: %w", err))
	}
}

// distrust makes every further call fail: after a failed sync the system may have dropped what it had taken, and would not say so a
// second time. What is on the disk is read anew by the next start.
func (db *DB) distrust(err error) {
	db.logger.Error("the database is not served any more", "error", err)
	db.broken.Store(&err)
}

func (db *DB) quickCheck(ctx context.Context) error {
	var found []string
	if err := db.read.SelectContext(ctx, &found, `PRAGMA quick_check(5)`); err != nil {
		return readableSQLite(err)
	}
	if len(found) != 1 || found[0] != "ok" {
		return fmt.Errorf("the file is corrupt (%s): restore a backup", strings.Join(found, "; "))
	}
	return nil
}

// readableSQLite says what to do about a file that SQLite cannot read.
func readableSQLite(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("the file is corrupt or no database: restore a backup: %w", err)
	}
	return err
}

func isSQLite(err error, codes ...int) bool {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return false
	}
	for _, code := range codes {
		if e.Code() == code || e.Code()&0xff == code {
			return true
		}
	}
	return false
}

// retryBusy tries again while another process changes the journal mode, which no busy timeout covers, or the schema.
func retryBusy(ctx context.Context, step func() error) error {
	for {
		err := step()
		if !isSQLite(err, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_SCHEMA) {
			return err
		}
		if err := pause(ctx, busyPause); err != nil {
			return err
		}
	}
}
