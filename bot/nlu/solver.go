package nlu

import "slices"

// matrix holds the training messages' vectors one after another (compressed rows).
type matrix struct {
	starts []int32 // by row, where its cells begin
	ends   []int32 // and where they end
	ids    []int32
	values []float32
	square []float32 // each row's squared length, the bias among it
	width  int       // number of features, without the bias
}

func (m *matrix) rows() int { return len(m.starts) }

// bias is the value of the constant feature that every message has; its weight stands last.
const bias = 1

func newMatrix(rows [][]cell, width int) *matrix {
	m := &matrix{width: width}
	cells := 0
	for _, r := range rows {
		cells += len(r)
	}
	m.ids, m.values = make([]int32, 0, cells), make([]float32, 0, cells)
	for _, r := range rows {
		s := float64(bias * bias)
		m.starts = append(m.starts, int32(len(m.ids)))
		for _, c := range r {
			m.ids = append(m.ids, c.id)
			m.values = append(m.values, c.value)
			s += float64(c.value) * float64(c.value)
		}
		m.ends = append(m.ends, int32(len(m.ids)))
		m.square = append(m.square, float32(s))
	}
	return m
}

// narrow gives the matrix of the first width features alone. It shares the cells of m.
func (m *matrix) narrow(width int) *matrix {
	n := &matrix{starts: m.starts, ends: slices.Clone(m.ends), ids: m.ids, values: m.values, square: slices.Clone(m.square), width: width}
	for row := range n.ends {
		for end := n.ends[row]; end > n.starts[row] && int(n.ids[end-1]) >= width; end-- {
			n.ends[row]--
			n.square[row] -= n.values[end-1] * n.values[end-1]
		}
	}
	return n
}

// dot gives a row's score under one question's weights, the bias last.
func (m *matrix) dot(w []float32, row int) float32 {
	a, b := m.starts[row], m.ends[row]
	ids, values := m.ids[a:b], m.values[a:b]
	values = values[:len(ids)]
	var s0, s1, s2, s3 float32
	for len(ids) >= 4 && len(values) >= 4 {
		s0 += w[ids[0]] * values[0]
		s1 += w[ids[1]] * values[1]
		s2 += w[ids[2]] * values[2]
		s3 += w[ids[3]] * values[3]
		ids, values = ids[4:], values[4:]
	}
	for k, id := range ids {
		s0 += w[id] * values[k]
	}
	return s0 + s1 + (s2 + s3) + w[m.width]*bias
}

// dots gives a row's scores under the weights of all lanes.
func (m *matrix) dots(scores *[lanes]float32, w []float32, row int) {
	a, b := m.starts[row], m.ends[row]
	ids, values := m.ids[a:b], m.values[a:b]
	values = values[:len(ids)]
	last := (*[lanes]float32)(w[m.width*lanes:])
	s0, s1, s2, s3, s4, s5, s6, s7 := last[0], last[1], last[2], last[3], last[4], last[5], last[6], last[7]
	for k, id := range ids {
		x, v := (*[lanes]float32)(w[int(id)*lanes:]), values[k]
		s0 += x[0] * v
		s1 += x[1] * v
		s2 += x[2] * v
		s3 += x[3] * v
		s4 += x[4] * v
		s5 += x[5] * v
		s6 += x[6] * v
		s7 += x[7] * v
	}
	*scores = [lanes]float32{s0, s1, s2, s3, s4, s5, s6, s7}
}

func (m *matrix) add(w []float32, row int, by float32) {
	a, b := m.starts[row], m.ends[row]
	values := m.values[a:b]
	for k, id := range m.ids[a:b] {
		w[id] += by * values[k]
	}
	w[m.width] += by * bias
}

func (m *matrix) addLane(w []float32, lane, row int, by float32) {
	a, b := m.starts[row], m.ends[row]
	values := m.values[a:b]
	for k, id := range m.ids[a:b] {
		w[int(id)*lanes+lane] += by * values[k]
	}
	w[m.width*lanes+lane] += by * bias
}

// lanes is how many questions are learnt side by side: their weights for one feature lie in one cache line, so that
// going through all messages costs little more for eight questions than for one.
const lanes = 8

// learner finds the weights of up to eight L2-regularised linear classifiers with squared hinge loss over the same rows, by
// dual coordinate descent (Hsieh et al., ICML 2008, algorithm 1). It goes through all rows for all questions at once, and
// in between many times through the few rows that a question is still undecided about.
type learner struct {
	m       *matrix
	signs   [][]int8    // by question, by row: +1 or -1
	costs   [][]float32 // by question: how much an error costs on a row with sign -1 and with +1
	alpha   [][]float32 // by question, by row
	active  [][]int32   // by question: the rows still undecided
	weights []float32   // by feature, by lane
	random  uint64
}

func newLearner(m *matrix, signs [][]int8, costs [][]float32, seed uint64) *learner {
	l := &learner{m: m, signs: signs, costs: costs, random: seed*2 + 1}
	l.weights = make([]float32, (m.width+1)*lanes)
	for range signs {
		l.alpha = append(l.alpha, make([]float32, m.rows()))
	}
	l.active = make([][]int32, len(signs))
	return l
}

// next gives a pseudo-random number (xorshift): the rows' order must be without pattern, and the same every time.
func (l *learner) next(n int) int {
	l.random ^= l.random << 13
	l.random ^= l.random >> 7
	l.random ^= l.random << 17
	return int(l.random % uint64(n))
}

func (l *learner) shuffle(rows []int32) {
	for i := range rows {
		j := i + l.next(len(rows)-i)
		rows[i], rows[j] = rows[j], rows[i]
	}
}

// undecided is the slack within which a row that has no say now may get one.
const undecided = 0.15

// settled is the slack beyond which a row without a say is let alone for the rest of a settle.
const settled = 0.1

// sweep goes once through all rows for all questions and notes the undecided ones.
func (l *learner) sweep() {
	order := make([]int32, l.m.rows())
	for i := range order {
		order[i] = int32(i)
	}
	l.shuffle(order)
	for c := range l.active {
		l.active[c] = l.active[c][:0]
	}
	var scores [lanes]float32
	for _, row := range order {
		l.m.dots(&scores, l.weights, int(row))
		for c := range l.signs {
			old := l.alpha[c][row]
			by, g := l.step(c, row, scores[c])
			if by != 0 {
				l.m.addLane(l.weights, c, int(row), by*float32(l.signs[c][row]))
			}
			if old+by > 0 || g < undecided {
				l.active[c] = append(l.active[c], row)
			}
		}
	}
}

// step moves one row's alpha to where its question's dual is least, and gives the change and the gradient before.
func (l *learner) step(c int, row int32, score float32) (by, gradient float32) {
	y, old := float32(l.signs[c][row]), l.alpha[c][row]
	diagonal := 0.5 / l.costs[c][(l.signs[c][row]+1)/2]
	g := y*score - 1 + old*diagonal
	if old == 0 && g >= 0 {
		return 0, g
	}
	a := max(old-g/(l.m.square[row]+diagonal), 0)
	l.alpha[c][row] = a
	return a - old, g
}

// settle goes through question c's undecided rows until they change little, at most so many rounds. w are the question's
// weights; skip, if any, tells rows to leave out.
func (l *learner) settle(c int, w []float32, rounds int, skip func(row int32) bool) {
	rows := slices.Clone(l.active[c])
	if skip != nil {
		rows = slices.DeleteFunc(rows, skip)
	}
	for range rounds {
		l.shuffle(rows)
		most, kept := float32(0), 0
		for _, row := range rows {
			by, g := l.step(c, row, l.m.dot(w, int(row)))
			if by != 0 {
				l.m.add(w, int(row), by*float32(l.signs[c][row]))
				most = max(most, g, -g)
			} else if g > settled {
				continue
			}
			rows[kept] = row
			kept++
		}
		rows = rows[:kept]
		if most < 0.1 {
			return
		}
	}
}

// lane copies question c's weights out, setLane copies them back.
func (l *learner) lane(into []float32, c int) []float32 {
	into = into[:0]
	for i := c; i < len(l.weights); i += lanes {
		into = append(into, l.weights[i])
	}
	return into
}

func (l *learner) setLane(c int, w []float32) {
	for f, x := range w {
		l.weights[f*lanes+c] = x
	}
}

// learn solves all questions.
func (l *learner) learn() {
	w := make([]float32, 0, l.m.width+1)
	l.sweep()
	for range sweeps {
		l.sweep()
		for c := range l.signs {
			w = l.lane(w, c)
			l.settle(c, w, rounds, nil)
			l.setLane(c, w)
		}
	}
	l.sweep()
}

// leftOut gives, by question, each row's margin under weights that were learnt without its fold. It starts from
// the weights of all rows, and leaves l to be thrown away.
func (l *learner) leftOut(fold []uint8, folds int) [][]float32 {
	margins := make([][]float32, len(l.signs))
	all, w := make([]float32, 0, l.m.width+1), make([]float32, l.m.width+1)
	for c := range margins {
		margins[c] = make([]float32, len(fold))
		all = l.lane(all, c)
		alpha := slices.Clone(l.alpha[c])
		for f := range folds {
			copy(w, all)
			copy(l.alpha[c], alpha)
			for row, a := range alpha {
				if a != 0 && int(fold[row]) == f {
					l.m.add(w, row, -a*float32(l.signs[c][row]))
					l.alpha[c][row] = 0
				}
			}
			l.settle(c, w, foldRounds, func(row int32) bool { return int(fold[row]) == f })
			for row := range fold {
				if int(fold[row]) == f {
					margins[c][row] = l.m.dot(w, row)
				}
			}
		}
	}
	return margins
}
