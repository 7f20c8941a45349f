package server

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/chat"
)

func (s *shelf) Search(_ context.Context, q chat.Search) (chat.Found, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = q
	return s.found, nil
}

func (s *shelf) ConversationsByHour(_ context.Context, since time.Time) ([]chat.HourCount, error) {
	return []chat.HourCount{{At: since, Conversations: 3, HandedOver: 1}, {At: since.Add(time.Hour), Conversations: 2, HandedOver: 1}}, nil
}

func (s *shelf) RecentWaits(context.Context, time.Time) ([]chat.Wait, error) {
	return []chat.Wait{{Waited: 90 * time.Second}, {Waited: 10 * time.Second}, {Waited: 20 * time.Second}}, nil
}

// roster says who is here, without leases.
type roster struct {
	mu   sync.Mutex
	here map[string]string
}

func (r *roster) Renew(_ context.Context, user, state string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.here[user] = state
	return nil
}

func (r *roster) Keep(context.Context, string, string, time.Duration) error { return nil }

func (r *roster) Present(context.Context) ([]chat.Presence, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var all []chat.Presence
	for user, state := range r.here {
		all = append(all, chat.Presence{User: user, State: state})
	}
	return all, nil
}

// TestSearchShowsWhatOneMaySee gives storage's answer in full to everybody, as a faulty storage would.
func TestSearchShowsWhatOneMaySee(t *testing.T) {
	desk := &shelf{}
	mem := newMemory()
	w := newNode(t, mem, &wire{}, func(o *Options) { o.Desk = desk })
	p := mem.seed(t)
	for _, id := range []string{p.mine, p.theirs, p.waiting, p.above, p.bots, p.closed, p.took} {
		c := mem.convs[id]
		c.State = []byte(`{"secret":1}`)
		desk.found.Hits = append(desk.found.Hits, chat.Hit{Conversation: c, Text: "boots", Marks: [][2]int{{0, 5}}})
	}
	desk.found.Next = "7"
	for user, want := range map[string][]string{
		"ann": {p.mine, p.waiting, p.took}, "bea": {p.theirs, p.waiting, p.closed},
		"sue": {p.mine, p.theirs, p.waiting, p.above, p.bots, p.closed, p.took},
	} {
		grade := chat.GradeAgent
		if user == "sue" {
			grade = chat.GradeSupervisor
		}
		w.addUser(user, grade)
		b := w.browser()
		b.header = http.Header{"Authorization": {"Bearer " + w.addKey(user)}}
		status, raw, _ := b.raw("GET", "/api/v1/search?words=boots&limit=5&after=9&language=hu&from=2026-05-04T10:00:00Z", nil)
		_, out := b.do("GET", "/api/v1/search?words=boots&limit=5&after=9&language=hu&from=2026-05-04T10:00:00Z", nil)
		var got []string
		for _, h := range out["hits"].([]any) {
			got = append(got, h.(map[string]any)["conversation"].(map[string]any)["id"].(string))
		}
		slices.Sort(got)
		slices.Sort(want)
		if status != 200 || !slices.Equal(got, want) || out["next"] != "7" || strings.Contains(string(raw), "secret") {
			t.Errorf("%s: %d %s", user, status, raw)
		}
		q := desk.asked
		if q.Words != "boots" || q.Limit != 5 || q.After != "9" || q.Language != "hu" || q.From.Hour() != 10 || (q.Viewer == nil) != (user == "sue") {
			t.Errorf("%s asked for %+v", user, q)
		}
	}
	b := w.browser()
	b.header = http.Header{"Authorization": {"Bearer " + w.addKey("ann")}}
	if status, out := b.do("GET", "/api/v1/search?words="+url.QueryEscape("a\x00b"), nil); status != 422 || out["field"] != "words" {
		t.Errorf("a control character: %d %v", status, out)
	}
}

func TestTheWallCounts(t *testing.T) {
	mem := newMemory()
	p := mem.seed(t)
	duty := &roster{here: map[string]string{"ann": "online", "bea": "busy", "cid": "online"}}
	w := newNode(t, mem, &wire{}, func(o *Options) {
		o.Desk, o.Duty = &shelf{}, duty
		o.Tone = func() map[string][]string { return map[string][]string{"en": {"calm down"}} }
	})
	w.addUser("sue", chat.GradeSupervisor)
	w.addUser("ann", chat.GradeAgent)
	w.addUser("bea", chat.GradeAgent)
	c := w.agent("ann")
	c.send("claim", map[string]any{"id": "c", "conversation": p.waiting})
	for held := 0.0; held != 2; { // the board moves beside; the frame comes once it has
		f := c.await("presence")
		for _, a := range f.Data["agents"].([]any) {
			if x := a.(map[string]any); x["id"] == "ann" {
				held, _ = x["held"].(float64)
			}
		}
	}
	b := w.browser()
	b.header = http.Header{"Authorization": {"Bearer " + w.addKey("sue")}}
	status, out := b.do("GET", "/api/v1/wall", nil)
	staffed, _ := out["staffed"].(map[string]any)
	today, _ := out["today"].(map[string]any)
	longest, _ := time.Parse(time.RFC3339Nano, out["longest_from"].(string))
	if status != 200 || out["waiting"] != 1.0 || out["in_chat"] != 3.0 || staffed["online"] != 2.0 || staffed["busy"] != 1.0 ||
		today["conversations"] != 5.0 || today["handed_over"] != 2.0 || out["median_wait"] != 20.0 || out["claimed"] != 3.0 ||
		!longest.Equal(mem.convs[p.above].RequestedAt) {
		t.Errorf("%d %v", status, out)
	}
	agent := w.browser()
	agent.header = http.Header{"Authorization": {"Bearer " + w.addKey("ann")}}
	if status, out := agent.do("GET", "/api/v1/tone", nil); status != 200 || out["phrases"].(map[string]any)["en"].([]any)[0] != "calm down" {
		t.Errorf("tone: %d %v", status, out)
	}
}
