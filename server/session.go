package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"ombud/chat"
)

// The topics of hints between the servers of different nodes.
const (
	topicUsers    = "users"    // data: id of a user whose sessions are to be looked at again
	topicPresence = "presence" // somebody came or went
	topicErased   = "erased"   // data: id of a visitor who was erased
)

const (
	keyUser  = "user"
	keyEpoch = "epoch"
)

// newSessions sets up the session cookie: HttpOnly, SameSite=Lax and, with https, Secure under the __Host- prefix.
func newSessions(o Options) *scs.SessionManager {
	// Not scs.New: it starts a memory store with a goroutine that cannot be stopped for certain.
	m := &scs.SessionManager{
		Store: o.Sessions, HashTokenInStore: true, Codec: scs.GobCodec{}, Lifetime: 24 * time.Hour,
		Cookie: scs.SessionCookie{Name: "ombud", Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode, Persist: true},
	}
	if strings.HasPrefix(o.PublicURL, "https://") {
		m.Cookie.Name, m.Cookie.Secure = "__Host-ombud", true
	}
	m.ErrorFunc = func(w http.ResponseWriter, _ *http.Request, err error) {
		o.Logger.Error("session store", "error", err)
		writeError(w, chat.ErrUnavailable)
		if o, ok := w.(*oneAnswer); ok {
			o.failed = true
		}
	}
	return m
}

// signedIn gives the user of the session in ctx, else chat.ErrUnauthentic. A session ends when its user is disabled
// or the user's session epoch has been raised since.
func (s *Server) signedIn(ctx context.Context) (chat.User, error) {
	id := s.sessions.GetString(ctx, keyUser)
	if id == "" {
		return chat.User{}, chat.ErrUnauthentic
	}
	u, err := s.o.Store.User(ctx, id)
	if errors.Is(err, chat.ErrNotFound) || err == nil && (u.Disabled || u.SessionEpoch != s.sessions.GetInt64(ctx, keyEpoch)) {
		return chat.User{}, chat.ErrUnauthentic
	}
	return u, err
}

// begin makes the session in ctx one of the user, under a new token.
func (s *Server) begin(ctx context.Context, u chat.User) error {
	if err := s.sessions.RenewToken(ctx); err != nil {
		return fmt.Errorf("begin session: %w", err)
	}
	s.sessions.Put(ctx, keyUser, u.ID)
	s.sessions.Put(ctx, keyEpoch, u.SessionEpoch)
	return nil
}

// byKey gives the user that an API token acts as, else chat.ErrUnauthentic.
func (s *Server) byKey(ctx context.Context, hash string) (chat.User, error) {
	u, err := s.o.Store.UserByAPIToken(ctx, hash)
	if errors.Is(err, chat.ErrNotFound) || err == nil && u.Disabled {
		return chat.User{}, chat.ErrUnauthentic
	}
	return u, err
}

// authenticate looks an agent's credentials up, and keeps the user they stand for.
func (s *Server) authenticate(ctx context.Context, a *agent) error {
	var u chat.User
	var err error
	if a.key != "" {
		u, err = s.byKey(ctx, a.key)
	} else {
		if a.session == "" {
			return chat.ErrUnauthentic
		}
		var loaded context.Context
		if loaded, err = s.sessions.Load(ctx, a.session); err == nil {
			u, err = s.signedIn(loaded)
		}
	}
	if err != nil {
		return err
	}
	if old := a.now.Load(); old != nil && old.ID != u.ID {
		return chat.ErrUnauthentic
	}
	a.now.Store(&u)
	return nil
}

// onHint hears from the other nodes.
func (s *Server) onHint(h chat.Hint) {
	switch h.Topic {
	case topicUsers:
		s.recheck(string(h.Data))
	case topicPresence:
		s.tellPresence()
	case topicErased:
		s.forget(string(h.Data))
	}
}

// usersChanged has the sockets of a user looked at again, on all nodes.
func (s *Server) usersChanged(user string) {
	s.recheck(user)
	s.publish(topicUsers, user)
}

// recheck closes the sockets of the user (of all, if "") whose session or token no longer holds. It works beside.
func (s *Server) recheck(user string) {
	for _, a := range s.conns.of(user) {
		s.beside(func() { s.recheckOne(a) })
	}
}

// beside runs f in a goroutine that Close waits for; after Close it does nothing.
func (s *Server) beside(f func()) {
	s.conns.mu.Lock()
	defer s.conns.mu.Unlock()
	if !s.conns.closed {
		s.wg.Go(f)
	}
}

func (s *Server) recheckOne(a *agent) {
	ctx, cancel := context.WithTimeout(s.ctx, s.o.Limits.Call)
	defer cancel()
	err := s.authenticate(ctx, a)
	switch {
	case err == nil:
	case errors.Is(err, chat.ErrUnauthentic):
		a.c.close(CloseSignedOut, "signed out")
	default:
		s.o.Logger.Warn("look at a session again", "user", a.user().ID, "error", err)
	}
}

// recheckAll looks at every agent's session now and then: a hint may be lost.
func (s *Server) recheckAll() {
	tick := time.NewTicker(s.o.Limits.Recheck)
	defer tick.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-tick.C:
			for _, a := range s.conns.of("") {
				s.recheckOne(a)
			}
		}
	}
}
