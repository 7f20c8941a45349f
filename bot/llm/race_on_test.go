//go:build race

package llm

// slowness stretches the time limits of tests: the race detector makes all of them several times as slow.
const slowness = 5
