package server

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"

	"ombud/chat"
)

// TestASitesLookComesWithItsLoader saves a look and fetches the loader as a page does.
func TestASitesLookComesWithItsLoader(t *testing.T) {
	w, _ := newOffice(t, func(o *Options) {
		o.WidgetFS = fstest.MapFS{"loader.js": {Data: []byte("start()")}, "panel.js": {Data: []byte("panel")}}
	})
	w.addUser("root", chat.GradeAdmin)
	b := w.signIn("root")
	palette := map[string]any{"accent": "#5b2a86", "hover": "#47206a", "on_accent": "#ffffff", "soft": "#f1e8f8", "on_soft": "#4a2070"}
	save := func(look any) (int, map[string]any) {
		return b.do("PUT", "/api/v1/sites/demo", map[string]any{"name": "Demo", "origins": []string{}, "look": look})
	}
	if status, out := save(map[string]any{"position": "left", "light": palette, "dark": map[string]any{"accent": "red", "hover": "", "on_accent": "", "soft": "", "on_soft": ""}}); status != 422 || out["field"] != "look.dark.accent" {
		t.Errorf("a name of a colour: %d %v", status, out)
	}
	if status, out := save(map[string]any{"position": "left", "light": palette, "dark": palette}); status != 200 || out["settings"].(map[string]any)["look"] == nil {
		t.Fatalf("%d %v", status, out)
	}
	fetch := func(path string) (string, http.Header) {
		status, body, h := b.raw("GET", path, nil)
		if status != 200 {
			t.Fatalf("%s: %d", path, status)
		}
		return string(body), h
	}
	body, h := fetch("/w/loader.js?site=demo")
	if !strings.Contains(body, `{"position":"left"}`) || !strings.Contains(body, "--ombud-accent:light-dark(#5b2a86,#5b2a86)") || !strings.HasSuffix(body, "start()") {
		t.Errorf("%s", body)
	}
	if h.Get("Content-Type") != "text/javascript; charset=utf-8" || !strings.HasPrefix(h.Get("Cache-Control"), "public, max-age=300, stale-while-revalidate=86400") || h.Get("Access-Control-Allow-Origin") != "*" {
		t.Errorf("%v", h)
	}
	for _, path := range []string{"/w/loader.js", "/w/loader.js?site=nobody", "/w/panel.js?site=demo"} {
		if body, _ := fetch(path); strings.Contains(body, "position") {
			t.Errorf("%s: %s", path, body)
		}
	}
	// What is left out of a change stays, and {} takes the look away.
	if status, out := b.do("PUT", "/api/v1/sites/demo", map[string]any{"name": "Other", "origins": []string{}}); status != 200 || out["settings"].(map[string]any)["look"] == nil {
		t.Errorf("%d %v", status, out)
	}
	if status, out := save(map[string]any{}); status != 200 || out["settings"].(map[string]any)["look"] != nil {
		t.Errorf("%d %v", status, out)
	}
	if body, _ := fetch("/w/loader.js?site=demo"); body != "start()" {
		t.Errorf("%s", body)
	}
}
