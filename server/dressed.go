package server

import (
	"bytes"
	"compress/gzip"
	"net/http"
	"strings"

	"ombud/chat"
	"ombud/server/look"
)

// dressed serves the widget's loader with the look of the site that the address names, as /w/loader.js?site=SITE; every
// other file, and the loader of a site without a look of its own, is served as it is. The pinned file never changes.
func (s *Server) dressed(files http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		site := r.URL.Query().Get("site")
		if site == "" || !strings.HasSuffix(r.URL.Path, "/loader.js") || len(site) > 64 {
			files.ServeHTTP(w, r)
			return
		}
		before := s.lookOf(r, site)
		if before == "" {
			files.ServeHTTP(w, r)
			return
		}
		plain := r.Clone(r.Context())
		for _, name := range []string{"Accept-Encoding", "If-None-Match", "Range"} {
			plain.Header.Del(name)
		}
		plain.Method = http.MethodGet
		kept := &keptAnswer{header: http.Header{}, status: http.StatusOK}
		files.ServeHTTP(kept, plain)
		if kept.status != http.StatusOK {
			w.WriteHeader(kept.status)
			return
		}
		writeDressed(w, r, kept.header, before+kept.body.String())
	})
}

// lookOf gives what stands before a site's loader; "" where the site has no look, or cannot be read: a widget in its
// usual colours is better than none.
func (s *Server) lookOf(r *http.Request, id string) string {
	site, err := s.sites.site(r.Context(), id)
	if err != nil || site.Settings.Look == nil {
		return ""
	}
	return look.Script(orUsualLook(site.Settings.Look))
}

func orUsualLook(l *chat.Look) chat.Look {
	if look.Check(*l) != nil {
		return chat.Look{} // stored by a version that allowed more
	}
	return *l
}

func writeDressed(w http.ResponseWriter, r *http.Request, from http.Header, body string) {
	h := w.Header()
	h.Set("Content-Type", from.Get("Content-Type"))
	h.Set("Cache-Control", briefly)
	h.Set("Vary", "Accept-Encoding")
	if r.Method == http.MethodHead {
		return
	}
	if !accepts(r.Header.Get("Accept-Encoding"), "gzip") {
		_, _ = w.Write([]byte(body))
		return
	}
	h.Set("Content-Encoding", "gzip")
	z, _ := gzip.NewWriterLevel(w, gzip.BestCompression) // the level is a valid one
	_, _ = z.Write([]byte(body))
	_ = z.Close()
}

// keptAnswer keeps what a handler answers.
type keptAnswer struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header gives the answer's header.
func (k *keptAnswer) Header() http.Header { return k.header }

// WriteHeader keeps the status.
func (k *keptAnswer) WriteHeader(status int) { k.status = status }

// Write keeps the body.
func (k *keptAnswer) Write(b []byte) (int, error) { return k.body.Write(b) }
