package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/server/client"
	"ombud/storage/storagetest"
)

// receiver takes webhooks, and is down for every first try.
type receiver struct {
	t        *testing.T
	mu       sync.Mutex
	refused  map[string]string // by id: the body of the first try
	taken    map[string]string
	tookAll  chan struct{} // closed once that many are taken
	expected int
}

func (r *receiver) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return // the sender went away
	}
	id := req.Header.Get("webhook-id")
	r.mu.Lock()
	defer r.mu.Unlock()
	first, again := r.refused[id]
	if !again {
		r.refused[id] = string(body)
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	if first != string(body) {
		r.t.Errorf("%s was %s, and is %s", id, first, body)
	}
	if r.taken[id] = string(body); len(r.taken) == r.expected {
		close(r.tookAll)
		r.expected = -1
	}
}

// TestEveryWebhookArrivesAfterAnOutage has a receiver refuse the first try of every event: each comes again, under its id and with the same
// body, and none is missing. OMBUD_TEST_HOOKS ends that many conversations, on both databases.
func TestEveryWebhookArrivesAfterAnOutage(t *testing.T) {
	t.Parallel() // it mostly waits
	if testing.Short() {
		t.Skip("waits for retries")
	}
	n, err := strconv.Atoi(os.Getenv("OMBUD_TEST_HOOKS"))
	if err != nil {
		everyHook(t, storagetest.SQLiteURL(t), 12)
		return
	}
	storagetest.EachURL(t, func(t *testing.T, url string) { everyHook(t, url, n) })
}

func everyHook(t *testing.T, url string, n int) {
	a := openNode(t, url, config{TurnPause: time.Hour, outward: outward{WebhooksInside: true}})
	r := &receiver{t: t, refused: map[string]string{}, taken: map[string]string{}, tookAll: make(chan struct{}), expected: n}
	hook := httptest.NewServer(r)
	defer hook.Close()
	if status := a.administrator(t).call("PUT", "/webhooks", map[string]any{"webhooks": []any{map[string]any{"url": hook.URL, "kinds": []string{"closed"}}}}, nil); status != 200 {
		t.Fatalf("webhook: %d", status)
	}
	c := dial(t, a.base, client.Hello{})
	began := time.Now()
	for i := range n {
		if i > 0 {
			if code := request(c, "new", map[string]any{"id": fmt.Sprint("n", i)}); code != "ack" {
				t.Fatalf("conversation %d: %s", i, code)
			}
		}
		if code := request(c, "end", map[string]any{"id": fmt.Sprint("e", i)}); code != "ack" {
			t.Fatalf("end of conversation %d: %s", i, code)
		}
	}
	select {
	case <-r.tookAll:
	case <-time.After(startLimit + time.Duration(n)*time.Second/2):
		t.Error("some did not come")
	}
	took := time.Since(began).Round(100 * time.Millisecond)
	r.mu.Lock()
	defer r.mu.Unlock()
	about := map[string]bool{}
	for _, body := range r.taken {
		if _, rest, ok := strings.Cut(body, `"conversation":"`); ok {
			id, _, _ := strings.Cut(rest, `"`)
			about[id] = true
		}
	}
	if len(about) != n || len(r.refused) != n {
		t.Errorf("%d conversations ended; %d events came, and %d in the end", n, len(r.refused), len(about))
	}
	t.Logf("%d of %d events, each refused once, were taken within %s", len(r.taken), n, took)
}
