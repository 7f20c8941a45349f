package main

import (
	"encoding/json"
	"testing"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/storage/storagetest"
)

// TestTheArticlesIndexHoldsNothingUp keeps the index busy for as long as the test likes: all else is taken up meanwhile.
func TestTheArticlesIndexHoldsNothingUp(t *testing.T) {
	a := openNode(t, storagetest.SQLiteURL(t), config{TurnPause: 20 * time.Millisecond, refreshEvery: 20 * time.Millisecond})
	a.library.once.Lock()
	defer a.library.once.Unlock()
	data, err := json.Marshal(bot.DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	tick, late := time.NewTicker(10*time.Millisecond), time.After(20*time.Second)
	defer tick.Stop()
	for version := int64(1); version <= 2; version++ { // two, since the first may be taken up by the round that then waits
		p := chat.PolicyVersion{Version: version, Data: data, Author: "u", Reason: "test", At: now()}
		if err := a.db.SavePolicy(t.Context(), p); err != nil {
			t.Fatal(err)
		}
		for live := int64(0); live != version; _, live = a.engine.Policy() {
			select {
			case <-tick.C:
			case <-late:
				t.Fatalf("version %d is not taken up while articles are indexed", version)
			}
		}
	}
}

// TestWhatHasServedItsTimeIsRemoved has one thing of each kind that is over and one that is not.
func TestWhatHasServedItsTimeIsRemoved(t *testing.T) {
	a := openNode(t, storagetest.SQLiteURL(t), config{TurnPause: 20 * time.Millisecond})
	ctx, at := t.Context(), now()
	for name, age := range map[string]time.Duration{"old": 25 * time.Hour, "new": 23 * time.Hour} {
		f := chat.File{ID: name, Conversation: "c", Role: chat.RoleVisitor, Sender: "v", ClientID: name, Name: "a.pdf", Type: "application/pdf", Size: 1,
			CreatedAt: at.Add(-age), Data: []byte("x")}
		if _, err := a.db.AddFile(ctx, f, chat.Quota{Files: 9, Bytes: 99}); err != nil {
			t.Fatal(err)
		}
	}
	if err := a.db.CommitCtx(ctx, "over", []byte("x"), at.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	a.keep(ctx)
	if n, err := a.db.DeleteExpired(ctx, at); err != nil || n != 0 {
		t.Errorf("%d sessions that were over were left: %v", n, err)
	}
	for name, there := range map[string]bool{"old": false, "new": true} {
		if _, err := a.db.File(ctx, "c", name); (err == nil) != there {
			t.Errorf("%s file: %v", name, err)
		}
	}
}

// TestWhoseTimeIsOverIsErased runs the retention over one visitor whose year is over and one whose is not, and over one who was
// erased and came back with an old backup.
func TestWhoseTimeIsOverIsErased(t *testing.T) {
	const year = 365 * 24 * time.Hour
	url := storagetest.SQLiteURL(t)
	before := storagetest.Open(t, url) // the node looks as soon as it starts
	ctx, at := t.Context(), now()
	come := func(id string, age time.Duration) {
		t.Helper()
		v := chat.Visitor{ID: id, Site: "demo", TokenHash: id, Name: "Ada", CreatedAt: at.Add(-age)}
		if err := before.CreateVisitor(ctx, v); err != nil {
			t.Fatal(err)
		}
		begin, err := json.Marshal(chat.Opened{Site: "demo", Visitor: id})
		if err != nil {
			t.Fatal(err)
		}
		events := []chat.Event{{Kind: chat.KindOpened, Role: chat.RoleSystem, At: v.CreatedAt, Body: begin}, {Kind: chat.KindClosed, Role: chat.RoleSystem, At: v.CreatedAt, Body: []byte(`{}`)}}
		if _, err := before.Append(ctx, chat.Append{Conversation: id + "-c", Events: events}); err != nil {
			t.Fatal(err)
		}
	}
	come("old", year+24*time.Hour)
	come("young", year-24*time.Hour)
	come("back", 24*time.Hour)
	if _, err := before.EraseVisitor(ctx, "back", chat.Erasure{Why: chat.ErasedAsked}, at); err != nil {
		t.Fatal(err)
	}
	if err := before.CreateVisitor(ctx, chat.Visitor{ID: "back", Site: "demo", TokenHash: "back", CreatedAt: at}); err != nil {
		t.Fatal(err)
	}
	a := openNode(t, url, config{TurnPause: 20 * time.Millisecond, DemoHistory: 0, Retention: year})
	a.keep(ctx)
	for id, there := range map[string]bool{"old": false, "young": true, "back": false} {
		if _, err := a.db.Visitor(ctx, id); (err == nil) != there {
			t.Errorf("%s: %v", id, err)
		}
	}
	entries, err := a.db.AuditPage(ctx, chat.AuditQuery{What: "visitor.erase", Limit: 10})
	if err != nil || len(entries) == 0 {
		t.Errorf("%d entries in the audit log: %v", len(entries), err)
	}
}
