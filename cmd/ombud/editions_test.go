package main

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"ombud/chat"
	"ombud/chat/studio"
	"ombud/server/client"
	"ombud/storage/storagetest"
)

// TestAPublishedScriptAnswersOnEveryNode edits and publishes on one node and talks with the other, whose poll is far
// away; then goes back to the script that is built in.
func TestAPublishedScriptAnswersOnEveryNode(t *testing.T) {
	if testing.Short() {
		t.Skip("learns the whole script several times")
	}
	storagetest.EachURL(t, func(t *testing.T, url string) {
		c := config{TurnPause: 20 * time.Millisecond, NATS: busServer(t), refreshEvery: 50 * time.Millisecond}
		here, there := openNode(t, url, c), openNode(t, url, c)
		admin := here.administrator(t)
		const words = "Good day, this is the new greeting."
		draft := admin.edit(t, chat.ScriptVersion{}, "texts/en.yaml", words)
		var why struct{ Hint string }
		broken := "language: fr\n"
		if status := admin.call("PUT", "/script/draft", map[string]any{"revision": draft.Revision, "base": draft.Base, "files": map[string]any{"texts/fr.yaml": broken}}, &draft); status != 200 {
			t.Fatalf("a draft need not be sound: %d", status)
		}
		if status := admin.call("POST", "/script/publish", map[string]any{"revision": draft.Revision, "reason": "r"}, &why); status != 422 {
			t.Errorf("an unsound script: %d", status)
		}
		if status := admin.call("DELETE", "/script/draft?revision="+fmt.Sprint(draft.Revision), nil, nil); status != 204 {
			t.Fatalf("discard: %d", status)
		}
		draft = admin.edit(t, chat.ScriptVersion{}, "texts/en.yaml", words)
		var v chat.ScriptVersion
		if status := admin.call("POST", "/script/publish", map[string]any{"revision": draft.Revision, "reason": "a better greeting"}, &v); status != 200 || v.Version != 1 {
			t.Fatalf("publish: %d, %+v", status, v)
		}
		if status := admin.call("POST", "/script/publish", map[string]any{"revision": draft.Revision, "reason": "again"}, nil); status != 409 {
			t.Errorf("published twice: %d", status)
		}
		awaitScript(t, 1, here, there)
		if greeted, told := reads(t, there); greeted != words || !strings.HasPrefix(told, words+" ") {
			t.Errorf("the other node greets with %q, and registers a complaint with %q", greeted, told)
		}
		if status := admin.call("POST", "/script/rollback", map[string]any{"version": 0, "reason": "as it was"}, &v); status != 200 || v.Version != 2 {
			t.Fatalf("roll back: %d, %+v", status, v)
		}
		awaitScript(t, 2, here, there)
		if greeted, told := reads(t, there); greeted == words || !strings.HasPrefix(told, "Your formal complaint is registered under the number ") {
			t.Errorf("the other node still greets with %q, and registers a complaint with %q", greeted, told)
		}
		// A node that starts now begins with what was published.
		if third := openNode(t, url, c); third.engine.ScriptVersion() != 2 {
			t.Errorf("a new node begins with version %d", third.engine.ScriptVersion())
		}
	})
}

// edit has the draft greet, and register complaints, with other words.
func (c caller) edit(t *testing.T, from chat.ScriptVersion, path, words string) chat.ScriptVersion {
	t.Helper()
	var file struct{ Text string }
	if status := c.call("GET", "/script/file?path="+url.QueryEscape(path), nil, &file); status != 200 {
		t.Fatalf("read %s: %d", path, status)
	}
	at := strings.Index(file.Text, "  greeting:\n") + len("  greeting:\n")
	changed := file.Text[:at] + "    - \"" + words + "\"\n" + file.Text[at+strings.Index(file.Text[at:], "  greeting_named:"):]
	changed = strings.Replace(changed, "complaint.registered: [\"", "complaint.registered: [\""+words+" {number} {time}\", \"", 1)
	var draft chat.ScriptVersion
	if status := c.call("PUT", "/script/draft", map[string]any{"revision": from.Revision, "base": from.Base, "files": map[string]any{path: changed}}, &draft); status != 200 || draft.Revision <= from.Revision {
		t.Fatalf("edit: %d, %+v", status, draft)
	}
	return draft
}

func awaitScript(t *testing.T, version int64, nodes ...testApp) {
	t.Helper()
	deadline := time.After(60 * time.Second)
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for _, n := range nodes {
		for n.engine.ScriptVersion() != version {
			select {
			case <-tick.C:
			case <-deadline:
				t.Fatalf("a node stays at script %d, not %d", n.engine.ScriptVersion(), version)
			}
		}
	}
}

// reads gives the first words that a new visitor reads, and those that tell of their complaint.
func reads(t *testing.T, a testApp) (greeted, told string) {
	t.Helper()
	c := dial(t, a.base, client.Hello{Locale: "en"})
	next := func() client.Event {
		for {
			f, err := c.Next(20 * time.Second)
			if err != nil {
				t.Fatal(err)
			}
			if e, err := f.Event(); err == nil && f.Type == "event" && e.Kind == "message" {
				return e
			}
		}
	}
	first := next()
	if _, err := a.care.Complain(t.Context(), "", first.Conversation); err != nil {
		t.Fatal(err)
	}
	return first.Text, next().Text
}

// TestTheSandboxIsForTheStaff asks for the trial widget as nobody and as staff, and has the sandbox learn the draft.
func TestTheSandboxIsForTheStaff(t *testing.T) {
	a := openApp(t, storagetest.SQLiteURL(t), 20*time.Millisecond)
	for _, path := range []string{"/trial/w/loader.js", "/trial/ws", "/trial/w/"} {
		resp, err := http.Get(a.base + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s as nobody: %d", path, resp.StatusCode)
		}
	}
	admin := a.administrator(t)
	admin.edit(t, chat.ScriptVersion{}, "texts/en.yaml", "Only a draft.")
	var r studio.Rehearsal
	deadline := time.After(60 * time.Second)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for r.Stage != studio.Ready {
		if status := admin.call("POST", "/script/rehearse", nil, &r); status != 200 || r.Stage == studio.Failed {
			t.Fatalf("rehearse: %d, %+v", status, r)
		}
		select {
		case <-tick.C:
		case <-deadline:
			t.Fatalf("never ready: %+v", r)
		}
	}
	if r.Before["en"].All == 0 || r.Before["en"] != r.After["en"] {
		t.Errorf("the same examples, and %+v became %+v", r.Before["en"], r.After["en"])
	}
	if got := a.trial.open.engine.Greeting("en", "").Text; got != "Only a draft." {
		t.Errorf("the sandbox greets %q", got)
	}
	if got := a.engine.Greeting("en", "").Text; got == "Only a draft." {
		t.Error("the draft is live")
	}
	if status := admin.call("GET", "/script/trials/nobody-said-this", nil, nil); status != 404 {
		t.Errorf("a trial that never was: %d", status)
	}
	var groups struct{ Groups []studio.Unanswered }
	converse(t, a.base, []string{"blorp fnord wibble", "xyzzy plugh quux"})
	if status := admin.call("GET", "/script/unanswered", nil, &groups); status != 200 || len(groups.Groups) == 0 || !strings.Contains("blorp fnord wibble xyzzy plugh quux", groups.Groups[0].Text) {
		t.Errorf("unanswered: %d, %+v", status, groups)
	}
}
