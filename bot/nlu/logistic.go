package nlu

import "math"

// logistic is a small logistic regression, used to turn margins into probabilities.
type logistic struct {
	Weights []float64 `json:"weights"`
	Bias    float64   `json:"bias"`
}

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func (l logistic) probability(x ...float64) float64 {
	z := l.Bias
	for i, w := range l.Weights {
		z += w * x[i]
	}
	return sigmoid(z)
}

// fitLogistic fits by Newton's method, with Platt's smoothed targets (Platt 1999; Lin, Lin and Weng 2007), so that a
// class that happens to be separable is not given certainty. weight is each row's, nil for all alike.
func fitLogistic(rows [][]float64, yes []bool, weight []float64) logistic {
	if len(rows) == 0 {
		return logistic{}
	}
	d := len(rows[0]) + 1
	var positives, negatives float64
	for i := range yes {
		w := 1.0
		if weight != nil {
			w = weight[i]
		}
		if yes[i] {
			positives += w
		} else {
			negatives += w
		}
	}
	high, low := (positives+1)/(positives+2), 1/(negatives+2)
	beta := make([]float64, d)
	beta[d-1] = math.Log((positives + 1) / (negatives + 1))
	for range 50 {
		gradient, hessian := make([]float64, d), make([][]float64, d)
		for i := range hessian {
			hessian[i] = make([]float64, d)
			hessian[i][i] = 1e-3
			gradient[i] = 1e-3 * beta[i]
		}
		for i, r := range rows {
			z := beta[d-1]
			for k, v := range r {
				z += beta[k] * v
			}
			p, target, w := sigmoid(z), low, 1.0
			if yes[i] {
				target = high
			}
			if weight != nil {
				w = weight[i]
			}
			at := func(k int) float64 {
				if k == d-1 {
					return 1
				}
				return r[k]
			}
			for a := range d {
				gradient[a] += w * (p - target) * at(a)
				for b := range d {
					hessian[a][b] += w * p * (1 - p) * at(a) * at(b)
				}
			}
		}
		step := solveLinear(hessian, gradient)
		size := 0.0
		for k := range beta {
			s := max(min(step[k], 5), -5)
			beta[k] -= s
			size = max(size, math.Abs(s))
		}
		if size < 1e-6 {
			break
		}
	}
	return logistic{Weights: beta[:d-1], Bias: beta[d-1]}
}

// solveLinear solves a small symmetric positive system by Gaussian elimination with pivoting.
func solveLinear(a [][]float64, b []float64) []float64 {
	n := len(b)
	for c := range n {
		best := c
		for r := c + 1; r < n; r++ {
			if math.Abs(a[r][c]) > math.Abs(a[best][c]) {
				best = r
			}
		}
		a[c], a[best] = a[best], a[c]
		b[c], b[best] = b[best], b[c]
		for r := c + 1; r < n; r++ {
			f := a[r][c] / a[c][c]
			for k := c; k < n; k++ {
				a[r][k] -= f * a[c][k]
			}
			b[r] -= f * b[c]
		}
	}
	x := make([]float64, n)
	for r := n - 1; r >= 0; r-- {
		s := b[r]
		for k := r + 1; k < n; k++ {
			s -= a[r][k] * x[k]
		}
		x[r] = s / a[r][r]
	}
	return x
}
