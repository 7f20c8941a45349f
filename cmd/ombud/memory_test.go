package main

import (
	"runtime/debug"
	"testing"
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
