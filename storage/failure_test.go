package storage_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// Twelve nodes start at the same time on an empty database. All come up, on one schema.
func TestTwelveFirstStarts(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		nodes := make([]*storage.DB, 12)
		errs := make([]error, len(nodes))
		atOnce(len(nodes), func(i int) {
			nodes[i], errs[i] = storage.Open(t.Context(), storage.Options{URL: url, Logger: storagetest.Logger(t)})
		})
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		for i, db := range nodes {
			add(t, db, id("c", i), opened("v1"))
		}
		for i := range nodes {
			checkLog(t, nodes[(i+1)%len(nodes)], id("c", i), 1)
		}
		for _, db := range nodes {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		}
	})
}

// Of several processes that see the same migration to be done, one records it. What the others did again is undone with their
// transactions, though a migration that drops an index and makes it anew has no error of its own.
func TestAMigrationIsRecordedOnce(t *testing.T) {
	db := storagetest.SQLite(t)
	_, err := db.Pool().Exec(`INSERT INTO goose_db_version (version_id, is_applied) SELECT max(version_id), 1 FROM goose_db_version`)
	if err == nil || !strings.Contains(err.Error(), "was faster") {
		t.Fatalf("a migration is recorded twice: %v", err)
	}
}

// lib/pq waits for ever for a server that is there and says nothing; we do not.
func TestSilentPostgresFailsSoon(t *testing.T) {
	storagetest.Require(t)
	server, err := storagetest.StartServer(storagetest.Settings{})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	db := storagetest.Open(t, server.Database(t))
	add(t, db, "c1", opened("v1"))
	if err := server.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	calls := map[string]func() error{
		"append": func() error {
			_, err := db.Append(context.Background(), chat.Append{Conversation: "c1", Events: []chat.Event{say("v1", "a", "hello")}})
			return err
		},
		"read": func() error {
			_, err := db.Conversation(context.Background(), "c1")
			return err
		},
		"ping": func() error { return db.Ping(context.Background()) },
	}
	var group sync.WaitGroup
	for name, call := range calls {
		group.Go(func() {
			began := time.Now()
			err := call()
			if took := time.Since(began); took > 4*time.Second {
				t.Errorf("%s returned after %v", name, took)
			}
			if !errors.Is(err, chat.ErrUnavailable) {
				t.Errorf("%s on a silent server: %v", name, err)
			}
		})
	}
	group.Wait()
	if err := server.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	// The same id tells whether the first try was stored; either way it is there once now.
	add(t, db, "c1", say("v1", "a", "hello"))
	checkLog(t, db, "c1", 2)
}

// What one database would take and the other refuse is refused by both, alike, and leaves nothing behind.
func TestBadInputIsRefusedAlike(t *testing.T) {
	raw := func(body string) chat.Event {
		e := say("v1", "bad", "")
		e.Body = []byte(body)
		return e
	}
	with := func(change func(e *chat.Event)) chat.Event {
		e := say("v1", "bad", "text")
		change(&e)
		return e
	}
	cases := map[string]struct {
		event chat.Event
		code  string
	}{
		"NUL in sender":       {with(func(e *chat.Event) { e.Sender = "a\x00b" }), "control"},
		"NUL in client id":    {with(func(e *chat.Event) { e.ClientID = "\x00" }), "control"},
		"NUL in kind":         {with(func(e *chat.Event) { e.Kind = "me\x00" }), "control"},
		"NUL escaped in text": {raw(`{"text":"a\u0000b"}`), "control"},
		"NUL after backslash": {raw(`{"text":"a\\\u0000b"}`), "control"},
		"bad UTF-8 in text":   {raw("{\"text\":\"a\xffb\"}"), "utf8"},
		"bad UTF-8 in sender": {with(func(e *chat.Event) { e.Sender = "\xc3(" }), "utf8"},
		"no JSON":             {raw(`{"text":`), "bad_json"},
		"two JSON values":     {raw(`{} {}`), "bad_json"},
		"empty body":          {raw(``), "bad_json"},
		"opened in between":   {opened("v1"), "conflict"},
		"no kind":             {with(func(e *chat.Event) { e.Kind = "" }), "empty"},
	}
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		add(t, db, "c1", opened("v1"))
		for name, test := range cases {
			_, err := db.Append(t.Context(), chat.Append{Conversation: "c1", Events: []chat.Event{say("v1", "good", "x"), test.event}})
			var invalid *chat.InvalidError
			if !errors.As(err, &invalid) || invalid.Code != test.code {
				t.Errorf("%s: got %v, want code %s", name, err, test.code)
			}
		}
		harmless := []string{
			`a\\u0000b`, `\ud800`, `'; DROP TABLE events; --`, `{\"{}`, `%_?$1:x`, `\u202e`, strings.Repeat("ß", 4000), ``, ` `, `👩‍👩‍👧`,
		}
		for i, text := range harmless {
			add(t, db, "c1", withID(raw(`{"text":"`+text+`"}`), id("ok", i)))
		}
		checkLog(t, db, "c1", 1+len(harmless))
		for what, err := range map[string]error{
			"create user": db.CreateUser(t.Context(), chat.User{ID: "u\x00"}),
			"visitor":     db.CreateVisitor(t.Context(), chat.Visitor{ID: "v", Name: "\xff"}),
			"setting":     db.SaveSetting(t.Context(), "x", []byte(`{"a":"\u0000"}`)),
		} {
			if !errors.Is(err, chat.ErrInvalid) {
				t.Errorf("%s: %v", what, err)
			}
		}
		if _, err := db.Conversation(t.Context(), "a\x00b"); !errors.Is(err, chat.ErrNotFound) {
			t.Errorf("read an impossible id: %v", err)
		}
	})
}

// One append's broken job fails that append alone, though all were committed together.
func TestJobsShareTheirCausesFate(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		if _, err := db.Pool().Exec(`CREATE TABLE test_jobs (kind TEXT PRIMARY KEY)`); err != nil {
			t.Fatal(err)
		}
		with := func(i int, kind string) chat.Append {
			return chat.Append{Conversation: id("c", i), Events: []chat.Event{opened("v1")}, Jobs: []chat.Job{{Kind: kind}}}
		}
		if _, err := db.Append(t.Context(), with(0, "early")); err == nil {
			t.Fatal("a job was taken without a queue")
		}
		db.EnqueueWith(func(ctx context.Context, tx *sql.Tx, jobs []chat.Job) error {
			for _, job := range jobs {
				if job.Kind == "broken" {
					return errors.New("no such job")
				}
				if _, err := tx.ExecContext(ctx, fmt.Sprintf(`INSERT INTO test_jobs VALUES ('%s')`, job.Kind)); err != nil {
					return err
				}
			}
			return nil
		})
		const n = 40
		atOnce(n, func(i int) {
			kind := id("job", i)
			if i%10 == 3 {
				kind = "broken"
			}
			_, err := db.Append(t.Context(), with(i, kind))
			if (kind == "broken") != (err != nil) {
				t.Errorf("append with %s: %v", kind, err)
			}
		})
		var jobs int
		if err := db.Pool().QueryRow(`SELECT count(*) FROM test_jobs`).Scan(&jobs); err != nil || jobs != n-4 {
			t.Fatalf("%d jobs are stored: %v", jobs, err)
		}
		if _, err := db.Conversation(t.Context(), id("c", 3)); !errors.Is(err, chat.ErrNotFound) {
			t.Fatalf("an append was stored without its job: %v", err)
		}
	})
}

// An append whose caller goes away before a committer takes it is never stored.
func TestWithdrawnAppendIsNotStored(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		add(t, db, "c1", opened("v1"))
		busy, goOn := make(chan struct{}, 1), make(chan struct{})
		db.EnqueueWith(func(context.Context, *sql.Tx, []chat.Job) error {
			busy <- struct{}{}
			<-goOn
			return nil
		})
		var group sync.WaitGroup
		group.Go(func() { // keeps the committer of c1 in a transaction
			_, err := db.Append(t.Context(), chat.Append{Conversation: "c1", Events: []chat.Event{say("v1", "a", "x")}, Jobs: []chat.Job{{}}})
			if err != nil {
				t.Error(err)
			}
		})
		<-busy
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		_, err := db.Append(ctx, chat.Append{Conversation: "c1", Events: []chat.Event{say("v1", "b", "y")}})
		close(goOn)
		group.Wait()
		if !errors.Is(err, context.Canceled) {
			t.Fatalf("withdrawn append: %v", err)
		}
		add(t, db, "c1", say("v1", "c", "z"))
		checkLog(t, db, "c1", 3)
	})
}

func TestCorruptFileIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ombud.db")
	db, err := storage.Open(t.Context(), storage.Options{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		add(t, db, id("c", i), opened("v1"), say("v1", "a", strings.Repeat("x", 500)))
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := file.Stat()
	if err != nil {
		t.Fatal(err)
	}
	garbage := []byte(strings.Repeat("\xfe\x01garbage", 4096/9))
	for at := int64(4096); at+4096 < info.Size(); at += 3 * 4096 {
		if _, err := file.WriteAt(garbage, at); err != nil {
			t.Fatal(err)
		}
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	db, err = storage.Open(t.Context(), storage.Options{URL: path})
	if err == nil {
		db.Close()
		t.Fatal("a corrupt file was opened")
	}
	if !strings.Contains(err.Error(), "corrupt") || !strings.Contains(err.Error(), "backup") {
		t.Fatalf("the error does not say what to do: %v", err)
	}
}

func TestSQLiteIsDurable(t *testing.T) {
	db := storagetest.SQLite(t)
	for pragma, want := range map[string]string{"journal_mode": "wal", "synchronous": "2", "foreign_keys": "1"} {
		var got string
		if err := db.Pool().QueryRow(`PRAGMA ` + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %s, want %s: %v", pragma, got, want, err)
		}
	}
}

func TestWeakPostgresIsWarnedOf(t *testing.T) {
	url := storagetest.PostgresURL(t)
	var log strings.Builder
	db, err := storage.Open(t.Context(), storage.Options{URL: url, Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if !strings.Contains(log.String(), "NOT DURABLE") || !strings.Contains(log.String(), "setting=fsync") {
		t.Fatalf("fsync is off and the log says: %s", log.String())
	}
}
