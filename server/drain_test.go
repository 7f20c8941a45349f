package server

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/chat"
)

func (w *world) get(path string) (int, string, http.Header) {
	w.t.Helper()
	b := w.browser()
	b.header = http.Header{"Accept-Encoding": {"identity"}}
	status, raw, h := b.raw("GET", path, nil)
	return status, string(raw), h
}

func TestDrainTurnsReadinessOffThenSpreadsTheCloses(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.DrainSpread = 400 * time.Millisecond })
	if status, _, _ := w.get("/readyz"); status != 200 {
		t.Fatalf("ready: %d", status)
	}
	const n = 40
	var mu sync.Mutex
	var at []time.Duration
	var all sync.WaitGroup
	var sockets []*socket
	for range n {
		c, _ := w.visitor("", 0)
		sockets = append(sockets, c)
	}
	begin := time.Now()
	for _, c := range sockets {
		all.Go(func() {
			code := c.closed()
			mu.Lock()
			defer mu.Unlock()
			if code != CloseRestart {
				t.Errorf("close code %d", code)
			}
			at = append(at, time.Since(begin))
		})
	}
	rec := make(chan error, 1)
	go func() { rec <- w.s.Drain(context.Background()) }()
	for !w.s.draining.Load() {
	}
	probe := &probeWriter{h: http.Header{}}
	r, _ := http.NewRequest("GET", "/readyz", nil)
	w.s.Handler().ServeHTTP(probe, r)
	if probe.status != http.StatusServiceUnavailable {
		t.Errorf("ready while draining: %d", probe.status)
	}
	r, _ = http.NewRequest("GET", "/ws", nil)
	probe = &probeWriter{h: http.Header{}}
	w.s.Handler().ServeHTTP(probe, r)
	if probe.status != http.StatusServiceUnavailable || probe.h.Get("Retry-After") == "" {
		t.Errorf("new socket while draining: %d", probe.status)
	}
	if err := <-rec; err != nil {
		t.Fatal(err)
	}
	all.Wait()
	late := 0
	for _, d := range at {
		if d > 200*time.Millisecond {
			late++
		}
	}
	if late < n/4 || late > 3*n/4+n/8 {
		t.Errorf("%d of %d closes came in the second half", late, n)
	}
}

type probeWriter struct {
	h      http.Header
	status int
}

func (p *probeWriter) Header() http.Header         { return p.h }
func (p *probeWriter) Write(b []byte) (int, error) { return len(b), nil }
func (p *probeWriter) WriteHeader(status int)      { p.status = status }

func TestReadinessFollowsStorageAndSaysAreRefusedNotLost(t *testing.T) {
	w := newWorld(t)
	c, _ := w.visitor("", 0)
	c.send("say", map[string]any{"id": "before", "text": "x"})
	c.answer("before") // the welcome is followed by a read of the history: that is over now
	w.mem.down.Store(true)
	if status, body, _ := w.get("/readyz"); status != 503 || !strings.Contains(body, "storage") {
		t.Errorf("%d %s", status, body)
	}
	if status, _, _ := w.get("/healthz"); status != 200 {
		t.Errorf("alive: %d", status)
	}
	c.send("say", map[string]any{"id": "a", "text": "x"})
	if a := c.answer("a"); a.str("code") != "unavailable" || a.Data["temporary"] != true {
		t.Errorf("%s", a.raw)
	}
	d := w.dial(nil)
	d.send("hello", map[string]any{"site": "demo", "token": ""})
	if code := d.closed(); code != CloseUnavailable {
		t.Errorf("hello without storage: close code %d", code)
	}
	w.mem.down.Store(false)
	c.send("say", map[string]any{"id": "a", "text": "x"})
	if a := c.answer("a"); a.Type != "ack" {
		t.Errorf("again: %s", a.raw)
	}
}

func TestRetriesAreAcknowledgedWithTheSameSeq(t *testing.T) {
	w := newWorld(t)
	c, welcome := w.visitor("", 0)
	c.send("say", map[string]any{"id": "a", "text": "x"})
	first := c.answer("a")
	c.send("say", map[string]any{"id": "a", "text": "x"})
	if again := c.answer("a"); again.Type != "ack" || again.Seq != first.Seq {
		t.Errorf("%s then %s", first.raw, again.raw)
	}
	c.send("say", map[string]any{"id": "a", "text": "y"})
	if a := c.answer("a"); a.str("code") != "conflict" {
		t.Errorf("%s", a.raw)
	}
	other, _ := w.visitor(welcome.str("token"), 0)
	other.send("say", map[string]any{"id": "a", "text": "x"})
	if again := other.answer("a"); again.Type != "ack" || again.Seq != first.Seq {
		t.Errorf("on another socket: %s", again.raw)
	}
	if f := other.until("the echo", func(f anyFrame) bool { return true }); len(f) == 0 {
		t.Error("nothing followed")
	}
}

// TestAckStandsAtItsEventsPlace says many things on two sockets at once: on each, the seqs of acks and events only rise.
func TestAckStandsAtItsEventsPlace(t *testing.T) {
	w := newWorld(t, func(o *Options) {
		o.Limits.VisitorSays, o.Limits.VisitorBurst, o.Limits.FramesBurst = 1e9, 1e9, 1e6
	})
	a, welcome := w.visitor("", 0)
	b, _ := w.visitor(welcome.str("token"), 0)
	const each = 200
	var all sync.WaitGroup
	for name, c := range map[string]*socket{"a": a, "b": b} {
		all.Go(func() {
			go func() {
				for i := range each {
					c.send("say", map[string]any{"id": name + string(rune('a'+i/26)) + string(rune('a'+i%26)), "text": "x"})
				}
			}()
			last, acks, echoes := int64(0), 0, 0
			for acks < each || echoes < each {
				f := c.next()
				if f.Type != "ack" && f.Type != "event" {
					continue
				}
				if f.Seq <= last {
					t.Errorf("%s: seq %d after %d: %s", name, f.Seq, last, f.raw)
				}
				last = f.Seq
				switch {
				case f.Type == "ack":
					acks++
				case strings.HasPrefix(f.str("id"), name):
					t.Errorf("%s got its own echo: %s", name, f.raw)
				case f.str("role") == "visitor":
					echoes++
				}
			}
		})
	}
	all.Wait()
}

func TestMetricsCountAndAreForThisMachine(t *testing.T) {
	w := newWorld(t)
	c, _ := w.visitor("", 0)
	c.send("say", map[string]any{"id": "a", "text": "x"})
	c.answer("a")
	c.send("say", map[string]any{"id": "b", "text": ""})
	c.answer("b")
	_, body, _ := w.get("/metrics")
	for _, line := range []string{`ombud_sockets{side="visitor"} 1`, `ombud_frames_received_total{type="say"} 1`, `ombud_errors_total{code="empty"} 1`,
		`ombud_ack_seconds_count 1`, `ombud_frames_received_total{type="refused"} 1`, "go_goroutines", "process_resident_memory_bytes"} {
		if !strings.Contains(body, line) {
			t.Errorf("no %s", line)
		}
	}
	b := w.browser()
	b.header.Set("X-Forwarded-For", "203.0.113.7")
	if status, _, _ := b.raw("GET", "/metrics", nil); status != http.StatusNotFound {
		t.Errorf("through a proxy: %d", status)
	}
}

func TestCloseMayBeCalledTwiceAndCutsEverybody(t *testing.T) {
	w := newWorld(t)
	w.addUser("ann", chat.GradeAgent)
	c, _ := w.visitor("", 0)
	a := w.agent("ann")
	if err := w.s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := w.s.Close(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []*socket{c, a} {
		for {
			if _, err := s.read(); err != nil {
				break
			}
		}
	}
	if _, err := http.Get(w.url + "/healthz"); err == nil {
		t.Error("still serves")
	}
}
