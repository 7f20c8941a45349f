package main

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/chat/hub"
	"ombud/chat/studio"
	"ombud/server"
	"ombud/storage"
	"ombud/widget"
)

// sandbox is a small server of its own beside the real one: the widget's panel, a hub and a database that is thrown
// away, with a bot that works by the draft of the script. What is tried out there is in no queue and in no report.
//
// It is opened when somebody first wants to try something.
type sandbox struct {
	studio *studio.Studio
	live   *bot.Engine // whose script and policy it begins with
	c      config
	logger *slog.Logger

	mu     sync.Mutex
	closed bool
	open   *opened
}

// opened is what a sandbox holds while it is open.
type opened struct {
	dir    string
	db     *storage.DB
	engine *bot.Engine
	hub    *hub.Hub
	server *server.Server
	said   *noted
}

// opened gives the sandbox's parts, opening them at the first call.
func (s *sandbox) opened(ctx context.Context) (*opened, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, chat.ErrUnavailable
	}
	if s.open != nil {
		return s.open, nil
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sandboxWait)
	defer cancel()
	o, err := s.make(ctx)
	if err != nil {
		o.close()
		return nil, err
	}
	s.open = o
	return o, nil
}

func (s *sandbox) make(ctx context.Context) (o *opened, err error) {
	o = &opened{}
	if o.dir, err = os.MkdirTemp("", "ombud-sandbox-"); err != nil {
		return o, fmt.Errorf("make sandbox: %w", err)
	}
	quiet := slog.New(slog.DiscardHandler) // its database and its visitors are nobody's concern
	if o.db, err = storage.Open(ctx, storage.Options{URL: filepath.Join(o.dir, "sandbox.db"), Logger: quiet}); err != nil {
		return o, fmt.Errorf("open sandbox: %w", err)
	}
	if err = o.db.SaveSite(ctx, chat.Site{ID: studio.TrialSite}); err != nil {
		return o, fmt.Errorf("make sandbox: %w", err)
	}
	if o.engine, err = s.live.Copy(); err != nil {
		return o, err
	}
	if o.hub, err = hub.New(hub.Options{
		Store: o.db, Line: o.db, Bus: alone{}, Bot: o.engine, Logger: s.logger, NewID: newID, TurnPause: s.c.TurnPause,
	}); err != nil {
		return o, fmt.Errorf("start the sandbox's hub: %w", err)
	}
	o.said = &noted{Hub: o.hub, in: map[string]string{}}
	o.server, err = server.New(server.Options{
		Hub: o.said, Store: o.db, Sessions: o.db, Bus: alone{}, Logger: s.logger, NewID: newID, PublicURL: s.c.PublicURL,
		WidgetFS: widget.Files(), Version: version,
	})
	if err != nil {
		return o, fmt.Errorf("make the sandbox's server: %w", err)
	}
	return o, nil
}

// Handler implements server.Sandbox.
func (s *sandbox) Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o, err := s.opened(r.Context())
		if err != nil {
			s.logger.Error("open the sandbox", "error", err)
			http.Error(w, "unavailable", http.StatusServiceUnavailable)
			return
		}
		o.server.Handler().ServeHTTP(w, r)
	})
}

// Rehearse implements server.Sandbox.
func (s *sandbox) Rehearse(ctx context.Context) (studio.Rehearsal, error) {
	o, err := s.opened(ctx)
	if err != nil {
		return studio.Rehearsal{}, err
	}
	return s.studio.Rehearse(ctx, o.engine)
}

// Decisions implements server.Sandbox.
func (s *sandbox) Decisions(ctx context.Context, message string) ([]chat.Event, error) {
	o, err := s.opened(ctx)
	if err != nil {
		return nil, err
	}
	conversation, ok := o.said.conversation(message)
	if !ok {
		return nil, fmt.Errorf("find the trial of message %s: %w", message, chat.ErrNotFound)
	}
	const most = 1000
	events, err := o.db.Events(ctx, conversation, 0, most)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(events, func(e chat.Event) bool {
		return e.Kind != chat.KindAssessment && e.Kind != chat.KindDecision
	}), nil
}

// usePolicy has an open sandbox decide by a policy that has become the live one.
func (s *sandbox) usePolicy(p bot.Policy, version int64) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.open == nil {
		return nil
	}
	return s.open.engine.UsePolicy(p, version)
}

func (s *sandbox) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	if s.open != nil {
		s.open.close()
	}
	s.open = nil
}

// close ends what is open, in the reverse order. What it fails on was to be thrown away.
func (o *opened) close() {
	if o.server != nil {
		_ = o.server.Close()
	}
	if o.hub != nil {
		_ = o.hub.Close()
	}
	if o.db != nil {
		_ = o.db.Close()
	}
	if o.dir != "" {
		_ = os.RemoveAll(o.dir)
	}
}

// noted remembers which trial conversation a message is in: the panel tells its page the ids of messages alone.
type noted struct {
	server.Hub

	mu    sync.Mutex
	in    map[string]string // message to conversation
	order []string
}

// mostNoted is how many messages are remembered.
const mostNoted = 5000

// Say notes the message before it is said, so that who hears of it finds it.
func (n *noted) Say(ctx context.Context, who chat.Identity, conversation, id, text string) (chat.Event, bool, error) {
	n.mu.Lock()
	if _, known := n.in[id]; !known {
		n.in[id] = conversation
		n.order = append(n.order, id)
	}
	if len(n.order) > mostNoted {
		delete(n.in, n.order[0])
		n.order = n.order[1:]
	}
	n.mu.Unlock()
	return n.Hub.Say(ctx, who, conversation, id, text)
}

func (n *noted) conversation(message string) (string, bool) {
	n.mu.Lock()
	defer n.mu.Unlock()
	c, ok := n.in[message]
	return c, ok
}

// alone is the bus of a server without other nodes.
type alone struct{}

// Publish implements server.Bus and hub.Bus.
func (alone) Publish(chat.Hint) error { return nil }

// Subscribe implements server.Bus and hub.Bus.
func (alone) Subscribe(func(chat.Hint)) (func(), error) { return func() {}, nil }

// sandboxWait bounds how long opening the sandbox may take.
const sandboxWait = 30 * time.Second
