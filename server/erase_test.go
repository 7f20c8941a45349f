package server

import (
	"net/http"
	"testing"

	"ombud/chat"
)

// TestWhoIsErasedIsSomebodyNewWhenTheyComeBack erases a visitor whose socket is open on another node.
func TestWhoIsErasedIsSomebodyNewWhenTheyComeBack(t *testing.T) {
	mem, line := newMemory(), &wire{}
	here := newNode(t, mem, line, func(o *Options) { o.Eraser = eraser{mem} })
	there := newNode(t, mem, line)
	c, welcome := there.visitor("", 0)
	stranger, _ := there.visitor("", 0)
	id := mem.conv(welcome.str("conversation")).Visitor
	here.addUser("sue", chat.GradeSupervisor)
	here.addUser("root", chat.GradeAdmin)
	if resp, body := here.call("DELETE", "/api/v1/visitors/"+id, here.addKey("sue"), "", ""); resp.StatusCode != http.StatusForbidden {
		t.Errorf("a supervisor erased: %d %s", resp.StatusCode, body)
	}
	key := here.addKey("root")
	if resp, body := here.call("DELETE", "/api/v1/visitors/"+id, key, "", ""); resp.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	if code := c.closed(); code != CloseRestart {
		t.Errorf("the socket was closed with %d", code)
	}
	stranger.send("ping", map[string]any{"id": "p"})
	stranger.await("pong")
	_, again := there.visitor(welcome.str("token"), 0)
	if again.str("token") == "" || again.str("conversation") == welcome.str("conversation") {
		t.Errorf("they came back as whom they were: %s", again.raw)
	}
	if resp, _ := here.call("DELETE", "/api/v1/visitors/"+id, key, "", ""); resp.StatusCode != http.StatusNotFound {
		t.Errorf("erased twice: %d", resp.StatusCode)
	}
}

// TestEveryNodeForgetsErasedWordsAtOnce erases a visitor on another node than the one that an agent has just seen the words on.
func TestEveryNodeForgetsErasedWordsAtOnce(t *testing.T) {
	mem, line := newMemory(), &wire{}
	here := newNode(t, mem, line, func(o *Options) { o.Eraser = eraser{mem} })
	there := newNode(t, mem, line)
	c, welcome := there.visitor("", 0)
	c.send("say", map[string]any{"id": "m", "text": "my secret"})
	c.await("ack")
	here.addUser("sue", chat.GradeSupervisor)
	here.addUser("root", chat.GradeAdmin)
	open := func() string {
		sue := there.agent("sue")
		sue.send("open", map[string]any{"id": "o", "conversation": welcome.str("conversation")})
		for {
			if f := sue.await("event"); f.str("kind") == "message" && f.str("role") == "visitor" {
				return f.str("text")
			}
		}
	}
	if seen := open(); seen != "my secret" {
		t.Fatalf("the words are not there to begin with: %q", seen)
	}
	id := mem.conv(welcome.str("conversation")).Visitor
	if resp, body := here.call("DELETE", "/api/v1/visitors/"+id, here.addKey("root"), "", ""); resp.StatusCode != http.StatusOK {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	if seen := open(); seen != "" {
		t.Errorf("an agent is still shown %q", seen)
	}
}
