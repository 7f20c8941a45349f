package server

import (
	"net/http"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"ombud/chat"
)

// asAdmin gives a browser that acts as an administrator.
func (w *world) asAdmin() *browser {
	w.addUser("root", chat.GradeAdmin)
	b := w.browser()
	b.header = http.Header{"Authorization": {"Bearer " + w.addKey("root")}}
	return b
}

func joinToken(t *testing.T, url any) string {
	t.Helper()
	base, token, ok := strings.Cut(url.(string), "/console/#/join/")
	if !ok || base != "https://chat.example.com" {
		t.Fatalf("the link is %v", url)
	}
	return token
}

func TestAnInvitationLetsOneChooseAPasswordOnce(t *testing.T) {
	post := &letters{}
	clock := time.Now().UTC()
	w, _ := newOffice(t, func(o *Options) { o.Mail, o.Now = post, func() time.Time { return clock } })
	admin := w.asAdmin()
	w.addUser("ann", chat.GradeAgent, func(u *chat.User) { u.PasswordHash, u.Languages = "", []string{"hu"} })
	ask := map[string]any{"base": "https://chat.example.com", "mail": true}
	_, first := admin.do("POST", "/api/v1/users/ann/invite", ask)
	status, out := admin.do("POST", "/api/v1/users/ann/invite", ask)
	if status != 200 || out["mailed"] != true || len(post.sent) != 2 {
		t.Fatal(status, out, post.sent)
	}
	if m := post.sent[1]; m.To != "ann@example.com" || !strings.Contains(m.Text, out["url"].(string)) || !strings.HasPrefix(m.Text, "Kedves Name of ann!") {
		t.Errorf("%+v", m)
	}
	if at, err := time.Parse(time.RFC3339, out["expires_at"].(string)); err != nil || at.Sub(clock).Round(time.Minute) != inviteLife {
		t.Errorf("it holds until %v", out["expires_at"])
	}
	token := joinToken(t, out["url"])
	b := w.browser()
	choose := func(token, word string) int {
		status, _ := b.do("POST", "/api/v1/session/password", map[string]any{"token": token, "password": word})
		return status
	}
	if got := choose(joinToken(t, first["url"]), secret); got != 403 {
		t.Errorf("the link before it still works: %d", got)
	}
	if got := choose(token, "short"); got != 422 {
		t.Errorf("a short password: %d", got)
	}
	if got := choose(token, secret); got != 200 {
		t.Fatalf("a short one cost the link: %d", got)
	}
	if status, out := b.do("GET", "/api/v1/me", nil); status != 200 || out["id"] != "ann" {
		t.Errorf("not signed in: %d %v", status, out)
	}
	if got := choose(token, secret); got != 403 {
		t.Errorf("it works twice: %d", got)
	}
	if status, _ := w.browser().do("POST", "/api/v1/session", map[string]any{"email": "ann@example.com", "password": secret}); status != 200 {
		t.Errorf("the password does not hold: %d", status)
	}
}

func TestALinkForANewPasswordEndsOldSessions(t *testing.T) {
	clock := time.Now().UTC()
	w, _ := newOffice(t, func(o *Options) { o.Now = func() time.Time { return clock } })
	admin := w.asAdmin()
	w.addUser("ann", chat.GradeAgent)
	old := w.browser()
	old.do("POST", "/api/v1/session", map[string]any{"email": "ann@example.com", "password": secret})
	ask := map[string]any{"base": "https://chat.example.com", "mail": true}
	_, out := admin.do("POST", "/api/v1/users/ann/invite", ask)
	if out["mailed"] != false || out["why"] == nil {
		t.Errorf("mail is off, and it says %v", out)
	}
	b := w.browser()
	if status, _ := b.do("POST", "/api/v1/session/password", map[string]any{"token": joinToken(t, out["url"]), "password": "another long password"}); status != 200 {
		t.Fatal(status)
	}
	if status, _ := old.do("GET", "/api/v1/me", nil); status != 401 {
		t.Errorf("the old session lives on: %d", status)
	}
	_, out = admin.do("POST", "/api/v1/users/ann/invite", ask)
	clock = clock.Add(resetLife + time.Second)
	if status, _ := b.do("POST", "/api/v1/session/password", map[string]any{"token": joinToken(t, out["url"]), "password": secret}); status != 403 {
		t.Errorf("a day later it still works: %d", status)
	}
	w.mem.mu.Lock()
	u := w.mem.users["ann"]
	u.Disabled = true
	w.mem.users["ann"] = u
	w.mem.mu.Unlock()
	if status, _ := admin.do("POST", "/api/v1/users/ann/invite", ask); status != 422 {
		t.Errorf("a disabled account is invited: %d", status)
	}
}

func TestATokenActsForSomebodyUntilItIsRevoked(t *testing.T) {
	w, _ := newOffice(t)
	admin := w.asAdmin()
	w.addUser("ann", chat.GradeAgent)
	w.addUser("bea", chat.GradeAgent)
	status, out := admin.do("POST", "/api/v1/users/ann/tokens", map[string]any{"name": "the shop's robot"})
	if status != 200 {
		t.Fatal(status, out)
	}
	robot := w.browser()
	robot.header = http.Header{"Authorization": {"Bearer " + out["token"].(string)}}
	if status, me := robot.do("GET", "/api/v1/me", nil); status != 200 || me["id"] != "ann" {
		t.Fatal(status, me)
	}
	id := out["made"].(map[string]any)["id"].(string)
	_, raw, _ := admin.raw("GET", "/api/v1/users/ann/tokens", nil)
	if !strings.Contains(string(raw), id) || strings.Contains(string(raw), out["token"].(string)) || strings.Contains(string(raw), HashToken(out["token"].(string))) {
		t.Errorf("the list shows %s", raw)
	}
	if status, _ := admin.do("DELETE", "/api/v1/users/bea/tokens/"+id, nil); status != 404 {
		t.Errorf("it is revoked as somebody else's: %d", status)
	}
	if status, _ := admin.do("DELETE", "/api/v1/users/ann/tokens/"+id, nil); status != 204 {
		t.Errorf("revoke: %d", status)
	}
	if status, _ := robot.do("GET", "/api/v1/me", nil); status != 401 {
		t.Errorf("it still acts: %d", status)
	}
}

func TestWhereTheWidgetIsSeen(t *testing.T) {
	w, o := newOffice(t)
	admin := w.asAdmin()
	c := w.dial(http.Header{"Origin": {shopOrigin}})
	c.send("hello", map[string]any{"site": "demo"})
	c.await("welcome")
	d := w.dial(http.Header{"Origin": {"https://other.example.com"}})
	d.send("hello", map[string]any{"site": "demo"})
	if code := d.closed(); code != CloseForbidden {
		t.Errorf("closed with %d", code)
	}
	<-o.saw
	<-o.saw
	_, raw, _ := admin.raw("GET", "/api/v1/sites/demo/sightings", nil)
	for _, want := range []string{`"origin":"` + shopOrigin + `","kind":"opened"`, `"origin":"https://other.example.com","kind":"refused"`} {
		if !strings.Contains(string(raw), want) {
			t.Errorf("%s misses %s", raw, want)
		}
	}
}

func TestAnAddressThatNoSiteListsIsSeenWhereThereIsOneSite(t *testing.T) {
	w, o := newOffice(t)
	w.mem.mu.Lock()
	delete(w.mem.sites, "other")
	w.mem.mu.Unlock()
	w.s.sites.forget()
	for _, origin := range []string{"https://www.shop.example.com", "https://made-up.example"} {
		if _, resp, err := w.tryDial(http.Header{"Origin": {origin}}); err == nil || resp.StatusCode != 403 {
			t.Fatalf("%s: %v", origin, err)
		}
	}
	<-o.saw
	if all, _ := o.Sightings(t.Context(), "demo"); len(all) != 1 || all[0].Origin != "https://www.shop.example.com" || all[0].Kind != chat.SightingRefused {
		t.Errorf("%+v", all)
	}
}

func TestAPageThatLoadsTheWidgetIsSeen(t *testing.T) {
	w, o := newOffice(t, func(o *Options) { o.WidgetFS = fstest.MapFS{"loader.js": {Data: []byte("1")}} })
	for _, from := range []string{"https://stranger.example/", "", shopOrigin + "/cart?x=1", shopOrigin + "/again"} {
		b := w.browser()
		b.header = http.Header{"Referer": {from}}
		if status, _, _ := b.raw("GET", "/w/loader.js", nil); status != 200 {
			t.Fatal(status)
		}
	}
	<-o.saw
	if all, _ := o.Sightings(t.Context(), "demo"); len(all) != 1 || all[0].Origin != shopOrigin || all[0].Kind != chat.SightingLoaded {
		t.Errorf("%+v", all)
	}
}
