package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"
	"github.com/gorilla/websocket"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/server/frame"
)

// patience is how long a test waits for what should come at once.
const patience = 10 * time.Second

// eventually looks every 10 ms until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); !holds(); <-tick.C {
		if time.Now().After(deadline) {
			t.Fatalf("%s: not within %v", what, patience)
		}
	}
}

// world is a server with its hub and memory, reachable over a real socket.
type world struct {
	t    *testing.T
	mem  *memory
	hub  *hub.Hub
	s    *Server
	url  string // http://127.0.0.1:port
	done chan error
}

const (
	shopOrigin = "https://shop.example.com"
	secret     = "correct horse battery staple"
)

func newWorld(t *testing.T, change ...func(*Options)) *world {
	t.Helper()
	return newNode(t, newMemory(), &wire{}, change...)
}

// newNode starts one node on shared memory and wire.
func newNode(t *testing.T, mem *memory, net1 *wire, change ...func(*Options)) *world {
	t.Helper()
	mem.mu.Lock()
	mem.sites["demo"] = chat.Site{ID: "demo", Name: "Shop", Origins: []string{shopOrigin}}
	mem.sites["other"] = chat.Site{ID: "other", Name: "Other", Origins: []string{"https://other.example.com"}}
	mem.mu.Unlock()
	newID := func() string { return uuid.Must(uuid.NewV7()).String() }
	h, err := hub.New(hub.Options{Store: mem, Line: mem, Bus: net1.join(), Bot: parrot{}, NewID: newID, TurnPause: 10 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Hub: h, Store: mem, Sessions: mem, Bus: net1.join(), NewID: newID, Version: "test", Demo: true,
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, RemoteSetup: true}
	o.Limits.DrainSpread = 50 * time.Millisecond
	for _, f := range change {
		f(&o)
	}
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	w := &world{t: t, mem: mem, hub: h, s: s, url: "http://" + l.Addr().String(), done: make(chan error, 1)}
	go func() { w.done <- s.Serve(l) }()
	t.Cleanup(func() {
		if err := errors.Join(s.Close(), <-w.done, h.Close()); err != nil {
			t.Error(err)
		}
		http.DefaultClient.CloseIdleConnections()
	})
	return w
}

// addUser makes a user with the password secret.
func (w *world) addUser(id string, grade chat.Grade, change ...func(*chat.User)) chat.User {
	w.t.Helper()
	hash, err := w.s.hasher.Hash(context.Background(), secret)
	if err != nil {
		w.t.Fatal(err)
	}
	u := chat.User{ID: id, Email: id + "@example.com", Name: "Name of " + id, Grade: grade, Level: 1, PasswordHash: hash}
	for _, f := range change {
		f(&u)
	}
	w.mem.mu.Lock()
	w.mem.users[id] = u
	w.mem.mu.Unlock()
	return u
}

// addKey gives the user an API token.
func (w *world) addKey(user string) string {
	token := NewToken()
	w.mem.mu.Lock()
	w.mem.tokens[HashToken(token)] = user
	w.mem.mu.Unlock()
	return token
}

// socket is a client of the websocket.
type socket struct {
	t  *testing.T
	ws *websocket.Conn
}

func (w *world) dial(header http.Header) *socket {
	w.t.Helper()
	c, resp, err := w.tryDial(header)
	if err != nil {
		w.t.Fatalf("dial: %v (%v)", err, resp)
	}
	return c
}

func (w *world) tryDial(header http.Header) (*socket, *http.Response, error) {
	ws, resp, err := websocket.DefaultDialer.Dial("ws"+strings.TrimPrefix(w.url, "http")+"/ws", header)
	if err != nil {
		return nil, resp, err
	}
	w.t.Cleanup(func() { ws.Close() })
	return &socket{w.t, ws}, resp, nil
}

type anyFrame struct {
	Type string
	Seq  int64
	Data map[string]any
	raw  string
}

func (f anyFrame) str(key string) string { s, _ := f.Data[key].(string); return s }

func (c *socket) write(text string) {
	c.t.Helper()
	if err := c.ws.WriteMessage(websocket.TextMessage, []byte(text)); err != nil {
		c.t.Fatalf("write: %v", err)
	}
}

func (c *socket) send(typ string, data map[string]any) {
	c.t.Helper()
	b, err := json.Marshal(map[string]any{"type": typ, "data": data})
	if err != nil {
		c.t.Fatal(err)
	}
	c.write(string(b))
}

func (c *socket) read() (anyFrame, error) {
	_ = c.ws.SetReadDeadline(time.Now().Add(patience))
	_, b, err := c.ws.ReadMessage()
	if err != nil {
		return anyFrame{}, err
	}
	f := anyFrame{raw: string(b)}
	return f, json.Unmarshal(b, &f)
}

func (c *socket) next() anyFrame {
	c.t.Helper()
	f, err := c.read()
	if err != nil {
		c.t.Fatalf("read: %v", err)
	}
	return f
}

// until reads until a frame satisfies ok, and gives all that were read.
func (c *socket) until(what string, ok func(anyFrame) bool) []anyFrame {
	c.t.Helper()
	var seen []anyFrame
	for {
		f, err := c.read()
		if err != nil {
			c.t.Fatalf("waiting for %s: %v; seen %v", what, err, seen)
		}
		if seen = append(seen, f); ok(f) {
			return seen
		}
	}
}

func (c *socket) await(typ string) anyFrame {
	c.t.Helper()
	all := c.until(typ, func(f anyFrame) bool { return f.Type == typ })
	return all[len(all)-1]
}

// answer waits for the ack or the error with that id.
func (c *socket) answer(id string) anyFrame {
	c.t.Helper()
	all := c.until("answer to "+id, func(f anyFrame) bool { return (f.Type == "ack" || f.Type == "error") && f.str("id") == id })
	return all[len(all)-1]
}

// closed reads until the server closes, and gives the code.
func (c *socket) closed() int {
	c.t.Helper()
	for {
		_, err := c.read()
		var ce *websocket.CloseError
		if errors.As(err, &ce) {
			return ce.Code
		}
		if err != nil {
			c.t.Fatalf("waiting for a close: %v", err)
		}
	}
}

// visitor dials and says hello to the site demo.
func (w *world) visitor(token string, since int64) (*socket, anyFrame) {
	w.t.Helper()
	c := w.dial(nil)
	c.send("hello", map[string]any{"site": "demo", "token": token, "since": since, "locale": "en"})
	return c, c.await("welcome")
}

// agent dials with an API token of the user.
func (w *world) agent(user string) *socket {
	w.t.Helper()
	c := w.dial(nil)
	c.send("hello", map[string]any{"token": w.addKey(user)})
	c.await("welcome")
	return c
}

// browser is an HTTP client with cookies that sends our own origin.
type browser struct {
	w      *world
	client *http.Client
	header http.Header
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		w.t.Fatal(err)
	}
	return &browser{w, &http.Client{Jar: jar, Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }},
		http.Header{"Origin": {w.url}}}
}

// do sends JSON and gives status and body.
func (b *browser) do(method, path string, body any) (int, map[string]any) {
	b.w.t.Helper()
	status, raw, _ := b.raw(method, path, body)
	var out map[string]any
	if len(raw) > 0 {
		if err := json.Unmarshal(raw, &out); err != nil {
			b.w.t.Fatalf("%s %s: %v: %q", method, path, err, raw)
		}
	}
	return status, out
}

func (b *browser) raw(method, path string, body any) (int, []byte, http.Header) {
	b.w.t.Helper()
	var in io.Reader
	if body != nil {
		j, err := json.Marshal(body)
		if err != nil {
			b.w.t.Fatal(err)
		}
		in = strings.NewReader(string(j))
	}
	r, err := http.NewRequest(method, b.w.url+path, in)
	if err != nil {
		b.w.t.Fatal(err)
	}
	r.Header = b.header.Clone()
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	resp, err := b.client.Do(r)
	if err != nil {
		b.w.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		b.w.t.Fatal(err)
	}
	return resp.StatusCode, raw, resp.Header
}

// signIn signs the user in with the password secret.
func (w *world) signIn(user string) *browser {
	w.t.Helper()
	b := w.browser()
	if status, out := b.do("POST", "/api/v1/session", map[string]any{"email": user + "@example.com", "password": secret}); status != 200 {
		w.t.Fatalf("sign in as %s: %d %v", user, status, out)
	}
	return b
}

// cookie gives the header with which this browser's pages dial.
func (b *browser) cookie() http.Header {
	h := http.Header{"Origin": {b.w.url}}
	r, err := http.NewRequest("GET", b.w.url, nil)
	if err != nil {
		b.w.t.Fatal(err)
	}
	for _, c := range b.client.Jar.Cookies(r.URL) {
		r.AddCookie(c)
	}
	h.Set("Cookie", r.Header.Get("Cookie"))
	return h
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprint("test set-up: ", err))
	}
	return v
}

type shapeSides struct {
	typ            string
	visitor, agent bool
}

func shapesFrom(t *testing.T) []shapeSides {
	t.Helper()
	var out []shapeSides
	for _, s := range frame.Shapes {
		out = append(out, shapeSides{s.Type, s.From&frame.Visitor != 0, s.From&frame.Agent != 0})
	}
	return out
}

func isNil(op any) bool {
	o, ok := op.(*huma.Operation)
	return !ok || o == nil
}
