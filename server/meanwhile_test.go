package server

import (
	"net/http"
	"testing"

	"ombud/chat"
)

// TestADisableAtTheSameMomentStands has an admin disable somebody between the look at them and the write of their new password.
func TestADisableAtTheSameMomentStands(t *testing.T) {
	w, _ := newOffice(t)
	admin := w.asAdmin()
	disable := func(id string) func() {
		return func() {
			status, out := admin.do("PUT", "/api/v1/users/"+id, map[string]any{"name": "N", "email": id + "@example.com", "grade": "agent", "level": 1, "disabled": true})
			if status != 200 {
				t.Errorf("disable %s: %d %v", id, status, out)
			}
		}
	}
	w.addUser("ann", chat.GradeAgent)
	ann := w.signIn("ann")
	w.mem.between = disable("ann")
	if status, _ := ann.do("POST", "/api/v1/me/password", map[string]any{"old": secret, "new": secret + "!"}); status != http.StatusUnauthorized {
		t.Errorf("a new password while being disabled: %d", status)
	}
	w.addUser("bea", chat.GradeAgent)
	_, out := admin.do("POST", "/api/v1/users/bea/invite", map[string]any{"base": "https://chat.example.com"})
	w.mem.between = disable("bea")
	if status, _ := w.browser().do("POST", "/api/v1/session/password", map[string]any{"token": joinToken(t, out["url"]), "password": secret + "!"}); status != http.StatusForbidden {
		t.Errorf("a password by link while being disabled: %d", status)
	}
	for _, id := range []string{"ann", "bea"} {
		if u, err := w.mem.User(t.Context(), id); err != nil || !u.Disabled {
			t.Errorf("%s works here again: %+v %v", id, u, err)
		}
	}
}

// TestAnOldFormChangesNothing saves a user and a site from versions that are no longer the newest.
func TestAnOldFormChangesNothing(t *testing.T) {
	w, _ := newOffice(t)
	admin := w.asAdmin()
	w.addUser("ann", chat.GradeAgent, func(u *chat.User) { u.Version = 1 })
	user := map[string]any{"name": "N", "email": "ann@example.com", "grade": "agent", "level": 1, "disabled": true, "version": 1}
	if status, out := admin.do("PUT", "/api/v1/users/ann", user); status != 200 || out["version"] != 2.0 {
		t.Fatalf("%d %v", status, out)
	}
	user["disabled"] = false
	if status, out := admin.do("PUT", "/api/v1/users/ann", user); status != 409 || out["code"] != "stale" {
		t.Errorf("a user from an old form: %d %v", status, out)
	}
	site := map[string]any{"name": "Shop", "origins": []string{shopOrigin}}
	status, out := admin.do("PUT", "/api/v1/sites/demo", site)
	if status != 200 {
		t.Fatalf("%d %v", status, out)
	}
	site["version"] = out["version"]
	if status, out := admin.do("POST", "/api/v1/sites/demo/keys", nil); status != 200 {
		t.Fatalf("%d %v", status, out)
	}
	if status, out := admin.do("PUT", "/api/v1/sites/demo", site); status != 409 || out["code"] != "stale" {
		t.Errorf("a site from an old form: %d %v", status, out)
	}
	if u, _ := w.mem.User(t.Context(), "ann"); !u.Disabled {
		t.Error("the old form let ann in again")
	}
}

// TestTwoAdminsWhoChangeAListBothFindTheirChange has a second cause saved between the read and the write of the first.
func TestTwoAdminsWhoChangeAListBothFindTheirChange(t *testing.T) {
	w, _ := newOffice(t)
	admin, other := w.asAdmin(), w.asAdmin()
	w.mem.between = func() {
		if status, out := other.do("PUT", "/api/v1/causes/second", map[string]any{"name": "Second"}); status != 200 {
			t.Errorf("%d %v", status, out)
		}
	}
	status, out := admin.do("PUT", "/api/v1/causes/first", map[string]any{"name": "First"})
	if causes, _ := out["causes"].([]any); status != 200 || len(causes) != 3 { // and the old one
		t.Errorf("%d %v", status, out)
	}
}
