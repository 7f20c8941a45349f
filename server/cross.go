package server

import (
	"net/http"
	"strings"
)

// fromSites lets the pages of a site call the routes below /sites/{id}/ with the visitor's token in a header: other people's pages
// get nothing, and no cookie takes part, so that nobody's session can be used from there.
func (s *Server) fromSites(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Add("Vary", "Origin")
		if origin, present := originOf(r); present {
			id, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, prefix+"/sites/"), "/")
			site, err := s.sites.site(r.Context(), id)
			if err != nil {
				writeError(w, s.told(err))
				return
			}
			if !originAllowed(site, origin, s.ownOrigin(r)) {
				plain(w, http.StatusForbidden, "This site does not list the page that asks.")
				return
			}
			h.Set("Access-Control-Allow-Origin", origin)
			h.Set("Access-Control-Allow-Headers", "Authorization, Content-Type")
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
