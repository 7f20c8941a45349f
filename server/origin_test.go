package server

import (
	"net/http"
	"testing"

	"ombud/chat"
)

// TestOnlyExactOriginsPass tries forty origins on the visitor's socket of a site that lists https://shop.example.com.
func TestOnlyExactOriginsPass(t *testing.T) {
	w := newWorld(t)
	w.mem.mu.Lock()
	w.mem.sites["demo"] = chat.Site{ID: "demo", Origins: []string{shopOrigin, "http://localhost:3000"}}
	w.mem.mu.Unlock()
	allowed := []string{"", shopOrigin, "http://localhost:3000", w.url}
	refused := []string{
		"null", "http://shop.example.com", "https://shop.example.com:443", "https://shop.example.com:8443", "https://shop.example.com/",
		"https://shop.example.com.evil.example", "https://evil-shop.example.com", "https://evilshop.example.com", "https://example.com",
		"https://sub.shop.example.com", "https://shop.example.com@evil.example", "https://user@shop.example.com", "https://SHOP.example.com",
		"HTTPS://shop.example.com", "https://shop.example.com.", "https://shop.example.co", "https://shop.example.comm", "https://shopXexample.com",
		"https://shop.example.com#", "https://shop.example.com?", "https://shop.example.com%00.evil.example", "https://shop.example.com\\evil.example",
		"https://shop%2eexample.com", "//shop.example.com", "shop.example.com", "wss://shop.example.com", "file://", "chrome-extension://abcdef",
		"data:text/html,x", "https://shöp.example.com", "https://xn--shp-una.example.com", "http://127.0.0.1", "http://localhost", "http://localhost:3001",
		"https://localhost:3000", "*",
	}
	if n := len(allowed) + len(refused); n != 40 {
		t.Fatalf("%d origins", n)
	}
	for _, origin := range allowed {
		h := http.Header{}
		if origin != "" {
			h.Set("Origin", origin)
		}
		c := w.dial(h)
		c.send("hello", map[string]any{"site": "demo", "token": ""})
		if f := c.next(); f.Type != "welcome" {
			t.Errorf("%q: %s", origin, f.raw)
		}
	}
	for _, origin := range refused {
		if _, resp, err := w.tryDial(http.Header{"Origin": {origin}}); err == nil || resp == nil || resp.StatusCode != http.StatusForbidden {
			t.Errorf("%q passed: %v %v", origin, resp, err)
		}
	}
	if _, resp, err := w.tryDial(http.Header{"Origin": {shopOrigin, shopOrigin}}); err == nil || resp.StatusCode != http.StatusForbidden {
		t.Errorf("two origins passed: %v %v", resp, err)
	}
}

func TestAnOriginOfAnotherSiteIsRefusedAtHello(t *testing.T) {
	w := newWorld(t)
	c := w.dial(http.Header{"Origin": {"https://other.example.com"}})
	c.send("hello", map[string]any{"site": "demo", "token": ""})
	if f := c.next(); f.str("code") != "forbidden" {
		t.Errorf("%s", f.raw)
	}
	if code := c.closed(); code != CloseForbidden {
		t.Errorf("close code %d", code)
	}
	c = w.dial(nil)
	c.send("hello", map[string]any{"site": "nowhere", "token": ""})
	if code := c.closed(); code != CloseForbidden {
		t.Errorf("unknown site: close code %d", code)
	}
	if n := len(w.mem.visitors) + len(w.mem.convs); n != 0 {
		t.Errorf("%d rows were made", n)
	}
}

// TestAgentSocketsNeedOurOrigin is the guard against a foreign page that rides on an agent's cookie.
func TestAgentSocketsNeedOurOrigin(t *testing.T) {
	w := newWorld(t)
	w.addUser("ann", chat.GradeAgent)
	b := w.signIn("ann")
	for origin, want := range map[string]int{"": CloseForbidden, shopOrigin: CloseForbidden} {
		h := b.cookie()
		h.Del("Origin")
		if origin != "" {
			h.Set("Origin", origin)
		}
		c := w.dial(h)
		c.send("hello", map[string]any{"token": ""})
		if code := c.closed(); code != want {
			t.Errorf("cookie with origin %q: close code %d", origin, code)
		}
	}
	c := w.dial(http.Header{"Origin": {w.url}})
	c.send("hello", map[string]any{"token": ""})
	if code := c.closed(); code != CloseUnauthentic {
		t.Errorf("no cookie: close code %d", code)
	}
	c = w.dial(http.Header{"Origin": {shopOrigin}})
	c.send("hello", map[string]any{"token": w.addKey("ann")})
	if code := c.closed(); code != CloseForbidden {
		t.Errorf("API token from a foreign page: close code %d", code)
	}
	c = w.dial(nil)
	c.send("hello", map[string]any{"token": NewToken()})
	if code := c.closed(); code != CloseUnauthentic {
		t.Errorf("unknown API token: close code %d", code)
	}
	w.agent("ann") // and the right one passes
}

// TestMutatingRoutesRefuseOtherSites holds every mutating route against requests that a foreign page makes.
func TestMutatingRoutesRefuseOtherSites(t *testing.T) {
	w := newWorld(t)
	w.addUser("root", chat.GradeAdmin)
	b := w.signIn("root")
	n := 0
	for path, item := range w.s.rest.OpenAPI().Paths {
		for method, op := range map[string]any{"POST": item.Post, "PUT": item.Put, "DELETE": item.Delete, "PATCH": item.Patch} {
			if isNil(op) {
				continue
			}
			n++
			for _, h := range []http.Header{{"Origin": {"https://evil.example"}}, {"Sec-Fetch-Site": {"cross-site"}}, {"Sec-Fetch-Site": {"same-site"}}, {"Origin": {"null"}}} {
				b.header = h
				if status, out := b.do(method, path, map[string]any{}); status != http.StatusForbidden || out["code"] != "forbidden" {
					t.Errorf("%s %s with %v: %d %v", method, path, h, status, out)
				}
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d mutating routes", n)
	}
}

func TestOriginsAreStoredAsBrowsersSpellThem(t *testing.T) {
	for in, want := range map[string]string{
		"https://Shop.Example.com": shopOrigin, "https://shop.example.com/": shopOrigin, "https://shop.example.com:443": shopOrigin,
		" http://localhost:80 ": "http://localhost", "http://[::1]:8080": "http://[::1]:8080",
		"https://*.example.com": "", "shop.example.com": "", "https://shop.example.com/path": "", "ftp://x": "", "https://u@x": "", "null": "", "": "",
		"https://shöp.example.com": "", "https://x?y": "", "javascript:alert(1)": "",
	} {
		got, err := exactOrigin(in)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %q %v, want %q", in, got, err, want)
		}
	}
}
