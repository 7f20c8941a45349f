package storage_test

import (
	"encoding/json"
	"maps"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func TestScriptVersionsAndDraft(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		files := map[string]string{"script.yaml": "version: 1\n", "texts/en.yaml": strings.Repeat("ő", 1000)}
		_, _, err := db.ScriptDraft(ctx)
		refused(t, "no draft yet", err, chat.ErrNotFound)
		draft := chat.ScriptVersion{Base: 0, Author: "ann", At: start}
		_, err = db.SaveScriptDraft(ctx, chat.ScriptVersion{Revision: 2}, files)
		refused(t, "a revision that is not there", err, chat.ErrConflict)
		_, err = db.SaveScriptDraft(ctx, chat.ScriptVersion{Base: 1}, files)
		refused(t, "a first draft of another version", err, chat.ErrConflict)
		first := must(db.SaveScriptDraft(ctx, draft, files))(t)
		same(t, "revision", first.Revision, int64(1))
		_, err = db.SaveScriptDraft(ctx, draft, files)
		refused(t, "the same revision twice", err, chat.ErrConflict)
		files["texts/en.yaml"] = "language: en\n"
		must(db.SaveScriptDraft(ctx, first, files))(t)
		got, kept, err := db.ScriptDraft(ctx)
		if err != nil || got.Revision != 2 || !maps.Equal(kept, files) {
			t.Errorf("draft %+v, %v, %v", got, kept, err)
		}
		v := chat.ScriptVersion{Version: 1, Revision: 1, Author: "ann", Reason: "first", At: start}
		refused(t, "an older draft", db.SaveScript(ctx, v, files), chat.ErrConflict)
		v.Revision = 2
		must(0, db.SaveScript(ctx, v, files))(t)
		_, _, err = db.ScriptDraft(ctx)
		refused(t, "the draft is published", err, chat.ErrNotFound)
		refused(t, "the same version twice", db.SaveScript(ctx, chat.ScriptVersion{Version: 1}, files), chat.ErrConflict)
		must(0, db.SaveScript(ctx, chat.ScriptVersion{Version: 2, Base: 1, At: start}, map[string]string{"script.yaml": "version: 1\n"}))(t)
		versions := must(db.ScriptVersions(ctx, 10))(t)
		if len(versions) != 2 || versions[0].Version != 2 || versions[1].Reason != "first" || !versions[1].At.Equal(start.Truncate(time.Microsecond)) {
			t.Errorf("versions %+v", versions)
		}
		if _, kept, err = db.Script(ctx, 1); err != nil || !maps.Equal(kept, files) {
			t.Errorf("version 1: %v, %v", kept, err)
		}
		_, _, err = db.Script(ctx, 9)
		refused(t, "no version 9", err, chat.ErrNotFound)
		third := must(db.SaveScriptDraft(ctx, chat.ScriptVersion{Base: 2, At: start}, files))(t)
		same(t, "no revision twice", third.Revision, int64(3))
		refused(t, "drop", db.DropScriptDraft(ctx, 3), nil)
		refused(t, "no draft to drop", db.DropScriptDraft(ctx, 2), chat.ErrConflict)
		refused(t, "no text", db.SaveScript(ctx, chat.ScriptVersion{Version: 3}, map[string]string{"script.yaml": "a\x00"}), chat.ErrInvalid)
	})
}

// TestOneOfManyPublishes has two nodes publish the next version at once: one wins.
func TestOneOfManyPublishes(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		nodes := []*storage.DB{open(), open()}
		var wg sync.WaitGroup
		won := make([]error, 4)
		for i := range won {
			wg.Go(func() {
				won[i] = nodes[i%2].SaveScript(t.Context(), chat.ScriptVersion{Version: 1}, map[string]string{"script.yaml": string(rune('a' + i))})
			})
		}
		wg.Wait()
		wins := 0
		for _, err := range won {
			if err == nil {
				wins++
				continue
			}
			refused(t, "the second", err, chat.ErrConflict)
		}
		if _, files, err := nodes[0].Script(t.Context(), 1); err != nil || wins != 1 || len(files) != 1 {
			t.Errorf("%d won, %v, %v", wins, files, err)
		}
	})
}

func TestDecidedTurnsComeWithTheirWords(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		decided := func(action string, minutes int) chat.Event {
			return at(event(chat.KindDecision, chat.RoleBot, "", chat.Decision{Action: action, State: json.RawMessage(`{}`), Record: json.RawMessage(`{}`)}), minutes)
		}
		answer := event(chat.KindMessage, chat.RoleBot, "", chat.Message{Text: "pardon?"})
		add(t, db, "a", opened("v1"), say("v1", "1", "blorp"), say("v1", "2", "fnord"), decided("clarify", 1), answer, say("v1", "3", "hi"), decided("answer", 2))
		add(t, db, "b", opened("v2"), say("v2", "1", "xyzzy"), decided("clarify", 3))
		add(t, db, "c", opened("v3"), say("v3", "1", "later"), decided("clarify", 90))
		clarified := func(d chat.Decision) bool { return d.Action == "clarify" }
		got := must(db.DecidedTurns(t.Context(), start, start.Add(time.Hour), 10, clarified))(t)
		if len(got) != 2 || got[0].Words != "xyzzy" || got[1].Words != "blorp\nfnord" || got[1].Conversation != "a" || got[1].Seq != 4 {
			t.Errorf("got %+v", got)
		}
		if got = must(db.DecidedTurns(t.Context(), start, start.Add(time.Hour), 1, clarified))(t); len(got) != 1 || got[0].Words != "xyzzy" {
			t.Errorf("one only: %+v", got)
		}
	})
}
