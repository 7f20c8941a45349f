package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/chat"
)

// ledger is care and what admins look after, kept in memory.
type ledger struct {
	*memory
	mu     sync.Mutex
	log    []string
	alerts []chat.Alert
}

func (l *ledger) note(format string, args ...any) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.log = append(l.log, fmt.Sprintf(format, args...))
	return nil
}

func (l *ledger) Offer(_ context.Context, who chat.User, conversation, clientID string, o chat.Offer) error {
	return l.note("%s %s %s offers %s %d %s %s", who.ID, conversation, clientID, o.Remedy, o.Worth, o.Currency, o.Text)
}

func (l *ledger) AnswerOffer(_ context.Context, who chat.Identity, conversation, _, id string, accept bool) error {
	return l.note("%s %s answers %s %v", who.Role, conversation, id, accept)
}

func (l *ledger) Promise(_ context.Context, who chat.User, _, _ string, p chat.Promise) error {
	return l.note("%s promises %s by %s", who.ID, p.Text, p.DueAt.Format(time.RFC3339))
}

func (l *ledger) SettlePromise(_ context.Context, who chat.User, _, _, id, state string, due time.Time) error {
	return l.note("%s %s %s %v", who.ID, id, state, due.IsZero())
}

func (l *ledger) Complain(_ context.Context, by, conversation string) (chat.Complaint, error) {
	return chat.Complaint{Number: "C-2026-000001", Conversation: conversation, By: by}, l.note("%s complains in %s", by, conversation)
}

func (l *ledger) Mails() bool { return true }

func (l *ledger) SaveSetting(_ context.Context, name string, value json.RawMessage) error {
	l.memory.mu.Lock()
	defer l.memory.mu.Unlock()
	l.settings[name] = value
	return nil
}

func (l *ledger) SwapSetting(_ context.Context, name string, was, value json.RawMessage) error {
	l.memory.mu.Lock()
	defer l.memory.mu.Unlock()
	if string(l.settings[name]) != string(was) {
		return chat.ErrStale
	}
	l.settings[name] = value
	return nil
}

func (l *ledger) Alerts(context.Context, int) ([]chat.Alert, error) { return l.alerts, nil }

func (l *ledger) NoteAlert(_ context.Context, id string, notice json.RawMessage) error {
	return l.note("notice of %s: %s", id, notice)
}

func (l *ledger) Resolution(_ context.Context, from, to, _ time.Time) (chat.Resolution, error) {
	return chat.Resolution{Closed: int(to.Sub(from) / (24 * time.Hour))}, nil
}

// Visitor is that of Pages: a token is the visitor's id and a bang.
type links struct{}

func (links) Visitor(token string, _ time.Time) (string, error) {
	if id, ok := strings.CutSuffix(token, "!"); ok {
		return id, nil
	}
	return "", chat.ErrNotFound
}

func caring(t *testing.T) (*world, *ledger) {
	t.Helper()
	mem := newMemory()
	l := &ledger{memory: mem}
	return newNode(t, mem, &wire{}, func(o *Options) { o.Care, o.Upkeep, o.Pages = l, l, links{} }), l
}

func TestOffersAndPromisesTravel(t *testing.T) {
	w, l := caring(t)
	w.addUser("ann", chat.GradeAgent)
	v, welcome := w.visitor("", 0)
	id := w.mem.log(t, "v1", event(chat.KindHandoffRequested, chat.RoleBot, "", chat.Handoff{Level: 1}))
	c := w.dial(nil)
	c.send("hello", map[string]any{"token": w.addKey("ann")})
	if hello := c.await("welcome"); !strings.Contains(hello.raw, `"email":true`) {
		t.Errorf("%s", hello.raw)
	}
	for _, f := range []struct {
		typ  string
		data map[string]any
	}{
		{"offer", map[string]any{"id": "1", "remedy": "discount", "worth": 1500, "currency": "EUR", "text": "15 off"}},
		{"promise", map[string]any{"id": "2", "text": "a call", "due_at": "2026-05-04T10:00:00Z"}},
		{"settle_promise", map[string]any{"id": "3", "promise": "p", "state": "kept"}},
		{"complaint", map[string]any{"id": "4"}},
	} {
		f.data["conversation"] = id
		c.send(f.typ, f.data)
		if a := c.answer(f.data["id"].(string)); a.Type != "ack" {
			t.Errorf("%s: %s", f.typ, a.raw)
		}
	}
	v.send("answer_offer", map[string]any{"id": "5", "offer": "o", "accept": false})
	v.answer("5")
	want := []string{"ann " + id + " 1 offers discount 1500 EUR 15 off", "ann promises a call by 2026-05-04T10:00:00Z", "ann p kept true",
		"ann complains in " + id, "visitor " + welcome.str("conversation") + " answers o false"}
	if !slices.Equal(l.log, want) {
		t.Errorf("%q", l.log)
	}
}

func TestWithoutCareItIsUnavailable(t *testing.T) {
	w := newWorld(t)
	w.addUser("ann", chat.GradeAgent)
	id := w.mem.log(t, "v1", event(chat.KindHandoffRequested, chat.RoleBot, "", chat.Handoff{Level: 1}))
	c := w.agent("ann")
	c.send("complaint", map[string]any{"id": "x", "conversation": id})
	if a := c.answer("x"); a.str("code") != "unavailable" {
		t.Errorf("%s", a.raw)
	}
}

func TestAdminsKeepTheCauses(t *testing.T) {
	w, _ := caring(t)
	w.addUser("adm", chat.GradeAdmin)
	b := w.signIn("adm")
	count := func() int {
		_, out := b.do("GET", "/api/v1/causes", nil)
		return len(out["causes"].([]any))
	}
	if n := count(); n != 10 {
		t.Errorf("%d causes to start with", n)
	}
	for _, step := range []struct {
		method, path string
		body         any
		status, then int
	}{
		{"PUT", "/api/v1/causes/app_crash", map[string]any{"name": "The app crashes"}, 200, 11},
		{"PUT", "/api/v1/causes/app_crash", map[string]any{"name": "Crash"}, 200, 11},
		{"PUT", "/api/v1/causes/No!", map[string]any{"name": "x"}, 422, 11},
		{"PUT", "/api/v1/causes/x", map[string]any{"name": ""}, 422, 11},
		{"DELETE", "/api/v1/causes/rude_staff", nil, 200, 10},
		{"DELETE", "/api/v1/causes/rude_staff", nil, 404, 10},
	} {
		if status, out := b.do(step.method, step.path, step.body); status != step.status || count() != step.then {
			t.Errorf("%s %s: %d %v", step.method, step.path, status, out)
		}
	}
}

func TestAWebhooksSecretIsShownOnce(t *testing.T) {
	w, l := caring(t)
	w.addUser("adm", chat.GradeAdmin)
	b := w.signIn("adm")
	put := func(hooks ...map[string]any) (int, map[string]any) {
		return b.do("PUT", "/api/v1/webhooks", map[string]any{"webhooks": hooks})
	}
	status, out := put(map[string]any{"url": "https://a.example/", "kinds": []string{"closed"}})
	first := out["webhooks"].([]any)[0].(map[string]any)
	secret := first["secret"].(string)
	if status != 200 || !strings.HasPrefix(secret, "whsec_") {
		t.Fatalf("%d %v", status, out)
	}
	if _, out := put(map[string]any{"id": first["id"], "url": "https://b.example/"}); strings.Contains(fmt.Sprint(out), secret) {
		t.Errorf("shown again: %v", out)
	}
	if _, raw, _ := b.raw("GET", "/api/v1/webhooks", nil); strings.Contains(string(raw), secret) || !strings.Contains(string(raw), "b.example") {
		t.Errorf("listed: %s", raw)
	}
	if stored := string(l.settings["webhooks"]); !strings.Contains(stored, secret) {
		t.Errorf("lost: %s", stored)
	}
	for _, bad := range []map[string]any{{"url": "ftp://x/"}, {"url": "https://u:p@x/"}, {"url": "https://x/", "kinds": []string{"note"}}, {"id": "other", "url": "https://x/"}} {
		if status, out := put(bad); status != 422 {
			t.Errorf("%v: %d %v", bad, status, out)
		}
	}
}

func TestAnAlertBecomesANotice(t *testing.T) {
	w, l := caring(t)
	l.alerts = []chat.Alert{{ID: "a1", Subject: "topic:delivery"}, {ID: "a2", Subject: "cause:wrong_bill"}}
	w.addUser("adm", chat.GradeAdmin)
	b := w.signIn("adm")
	texts := map[string]any{"en": "Parcels are late."}
	for _, step := range []struct {
		alert  string
		body   map[string]any
		status int
	}{
		{"a1", map[string]any{"texts": texts}, 200}, {"a2", map[string]any{"texts": texts}, 422}, {"a2", map[string]any{"texts": texts, "topic": "billing"}, 200},
		{"a3", map[string]any{"texts": texts}, 404}, {"a1", map[string]any{"texts": map[string]any{"de": "x"}}, 422}, {"a1", map[string]any{"texts": map[string]any{"en": "\x00"}}, 422},
	} {
		if status, out := b.do("POST", "/api/v1/alerts/"+step.alert+"/notice", step.body); status != step.status {
			t.Errorf("%s %v: %d %v", step.alert, step.body, status, out)
		}
	}
	if status, out := b.do("DELETE", "/api/v1/notices/billing", nil); status != 200 || len(out["notices"].([]any)) != 1 {
		t.Errorf("%d %v", status, out)
	}
	if stored := string(l.settings["notices"]); !strings.Contains(stored, `"delivery"`) || strings.Contains(stored, "billing") {
		t.Errorf("stored %s", stored)
	}
}

func TestTheCustomersOwnPage(t *testing.T) {
	w, _ := caring(t)
	id := w.mem.log(t, "v1", event(chat.KindMessage, chat.RoleVisitor, "v1", chat.Message{Text: "<script>alert(1)</script>"}),
		event(chat.KindLeftMessage, chat.RoleVisitor, "v1", chat.LeftMessage{Phone: "1", Zone: "Asia/Tokyo"}),
		event(chat.KindNote, chat.RoleAgent, "ann", chat.Note{Text: "difficult"}), event(chat.KindMessage, chat.RoleAgent, "ann", chat.Message{Text: "It is on its way", Name: "Ann"}),
		event(chat.KindClosed, chat.RoleAgent, "ann", chat.Closed{}))
	foreign := w.mem.log(t, "v2", event(chat.KindClosed, chat.RoleSystem, "", chat.Closed{}))
	for lang, title := range map[string]string{"en": "Your conversations", "hu": "Beszélgetései", "sl": "Vaši pogovori", "fr": "Vos conversations", "zh": "您与我们的对话", "de": "Your conversations"} {
		status, body, h := w.get("/my/v1!?lang=" + lang)
		if status != 200 || !strings.Contains(body, title) || !strings.Contains(body, "&lt;script&gt;") || !strings.Contains(body, "Ann") {
			t.Errorf("%s: %d %s", lang, status, body)
		}
		if !strings.Contains(body, " JST") || strings.Contains(body, " UTC") {
			t.Errorf("%s: the hours are not those where the customer is: %s", lang, body)
		}
		if strings.Contains(body, "<script") || strings.Contains(body, "difficult") || strings.Contains(body, foreign) {
			t.Errorf("%s: shows too much: %s", lang, body)
		}
		if h.Get("Referrer-Policy") != "no-referrer" || h.Get("Cache-Control") != "no-store" || !strings.Contains(h.Get("Content-Security-Policy"), "default-src 'none'") {
			t.Errorf("%s: %v", lang, h)
		}
	}
	if status, _, _ := w.get("/my/v1"); status != 404 {
		t.Errorf("unsigned: %d", status)
	}
	post := func(conversation, rating, origin string) int {
		r := must(http.NewRequest("POST", w.url+"/my/v1!/rating", strings.NewReader(url.Values{"conversation": {conversation}, "rating": {rating}}.Encode())))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", origin)
		resp := must(w.browser().client.Do(r))
		resp.Body.Close()
		return resp.StatusCode
	}
	for _, c := range []struct {
		conversation, rating, origin string
		status                       int
	}{{foreign, "1", w.url, 404}, {id, "9", w.url, 422}, {id, "5", "https://evil.example", 403}, {id, "4", w.url, 303}, {id, "1", w.url, 303}} {
		if status := post(c.conversation, c.rating, c.origin); status != c.status {
			t.Errorf("%+v: %d", c, status)
		}
	}
	events := must(w.mem.Events(t.Context(), id, 0, 100))
	if last := events[len(events)-1]; len(events) != 7 || !strings.Contains(string(last.Body), `"rating":4`) {
		t.Errorf("%d events, last %s", len(events), last.Body)
	}
	if _, body, _ := w.get("/my/v1!"); !strings.Contains(body, "Thank you") {
		t.Error("asks again")
	}
}
