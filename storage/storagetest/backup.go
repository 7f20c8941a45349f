package storagetest

import (
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"
)

// Backup copies a database as it is now, and gives what puts the copy in its place. On Postgres whoever is connected loses the
// connection, by the copying too, and finds the older state under the same address; a SQLite file has to be closed by then.
func Backup(t testing.TB, address string) (putBack func()) {
	t.Helper()
	if !strings.HasPrefix(address, "postgres:") {
		return backupFile(t, address)
	}
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	u.Path = "/postgres"
	admin, err := sql.Open("postgres", u.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { admin.Close() })
	run := func(commands ...string) {
		t.Helper()
		for _, c := range commands {
			if _, err := admin.Exec(c); err != nil {
				t.Fatalf("%s: %v", c, err)
			}
		}
	}
	alone := []string{
		`ALTER DATABASE ` + name + ` ALLOW_CONNECTIONS false`,
		`SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '` + name + `'`,
	}
	older := fmt.Sprintf("backup_%d", databases.Add(1))
	run(append(alone, `CREATE DATABASE `+older+` TEMPLATE `+name, `ALTER DATABASE `+name+` ALLOW_CONNECTIONS true`)...)
	return func() {
		t.Helper()
		run(append(alone, `ALTER DATABASE `+name+` RENAME TO lost_`+name, `ALTER DATABASE `+older+` RENAME TO `+name)...)
	}
}

func backupFile(t testing.TB, path string) func() {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	copied := path + ".backup"
	if _, err := db.Exec(`VACUUM INTO ?`, copied); err != nil {
		t.Fatalf("back up %s: %v", path, err)
	}
	return func() {
		t.Helper()
		for _, beside := range []string{"-wal", "-shm"} {
			if err := os.Remove(path + beside); err != nil && !os.IsNotExist(err) {
				t.Fatal(err)
			}
		}
		if err := os.Rename(copied, path); err != nil {
			t.Fatal(err)
		}
	}
}
