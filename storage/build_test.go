package storage_test

import (
	"encoding/json"
	"fmt"
	"os"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func TestMain(m *testing.M) { os.Exit(storagetest.Main(m)) }

var start = time.Date(2026, 3, 1, 9, 0, 0, 123456789, time.UTC)

// event makes an event with the given body.
func event(kind chat.Kind, role chat.Role, sender string, body any) chat.Event {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err)
	}
	return chat.Event{Kind: kind, Role: role, Sender: sender, At: start, Body: text}
}

// say makes a visitor's message with the client's id.
func say(visitor, clientID, text string) chat.Event {
	e := event(chat.KindMessage, chat.RoleVisitor, visitor, chat.Message{Text: text})
	e.ClientID = clientID
	return e
}

// withID gives the event another client's id.
func withID(e chat.Event, clientID string) chat.Event {
	e.ClientID = clientID
	return e
}

func opened(visitor string) chat.Event {
	return event(chat.KindOpened, chat.RoleSystem, "", chat.Opened{Site: "demo", Visitor: visitor})
}

func requested(id string) chat.Event {
	return event(chat.KindHandoffRequested, chat.RoleSystem, "", chat.Handoff{
		ID: id, Reason: "asked_for_human", Severity: chat.SeverityMedium, Level: chat.LevelAgent, Skill: "billing",
	})
}

func claimed(agent string) chat.Event {
	return event(chat.KindHandoffClaimed, chat.RoleAgent, agent, chat.Claimed{Agent: agent, Name: "Agent " + agent})
}

func claim(conversation, agent string, capacity int) chat.Append {
	return chat.Append{
		Conversation: conversation, Events: []chat.Event{claimed(agent)},
		Expect: chat.Expect{Owners: []chat.Owner{chat.OwnerQueue}}, Capacity: capacity,
	}
}

// add appends and fails the test on an error.
func add(t testing.TB, db *storage.DB, conversation string, events ...chat.Event) chat.Appended {
	t.Helper()
	got, err := db.Append(t.Context(), chat.Append{Conversation: conversation, Events: events})
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// addUser stores a user whose name tells the id.
func addUser(t testing.TB, db *storage.DB, id string) {
	t.Helper()
	err := db.CreateUser(t.Context(), chat.User{ID: id, Email: id + "@example.org", Name: "Agent " + id, Grade: chat.GradeAgent})
	if err != nil {
		t.Fatal(err)
	}
}

// checkLog fails unless the log of a conversation has the seqs 1 to n and derives the stored rows.
func checkLog(t testing.TB, db *storage.DB, conversation string, n int) []chat.Event {
	t.Helper()
	events, err := db.Events(t.Context(), conversation, 0, n+10)
	if err != nil {
		t.Fatal(err)
	}
	if len(events) != n {
		t.Fatalf("%s has %d events, want %d", conversation, len(events), n)
	}
	for i, e := range events {
		if e.Seq != int64(i+1) {
			t.Fatalf("%s: event %d has seq %d", conversation, i+1, e.Seq)
		}
	}
	if err := db.Verify(t.Context(), conversation); err != nil {
		t.Fatal(err)
	}
	return events
}

func id(prefix string, n int) string { return fmt.Sprintf("%s-%04d", prefix, n) }
