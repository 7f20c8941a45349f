package main

import (
	"encoding/json"
	"testing"
	"time"

	"ombud/bot"
	"ombud/server/client"
	"ombud/storage/storagetest"
)

// TestReplayOfTheLivePolicyAgreesWithWhatHappened chats with the real server, then replays the stored
// turns: under the policy that decided them nothing may differ, under another something must.
func TestReplayOfTheLivePolicyAgreesWithWhatHappened(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		a := openApp(t, url, 20*time.Millisecond)
		from, to := now().Add(-time.Hour), now().Add(time.Hour)
		p := newPolicies(a.engine, a.db, a.rules)
		for began := from; began.Before(now()); began = began.Add(10 * time.Minute) {
			if got := replay(t, p, bot.DefaultPolicy(), began, now()); got.Conversations != 0 {
				t.Fatalf("%d conversations before anybody chatted", got.Conversations)
			}
		}
		for _, said := range [][]string{
			{"where is my parcel?", "it is order 71882"},
			{"this is a JOKE, third time the driver skipped us!!", "you are all useless", "I want a human"},
			{"hol a csomagom", "köszönöm, minden rendben, viszlát"},
			{"blorp fnord", "xyzzy plugh", "qux"},
			{"转人工"},
		} {
			converse(t, a.base, said)
		}
		if n := len(p.kept); n != maxRecordings {
			t.Errorf("%d recordings are kept, not %d", n, maxRecordings)
		}
		if got := replay(t, p, bot.DefaultPolicy(), from, now()); got.Conversations != 5 {
			t.Errorf("a moment later the replay knows %d conversations, not 5", got.Conversations)
		}
		same := replay(t, p, bot.DefaultPolicy(), from, to)
		if same.Conversations != 5 || same.Replayed.Same != same.Conversations || len(same.Changes) > 0 {
			t.Errorf("the live policy disagrees with itself: %+v", same)
		}
		if same.Recorded.HandedOver == 0 {
			t.Error("nobody was handed over: the test shows nothing")
		}
		eager := bot.DefaultPolicy()
		eager.Misses = 1
		if other := replay(t, p, eager, from, to); other.Replayed.Same == other.Conversations {
			t.Error("a policy that hands over at the first miss changes nothing")
		}
	})
}

// converse says the lines one after the other, each after the bot has answered.
func converse(t *testing.T, base string, said []string) {
	t.Helper()
	c := dial(t, base, client.Hello{})
	for i, text := range said {
		if err := c.Say(string(rune('a'+i)), text); err != nil {
			t.Fatal(err)
		}
		answered := false
		for !answered {
			f, err := c.Next(20 * time.Second)
			if err != nil {
				t.Fatalf("after %q: %v", text, err)
			}
			e, err := f.Event()
			answered = err == nil && f.Type == "event" && e.Role == "bot" && e.Kind == "message" && f.Seq > 3 || e.Kind == "handoff_requested"
		}
		if handed(t, c) {
			return
		}
	}
}

// handed reads what else the turn says, until the server answers a ping.
func handed(t *testing.T, c *client.Client) bool {
	t.Helper()
	if err := c.Send("ping", 0, map[string]string{}); err != nil {
		t.Fatal(err)
	}
	for {
		f, err := c.Next(20 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if e, err := f.Event(); err == nil && (e.Kind == "handoff_requested" || e.Kind == "closed") {
			return true
		}
		if f.Type == "pong" {
			return false
		}
	}
}

func replay(t *testing.T, p *policies, policy bot.Policy, from, to time.Time) bot.ReplayResult {
	t.Helper()
	data, err := json.Marshal(policy)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := p.Replay(t.Context(), data, from, to)
	if err != nil {
		t.Fatal(err)
	}
	var r bot.ReplayResult
	if err := json.Unmarshal(raw, &r); err != nil {
		t.Fatal(err)
	}
	return r
}
