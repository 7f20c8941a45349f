package server

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"ombud/chat"
	"ombud/server/frame"
)

// places are conversations with everybody's relation to them: "ann" holds mine, "bea" holds theirs.
type places struct{ mine, theirs, waiting, above, bots, closed, took string }

// seed stores conversations of different visitors; took is closed, and ann wrote in it.
func (m *memory) seed(t *testing.T) places {
	t.Helper()
	say := func(role chat.Role, sender string) chat.Event {
		return event(chat.KindMessage, role, sender, chat.Message{Text: "hi"})
	}
	asked := func(level int) chat.Event {
		return event(chat.KindHandoffRequested, chat.RoleBot, "", chat.Handoff{ID: newID(), Level: level, Reason: "asked_for_human", Severity: "low"})
	}
	claimed := func(by string) chat.Event {
		return event(chat.KindHandoffClaimed, chat.RoleAgent, by, chat.Claimed{Agent: by})
	}
	gone := event(chat.KindClosed, chat.RoleSystem, "", chat.Closed{})
	return places{
		mine: m.log(t, "v1", asked(1), claimed("ann")), theirs: m.log(t, "v2", asked(1), claimed("bea"), say(chat.RoleAgent, "bea")),
		waiting: m.log(t, "v3", asked(1)), above: m.log(t, "v4", asked(3)), bots: m.log(t, "v5", say(chat.RoleVisitor, "v5")),
		closed: m.log(t, "v6", asked(1), claimed("bea"), gone), took: m.log(t, "v7", asked(1), claimed("ann"), gone),
	}
}

func event(kind chat.Kind, role chat.Role, sender string, body any) chat.Event {
	return chat.Event{Kind: kind, Role: role, Sender: sender, At: time.Now().UTC(), Body: must(json.Marshal(body))}
}

// log stores a conversation of the visitor, and gives its id.
func (m *memory) log(t *testing.T, visitor string, events ...chat.Event) string {
	t.Helper()
	id := newID()
	opened := event(chat.KindOpened, chat.RoleSystem, "", chat.Opened{Site: "demo", Visitor: visitor})
	if _, err := m.Append(context.Background(), chat.Append{Conversation: id, Events: append([]chat.Event{opened}, events...)}); err != nil {
		t.Fatal(err)
	}
	m.mu.Lock()
	m.visitors[visitor] = chat.Visitor{ID: visitor, Site: "demo"}
	m.mu.Unlock()
	return id
}

// right is what a grade gets from a route: may it call it at all, and which objects does it see.
type right struct {
	least  chat.Grade // "" for everybody
	object string     // conversation, visitor, user, site or "" for none
}

// rights has a row for every route; a route without one fails the test.
var rights = map[string]right{
	"POST /api/v1/session": {}, "DELETE /api/v1/session": {}, "POST /api/v1/session/link": {}, "GET /api/v1/setup": {}, "POST /api/v1/setup": {},
	"GET /api/v1/sites/{id}/widget": {object: "site"},
	"GET /api/v1/me":                {least: "agent"}, "POST /api/v1/me/password": {least: "agent"}, "GET /api/v1/queue": {least: "agent"}, "GET /api/v1/causes": {least: "agent"},
	"GET /api/v1/conversations/{id}": {"agent", "conversation"}, "GET /api/v1/conversations/{id}/events": {"agent", "conversation"},
	"GET /api/v1/conversations/{id}/brief": {"agent", "conversation"}, "GET /api/v1/visitors/{id}/conversations": {"agent", "visitor"},
	"GET /api/v1/users": {least: "supervisor"}, "POST /api/v1/users": {least: "admin"}, "PUT /api/v1/users/{id}": {"admin", "user"},
	"POST /api/v1/users/{id}/link": {"admin", "user"}, "GET /api/v1/sites": {least: "admin"}, "PUT /api/v1/sites/{id}": {least: "admin"},
	"GET /api/v1/policies": {least: "supervisor"}, "POST /api/v1/policies": {least: "admin"}, "POST /api/v1/policies/replay": {least: "supervisor"},
	"PUT /api/v1/causes/{id}": {least: "admin"}, "DELETE /api/v1/causes/{id}": {least: "admin"}, "GET /api/v1/alerts": {least: "supervisor"},
	"POST /api/v1/alerts/{id}/notice": {least: "admin"}, "GET /api/v1/notices": {least: "supervisor"}, "DELETE /api/v1/notices/{id}": {least: "admin"},
	"GET /api/v1/webhooks": {least: "admin"}, "PUT /api/v1/webhooks": {least: "admin"}, "PUT /api/v1/survey": {least: "admin"},
	"GET /api/v1/jobs/dead": {least: "admin"}, "POST /api/v1/jobs/{id}/retry": {least: "admin"}, "GET /api/v1/reports/resolution": {least: "supervisor"},
	"POST /api/v1/conversations/{id}/complaint": {"agent", "conversation"},
	"GET /api/v1/policies/live":                 {least: "supervisor"}, "GET /api/v1/policies/fields": {least: "supervisor"}, "POST /api/v1/policies/sweep": {least: "supervisor"},
	"GET /api/v1/canned": {least: "agent"}, "PUT /api/v1/canned/{id}": {least: "admin"}, "DELETE /api/v1/canned/{id}": {least: "admin"},
	"GET /api/v1/search": {least: "agent"}, "GET /api/v1/tone": {least: "agent"}, "GET /api/v1/wall": {least: "supervisor"},
	"GET /api/v1/rules": {least: "agent"}, "PUT /api/v1/rules": {least: "admin"}, "GET /api/v1/survey": {least: "agent"}, "GET /api/v1/reports/waits": {least: "supervisor"},
	"GET /api/v1/visitors/{id}": {"agent", "visitor"}, "DELETE /api/v1/visitors/{id}": {least: "admin"},
	"POST /api/v1/sites/{id}/transcript": {object: "site"}, "GET /api/v1/sites/{id}/survey": {object: "site"}, "GET /api/v1/sites/{id}/opener": {object: "site"},
	"POST /api/v1/sites/{id}/files": {object: "site"}, "GET /api/v1/sites/{id}/files/{file}": {object: "site"},
	"POST /api/v1/conversations/{id}/suggestion": {"agent", "conversation"},
	"POST /api/v1/conversations/{id}/files":      {"agent", "conversation"}, "GET /api/v1/conversations/{id}/files/{file}": {"agent", "conversation"},
	"GET /api/v1/reports": {least: "supervisor"}, "GET /api/v1/reports/conversations": {least: "supervisor"},
	"GET /api/v1/reports/sheet": {least: "supervisor"}, "GET /api/v1/reports/conversations/sheet": {least: "admin"},
	"GET /api/v1/articles": {least: "agent"}, "POST /api/v1/articles": {least: "admin"}, "GET /api/v1/articles/{id}": {least: "agent"}, "PUT /api/v1/articles/{id}": {least: "admin"},
	"GET /api/v1/articles/{id}/versions/{version}": {least: "agent"}, "POST /api/v1/articles/import": {least: "admin"}, "POST /api/v1/articles/try": {least: "agent"},
	"GET /api/v1/policies/diff": {least: "supervisor"}, "POST /api/v1/policies/rollback": {least: "admin"},
}

var bodies = map[string]string{
	"POST /api/v1/users":                 `{"name":"N","email":"n@example.com","grade":"agent","level":1}`,
	"PUT /api/v1/users/{id}":             `{"name":"N","email":"n@example.com","grade":"agent","level":1}`,
	"PUT /api/v1/sites/{id}":             `{"name":"N","origins":[]}`,
	"POST /api/v1/policies":              `{"version":1,"reason":"r","data":{}}`,
	"PUT /api/v1/causes/{id}":            `{"name":"N"}`,
	"PUT /api/v1/canned/{id}":            `{"texts":{"en":{"key":"k","title":"T","text":"Hello {name}"}}}`,
	"POST /api/v1/alerts/{id}/notice":    `{"texts":{"en":"x"}}`,
	"PUT /api/v1/webhooks":               `{"webhooks":[]}`,
	"PUT /api/v1/survey":                 `{"hours":24}`,
	"POST /api/v1/sites/{id}/transcript": `{"conversation":"c","email":"a@example.com"}`,
	"PUT /api/v1/rules":                  `{"version":"0","reason":"r","rules":{}}`,
	"POST /api/v1/policies/replay":       `{"data":{}}`,
	"POST /api/v1/policies/sweep":        `{"data":{},"field":"answer_at"}`,
	"POST /api/v1/articles":              `{"title":"T","body":"b","language":"en","state":"draft"}`,
	"PUT /api/v1/articles/{id}":          `{"version":2,"title":"T","body":"b","state":"draft"}`,
	"POST /api/v1/articles/import":       `{"language":"en","state":"draft","files":[{"name":"a.md","text":"x"}]}`,
	"POST /api/v1/articles/try":          `{"text":"x","language":"en"}`,
	"POST /api/v1/policies/rollback":     `{"version":1,"reason":"r"}`,
	"POST /api/v1/me/password":           `{"old":"x","new":"y"}`,
	"POST /api/v1/session":               `{"email":"a@b","password":"x"}`,
	"POST /api/v1/session/link":          `{"token":"x"}`,
	"POST /api/v1/setup":                 `{"token":"x","name":"n","email":"a@b","password":"x"}`,
}

// TestEveryRouteAsksWhoYouAre calls every route as nobody and as each grade.
func TestEveryRouteAsksWhoYouAre(t *testing.T) {
	w := newWorld(t)
	p := w.mem.seed(t)
	callers := map[chat.Grade]*browser{"": w.browser()}
	for _, g := range []chat.Grade{chat.GradeAgent, chat.GradeSupervisor, chat.GradeAdmin} {
		w.addUser("the-"+string(g), g)
		b := w.browser()
		b.header = http.Header{"Authorization": {"Bearer " + w.addKey("the-"+string(g))}}
		callers[g] = b
	}
	seen := 0
	for path, item := range w.s.rest.OpenAPI().Paths {
		for method, op := range map[string]any{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete, "PATCH": item.Patch, "HEAD": item.Head} {
			if isNil(op) {
				continue
			}
			seen++
			name := method + " " + path
			r, ok := rights[name]
			if !ok {
				t.Errorf("%s has no row: who may call it?", name)
				continue
			}
			for grade, b := range callers {
				id := map[string]string{"conversation": p.waiting, "visitor": "v3", "user": "the-agent", "site": "demo"}[r.object]
				var body any
				if text := bodies[name]; text != "" {
					body = json.RawMessage(text)
				}
				if id == "" {
					id = "fresh"
				}
				status, out := b.do(method, strings.Replace(path, "{id}", id, 1), body)
				switch {
				case r.least != "" && grade == "":
					if status != http.StatusUnauthorized {
						t.Errorf("%s as nobody: %d %v", name, status, out)
					}
				case r.least != "" && !grade.Includes(r.least):
					if status != http.StatusForbidden {
						t.Errorf("%s as %s: %d %v", name, grade, status, out)
					}
				case r.least != "" && (status == http.StatusUnauthorized || status == http.StatusForbidden || status == http.StatusInternalServerError):
					t.Errorf("%s as %s: %d %v", name, grade, status, out)
				}
			}
		}
	}
	if seen != len(rights) {
		t.Errorf("%d routes, %d rows", seen, len(rights))
	}
}

// TestObjectsAreSeenByWhomTheyConcern takes every route with a conversation or visitor in it, and every frame that names
// a conversation, through who may see what. Foreign and absent look the same.
func TestObjectsAreSeenByWhomTheyConcern(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.AgentSays, o.Limits.AgentBurst, o.Limits.FramesBurst = 1e6, 1e6, 1e6 })
	p := w.mem.seed(t)
	earlier := p.closed
	again := w.mem.log(t, "v6", event(chat.KindHandoffRequested, chat.RoleBot, "", chat.Handoff{Level: 1}), event(chat.KindHandoffClaimed, chat.RoleAgent, "ann", chat.Claimed{Agent: "ann"}))
	w.addUser("ann", chat.GradeAgent)
	w.addUser("bea", chat.GradeAgent)
	w.addUser("sue", chat.GradeSupervisor)
	sees := map[string]map[string]bool{
		"ann": {p.mine: true, p.theirs: false, p.waiting: true, p.above: false, p.bots: false, earlier: true, again: true, p.took: true, "nothing": false},
		"bea": {p.mine: false, p.theirs: true, p.waiting: true, p.above: false, p.bots: false, earlier: true, again: false, p.took: false, "nothing": false},
		"sue": {p.mine: true, p.theirs: true, p.waiting: true, p.above: true, p.bots: true, earlier: true, again: true, p.took: true, "nothing": false},
	}
	for user, rows := range sees {
		b := w.browser()
		b.header = http.Header{"Authorization": {"Bearer " + w.addKey(user)}}
		c := w.agent(user)
		absent := ""
		for _, tail := range []string{"", "/events"} {
			_, raw, _ := b.raw("GET", "/api/v1/conversations/"+newID()+tail, nil)
			absent = string(raw)
		}
		for id, may := range rows {
			for _, tail := range []string{"", "/events"} {
				status, raw, _ := b.raw("GET", "/api/v1/conversations/"+id+tail, nil)
				if may != (status == 200) || !may && (status != 404 || string(raw) != absent) {
					t.Errorf("%s GET %s%s: %d %s", user, id, tail, status, raw)
				}
			}
			c.send("open", map[string]any{"id": "o", "conversation": id})
			if a := c.answer("o"); may != (a.Type == "ack") || !may && a.str("code") != "not_found" {
				t.Errorf("%s open %s: %s", user, id, a.raw)
			}
			if may {
				continue
			}
			for i := range frame.Shapes {
				foreignFrame(t, c, &frame.Shapes[i], user, id)
			}
		}
		for range many(t, "OMBUD_TEST_IDS", 300) { // nor does guessing help
			if status, raw, _ := b.raw("GET", "/api/v1/conversations/"+newID()+"/events", nil); status != 404 || string(raw) != absent {
				t.Fatalf("%s guessed: %d %s", user, status, raw)
			}
		}
		for visitor, may := range map[string]bool{"v1": user != "bea", "v2": user != "ann", "v5": user == "sue", "v6": user != "bea", "v99": false} {
			for _, tail := range []string{"", "/conversations"} {
				if status, out := b.do("GET", "/api/v1/visitors/"+visitor+tail, nil); may != (status == 200) || !may && status != 404 {
					t.Errorf("%s visitor %s%s: %d %v", user, visitor, tail, status, out)
				}
			}
		}
	}
}

// foreignFrame sends a frame about a conversation that the user may not see.
func foreignFrame(t *testing.T, c *socket, s *frame.Shape, user, id string) {
	t.Helper()
	data := map[string]any{"id": "f"}
	about := false
	for _, f := range s.Fields {
		switch {
		case f.Name == "conversation":
			data[f.Name], about = id, s.From == frame.Agent
		case f.Required && f.Kind == frame.KindTime:
			data[f.Name] = "2026-05-04T10:00:00Z"
		case f.Required && f.Enum != nil:
			data[f.Name] = f.Enum[0]
		case f.Required && f.Kind == frame.KindInt:
			data[f.Name] = 2
		case f.Required && f.Name != "id":
			data[f.Name] = "x"
		}
	}
	if !about {
		return
	}
	b := must(json.Marshal(map[string]any{"type": s.Type, "seq": 1, "data": data}))
	c.write(string(b))
	a := c.answer("f")
	// Who could have taken a chat and comes too late learns who has it, and nothing else.
	late := s.Type == "claim" && a.str("code") == "taken" && a.Data["agent"] != nil && a.Data["text"] == nil
	if a.str("code") != "not_found" && !late {
		t.Errorf("%s %s %s: %s", user, s.Type, id, a.raw)
	}
}

// TestVisitorsStayInTheirOwnConversation holds that no frame of a visitor can name another conversation.
func TestVisitorsStayInTheirOwnConversation(t *testing.T) {
	w := newWorld(t)
	_, first := w.visitor("", 0)
	c, second := w.visitor("", 0)
	c.write(`{"type":"say","data":{"id":"x","conversation":"` + first.str("conversation") + `","text":"hi"}}`)
	if a := c.answer("x"); a.str("code") != "unknown_field" || a.str("field") != "conversation" {
		t.Errorf("%s", a.raw)
	}
	for _, typ := range []string{"open", "claim", "note", "close", "take_over", "presence"} {
		c.send(typ, map[string]any{"id": "y", "conversation": first.str("conversation")})
		if a := c.await("error"); a.str("code") != "unknown_type" {
			t.Errorf("%s: %s", typ, a.raw)
		}
	}
	d := w.dial(nil)
	d.send("hello", map[string]any{"site": "demo", "token": second.str("token"), "conversation": first.str("conversation"), "since": 1})
	if f := d.await("welcome"); f.str("conversation") != second.str("conversation") || f.Data["reset"] != true {
		t.Errorf("%s", f.raw)
	}
	if e := d.await("event"); e.Seq != 1 {
		t.Errorf("after a reset all follows: %s", e.raw)
	}
}

func TestASinceBeyondTheLogResets(t *testing.T) {
	w := newWorld(t)
	_, first := w.visitor("", 0)
	_, again := w.visitor(first.str("token"), 1_000_000)
	if again.Data["reset"] != true {
		t.Errorf("%s", again.raw)
	}
}

// TestQueueShowsWhatFits holds board frames and the REST queue against each other.
func TestQueueShowsWhatFits(t *testing.T) {
	mem := newMemory()
	p := mem.seed(t)
	w := newNode(t, mem, &wire{})
	w.addUser("ann", chat.GradeAgent)
	w.addUser("sue", chat.GradeSupervisor)
	for user, want := range map[string][]string{"ann": {p.mine, p.waiting}, "sue": {p.mine, p.theirs, p.waiting, p.above}} {
		c := w.dial(nil)
		key := w.addKey(user)
		c.send("hello", map[string]any{"token": key})
		snapshot := c.await("queue")
		b := w.browser()
		b.header = http.Header{"Authorization": {"Bearer " + key}}
		_, rest := b.do("GET", "/api/v1/queue", nil)
		for source, items := range map[string]any{"socket": snapshot.Data["items"], "REST": rest["items"]} {
			got := map[string]bool{}
			for _, it := range items.([]any) {
				got[it.(map[string]any)["conversation"].(string)] = true
			}
			for _, id := range want {
				if !got[id] {
					t.Errorf("%s: %s does not see %s", source, user, id)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%s: %s sees %d, want %d", source, user, len(got), len(want))
			}
		}
	}
}
