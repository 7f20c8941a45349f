package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/chat"
)

// shelf keeps ready replies in memory, as *storage.DB does on disk, and finds whatever it was given to find.
type shelf struct {
	mu    sync.Mutex
	all   []chat.CannedReply
	found chat.Found
	asked chat.Search
}

func (s *shelf) CannedReplies(context.Context) ([]chat.CannedReply, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]chat.CannedReply{}, s.all...), nil
}

func (s *shelf) SaveCannedReply(_ context.Context, r chat.CannedReply) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.all {
		if s.all[i].ID == r.ID {
			s.all[i] = r
			return nil
		}
	}
	s.all = append(s.all, r)
	return nil
}

func (s *shelf) AddCannedReply(_ context.Context, r chat.CannedReply) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if slices.ContainsFunc(s.all, func(o chat.CannedReply) bool { return o.ID == r.ID }) {
		return chat.ErrStale
	}
	s.all = append(s.all, r)
	return nil
}

func (s *shelf) SwapCannedReply(_ context.Context, r chat.CannedReply, was time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.all {
		if s.all[i].ID == r.ID && s.all[i].UpdatedAt.Equal(was) {
			s.all[i] = r
			return nil
		}
	}
	return chat.ErrStale
}

func (s *shelf) RemoveCannedReply(_ context.Context, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.all {
		if s.all[i].ID == id {
			s.all = append(s.all[:i:i], s.all[i+1:]...)
			return nil
		}
	}
	return chat.ErrNotFound
}

func TestAdminsKeepReadyReplies(t *testing.T) {
	desk := &shelf{}
	w := newNode(t, newMemory(), &wire{}, func(o *Options) { o.Desk = desk })
	as := func(id string, grade chat.Grade) *browser {
		w.addUser(id, grade)
		b := w.browser()
		b.header = http.Header{"Authorization": {"Bearer " + w.addKey(id)}}
		return b
	}
	admin, agent := as("ada", chat.GradeAdmin), as("ann", chat.GradeAgent)
	put := func(id string, texts map[string]any) (int, map[string]any) {
		return admin.do("PUT", "/api/v1/canned/"+id, map[string]any{"texts": texts})
	}
	words := func(key, text string) map[string]any { return map[string]any{"key": key, "title": "T", "text": text} }
	if status, out := put("late", map[string]any{"en": words("late", "Dear {name}, {order} is late."), "hu": words("keso", "Elnézést.")}); status != 200 {
		t.Fatalf("save: %d %v", status, out)
	}
	for name, c := range map[string]struct {
		texts       map[string]any
		field, code string
	}{
		"a key of another":  {map[string]any{"en": words("LATE", "x")}, "texts.en.key", "taken"},
		"unknown variable":  {map[string]any{"en": words("a", "Dear {nmae}")}, "texts.en.text", "variable"},
		"open brace":        {map[string]any{"en": words("a", "Dear {name")}, "texts.en.text", "variable"},
		"blank in key":      {map[string]any{"en": words("a b", "x")}, "texts.en.key", "key"},
		"no words":          {map[string]any{"hu": words("a", " ")}, "texts.hu.text", "empty"},
		"control character": {map[string]any{"hu": words("a", "x\x07")}, "texts.hu.text", "control"},
		"too long":          {map[string]any{"hu": words("a", strings.Repeat("x", longestCanned+1))}, "texts.hu.text", "too_large"},
		"no language":       {map[string]any{"english": words("a", "x")}, "texts", "language"},
	} {
		status, out := put("other", c.texts)
		if status != 422 && status != 413 || out["field"] != c.field {
			t.Errorf("%s: %d %v, want field %s (%s)", name, status, out, c.field, c.code)
		}
	}
	if status, out := put("late", map[string]any{"en": words("late", "Changed.")}); status != 200 {
		t.Errorf("its own key again: %d %v", status, out)
	}
	status, out := agent.do("GET", "/api/v1/canned", nil)
	all, _ := out["replies"].([]any)
	if status != 200 || len(all) != 1 || len(out["variables"].([]any)) != len(chat.CannedVariables) {
		t.Fatalf("agents read: %d %v", status, out)
	}
	version := all[0].(map[string]any)["version"]
	for _, try := range []struct {
		id, version any
		want        int
	}{{"late", version, 200}, {"late", version, 409}, {"late", "new", 409}, {"another", "new", 200}, {"gone", version, 409}} {
		body := map[string]any{"version": try.version, "texts": map[string]any{"en": words(try.id.(string), "Changed.")}}
		if status, out := admin.do("PUT", fmt.Sprint("/api/v1/canned/", try.id), body); status != try.want || try.want == 409 && out["code"] != "stale" {
			t.Errorf("%s from version %v: %d %v", try.id, try.version, status, out)
		}
	}
	if status, out := admin.do("DELETE", "/api/v1/canned/another", nil); status != 200 {
		t.Errorf("remove: %d %v", status, out)
	}
	if r := all[0].(map[string]any); r["updated_by"] != "ada" || r["texts"].(map[string]any)["en"].(map[string]any)["text"] != "Changed." {
		t.Errorf("%v", r)
	}
	if status, out := admin.do("DELETE", "/api/v1/canned/late", nil); status != 200 || len(out["replies"].([]any)) != 0 {
		t.Errorf("remove: %d %v", status, out)
	}
	if status, _ := admin.do("DELETE", "/api/v1/canned/late", nil); status != 404 {
		t.Errorf("remove again: %d", status)
	}
	if n := len(w.mem.audit); n != 6 {
		t.Errorf("%d audit entries, want 6: four saves and two removals", n)
	}
}

// Two admins begin the same reply at once: neither sees it in what was there a moment ago.
func TestTwoNewRepliesOfOneIDAreNotMixedUp(t *testing.T) {
	s := &shelf{}
	for n, want := range []error{nil, chat.ErrStale} {
		r := chat.CannedReply{ID: "late", UpdatedBy: fmt.Sprint("admin", n)}
		if err := storeCanned(t.Context(), s, r, nil, newCanned); !errors.Is(err, want) {
			t.Errorf("admin %d: %v, want %v", n, err, want)
		}
	}
	if len(s.all) != 1 || s.all[0].UpdatedBy != "admin0" {
		t.Errorf("kept: %+v", s.all)
	}
}
