package server

import (
	"errors"
	"net/http"
	"strings"

	"ombud/chat"
)

// fromSites lets the pages of a site call the routes below /sites/{id}/ with the visitor's token in a header: other people's pages
// get nothing, and no cookie takes part, so that nobody's session can be used from there.
func (s *Server) fromSites(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		origin, present := originOf(r)
		if err := s.siteLists(r, origin, present); err != nil {
			writeError(w, s.told(err))
			return
		}
		if present {
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type, "+identityHeader)
			h.Set("Access-Control-Allow-Methods", "GET, POST")
			h.Set("Access-Control-Max-Age", "600")
		}
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		r.Header.Del("Cookie")
		next.ServeHTTP(w, r)
	})
}

// siteLists fails with chat.ErrForbidden for a page that the site in the path does not list, and for a request from another site that
// does not say which page it is from: browsers that write always say.
func (s *Server) siteLists(r *http.Request, origin string, present bool) error {
	if !present {
		if from := r.Header.Get("Sec-Fetch-Site"); from != "" && from != "none" && from != "same-origin" {
			return chat.ErrForbidden
		}
		return nil
	}
	id, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, prefix+"/sites/"), "/")
	site, err := s.sites.site(r.Context(), id)
	if err != nil && !errors.Is(err, chat.ErrNotFound) {
		return err
	}
	if err != nil || !originAllowed(site, origin, s.ownOrigin(r)) {
		return chat.ErrForbidden
	}
	return nil
}
