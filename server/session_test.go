package server

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ombud/chat"
	"ombud/server/password"
)

// TestSessionEndsCloseSocketsOnAllNodes ends sessions in every way, on one node, and looks at sockets on both.
func TestSessionEndsCloseSocketsOnAllNodes(t *testing.T) {
	mem, net := newMemory(), &wire{}
	one, two := newNode(t, mem, net), newNode(t, mem, net)
	one.addUser("root", chat.GradeAdmin)
	root := one.signIn("root")
	fields := func(disabled bool) map[string]any {
		return map[string]any{"name": "Ann", "email": "ann@example.com", "grade": "agent", "level": 1, "disabled": disabled}
	}
	for name, end := range map[string]func(b *browser) int{
		"sign-out": func(b *browser) int { status, _ := b.do("DELETE", "/api/v1/session", nil); return status },
		"disabled": func(*browser) int { status, _ := root.do("PUT", "/api/v1/users/ann", fields(true)); return status },
		"password": func(b *browser) int {
			status, _ := b.do("POST", "/api/v1/me/password", map[string]any{"old": secret, "new": secret + "!"})
			return status
		},
	} {
		one.addUser("ann", chat.GradeAgent)
		one.addUser("bob", chat.GradeAgent)
		b := one.signIn("ann")
		var sockets []*socket
		for _, w := range []*world{one, two} {
			h := b.cookie()
			h.Set("Origin", w.url)
			c := w.dial(h)
			c.send("hello", map[string]any{"token": ""})
			c.await("welcome")
			sockets = append(sockets, c)
		}
		bob := two.agent("bob")
		if status := end(b); status/100 != 2 {
			t.Fatalf("%s: status %d", name, status)
		}
		begin := time.Now()
		for i, c := range sockets {
			if code := c.closed(); code != CloseSignedOut {
				t.Errorf("%s: node %d: close code %d", name, i+1, code)
			}
		}
		if took := time.Since(begin); took > 2*time.Second {
			t.Errorf("%s: took %v", name, took)
		}
		bob.send("ping", map[string]any{})
		bob.await("pong") // nobody else is touched
		if name != "password" {
			if status, _ := b.do("GET", "/api/v1/me", nil); status != http.StatusUnauthorized {
				t.Errorf("%s: me: %d", name, status)
			}
		} else if status, _ := b.do("GET", "/api/v1/me", nil); status != 200 {
			t.Errorf("the session that changed the password is kept: %d", status)
		}
	}
}

// TestLostHintsAreMadeGood revokes an API token behind the server's back.
func TestLostHintsAreMadeGood(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.Recheck = 20 * time.Millisecond })
	w.addUser("ann", chat.GradeAgent)
	c := w.agent("ann")
	w.mem.mu.Lock()
	clear(w.mem.tokens)
	w.mem.mu.Unlock()
	if code := c.closed(); code != CloseSignedOut {
		t.Errorf("close code %d", code)
	}
}

// TestAPasswordChangeEndsTheOtherSessions is for whoever stole one of them.
func TestAPasswordChangeEndsTheOtherSessions(t *testing.T) {
	w := newWorld(t)
	w.addUser("ann", chat.GradeAgent)
	mine, stolen := w.signIn("ann"), w.signIn("ann")
	if status, _ := mine.do("POST", "/api/v1/me/password", map[string]any{"old": "not the password", "new": secret + "!"}); status != http.StatusUnprocessableEntity {
		t.Errorf("with a wrong old password: %d", status)
	}
	if status, _ := mine.do("POST", "/api/v1/me/password", map[string]any{"old": secret, "new": secret + "!"}); status != 200 {
		t.Fatalf("change: %d", status)
	}
	if status, _ := stolen.do("GET", "/api/v1/me", nil); status != http.StatusUnauthorized {
		t.Errorf("the other session lives on: %d", status)
	}
	if status, _ := mine.do("GET", "/api/v1/me", nil); status != 200 {
		t.Errorf("the own session ended: %d", status)
	}
}

func TestSignInTellsNothingAboutAccounts(t *testing.T) {
	w := newWorld(t)
	w.addUser("ann", chat.GradeAgent)
	w.addUser("off", chat.GradeAgent, func(u *chat.User) { u.Disabled = true })
	w.addUser("new", chat.GradeAgent, func(u *chat.User) { u.PasswordHash = "" })
	b := w.browser()
	var first string
	for _, email := range []string{"ann@example.com", "nobody@example.com", "off@example.com", "new@example.com"} {
		for _, word := range []string{"wrong password!", ""} {
			status, raw, h := b.raw("POST", "/api/v1/session", map[string]any{"email": email, "password": word})
			if first == "" {
				first = string(raw)
			}
			if status != http.StatusUnauthorized || string(raw) != first || h.Get("Set-Cookie") != "" {
				t.Errorf("%s: %d %s %q", email, status, raw, h.Get("Set-Cookie"))
			}
		}
	}
	if status, _ := b.do("POST", "/api/v1/session", map[string]any{"email": "off@example.com", "password": secret}); status != http.StatusUnauthorized {
		t.Errorf("a disabled account signed in: %d", status)
	}
	if status, _ := b.do("POST", "/api/v1/session", map[string]any{"email": " ANN@example.com", "password": secret}); status != 200 {
		t.Errorf("spelling of the address matters: %d", status)
	}
}

func TestUnknownAccountsTakeAsLong(t *testing.T) {
	h := password.NewHasher(2)
	hash := must(h.Hash(context.Background(), secret))
	fastest := func(hash string) time.Duration {
		least := time.Hour
		for range 5 {
			begin := time.Now()
			if ok, err := h.Verify(context.Background(), hash, "wrong password!"); ok || err != nil {
				t.Fatalf("%v %v", ok, err)
			}
			least = min(least, time.Since(begin))
		}
		return least
	}
	known, unknown := fastest(hash), fastest("")
	if ratio := float64(unknown) / float64(known); ratio < 0.5 || ratio > 2 {
		t.Errorf("known %v, unknown %v", known, unknown)
	}
}

func TestGuessingIsSlowedDown(t *testing.T) {
	w := newWorld(t)
	w.addUser("ann", chat.GradeAgent)
	b := w.browser()
	b.header.Set("X-Forwarded-For", "203.0.113.7")
	limited := 0
	for range 1000 {
		status, raw, h := b.raw("POST", "/api/v1/session", map[string]any{"email": "ann@example.com", "password": "wrong password!"})
		if status == http.StatusTooManyRequests {
			limited++
			if h.Get("Retry-After") == "" || !strings.Contains(string(raw), "rate_limited") {
				t.Fatalf("%s %v", raw, h)
			}
		}
	}
	if limited < 980 {
		t.Errorf("%d of 1000 tries were stopped", limited)
	}
	if status, _ := b.do("POST", "/api/v1/session", map[string]any{"email": "ann@example.com", "password": secret}); status != http.StatusTooManyRequests {
		t.Errorf("the right password passed while paused: %d", status)
	}
	w.signIn("ann") // from another address the account is not locked
}

func TestGuessesArePausedTwiceAsLongEachTime(t *testing.T) {
	now := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
	g := newGuesses(func() time.Time { return now })
	pauses := []time.Duration{}
	for range 20 {
		err := g.allowed("a", "ip")
		if slow, ok := err.(*slowDown); ok {
			pauses = append(pauses, slow.wait)
			now = now.Add(slow.wait)
			err = g.allowed("a", "ip")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, p := range pauses {
		if want := min(longestPause, firstPause<<i); p != want {
			t.Errorf("pause %d: %v, want %v", i, p, want)
		}
	}
	if len(pauses) != 15 {
		t.Errorf("%d pauses", len(pauses))
	}
	now = now.Add(2 * forgetGuesses)
	if err := g.allowed("a", "ip"); err != nil {
		t.Errorf("not forgotten: %v", err)
	}
	g.right("a", "ip")
	for i := range 3 * mostGuessers {
		_ = g.allowed(string(rune(i)), string(rune(i/7)))
	}
	if len(g.all) > mostGuessers {
		t.Errorf("%d entries", len(g.all))
	}
}

// TestOneOfAHundredSetUpsWins also holds that a mistake does not cost the link, and that a second set-up is refused.
func TestOneOfAHundredSetUpsWins(t *testing.T) {
	w := newWorld(t)
	path := must(NewLink(context.Background(), w.mem, chat.LinkSetup, "", time.Now()))
	token := strings.TrimPrefix(path, "/console/#/setup/")
	body := func(change ...string) map[string]any {
		m := map[string]any{"token": token, "name": "Root", "email": "root@example.com", "password": secret, "origin": shopOrigin}
		for i := 0; i < len(change); i += 2 {
			m[change[i]] = change[i+1]
		}
		return m
	}
	b := w.browser()
	if _, out := b.do("GET", "/api/v1/setup", nil); out["needed"] != true {
		t.Fatalf("%v", out)
	}
	for field, bad := range map[string]string{"password": "short", "email": "nobody", "origin": "https://*.example.com", "name": " "} {
		if status, out := b.do("POST", "/api/v1/setup", body(field, bad)); status != http.StatusUnprocessableEntity || out["field"] != field {
			t.Errorf("bad %s: %d %v", field, status, out)
		}
	}
	stale := must(NewLink(context.Background(), w.mem, chat.LinkSetup, "", time.Now().Add(-LinkLife)))
	for name, bad := range map[string]string{"wrong token": NewToken(), "token of a quarter of an hour ago": strings.TrimPrefix(stale, "/console/#/setup/")} {
		if status, _ := b.do("POST", "/api/v1/setup", body("token", bad)); status != http.StatusForbidden {
			t.Errorf("%s: %d", name, status)
		}
	}
	var won, lost atomic.Int32
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			b := w.browser()
			b.header.Set("X-Forwarded-For", "203.0.113."+string(rune('0'+i%10)))
			switch status, _ := b.do("POST", "/api/v1/setup", body()); status {
			case 200:
				won.Add(1)
			case http.StatusForbidden, http.StatusTooManyRequests:
				lost.Add(1)
			default:
				t.Errorf("status %d", status)
			}
		})
	}
	all.Wait()
	if won.Load() != 1 || lost.Load() != 99 || len(w.mem.users) != 1 {
		t.Errorf("%d won, %d lost, %d users", won.Load(), lost.Load(), len(w.mem.users))
	}
	if site := w.mem.sites[FirstSite]; len(site.Origins) != 1 || site.Origins[0] != shopOrigin || site.Name != strings.TrimPrefix(shopOrigin, "https://") {
		t.Errorf("site %+v", site)
	}
	if _, out := b.do("GET", "/api/v1/setup", nil); out["needed"] != false {
		t.Errorf("%v", out)
	}
	path = must(NewLink(context.Background(), w.mem, chat.LinkSetup, "", time.Now()))
	token = strings.TrimPrefix(path, "/console/#/setup/")
	if status, _ := w.browser().do("POST", "/api/v1/setup", body("email", "second@example.com")); status == 200 {
		t.Error("a second set-up passed")
	}
}

func TestSetUpIsForThisMachineOnly(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.RemoteSetup = false })
	path := must(NewLink(context.Background(), w.mem, chat.LinkSetup, "", time.Now()))
	body := map[string]any{"token": strings.TrimPrefix(path, "/console/#/setup/"), "name": "Root", "email": "root@example.com", "password": secret}
	b := w.browser()
	b.header.Set("X-Forwarded-For", "203.0.113.7")
	if status, _ := b.do("POST", "/api/v1/setup", body); status != http.StatusForbidden {
		t.Errorf("from elsewhere: %d", status)
	}
	b.header.Del("X-Forwarded-For")
	if status, out := b.do("POST", "/api/v1/setup", body); status != 200 {
		t.Errorf("from here: %d %v", status, out)
	}
}

func TestSignInLinksWorkOnceAndNotForLong(t *testing.T) {
	w := newWorld(t)
	w.addUser("ann", chat.GradeAgent)
	use := func(path string) int {
		status, _ := w.browser().do("POST", "/api/v1/session/link", map[string]any{"token": strings.TrimPrefix(path, "/console/#/link/")})
		return status
	}
	path := must(NewLink(context.Background(), w.mem, chat.LinkSignin, "ann", time.Now()))
	if first, second := use(path), use(path); first != 200 || second != http.StatusForbidden {
		t.Errorf("first %d, second %d", first, second)
	}
	if status := use(must(NewLink(context.Background(), w.mem, chat.LinkSignin, "ann", time.Now().Add(-LinkLife)))); status != http.StatusForbidden {
		t.Errorf("stale link: %d", status)
	}
	if status := use(must(NewLink(context.Background(), w.mem, chat.LinkSetup, "", time.Now()))); status != http.StatusForbidden {
		t.Errorf("a set-up link signed in: %d", status)
	}
}

func TestCookieIsGuarded(t *testing.T) {
	for public, want := range map[string][]string{
		"":                         {"ombud=", "HttpOnly", "SameSite=Lax", "Path=/"},
		"https://chat.example.com": {"__Host-ombud=", "HttpOnly", "SameSite=Lax", "Path=/", "Secure"},
	} {
		w := newWorld(t, func(o *Options) { o.PublicURL = public })
		w.addUser("ann", chat.GradeAgent)
		b := w.browser()
		b.header.Del("Origin")
		_, _, h := b.raw("POST", "/api/v1/session", map[string]any{"email": "ann@example.com", "password": secret})
		for _, part := range want {
			if !strings.Contains(h.Get("Set-Cookie"), part) {
				t.Errorf("%q: no %s in %q", public, part, h.Get("Set-Cookie"))
			}
		}
		if (public == "") == strings.Contains(h.Get("Set-Cookie"), "Secure") || strings.Contains(h.Get("Set-Cookie"), "Domain") {
			t.Errorf("%q: %q", public, h.Get("Set-Cookie"))
		}
	}
}

func TestHashingIsBounded(t *testing.T) {
	h := password.NewHasher(1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	running := make(chan struct{})
	go func() {
		close(running)
		_, _ = h.Hash(context.Background(), secret)
	}()
	<-running
	seen := false
	for range 50 { // while another password is hashed, one whose caller has left is not
		_, err := h.Hash(ctx, secret)
		seen = seen || err == context.Canceled
	}
	if !seen {
		t.Error("a caller who had left was served")
	}
	if _, err := h.Hash(context.Background(), "too short"); err != password.ErrLength {
		t.Errorf("%v", err)
	}
	if _, err := h.Verify(context.Background(), "$2a$10$something", secret); err != password.ErrFormat {
		t.Errorf("%v", err)
	}
	hash := must(h.Hash(context.Background(), secret))
	if ok, err := h.Verify(context.Background(), hash, secret); !ok || err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("%v %v %s", ok, err, hash)
	}
	long := strings.Repeat("a", password.MostBytes)
	hash = must(h.Hash(context.Background(), long))
	if ok, _ := h.Verify(context.Background(), hash, long+"b"); ok {
		t.Error("what follows the limit was ignored")
	}
}
