package nlu

import "math"

// logistic turns a margin into a probability.
type logistic struct {
	Slope float64
	Bias  float64
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func (l logistic) probability(x float64) float64 { return sigmoid(l.Slope*x + l.Bias) }

// fitLogistic fits by Newton's method with backtracking, with Platt's smoothed targets (Platt 1999; Lin, Lin and Weng
// 2007), so that a class that happens to be separable is not given certainty. weight is each row's, nil for
// all alike.
func fitLogistic(x []float64, yes []bool, weight []float64) logistic {
	p := platt{x: x, target: make([]float64, len(x)), weight: weight}
	if weight == nil {
		p.weight = make([]float64, len(x))
		for i := range p.weight {
			p.weight[i] = 1
		}
	}
	var positives, negatives float64
	for i := range yes {
		if yes[i] {
			positives += p.weight[i]
		} else {
			negatives += p.weight[i]
		}
	}
	for i := range yes {
		p.target[i] = 1 / (negatives + 2)
		if yes[i] {
			p.target[i] = (positives + 1) / (positives + 2)
		}
	}
	l := logistic{Bias: math.Log((positives + 1) / (negatives + 1))}
	loss := p.loss(l)
	for range 60 {
		slope, bias := p.step(l)
		size := 1.0
		for ; size > 1e-9; size /= 2 {
			next := logistic{Slope: l.Slope - size*slope, Bias: l.Bias - size*bias}
			if after := p.loss(next); after < loss {
				l, loss = next, after
				break
			}
		}
		if size <= 1e-9 || math.Abs(slope)+math.Abs(bias) < 1e-6 {
			break
		}
	}
	return l
}

// platt is the problem that fitLogistic solves.
type platt struct{ x, target, weight []float64 }

func (p platt) loss(l logistic) float64 {
	sum := 0.0
	for i, x := range p.x {
		z := l.Slope*x + l.Bias
		// log(1+e^z) - target·z, without overflow
		sum += p.weight[i] * (max(z, 0) + math.Log1p(math.Exp(-math.Abs(z))) - p.target[i]*z)
	}
	return sum
}

// step gives Newton's step at l.
func (p platt) step(l logistic) (slope, bias float64) {
	var g, h, gx, hx, hxx float64
	for i, x := range p.x {
		q := l.probability(x)
		d, c := p.weight[i]*(q-p.target[i]), p.weight[i]*q*(1-q)
		g, gx = g+d, gx+d*x
		h, hx, hxx = h+c, hx+c*x, hxx+c*x*x
	}
	const ridge = 1e-9
	h, hxx = h+ridge, hxx+ridge
	det := h*hxx - hx*hx
	return (h*gx - hx*g) / det, (hxx*g - hx*gx) / det
}
