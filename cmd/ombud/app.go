package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/google/uuid"

	"ombud/bot"
	"ombud/bus"
	"ombud/chat"
	"ombud/chat/care"
	"ombud/chat/hub"
	"ombud/chat/studio"
	"ombud/console"
	"ombud/jobs"
	"ombud/server"
	"ombud/storage"
	"ombud/widget"
)

// newID makes a UUIDv7: it orders by time, so that indexes grow at their end.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

func now() time.Time { return time.Now().UTC() }

// app is a running server with all its parts. Tests start the same one in process.
type app struct {
	c      config
	logger *slog.Logger
	s      streams
	url    string // where this machine reaches it, without a trailing slash

	db     *storage.DB
	bus    *bus.Bus
	engine *bot.Engine
	roster *hub.Roster
	hub    *hub.Hub
	jobs   *jobs.Queue
	care   *care.Care
	pages  *care.Pages
	server *server.Server
	studio *studio.Studio
	trial  *sandbox
	listen net.Listener
	shared shared
	runs   *operations

	library *library // what the bot draws on besides the script

	policyOnce sync.Mutex // one reader of the stored policy at a time, so that an old one never follows a new one

	stop  context.CancelFunc
	wg    sync.WaitGroup
	links []link // printed at the start
}

// link is a one-time address.
type link struct{ what, url string }

// start opens everything and prepares to serve on l. On an error nothing stays open but l.
func start(ctx context.Context, c config, l net.Listener, s streams) (_ *app, err error) {
	a := &app{c: c, s: s, logger: c.logger(s.err), listen: l}
	a.url = address(c.PublicURL, l)
	defer func() {
		if err != nil {
			a.close()
		}
	}()
	if a.db, err = storage.Open(ctx, storage.Options{URL: c.Database, Logger: a.logger}); err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	if err = a.openJobs(ctx); err != nil {
		return nil, err
	}
	if a.bus, err = bus.Open(c.NATS, a.logger); err != nil {
		return nil, err
	}
	if err = a.openBot(ctx); err != nil {
		return nil, err
	}
	if err = a.usePolicy(ctx); err != nil {
		return nil, err
	}
	if err = a.useTime(ctx); err != nil {
		return nil, err
	}
	if err = a.useRules(ctx); err != nil {
		return nil, err
	}
	a.roster = hub.NewRoster(hub.RosterOptions{Leases: a.db, Logger: a.logger, Now: a.now, Rules: a.rules, Lease: c.lease})
	a.runs = newOperations(a)
	if err = a.roster.Refresh(ctx); err != nil { // before any clock is looked at: to a node that knows of nobody, nobody is there
		return nil, err
	}
	if a.hub, err = hub.New(hub.Options{
		Store: following{a.db, care.NewFollow(a.db, newID, a.now, a.rules, a.engine).WithWriter(a.engine)}, Line: a.db, Bus: a.bus,
		Bot: announcing{a.engine, care.NewAnnouncer(a.db.Setting, a.now, a.logger)}, Logger: a.logger, NewID: newID,
		TurnPause: c.TurnPause, OnDuty: a.roster.OnDuty, Now: a.now, Rules: a.rules, Callbacks: a.db.Callbacks, Asker: a.engine,
		Products: a.products,
	}); err != nil {
		return nil, fmt.Errorf("start hub: %w", err)
	}
	if err = a.startCare(ctx); err != nil {
		return nil, err
	}
	if a.server, err = a.newServer(); err != nil {
		return nil, err
	}
	if err = a.firstSteps(ctx); err != nil {
		return nil, err
	}
	if err = a.background(); err != nil {
		return nil, err
	}
	return a, nil
}

func (a *app) newServer() (*server.Server, error) {
	proxies, err := a.c.proxies()
	if err != nil {
		return nil, err
	}
	readers, err := a.c.metricsFrom()
	if err != nil {
		return nil, err
	}
	mail, err := a.c.mailer(a.now)
	if err != nil {
		return nil, err
	}
	build, err := widget.Manifest()
	if err != nil {
		return nil, err
	}
	options := server.Options{
		Pinned: server.Pinned{Path: "/w/" + build.Pinned, Integrity: build.Integrity},
		Hub:    a.hub, Store: a.db, Sessions: a.db, Bus: a.bus, Duty: a.roster, Policy: newPolicies(a.engine, a.db, a.rules),
		Logger: a.logger, NewID: newID, PublicURL: a.c.PublicURL, TrustedProxies: proxies, RemoteSetup: a.c.RemoteSetup,
		MetricsFrom: readers,
		Demo:        a.c.Demo, WidgetFS: widget.Files(), ConsoleFS: console.Files(), Version: version,
		Care: a.care, Upkeep: a.db, Reports: a.db, Dead: a.jobs, Pages: a.pages, Desk: a.db, Tone: a.tone,
		Eraser: a.db, Files: a.db, Articles: a.db, Library: a.library,
		Studio: a.studio, Sandbox: a.trial,
		Admin: a.db, Mail: mail, Transcripts: a.db, Operations: a.runs,
		Limits: a.c.limits(), OnPolicy: func(chat.PolicyVersion) { a.policyChanged(context.Background()) },
	}
	if a.c.ModelURL != "" {
		options.Suggest = a.engine.Suggest
	}
	s, err := server.New(options)
	if err != nil {
		return nil, fmt.Errorf("make server: %w", err)
	}
	return s, nil
}

// address gives the URL for people on this machine.
func address(public string, l net.Listener) string {
	if public != "" {
		return strings.TrimSuffix(public, "/")
	}
	_, port, err := net.SplitHostPort(l.Addr().String())
	if err != nil {
		return "http://" + l.Addr().String()
	}
	return "http://localhost:" + port
}

// usePolicy makes the newest stored policy the live one. A stored policy that no longer validates is
// refused, and the bot goes on with the one it has.
func (a *app) usePolicy(ctx context.Context) error {
	a.policyOnce.Lock()
	defer a.policyOnce.Unlock()
	live, err := a.db.LivePolicy(ctx)
	if errors.Is(err, chat.ErrNotFound) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read policy: %w", err)
	}
	if _, version := a.engine.Policy(); live.Version == version {
		return nil
	}
	p, err := bot.ParsePolicy(live.Data)
	if err != nil {
		a.logger.Error("stored policy does not validate; the one before stays live", "version", live.Version, "error", err)
		return nil
	}
	if err := errors.Join(a.engine.UsePolicy(p, live.Version), a.trial.usePolicy(p, live.Version)); err != nil {
		return err
	}
	a.logger.Info("policy is live", "version", live.Version)
	return nil
}

// serve prints where to go, serves until ctx ends, then drains: readiness goes first, sockets are told
// to come back over a while, and what was acknowledged is stored already.
func (a *app) serve(ctx context.Context) error {
	a.announce()
	failed := make(chan error, 1)
	go func() { failed <- a.server.Serve(a.listen) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		a.logger.Info("draining")
		drain, cancel := context.WithTimeout(context.Background(), a.c.DrainLimit)
		err = a.server.Drain(drain)
		cancel()
	}
	a.close()
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

func (a *app) announce() {
	fmt.Fprintf(a.s.out, "Ombud %s listens on %s\n", version, a.url)
	for _, l := range a.links {
		fmt.Fprintf(a.s.out, "  %-28s %s\n", l.what, l.url)
	}
}

// close ends everything in the reverse order of start. It may be called twice.
func (a *app) close() {
	if a.stop != nil {
		a.stop()
		a.wg.Wait()
	}
	if a.server != nil {
		a.closing("server", a.server.Close)
	}
	if a.studio != nil {
		a.closing("studio", a.studio.Close)
		a.trial.close()
	}
	if a.runs != nil {
		a.closing("node", a.runs.leave)
	}
	if a.jobs != nil {
		a.closing("jobs", a.jobs.Close)
	}
	if a.hub != nil {
		a.closing("hub", a.hub.Close)
	}
	if a.bus != nil {
		a.closing("bus", a.bus.Close)
	}
	if a.db != nil {
		a.closing("database", a.db.Close)
	}
	if a.library != nil {
		a.closing("articles", a.library.Close)
	}
}

func (a *app) closing(what string, f func() error) {
	if err := f(); err != nil {
		a.logger.Warn("close "+what, "error", err)
	}
}
