package eval

import (
	"math"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"

	"ombud/bot/nlu"
)

// TestAThresholdHoldsOnTheOtherHalf chooses the threshold on one half of CLINC150's validation part and tries it on the other, as
// many times as OMBUD_TEST_HALVES says: the middle of all that are as good must vary less than the best one, and be as good.
func TestAThresholdHoldsOnTheOtherHalf(t *testing.T) {
	times, _ := strconv.Atoi(os.Getenv("OMBUD_TEST_HALVES"))
	if times == 0 {
		t.Skip("a long form: OMBUD_TEST_HALVES=60")
	}
	train := append(published(t, "train.jsonl"), published(t, "train-oos.jsonl")...)
	examples := make([]nlu.Example, len(train))
	for i, m := range train {
		examples[i] = nlu.Example{Language: "en", Text: m.Text, Topic: m.Label}
		if m.Label == OutOfScope {
			examples[i].Topic = ""
		}
	}
	model, err := nlu.Train(examples, nlu.Options{})
	if err != nil {
		t.Fatal(err)
	}
	answers, _ := ask(model, published(t, "val.jsonl"))
	best := tryHalves(answers, times, func(half []answer) float64 { return bestThreshold(half, accuracy) })
	steady := tryHalves(answers, times, steadyThreshold)
	for name, h := range map[string]halves{"best": best, "steady": steady} {
		t.Logf("%-6s threshold %.3f, spread %.3f, on the other half %.2f %% right, %.2f %% in scope", name, h.mean, h.spread, 100*h.all, 100*h.inScope)
	}
	if steady.spread >= best.spread || steady.all < best.all-0.001 {
		t.Errorf("the steady threshold is no better than the best: %+v, %+v", steady, best)
	}
}

// halves is how a rule for the threshold did.
type halves struct{ mean, spread, all, inScope float64 }

func tryHalves(answers []answer, times int, rule func([]answer) float64) (h halves) {
	r, squares := rand.New(rand.NewPCG(7, 7)), 0.0
	for range times {
		var parts [2][]answer
		for n, i := range r.Perm(len(answers)) {
			parts[n%2] = append(parts[n%2], answers[i])
		}
		threshold := rule(parts[0])
		x := IntentResult{Threshold: threshold}
		x.reject(parts[1])
		h.mean, squares = h.mean+threshold, squares+threshold*threshold
		h.all, h.inScope = h.all+accuracy(parts[1], threshold), h.inScope+x.InScope
	}
	n := float64(times)
	h.mean, h.all, h.inScope = h.mean/n, h.all/n, h.inScope/n
	h.spread = math.Sqrt(max(squares/n-h.mean*h.mean, 0))
	return h
}
