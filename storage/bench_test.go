package storage_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"ombud/chat"
	"ombud/storage/storagetest"
)

// durableURL is a database on a server that keeps fsync on.
func durableURL(b *testing.B, dialect string) string {
	if dialect == "sqlite" {
		return storagetest.SQLiteURL(b)
	}
	storagetest.Require(b)
	server, err := storagetest.StartServer(storagetest.Settings{Durable: true})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := server.Stop(); err != nil {
			b.Error(err)
		}
	})
	return server.Database(b)
}

func eachLoad(b *testing.B, run func(b *testing.B, url string, senders int)) {
	for _, dialect := range []string{"sqlite", "postgres"} {
		for _, senders := range []int{1, 50, 200} {
			b.Run(fmt.Sprintf("%s/%d", dialect, senders), func(b *testing.B) { run(b, durableURL(b, dialect), senders) })
		}
	}
}

// together runs b.N calls of work from the given number of goroutines, each with its own number.
func together(b *testing.B, senders int, work func(sender int) error) {
	var left atomic.Int64
	left.Store(int64(b.N))
	var group sync.WaitGroup
	b.ResetTimer()
	for sender := range senders {
		group.Go(func() {
			for left.Add(-1) >= 0 {
				if err := work(sender); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "msgs/s")
}

// BenchmarkAppend stores messages of 64 bytes in as many conversations as there are senders, each with a
// client's id, on conversations that an agent owns.
func BenchmarkAppend(b *testing.B) {
	eachLoad(b, func(b *testing.B, url string, senders int) {
		db := storagetest.Open(b, url)
		conversations := make([]string, senders)
		for i := range conversations {
			conversations[i] = uuid.Must(uuid.NewV7()).String()
			add(b, db, conversations[i], opened("v"), requested(uuid.NewString()), claimed("ann"))
		}
		text := strings.Repeat("x", 64)
		visitor := uuid.NewString()
		together(b, senders, func(sender int) error {
			_, err := db.Append(context.Background(), chat.Append{
				Conversation: conversations[sender], Events: []chat.Event{say(visitor, uuid.NewString(), text)},
			})
			return err
		})
	})
}

// BenchmarkFloor is the least that storing a message durably can cost on this machine: one bare table, raw
// SQL, the same number of senders behind the same kind of group commit.
func BenchmarkFloor(b *testing.B) {
	eachLoad(b, func(b *testing.B, url string, senders int) {
		driver := "sqlite"
		if strings.HasPrefix(url, "postgres:") {
			driver = "postgres"
		} else {
			url = "file:" + url + "?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)"
		}
		db, err := sqlx.Open(driver, url)
		if err != nil {
			b.Fatal(err)
		}
		defer db.Close()
		committers := map[string]int{"sqlite": 1, "postgres": 2}[driver]
		db.SetMaxOpenConns(committers)
		db.SetMaxIdleConns(committers)
		db.MustExec(`CREATE TABLE messages (conversation TEXT, seq BIGINT, client_id TEXT, body TEXT,
			PRIMARY KEY (conversation, seq))`)
		in := make(chan *floorMessage, 2048)
		var running sync.WaitGroup
		for range committers {
			running.Go(func() { floorCommitter(b, db, in) })
		}
		conversations, seqs := make([]string, senders), make([]int64, senders)
		for i := range conversations {
			conversations[i] = uuid.Must(uuid.NewV7()).String()
		}
		text := strings.Repeat("x", 64)
		together(b, senders, func(sender int) error {
			seqs[sender]++
			m := &floorMessage{conversations[sender], seqs[sender], uuid.NewString(), text, make(chan struct{})}
			in <- m
			<-m.done
			return nil
		})
		close(in)
		running.Wait()
	})
}

type floorMessage struct {
	conversation string
	seq          int64
	clientID     string
	body         string
	done         chan struct{}
}

func floorCommitter(b *testing.B, db *sqlx.DB, in chan *floorMessage) {
	for first := range in {
		batch := []*floorMessage{first}
	drain:
		for len(batch) < 256 {
			select {
			case next, ok := <-in:
				if !ok {
					break drain
				}
				batch = append(batch, next)
			default:
				break drain
			}
		}
		if err := floorCommit(db, batch); err != nil {
			b.Error(err)
		}
		for _, m := range batch {
			close(m.done)
		}
	}
}

func floorCommit(db *sqlx.DB, batch []*floorMessage) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if db.DriverName() == "postgres" {
		var conversations, clientIDs, bodies []string
		var seqs []int64
		for _, m := range batch {
			conversations, clientIDs = append(conversations, m.conversation), append(clientIDs, m.clientID)
			bodies, seqs = append(bodies, m.body), append(seqs, m.seq)
		}
		_, err = tx.Exec(`INSERT INTO messages SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[])`,
			pq.Array(conversations), pq.Array(seqs), pq.Array(clientIDs), pq.Array(bodies))
		if err != nil {
			return err
		}
		return tx.Commit()
	}
	insert, err := tx.Prepare(`INSERT INTO messages VALUES (?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	for _, m := range batch {
		if _, err := insert.Exec(m.conversation, m.seq, m.clientID, m.body); err != nil {
			return err
		}
	}
	return tx.Commit()
}
