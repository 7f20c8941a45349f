package main

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ombud/storage/storagetest"
)

// A test of durability is worth nothing before a broken build fails it. These tests break the build on
// purpose, in an overlay that never touches the sources, and require the tests above to notice.

// swap is one line of a source file, broken. With an empty old it is a file that is not there.
type swap struct{ file, old, new string }

// overlay gives the build flag that applies the swaps. A line that is not there any more fails the test:
// the sabotage has to follow the code.
func overlay(t *testing.T, swaps ...swap) string {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	files := map[string]string{}
	for _, s := range swaps {
		path := filepath.Join(root, s.file)
		from := path
		if patched, ok := files[path]; ok {
			from = patched
		}
		data, err := os.ReadFile(from)
		if s.old == "" && errors.Is(err, os.ErrNotExist) {
			err = nil
		}
		if err != nil {
			t.Fatal(err)
		}
		if s.old != "" && strings.Count(string(data), s.old) != 1 {
			t.Fatalf("%s does not hold %q once", s.file, s.old)
		}
		to := filepath.Join(dir, strings.ReplaceAll(s.file, "/", "_"))
		if err := os.WriteFile(to, []byte(strings.Replace(string(data), s.old, s.new, 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		files[path] = to
	}
	spec, err := json.Marshal(map[string]map[string]string{"Replace": files})
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(name, spec, 0o644); err != nil {
		t.Fatal(err)
	}
	return "-overlay=" + name
}

// TestCrashNoticesAnEarlyAcknowledgement answers before the commit and expects the crash test to fail.
func TestCrashNoticesAnEarlyAcknowledgement(t *testing.T) {
	if testing.Short() {
		t.Skip("kills servers")
	}
	bin := build(t, overlay(t,
		swap{"storage/append.go", "	close(r.done)\n", "	select {\n	case <-r.done:\n	default:\n		close(r.done)\n	}\n"},
		swap{"storage/batch.go", "	if err := b.store(ctx); err != nil {\n", "	for i, r := range requests {\n		r.finish(outcomes[i].result, outcomes[i].err)\n	}\n	time.Sleep(30 * time.Millisecond)\n	if err := b.store(ctx); err != nil {\n"},
		swap{"storage/batch.go", "import (\n", "import (\n	\"time\"\n"},
	))
	for try := range 3 {
		if _, err := crash(t, newServer(t, bin, storagetest.SQLiteURL(t)), 10, crashClients); err != nil {
			t.Logf("noticed at try %d: %v", try+1, err)
			return
		}
	}
	t.Error("a server that acknowledges before it commits passes the crash test")
}

// TestFsyncCountNoticesALazyDatabase turns synchronous commits off and expects too few fsync calls.
func TestFsyncCountNoticesALazyDatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("traces a server")
	}
	bin := build(t, overlay(t,
		swap{"storage/sqlite.go", "synchronous(FULL)", "synchronous(OFF)"},
		swap{"storage/sqlite.go", "synchronous != 2", "synchronous == 99"},
	))
	if n := countSyncs(t, bin); n >= sequentialSends {
		t.Errorf("a database that does not sync still made %d fsync calls", n)
	}
}
