package storagetest

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"ombud/storage"
)

// Each runs a test on a fresh SQLite database and on a fresh Postgres database, as the subtests sqlite and
// postgres. Every call of open gives one more handle, a "node", on the same database; all are
// closed when the subtest ends. Postgres runs with fsync off, which a test of durability must not use. The tables are there
// already: each database is a copy of one that was migrated once for all tests.
func Each(t *testing.T, test func(t *testing.T, open func() *storage.DB)) {
	t.Helper()
	for _, kind := range []struct {
		name  string
		fresh func(testing.TB) string
	}{{"sqlite", sqliteCopy}, {"postgres", postgresCopy}} {
		t.Run(kind.name, func(t *testing.T) {
			url := kind.fresh(t)
			test(t, func() *storage.DB {
				t.Helper()
				return Open(t, url)
			})
		})
	}
}

// EachURL is Each for tests that open the database themselves, or start a program on it. It is empty then, without any table.
func EachURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { test(t, SQLiteURL(t)) })
	t.Run("postgres", func(t *testing.T) { test(t, PostgresURL(t)) })
}

// SQLite opens a fresh SQLite database.
func SQLite(t testing.TB) *storage.DB {
	t.Helper()
	return Open(t, sqliteCopy(t))
}

// Postgres opens a fresh Postgres database, or skips the test.
func Postgres(t testing.TB) *storage.DB {
	t.Helper()
	return Open(t, postgresCopy(t))
}

// SQLiteURL names a file that does not exist yet, in a directory that goes with the test.
func SQLiteURL(t testing.TB) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "ombud.db")
}

// Open opens a database and closes it when the test ends.
func Open(t testing.TB, url string) *storage.DB {
	t.Helper()
	db, err := storage.Open(context.Background(), storage.Options{URL: url, Logger: Logger(t)})
	if err != nil {
		t.Fatalf("open %s: %v", url, err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Errorf("close %s: %v", url, err)
		}
	})
	return db
}

// Logger writes errors to the test's log; warnings about fsync being off are expected here.
func Logger(t testing.TB) *slog.Logger {
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: slog.LevelError}))
}

var (
	shared     = sync.OnceValues(func() (*Server, error) { return StartServer(Settings{}) })
	sharedUsed atomic.Bool
	databases  atomic.Int64
)

// PostgresURL gives the address of an empty database on the test binary's own server, which starts with the
// first call. Without an installation it skips the test.
func PostgresURL(t testing.TB) string {
	t.Helper()
	Require(t)
	sharedUsed.Store(true)
	server, err := shared()
	if err != nil {
		t.Fatalf("start postgres: %v", err)
	}
	return server.Database(t)
}

// Require skips the test where there is no Postgres to start, or fails it if the environment says so.
func Require(t testing.TB) {
	t.Helper()
	setting := os.Getenv("OMBUD_TEST_POSTGRES")
	if setting == "off" {
		t.Skip("OMBUD_TEST_POSTGRES=off")
	}
	if _, err := binaries(); err != nil {
		if setting == "required" {
			t.Fatalf("OMBUD_TEST_POSTGRES=required: %v", err)
		}
		t.Skipf("no Postgres to test with: %v", err)
	}
}

// Collated runs a test on Postgres with the order of letters that most installations have, in which case and punctuation count last.
// All other tests have the order of bytes.
func Collated(t testing.TB) *storage.DB {
	t.Helper()
	PostgresURL(t)
	server, err := shared()
	if err != nil {
		t.Fatalf("start postgres: %v", err)
	}
	return Open(t, server.database(t, `template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US-u-ka-shifted'`))
}

// Database creates an empty database on the server and gives its address. It is not dropped: it goes with
// the server.
func (s *Server) Database(t testing.TB) string {
	t.Helper()
	return s.database(t, "")
}

func (s *Server) database(t testing.TB, from string) string {
	t.Helper()
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if err := s.create(name, from); err != nil {
		t.Fatalf("create database: %v", err)
	}
	return s.URL(name)
}

// URL is the address of one of the server's databases.
func (s *Server) URL(database string) string {
	query := url.Values{"host": {s.socket}, "port": {fmt.Sprint(s.Port)}, "sslmode": {"disable"}, "user": {"postgres"}}
	return (&url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: query.Encode()}).String()
}

// Main runs the tests of a package and stops what they started. Without it, the server stops when
// the test process dies, but its directory stays behind.
func Main(m *testing.M) int {
	code := m.Run()
	if sharedUsed.Load() {
		if server, err := shared(); err == nil {
			if err := server.Stop(); err != nil {
				fmt.Fprintln(os.Stderr, "stop postgres:", err)
				code = max(code, 1)
			}
		}
	}
	return code
}
