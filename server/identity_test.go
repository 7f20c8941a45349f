package server

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"ombud/chat"
)

func jwtOf(t *testing.T, key, sub, name string, change jwt.MapClaims) string {
	t.Helper()
	c := jwt.MapClaims{"sub": sub, "exp": time.Now().Add(10 * time.Minute).Unix(), "site": "demo", "name": name, "email": sub + "@example.com", "attributes": map[string]string{"plan": "gold"}}
	for k, v := range change {
		c[k] = v
	}
	return must(jwt.NewWithClaims(jwt.SigningMethodHS256, c).SignedString([]byte(key)))
}

// hello dials and says hello to the site demo.
func (w *world) hello(data map[string]any) (*socket, anyFrame) {
	w.t.Helper()
	c := w.dial(nil)
	data["site"] = "demo"
	c.send("hello", data)
	return c, c.await("welcome")
}

// keyed gives a world with an admin's browser and a key of the site demo.
func withKey(t *testing.T) (*world, *browser, string) {
	w := newWorld(t)
	w.addUser("root", chat.GradeAdmin)
	b := w.signIn("root")
	status, out := b.do("POST", "/api/v1/sites/demo/keys", nil)
	key, _ := out["key"].(string)
	if status != 200 || len(key) != 43 {
		t.Fatalf("%d %v", status, out)
	}
	return w, b, key
}

func TestWhomTheSiteVouchesForIsOnePersonOnEveryDevice(t *testing.T) {
	w, _, key := withKey(t)
	_, anonymous := w.visitor("", 0)
	ada := jwtOf(t, key, "ada", "Ada", nil)
	_, phone := w.hello(map[string]any{"token": anonymous.str("token"), "identity": ada})
	if phone.str("conversation") == anonymous.str("conversation") || phone.str("token") == "" {
		t.Errorf("what was written before, by whomever, became Ada's: %s", phone.raw)
	}
	_, back := w.visitor(anonymous.str("token"), 0)
	if back.str("conversation") != anonymous.str("conversation") {
		t.Errorf("the unverified conversation is gone: %s", back.raw)
	}
	_, laptop := w.hello(map[string]any{"token": "", "identity": ada})
	if laptop.str("conversation") != phone.str("conversation") || laptop.str("token") == "" || laptop.str("token") == phone.str("token") {
		t.Errorf("the second device: %s", laptop.raw)
	}
	for _, token := range []string{phone.str("token"), laptop.str("token")} {
		_, again := w.hello(map[string]any{"token": token, "identity": ada})
		if again.str("conversation") != phone.str("conversation") || again.str("token") != "" {
			t.Errorf("back on a device: %s", again.raw)
		}
	}
	_, bea := w.hello(map[string]any{"token": laptop.str("token"), "identity": jwtOf(t, key, "bea", "Bea", nil)})
	if bea.str("conversation") == phone.str("conversation") || bea.str("token") == "" {
		t.Errorf("Bea at Ada's laptop sees Ada's chat: %s", bea.raw)
	}
	verified := 0
	for _, v := range w.mem.everybody() {
		if v.Verified {
			verified++
		}
	}
	if verified != 2 {
		t.Errorf("%d verified visitors", verified)
	}
}

func TestAnIdentityThatIsNoneIsToldAndDoesNotCount(t *testing.T) {
	w, b, key := withKey(t)
	wrong := "x" + key[1:]
	if wrong == key {
		wrong = "y" + key[1:]
	}
	for name, text := range map[string]string{
		"wrong key": jwtOf(t, wrong, "ada", "Ada", nil), "expired": jwtOf(t, key, "ada", "Ada", jwt.MapClaims{"exp": time.Now().Add(-time.Hour).Unix()}),
		"another site": jwtOf(t, key, "ada", "Ada", jwt.MapClaims{"site": "other"}), "a name with tricks": jwtOf(t, key, "ada", "Ada\u202eevE", nil), "garbage": "a.b.c",
	} {
		c, welcome := w.hello(map[string]any{"identity": text})
		e := c.await("error")
		if e.str("field") != "identity" || welcome.str("token") == "" {
			t.Errorf("%s: %s", name, e.raw)
		}
	}
	for _, v := range w.mem.everybody() {
		if v.Verified || v.Subject != "" {
			t.Errorf("%+v", v)
		}
	}
	if status, out := b.do("PUT", "/api/v1/sites/demo", map[string]any{"name": "Shop", "origins": []string{shopOrigin}, "enforce": true}); status != 200 {
		t.Fatalf("%d %v", status, out)
	}
	for _, text := range []string{"", "a.b.c", jwtOf(t, wrong, "ada", "Ada", nil)} {
		c := w.dial(nil)
		c.send("hello", map[string]any{"site": "demo", "identity": text})
		if e := c.await("error"); e.str("code") != "unauthentic" {
			t.Errorf("enforced: %s", e.raw)
		}
		if code := c.closed(); code != CloseUnauthentic {
			t.Errorf("enforced: closed with %d", code)
		}
	}
	w.hello(map[string]any{"identity": jwtOf(t, key, "ada", "Ada", nil)})
}

func TestKeysAreRotated(t *testing.T) {
	w, b, first := withKey(t)
	come := func(key string) bool {
		c, _ := w.hello(map[string]any{"identity": jwtOf(t, key, "ada", "Ada", nil)})
		c.send("ping", map[string]any{"id": "p"})
		all := c.until("pong", func(f anyFrame) bool { return f.Type == "pong" })
		for _, f := range all {
			if f.Type == "error" {
				return false
			}
		}
		return true
	}
	_, out := b.do("POST", "/api/v1/sites/demo/keys", nil)
	second, _ := out["key"].(string)
	if !come(first) || !come(second) {
		t.Error("two keys are not both good")
	}
	_, out = b.do("POST", "/api/v1/sites/demo/keys", nil)
	third, _ := out["key"].(string)
	if come(first) || !come(second) || !come(third) {
		t.Error("the third key did not push out the first")
	}
	if status, out := b.do("DELETE", "/api/v1/sites/demo/keys/"+fingerprint(second), nil); status != 200 {
		t.Errorf("%d %v", status, out)
	}
	if come(second) || !come(third) {
		t.Error("a removed key is still good")
	}
	b.do("PUT", "/api/v1/sites/demo", map[string]any{"name": "Shop", "origins": []string{shopOrigin}, "enforce": true})
	if status, _ := b.do("DELETE", "/api/v1/sites/demo/keys/"+fingerprint(third), nil); status != 422 {
		t.Errorf("the last key of a site that enforces: %d", status)
	}
	_, raw, _ := b.raw("GET", "/api/v1/sites", nil)
	for _, secret := range []string{first, second, third} {
		if strings.Contains(string(raw), secret) {
			t.Error("a key is shown twice")
		}
	}
	for _, e := range w.mem.audit {
		if strings.Contains(string(e.Detail), third) {
			t.Error("the audit log holds a key")
		}
	}
}

func TestWhatThePageSaysIsShownAsUnverified(t *testing.T) {
	w, b, key := withKey(t)
	_, welcome := w.hello(map[string]any{"identity": jwtOf(t, key, "ada", "Ada", nil), "attributes": map[string]string{"cart": "3 items", "plan": "platinum"}})
	conv := w.mem.conv(welcome.str("conversation"))
	_, out := b.do("GET", "/api/v1/visitors/"+conv.Visitor, nil)
	attrs, _ := out["attrs"].(map[string]any)
	said, _ := out["unverified"].(map[string]any)
	if out["verified"] != true || out["name"] != "Ada" || attrs["plan"] != "gold" || attrs["cart"] != nil || said["plan"] != "platinum" || said["cart"] != "3 items" {
		t.Errorf("%v", out)
	}
	told := func() int { // the welcome comes before it
		_, raw, _ := b.raw("GET", "/api/v1/conversations/"+conv.ID+"/events", nil)
		return strings.Count(string(raw), `"kind":"visitor_identified"`)
	}
	eventually(t, "the agents are told", func() bool { return told() > 0 })
	if n := told(); n != 1 {
		t.Errorf("told %d times", n)
	}
}

// Two tabs of one visitor each tell a part, having come before the other told anything.
func TestTwoTabsTellOneVisitor(t *testing.T) {
	w, b, _ := withKey(t)
	b.do("PUT", "/api/v1/sites/demo", map[string]any{"name": "Shop", "origins": []string{shopOrigin}, "ask": []string{"email", "name"}})
	one, welcome := w.hello(map[string]any{})
	other, _ := w.hello(map[string]any{"token": welcome.str("token")})
	one.send("introduce", map[string]any{"id": "a", "name": "Ada"})
	one.answer("a")
	other.send("introduce", map[string]any{"id": "b", "email": "ada@example.com"})
	other.answer("b")
	v := w.mem.everybody()[0]
	if v.Name != "Ada" || v.Email != "ada@example.com" {
		t.Errorf("%+v", v)
	}
	if last := w.lastTold(welcome.str("conversation")); last.Name != "Ada" || last.Email != "ada@example.com" {
		t.Errorf("the agents were told %+v", last)
	}
}

// lastTold gives what the agents of a conversation were told last of who the visitor is.
func (w *world) lastTold(conversation string) (i chat.Identified) {
	w.t.Helper()
	e := must(w.mem.LastOf(w.t.Context(), conversation, chat.KindVisitorIdentified))
	if err := json.Unmarshal(e.Body, &i); err != nil {
		w.t.Error(err)
	}
	return i
}

func TestTheLastIdentityToldIsTheTrueOne(t *testing.T) {
	w, _, key := withKey(t)
	var conversation string
	for _, name := range []string{"Ada", "Ada", "Ada L.", "Ada"} {
		c, welcome := w.hello(map[string]any{"identity": jwtOf(t, key, "ada", name, nil)})
		conversation = welcome.str("conversation")
		c.send("ping", map[string]any{"id": "p"})
		c.until("pong", func(f anyFrame) bool { return f.Type == "pong" })
		if told := w.lastTold(conversation).Name; told != name {
			t.Errorf("%s came, and the agents were told of %s", name, told)
		}
	}
	count := 0
	for _, e := range must(w.mem.Events(t.Context(), conversation, 0, 100)) {
		if e.Kind == chat.KindVisitorIdentified {
			count++
		}
	}
	if count != 3 {
		t.Errorf("told %d times, not 3", count)
	}
}

func TestOnlyWhatIsNotKnownIsAskedFor(t *testing.T) {
	w, b, key := withKey(t)
	b.do("PUT", "/api/v1/sites/demo", map[string]any{"name": "Shop", "origins": []string{shopOrigin}, "ask": []string{"email", "name"}})
	c, welcome := w.hello(map[string]any{})
	if ask, _ := welcome.Data["ask"].([]any); len(ask) != 2 || ask[0] != "name" {
		t.Errorf("%s", welcome.raw)
	}
	for id, bad := range map[string]map[string]any{"b1": {"email": "ada"}, "b2": {}, "b3": {"email": "Ada <a@example.com>"}} {
		bad["id"] = id
		c.send("introduce", bad)
		if a := c.answer(id); a.Type != "error" {
			t.Errorf("%v: %s", bad, a.raw)
		}
	}
	c.send("introduce", map[string]any{"id": "i", "name": "Ada"})
	if a := c.answer("i"); a.Type != "ack" {
		t.Errorf("%s", a.raw)
	}
	_, again := w.hello(map[string]any{"token": welcome.str("token")})
	if ask, _ := again.Data["ask"].([]any); len(ask) != 1 || ask[0] != "email" {
		t.Errorf("%s", again.raw)
	}
	c, verified := w.hello(map[string]any{"identity": jwtOf(t, key, "bea", "Bea", nil)})
	if verified.Data["ask"] != nil {
		t.Errorf("%s", verified.raw)
	}
	c.send("introduce", map[string]any{"id": "i", "name": "Somebody else"})
	c.answer("i")
	for _, v := range w.mem.everybody() {
		if v.Verified && v.Name != "Bea" {
			t.Errorf("a verified name was overwritten: %+v", v)
		}
	}
}
