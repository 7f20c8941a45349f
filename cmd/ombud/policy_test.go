package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"ombud/bot"
	"ombud/chat"
	"ombud/storage/storagetest"
)

// busServer starts a NATS server on a port that the kernel chooses, and gives its address.
func busServer(t *testing.T) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the bus is not ready")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s.ClientURL()
}

// caller calls the REST interface as an administrator.
type caller struct {
	t           *testing.T
	base, token string
}

func (a testApp) administrator(t *testing.T) caller {
	t.Helper()
	u := chat.User{ID: newID(), Email: newID() + "@example.com", Name: "Root", Grade: chat.GradeAdmin, Level: 1, CreatedAt: now()}
	secret, hash := newSecret()
	if err := a.db.CreateUser(t.Context(), u); err != nil {
		t.Fatal(err)
	}
	if err := a.db.CreateAPIToken(t.Context(), chat.APIToken{ID: newID(), Hash: hash, User: u.ID, Name: "test", CreatedAt: now()}); err != nil {
		t.Fatal(err)
	}
	return caller{t, a.base, secret}
}

// call sends body as JSON, if there is one, and reads the answer into out, unless that is nil.
func (c caller) call(method, path string, body, out any) int {
	c.t.Helper()
	data, err := json.Marshal(body)
	if err != nil {
		c.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.base+"/api/v1"+path, bytes.NewReader(data))
	if err != nil {
		c.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+c.token)
	r.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		c.t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err = io.ReadAll(resp.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if out != nil && resp.StatusCode == http.StatusOK {
		if err := json.Unmarshal(data, out); err != nil {
			c.t.Fatalf("%s %s: %v: %s", method, path, err, data)
		}
	}
	if resp.StatusCode >= 500 {
		c.t.Errorf("%s %s: %d %s", method, path, resp.StatusCode, data)
	}
	return resp.StatusCode
}

// TestASavedPolicyDecidesOnEveryNode saves on one node and watches the other, whose poll is far away.
func TestASavedPolicyDecidesOnEveryNode(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		c := config{TurnPause: 20 * time.Millisecond, NATS: busServer(t), refreshEvery: time.Hour}
		here, there := openNode(t, url, c), openNode(t, url, c)
		admin := here.administrator(t)
		eager := bot.DefaultPolicy()
		eager.AnswerAt, eager.ClarifyAt, eager.Misses = 1, 0.99, 1 // whatever was understood, it is not enough
		version := int64(0)
		save := func(p bot.Policy) {
			t.Helper()
			version++
			if status := admin.call("POST", "/policies", map[string]any{"version": version, "reason": "test", "data": p}, nil); status != 200 {
				t.Fatalf("save version %d: %d", version, status)
			}
			if _, live := here.engine.Policy(); live != version {
				t.Fatalf("version %d is live where %d was saved", live, version)
			}
		}
		deadline := time.After(20 * time.Second)
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		await := func(again func()) {
			t.Helper()
			for {
				if _, live := there.engine.Policy(); live == version {
					return
				}
				select {
				case <-tick.C:
					again()
				case <-deadline:
					t.Fatal("the other node never heard of the policy")
				}
			}
		}
		save(bot.DefaultPolicy())
		await(func() { save(bot.DefaultPolicy()) }) // until the other node's subscription has reached the bus
		save(eager)
		await(func() {})
		converse(t, there.base, []string{"xyzzy plugh"})
		got := replay(t, newPolicies(there.engine, there.db, there.rules), eager, now().Add(-time.Hour), now().Add(time.Hour))
		if got.Conversations != 1 || got.Replayed.Same != 1 || got.Recorded.HandedOver != 1 {
			t.Errorf("the other node did not decide by the new policy: %+v", got)
		}
		var back chat.PolicyVersion
		if status := admin.call("POST", "/policies/rollback", map[string]any{"version": 1, "reason": "too eager"}, &back); status != 200 {
			t.Fatalf("roll back: %d", status)
		}
		version++
		await(func() {})
		if live, _ := there.engine.Policy(); back.Version != version || live.Misses != bot.DefaultPolicy().Misses {
			t.Errorf("rolled back to version %d with %d misses", back.Version, live.Misses)
		}
	})
}

// TestPolicyToolsAnswerOverREST reads fields, live policy, a diff and a sweep from the real judge.
func TestPolicyToolsAnswerOverREST(t *testing.T) {
	a := openApp(t, storagetest.SQLiteURL(t), 20*time.Millisecond)
	admin := a.administrator(t)
	converse(t, a.base, []string{"blorp fnord", "xyzzy plugh", "qux"})
	var fields struct {
		Fields []bot.Field
		Tables bot.Tables
	}
	if admin.call("GET", "/policies/fields", nil, &fields); len(fields.Fields) != len(bot.PolicyFields()) {
		t.Errorf("%d fields", len(fields.Fields))
	}
	if x := fields.Tables; len(x.Signals) != 11 || len(x.Reasons) != 16 || len(x.Topics) == 0 || len(x.Skills) == 0 {
		t.Errorf("tables %+v", x)
	}
	var live struct {
		Version int64
		Data    bot.Policy
	}
	if admin.call("GET", "/policies/live", nil, &live); live.Version != 0 || live.Data.Misses != bot.DefaultPolicy().Misses {
		t.Errorf("live %+v", live)
	}
	var sweep struct{ Points []bot.SweepPoint }
	body := map[string]any{"data": bot.DefaultPolicy(), "field": "languages.en.misses", "to": now().Add(time.Hour)}
	if admin.call("POST", "/policies/sweep", body, &sweep); len(sweep.Points) != 101 || sweep.Points[10].HandedOver == 0 {
		t.Errorf("%d points in a table", len(sweep.Points))
	}
	body["field"] = "misses"
	if admin.call("POST", "/policies/sweep", body, &sweep); len(sweep.Points) != 101 || sweep.Points[0].HandedOver == 0 {
		t.Errorf("%d points", len(sweep.Points))
	}
	for _, changed := range []int{1, 2} {
		p := bot.DefaultPolicy()
		p.Misses = changed
		admin.call("POST", "/policies", map[string]any{"version": changed, "reason": "test", "data": p}, nil)
	}
	var diff struct {
		Changes []struct {
			Path     string
			Was, Now int
		}
	}
	if admin.call("GET", "/policies/diff", nil, &diff); len(diff.Changes) != 1 || diff.Changes[0].Path != "misses" || diff.Changes[0].Was != 1 {
		t.Errorf("diff %+v", diff)
	}
	if status := admin.call("POST", "/policies", map[string]any{"version": 3, "reason": "test", "data": map[string]any{"mood": 1}}, nil); status != 422 {
		t.Errorf("an unknown field: %d", status)
	}
}

// TestARefusedPolicyNamesTheValueThatIsWrong is what lets a page show the message where it belongs.
func TestARefusedPolicyNamesTheValueThatIsWrong(t *testing.T) {
	for in, want := range map[string][2]string{
		`{"signals":{"danger":{"at":0.9}}}`:                                        {"data.signals.danger.at", "signals.danger.at is 0.9, and must be at most 0.7 (danger must not be tuned away)"},
		`{"topics":{"order_status":{"misses":11}},"languages":{"hu":{"level":9}}}`: {"data.languages.hu.level", "languages.hu.level is 9, and must be between 0 and 4 (0 leaves the general value)\ntopics.order_status.misses is 11, and must be between 0 and 10 (0 leaves the general value)"},
		`{"mood":1}`: {"data", `line 1: unknown field "mood" (check the spelling; keys that nobody reads are not allowed)`},
	} {
		var invalid *chat.InvalidError
		if err := (&policies{}).Check(json.RawMessage(in)); !errors.As(err, &invalid) || invalid.Field != want[0] || invalid.Hint != want[1] {
			t.Errorf("%s: %+v", in, invalid)
		}
	}
}
