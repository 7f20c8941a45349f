package nlu

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestALanguageWithEnoughExamplesHasItsOwnThreshold(t *testing.T) {
	var margins []float64
	var yes []bool
	var language []string
	add := func(lang string, n int, margin float64, is bool) {
		for range n {
			margins, yes, language = append(margins, margin), append(yes, is), append(language, lang)
		}
	}
	add("en", ownThreshold, 2, true)
	add("en", 200, 1, false) // this language's messages stand higher
	add("hu", ownThreshold, 0, true)
	add("hu", 200, -2, false)
	add("sl", ownThreshold-1, 2, true)
	c := calibrateSignal(WantsHuman, margins, yes, language)
	for _, x := range []struct {
		lang   string
		margin float64
		want   bool
	}{{"en", 2, true}, {"en", 1, false}, {"hu", 0, true}, {"hu", -2, false}} {
		if found := c.Logistic.probability(x.margin) >= c.threshold(x.lang); found != x.want {
			t.Errorf("%s at margin %v: found %v, want %v", x.lang, x.margin, found, x.want)
		}
	}
	if _, own := c.ByLanguage["sl"]; own || c.threshold("sl") != c.Threshold {
		t.Error("a language with few examples has a threshold of its own")
	}
	if c := calibrateSignal(Angry, margins, yes, language); len(c.ByLanguage) != 0 {
		t.Error("a signal that does not favour recall has thresholds by language")
	}
}

func TestASmoothThresholdDoesNotFollowOneMessage(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	var margins []float64
	var yes []bool
	for range 400 {
		margins, yes = append(margins, -0.9+0.4*r.NormFloat64()), append(yes, false)
		margins, yes = append(margins, 0.6+0.5*r.NormFloat64()), append(yes, true)
	}
	before := smoothThreshold(margins, yes, 1.6)
	if before < -0.5 || before > 0 {
		t.Errorf("the threshold is %.2f, want one between the two kinds", before)
	}
	if more := smoothThreshold(margins, yes, 3); more >= before {
		t.Errorf("with more weight on recall the threshold is %.2f, want less than %.2f", more, before)
	}
	// Three messages in one place would draw the best threshold there.
	for range 3 {
		margins, yes = append(margins, before-0.15), append(yes, true)
	}
	if after := smoothThreshold(margins, yes, 1.6); math.Abs(after-before) > 0.021 {
		t.Errorf("three messages of 800 move the threshold from %.2f to %.2f", before, after)
	}
	if c := calibrateSignal(WantsHuman, []float64{0, 1}, []bool{false, false}, []string{"en", "en"}); c.Threshold != 1 {
		t.Errorf("the threshold for what never is is %v, want 1", c.Threshold)
	}
}
