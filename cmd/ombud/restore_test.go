package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/chat"
	"ombud/server"
	"ombud/server/client"
	"ombud/storage/storagetest"
)

// mirror is a client that keeps a copy of one conversation's log as docs/protocol.md says, a visitor's or an agent's.
type mirror struct {
	s            *shopServer
	token        string
	conversation string
	agent        bool

	mu     sync.Mutex
	log    map[int64]string // what stands at each seq
	since  int64
	at     string
	resets int
}

// run follows the conversation until ctx ends, through as many connections as it takes.
func (m *mirror) run(ctx context.Context) {
	for ; ctx.Err() == nil; wait(ctx, 20*time.Millisecond) {
		conn, err := m.enter(ctx)
		if err != nil {
			continue
		}
		stop := context.AfterFunc(ctx, func() { conn.Close() })
		for {
			f, err := conn.Next(time.Minute)
			if err != nil {
				break
			}
			m.take(f)
		}
		stop()
		conn.Close()
	}
}

func (m *mirror) enter(ctx context.Context) (*client.Client, error) {
	m.mu.Lock()
	since, at := m.since, m.at
	m.mu.Unlock()
	if m.agent {
		conn, err := client.Dial(ctx, m.s.address(), "", client.Hello{Token: m.token})
		if err != nil {
			return nil, err
		}
		open := map[string]any{"conversation": m.conversation, "since": since}
		if at != "" {
			open["at"] = at
		}
		return conn, conn.Send("open", 0, open)
	}
	conn, err := client.Dial(ctx, m.s.address(), "", client.Hello{Site: "demo", Token: m.token, Since: since, At: at, Conversation: m.conversation})
	if err == nil && conn.Welcome.Reset {
		m.drop()
	}
	return conn, err
}

func (m *mirror) drop() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.log, m.since, m.at = map[int64]string{}, 0, ""
	m.resets++
}

func (m *mirror) take(f client.Frame) {
	switch f.Type {
	case "reset":
		m.drop()
	case "event":
		e, err := f.Event()
		if err != nil || e.Conversation != m.conversation {
			return
		}
		m.mu.Lock()
		defer m.mu.Unlock()
		if m.log[f.Seq] != "" {
			return // a client keeps what it has
		}
		m.log[f.Seq] = e.Kind + " " + e.ID
		if f.Seq > m.since {
			m.since, m.at = f.Seq, e.At
		}
	}
}

func (m *mirror) copy() (map[int64]string, int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.log), m.resets
}

// putBackWorld is a server whose database is put back to an earlier state.
type putBackWorld struct {
	t   *testing.T
	url string
	app testApp
	s   *shopServer // holds the address
	all map[string]*mirror
}

func (w *putBackWorld) start() {
	w.app = openApp(w.t, w.url, time.Hour) // the bot keeps silent
	w.s.mu.Lock()
	w.s.url = w.app.base
	w.s.mu.Unlock()
}

// putBack puts an earlier state in place: of a file, while the server is stopped, and of Postgres, while it runs.
func (w *putBackWorld) putBack(older func()) {
	if strings.HasPrefix(w.url, "postgres:") {
		older()
		return
	}
	w.app.end()
	older()
	w.start()
}

// speak says things in the visitor's name, each until it is acknowledged.
func (w *putBackWorld) speak(token, prefix string, n int) {
	w.t.Helper()
	var conn *client.Client
	for i, end := 0, time.Now().Add(startLimit); i < n; {
		id, err := fmt.Sprintf("%s-%d", prefix, i), error(nil)
		if conn == nil {
			conn, err = client.Dial(w.t.Context(), w.s.address(), "", client.Hello{Site: "demo", Token: token})
		}
		if err == nil {
			err = acknowledged(conn, id)
		}
		if err == nil {
			i++
			continue
		}
		if conn != nil {
			conn.Close()
			conn = nil
		}
		if time.Now().After(end) {
			w.t.Fatalf("%s is not acknowledged: %v", id, err)
		}
		wait(w.t.Context(), 20*time.Millisecond)
	}
	conn.Close()
}

func acknowledged(conn *client.Client, id string) error {
	if err := conn.Say(id, "words "+id); err != nil {
		return err
	}
	for {
		f, err := conn.Next(10 * time.Second)
		switch {
		case err != nil:
			return err
		case f.Type == "error":
			return f.Problem()
		case f.Type == "ack" && f.ID() == id:
			return nil
		}
	}
}

// agree waits until the named mirrors hold the log as it is stored: nothing that was lost, nothing missed.
func (w *putBackWorld) agree(when, conversation string, names ...string) {
	w.t.Helper()
	for end := time.Now().Add(startLimit); ; wait(w.t.Context(), 20*time.Millisecond) {
		err := w.differ(conversation, names)
		if err == nil {
			return
		}
		if time.Now().After(end) {
			w.t.Fatalf("%s: %v", when, err)
		}
	}
}

func (w *putBackWorld) differ(conversation string, names []string) error {
	events, err := w.app.db.Events(w.t.Context(), conversation, 0, 500)
	if err != nil {
		return err
	}
	for _, name := range names {
		m, want := w.all[name], map[int64]string{}
		for i, e := range events {
			if e.Seq != int64(i)+1 {
				return fmt.Errorf("event %d is stored at place %d", e.Seq, i+1)
			}
			if m.agent || e.Kind.ForVisitor() {
				want[e.Seq] = string(e.Kind) + " " + e.ClientID
			}
		}
		if got, _ := m.copy(); !maps.Equal(got, want) {
			err = errors.Join(err, fmt.Errorf("%s has %v, and stored is %v", name, got, want))
		}
	}
	return err
}

// TestADatabaseThatIsPutBackIsTold puts the database back to an earlier state, while a visitor and an agent look on and while others
// are away until the log has become longer than they know it: they all drop what was lost and miss nothing that came in its place. On
// Postgres the server runs on meanwhile, as at a failover to a replica that was behind.
func TestADatabaseThatIsPutBackIsTold(t *testing.T) {
	if testing.Short() {
		t.Skip("starts servers")
	}
	storagetest.EachURL(t, func(t *testing.T, url string) {
		w := &putBackWorld{t: t, url: url, s: &shopServer{t: t}, all: map[string]*mirror{}}
		w.start()
		ctx := t.Context()
		if err := errors.Join(
			w.app.db.CreateUser(ctx, chat.User{ID: "sue", Email: "sue@example.com", Name: "Sue", Grade: chat.GradeSupervisor, Level: 3, CreatedAt: now()}),
			w.app.db.CreateAPIToken(ctx, chat.APIToken{ID: "sue", Hash: server.HashToken("t-sue"), User: "sue", CreatedAt: now()}),
		); err != nil {
			t.Fatal(err)
		}
		first := dial(t, w.s.address(), client.Hello{})
		token, conversation := first.Welcome.Token, first.Welcome.Conversation
		first.Close()
		w.speak(token, "kept", 3)

		var group sync.WaitGroup
		here, leave := context.WithCancel(ctx)
		away, goAway := context.WithCancel(ctx)
		defer group.Wait()
		defer leave()
		defer goAway()
		for name, of := range map[string]context.Context{"visitor": here, "agent": here, "visitor who was away": away, "agent who was away": away} {
			m := &mirror{s: w.s, token: token, conversation: conversation, log: map[int64]string{}}
			if strings.HasPrefix(name, "agent") {
				m.token, m.agent = "t-sue", true
			}
			w.all[name] = m
			group.Go(func() { m.run(of) })
		}
		everybody := []string{"visitor", "agent", "visitor who was away", "agent who was away"}
		older := storagetest.Backup(t, url)
		w.speak(token, "lost", 6)
		w.agree("before", conversation, everybody...)
		goAway()
		w.putBack(older)
		w.speak(token, "short", 2)
		w.agree("while the log is shorter", conversation, "visitor", "agent")
		w.speak(token, "new", 8)
		for _, name := range everybody[2:] {
			group.Go(func() { w.all[name].run(here) })
		}
		w.agree("since the log is longer", conversation, everybody...)
		for name, m := range w.all {
			if _, resets := m.copy(); resets != 1 {
				t.Errorf("%s was told %d times to drop all", name, resets)
			}
		}
		if err := w.app.db.Verify(ctx, conversation); err != nil {
			t.Error(err)
		}
	})
}
