package jobs_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"
	"github.com/riverqueue/river/rivertype"

	"ombud/chat"
	"ombud/jobs"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// TestJobsFallDueThoughTheLeaderIsDead: River's elected node has died, and no other is elected for an hour. One job falls
// due, and one was in the hands of the dead node.
func TestJobsFallDueThoughTheLeaderIsDead(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		done := make(chan string, 10)
		q := queue(t, db, map[string]jobs.Handler{"ring": func(_ context.Context, args []byte) error {
			done <- string(args)
			return nil
		}})
		exec := executor(db)
		hour := time.Now().UTC().Add(time.Hour)
		if _, err := exec.LeaderInsert(t.Context(), &riverdriver.LeaderInsertParams{ExpiresAt: &hour, LeaderID: "dead", TTL: time.Hour}); err != nil {
			t.Fatal(err)
		}
		before := time.Now().Add(-2 * time.Minute).UTC()
		if _, err := exec.JobInsertFull(t.Context(), &riverdriver.JobInsertFullParams{
			Attempt: 1, AttemptedAt: &before, AttemptedBy: []string{"dead"}, EncodedArgs: []byte(`{"job":"ring","args":"stuck"}`),
			Kind: "ombud", MaxAttempts: 12, Priority: 1, Queue: "default", ScheduledAt: &before, State: rivertype.JobStateRunning,
		}); err != nil {
			t.Fatal(err)
		}
		due := time.Now().Add(300 * time.Millisecond)
		_, err := db.Append(t.Context(), opened("c", chat.Job{Kind: "ring", Args: []byte(`"due"`), At: due.UnixMicro()}))
		if err != nil {
			t.Fatal(err)
		}
		start(t, q)
		first := receive(t, done)
		if early := time.Until(due); first == `"due"` && early > 0 {
			t.Errorf("done %s early", early)
		}
		if second := receive(t, done); first+second != `"due""stuck"` && first+second != `"stuck""due"` {
			t.Errorf("%s, then %s", first, second)
		}
	})
}

// TestADeadNodesJobsAreTakenOver: a node dies with a job in hand, and another node has one that takes longer than a lease lasts.
// The first is done anew within moments, the second is left alone.
func TestADeadNodesJobsAreTakenOver(t *testing.T) {
	const lease = 400 * time.Millisecond
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, done, release := open(), make(chan string, 10), make(chan struct{})
		do := func(_ context.Context, args []byte) error {
			done <- string(args)
			if string(args) == `"long"` {
				<-release
			}
			return nil
		}
		node := func() *jobs.Queue {
			q, err := jobs.Open(t.Context(), jobs.Options{
				DB: db.Pool(), Dialect: db.Dialect(), Handlers: map[string]jobs.Handler{"ring": do}, Poll: 20 * time.Millisecond, Leases: db, Lease: lease,
			})
			if err != nil {
				t.Fatal(err)
			}
			return q
		}
		busy, other := node(), node()
		t.Cleanup(func() {
			close(release)
			if err := errors.Join(busy.Close(), other.Close()); err != nil {
				t.Error(err)
			}
		})
		start(t, busy)
		if err := busy.Enqueue(t.Context(), chat.Job{Kind: "ring", Args: []byte(`"long"`)}); err != nil {
			t.Fatal(err)
		}
		if first := receive(t, done); first != `"long"` {
			t.Fatalf("did %s", first)
		}
		now := time.Now().UTC()
		_, err := executor(db).JobInsertFull(t.Context(), &riverdriver.JobInsertFullParams{
			Attempt: 1, AttemptedAt: &now, AttemptedBy: []string{"earlier", "dead"}, EncodedArgs: []byte(`{"job":"ring","args":"left"}`),
			Kind: "ombud", MaxAttempts: 12, Priority: 1, Queue: "default", ScheduledAt: &now, State: rivertype.JobStateRunning,
		})
		if err := errors.Join(err, db.RenewLease(t.Context(), "dead")); err != nil {
			t.Fatal(err)
		}
		start(t, other)
		// The dead node's lease begins after the busy one's, which would have run out first.
		if second := receive(t, done); second != `"left"` {
			t.Errorf("did %s", second)
		}
		if took := time.Since(now); took < lease {
			t.Errorf("taken over after %s, before the lease ran out", took)
		}
		select {
		case again := <-done:
			t.Errorf("did %s again", again)
		default:
		}
	})
}

func executor(db *storage.DB) riverdriver.Executor {
	var d riverdriver.Driver[*sql.Tx] = riverdatabasesql.New(db.Pool())
	if db.Dialect() == "sqlite" {
		d = riversqlite.New(db.Pool())
	}
	return d.GetExecutor()
}
