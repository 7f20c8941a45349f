package server

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"ombud/chat"
)

// sitesFor is how long sites are remembered: a changed list of origins holds after at most this time.
const sitesFor = 5 * time.Second

// sites remembers the sites for a few seconds, so that a rush of handshakes does not become a rush of queries.
type sites struct {
	store Sites
	now   func() time.Time

	mu      sync.Mutex
	byID    map[string]chat.Site
	origins map[string]struct{}
	until   time.Time
}

func (s *sites) load(ctx context.Context) error {
	if s.now().Before(s.until) {
		return nil
	}
	all, err := s.store.Sites(ctx)
	if err != nil {
		return err
	}
	s.byID, s.origins = make(map[string]chat.Site, len(all)), map[string]struct{}{}
	for _, site := range all {
		s.byID[site.ID] = site
		for _, o := range site.Origins {
			s.origins[o] = struct{}{}
		}
	}
	s.until = s.now().Add(sitesFor)
	return nil
}

// site gives the site, or chat.ErrNotFound.
func (s *sites) site(ctx context.Context, id string) (chat.Site, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(ctx); err != nil {
		return chat.Site{}, err
	}
	site, ok := s.byID[id]
	if !ok {
		return chat.Site{}, chat.ErrNotFound
	}
	return site, nil
}

// known reports whether any site lists the origin.
func (s *sites) known(ctx context.Context, origin string) (bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.load(ctx); err != nil {
		return false, err
	}
	_, ok := s.origins[origin]
	return ok, nil
}

// forget makes the next look read again.
func (s *sites) forget() {
	s.mu.Lock()
	s.until = time.Time{}
	s.mu.Unlock()
}

// ownOrigin is the origin that our own pages have.
func (s *Server) ownOrigin(r *http.Request) string {
	if s.o.PublicURL != "" {
		return s.o.PublicURL
	}
	if r.TLS != nil {
		return "https://" + r.Host
	}
	return "http://" + r.Host
}

// originOf gives the request's Origin; present is false where there is none. Several make one that never matches.
func originOf(r *http.Request) (origin string, present bool) {
	all := r.Header.Values("Origin")
	switch len(all) {
	case 0:
		return "", false
	case 1:
		return all[0], true
	}
	return "null", true
}

// originAllowed says whether a page of that origin may speak for the site: listed by it, letter for letter, or our own.
func originAllowed(site chat.Site, origin, own string) bool {
	return origin != "" && origin != "null" && (origin == own || slices.Contains(site.Origins, origin))
}
