package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"ombud/chat"
	"ombud/server"
	"ombud/server/client"
	"ombud/storage/storagetest"
)

// TestErasedWordsAreForgottenByTheNodeToo erases a visitor whose words the node has just shown to an agent, and therefore holds in memory:
// whoever opens the conversation afterwards sees none of them.
func TestErasedWordsAreForgottenByTheNodeToo(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for a poll")
	}
	a := openApp(t, storagetest.SQLiteURL(t), time.Hour)
	if err := errors.Join(
		a.db.CreateUser(t.Context(), chat.User{ID: "sue", Email: "sue@example.com", Name: "Sue", Grade: chat.GradeSupervisor, Level: 3, CreatedAt: now()}),
		a.db.CreateAPIToken(t.Context(), chat.APIToken{ID: "sue", Hash: server.HashToken("t-sue"), User: "sue", CreatedAt: now()}),
	); err != nil {
		t.Fatal(err)
	}
	v := dial(t, a.base, client.Hello{})
	// open reads the conversation up to an event of that kind, and gives all that came.
	open := func(kind string) (all string) {
		conn, err := client.Dial(t.Context(), a.base, "", client.Hello{Token: "t-sue"})
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if err := conn.Send("open", 0, map[string]any{"conversation": v.Welcome.Conversation}); err != nil {
			t.Fatal(err)
		}
		for {
			f, err := conn.Next(20 * time.Second)
			if err != nil {
				t.Fatalf("no %s: %v", kind, err)
			}
			if all += string(f.Data) + "\n"; f.Type == "event" && strings.Contains(string(f.Data), `"kind":"`+kind+`","role":"`) {
				if e, err := f.Event(); err == nil && (kind != "message" || e.Role == "visitor") {
					return all
				}
			}
		}
	}
	if err := acknowledged(v, "s"); err != nil {
		t.Fatal(err)
	}
	watching, err := client.Dial(t.Context(), a.base, "", client.Hello{Token: "t-sue"})
	if err != nil {
		t.Fatal(err)
	}
	defer watching.Close() // keeps the conversation in memory
	if err := watching.Send("open", 0, map[string]any{"conversation": v.Welcome.Conversation}); err != nil {
		t.Fatal(err)
	}
	if seen := open("message"); !strings.Contains(seen, "words s") {
		t.Fatalf("the words are not there to begin with: %s", seen)
	}
	row, err := a.db.Conversation(t.Context(), v.Welcome.Conversation)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.db.EraseVisitor(t.Context(), row.Visitor, chat.Erasure{Why: chat.ErasedAsked}, now()); err != nil {
		t.Fatal(err)
	}
	open("erased") // the node knows by now
	if seen := open("erased"); strings.Contains(seen, "words s") {
		t.Errorf("an agent is still shown %s", seen)
	}
}
