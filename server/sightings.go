package server

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"ombud/chat"
)

const (
	// sightedEvery is how often the same sighting is noted at most.
	sightedEvery = 10 * time.Second
	// sightedMost is how many are remembered as just noted; strangers make up origins.
	sightedMost = 1000
)

// sightings notes where the widget is seen, so that whoever puts it on a page learns whether it works.
type sightings struct {
	mu    sync.Mutex
	noted map[string]time.Time
}

// fresh reports whether a sighting was noted a moment ago, and remembers it otherwise.
func (s *sightings) fresh(key string, now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if at, ok := s.noted[key]; ok && now.Sub(at) < sightedEvery {
		return true
	}
	if s.noted == nil || len(s.noted) >= sightedMost {
		s.noted = map[string]time.Time{}
	}
	s.noted[key] = now
	return false
}

// sighted notes what a page of an origin did with a site's widget. It runs beside the request that told of it.
func (s *Server) sighted(site, origin string, kind chat.SightingKind) {
	now := s.now()
	if s.o.Admin == nil || origin == "" || origin == "null" || len(origin) > 300 || s.sights.fresh(site+" "+origin+" "+string(kind), now) {
		return
	}
	s.beside(func() {
		ctx, cancel := context.WithTimeout(s.ctx, s.o.Limits.Call)
		defer cancel()
		if err := s.o.Admin.Sighted(ctx, chat.Sighting{Site: site, Origin: origin, Kind: kind, At: now}); err != nil {
			s.o.Logger.Debug("note sighting", "site", site, "error", err)
		}
	})
}

// strange notes a page that no site lists. Which site it carries is not known yet: where there is one alone, that. So that
// strangers cannot fill the disk by making up origins, one is noted every ten seconds.
func (s *Server) strange(ctx context.Context, origin string) {
	site, ok := s.sites.only(ctx)
	if !ok || s.sights.fresh("strange", s.now()) {
		return
	}
	if origin, err := exactOrigin(origin); err == nil {
		s.sighted(site, origin, chat.SightingRefused)
	}
}

// only gives the id of the site where there is exactly one.
func (s *sites) only(ctx context.Context) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.load(ctx) != nil || len(s.byID) != 1 {
		return "", false
	}
	for id := range s.byID {
		return id, true
	}
	return "", false
}

// loads notes which pages fetch the widget's own files: their browser says from where. Only origins that a site lists are
// noted, for that site.
func (s *Server) loads(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		if !strings.HasSuffix(r.URL.Path, ".js") || s.o.Admin == nil {
			return
		}
		from, err := url.Parse(r.Header.Get("Referer"))
		if err != nil || from.Host == "" {
			return
		}
		origin, err := exactOrigin(from.Scheme + "://" + from.Host)
		if err != nil {
			return
		}
		for _, site := range s.sites.listing(r.Context(), origin) {
			s.sighted(site, origin, chat.SightingLoaded)
		}
	})
}

// listing gives the sites that list an origin, in order of id.
func (s *sites) listing(ctx context.Context, origin string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.load(ctx) != nil {
		return nil
	}
	var out []string
	for id, site := range s.byID {
		if slices.Contains(site.Origins, origin) {
			out = append(out, id)
		}
	}
	slices.Sort(out)
	return out
}
