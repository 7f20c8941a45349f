package server

import (
	"encoding/json"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gorilla/websocket"
)

func pages() func(*Options) {
	return func(o *Options) {
		o.ConsoleFS = fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}, "app-0123abcd.js": {Data: []byte("1")}}
		o.WidgetFS = fstest.MapFS{
			"loader.js": {Data: []byte("plain")}, "loader.js.gz": {Data: []byte("gzipped")}, "loader.js.br": {Data: []byte("brotli")},
			"panel-0123abcdef.js": {Data: []byte("panel")}, "1.2.0/widget.js": {Data: []byte("pinned")}, "locale/hu.json": {Data: []byte("{}")},
		}
	}
}

func TestStaticFilesAreCachedCompressedAndShared(t *testing.T) {
	w := newWorld(t, pages())
	const stale = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=86400"
	for path, cache := range map[string]string{
		"/w/loader.js": stale, "/w/panel-0123abcdef.js": "public, max-age=31536000, immutable",
		"/w/1.2.0/widget.js": "public, max-age=31536000, immutable", "/w/locale/hu.json": stale,
		"/w/panel-fedcba9876.js": "no-cache", // of another version
		"/console/":              "no-cache", "/console/app-0123abcd.js": "public, max-age=31536000, immutable",
	} {
		status, _, h := w.get(path)
		if status != 200 || h.Get("Cache-Control") != cache || h.Get("Etag") == "" {
			t.Errorf("%s: %d %q", path, status, h.Get("Cache-Control"))
		}
		if cors := h.Get("Access-Control-Allow-Origin"); (cors == "*") != strings.HasPrefix(path, "/w/") {
			t.Errorf("%s: CORS %q", path, cors)
		}
	}
	for accepted, want := range map[string][2]string{"br, gzip": {"brotli", "br"}, "gzip;q=0.5": {"gzipped", "gzip"}, "identity": {"plain", ""},
		"br;q=0, gzip": {"gzipped", "gzip"}, "br;q=0.0": {"plain", ""}} {
		b := w.browser()
		b.header.Set("Accept-Encoding", accepted)
		_, raw, h := b.raw("GET", "/w/loader.js", nil)
		if string(raw) != want[0] || h.Get("Content-Encoding") != want[1] {
			t.Errorf("%s: %q %q", accepted, raw, h.Get("Content-Encoding"))
		}
		b.header.Set("If-None-Match", h.Get("Etag"))
		if status, _, _ := b.raw("GET", "/w/loader.js", nil); status != http.StatusNotModified {
			t.Errorf("%s: %d with its own etag", accepted, status)
		}
	}
	for _, path := range []string{"/w/", "/w/nothing.js", "/w/../server.go", "/console/%2e%2e/doc.go", "/console/assets"} {
		if status, _, _ := w.get(path); status == 200 {
			t.Errorf("%s is served", path)
		}
	}
}

func TestEveryPageHasItsGuards(t *testing.T) {
	w := newWorld(t, pages(), func(o *Options) { o.PublicURL = "https://chat.example.com" })
	for _, path := range []string{"/console/", "/docs/", "/demo/", "/", "/w/loader.js", "/api/v1/setup", "/healthz", "/nothing", "/openapi.json"} {
		_, _, h := w.get(path)
		for name, want := range map[string]string{
			"Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin",
			"Strict-Transport-Security": "max-age=31536000", "X-Frame-Options": "DENY", "Permissions-Policy": "camera=()",
		} {
			if !strings.Contains(h.Get(name), want) {
				t.Errorf("%s: %s is %q", path, name, h.Get(name))
			}
		}
		csp := h.Get("Content-Security-Policy")
		for _, part := range []string{"frame-ancestors 'none'", "require-trusted-types-for 'script'", "base-uri 'none'"} {
			if !strings.Contains(csp, part) {
				t.Errorf("%s: no %s in %q", path, part, csp)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
			t.Errorf("%s: %q", path, csp)
		}
	}
	if _, _, h := w.get("/api/v1/setup"); h.Get("Cache-Control") != "no-store" {
		t.Errorf("REST answers may be cached: %q", h.Get("Cache-Control"))
	}
}

// TestOurPagesKeepTheirOwnPolicy looks for what the policy would block: inline code and styles, and other hosts.
func TestOurPagesKeepTheirOwnPolicy(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<script(?:\s+[^>]*)?>[^<]|\son[a-z]+\s*=|<style|\sstyle\s*=|(?:src|href)\s*=\s*"(?:https?:)?//|javascript:|innerHTML`)
	seen := 0
	for _, dir := range []string{"assets", "demo/shop"} {
		err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || filepath.Ext(name) == ".svg" {
				return err
			}
			text, err := os.ReadFile(filepath.Join(dir, name))
			seen++
			if found := inline.Find(text); found != nil {
				t.Errorf("%s/%s: %q", dir, name, found)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if seen < 5 {
		t.Errorf("only %d files", seen)
	}
}

func TestTheDemoIsThereOnlyWhenAskedFor(t *testing.T) {
	w := newWorld(t)
	status, body, _ := w.get("/demo/")
	if status != 200 || !strings.Contains(body, `src="/w/loader.js?site=demo" data-site="demo"`) {
		t.Errorf("%d", status)
	}
	w = newWorld(t, func(o *Options) { o.Demo = false })
	if status, _, _ := w.get("/demo/"); status != http.StatusNotFound {
		t.Errorf("without the switch: %d", status)
	}
}

func TestTheInterfaceDescribesItself(t *testing.T) {
	w := newWorld(t)
	status, body, _ := w.get("/openapi.json")
	var doc struct {
		OpenAPI string                                `json:"openapi"`
		Paths   map[string]map[string]json.RawMessage `json:"paths"`
	}
	if err := json.Unmarshal([]byte(body), &doc); err != nil || status != 200 {
		t.Fatalf("%d %v", status, err)
	}
	if !strings.HasPrefix(doc.OpenAPI, "3.1") || len(doc.Paths) != len(w.s.rest.OpenAPI().Paths) {
		t.Errorf("%s, %d paths", doc.OpenAPI, len(doc.Paths))
	}
	if strings.Contains(body, "PasswordHash") || strings.Contains(body, "session_epoch") {
		t.Error("secrets are described")
	}
	if status, body, _ := w.get("/docs/"); status != 200 || strings.Contains(body, "http://") || strings.Contains(body, "https://") {
		t.Errorf("docs: %d", status)
	}
}

func TestErrorsHaveOneBody(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	for _, c := range []struct {
		method, path, code, field string
		body                      any
		status                    int
	}{
		{"POST", "/api/v1/session", "unknown_field", "more", map[string]any{"email": "a@b", "password": "x", "more": 1}, 422},
		{"POST", "/api/v1/session", "invalid", "email", map[string]any{"email": 1, "password": "x"}, 422},
		{"POST", "/api/v1/session", "invalid", "", nil, 400},
		{"GET", "/api/v1/me", "unauthentic", "", nil, 401},
		{"GET", "/api/v1/sites/nowhere/widget", "not_found", "", nil, 404},
	} {
		status, out := b.do(c.method, c.path, c.body)
		field, _ := out["field"].(string)
		if status != c.status || out["code"] != c.code || field != c.field || out["message"] == "" {
			t.Errorf("%s %s: %d %v", c.method, c.path, status, out)
		}
	}
	status, out := b.do("GET", "/api/v1/sites/demo/widget", nil)
	if status != 200 || out["site"].(map[string]any)["name"] != "Shop" {
		t.Errorf("%d %v", status, out)
	}
}

// TestIdleSocketsAreSmall measures what one more idle visitor costs in heap and stacks, both ends of the socket and the
// hub's and the fake store's share included.
func TestIdleSocketsAreSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("measures memory")
	}
	w := newWorld(t)
	dialer := websocket.Dialer{ReadBufferSize: 128, WriteBufferSize: 128}
	grow := func(n int) {
		for range n {
			ws, _, err := dialer.Dial("ws"+strings.TrimPrefix(w.url, "http")+"/ws", nil)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { ws.Close() })
			if err := ws.WriteMessage(websocket.TextMessage, []byte(`{"type":"hello","data":{"site":"demo","token":""}}`)); err != nil {
				t.Fatal(err)
			}
			_ = ws.SetReadDeadline(time.Now().Add(patience))
			for range 3 { // welcome, opened, greeting
				if _, _, err := ws.ReadMessage(); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	used := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapInuse + m.StackInuse
	}
	grow(200)
	before, goroutines := used(), runtime.NumGoroutine()
	const n = 1000
	grow(n)
	after := used()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	stack := m.StackInuse
	each := (int64(after) - int64(before)) / n
	t.Logf("%d bytes for each idle socket, both ends, hub and store; %d of them stack", each, stack/n)
	if each > 24<<10 {
		t.Errorf("%d bytes each", each)
	}
	if more := runtime.NumGoroutine() - goroutines; more > n+n/10 {
		t.Errorf("%d goroutines for %d sockets", more, n)
	}
}
