package eval

import (
	"math"
	"slices"
)

// Count tells how often something was found rightly, found wrongly and missed.
type Count struct {
	Right  int `json:"right"`
	Wrong  int `json:"wrong"`
	Missed int `json:"missed"`
}

func (c *Count) add(is, found bool) {
	switch {
	case is && found:
		c.Right++
	case is:
		c.Missed++
	case found:
		c.Wrong++
	}
}

func share(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Precision is the share of what was found that is right.
func (c Count) Precision() float64 { return share(c.Right, c.Right+c.Wrong) }

// Recall is the share of what there is that was found.
func (c Count) Recall() float64 { return share(c.Right, c.Right+c.Missed) }

// F1 is the harmonic mean of precision and recall.
func (c Count) F1() float64 { return share(2*c.Right, 2*c.Right+c.Wrong+c.Missed) }

// Bin is one bar of a calibration plot: predictions of like confidence, and how often they were right.
type Bin struct {
	Count      int     `json:"count"`
	Confidence float64 `json:"confidence"` // the mean
	Right      float64 `json:"right"`      // the share
}

// bins is the number of bars, as in the literature on calibration.
const bins = 15

// calibrate sorts predictions into bins of equal width and gives the expected calibration error (Guo et al.,
// ICML 2017): the mean distance between confidence and share of right ones, weighted by the bins' counts.
func calibrate(confidence []float64, right []bool) (error float64, plot []Bin) {
	plot = make([]Bin, bins)
	for i, c := range confidence {
		b := &plot[min(max(int(c*bins), 0), bins-1)]
		b.Count++
		b.Confidence += c
		if right[i] {
			b.Right++
		}
	}
	for i := range plot {
		b := &plot[i]
		if b.Count > 0 {
			error += math.Abs(b.Confidence-b.Right) / float64(len(confidence))
			b.Confidence /= float64(b.Count)
			b.Right /= float64(b.Count)
		}
	}
	return error, plot
}

// rankArea is the area under the ROC curve: the probability that a positive has a higher value than a negative,
// ties counting half (Mann and Whitney). It is 0.5 where one kind is missing.
func rankArea(value []float64, positive []bool) float64 {
	order := make([]int, len(value))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case value[a] < value[b]:
			return -1
		case value[a] > value[b]:
			return 1
		}
		return 0
	})
	var ranks float64
	positives := 0
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && value[order[j]] == value[order[i]] {
			j++
		}
		for _, k := range order[i:j] {
			if positive[k] {
				ranks += float64(i+j+1) / 2
				positives++
			}
		}
		i = j
	}
	negatives := len(value) - positives
	if positives == 0 || negatives == 0 {
		return 0.5
	}
	return (ranks - float64(positives)*float64(positives+1)/2) / (float64(positives) * float64(negatives))
}

// correlation is Matthews' coefficient for many classes (Gorodkin 2004): 1 for all right, 0 for no better than chance.
func correlation(gold, predicted []string) float64 {
	is, said := map[string]float64{}, map[string]float64{}
	right, n := 0.0, float64(len(gold))
	for i, g := range gold {
		is[g]++
		said[predicted[i]]++
		if g == predicted[i] {
			right++
		}
	}
	var both, isSquare, saidSquare float64
	for k, v := range is {
		both += v * said[k]
		isSquare += v * v
	}
	for _, v := range said {
		saidSquare += v * v
	}
	d := math.Sqrt((n*n - isSquare) * (n*n - saidSquare))
	if d == 0 {
		return 0
	}
	return (right*n - both) / d
}

func quantile(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}
