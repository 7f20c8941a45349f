package storage

import (
	"path/filepath"
	"strings"
	"testing"
)

// What runs all the time, or over much, goes along an index on SQLite, which has no statistics to go by.
func TestPlans(t *testing.T) {
	db := openFile(t, Options{URL: filepath.Join(t.TempDir(), "plans.db")})
	for name, c := range map[string]struct {
		query string
		arg   any
		want  []string
	}{
		"the poll for changes reads the index alone": {changedSince, 0, []string{"COVERING INDEX events_fresh"}},
		"an erasure finds its texts by their times":  {textsOf, "c", []string{"SEARCH e USING", "SEARCH t USING INDEX search_at (at=? AND conversation=?)"}},
	} {
		var steps []struct {
			ID, Parent, NotUsed int
			Detail              string
		}
		if err := db.read.SelectContext(t.Context(), &steps, `EXPLAIN QUERY PLAN `+c.query, c.arg); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		plan := ""
		for _, s := range steps {
			plan += s.Detail + "\n"
		}
		for _, want := range c.want {
			if !strings.Contains(plan, want) {
				t.Errorf("%s: no %q in the plan:\n%s", name, want, plan)
			}
		}
	}
}
