package storagetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/lib/pq"

	"ombud/storage"
)

// Migrating takes longer than most tests, above all under the race detector: it is done once a test binary, and copied.

// migratedFile is a SQLite database with all tables and nothing in them.
var migratedFile = sync.OnceValues(func() (_ []byte, err error) {
	dir, err := os.MkdirTemp("", "ombud-migrated-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "ombud.db")
	if err := migrated(path); err != nil {
		return nil, err
	}
	if wal, err := os.Stat(path + "-wal"); err == nil && wal.Size() > 0 {
		return nil, fmt.Errorf("%s was not written to its end", path)
	}
	return os.ReadFile(path)
})

func migrated(url string) error {
	db, err := storage.Open(context.Background(), storage.Options{URL: url})
	if err != nil {
		return err
	}
	return db.Close()
}

func sqliteCopy(t testing.TB) string {
	t.Helper()
	data, err := migratedFile()
	url := SQLiteURL(t)
	if err == nil {
		err = os.WriteFile(url, data, 0o600)
	}
	if err != nil {
		t.Fatalf("copy a migrated database: %v", err)
	}
	return url
}

const template = "migrated"

// migratedDatabase makes the template on the tests' own server.
var migratedDatabase = sync.OnceValue(func() error {
	server, err := shared()
	if err != nil {
		return err
	}
	if err := server.create(template, ""); err != nil {
		return err
	}
	return migrated(server.URL(template))
})

func postgresCopy(t testing.TB) string {
	t.Helper()
	Require(t)
	sharedUsed.Store(true)
	err := migratedDatabase()
	if err != nil {
		t.Fatalf("migrate a database to copy: %v", err)
	}
	server, err := shared()
	if err != nil {
		t.Fatalf("start postgres: %v", err)
	}
	name := fmt.Sprintf("test_%d", databases.Add(1))
	if err := server.create(name, template); err != nil {
		t.Fatalf("copy a migrated database: %v", err)
	}
	return server.URL(name)
}

// inUse is what Postgres says of a template that somebody is still connected to.
const inUse = "55006"

// create makes a database, as a copy where a template is named. Connections to the template that were closed a moment ago may
// take another to end.
func (s *Server) create(name, from string) error {
	admin, err := sql.Open("postgres", s.URL("postgres"))
	if err != nil {
		return err
	}
	defer admin.Close()
	command := `CREATE DATABASE ` + name
	if from != "" {
		command += ` TEMPLATE ` + from
	}
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(20 * time.Second); ; <-tick.C {
		_, err := admin.Exec(command)
		var refused *pq.Error
		if !errors.As(err, &refused) || string(refused.Code) != inUse || time.Now().After(end) {
			return err
		}
	}
}
