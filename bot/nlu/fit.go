package nlu

import (
	"math"
	"slices"
)

// calibrate fits what the margins of left-out examples mean: thresholds, probabilities, and when no topic fits.
func (t *training) calibrate() {
	n, h := len(t.examples), &t.model.head
	h.Signals = make([]calibration, t.signals)
	language := make([]string, n)
	for i, e := range t.examples {
		language[i] = e.Language
	}
	none := slices.Index(h.Topics, "")
	parallel(t.workers, t.signals+2, func(c int) {
		switch c -= 2; c {
		case -2:
			t.calibrateTopics(none)
		case -1:
			t.calibrateScope(none)
		default:
			margins, yes := make([]float64, n), make([]bool, n)
			for i := range n {
				margins[i], yes[i] = float64(t.margins[c][i]), t.holds(c, i)
			}
			h.Signals[c] = calibrateSignal(Signals[c], margins, yes, language)
		}
	})
}

// calibrateTopics fits how sure the likeliest topic is; none is the place of no topic among them.
func (t *training) calibrateTopics(none int) {
	every := len(t.examples)/enoughTopics + 1
	var rows [][]float64
	var label []int
	for i := 0; i < len(t.examples); i += every {
		if t.topic[i] == none {
			continue
		}
		row, is := []float64(nil), 0
		for c := range t.model.head.Topics {
			if c == none {
				continue
			}
			if c == t.topic[i] {
				is = len(row)
			}
			row = append(row, float64(t.margins[t.signals+c][i]))
		}
		rows, label = append(rows, row), append(label, is)
	}
	t.model.head.Temperature = fitTemperature(rows, label)
}

// enoughTopics is about how many examples the sureness of topics is fitted on.
const enoughTopics = 3000

// usualOutside is the least share of messages out of scope that is reckoned with, however few the examples are.
const usualOutside = 0.15

// enoughOutside is how many examples without a topic tell what such messages look like.
const enoughOutside = 50

// calibrateScope fits the probability that no topic fits, over all languages and for each that has enough examples of it.
func (t *training) calibrateScope(none int) {
	s := &t.model.head.Scope
	s.Logistic, _ = t.fitScope(none, "")
	if len(t.model.head.Languages) < 2 {
		return // it would be the same again
	}
	for _, lang := range t.model.head.Languages {
		if l, outside := t.fitScope(none, lang); outside >= enoughOutside {
			if s.ByLanguage == nil {
				s.ByLanguage = map[string]logistic{}
			}
			s.ByLanguage[lang] = l
		}
	}
}

// fitScope fits it on the examples of one language, or on all for "", and counts those without a topic. Where these are few it
// learns also from each example with its own topic's answer struck out: that is what a message about a missing topic looks like.
func (t *training) fitScope(none int, lang string) (l logistic, outside int) {
	all := 0
	for i, c := range t.topic {
		if lang == "" || t.examples[i].Language == lang {
			all++
			outside += b2i(c == none)
		}
	}
	var rows []float64
	var out []bool
	margins := make([]float64, len(t.model.head.Topics))
	for i, e := range t.examples {
		if lang != "" && e.Language != lang {
			continue
		}
		for c := range margins {
			margins[c] = float64(t.margins[t.signals+c][i])
		}
		rows = append(rows, scopeMargin(margins, none, t.known[i]))
		out = append(out, t.topic[i] == none)
		if t.topic[i] != none && outside < enoughOutside {
			margins[t.topic[i]] = math.Inf(-1)
			rows = append(rows, scopeMargin(margins, none, t.known[i]))
			out = append(out, true)
		}
	}
	inside := all - outside
	share := max(float64(outside)/float64(max(all, 1)), usualOutside)
	each := share / (1 - share) * float64(inside) / float64(max(len(rows)-inside, 1))
	weight := make([]float64, len(rows))
	for i := range weight {
		weight[i] = 1
		if out[i] {
			weight[i] = each
		}
	}
	return fitLogistic(rows, out, weight), outside
}

func b2i(b bool) int {
	if b {
		return 1
	}
	return 0
}

// scopeMargin is high where a topic fits: the best topic's margin less that of "no topic", and the share of the
// message's features that the examples hold too.
func scopeMargin(margins []float64, none int, known float64) float64 {
	best, outside := -2.0, 0.0
	for c, m := range margins {
		if c == none {
			outside = m
		} else {
			best = max(best, m)
		}
	}
	return best - outside + 2*known
}
