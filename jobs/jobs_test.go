package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"ombud/chat"
	"ombud/jobs"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

const patience = 20 * time.Second

func queue(t *testing.T, db *storage.DB, handlers map[string]jobs.Handler) *jobs.Queue {
	t.Helper()
	q, err := jobs.Open(t.Context(), jobs.Options{
		DB: db.Pool(), Dialect: db.Dialect(), Handlers: handlers, Poll: 50 * time.Millisecond, Apart: [][]string{{"far", "away"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := q.Close(); err != nil {
			t.Error(err)
		}
	})
	db.EnqueueWith(q.EnqueueTx)
	return q
}

func start(t *testing.T, q *jobs.Queue) {
	t.Helper()
	if err := q.Start(); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, from <-chan string) string {
	t.Helper()
	select {
	case got := <-from:
		return got
	case <-time.After(patience):
		t.Fatal("nothing was done")
		return ""
	}
}

func opened(id string, js ...chat.Job) chat.Append {
	body, _ := json.Marshal(chat.Opened{Site: "demo", Visitor: "v"}) // a struct of strings
	return chat.Append{Conversation: id, Jobs: js, Events: []chat.Event{{Kind: chat.KindOpened, Role: chat.RoleSystem, Body: body}}}
}

// TestAJobExistsIfItsCauseDoes stores jobs with an append that stands and with one that is refused.
func TestAJobExistsIfItsCauseDoes(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, done := open(), make(chan string, 10)
		q := queue(t, db, map[string]jobs.Handler{"tell": func(_ context.Context, args []byte) error {
			done <- string(args)
			return nil
		}})
		if _, err := db.Append(t.Context(), opened("c1", chat.Job{Kind: "tell", Args: []byte(`"stands"`)})); err != nil {
			t.Fatal(err)
		}
		if _, err := db.Append(t.Context(), opened("c1", chat.Job{Kind: "tell", Args: []byte(`"refused"`)})); !errors.Is(err, chat.ErrExists) {
			t.Fatalf("second opening: %v", err)
		}
		if err := q.Enqueue(t.Context(), chat.Job{Kind: "tell", Args: []byte(`"last"`), At: time.Now().Add(time.Second).UnixMicro()}); err != nil {
			t.Fatal(err)
		}
		start(t, q)
		if a, b := receive(t, done), receive(t, done); a != `"stands"` || b != `"last"` {
			t.Errorf("did %s and %s", a, b)
		}
	})
}

// TestAUniqueJobIsStoredOnce has two nodes store the same timer.
func TestAUniqueJobIsStoredOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, other, done := open(), open(), make(chan string, 10)
		do := map[string]jobs.Handler{"tell": func(_ context.Context, args []byte) error {
			done <- string(args)
			return nil
		}}
		q, q2 := queue(t, db, do), queue(t, other, do)
		twice := []chat.Job{{Kind: "tell", Args: []byte(`"once"`), Unique: "k"}, {Kind: "tell", Args: []byte(`"other"`), Unique: "l"}}
		for _, x := range []*jobs.Queue{q, q2, q} {
			if err := x.Enqueue(t.Context(), twice[0]); err != nil {
				t.Fatal(err)
			}
		}
		start(t, q)
		start(t, q2)
		first := receive(t, done)
		if err := q2.Enqueue(t.Context(), twice...); err != nil { // done already is no reason to do it again
			t.Fatal(err)
		}
		if second := receive(t, done); first != `"once"` || second != `"other"` {
			t.Errorf("did %s and %s", first, second)
		}
	})
}

// TestAFailedJobComesBack fails once, and refuses once.
func TestAFailedJobComesBack(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, done := open(), make(chan string, 10)
		var tries, refusals atomic.Int32
		q := queue(t, db, map[string]jobs.Handler{
			"fails": func(context.Context, []byte) error {
				if tries.Add(1) == 1 {
					return errors.New("not yet")
				}
				done <- "fails"
				return nil
			},
			"never": func(context.Context, []byte) error {
				defer func() { done <- "never" }()
				if refusals.Add(1) == 1 {
					return jobs.Refuse(errors.New("no such address"))
				}
				return nil
			},
		})
		start(t, q)
		if err := q.Enqueue(t.Context(), chat.Job{Kind: "never"}); err != nil {
			t.Fatal(err)
		}
		receive(t, done)
		dead := deadOf(t, q)
		if dead.Kind != "never" || dead.Error == "" {
			t.Errorf("dead letter %+v", dead)
		}
		if err := q.Retry(t.Context(), dead.ID); err != nil {
			t.Fatal(err)
		}
		receive(t, done)
		if err := q.Retry(t.Context(), dead.ID+1000); !errors.Is(err, chat.ErrNotFound) {
			t.Errorf("retry of nothing: %v", err)
		}
		if err := q.Enqueue(t.Context(), chat.Job{Kind: "fails"}); err != nil {
			t.Fatal(err)
		}
		if got := receive(t, done); got != "fails" || tries.Load() != 2 {
			t.Errorf("%s after %d tries", got, tries.Load())
		}
	})
}

// deadOf waits until the queue has noted the first dead letter.
func deadOf(t *testing.T, q *jobs.Queue) chat.DeadJob {
	t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for end := time.Now().Add(patience); time.Now().Before(end); <-tick.C {
		dead, err := q.Dead(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(dead) > 0 {
			return dead[0]
		}
	}
	t.Fatal("no dead letter")
	return chat.DeadJob{}
}

// TestASnoozedJobComesBack has a job ask for another time three times: failures would keep it for a minute and a half.
func TestASnoozedJobComesBack(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, done := open(), make(chan string, 1)
		var tries atomic.Int64
		q := queue(t, db, map[string]jobs.Handler{"tell": func(context.Context, []byte) error {
			if tries.Add(1) < 4 {
				return jobs.Snooze(0)
			}
			done <- "done"
			return nil
		}})
		if err := q.Enqueue(t.Context(), chat.Job{Kind: "tell", Args: []byte(`{}`)}); err != nil {
			t.Fatal(err)
		}
		start(t, q)
		receive(t, done)
		if dead, err := q.Dead(t.Context(), 10); err != nil || len(dead) != 0 {
			t.Errorf("%v, %v", dead, err)
		}
	})
}

// TestWhoDoesNotAnswerHoldsUpNothingElse has more jobs wait for a machine that does not answer than there are workers: a job of another kind
// is done all the same, and the others once the machine answers, each as it was stored.
func TestWhoDoesNotAnswerHoldsUpNothingElse(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		const hanging = 20
		db, near, far := open(), make(chan string, 1), make(chan string, hanging)
		answers := make(chan struct{})
		wait := func(ctx context.Context, args []byte) error {
			select {
			case <-answers:
				far <- string(args)
				return nil
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		q := queue(t, db, map[string]jobs.Handler{
			"far": wait, "away": wait,
			"near": func(context.Context, []byte) error { near <- "near"; return nil },
		})
		var all []chat.Job
		for i := range hanging {
			all = append(all, chat.Job{Kind: []string{"far", "away"}[i%2], Args: json.RawMessage(strconv.Itoa(i))})
		}
		if err := q.Enqueue(t.Context(), all...); err != nil {
			t.Fatal(err)
		}
		if err := q.Enqueue(t.Context(), chat.Job{Kind: "near"}); err != nil {
			t.Fatal(err)
		}
		start(t, q)
		receive(t, near)
		close(answers)
		came := map[string]bool{}
		for len(came) < hanging {
			came[receive(t, far)] = true
		}
	})
}
