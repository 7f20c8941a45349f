//go:build !race

package llm

// slowness stretches the time limits of tests.
const slowness = 2
