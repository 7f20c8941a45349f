package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/chat"
)

// openFile opens a database that is closed when the test ends.
func openFile(t *testing.T, o Options) *DB {
	t.Helper()
	db, err := Open(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// After a checkpoint the file has everything, and the log begins anew instead of growing.
func TestACheckpointEmptiesTheLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.db")
	db := openFile(t, Options{URL: path})
	fill := func(round int) int64 {
		t.Helper()
		for i := range 50 {
			_, err := db.Append(t.Context(), chat.Append{Conversation: fmt.Sprintf("c%d-%d", round, i), Events: []chat.Event{
				{Kind: chat.KindOpened, Role: chat.RoleSystem, Body: []byte(`{"site":"s","visitor":"v"}`)},
			}})
			if err != nil {
				t.Fatal(err)
			}
		}
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		return info.Size()
	}
	first := fill(0)
	for round := range 3 {
		if all, err := db.checkpoint(t.Context()); err != nil || !all {
			t.Fatal(all, err)
		}
		alone := filepath.Join(t.TempDir(), "alone.db")
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(alone, data, 0o600); err != nil {
			t.Fatal(err)
		}
		pool, err := sqliteOpen(alone, 1, "")
		if err != nil {
			t.Fatal(err)
		}
		var events int
		if err := pool.GetContext(t.Context(), &events, `SELECT count(*) FROM events`); err != nil {
			t.Fatal(err)
		}
		if err := pool.Close(); err != nil {
			t.Fatal(err)
		}
		if want := 50 * (round + 1); events != want {
			t.Errorf("round %d: the file alone has %d events, want %d", round, events, want)
		}
		if size := fill(round + 1); size > first*3/2 {
			t.Errorf("round %d: the log has grown from %d to %d bytes", round, first, size)
		}
	}
}

// logPages opens a database, has it filled, and gives the length of its log on the disk in pages. It shrinks only down to 8,000 pages.
func logPages(t *testing.T, fill func(db *DB)) int64 {
	t.Helper()
	path := filepath.Join(t.TempDir(), "log.db")
	db := openFile(t, Options{URL: path})
	fill(db)
	info, err := os.Stat(path + "-wal")
	if err != nil {
		t.Fatal(err)
	}
	return info.Size() / (4096 + 24)
}

// SQLite's own checkpoint, which comes at 32,000 pages and within a commit, has nothing left to do: neither where events come one by one,
// each with many pages, nor where much is written that is no event.
func TestTheLogStaysShort(t *testing.T) {
	n, files := 2000, 200
	if testing.Short() {
		files = 120
	}
	appends := logPages(t, func(db *DB) {
		for i := range n {
			if _, err := db.Append(t.Context(), chat.Append{Conversation: fmt.Sprintf("c%d", i), Events: []chat.Event{
				{Kind: chat.KindOpened, Role: chat.RoleSystem, Body: []byte(`{"site":"s","visitor":"v"}`)},
			}}); err != nil {
				t.Fatal(err)
			}
		}
	})
	others := logPages(t, func(db *DB) {
		db.write.MustExecContext(t.Context(), `CREATE TABLE large (data BLOB)`)
		for range files {
			db.write.MustExecContext(t.Context(), `INSERT INTO large (data) VALUES (zeroblob(1000000))`)
			time.Sleep(20 * time.Millisecond) // no disk is so fast that the log is long before it is looked at again
		}
	})
	t.Logf("%d and %d pages", appends, others)
	if appends > 14_000 {
		t.Errorf("after %d appends the log has %d pages", n, appends)
	}
	if others > 24_000 {
		t.Errorf("after %d MB the log has %d pages", files, others)
	}
}

// While somebody reads what is old, the log cannot be copied: no commit waits for a checkpoint that does not get far, and it stays due.
func TestACheckpointLeavesTheWriterAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lag.db")
	var said bytes.Buffer
	db := openFile(t, Options{URL: path, Logger: slog.New(slog.NewTextHandler(&said, nil))})
	db.stopping() // the test alone checkpoints
	<-db.checkpoints.ended
	db.write.MustExecContext(t.Context(), `CREATE TABLE large (data BLOB)`)
	old, err := db.read.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer old.Rollback() //nolint:errcheck // it only reads
	var n int
	if err := old.GetContext(t.Context(), &n, `SELECT count(*) FROM large`); err != nil {
		t.Fatal(err)
	}
	db.write.MustExecContext(t.Context(), `INSERT INTO large (data) VALUES (zeroblob(40000000))`)
	writer, err := db.write.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer writer.Rollback() //nolint:errcheck // it writes nothing
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if all, err := db.checkpoint(ctx); all || err != nil {
		t.Fatalf("beside a writer and an old reader: all %v, %v", all, err)
	}
	if err := errors.Join(writer.Rollback(), db.checkpointIfDue(t.Context())); err != nil || !db.checkpoints.copied.IsZero() {
		t.Fatalf("copied %v, %v", db.checkpoints.copied, err)
	}
	if err := errors.Join(old.Rollback(), db.checkpointIfDue(t.Context())); err != nil || db.checkpoints.copied.IsZero() {
		t.Fatalf("after the reader: copied %v, %v", db.checkpoints.copied, err)
	}
	if long, _, err := logPassed(path+"-wal", checkpointAfter); err != nil || !long {
		t.Errorf("before the log begins anew: long %v, %v", long, err)
	}
	db.write.MustExecContext(t.Context(), `INSERT INTO large (data) VALUES (1)`)
	if long, _, err := logPassed(path+"-wal", checkpointAfter); err != nil || long {
		t.Errorf("after the log began anew: long %v, %v", long, err)
	}
	if strings.Contains(said.String(), "cannot be copied") {
		t.Errorf("it warns of 40 MB: %s", said.String())
	}
}

// Whoever operates the server hears of a log that only grows, once a minute.
func TestALogThatOnlyGrowsIsTold(t *testing.T) {
	var c checkpoints
	said, now := 0, time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for range 300 {
		c.warn(now, func() { said++ })
		now = now.Add(time.Second)
	}
	if said != 5 {
		t.Errorf("said %d times in five minutes", said)
	}
}

// A scrub whose log others keep busy empties it or says that it did not.
func TestAScrubEmptiesTheLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "scrub.db")
	db := openFile(t, Options{URL: path})
	other, err := sqliteOpen(path, 1, "")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	var done sync.WaitGroup
	done.Go(func() {
		for ctx.Err() == nil {
			_, _ = other.ExecContext(ctx, `PRAGMA wal_checkpoint(PASSIVE)`)
		}
	})
	defer func() { stop(); done.Wait(); other.Close() }()
	db.write.MustExecContext(t.Context(), `CREATE TABLE large (data BLOB)`)
	rounds := 40
	if testing.Short() {
		rounds = 8
	}
	for i := range rounds {
		db.write.MustExecContext(t.Context(), `INSERT INTO large (data) VALUES (zeroblob(100000))`)
		err := db.Scrub(t.Context())
		info, statErr := os.Stat(path + "-wal")
		if statErr != nil {
			t.Fatal(statErr)
		}
		if err == nil && info.Size() > 0 {
			t.Fatalf("scrub %d says nothing of %d bytes in the log", i, info.Size())
		}
		if err != nil && !errors.Is(err, chat.ErrUnavailable) {
			t.Fatal(err)
		}
	}
}
