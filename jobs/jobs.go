package jobs

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/riverdriver/riversqlite"

	"ombud/chat"
)

const (
	// attempts is how often a job is tried. River waits attempt^4 seconds between tries, so that the last
	// of twelve comes about eleven hours after the first.
	attempts = 12
	// longest is how long one try may take.
	longest = 30 * time.Second
	// orphaned is after how long a job is given to another node whatever its own says: longer than any try may take.
	orphaned = 40 * time.Second
	stopping = 10 * time.Second
)

// Handler does one job. It may be called more than once for the same job, and must then change nothing more.
// An error makes the job come back later, unless it is from [Refuse]; see also [Snooze].
type Handler func(ctx context.Context, args []byte) error

// Options configures a queue. DB and Dialect are required.
type Options struct {
	DB       *sql.DB
	Dialect  string             // sqlite or postgres
	Handlers map[string]Handler // by kind of job; see also Handle
	Every    []Periodic
	Logger   *slog.Logger
	Workers  int // jobs done at once; default 8
	// Apart are kinds that wait for machines of others, in groups. Each group has workers of its own: who does not answer holds up
	// nothing else.
	Apart [][]string
	Poll  time.Duration // how often the table is looked at; default 1 s
	// Leases tell which nodes are alive; nil: the jobs of one that died wait until they have taken longer than any may.
	Leases Leases
	// Lease is for how long a node that does not renew its lease counts as alive; default 10 s.
	Lease time.Duration
}

// Leases keeps which nodes are alive, by a clock that they share.
type Leases interface {
	RenewLease(ctx context.Context, node string) error
	LapsedLeases(ctx context.Context, after time.Duration) ([]string, error)
	// TakeLease ends a lapsed lease, and reports whether it was this call that did.
	TakeLease(ctx context.Context, node string, after time.Duration) (bool, error)
}

// Periodic is a job that one of the nodes enqueues again and again.
type Periodic struct {
	Kind  string
	Every time.Duration
}

// envelope is how a job of ours travels in River, which knows one kind only.
type envelope struct {
	Job    string          `json:"job"`
	Unique string          `json:"unique,omitempty" river:"unique"`
	Args   json.RawMessage `json:"args,omitempty"`
}

// Kind is for River.
func (envelope) Kind() string { return "ombud" }

// Queue stores jobs and does them.
type Queue struct {
	client *river.Client[*sql.Tx]
	exec   riverdriver.Executor
	node   string // under which this process does jobs
	o      Options
	stop   context.CancelFunc // of what looks after jobs that are due
	wg     sync.WaitGroup
	once   sync.Once
	begun  bool
	err    error
}

// Open brings the tables of the queue up to date and gives the queue, which does nothing before Start.
func Open(ctx context.Context, o Options) (*Queue, error) {
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Workers == 0 {
		o.Workers = 8
	}
	if o.Poll == 0 {
		o.Poll = time.Second
	}
	if o.Lease == 0 {
		o.Lease = 10 * time.Second
	}
	var driver riverdriver.Driver[*sql.Tx]
	switch o.Dialect {
	case "sqlite":
		driver = riversqlite.New(o.DB)
	case "postgres":
		driver = riverdatabasesql.New(o.DB)
	default:
		return nil, fmt.Errorf("open job queue: unknown dialect %q", o.Dialect)
	}
	if err := migrate(ctx, driver, o); err != nil {
		return nil, fmt.Errorf("migrate job queue: %w", err)
	}
	q := &Queue{o: o, exec: driver.GetExecutor(), node: rand.Text()}
	client, err := river.NewClient(driver, q.config())
	if err != nil {
		return nil, fmt.Errorf("open job queue: %w", err)
	}
	q.client = client
	return q, nil
}

func (q *Queue) config() *river.Config {
	workers := river.NewWorkers()
	river.AddWorker(workers, river.WorkFunc(q.work))
	c := &river.Config{
		ID: q.node, Workers: workers, Logger: quiet(q.o.Logger), MaxAttempts: attempts, JobTimeout: longest, RescueStuckJobsAfter: orphaned,
		PollOnly: true, FetchCooldown: min(100*time.Millisecond, q.o.Poll), FetchPollInterval: q.o.Poll,
		Queues: map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: q.o.Workers}},
		// Dead letters stay until an admin has seen them; what was done is no longer needed after a day.
		DiscardedJobRetentionPeriod: 90 * 24 * time.Hour, CancelledJobRetentionPeriod: 90 * 24 * time.Hour,
	}
	for _, kinds := range q.o.Apart {
		c.Queues[kinds[0]] = river.QueueConfig{MaxWorkers: q.o.Workers, FetchPollInterval: 2 * q.o.Poll}
	}
	for _, p := range q.o.Every {
		c.PeriodicJobs = append(c.PeriodicJobs, river.NewPeriodicJob(river.PeriodicInterval(p.Every), func() (river.JobArgs, *river.InsertOpts) {
			return envelope{Job: p.Kind}, &river.InsertOpts{MaxAttempts: 1, Tags: []string{p.Kind}}
		}, &river.PeriodicJobOpts{RunOnStart: true}))
	}
	return c
}

// quiet lets River's warnings and errors through, but not what it says about its rounds.
func quiet(l *slog.Logger) *slog.Logger { return slog.New(above{l.Handler()}) }

type above struct{ slog.Handler }

func (a above) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && a.Handler.Enabled(ctx, l)
}

// refused marks an error after which trying again makes no sense.
type refused struct{ error }

func (r refused) Unwrap() error { return r.error }

// Refuse says that trying again makes no sense: the job becomes a dead letter at once.
func Refuse(err error) error { return refused{err} }

// snoozed marks that a job is to be done again, though nothing went wrong.
type snoozed struct{ after time.Duration }

func (s snoozed) Error() string { return "again in " + s.after.String() }

// Snooze has a job done again after a while. That is no failed try, and may go on for as long as it takes.
func Snooze(after time.Duration) error { return snoozed{max(after, time.Second)} }

func (q *Queue) work(ctx context.Context, j *river.Job[envelope]) error {
	do := q.o.Handlers[j.Args.Job]
	if do == nil {
		return fmt.Errorf("nobody does jobs of kind %q", j.Args.Job)
	}
	err := do(ctx, j.Args.Args)
	var never refused
	if errors.As(err, &never) {
		return river.JobCancel(err)
	}
	var later snoozed
	if errors.As(err, &later) {
		return river.JobSnooze(later.after)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", j.Args.Job, err)
	}
	return nil
}

// EnqueueTx stores jobs in a transaction, so that they exist if and only if their cause does.
func (q *Queue) EnqueueTx(ctx context.Context, tx *sql.Tx, jobs []chat.Job) error {
	if len(jobs) == 0 {
		return nil
	}
	if _, err := q.client.InsertManyTx(ctx, tx, q.inserts(jobs)); err != nil {
		return fmt.Errorf("store %d jobs: %w", len(jobs), err)
	}
	return nil
}

// Enqueue stores jobs that have no cause in the database.
func (q *Queue) Enqueue(ctx context.Context, jobs ...chat.Job) error {
	if len(jobs) == 0 {
		return nil
	}
	if _, err := q.client.InsertMany(ctx, q.inserts(jobs)); err != nil {
		return fmt.Errorf("store %d jobs: %w", len(jobs), err)
	}
	return nil
}

// line gives the queue in which jobs of a kind wait: that of its group, named after the first of them.
func (q *Queue) line(kind string) string {
	for _, kinds := range q.o.Apart {
		if slices.Contains(kinds, kind) {
			return kinds[0]
		}
	}
	return river.QueueDefault
}

func (q *Queue) inserts(jobs []chat.Job) []river.InsertManyParams {
	out := make([]river.InsertManyParams, len(jobs))
	for i, j := range jobs {
		opts := &river.InsertOpts{Tags: []string{j.Kind}, Queue: q.line(j.Kind)}
		if j.At > 0 {
			opts.ScheduledAt = time.UnixMicro(j.At).UTC()
		}
		if j.Unique != "" {
			opts.UniqueOpts = river.UniqueOpts{ByArgs: true}
		}
		out[i] = river.InsertManyParams{Args: envelope{Job: j.Kind, Unique: j.Unique, Args: j.Args}, InsertOpts: opts}
	}
	return out
}

// Handle sets what does each kind of job, before Start: who does the jobs often needs the queue first.
func (q *Queue) Handle(handlers map[string]Handler) { q.o.Handlers = handlers }

// Start begins to do jobs.
func (q *Queue) Start() error {
	// River ends when this context does; Close is how we end it.
	if err := q.client.Start(context.Background()); err != nil {
		return fmt.Errorf("start job queue: %w", err)
	}
	q.begun = true
	ctx, stop := context.WithCancel(context.Background())
	q.stop = stop
	if q.o.Leases != nil {
		q.wg.Go(func() { q.keepLease(ctx) })
	}
	q.wg.Go(func() { q.keepDue(ctx) })
	return nil
}

// Close lets running jobs end, cancels those that take too long, and waits. It may be called twice.
func (q *Queue) Close() error {
	q.once.Do(func() {
		if !q.begun {
			return
		}
		q.stop()
		q.wg.Wait()
		ctx, cancel := context.WithTimeout(context.Background(), stopping)
		defer cancel()
		err := q.client.Stop(ctx)
		if errors.Is(err, context.DeadlineExceeded) {
			hard, end := context.WithTimeout(context.Background(), stopping)
			defer end()
			err = q.client.StopAndCancel(hard)
		}
		if err != nil {
			q.err = fmt.Errorf("stop job queue: %w", err)
		}
	})
	return q.err
}
