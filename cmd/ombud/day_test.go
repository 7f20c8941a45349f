package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"sync"
	"syscall"
	"testing"
	"time"

	"ombud/chat"
	"ombud/handoff"
	"ombud/server"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// dayPace is how much faster than life the rehearsed day runs.
const dayPace = 60

// real gives how long something takes here that takes so long in life.
func real(d time.Duration) time.Duration { return d / dayPace }

// dayPlan is what a rehearsed day is made of. Times are those of life.
type dayPlan struct {
	Chats   int
	Length  time.Duration   // while customers come
	Opens   time.Duration   // time of the day at which it begins
	Agents  []rehearsed     //
	Crashes []time.Duration // after the beginning
	Drain   time.Duration   // longest until everybody is served after the last has come
	Words   int             // most messages of an agent in a chat
}

// rehearsed is an agent of the day with the hours in which they work, from midnight.
type rehearsed struct {
	user     chat.User
	from, to time.Duration
	breaks   []time.Duration // half an hour each
}

// hourly is how many customers come in each hour of a day, as a share of the busiest.
var hourly = [24]float64{.04, .02, .02, .02, .03, .06, .12, .25, .5, .8, 1, .95, .85, .9, .95, .9, .8, .75, .8, .85, .7, .45, .25, .1}

// fullDay is a day of a busy shop: 2,000 customers, twelve agents in shifts, breaks and two crashes.
func fullDay() dayPlan {
	h := time.Hour
	p := dayPlan{Chats: 2000, Length: 24 * h, Crashes: []time.Duration{10*h + 30*time.Minute, 15*h + 10*time.Minute}, Drain: 3 * h, Words: 14}
	shift := func(n int, level int, from, to time.Duration) {
		for range n {
			i := len(p.Agents)
			u := chat.User{ID: fmt.Sprint("day-", i), Name: fmt.Sprint("Agent ", i), Email: fmt.Sprint("day", i, "@example.com"),
				Grade: chat.GradeAgent, Level: level, Capacity: 3}
			if i%4 == 3 {
				u.Languages = []string{"en", "hu", "sl"}
			}
			b := []time.Duration{from + (to-from)/2 + time.Duration(i%3)*20*time.Minute, from + (to-from)/4 + time.Duration(i%4)*15*time.Minute}
			p.Agents = append(p.Agents, rehearsed{user: u, from: from, to: to, breaks: b})
		}
	}
	shift(2, 1, 7*h, 15*h)
	shift(1, 2, 7*h, 15*h)
	shift(1, 4, 7*h, 15*h)
	shift(2, 1, 10*h, 18*h)
	shift(1, 3, 10*h, 18*h)
	shift(1, 1, 11*h, 19*h)
	shift(2, 1, 14*h, 24*h)
	shift(1, 4, 15*h, 24*h)
	shift(1, 2, 0, 24*h) // the night, and whatever is left
	return p
}

// shortDay is eight minutes around noon with few people, for every change.
func shortDay() dayPlan {
	p := fullDay()
	p.Chats, p.Opens, p.Length, p.Drain = 30, 11*time.Hour+30*time.Minute, 8*time.Minute, 40*time.Minute
	p.Crashes = []time.Duration{4 * time.Minute}
	p.Agents, p.Words = p.Agents[2:6], 6
	for i := range p.Agents {
		a := &p.Agents[i]
		a.from, a.to, a.breaks = 0, 24*time.Hour, nil
		a.user.Capacity = 2
	}
	p.Agents[1].user.Languages, p.Agents[0].breaks = nil, []time.Duration{p.Opens + 5*time.Minute}
	return p
}

// rehearsal is a day while it runs.
type rehearsal struct {
	t      *testing.T
	plan   dayPlan
	s      *shopServer
	began  time.Time
	tokens map[string]string // agent to API token

	mu       sync.Mutex
	broken   []string // promises that were not kept
	downtime []time.Duration
	shoppers []*shopper
}

// now is the time of the rehearsed day, from midnight.
func (d *rehearsal) now() time.Duration { return d.plan.Opens + time.Since(d.began)*dayPace }

func (d *rehearsal) fail(format string, args ...any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.broken) < 50 {
		d.broken = append(d.broken, fmt.Sprintf(format, args...))
	}
}

// TestABusyDay rehearses a day of a shop at sixty times its pace over the public protocol, kills the server in it, and
// reads from the log alone whether anybody was lost, served twice, or served out of turn.
func TestABusyDay(t *testing.T) {
	plan := shortDay()
	switch os.Getenv("OMBUD_DAY") {
	case "full":
		plan = fullDay()
	case "half":
		plan = fullDay()
		plan.Chats, plan.Opens, plan.Length = 1000, 8*time.Hour, 12*time.Hour
		plan.Crashes = []time.Duration{3 * time.Hour, 7 * time.Hour}
	default:
		if testing.Short() {
			t.Skip("rehearses for half a minute")
		}
	}
	url := storagetest.SQLiteURL(t)
	if os.Getenv("OMBUD_DAY_ON") == "postgres" {
		url = storagetest.PostgresURL(t)
	}
	d := &rehearsal{t: t, plan: plan, s: newServer(t, build(t), url)}
	d.hire(url)
	forecast := d.run()
	f := d.audit(url)
	f.Covered, f.MedianError, f.Announced = forecast.covered, forecast.median, forecast.count
	f.print(t, plan, d.downtime)
	for _, b := range d.broken {
		t.Error(b)
	}
	if f.Handoffs < plan.Chats/4 || f.Settled == 0 {
		t.Errorf("%d handoffs of %d chats, %d settled: no day worth the name", f.Handoffs, plan.Chats, f.Settled)
	}
	if path := os.Getenv("OMBUD_DAY_REPORT"); path != "" && len(d.broken) == 0 {
		if err := os.WriteFile(path, f.report(plan, d.downtime), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// hire stores the agents, an admin, and a token for each.
func (d *rehearsal) hire(url string) {
	d.t.Helper()
	db, err := storage.Open(d.t.Context(), storage.Options{URL: url})
	if err != nil {
		d.t.Fatal(err)
	}
	defer db.Close()
	d.tokens = map[string]string{}
	people := []chat.User{{ID: "day-admin", Name: "Admin", Email: "day-admin@example.com", Grade: chat.GradeAdmin, Level: 4}}
	for _, a := range d.plan.Agents {
		people = append(people, a.user)
	}
	for _, u := range people {
		u.CreatedAt = time.Now().UTC().Truncate(time.Microsecond)
		token := "token-of-" + u.ID
		d.tokens[u.ID] = token
		if err := db.CreateUser(d.t.Context(), u); err != nil {
			d.t.Fatal(err)
		}
		if err := db.CreateAPIToken(d.t.Context(), chat.APIToken{ID: u.ID, Hash: server.HashToken(token), User: u.ID, CreatedAt: u.CreatedAt}); err != nil {
			d.t.Fatal(err)
		}
	}
}

// rest asks the REST interface as the admin.
func (d *rehearsal) rest(method, path string, body, out any) error {
	var text []byte
	if body != nil {
		var err error
		if text, err = json.Marshal(body); err != nil {
			return fmt.Errorf("encode %s: %w", path, err)
		}
	}
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.s.address()+"/api/v1"+path, bytes.NewReader(text))
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	r.Header.Set("Authorization", "Bearer "+d.tokens["day-admin"])
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("ask %s: %w", path, err)
	}
	defer resp.Body.Close()
	var answer bytes.Buffer
	if _, err := answer.ReadFrom(resp.Body); err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("ask %s: %s %s: %w", path, resp.Status, answer.String(), err)
	}
	return json.Unmarshal(answer.Bytes(), out)
}

// hasten sets the rules to the pace of the rehearsal, as an admin does it.
func (d *rehearsal) hasten() {
	d.t.Helper()
	var now struct {
		Version string        `json:"version"`
		Reason  string        `json:"reason"`
		Rules   handoff.Rules `json:"rules"`
	}
	if err := d.rest("GET", "/rules", nil, &now); err != nil {
		d.t.Fatal(err)
	}
	fast := func(s handoff.Span) handoff.Span { return s / dayPace }
	r := now.Rules
	for i := range r.Levels {
		for _, clocks := range []map[chat.Severity]handoff.Span{r.Levels[i].Answer, r.Levels[i].Settle} {
			for k, v := range clocks {
				clocks[k] = fast(v)
			}
		}
	}
	r.Grace, r.Recent, r.OfferAfter = fast(r.Grace), fast(r.Recent), fast(r.OfferAfter)
	r.Retry = handoff.Span(5 * time.Second)
	r.Estimate = handoff.EstimateRules{Window: handoff.Span(3 * time.Minute), Handling: fast(r.Estimate.Handling), Most: 240, Pace: dayPace}
	for _, skill := range []string{"delivery", "billing"} {
		r.Skills[skill] = handoff.SkillRules{Mode: handoff.Push}
	}
	now.Rules, now.Reason = r, "a rehearsal"
	if err := d.rest("PUT", "/rules", now, &now); err != nil {
		d.t.Fatal(err)
	}
}

type dayForecast struct {
	covered, median float64
	count           int
}

// run lets the day happen.
func (d *rehearsal) run() (f dayForecast) {
	seed := uint64(time.Now().UnixNano())
	d.t.Logf("seed %d", seed)
	p := d.s.start()
	d.s.ready(p)
	d.hasten()
	d.began = time.Now()
	ctx, stop := context.WithTimeout(d.t.Context(), real(d.plan.Length+d.plan.Drain))
	defer stop()
	var people, customers sync.WaitGroup
	for i, a := range d.plan.Agents {
		w := &worker{d: d, a: a, r: rand.New(rand.NewPCG(seed, uint64(i)))}
		people.Go(func() { w.run(ctx) })
	}
	customers.Go(func() { d.come(ctx, rand.New(rand.NewPCG(seed, 1<<40)), &customers, seed) })
	for _, at := range d.plan.Crashes {
		wait(ctx, real(at)-time.Since(d.began))
		down := time.Now()
		p.kill()
		p = d.s.start()
		d.s.ready(p)
		d.downtime = append(d.downtime, time.Since(down))
	}
	customers.Wait()
	d.drained(ctx)
	var waits struct {
		Count   int     `json:"count"`
		Covered float64 `json:"covered"`
		Median  float64 `json:"median_error_seconds"`
	}
	if err := d.rest("GET", "/reports/waits", nil, &waits); err != nil {
		d.fail("the forecast's error: %v", err)
	}
	stop()
	people.Wait()
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGTERM)
	select {
	case <-p.done:
	case <-time.After(30 * time.Second):
		d.fail("the server did not stop within 30 seconds")
		p.kill()
	}
	return dayForecast{waits.Covered, waits.Median * dayPace, waits.Count}
}

// drained waits until the line is empty.
func (d *rehearsal) drained(ctx context.Context) {
	for ctx.Err() == nil {
		var q struct{ Items []json.RawMessage }
		if d.rest("GET", "/queue", nil, &q) == nil && len(q.Items) == 0 {
			return
		}
		wait(ctx, 200*time.Millisecond)
	}
}

// come lets the customers come, as many in each hour as the shape of a day says.
func (d *rehearsal) come(ctx context.Context, r *rand.Rand, group *sync.WaitGroup, seed uint64) {
	share := func(at time.Duration) float64 { return hourly[int(at/time.Hour)%24] }
	var all float64
	for m := time.Duration(0); m < d.plan.Length; m += time.Minute {
		all += share(d.plan.Opens + m)
	}
	due, n := 0.0, 0
	for m := time.Duration(0); m < d.plan.Length && ctx.Err() == nil; m += time.Minute {
		for due += float64(d.plan.Chats) * share(d.plan.Opens+m) / all; float64(n) < due-1e-6 && n < d.plan.Chats; n++ {
			wait(ctx, real(m+time.Duration(r.Int64N(int64(time.Minute))))-time.Since(d.began))
			c := newShopper(d, n, rand.New(rand.NewPCG(seed, 1<<32+uint64(n))))
			d.mu.Lock()
			d.shoppers = append(d.shoppers, c)
			d.mu.Unlock()
			group.Go(func() { c.run(ctx) })
		}
	}
}
