package main

import (
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"ombud/storage/storagetest"
)

func TestMemoryIsCollectedEarlyUnlessTheEnvironmentSaysWhen(t *testing.T) {
	before := debug.SetGCPercent(100)
	defer debug.SetGCPercent(before)
	for _, test := range []struct {
		env  string
		want int
	}{{"100", 100}, {"", gcPercent}} {
		t.Setenv("GOGC", test.env)
		thrift()
		got := debug.SetGCPercent(100)
		if got != test.want {
			t.Errorf("with GOGC=%q memory is collected after a growth of %d %%, want %d", test.env, got, test.want)
		}
	}
}

// The clients of a server that is a process of its own are not counted with it.
func TestTheBenchReadsAServersMemoryFromItsMetrics(t *testing.T) {
	run := func(base string) (string, error) {
		var out strings.Builder
		c := benchCmd{URL: base, Site: "demo", Pairs: 1, For: time.Second, Idle: 20, JSON: true}
		err := c.Run(t.Context(), streams{strings.NewReader(""), &out, &out})
		return out.String(), err
	}
	out, err := run(startApp(t, storagetest.SQLiteURL(t)))
	if err != nil || !strings.Contains(out, `"idle":20`) {
		t.Errorf("bench says %q: %v", out, err)
	}
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	if _, err := run(other.URL); err == nil || !strings.Contains(err.Error(), "do not tell") {
		t.Errorf("a server without metrics: %v", err)
	}
}
