package server

import (
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"go.uber.org/goleak"

	"ombud/chat"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func newID() string { return uuid.Must(uuid.NewV7()).String() }

func TestVisitorIsWelcomedAnsweredAndResumes(t *testing.T) {
	w := newWorld(t)
	c, welcome := w.visitor("", 0)
	token, conv := welcome.str("token"), welcome.str("conversation")
	if len(token) != 43 || conv == "" || welcome.str("owner") != "bot" || welcome.Seq != 2 {
		t.Fatalf("welcome %s", welcome.raw)
	}
	if e := c.await("event"); e.str("kind") != "opened" || e.Seq != 1 {
		t.Fatalf("first event %s", e.raw)
	}
	if e := c.await("event"); e.str("text") != "Hello." || e.str("role") != "bot" {
		t.Fatalf("greeting %s", e.raw)
	}
	id := newID()
	c.send("say", map[string]any{"id": id, "text": "hi"})
	ack := c.next()
	if ack.Type != "ack" || ack.Seq != 3 || ack.str("id") != id || ack.str("conversation") != conv {
		t.Fatalf("ack %s", ack.raw)
	}
	e := c.await("event")
	if e.str("text") != "You said: hi" {
		t.Fatalf("answer %s", e.raw)
	}
	c.ws.Close()

	again, welcome := w.visitor(token, 2)
	if welcome.str("conversation") != conv || welcome.str("token") != "" {
		t.Fatalf("second welcome %s", welcome.raw)
	}
	if e := again.await("event"); e.Seq != 3 || e.str("id") != id || e.str("text") != "hi" {
		t.Fatalf("replayed %s", e.raw)
	}
	if e := again.await("event"); e.str("text") != "You said: hi" {
		t.Fatalf("replayed %s", e.raw)
	}
}

// TestADraftIsForTheVisitorAlone: who listens in a draft's conversation as an agent gets the message, and no draft.
func TestADraftIsForTheVisitorAlone(t *testing.T) {
	w := newWorld(t)
	c, welcome := w.visitor("", 0)
	w.addUser("sue", chat.GradeSupervisor)
	sue := w.agent("sue")
	sue.send("open", map[string]any{"id": "o", "conversation": welcome.str("conversation")})
	if a := sue.answer("o"); a.Type != "ack" {
		t.Fatal(a.raw)
	}
	c.send("say", map[string]any{"id": newID(), "text": "word by word"})
	d := c.await("draft")
	if d.str("text") != "You said:" || d.str("conversation") != welcome.str("conversation") || d.Seq != 0 {
		t.Errorf("%s", d.raw)
	}
	if e := c.await("event"); e.str("text") != "You said: word by word" {
		t.Errorf("%s", e.raw)
	}
	for {
		f := sue.next()
		if f.Type == "draft" {
			t.Errorf("%s", f.raw)
		}
		if f.str("text") == "You said: word by word" {
			return
		}
	}
}

func TestUnknownTokenGetsAFreshIdentity(t *testing.T) {
	w := newWorld(t)
	_, mine := w.visitor("", 0)
	w.mem.mu.Lock()
	for _, v := range w.mem.visitors { // who reads the database cannot come as one of them
		if v.TokenHash != HashToken(mine.str("token")) || v.TokenHash == mine.str("token") || len(mine.str("token")) < 43 {
			t.Errorf("token %q is stored as %q", mine.str("token"), v.TokenHash)
		}
	}
	w.mem.mu.Unlock()
	for _, token := range []string{"no such token", mine.str("token")[:42], mine.str("token") + "x"} {
		_, other := w.visitor(token, 0)
		if other.str("token") == "" || other.str("conversation") == mine.str("conversation") {
			t.Errorf("token %q: %s", token, other.raw)
		}
	}
	c := w.dial(nil)
	c.send("hello", map[string]any{"site": "other", "token": mine.str("token")})
	if other := c.await("welcome"); other.str("token") == "" || other.str("conversation") == mine.str("conversation") {
		t.Errorf("the token of another site: %s", other.raw)
	}
}

func TestHandoffIsClaimedByOneAgentAndAnswered(t *testing.T) {
	w := newWorld(t)
	w.addUser("ann", chat.GradeAgent)
	w.addUser("bea", chat.GradeAgent)
	c, welcome := w.visitor("", 0)
	conv := welcome.str("conversation")
	ann, bea := w.agent("ann"), w.agent("bea")
	c.send("say", map[string]any{"id": newID(), "text": "a person, please"})
	c.until("the handoff", func(f anyFrame) bool { return f.str("kind") == "handoff_requested" })
	ann.until("the queue", func(f anyFrame) bool { return f.Type == "queue" && f.Data["changed"] != nil })

	ann.send("claim", map[string]any{"id": "c1", "conversation": conv})
	if a := ann.answer("c1"); a.Type != "ack" {
		t.Fatalf("claim: %s", a.raw)
	}
	bea.send("claim", map[string]any{"id": "c2", "conversation": conv})
	if a := bea.answer("c2"); a.str("code") != "taken" {
		t.Fatalf("second claim: %s", a.raw)
	}
	ann.send("open", map[string]any{"id": "o", "conversation": conv})
	if a := ann.answer("o"); a.Type != "ack" {
		t.Fatalf("open: %s", a.raw)
	}
	ann.send("say", map[string]any{"id": "s1", "conversation": conv, "text": "Ann here"})
	if a := ann.answer("s1"); a.Type != "ack" || a.Seq == 0 {
		t.Fatalf("say: %s", a.raw)
	}
	seen := c.until("the agent's word", func(f anyFrame) bool { return f.str("text") == "Ann here" })
	last := seen[len(seen)-1]
	if last.str("name") != "Name of ann" || last.str("role") != "agent" || last.Data["sender"] != nil {
		t.Fatalf("agent's message as the visitor sees it: %s", last.raw)
	}
	ann.send("say", map[string]any{"id": "s2", "conversation": conv, "text": "A draft of the model", "suggested": true})
	if a := ann.answer("s2"); a.Type != "ack" {
		t.Fatalf("say what was suggested: %s", a.raw)
	}
	drafted := c.until("the suggested word", func(f anyFrame) bool { return f.str("text") == "A draft of the model" })
	if f := drafted[len(drafted)-1]; f.Data["source"] != nil {
		t.Errorf("the visitor learns where an agent's words came from: %s", f.raw)
	}
	log := must(w.mem.Events(t.Context(), conv, 0, 100))
	if said := log[len(log)-1]; !strings.Contains(string(said.Body), `"source":"suggestion"`) || strings.Contains(string(log[last.Seq-1].Body), "source") {
		t.Errorf("the log does not tell suggested words from others: %s", said.Body)
	}
	for _, f := range seen {
		if f.Type == "event" && !chat.Kind(f.str("kind")).ForVisitor() {
			t.Errorf("the visitor saw %s", f.raw)
		}
	}
}

func TestSessionRoutesSignInAndOut(t *testing.T) {
	w := newWorld(t)
	w.addUser("ann", chat.GradeAgent)
	b := w.browser()
	if status, out := b.do("GET", "/api/v1/me", nil); status != http.StatusUnauthorized || out["code"] != "unauthentic" {
		t.Fatalf("me without session: %d %v", status, out)
	}
	b = w.signIn("ann")
	if status, out := b.do("GET", "/api/v1/me", nil); status != 200 || out["email"] != "ann@example.com" {
		t.Fatalf("me: %d %v", status, out)
	}
	c := w.dial(b.cookie())
	c.send("hello", map[string]any{"token": ""})
	if f := c.await("welcome"); f.Data["user"].(map[string]any)["name"] != "Name of ann" {
		t.Fatalf("welcome %s", f.raw)
	}
	if status, _ := b.do("DELETE", "/api/v1/session", nil); status != http.StatusNoContent {
		t.Fatalf("sign out: %d", status)
	}
	if code := c.closed(); code != CloseSignedOut {
		t.Fatalf("close code %d", code)
	}
	if status, _ := b.do("GET", "/api/v1/me", nil); status != http.StatusUnauthorized {
		t.Fatalf("me after sign-out: %d", status)
	}
}

// TestAClientOfTheFixedFramesAloneSeesItsChat: hello, claim and say are enough for an agent's program.
func TestAClientOfTheFixedFramesAloneSeesItsChat(t *testing.T) {
	duty := newLeases()
	w := newWorld(t, func(o *Options) { o.Duty = duty })
	w.addUser("ann", chat.GradeAgent)
	c, welcome := w.visitor("", 0)
	conv := welcome.str("conversation")
	ann := w.agent("ann")
	c.send("say", map[string]any{"id": newID(), "text": "a person, please"})
	c.until("the handoff", func(f anyFrame) bool { return f.str("kind") == "handoff_requested" })
	c.until("the place in line", func(f anyFrame) bool { return f.Type == "waiting" })

	again := w.dial(nil)
	again.send("hello", map[string]any{"site": "demo", "token": welcome.str("token"), "since": 0, "locale": "en"})
	again.until("the place in line of who comes back", func(f anyFrame) bool { return f.Type == "waiting" })

	ann.send("claim", map[string]any{"conversation": conv})
	ann.until("the visitor's words", func(f anyFrame) bool { return f.str("text") == "a person, please" })
	if got := <-duty.renewed; got != "ann online" {
		t.Errorf("lease: %s", got)
	}
	c.send("say", map[string]any{"id": newID(), "text": "thank you"})
	ann.until("what is said next", func(f anyFrame) bool { return f.str("text") == "thank you" })
}
