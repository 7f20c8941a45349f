package storage

import (
	"context"
	"fmt"
	"hash/maphash"
	"runtime"
	"sync/atomic"

	"ombud/chat"
)

const (
	// batchLimit is the most appends one transaction commits; past a few hundred, larger batches
	// add latency and no speed.
	batchLimit = 256
	// waitingLimit is the most appends that wait for one committer; further callers block before it.
	waitingLimit = 2048
)

// The states of a request. Whoever moves it out of waiting owns it.
const (
	waiting int32 = iota
	taken
	withdrawn
)

// request is one append on its way through a committer.
type request struct {
	append chat.Append
	words  []string // of each event, for the index: worked out by the caller, since a committer has to be quick
	state  atomic.Int32
	done   chan struct{} // closed once the outcome stands
	result chat.Appended
	err    error
}

func (r *request) finish(result chat.Appended, err error) {
	r.result, r.err = result, err
	close(r.done)
}

// committer is one goroutine that commits the appends of its share of the conversations.
type committer struct {
	in   chan *request
	dead chan struct{} // closed when the goroutine has ended
	// The rest belongs to the goroutine.
	known known
	// cautious is for how many more batches client ids are looked up before the insert finds out.
	cautious int
}

var shares = maphash.MakeSeed()

// Append stores all of a.Events, or none, and returns after the commit. Appends of one conversation are
// ordered by the database, with seqs 1, 2, 3 … without gaps; many callers share one commit.
//
// It fails with *chat.InvalidError, chat.ErrNotFound (no such conversation), chat.ErrExists (opened
// twice), chat.ErrConflict, chat.ErrStale, chat.ErrTaken (as *chat.TakenError), chat.ErrCapacity, with
// ctx's error if it ended while the append still waited, and with chat.ErrUnavailable if the database
// failed. After ErrUnavailable the events may be stored all the same (a commit whose answer was lost):
// a retry with the same client ids tells, and never stores twice.
func (db *DB) Append(ctx context.Context, a chat.Append) (chat.Appended, error) {
	a, err := normal(a, db.now())
	if err != nil {
		return chat.Appended{}, fmt.Errorf("append to %s: %w", a.Conversation, err)
	}
	if len(a.Jobs) > 0 && db.enqueue.Load() == nil {
		return chat.Appended{}, fmt.Errorf("append to %s: no job queue is connected", a.Conversation)
	}
	if err := db.refusal(); err != nil {
		return chat.Appended{}, err
	}
	r := &request{append: a, words: searchWordsOf(a.Events), done: make(chan struct{})}
	c := db.committers[maphash.String(shares, a.Conversation)%uint64(len(db.committers))]
	if err := c.commit(ctx, r); err != nil {
		return chat.Appended{}, fmt.Errorf("append to %s: %w", a.Conversation, err)
	}
	return r.result, nil
}

// commit hands the request over and waits for its outcome, or withdraws it.
func (c *committer) commit(ctx context.Context, r *request) error {
	select {
	case c.in <- r:
	case <-ctx.Done():
		return ctx.Err()
	case <-c.dead:
		return chat.ErrUnavailable
	}
	select {
	case <-r.done:
		return r.err
	case <-ctx.Done():
		if r.state.CompareAndSwap(waiting, withdrawn) {
			return ctx.Err()
		}
	case <-c.dead:
		if r.state.CompareAndSwap(waiting, withdrawn) {
			return chat.ErrUnavailable
		}
	}
	<-r.done // in a transaction, which the deadlines of the connection bound
	return r.err
}

func (db *DB) startCommitter() {
	c := &committer{in: make(chan *request, waitingLimit), dead: make(chan struct{}), known: known{}}
	db.committers = append(db.committers, c)
	db.running.Add(1)
	go func() {
		defer db.running.Done()
		defer close(c.dead)
		db.commitAll(c)
	}()
}

// commitAll commits batches until the database is closed, and then what still waits.
func (db *DB) commitAll(c *committer) {
	for {
		select {
		case first := <-c.in:
			db.commitBatch(c, c.drain(first))
		case <-db.stop:
			for {
				select {
				case first := <-c.in:
					db.commitBatch(c, c.drain(first))
				default:
					return
				}
			}
		}
	}
}

// drain takes what waits behind first: the batch grows with the load. It lets everybody run first whom the
// previous commit has woken and who may have more to store, but waits for nobody.
func (c *committer) drain(first *request) []*request {
	for before := -1; len(c.in) > before && len(c.in) < batchLimit; {
		before = len(c.in)
		runtime.Gosched()
	}
	var batch []*request
	for next := first; ; {
		if next.state.CompareAndSwap(waiting, taken) {
			batch = append(batch, next)
		}
		if len(batch) == batchLimit {
			return batch
		}
		select {
		case next = <-c.in:
		default:
			return batch
		}
	}
}
