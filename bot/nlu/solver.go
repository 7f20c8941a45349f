package nlu

import "math"

// matrix holds the training messages' vectors one after another (compressed rows).
type matrix struct {
	starts []int32
	ids    []int32
	values []float32
	square []float64 // each row's squared length, the bias among it
	width  int       // number of features, without the bias
}

func (m *matrix) rows() int { return len(m.starts) - 1 }

// bias is the value of the constant feature that every message has; its weight stands last.
const bias = 1

func newMatrix(rows [][]cell, width int) *matrix {
	m := &matrix{starts: make([]int32, 1, len(rows)+1), width: width}
	for _, r := range rows {
		s := float64(bias * bias)
		for _, c := range r {
			m.ids = append(m.ids, c.id)
			m.values = append(m.values, c.value)
			s += float64(c.value) * float64(c.value)
		}
		m.starts = append(m.starts, int32(len(m.ids)))
		m.square = append(m.square, s)
	}
	return m
}

func (m *matrix) dot(w []float32, i int) float64 {
	sum := float64(w[m.width]) * bias
	a, b := m.starts[i], m.starts[i+1]
	ids, values := m.ids[a:b], m.values[a:b]
	values = values[:len(ids)]
	var s0, s1, s2, s3 float32
	k := 0
	for ; k+3 < len(ids); k += 4 {
		s0 += w[ids[k]] * values[k]
		s1 += w[ids[k+1]] * values[k+1]
		s2 += w[ids[k+2]] * values[k+2]
		s3 += w[ids[k+3]] * values[k+3]
	}
	for ; k < len(ids); k++ {
		s0 += w[ids[k]] * values[k]
	}
	return sum + float64(s0+s1) + float64(s2+s3)
}

func (m *matrix) add(w []float32, i int, by float64) {
	a, b := m.starts[i], m.starts[i+1]
	ids, values := m.ids[a:b], m.values[a:b]
	f := float32(by)
	for k, id := range ids {
		w[id] += f * values[k]
	}
	w[m.width] += f * bias
}

// problem is one yes-or-no question over the rows of a matrix.
type problem struct {
	m         *matrix
	yes       []bool
	costs     []float64 // by row: how much an error on it costs; 0 leaves the row out
	alpha     []float64 // by row: where the solver starts, and where it ends
	rounds    int
	tolerance float64
	seed      uint64
}

// solve finds the weights of an L2-regularised linear classifier with squared hinge loss by dual coordinate
// descent with shrinking (Hsieh et al., ICML 2008, algorithm 3), from wherever alpha stands. The bias is the last
// weight.
func (p *problem) solve() []float32 {
	w := make([]float32, p.m.width+1)
	var active []int32
	for i, c := range p.costs {
		if c == 0 {
			p.alpha[i] = 0
			continue
		}
		active = append(active, int32(i))
		if a := p.alpha[i]; a != 0 {
			p.m.add(w, i, a*p.sign(i))
		}
	}
	n := len(active)
	random, size, upper := p.seed|1, n, math.Inf(1)
	for range p.rounds {
		for i := range size { // xorshift shuffle
			random ^= random << 13
			random ^= random >> 7
			random ^= random << 17
			j := i + int(random%uint64(size-i))
			active[i], active[j] = active[j], active[i]
		}
		var highest, lowest float64
		size, highest, lowest = p.round(w, active, size, upper)
		if highest-lowest <= p.tolerance {
			if size == n {
				break
			}
			size, upper = n, math.Inf(1)
			continue
		}
		if upper = highest; upper <= 0 {
			upper = math.Inf(1)
		}
	}
	return w
}

func (p *problem) sign(i int) float64 {
	if p.yes[i] {
		return 1
	}
	return -1
}

// round goes once over the first size active rows, moving those that are settled (their gradient is beyond upper) out of
// them. It returns how many are left and the range of their projected gradients.
func (p *problem) round(w []float32, active []int32, size int, upper float64) (left int, highest, lowest float64) {
	highest, lowest = math.Inf(-1), math.Inf(1)
	for s := 0; s < size; s++ {
		i := int(active[s])
		y, diagonal, old := p.sign(i), 0.5/p.costs[i], p.alpha[i]
		g := y*p.m.dot(w, i) - 1 + old*diagonal
		projected := g
		if old == 0 {
			if g > upper {
				size--
				active[s], active[size] = active[size], active[s]
				s--
				continue
			}
			projected = min(g, 0)
		}
		highest, lowest = max(highest, projected), min(lowest, projected)
		if math.Abs(projected) > 1e-12 {
			p.alpha[i] = max(old-g/(p.m.square[i]+diagonal), 0)
			p.m.add(w, i, (p.alpha[i]-old)*y)
		}
	}
	return size, highest, lowest
}
