package server

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"strings"
	"time"

	"ombud/chat"
	"ombud/server/demo"
)

//go:embed assets
var assets embed.FS

// routes builds the handler of everything.
func (s *Server) routes() (http.Handler, error) {
	rest := http.NewServeMux()
	s.rest = s.api(rest)
	cross := http.NewCrossOriginProtection()
	if s.o.PublicURL != "" {
		if err := cross.AddTrustedOrigin(s.o.PublicURL); err != nil {
			return nil, err
		}
	}
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { writeError(w, chat.ErrForbidden) }))

	pages := http.NewServeMux()
	asked := func(h http.Handler) http.Handler { return noStore(s.withPeer(bearer(onceOnly(h)))) }
	pages.Handle(prefix+"/", cross.Handler(asked(s.sessions.LoadAndSave(rest))))
	for _, path := range []string{"/files", "/files/{file}", "/transcript", "/survey"} {
		pages.Handle(prefix+"/sites/{id}"+path, s.fromSites(asked(rest)))
	}
	pages.Handle("/openapi.json", rest)
	pages.Handle("/openapi.yaml", rest)
	pages.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") })
	pages.HandleFunc("GET /readyz", s.readyz)
	pages.HandleFunc("GET /metrics", s.metrics)
	pages.Handle("GET /{$}", http.RedirectHandler("/console/", http.StatusSeeOther))
	if err := s.staticRoutes(pages); err != nil {
		return nil, err
	}
	s.ownPageRoutes(pages, cross)

	all := http.NewServeMux()
	all.HandleFunc("GET /ws", s.socket) // hijacks: nothing may wrap it
	s.trialRoutes(all)
	all.Handle("/", s.headers(pages))
	return all, nil
}

func (s *Server) staticRoutes(pages *http.ServeMux) error {
	docs, err := fs.Sub(assets, "assets")
	if err != nil {
		return err
	}
	type tree struct {
		at string
		fs fs.FS
		to func(http.Handler) http.Handler
	}
	trees := []tree{{"/docs/", docs, same}}
	if s.o.ConsoleFS != nil {
		trees = append(trees, tree{"/console/", s.o.ConsoleFS, same})
	}
	if s.o.WidgetFS != nil {
		trees = append(trees, tree{"/w/", s.o.WidgetFS, func(h http.Handler) http.Handler { return s.loads(anyOrigin(ownWindow(s.dressed(h)))) }})
	}
	for _, t := range trees {
		files, err := newStatic(t.fs)
		if err != nil {
			return err
		}
		pages.Handle("GET "+t.at, t.to(http.StripPrefix(t.at, files)))
	}
	pages.Handle("GET /docs", http.RedirectHandler("/docs/", http.StatusSeeOther))
	if s.o.Demo {
		pages.Handle("GET /demo/", opener("same-origin-allow-popups", http.StripPrefix("/demo/", demo.Handler())))
		pages.Handle("GET /demo", http.RedirectHandler("/demo/", http.StatusSeeOther))
	}
	return nil
}

func same(h http.Handler) http.Handler { return h }

// anyOrigin lets every website load the widget's files, which are public.
func anyOrigin(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		w.Header().Set("Timing-Allow-Origin", "*")
		h.ServeHTTP(w, r)
	})
}

// ownWindow lets the chat's own window hear the page that opened it, which hands over who the visitor is.
func ownWindow(h http.Handler) http.Handler {
	window := opener("unsafe-none", h)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/w/window.html" {
			window.ServeHTTP(w, r)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// opener says which windows a page stays in touch with: those that it opens, or that opened it.
func opener(policy string, h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cross-Origin-Opener-Policy", policy)
		h.ServeHTTP(w, r)
	})
}

func noStore(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		h.ServeHTTP(w, r)
	})
}

// policyOf is the content security policy of our own pages: nothing but our own files, no inline code, no framing, and
// no strings made into code or markup.
func policyOf(own string) string {
	socket := strings.Replace(own, "http", "ws", 1)
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; " +
		"connect-src 'self' " + socket + "; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; " +
		"require-trusted-types-for 'script'"
}

// headers sets the security headers of all pages.
func (s *Server) headers(next http.Handler) http.Handler {
	secure := strings.HasPrefix(s.o.PublicURL, "https://")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policyOf(s.ownOrigin(r)))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=()")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
		}
		next.ServeHTTP(w, r)
	})
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(text + "\n"))
}

// readyz says whether this node should get new clients.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	if s.draining.Load() {
		plain(w, http.StatusServiceUnavailable, "draining")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.o.Store.Ping(ctx); err != nil {
		s.o.Logger.Warn("readiness", "error", err)
		plain(w, http.StatusServiceUnavailable, "storage is unavailable")
		return
	}
	plain(w, http.StatusOK, "ready")
}

// metrics is only for this machine and for whom the options name: numbers tell how busy a company is.
func (s *Server) metrics(w http.ResponseWriter, r *http.Request) {
	from := peer(r)
	local := from.IsLoopback() && r.Header.Get("X-Forwarded-For") == ""
	for _, p := range s.o.MetricsFrom {
		local = local || p.Contains(from)
	}
	if !local {
		http.NotFound(w, r)
		return
	}
	s.m.handler().ServeHTTP(w, r)
}
