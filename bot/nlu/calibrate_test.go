package nlu

import "testing"

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
