package server

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/handoff"
)

// newOffice is a world in which administrators find all that they look after.
func newOffice(t *testing.T, change ...func(*Options)) (*world, *office) {
	mem := newMemory()
	o := &office{memory: mem, saw: make(chan struct{}, 100)}
	mem.settings[settingCauses] = json.RawMessage(`[{"id":"old","name":"Old"}]`)
	mem.settings[SettingProducts] = json.RawMessage(`[{"id":"old","name":"Old"}]`)
	mem.settings["notices"] = json.RawMessage(`[{"topic":"order_status","texts":{"en":"x"}}]`)
	all := append([]func(*Options){func(x *Options) {
		x.Admin, x.Upkeep, x.Dead, x.Desk = o, keeps{mem}, grave{}, &shelf{}
		x.Policy, x.Eraser = &strict{}, eraser{mem}
		shelves := newBookcase(t)
		if _, err := shelves.SaveArticle(t.Context(), chat.Article{ID: "the-article", Slug: "old", Language: "en"}, chat.ArticleVersion{Version: 1, Title: "T", Body: "b", State: chat.ArticleDraft}); err != nil {
			t.Fatal(err)
		}
		x.Articles, x.Library = shelves, shelves
	}}, change...)
	w := newNode(t, mem, &wire{}, all...)
	return w, o
}

// eraser takes the visitor away; what becomes of the log is storage's to show.
type eraser struct{ *memory }

func (e eraser) EraseVisitor(ctx context.Context, visitor string, why chat.Erasure, at time.Time) (int, error) {
	e.mu.Lock()
	_, there := e.visitors[visitor]
	delete(e.visitors, visitor)
	e.mu.Unlock()
	if !there && visitor != "the-visitor" {
		return 0, chat.ErrNotFound
	}
	return 1, e.Audit(ctx, chat.AuditEntry{At: at, By: why.By, What: "visitor.erase", Object: visitor})
}

// changed is a request that changes something, and what the audit log then says.
type changed struct{ path, body, what string }

// changes has a row for every route of the administration that changes something; a route without one fails the test.
var changes = map[string]changed{
	"POST /api/v1/users":                       {body: `{"name":"N","email":"n@example.com","grade":"agent","level":1}`, what: "user.create"},
	"PUT /api/v1/users/{id}":                   {path: "/users/ann", body: `{"name":"N","email":"m@example.com","grade":"agent","level":1}`, what: "user.change"},
	"POST /api/v1/users/{id}/link":             {path: "/users/ann/link", what: "user.link"},
	"POST /api/v1/users/{id}/invite":           {path: "/users/ann/invite", body: `{"base":"https://chat.example.com"}`, what: "user.reset"},
	"POST /api/v1/users/{id}/tokens":           {path: "/users/ann/tokens", body: `{"name":"N"}`, what: "token.create"},
	"DELETE /api/v1/users/{id}/tokens/{token}": {path: "/users/ann/tokens/the-token", what: "token.revoke"},
	"PUT /api/v1/sites/{id}":                   {path: "/sites/demo", body: `{"name":"N","origins":[]}`, what: "site.save"},
	"POST /api/v1/sites/{id}/keys":             {path: "/sites/demo/keys", what: "site.key.add"},
	"DELETE /api/v1/sites/{id}/keys/{key}":     {path: "/sites/demo/keys/" + fingerprint("a-key"), what: "site.key.remove"},
	"POST /api/v1/policies":                    {body: `{"version":%d,"reason":"r","data":{"answer_at":1}}`, what: "policy.save"},
	"POST /api/v1/policies/rollback":           {body: `{"version":1,"reason":"r"}`, what: "policy.save"},
	"PUT /api/v1/causes/{id}":                  {path: "/causes/new", body: `{"name":"N"}`, what: "cause.save"},
	"DELETE /api/v1/visitors/{id}":             {path: "/visitors/the-visitor", what: "visitor.erase"},
	"DELETE /api/v1/causes/{id}":               {path: "/causes/old", what: "cause.remove"},
	"PUT /api/v1/products/{id}":                {path: "/products/new", body: `{"name":"N"}`, what: "product.save"},
	"DELETE /api/v1/products/{id}":             {path: "/products/old", what: "product.remove"},
	"POST /api/v1/alerts/{id}/notice":          {path: "/alerts/the-alert/notice", body: `{"texts":{"en":"x"}}`, what: "notice.save"},
	"DELETE /api/v1/notices/{id}":              {path: "/notices/order_status", what: "notice.remove"},
	"PUT /api/v1/webhooks":                     {body: `{"webhooks":[{"url":"https://hooks.example.com/x"}]}`, what: "webhooks.save"},
	"PUT /api/v1/survey":                       {body: `{"hours":30,"reopen":3,"texts":{"en":"How was it?"}}`, what: "survey.save"},
	"POST /api/v1/jobs/{id}/retry":             {path: "/jobs/1/retry", what: "job.retry"},
	"PUT /api/v1/rules":                        {what: "rules.save"},
	"PUT /api/v1/canned/{id}":                  {path: "/canned/new", body: `{"texts":{"en":{"key":"k","title":"T","text":"x"}}}`, what: "canned.save"},
	"DELETE /api/v1/canned/{id}":               {path: "/canned/new", what: "canned.remove"},
	"POST /api/v1/articles":                    {body: `{"title":"New","body":"b","language":"en","state":"draft"}`, what: "article.save"},
	"PUT /api/v1/articles/{id}":                {path: "/articles/the-article", body: `{"version":2,"title":"T","body":"b","state":"approved"}`, what: "article.approve"},
	"POST /api/v1/articles/import":             {body: `{"language":"en","state":"draft","files":[{"name":"a.md","text":"# A\n\nx"}]}`, what: "article.save"},
	"GET /api/v1/audit/export":                 {what: "audit.export"},
}

// questions are the routes of the administration that change nothing, though their method says otherwise.
var questions = []string{"POST /api/v1/policies/replay", "POST /api/v1/policies/sweep", "POST /api/v1/policies/staffing"}

// TestEveryChangeByAnAdminIsInTheAuditLog makes a change by every route of the administration.
func TestEveryChangeByAnAdminIsInTheAuditLog(t *testing.T) {
	w, o := newOffice(t)
	w.addUser("ann", chat.GradeAgent)
	w.mem.policies = []chat.PolicyVersion{{Version: 1, Data: json.RawMessage(`{"answer_at":1}`)}}
	o.tokens = []chat.APIToken{{ID: "the-token", User: "ann", Hash: "h"}}
	site := w.mem.sites["demo"]
	site.Settings.IdentityKeys = []string{"a-key"}
	w.mem.sites["demo"] = site
	b := w.browser()
	w.addUser("the-admin", chat.GradeAdmin)
	b.header = http.Header{"Authorization": {"Bearer " + w.addKey("the-admin")}}
	rules := changes["PUT /api/v1/rules"]
	rules.body = string(must(json.Marshal(map[string]any{"version": "0", "reason": "r", "rules": handoff.DefaultRules()})))
	changes["PUT /api/v1/rules"] = rules
	seen := 0
	var names []string
	for path, item := range w.s.rest.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "DELETE": item.Delete, "PATCH": item.Patch} {
			if op == nil {
				continue
			}
			_, row := changes[method+" "+path]
			if row || method != "GET" && slices.Contains(op.Tags, tagAdmin) {
				names = append(names, method+" "+path)
			}
		}
	}
	slices.Sort(names)
	slices.Reverse(names) // what is removed was put there before
	for _, name := range names {
		c, ok := changes[name]
		if !ok {
			if !slices.Contains(questions, name) {
				t.Errorf("%s has no row: which request makes it succeed, and what does the audit log say of it?", name)
			}
			continue
		}
		seen++
		method, path, _ := strings.Cut(name, " ")
		if c.path != "" {
			path = "/api/v1" + c.path
		}
		if strings.Contains(c.body, "%d") {
			c.body = fmt.Sprintf(c.body, len(w.mem.policies)+1)
		}
		var body any
		if c.body != "" {
			body = json.RawMessage(c.body)
		}
		before := len(w.mem.audit)
		status, raw, _ := b.raw(method, path, body)
		w.mem.mu.Lock()
		after := w.mem.audit[before:]
		w.mem.mu.Unlock()
		if status/100 != 2 || len(after) != 1 || after[0].What != c.what || after[0].By != "the-admin" || after[0].At.IsZero() {
			t.Errorf("%s: %d %s; in the audit log: %+v", name, status, raw, after)
		}
	}
	if seen != len(changes) {
		t.Errorf("%d routes, %d rows", seen, len(changes))
	}
}

func TestTheAuditLogIsReadByPageAndTakenAwayAsCSV(t *testing.T) {
	w, _ := newOffice(t)
	w.addUser("eve", chat.GradeAdmin, func(u *chat.User) { u.Name = "=Eve" })
	b := w.browser()
	b.header = http.Header{"Authorization": {"Bearer " + w.addKey("eve")}}
	for i := range 5 {
		w.mem.audit = append(w.mem.audit, chat.AuditEntry{By: "eve", What: "cause.save", Object: fmt.Sprint("=c", i), Detail: json.RawMessage(`{"a":1}`)})
	}
	w.mem.audit = append(w.mem.audit, chat.AuditEntry{By: "ann", What: "user.change", Object: "x"})
	var got []string
	path := "/api/v1/audit?limit=2&what=cause."
	for next := ""; ; {
		status, out := b.do("GET", path+next, nil)
		if status != 200 {
			t.Fatal(status, out)
		}
		for _, e := range out["entries"].([]any) {
			got = append(got, e.(map[string]any)["object"].(string))
		}
		if (next == "") != (out["kinds"] != nil) {
			t.Errorf("kinds stand on the first page alone: %v", out)
		}
		token, more := out["next"].(string)
		if !more {
			break
		}
		next = "&before=" + token
	}
	if text := strings.Join(got, " "); text != "=c4 =c3 =c2 =c1 =c0" {
		t.Errorf("page by page: %s", text)
	}
	if status, _ := b.do("GET", "/api/v1/audit?before=nonsense", nil); status != 422 {
		t.Errorf("a cursor that is none: %d", status)
	}
	status, raw, h := b.raw("GET", "/api/v1/audit/export?what=cause.", nil)
	text, marked := strings.CutPrefix(string(raw), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if status != 200 || !marked || err != nil || len(rows) != 6 || !strings.Contains(h.Get("Content-Disposition"), ".csv") {
		t.Fatalf("%d %v %v %q", status, err, h, raw)
	}
	if rows[1][2] != "'=Eve" || rows[1][4] != "'=c4" || rows[1][5] != `{"a":1}` {
		t.Errorf("a cell could be a formula: %q", rows[1])
	}
	if last := w.mem.audit[len(w.mem.audit)-1]; last.What != "audit.export" || last.By != "eve" || !strings.Contains(string(last.Detail), "cause.") {
		t.Errorf("the export is not in the log: %+v", last)
	}
}
