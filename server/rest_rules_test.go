package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"time"

	"ombud/chat"
	"ombud/handoff"
)

func TestAdminsSetTheRules(t *testing.T) {
	w, l := caring(t)
	w.addUser("adm", chat.GradeAdmin)
	b := w.signIn("adm")
	_, first := b.do("GET", "/api/v1/rules", nil)
	if first["version"] != "0" || len(first["remedies"].([]any)) != len(handoff.Remedies) {
		t.Fatalf("%v", first)
	}
	rules := first["rules"].(map[string]any)
	put := func(version any) (int, map[string]any) {
		return b.do("PUT", "/api/v1/rules", map[string]any{"version": version, "reason": "more staff", "rules": rules})
	}
	if bots := first["bot_remedies"].([]any); len(bots) == 0 || slices.Contains(bots, any("apology")) {
		t.Errorf("the bot may offer %v", bots)
	}
	rules["handovers"] = 5
	rules["skills"].(map[string]any)["billing"] = map[string]any{"mode": "push", "hours": map[string]any{
		"zone": "Europe/Ljubljana", "week": map[string]any{"mon": []string{"09:00-17:00"}}, "holidays": []string{"2026-12-25"},
	}}
	status, saved := put("0")
	if status != 200 || saved["rules"].(map[string]any)["handovers"] != 5.0 {
		t.Fatalf("%d %v", status, saved)
	}
	stored, err := handoff.ParseRules(l.settings[handoff.SettingRules])
	if err != nil || stored.Handovers != 5 || stored.Skill("billing").Mode != handoff.Push || stored.Skill("billing").Hours.Holidays[0] != "2026-12-25" {
		t.Errorf("%+v, %v", stored, err)
	}
	if status, out := put("0"); status != 409 || out["code"] != "stale" {
		t.Errorf("made from an old version: %d %v", status, out)
	}
	rules["levels"].([]any)[1].(map[string]any)["up_to"] = -1
	if status, out := put(saved["version"]); status != 422 || out["field"] != "levels[1].up_to" || out["hint"] == "" {
		t.Errorf("a mandate below nothing: %d %v", status, out)
	}
	if n := len(w.mem.audit); n == 0 || w.mem.audit[n-1].What != "rules.save" || w.mem.audit[n-1].By != "adm" {
		t.Errorf("audit: %+v", w.mem.audit)
	} else {
		var kept struct {
			Reason string
			Rules  handoff.Rules
		}
		if err := json.Unmarshal(w.mem.audit[n-1].Detail, &kept); err != nil || kept.Reason != "more staff" || kept.Rules.Handovers != 5 {
			t.Errorf("the audit log keeps %s: %v", w.mem.audit[n-1].Detail, err)
		}
	}
	without := map[string]any{"version": saved["version"], "reason": "", "rules": rules}
	if status, out := b.do("PUT", "/api/v1/rules", without); status != 422 {
		t.Errorf("without a reason: %d %v", status, out)
	}
	l.settings[handoff.SettingRules] = json.RawMessage(`{"levels":1}`) // by other hands
	if status, out := b.do("GET", "/api/v1/rules", nil); status != 200 || out["rules"].(map[string]any)["handovers"] != 3.0 {
		t.Errorf("rules that nobody can read: %d %v", status, out)
	}
}

func TestTheSurveysTimeIsToldAndSet(t *testing.T) {
	w, _ := caring(t)
	w.addUser("adm", chat.GradeAdmin)
	b := w.signIn("adm")
	for _, hours := range []float64{24, 36} {
		if _, out := b.do("GET", "/api/v1/survey", nil); out["hours"] != hours {
			t.Errorf("%v, want %v", out, hours)
		}
		b.do("PUT", "/api/v1/survey", map[string]any{"hours": 36})
	}
}

// TestAnOldSurveyIsNotSaved has two admins change the survey from the same page.
func TestAnOldSurveyIsNotSaved(t *testing.T) {
	w, _ := caring(t)
	w.addUser("adm", chat.GradeAdmin)
	b := w.signIn("adm")
	_, read := b.do("GET", "/api/v1/survey", nil)
	set := func(hours int, version any) (int, map[string]any) {
		return b.do("PUT", "/api/v1/survey", map[string]any{"hours": hours, "version": version})
	}
	status, first := set(30, read["version"])
	if status != 200 || first["version"] == read["version"] {
		t.Fatalf("%d %v", status, first)
	}
	if status, out := set(40, read["version"]); status != http.StatusConflict || out["code"] != "stale" {
		t.Errorf("from an old page: %d %v", status, out)
	}
	if _, out := b.do("GET", "/api/v1/survey", nil); out["hours"] != 30.0 || out["version"] != first["version"] {
		t.Errorf("now it is %v", out)
	}
	if status, out := set(40, first["version"]); status != 200 {
		t.Errorf("from the newest page: %d %v", status, out)
	}
}

func TestTheErrorOfAnnouncedWaitsIsPublished(t *testing.T) {
	w, _ := caring(t)
	w.addUser("sup", chat.GradeSupervisor)
	w.mem.waits = []chat.EstimatedWait{{Minutes: [2]int{2, 4}, Waited: 4 * time.Minute}, {Minutes: [2]int{2, 4}, Waited: 12 * time.Minute}}
	status, out := w.signIn("sup").do("GET", "/api/v1/reports/waits?from=2026-01-01T00:00:00Z", nil)
	if status != 200 || out["count"] != 2.0 || out["covered"] != 0.5 || out["median_error_seconds"] != 540.0 {
		t.Errorf("%d %v", status, out)
	}
}
