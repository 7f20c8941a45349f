package server

import (
	"crypto/sha256"
	"encoding/hex"
	"strings"
	"testing"

	"ombud/chat"
)

// gateway brings the mails of one address in, as docs/protocol.md says under "Other channels".
type gateway struct {
	t        *testing.T
	w        *world
	key      string
	address  string
	token    string
	since    int64
	answered []string // what is to go out by mail
}

// deliver comes, says what was mailed, takes what there is up to the answer that is awaited, and leaves.
func (g *gateway) deliver(message, text, until string) (conversation string, seq int64) {
	g.t.Helper()
	hello := map[string]any{
		"token": g.token, "since": g.since, "attributes": map[string]string{"channel": "email"},
		"identity": jwtOf(g.t, g.key, "email:"+g.address, "", map[string]any{"email": g.address}),
	}
	c, welcome := g.w.hello(hello)
	defer c.ws.Close()
	if token := welcome.str("token"); token != "" {
		g.token = token
	}
	take := func(f anyFrame) {
		if f.Type == "event" && f.str("kind") == "message" && f.str("role") != "visitor" {
			g.answered = append(g.answered, f.str("text"))
		}
		g.since = max(g.since, f.Seq)
	}
	for message != "" {
		sum := sha256.Sum256([]byte(message)) // ids of mails hold signs that ours do not
		message = hex.EncodeToString(sum[:])
		c.send("say", map[string]any{"id": message, "text": text})
		seen := c.until("the ack", func(f anyFrame) bool { return (f.Type == "ack" || f.Type == "error") && f.str("id") == message })
		last := seen[len(seen)-1]
		if last.Type != "ack" {
			g.t.Fatalf("say: %s", last.raw)
		}
		seq, message = last.Seq, ""
		for _, f := range seen {
			take(f)
		}
	}
	for !strings.Contains(strings.Join(g.answered, "\n"), until) {
		take(c.next())
	}
	return welcome.str("conversation"), seq
}

func TestAGatewayBringsAnotherChannelIn(t *testing.T) {
	w, _, key := withKey(t)
	w.addUser("ann", chat.GradeAgent)
	ann := w.agent("ann")
	zoe := &gateway{t: t, w: w, key: key, address: "zoe@example.com"}
	const id = "<CAF5x=3k_9@mail.example.com>"
	conversation, seq := zoe.deliver(id, "a person, please", "")
	ann.until("the queue", func(f anyFrame) bool { return f.Type == "queue" && f.Data["changed"] != nil })
	again, same := zoe.deliver(id, "a person, please", "")
	if again != conversation || same != seq || seq == 0 {
		t.Errorf("a mail that came twice: %s at %d, then %s at %d", conversation, seq, again, same)
	}
	other := &gateway{t: t, w: w, key: key, address: "zoe@example.org"}
	if c, _ := other.deliver("m1", "hello", ""); c == conversation {
		t.Error("two addresses are one customer")
	}
	for _, f := range []struct {
		kind string
		data map[string]any
	}{{"claim", nil}, {"say", map[string]any{"text": "Ann here, by mail"}}} {
		data := map[string]any{"id": f.kind, "conversation": conversation}
		for k, v := range f.data {
			data[k] = v
		}
		ann.send(f.kind, data)
		if a := ann.answer(f.kind); a.Type != "ack" {
			t.Fatalf("%s: %s", f.kind, a.raw)
		}
	}
	zoe.answered = nil
	zoe.deliver("", "", "Ann here, by mail") // nobody was connected meanwhile
	before := zoe.since
	zoe.answered = nil
	if c, _ := zoe.deliver("m2", "thank you", ""); c != conversation || zoe.since <= before || len(zoe.answered) > 0 {
		t.Errorf("the next mail went to %s of %s and brought %q again", c, conversation, zoe.answered)
	}
	log := must(w.mem.Events(t.Context(), conversation, 0, 100))
	said := 0
	for _, e := range log {
		if e.Kind == chat.KindMessage && e.Role == chat.RoleVisitor {
			said++
		}
	}
	if said != 2 {
		t.Errorf("%d mails are in the log, want 2", said)
	}
}
