package server

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ombud/chat"
)

// strict is a judge of policies that refuses what has no answer_at, and tells what it was asked.
type strict struct{ from, to time.Time }

func (*strict) Check(policy json.RawMessage) error {
	if !strings.Contains(string(policy), "answer_at") {
		return &chat.InvalidError{Field: "data", Code: "invalid", Hint: "Give answer_at."}
	}
	return nil
}

func (s *strict) Replay(_ context.Context, _ json.RawMessage, from, to time.Time) (json.RawMessage, error) {
	s.from, s.to = from, to
	return json.RawMessage(`{"turns":0}`), nil
}

func (s *strict) Sweep(_ context.Context, _ json.RawMessage, field string, from, to time.Time) (json.RawMessage, error) {
	s.from, s.to = from, to
	if field != "answer_at" {
		return nil, &chat.InvalidError{Field: "field", Code: "unknown", Hint: "There is no such field."}
	}
	return json.RawMessage(`[{"value":0}]`), nil
}

func (s *strict) Staffing(_ context.Context, _ json.RawMessage, from, to time.Time) (json.RawMessage, error) {
	s.from, s.to = from, to
	return json.RawMessage(`{"hours":[]}`), nil
}

func (*strict) Live() (live, builtIn json.RawMessage, version int64, err error) {
	return json.RawMessage(`{"answer_at":0.6}`), json.RawMessage(`{"answer_at":0.5}`), 0, nil
}

func (*strict) Fields() (fields, tables json.RawMessage, err error) {
	return json.RawMessage(`[{"key":"answer_at"}]`), json.RawMessage(`{"signals":[]}`), nil
}

// policyWorld gives a server that judges policies by strict, its administrator, and the versions its bot was told of.
func policyWorld(t *testing.T) (*world, *browser, *strict, *[]int64) {
	t.Helper()
	judge, told := &strict{}, &[]int64{}
	w := newWorld(t, func(o *Options) {
		o.Policy = judge
		o.OnPolicy = func(p chat.PolicyVersion) { *told = append(*told, p.Version) }
	})
	w.addUser("root", chat.GradeAdmin)
	b := w.browser()
	b.header = http.Header{"Authorization": {"Bearer " + w.addKey("root")}}
	return w, b, judge, told
}

func TestRollingBackSavesTheOldPolicyAsANewVersion(t *testing.T) {
	w, b, _, told := policyWorld(t)
	for i, data := range []string{`{"answer_at":0.6,"misses":2}`, `{"answer_at":0.8,"levels":{"legal":3},"misses":2}`} {
		if status, out := b.do("POST", "/api/v1/policies", map[string]any{"version": i + 1, "reason": "r", "data": json.RawMessage(data)}); status != 200 {
			t.Fatalf("%d %v", status, out)
		}
	}
	status, out := b.do("POST", "/api/v1/policies/rollback", map[string]any{"version": 1, "reason": "too eager"})
	if status != 200 || out["version"] != 3.0 || out["author"] != "root" || out["data"].(map[string]any)["answer_at"] != 0.6 {
		t.Errorf("%d %v", status, out)
	}
	if !slices.Equal(*told, []int64{1, 2, 3}) {
		t.Errorf("this node's bot was told of %v", *told)
	}
	if n := len(w.mem.policies); n != 3 || w.mem.policies[2].Reason != "too eager" || w.mem.policies[2].At.IsZero() {
		t.Errorf("stored %+v", w.mem.policies)
	}
	if status, _ := b.do("POST", "/api/v1/policies/rollback", map[string]any{"version": 9, "reason": "r"}); status != 404 {
		t.Errorf("to a version that never was: %d", status)
	}
	w.mem.policies[0].Data = json.RawMessage(`{"old":1}`) // stored before the field became needed
	if status, out := b.do("POST", "/api/v1/policies/rollback", map[string]any{"version": 1, "reason": "r"}); status != 422 || out["field"] != "data" {
		t.Errorf("to one that no longer validates: %d %v", status, out)
	}
	if n := len(w.mem.policies); n != 3 {
		t.Errorf("%d versions", n)
	}
	status, out = b.do("POST", "/api/v1/policies/rollback", map[string]any{"version": 0, "reason": "as it was delivered"})
	if status != 200 || out["version"] != 4.0 || out["data"].(map[string]any)["answer_at"] != 0.5 {
		t.Errorf("to the built-in policy: %d %v", status, out)
	}
}

func TestDiffNamesEveryValueThatDiffers(t *testing.T) {
	_, b, _, _ := policyWorld(t)
	for i, data := range []string{
		`{"answer_at":0.6,"misses":2,"words":["a","b"],"gone":{},"big":12345678901234567890}`,
		`{"misses":2,"answer_at":0.8,"words":["a"],"levels":{"legal":{"level":3}},"big":12345678901234567890}`,
	} {
		b.do("POST", "/api/v1/policies", map[string]any{"version": i + 1, "reason": "r", "data": json.RawMessage(data)})
	}
	status, raw, _ := b.raw("GET", "/api/v1/policies/diff", nil)
	want := `"changes":[{"path":"answer_at","was":0.6,"now":0.8},{"path":"gone","was":{},"now":null},` +
		`{"path":"levels.legal.level","was":null,"now":3},{"path":"words.1","was":"b","now":null}]`
	if status != 200 || !strings.Contains(string(raw), want) {
		t.Errorf("%d %s, want %s", status, raw, want)
	}
	if _, raw, _ := b.raw("GET", "/api/v1/policies/diff?from=2&to=2", nil); !strings.Contains(string(raw), `"changes":[]`) {
		t.Errorf("with itself: %s", raw)
	}
	if _, raw, _ := b.raw("GET", "/api/v1/policies/diff?from=0&to=1", nil); !strings.Contains(string(raw), `{"path":"answer_at","was":0.5,"now":0.6}`) {
		t.Errorf("the first version differs from the built-in policy: %s", raw)
	}
	if _, raw, _ := b.raw("GET", "/api/v1/policies/diff?from=0&to=2", nil); !strings.Contains(string(raw), `{"path":"answer_at","was":0.5,"now":0.8}`) {
		t.Errorf("the second version beside the built-in policy: %s", raw)
	}
	for query, want := range map[string]int{"?from=1&to=3": 404, "?to=1": 200, "?from=-1": 422, "?from=1": 200, "": 200} {
		if status, out := b.do("GET", "/api/v1/policies/diff"+query, nil); status != want {
			t.Errorf("%s: %d %v", query, status, out)
		}
	}
}

func TestToolsAskTheJudge(t *testing.T) {
	_, b, judge, _ := policyWorld(t)
	if status, out := b.do("GET", "/api/v1/policies/live", nil); status != 200 || out["version"] != 0.0 || out["data"].(map[string]any)["answer_at"] != 0.6 {
		t.Errorf("live: %d %v", status, out)
	}
	if status, out := b.do("GET", "/api/v1/policies/fields", nil); status != 200 || len(out["fields"].([]any)) != 1 {
		t.Errorf("fields: %d %v", status, out)
	}
	sweep := map[string]any{"data": map[string]any{"answer_at": 1}, "field": "answer_at"}
	if status, out := b.do("POST", "/api/v1/policies/sweep", sweep); status != 200 || len(out["points"].([]any)) != 1 {
		t.Errorf("sweep: %d %v", status, out)
	}
	if days := judge.to.Sub(judge.from).Hours() / 24; days < 29 || days > 31 {
		t.Errorf("the period is %v days by default", days)
	}
	sweep["from"], sweep["to"] = "2026-02-01T00:00:00+02:00", "2026-01-01T00:00:00Z"
	if status, out := b.do("POST", "/api/v1/policies/sweep", sweep); status != 422 || out["field"] != "from" {
		t.Errorf("a period that ends before it begins: %d %v", status, out)
	}
	if status, out := b.do("POST", "/api/v1/policies/sweep", map[string]any{"data": map[string]any{}, "field": "mood"}); status != 422 || out["field"] != "field" {
		t.Errorf("an unknown field: %d %v", status, out)
	}
}
