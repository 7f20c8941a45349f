package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"ombud/chat"
)

func TestVisitorIsToldToSlowDownAndStaysConnected(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.VisitorSays, o.Limits.VisitorBurst = 60, 3 })
	c, _ := w.visitor("", 0)
	for i := range 3 {
		c.send("say", map[string]any{"id": fmt.Sprint("m", i), "text": "x"})
		if a := c.answer(fmt.Sprint("m", i)); a.Type != "ack" {
			t.Fatalf("%s", a.raw)
		}
	}
	c.send("say", map[string]any{"id": "m3", "text": "x"})
	a := c.answer("m3")
	retry, _ := a.Data["retry_ms"].(float64)
	if a.str("code") != "rate_limited" || a.Data["temporary"] != true || retry < 1 || retry > 1000 {
		t.Fatalf("%s", a.raw)
	}
	c.send("ping", map[string]any{"id": "p"})
	if p := c.await("pong"); p.str("id") != "p" {
		t.Fatalf("%s", p.raw)
	}
}

func TestFloodAndForeignFramesEndTheConnection(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.Frames, o.Limits.FramesBurst = 1, 20 })
	for name, do := range map[string]func(*socket){
		"text flood": func(c *socket) {
			for range 40 {
				_ = c.ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"ping"}`))
			}
		},
		"ping flood": func(c *socket) {
			for range 40 {
				_ = c.ws.WriteControl(websocket.PingMessage, nil, time.Now().Add(patience))
			}
		},
		"pong flood": func(c *socket) {
			for range 40 {
				_ = c.ws.WriteControl(websocket.PongMessage, nil, time.Now().Add(patience))
			}
		},
		"binary": func(c *socket) { _ = c.ws.WriteMessage(websocket.BinaryMessage, []byte(`{"type":"ping"}`)) },
	} {
		c, _ := w.visitor("", 0)
		do(c)
		if code := c.closed(); code != CloseProtocol {
			t.Errorf("%s: close code %d", name, code)
		}
	}
	c := w.dial(nil)
	c.send("say", map[string]any{"id": "a", "text": "before hello"})
	if code := c.closed(); code != CloseProtocol {
		t.Errorf("before hello: close code %d", code)
	}
}

func TestOversizeFrameEndsTheConnection(t *testing.T) {
	w := newWorld(t)
	c, _ := w.visitor("", 0)
	_ = c.ws.WriteMessage(websocket.TextMessage, bytes.Repeat([]byte("a"), readLimit+1))
	if code := c.closed(); code != websocket.CloseMessageTooBig {
		t.Errorf("close code %d", code)
	}
}

func TestWhoSaysNoHelloOrFallsSilentIsLetGo(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.Hello = 50 * time.Millisecond })
	c := w.dial(nil)
	if code := c.closed(); code != CloseIdle {
		t.Errorf("no hello: close code %d", code)
	}
	w = newWorld(t, func(o *Options) { o.Limits.Idle, o.Limits.Ping = 150*time.Millisecond, time.Hour })
	c, _ = w.visitor("", 0)
	if code := c.closed(); code != CloseIdle {
		t.Errorf("silent: close code %d", code)
	}
}

func TestPingsKeepAConnectionThatAnswers(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.Idle, o.Limits.Ping = 2*time.Second, 100*time.Millisecond })
	c, _ := w.visitor("", 0)
	pings := make(chan struct{}, 100)
	c.ws.SetPingHandler(func(data string) error {
		pings <- struct{}{}
		return c.ws.WriteControl(websocket.PongMessage, []byte(data), time.Now().Add(patience))
	})
	go func() {
		for { // the handler runs while somebody reads
			if _, _, err := c.ws.ReadMessage(); err != nil {
				return
			}
		}
	}()
	for range 40 { // four seconds, twice as long as the silence that is forgiven
		select {
		case <-pings:
		case <-time.After(patience):
			t.Fatal("no ping came")
		}
	}
}

// TestSlowReaderHurtsOnlyItself lets one socket stop reading while much is said; it is closed, and others go on.
func TestSlowReaderHurtsOnlyItself(t *testing.T) {
	w := newWorld(t, func(o *Options) {
		o.Limits.OutboxBytes, o.Limits.Write = 256<<10, 500*time.Millisecond
		o.Limits.VisitorSays, o.Limits.VisitorBurst, o.Limits.Frames, o.Limits.FramesBurst = 1e9, 1e9, 1e9, 1e9
	})
	fast, welcome := w.visitor("", 0)
	token := welcome.str("token")
	fast.send("say", map[string]any{"id": "q", "text": "a person, please"}) // so that the bot is silent
	fast.until("the handoff", func(f anyFrame) bool { return f.str("kind") == "handoff_requested" })
	slow, _ := w.visitor(token, 0)
	if err := slow.ws.NetConn().(*net.TCPConn).SetReadBuffer(4096); err != nil {
		t.Fatal(err)
	}
	other, _ := w.visitor(token, 0)
	got := make(chan error)
	go func() {
		defer close(got)
		for {
			f, err := other.read()
			if strings.HasPrefix(f.str("id"), "m") || err != nil {
				got <- err
			}
			if err != nil || f.str("id") == "m1499" {
				return
			}
		}
	}()
	const messages = 1500 // of 4 KB: more than the buffers of a socket hold
	text := strings.Repeat("a", 3900)
	for i := range messages {
		id := fmt.Sprint("m", i)
		fast.send("say", map[string]any{"id": id, "text": text})
		if a := fast.answer(id); a.Type != "ack" {
			t.Fatalf("%s", a.raw)
		}
		if err := <-got; err != nil {
			t.Fatalf("the other reader at %d: %v", i, err)
		}
	}
	eventually(t, "the slow reader is let go", func() bool { return len(w.s.conns.all()) <= 2 })
	if _, body, _ := w.get("/metrics"); !strings.Contains(body, `ombud_closes_total{code="4001"} 1`) {
		t.Error("it was let go for another reason than being slow")
	}
	again, _ := w.visitor(token, 0)
	n := 0
	again.until("all of it", func(f anyFrame) bool {
		if strings.HasPrefix(f.str("id"), "m") {
			n++
		}
		return n == messages
	})
}

func TestCapsByAddressHoldAndASecondAddressIsServed(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.SocketsPerIP, o.Limits.SocketsPerSite = 5, 8 })
	from := func(ip string) http.Header { return http.Header{"X-Forwarded-For": {"203.0.113.99, " + ip}} }
	var open []*socket
	for range 5 {
		open = append(open, w.dial(from("198.51.100.1")))
	}
	if _, resp, err := w.tryDial(from("198.51.100.1")); err == nil || resp.StatusCode != http.StatusTooManyRequests || resp.Header.Get("Retry-After") == "" {
		t.Fatalf("sixth socket: %v %v", resp, err)
	}
	for i := range 6 {
		c := w.dial(from(fmt.Sprintf("2001:db8:0:%d::1", i))) // one each of six networks
		c.send("hello", map[string]any{"site": "demo", "token": ""})
		c.await("welcome")
		open = append(open, c)
	}
	for i := range 3 {
		c := open[i]
		c.send("hello", map[string]any{"site": "demo", "token": ""})
		if i < 2 {
			c.await("welcome")
			continue
		}
		if code := c.closed(); code != CloseUnavailable {
			t.Errorf("ninth visitor of the site: close code %d", code)
		}
	}
	open[3].ws.Close()
	for range 500 { // its place is given back as soon as its reader noticed
		if c, _, err := w.tryDial(from("198.51.100.1")); err == nil {
			c.ws.Close()
			return
		}
	}
	t.Error("the place of a closed socket was not given back")
}

func TestForwardedForIsBelievedOnlyFromTrustedProxies(t *testing.T) {
	w := newWorld(t)
	r, _ := http.NewRequest("GET", "/", nil)
	r.Header.Set("X-Forwarded-For", "192.0.2.1, 198.51.100.7")
	for remote, want := range map[string]string{"127.0.0.1:1": "198.51.100.7", "203.0.113.5:1": "203.0.113.5", "[::ffff:203.0.113.5]:1": "203.0.113.5", "[2001:db8::1%eth0]:1": "2001:db8::1"} {
		r.RemoteAddr = remote
		if got := w.s.address(r).String(); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
}

func TestEveryShapeHasAnAct(t *testing.T) {
	for _, shape := range shapesFrom(t) {
		if shape.visitor && visitorActs[shape.typ] == nil || shape.agent && agentActs[shape.typ] == nil {
			t.Errorf("nothing is done for %q", shape.typ)
		}
	}
}

func TestErrorsAreOneTable(t *testing.T) {
	sentinels := []error{chat.ErrNotFound, chat.ErrStale, chat.ErrTaken, chat.ErrConflict, chat.ErrCapacity, chat.ErrForbidden, chat.ErrInvalid,
		chat.ErrTooLarge, chat.ErrRateLimited, chat.ErrClosed, chat.ErrUnavailable, chat.ErrUnauthentic, chat.ErrExists}
	for _, err := range sentinels {
		status, e := answer(fmt.Errorf("do this: %w", err))
		if status == http.StatusInternalServerError || e.Code == "internal" || e.Message == "" {
			t.Errorf("%v: %d %+v", err, status, e)
		}
		if strings.Contains(e.Message, "do this") {
			t.Errorf("%v leaks: %+v", err, e)
		}
	}
	status, e := answer(fmt.Errorf("pq: password is %s", "hunter2"))
	b, _ := json.Marshal(e)
	if status != http.StatusInternalServerError || strings.Contains(string(b), "hunter2") {
		t.Errorf("unknown error: %d %s", status, b)
	}
	if _, e := answer(&chat.TakenError{AgentID: "u", Name: "Bea"}); e.Code != "taken" || e.Agent == nil || e.Agent.Name != "Bea" {
		t.Errorf("taken: %+v", e)
	}
}

// TestAWriteThatHangsIsGivenUp fills the buffers of a socket that nobody reads, with an outbox that never overflows.
func TestAWriteThatHangsIsGivenUp(t *testing.T) {
	w := newWorld(t, func(o *Options) {
		o.Limits.OutboxBytes, o.Limits.OutboxFrames, o.Limits.Write, o.Limits.Ping = 1<<30, 1<<20, 300*time.Millisecond, time.Hour
	})
	w.visitor("", 0)
	c := w.s.conns.all()[0]
	frame := bytes.Repeat([]byte("a"), 64<<10)
	for range 512 { // 32 MB
		c.send(frame)
	}
	eventually(t, "the hanging write ends", func() bool { return len(w.s.conns.all()) == 0 })
}
