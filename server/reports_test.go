package server

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"ombud/chat"
	"ombud/chat/report"
)

// archive holds the rows of a report.
type archive struct{ rows []report.Row }

func (s archive) ReportRows(_ context.Context, from, to time.Time) ([]report.Row, error) {
	var out []report.Row
	for _, r := range s.rows {
		if !r.CreatedAt.Before(from) && r.CreatedAt.Before(to) {
			out = append(out, r)
		}
	}
	return out, nil
}

func (archive) ReportTexts(_ context.Context, ids []string) (map[string]string, error) {
	texts := map[string]string{}
	for _, id := range ids {
		texts[id] = "last words of " + id
	}
	return texts, nil
}

func (archive) PromisesMade(context.Context, time.Time, time.Time) ([]report.Promised, error) {
	return []report.Promised{{Conversation: "c1", State: "kept"}, {Conversation: "c2", State: "broken"}}, nil
}

func TestReportsOpenWhatIsBehindThem(t *testing.T) {
	day := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	rows := []report.Row{
		{ID: "c1", Site: "demo", Language: "hu", CreatedAt: day, Cause: "=late"},
		{ID: "c2", Site: "demo", Language: "en", CreatedAt: day.Add(time.Hour), Handoff: true, Reason: "anger", Skill: "billing", Level: 2},
		{ID: "c3", Site: "other", Language: "en", CreatedAt: day.Add(2 * time.Hour)},
	}
	w := newWorld(t, func(o *Options) { o.Reports = archive{rows} })
	w.addUser("chief", chat.GradeAdmin)
	b := w.browser()
	b.header = http.Header{"Authorization": {"Bearer " + w.addKey("chief")}}
	const span = "from=2026-03-01T00:00:00Z&to=2026-03-04T00:00:00Z"
	read := func(path string, want int) string {
		t.Helper()
		status, body, _ := b.raw(http.MethodGet, prefix+path, nil)
		if status != want {
			t.Fatalf("%s: %d %s", path, status, body)
		}
		return string(body)
	}
	var r struct {
		Total    report.Figures  `json:"total"`
		Promises report.Promises `json:"promises"`
		Days     []string        `json:"days"`
	}
	if err := json.Unmarshal([]byte(read("/reports?site=demo&"+span, 200)), &r); err != nil {
		t.Fatal(err)
	}
	if r.Total.Conversations != 2 || r.Total.HandedOver != 1 || len(r.Promises.Kept) != 1 || r.Promises.Made != 2 || len(r.Days) != 3 {
		t.Errorf("report %+v", r)
	}
	if body := read("/reports/conversations?reason=anger&is=handed_over&"+span, 200); !strings.Contains(body, "last words of c2") || strings.Contains(body, "c1") {
		t.Errorf("behind anger: %s", body)
	}
	if body := read("/reports/conversations?skill=billing&is=handed_over&"+span, 200); !strings.Contains(body, "last words of c2") || strings.Contains(body, "c3") {
		t.Errorf("behind a department: %s", body)
	}
	if body := read("/reports/sheet?by=language&"+span, 200); !strings.Contains(body, "cause,'=late,1,") || !strings.Contains(body, "language,en,2,") {
		t.Errorf("sheet: %s", body)
	}
	if body := read("/reports/conversations/sheet?limit=1&"+span, 200); strings.Count(body, "\r\n") != 4 {
		t.Errorf("a sheet holds all rows, whatever the page: %s", body)
	}
	for _, bad := range []string{"/reports?zone=Mars", "/reports/conversations?is=blue", "/reports?from=2020-01-01T00:00:00Z&to=2024-01-01T00:00:00Z", "/reports?by=moon", "/reports/conversations?day=x"} {
		read(bad, http.StatusUnprocessableEntity)
	}
}
