package care_test

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/bot/script"
	"ombud/chat"
	"ombud/chat/care"
	"ombud/handoff"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

var (
	ann = chat.User{ID: "ann", Name: "Ann", Grade: chat.GradeAgent, Level: 1}
	eve = chat.User{ID: "eve", Name: "Eve", Grade: chat.GradeSupervisor, Level: 3}
)

// world is care over a real database, with a clock of its own. It does every job twice: a job may be done twice.
type world struct {
	t       *testing.T
	db      *storage.DB
	follow  *care.Follow
	care    *care.Care
	options care.Options

	mu     sync.Mutex
	clock  time.Time
	jobs   []chat.Job
	mails  []chat.Mail
	handed []string
	posts  []string
	ids    int
	script *script.Script // that is live
	keeps  string         // what keeps matters from going up; "": nothing does
	// between, if set, is called once before the next commit.
	between func()
}

// builtIn is the script that is built in, without the examples, from which nothing is learnt here.
var builtIn = sync.OnceValues(func() (*script.Script, error) {
	files, err := script.ReadFiles(script.Embedded())
	maps.DeleteFunc(files, func(path, _ string) bool { return strings.HasPrefix(path, "examples/") })
	if err != nil {
		return nil, err
	}
	return script.Load(files)
})

func each(t *testing.T, test func(w *world)) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) { test(newWorld(t, open())) })
}

func newWorld(t *testing.T, db *storage.DB) *world {
	shop, err := builtIn()
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, db: db, clock: noon, script: shop}
	db.EnqueueWith(func(_ context.Context, _ *sql.Tx, jobs []chat.Job) error {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.jobs = append(w.jobs, jobs...)
		return nil
	})
	w.follow = care.NewFollow(db, w.id, w.now, handoff.DefaultRules, w)
	pages, err := care.NewPages(t.Context(), db, "https://chat.example.com")
	if err != nil {
		t.Fatal(err)
	}
	w.options = care.Options{Reader: db, Registry: db, Hub: w, Trends: db, Voice: w, Mail: w, Post: w, Pages: pages, Now: w.now, NewID: w.id}
	w.care = care.New(w.options)
	w.must(db.CreateVisitor(t.Context(), chat.Visitor{ID: "v", Site: "demo", TokenHash: "h", CreatedAt: noon}))
	return w
}

// write gives care a model that words briefs.
func (w *world) write(s care.Writer) {
	w.options.Writer = s
	w.care = care.New(w.options)
	w.follow.WithWriter(s)
}

func (w *world) now() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.clock
}

func (w *world) id() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ids++
	return fmt.Sprintf("id-%d", w.ids)
}

// Commit is the hub's.
func (w *world) Commit(ctx context.Context, a chat.Append) (chat.Appended, error) {
	w.mu.Lock()
	between := w.between
	w.between = nil
	w.mu.Unlock()
	if between != nil {
		between()
	}
	return w.follow.Append(ctx, a)
}

// HandOver is the hub's.
func (w *world) HandOver(_ context.Context, conversation, reason string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if h := conversation + " " + reason; !slices.Contains(w.handed, h) { // what the bot no longer has stays where it is
		w.handed = append(w.handed, h)
	}
	return nil
}

// Speaks and Text are the bot's.
func (w *world) Speaks(language string) string {
	if !w.script.Speaks(language) {
		return w.script.Fallback
	}
	return language
}

func (w *world) Text(key, language string, args map[string]string) string {
	words := w.script.Text(key, language, 0, args)
	if words == "" {
		w.t.Errorf("the script has no text %s", key)
	}
	return words
}

// Keeps is the hub's.
func (w *world) Keeps(context.Context, chat.Conversation) (string, time.Time, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.keeps, w.clock.Add(5 * time.Minute), nil
}

// Escalated is the hub's.
func (w *world) Escalated(_ context.Context, c chat.Conversation, e chat.Escalated) (chat.Escalated, error) {
	if e.Handoff, e.Owner = c.Handoff, ""; c.Owner == chat.OwnerTicket {
		e.Owner = c.Owner
	}
	c.Level = e.Level
	e.DueAt, e.WarnAt = handoff.DefaultRules().AnswerBy(c, w.now())
	return e, nil
}

// BriefFor is the hub's.
func (w *world) BriefFor(_ context.Context, c chat.Conversation, ho chat.Handoff) (handoff.Brief, error) {
	return handoff.Summarise(handoff.Case{Conversation: c, Handoff: ho}), nil
}

// Send is the mailer's.
func (w *world) Send(_ context.Context, m chat.Mail) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !slices.Contains(w.mails, m) { // the id makes a second delivery show as the first
		w.mails = append(w.mails, m)
	}
	return nil
}

// Post is the poster's.
func (w *world) Post(_ context.Context, to, secret, id string, _ time.Time, payload []byte) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if p := fmt.Sprint(to, " ", secret, " ", id, " ", string(payload)); !slices.Contains(w.posts, p) {
		w.posts = append(w.posts, p)
	}
	return nil
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) add(conversation string, kind chat.Kind, role chat.Role, sender, client string, body any) {
	w.t.Helper()
	data, err := json.Marshal(body)
	w.must(err)
	_, err = w.follow.Append(w.t.Context(), chat.Append{Conversation: conversation, Events: []chat.Event{
		{Kind: kind, Role: role, Sender: sender, ClientID: client, At: w.now(), Body: data},
	}})
	w.must(err)
}

// held is a conversation that ann holds at level 1.
func (w *world) held(id string) {
	w.t.Helper()
	w.add(id, chat.KindOpened, chat.RoleSystem, "", "", chat.Opened{Site: "demo", Visitor: "v"})
	w.add(id, chat.KindHandoffRequested, chat.RoleSystem, "", "", chat.Handoff{ID: "h-" + id, Reason: "asked_for_human", Severity: chat.SeverityMedium, Level: 1})
	w.add(id, chat.KindHandoffClaimed, chat.RoleAgent, "ann", "", chat.Claimed{Agent: "ann", Name: "Ann"})
}

func (w *world) closes(id string) {
	w.t.Helper()
	w.add(id, chat.KindClosed, chat.RoleAgent, "ann", "", chat.Closed{By: "ann", Outcome: "settled", Cause: "wrong_bill"})
}

// pass lets time go by: every job that falls due is done at its time, twice.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	end := w.now().Add(d)
	for {
		w.mu.Lock()
		slices.SortStableFunc(w.jobs, func(a, b chat.Job) int { return int(max(-1, min(1, a.At-b.At))) })
		if len(w.jobs) == 0 || w.jobs[0].At > end.UnixMicro() {
			w.clock = end
			w.mu.Unlock()
			return
		}
		j := w.jobs[0]
		w.jobs = w.jobs[1:]
		if at := time.UnixMicro(j.At).UTC(); at.After(w.clock) {
			w.clock = at
		}
		w.mu.Unlock()
		var later *care.Later
		for range 2 {
			if err := w.care.Handlers()[j.Kind](w.t.Context(), j.Args); err != nil && !errors.As(err, &later) {
				w.t.Fatalf("%s: %v", j.Kind, err)
			}
		}
		if later != nil {
			w.mu.Lock()
			j.At = later.At.UnixMicro()
			w.jobs = append(w.jobs, j)
			w.mu.Unlock()
		}
	}
}

func (w *world) conv(id string) chat.Conversation {
	w.t.Helper()
	c, err := w.db.Conversation(w.t.Context(), id)
	w.must(err)
	return c
}

// bodies gives all bodies of a kind, in order.
func bodies[B any](w *world, id string, kind chat.Kind) []B {
	w.t.Helper()
	events, err := w.db.Events(w.t.Context(), id, 0, 500)
	w.must(err)
	var out []B
	for _, e := range events {
		if e.Kind != kind {
			continue
		}
		var b B
		w.must(json.Unmarshal(e.Body, &b))
		out = append(out, b)
	}
	return out
}

func states(ps []chat.Promise) (out []string) {
	for _, p := range ps {
		out = append(out, p.State)
	}
	return out
}

func wantErr(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func want[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
