package storage_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jmoiron/sqlx"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// insist appends again and again under the same client id while the database is unavailable, for half a minute at most.
func insist(ctx context.Context, db *storage.DB, a chat.Append) (tries int, err error) {
	pause := time.NewTicker(5 * time.Millisecond)
	defer pause.Stop()
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for tries = 1; ; tries++ {
		if _, err = db.Append(ctx, a); !errors.Is(err, chat.ErrUnavailable) || ctx.Err() != nil {
			return tries, err
		}
		<-pause.C
	}
}

// Connections to Postgres break at random bytes, so that the answer to a commit is among what is lost. Every append that is tried
// until it succeeds is stored once. OMBUD_TEST_BREAKS breaks another number.
func TestABrokenConnectionStoresOnce(t *testing.T) {
	direct := storagetest.PostgresURL(t)
	breaks := int64(times(t, "OMBUD_TEST_BREAKS", 100, 30))
	r := rand.New(rand.NewPCG(3, 5))
	var armed atomic.Bool
	var broken atomic.Int64
	u, err := url.Parse(direct)
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(u.Query().Get("host"), ".s.PGSQL."+u.Query().Get("port"))
	address := storagetest.Scissors(t, "unix", socket, func() storagetest.Cut {
		if !armed.Load() || broken.Add(1) > breaks {
			return storagetest.Cut{Up: -1, Down: -1}
		}
		if r.IntN(2) == 0 {
			return storagetest.Cut{Up: int64(500 + r.IntN(8_000)), Down: -1, Reset: r.IntN(2) == 0}
		}
		return storagetest.Cut{Up: -1, Down: int64(500 + r.IntN(8_000)), Reset: r.IntN(2) == 0}
	})
	u.Host, u.RawQuery = address, url.Values{"sslmode": {"disable"}, "user": {"postgres"}}.Encode()
	before := storagetest.Open(t, direct)
	for i := range 4 {
		add(t, before, id("c", i), opened("v1"))
	}
	armed.Store(true)
	db, err := storage.Open(t.Context(), storage.Options{URL: u.String(), Logger: storagetest.Logger(t)})
	for tries := 1; err != nil && tries < 100 && t.Context().Err() == nil; tries++ { // the start may break as well
		db, err = storage.Open(t.Context(), storage.Options{URL: u.String(), Logger: storagetest.Logger(t)})
	}
	if err != nil {
		t.Fatalf("open, after %d breaks: %v", broken.Load(), err)
	}
	defer db.Close()
	var stored [4]int
	var retried atomic.Int64
	var group sync.WaitGroup
	for i := range stored {
		group.Go(func() {
			for broken.Load() < breaks && !t.Failed() {
				stored[i]++
				tries, err := insist(t.Context(), db, chat.Append{Conversation: id("c", i), Events: []chat.Event{say("v1", id("m", stored[i]), "x")}})
				if err != nil {
					t.Errorf("append: %v", err)
				}
				retried.Add(int64(tries - 1))
			}
		})
	}
	group.Wait()
	for i, n := range stored {
		checkLog(t, before, id("c", i), 1+n)
	}
	if retried.Load() < breaks/10 {
		t.Errorf("only %d tries failed in %d breaks", retried.Load(), breaks)
	}
	t.Logf("%d breaks, %v stored, %d tries failed", broken.Load(), stored, retried.Load())
}

// Postgres crashes under writers, who go on when it is back: what was acknowledged is there, once and in order.
func TestACrashOfPostgresLosesNothing(t *testing.T) {
	storagetest.Require(t)
	server, err := storagetest.StartServer(storagetest.Settings{Durable: true})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Stop()
	db := storagetest.Open(t, server.Database(t))
	w := writeOn(t, db)
	for range times(t, "OMBUD_TEST_POSTGRES_CRASHES", 3, 1) {
		w.more(t, "before the crash", 60)
		if err := errors.Join(server.Crash(), server.Restart()); err != nil {
			t.Fatal(err)
		}
		w.more(t, "after the crash", 60)
	}
	w.stop()
	for i := range w.acked {
		n := w.acked[i].Load()
		events, err := db.Events(t.Context(), id("c", i), 0, int(n)+10)
		if err != nil {
			t.Fatal(err)
		}
		// The last may be stored without having been acknowledged.
		if got := int64(len(events)) - 1; got != n && got != n+1 {
			t.Errorf("%d messages acknowledged, %d stored", n, got)
		}
		checkLog(t, db, id("c", i), len(events))
	}
	if w.refused.Load() == 0 {
		t.Error("no append noticed a crash")
	}
	t.Logf("%d acknowledged, %d tries refused", w.total(), w.refused.Load())
}

// writers each write one message after the other into a conversation of their own, and insist on every one.
type writers struct {
	acked   [6]atomic.Int64
	refused atomic.Int64
	stop    func() // returns once the last has stopped
}

func writeOn(t *testing.T, db *storage.DB) *writers {
	w := &writers{}
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	for i := range w.acked {
		add(t, db, id("c", i), opened("v1"))
		group.Go(func() {
			for ctx.Err() == nil {
				n := w.acked[i].Load() + 1
				tries, err := insist(ctx, db, chat.Append{Conversation: id("c", i), Events: []chat.Event{say("v1", id("m", int(n)), fmt.Sprint("message ", n))}})
				w.refused.Add(int64(tries - 1))
				if err == nil {
					w.acked[i].Add(1)
				}
			}
		})
	}
	w.stop = func() { cancel(); group.Wait() }
	t.Cleanup(w.stop)
	return w
}

func (w *writers) total() (n int64) {
	for i := range w.acked {
		n += w.acked[i].Load()
	}
	return n
}

// more waits until so many more messages are acknowledged.
func (w *writers) more(t *testing.T, what string, n int64) {
	t.Helper()
	limit, tick, from := time.After(30*time.Second), time.NewTicker(5*time.Millisecond), w.total()
	defer tick.Stop()
	for w.total() < from+n {
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s: %d messages were stored, and no more", what, w.total()-from)
		}
	}
}

// Two appends of one batch meet somebody who locks their conversations the other way round: Postgres ends one, and both are stored.
func TestADeadlockCostsNothingButTime(t *testing.T) {
	db := storagetest.Postgres(t)
	for i := range 2 {
		add(t, db, id("c", i), opened("v1"))
	}
	other, err := db.Pool().BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Rollback() //nolint:errcheck // after the commit it does nothing
	lock := func(n int) {
		t.Helper()
		if _, err := other.ExecContext(t.Context(), `SELECT 1 FROM conversations WHERE id = $1 FOR UPDATE`, id("c", n)); err != nil {
			t.Errorf("lock %d: %v", n, err)
		}
	}
	lock(1)
	var group sync.WaitGroup
	both := chat.Append{Conversation: id("c", 0), Events: []chat.Event{say("v1", "a", "x")}}
	for i := range 2 {
		group.Go(func() {
			a := both
			a.Conversation = id("c", i)
			if _, err := insist(t.Context(), db, a); err != nil {
				t.Errorf("append to %d: %v", i, err)
			}
		})
	}
	lock(0)
	if err := other.Commit(); err != nil {
		t.Error(err)
	}
	group.Wait()
	for i := range 2 {
		checkLog(t, db, id("c", i), 2)
	}
}

// Another process writes into the SQLite file for a while: an append waits for it, and fails nobody.
func TestAppendsWaitForAnotherWriter(t *testing.T) {
	path := storagetest.SQLiteURL(t)
	db := storagetest.Open(t, path)
	add(t, db, "c1", opened("v1"))
	other, err := sqlx.Open("sqlite", "file:"+path+"?_txlock=immediate")
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	tx, err := other.Begin()
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := db.Append(context.Background(), chat.Append{Conversation: "c1", Events: []chat.Event{say("v1", "a", "x")}})
		done <- err
	}()
	if _, err := db.Conversation(t.Context(), "c1"); err != nil {
		t.Errorf("readers wait, too: %v", err)
	}
	select {
	case err := <-done:
		t.Errorf("it did not wait: %v", err)
	case <-time.After(300 * time.Millisecond):
	}
	if err := tx.Rollback(); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Errorf("append behind another writer: %v", err)
	}
	checkLog(t, db, "c1", 2)
}
