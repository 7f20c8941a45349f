package server

import (
	"context"
	"errors"
	"fmt"
	"hash/maphash"
	"net"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/alexedwards/scs/v2"
	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/password"
	"ombud/server/upload"
)

// Server answers every route of one node.
type Server struct {
	o        Options
	m        *metrics
	sites    *sites
	sessions *scs.SessionManager
	hasher   *password.Hasher
	guesses  *guesses
	checker  *upload.Checker
	uploads  *uploads
	// downloads bounds what one address or user may fetch in files.
	downloads *uploads
	drafts    *uploads // what agents have a model word, by user
	caps      *caps
	conns     *conns
	floor     *floor
	encoded   *encoded
	sights    sightings
	rest      huma.API
	handler   http.Handler
	http      *http.Server
	unsub     func()

	ctx          context.Context // the root of what sockets do; ends with Close
	cancel       context.CancelFunc
	wg           sync.WaitGroup
	draining     atomic.Bool
	presenceTold atomic.Int64 // how often the agents here were told who is on duty
	once         sync.Once
}

// New makes a server and starts its heartbeat. Close it when done.
func New(o Options) (*Server, error) {
	if err := o.defaults(); err != nil {
		return nil, err
	}
	s := &Server{o: o, encoded: &encoded{seed: maphash.MakeSeed()}}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	s.m = newMetrics()
	s.sites = &sites{store: o.Store, now: time.Now}
	s.sessions = newSessions(o)
	s.hasher = password.NewHasher(o.Limits.Hashing)
	s.guesses = newGuesses(o.Now)
	s.checker, s.uploads = upload.NewChecker(o.Limits.Drawing), newUploads(o.Limits.Uploads, o.Limits.UploadsBurst)
	s.downloads = newUploads(o.Limits.Downloads, o.Limits.DownloadsBurst)
	s.drafts = newUploads(o.Limits.Suggestions, o.Limits.SuggestBurst)
	s.caps = &caps{
		perIP: o.Limits.SocketsPerIP, perSite: o.Limits.SocketsPerSite, all: o.Limits.Sockets,
		ips: map[netip.Addr]int{}, sites: map[string]int{},
	}
	s.conns = newConns(s)
	s.floor = newFloor()
	handler, err := s.routes()
	if err != nil {
		s.cancel()
		return nil, fmt.Errorf("build routes: %w", err)
	}
	s.handler = handler
	s.http = &http.Server{
		Handler: handler, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second,
		WriteTimeout: 60 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10,
	}
	if s.unsub, err = o.Bus.Subscribe(s.onHint); err != nil {
		s.cancel()
		return nil, fmt.Errorf("subscribe to hints: %w", err)
	}
	s.wg.Go(func() { s.conns.turn(o.Limits.Ping) })
	s.wg.Go(s.recheckAll)
	s.wg.Go(s.keepLeases)
	s.wg.Go(s.watchFloor)
	return s, nil
}

// Handler answers every route.
func (s *Server) Handler() http.Handler { return s.handler }

// Serve answers on the listener until Drain or Close; then it gives nil.
func (s *Server) Serve(l net.Listener) error {
	if err := s.http.Serve(l); err != nil && !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve %s: %w", l.Addr(), err)
	}
	return nil
}

// Drain sends everybody elsewhere: readiness goes off and new sockets are refused, then the open ones are closed with
// CloseRestart, spread over Limits.DrainSpread so that they do not all come back at once, then running requests end. It returns early when ctx ends.
func (s *Server) Drain(ctx context.Context) error {
	s.draining.Store(true)
	if err := s.disperse(ctx); err != nil {
		return fmt.Errorf("drain sockets: %w", err)
	}
	if err := s.http.Shutdown(ctx); err != nil {
		return fmt.Errorf("drain requests: %w", err)
	}
	return nil
}

// closeEvery is how fast sockets are closed where they are so few that nobody would notice if all came back at once.
const closeEvery = 50 * time.Millisecond

// disperse closes all sockets evenly over the spread, and waits until they are gone.
func (s *Server) disperse(ctx context.Context) error {
	pulse := time.NewTicker(20 * time.Millisecond)
	defer pulse.Stop()
	all, begin, next := s.conns.all(), time.Now(), 0
	spread := min(s.o.Limits.DrainSpread, time.Duration(len(all))*closeEvery)
	for {
		due := len(all)
		if time.Since(begin) < spread {
			due = int(float64(len(all)) * float64(time.Since(begin)) / float64(spread))
		}
		for ; next < due; next++ {
			all[next].close(CloseRestart, "restarting, come back")
		}
		left := s.conns.all()
		if next == len(all) && len(left) == 0 {
			return nil
		}
		if next == len(all) && time.Since(begin) > spread+closeGrace {
			for _, c := range left { // came in through the back door, or do not answer
				c.close(CloseRestart, "restarting, come back")
				if time.Since(begin) > spread+2*closeGrace {
					c.abort()
				}
			}
		}
		select {
		case <-pulse.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Close cuts everything and waits for it. It may be called twice.
func (s *Server) Close() error {
	s.once.Do(func() {
		s.draining.Store(true)
		s.unsub()
		s.cancel()
		s.conns.seal()
		_ = s.http.Close()
	})
	s.wg.Wait()
	return nil
}

func (s *Server) now() time.Time { return s.o.Now().UTC().Truncate(time.Microsecond) }

// publish tells the other nodes; a lost hint is made good by their own rounds.
func (s *Server) publish(topic string, data string) {
	if err := s.o.Bus.Publish(chat.Hint{Topic: topic, Data: []byte(data)}); err != nil {
		s.o.Logger.Debug("publish hint", "topic", topic, "error", err)
	}
}
