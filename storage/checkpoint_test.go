package storage

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"ombud/chat"
)

func TestCheckpointsAreDueAfterSoManyEvents(t *testing.T) {
	c := &checkpoints{due: make(chan struct{}, 1)}
	for round := range 2 {
		c.count(checkpointAfter - 1)
		if len(c.due) != 0 {
			t.Fatalf("round %d: due too early", round)
		}
		c.count(1)
		if len(c.due) != 1 {
			t.Fatalf("round %d: not due", round)
		}
		c.count(checkpointAfter) // one is at work: it is asked for again with what comes next
		<-c.due
		c.count(1)
		if len(c.due) != 1 {
			t.Fatalf("round %d: forgotten while one was at work", round)
		}
		<-c.due
	}
}

// After a checkpoint the file has everything, and the log begins anew instead of growing.
func TestACheckpointEmptiesTheLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "checkpoint.db")
	db, err := Open(t.Context(), Options{URL: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
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
		if err := db.checkpoint(t.Context()); err != nil {
			t.Fatal(err)
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
