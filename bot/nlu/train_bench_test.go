//go:build unix

package nlu

import (
	"syscall"
	"testing"
	"time"
)

// BenchmarkTrainScript learns from a script of some 40 topics and 2,000 examples: on two free cores half a second is the limit,
// so a second of processor time.
func BenchmarkTrainScript(b *testing.B) {
	all, err := shippedExamples()
	if err != nil {
		b.Fatal(err)
	}
	some := make([]Example, 2000)
	for i := range some {
		some[i] = all[i*len(all)/len(some)]
		if e := &some[i]; e.Topic != "" && e.Language != "en" && e.Language != "fr" {
			e.Topic += "_2" // the default script has half as many topics
		}
	}
	benchmarkTrain(b, some)
}

// BenchmarkTrainShipped learns from half of what the default script ships with.
func BenchmarkTrainShipped(b *testing.B) {
	all, err := shippedExamples()
	if err != nil {
		b.Fatal(err)
	}
	benchmarkTrain(b, all)
}

// benchmarkTrain reports processor time beside the wall's: that does not depend on what else the machine does.
func benchmarkTrain(b *testing.B, examples []Example) {
	topics := map[string]bool{}
	for _, e := range examples {
		topics[e.Topic] = true
	}
	before := processorTime()
	for b.Loop() {
		if _, err := Train(examples, Options{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((processorTime()-before).Milliseconds())/float64(b.N), "cpu-ms/op")
	b.ReportMetric(float64(len(examples)), "examples")
	b.ReportMetric(float64(len(topics)), "topics")
}

func processorTime() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
