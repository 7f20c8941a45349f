package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/chat"
	"ombud/chat/care"
	"ombud/chat/hub"
	"ombud/handoff"
	"ombud/jobs"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// timers is a database with timers of every kind in it, and what has become of them.
type timers struct {
	t   *testing.T
	db  *storage.DB
	log care.Log // with what follows

	mu   sync.Mutex
	due  map[string]time.Time // conversation to the time of its timer
	left []string             // those that have not been seen to take effect
	told map[string]int       // webhook id to deliveries
}

// quiet is how long nothing may happen before the test gives up, once all is due.
const quiet = 2 * time.Minute

// TestTimersSurviveKills has clocks, promises, surveys and deliveries fall due under three nodes of which one is killed every
// two seconds: each takes effect exactly once, and none before its time. Deliveries leave the house: they arrive at
// least once, with an id by which a second one shows.
func TestTimersSurviveKills(t *testing.T) {
	if testing.Short() {
		t.Skip("kills servers")
	}
	n, spread := 60, 6*time.Second
	if v, err := strconv.Atoi(os.Getenv("OMBUD_TEST_TIMERS")); err == nil {
		n, spread = v, 60*time.Second
	}
	bin := build(t)
	t.Run("postgres", func(t *testing.T) { killUnderTimers(t, bin, storagetest.PostgresURL(t), 3, n, spread) })
	if os.Getenv("OMBUD_TEST_TIMERS") != "" { // several processes on one SQLite file are not what it is for: one, killed
		t.Run("sqlite", func(t *testing.T) { killUnderTimers(t, bin, storagetest.SQLiteURL(t), 1, n, spread) })
	}
}

func killUnderTimers(t *testing.T, bin, url string, nodes, n int, spread time.Duration) {
	x := openTimers(t, url)
	receiver := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		x.mu.Lock()
		defer x.mu.Unlock()
		x.told[r.Header.Get("webhook-id")]++
	}))
	t.Cleanup(receiver.Close)
	x.set(care.SettingWebhooks, []care.Webhook{{ID: "w", URL: receiver.URL, Secret: "whsec_c2VjcmV0c2VjcmV0c2VjcmV0", Kinds: []string{"closed"}}})
	var lives []*process
	var servers []*shopServer
	for i := range nodes {
		s := newServer(t, bin, url, "--webhooks-inside")
		servers, lives = append(servers, s), append(lives, s.start())
		s.ready(lives[i]) // one after the other: the first may have to learn
	}
	x.wind(n, spread)
	kills := 0
	tick := time.NewTicker(2 * time.Second)
	defer tick.Stop()
	// How long it takes in all is the machine's affair; that nothing moves any more is not.
	for most, moved := -1, time.Now(); most < x.all() && time.Since(moved) < quiet+spread; <-tick.C {
		if n := x.over(); n > most {
			most, moved = n, time.Now()
		}
		if slices.ContainsFunc(lives, func(p *process) bool { return !p.listens() }) {
			continue // on a machine that is slow to start them, else none would ever be up
		}
		i := kills % nodes
		lives[i].kill()
		lives[i] = servers[i].start()
		kills++
	}
	for _, p := range lives {
		p.kill()
	}
	x.check(n, kills)
	if t.Failed() {
		x.jobs()
		for _, s := range servers {
			t.Logf("%.3000s", s.log.String())
		}
	}
}

func openTimers(t *testing.T, url string) *timers {
	t.Helper()
	x := &timers{t: t, db: storagetest.Open(t, url), due: map[string]time.Time{}, told: map[string]int{}}
	q, err := jobs.Open(t.Context(), jobs.Options{DB: x.db.Pool(), Dialect: x.db.Dialect()}) // stores, and does nothing
	if err != nil {
		t.Fatal(err)
	}
	x.db.EnqueueWith(q.EnqueueTx)
	x.log = following{x.db, care.NewFollow(x.db, newID, now, handoff.DefaultRules, nil)} // nobody asks to be called
	chief := chat.User{ID: "chief", Email: "chief@example.com", Name: "Chief", Grade: chat.GradeSupervisor, Level: 4}
	if err := errors.Join(x.db.CreateUser(t.Context(), chief),
		x.db.SavePresence(t.Context(), chat.Presence{User: "chief", State: hub.StateOnline, ExpiresAt: now().Add(24 * time.Hour).Truncate(time.Microsecond)})); err != nil {
		t.Fatal(err)
	}
	return x
}

// listens reports whether a life is up.
func (p *process) listens() bool {
	select {
	case url := <-p.url:
		p.url <- url
		return true
	default:
		return false
	}
}

func (x *timers) set(name string, value any) {
	x.t.Helper()
	data, err := json.Marshal(value)
	if err == nil {
		err = x.db.SaveSetting(x.t.Context(), name, data)
	}
	if err != nil {
		x.t.Fatal(err)
	}
}

// wind stores conversations with a timer each: a third of them clocks, promises and closes, which are asked about and told
// of. They fall due over a while, from some seconds on.
func (x *timers) wind(n int, spread time.Duration) {
	x.t.Helper()
	begin := now().Truncate(time.Microsecond).Add(max(4*time.Second, time.Duration(n)*10*time.Millisecond))
	var group sync.WaitGroup
	for i := range n {
		due := begin.Add(spread * time.Duration(i) / time.Duration(n))
		kind := []string{"clock", "promise", "survey"}[i%3]
		id := fmt.Sprintf("%s-%d", kind, i)
		x.due[id], x.left = due, append(x.left, id)
		group.Go(func() {
			if err := x.store(id, kind, due); err != nil {
				x.t.Errorf("store %s: %v", id, err)
			}
		})
	}
	group.Wait()
}

func (x *timers) store(id, kind string, due time.Time) error {
	asked := chat.Handoff{ID: "h-" + id, Level: 1, Severity: chat.SeverityMedium}
	if kind == "clock" {
		asked.DueAt, asked.WarnAt = due, due.Add(-time.Second)
	}
	bodies := []struct {
		kind chat.Kind
		at   time.Time
		body any
	}{{chat.KindOpened, now(), chat.Opened{Site: "demo", Visitor: "v-" + id}}, {chat.KindHandoffRequested, now(), asked}}
	add := func(kind chat.Kind, at time.Time, body any) {
		bodies = append(bodies, struct {
			kind chat.Kind
			at   time.Time
			body any
		}{kind, at, body})
	}
	switch kind {
	case "promise":
		add(chat.KindHandoffClaimed, now(), chat.Claimed{Agent: "nobody", Name: "N"})
		add(chat.KindPromise, now(), chat.Promise{ID: "p", Text: "a word", DueAt: due, State: "open"})
	case "survey":
		add(chat.KindClosed, due.Add(-24*time.Hour), chat.Closed{Outcome: "settled"})
	}
	a := chat.Append{Conversation: id}
	for _, b := range bodies {
		data, err := json.Marshal(b.body)
		if err != nil {
			return err
		}
		a.Events = append(a.Events, chat.Event{Kind: b.kind, Role: chat.RoleSystem, At: b.at.Truncate(time.Microsecond), Body: data})
	}
	_, err := x.log.Append(x.t.Context(), a)
	return err
}

// effects gives what became of a timer, in order, with the time of its effect.
func (x *timers) effects(id string) (states []string, at time.Time) {
	x.t.Helper()
	events, err := x.db.Events(x.t.Context(), id, 0, 100)
	if err != nil {
		x.t.Fatal(err)
	}
	for _, e := range events {
		var b struct{ State string }
		switch _ = json.Unmarshal(e.Body, &b); e.Kind { // what has no state is told by its kind
		case chat.KindClock, chat.KindPromise, chat.KindSurvey:
			states = append(states, b.State)
		case chat.KindHandoffEscalated:
			states = append(states, "escalated")
		}
		at = e.At
	}
	return states, at
}

// effect is what must become of a timer of each kind.
var effect = map[string]string{"clock": "warned escalated", "promise": "open warned broken escalated", "survey": "asked"}

// unwarned is what may become of one that nobody could look at before it was late: there is nothing to warn of any more.
var unwarned = map[string]string{"clock": "escalated", "promise": "open broken escalated"}

// over counts the timers that have had their effect, and the deliveries that have arrived. It looks at those that are due first, and
// not at all that are left: what it misses it finds the next time.
func (x *timers) over() int {
	x.mu.Lock()
	told := len(x.told)
	x.mu.Unlock()
	slices.SortFunc(x.left, func(a, b string) int { return x.due[a].Compare(x.due[b]) })
	misses := 0
	x.left = slices.DeleteFunc(x.left, func(id string) bool {
		if misses >= 100 {
			return false
		}
		kind, _, _ := strings.Cut(id, "-")
		states, _ := x.effects(id)
		if !took(kind, states) {
			misses++
			return false
		}
		return true
	})
	return told + len(x.due) - len(x.left)
}

// all is what over gives in the end: each close is delivered once more than it is asked about.
func (x *timers) all() int {
	n := len(x.due)
	for id := range x.due {
		if strings.HasPrefix(id, "survey-") {
			n++
		}
	}
	return n
}

// took reports whether a timer had its effect: the last of its states, whatever it took to get there.
func took(kind string, states []string) bool {
	want := strings.Fields(effect[kind])
	return slices.Contains(states, want[len(want)-1])
}

// jobs tells how the queue stands.
func (x *timers) jobs() {
	rows, err := x.db.Pool().QueryContext(x.t.Context(), `SELECT state, count(*), max(attempt), min(scheduled_at), coalesce(max(cast(errors AS text)), '') FROM river_job GROUP BY state`)
	if err != nil {
		x.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var state, first, problem string
		var n, attempt int
		if err := rows.Scan(&state, &n, &attempt, &first, &problem); err != nil {
			x.t.Fatal(err)
		}
		x.t.Logf("%d jobs are %s, tried up to %d times, the first at %s: %s", n, state, attempt, first, problem)
	}
}

func (x *timers) check(n, kills int) {
	x.t.Helper()
	late, quietly := map[string][]time.Duration{}, 0
	for id, due := range x.due {
		kind, _, _ := strings.Cut(id, "-")
		states, at := x.effects(id)
		switch got := strings.Join(states, " "); got {
		case effect[kind]:
		case unwarned[kind]:
			quietly++
		default:
			x.t.Errorf("%s: %q, want %q", id, got, effect[kind])
		}
		if at.Before(due) {
			x.t.Errorf("%s took effect at %s, %s early", id, at, due.Sub(at))
		}
		late[kind] = append(late[kind], at.Sub(due))
		if err := x.db.Verify(x.t.Context(), id); err != nil {
			x.t.Error(err)
		}
	}
	twice := 0
	for _, n := range x.told {
		twice += n - 1
	}
	if len(x.told) != len(late["survey"]) {
		x.t.Errorf("%d deliveries arrived of %d", len(x.told), len(late["survey"]))
	}
	x.t.Logf("%d timers and %d deliveries, %d kills: each took effect once, none early; %d without a warning; %d deliveries came again, with the same id",
		n, len(x.told), kills, quietly, twice)
	for _, kind := range []string{"clock", "promise", "survey"} {
		slices.Sort(late[kind])
		x.t.Logf("%-8s late: median %s, 99 %% %s, at most %s", kind, quantile(late[kind], .5).Round(10*time.Millisecond),
			quantile(late[kind], .99).Round(10*time.Millisecond), quantile(late[kind], 1).Round(10*time.Millisecond))
	}
}
