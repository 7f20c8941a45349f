package main

import (
	"os"
	"runtime/debug"
)

// gcPercent is how much a server's memory may grow, in percent of what is in use, before it is collected. What an idle visitor takes
// counts that much more, and with Go's 100 twice; most of what is in use is the classifier's numbers, which cost nothing to look through.
const gcPercent = 50

// thrift sets it, unless the environment names a GOGC.
func thrift() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}
