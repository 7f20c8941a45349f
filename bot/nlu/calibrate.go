package nlu

import (
	"math"
	"slices"
	"sort"
)

// favoursRecall holds the signals of which one missed costs more than one seen in vain: a customer who asked for
// a person and did not get one, a fire, a threat of court. The number is how many times more recall weighs than precision.
var favoursRecall = map[Signal]float64{WantsHuman: 1.6, WantsSupervisor: 1.3, Danger: 3, LegalThreat: 3}

// calibration turns one signal's margin into a probability, and says from which probability on it is found.
type calibration struct {
	Logistic  logistic `json:"logistic"`
	Threshold float64  `json:"threshold"`
	// ByLanguage holds the thresholds of the languages that have enough examples for one of their own.
	ByLanguage map[string]float64 `json:"by_language,omitempty"`
}

// threshold gives the probability from which on the signal is found in a message of language lang.
func (c calibration) threshold(lang string) float64 {
	if t, ok := c.ByLanguage[lang]; ok {
		return t
	}
	return c.Threshold
}

// ownThreshold is how many examples of a signal a language needs for a threshold of its own: with fewer, the threshold would
// follow single messages.
const ownThreshold = 60

// calibrateSignal fits signal s to the margins that the examples have where they are not learnt from; language is each one's.
func calibrateSignal(s Signal, margins []float64, yes []bool, language []string) calibration {
	c := calibration{Logistic: fitLogistic(margins, yes, nil)}
	beta, careful := favoursRecall[s]
	if !careful {
		beta = 1
	}
	threshold := func(margins []float64, yes []bool) float64 {
		if s == WantsHuman && slices.Contains(yes, true) {
			return c.Logistic.probability(smoothThreshold(margins, yes, beta))
		}
		p := make([]float64, len(margins))
		for i, m := range margins {
			p[i] = c.Logistic.probability(m)
		}
		return bestThreshold(p, yes, beta)
	}
	c.Threshold = threshold(margins, yes)
	if !careful || s == Danger {
		return c // danger is too rare in each language, and too grave, for a threshold that follows a few messages
	}
	type part struct {
		margins   []float64
		yes       []bool
		positives int
	}
	parts := map[string]*part{}
	for i, lang := range language {
		x := parts[lang]
		if x == nil {
			x = &part{}
			parts[lang] = x
		}
		x.margins, x.yes = append(x.margins, margins[i]), append(x.yes, yes[i])
		x.positives += b2i(yes[i])
	}
	c.ByLanguage = map[string]float64{}
	for lang, x := range parts {
		if x.positives >= ownThreshold {
			c.ByLanguage[lang] = threshold(x.margins, x.yes)
		}
	}
	return c
}

// smoothThreshold gives the margin with the highest F-measure as bestThreshold does, but counts a message near the margin as partly
// found. Where the F-measure is flat, as it is for requests for a person, the best margin is otherwise that of whichever message
// happens to lie there: it moved by a fifth between languages and between folds.
func smoothThreshold(margins []float64, yes []bool, beta float64) float64 {
	const step, width = 0.02, 0.1
	lowest, highest, total := math.Inf(1), math.Inf(-1), 0.0
	for i, m := range margins {
		if yes[i] {
			lowest, highest = min(lowest, m), max(highest, m)
			total++
		}
	}
	// What lies far below every candidate is not found at any.
	var near []float64
	var is []bool
	for i, m := range margins {
		if m > lowest-8*width {
			near, is = append(near, m), append(is, yes[i])
		}
	}
	best, at, b2 := -1.0, highest, beta*beta
	for t := highest; t >= lowest; t -= step {
		hits, found := 0.0, 0.0
		for i, m := range near {
			part := sigmoid((m - t) / width)
			found += part
			if is[i] {
				hits += part
			}
		}
		if f := (1 + b2) * hits / (b2*total + found); f > best {
			best, at = f, t
		}
	}
	return at
}

// bestThreshold gives the probability with the highest F-measure, which weighs recall beta times as much as
// precision (van Rijsbergen 1979).
func bestThreshold(p []float64, yes []bool, beta float64) float64 {
	order := make([]int, len(p))
	total := 0
	for i := range p {
		order[i] = i
		if yes[i] {
			total++
		}
	}
	if total == 0 {
		return 1
	}
	sort.SliceStable(order, func(a, b int) bool { return p[order[a]] > p[order[b]] })
	best, threshold, hits := -1.0, 0.5, 0
	b2 := beta * beta
	for n, i := range order {
		if yes[i] {
			hits++
		}
		if n+1 < len(order) && p[order[n+1]] == p[i] {
			continue
		}
		if f := (1 + b2) * float64(hits) / (b2*float64(total) + float64(n+1)); f > best {
			best, threshold = f, p[i]
			if n+1 < len(order) {
				threshold = (p[i] + p[order[n+1]]) / 2
			}
		}
	}
	return threshold
}

// fitTemperature gives the factor by which margins are multiplied before softmax so that the right topics are
// likeliest (Guo et al., ICML 2017), by golden section on the log of the factor.
func fitTemperature(margins [][]float64, label []int) float64 {
	loss := func(logT float64) float64 {
		t, sum := math.Exp(logT), 0.0
		p := make([]float64, 0, 256)
		for i := range margins {
			p = softmax(p[:0], margins[i], t)
			sum -= math.Log(max(p[label[i]], 1e-12))
		}
		return sum
	}
	low, high := math.Log(0.2), math.Log(30.0)
	const golden = 0.6180339887498949
	a, b := high-golden*(high-low), low+golden*(high-low)
	fa, fb := loss(a), loss(b)
	for range 16 { // to a thousandth
		if fa < fb {
			high, b, fb = b, a, fa
			a = high - golden*(high-low)
			fa = loss(a)
		} else {
			low, a, fa = a, b, fb
			b = low + golden*(high-low)
			fb = loss(b)
		}
	}
	return math.Exp((low + high) / 2)
}

func softmax(into []float64, margins []float64, t float64) []float64 {
	top := math.Inf(-1)
	for _, m := range margins {
		top = max(top, m)
	}
	sum := 0.0
	for _, m := range margins {
		e := math.Exp(t * (m - top))
		into = append(into, e)
		sum += e
	}
	for i := range into {
		into[i] /= sum
	}
	return into
}
