package migrations

import (
	"io/fs"
	"strings"
	"testing"
)

func TestFilesOpenUpTheirDialectsComments(t *testing.T) {
	for dialect, want := range map[string]bool{"postgres": true, "sqlite": false} {
		text, err := fs.ReadFile(Files(dialect), "00001_conversations.sql")
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(text), "\n)  WITH (fillfactor = 60);"); got != want {
			t.Errorf("%s has a fill factor: %v", dialect, got)
		}
		if strings.Contains(string(text), "/*") {
			t.Errorf("%s: a comment was left over", dialect)
		}
	}
	names, err := fs.Glob(Files("sqlite"), "*.sql")
	if err != nil || len(names) < 2 {
		t.Errorf("found %v: %v", names, err)
	}
	other := opened{dialect: "sqlite"}.rewrite([]byte("a /*sqlite: b*/ /*postgres: c*/ /* d */"))
	if string(other) != "a  b  /* d */" {
		t.Errorf("rewritten to %q", other)
	}
}
