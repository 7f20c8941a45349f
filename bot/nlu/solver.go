package nlu

import "slices"

// matrix holds the training messages' vectors one after another (compressed rows). Features that one row alone has are not
// among its cells: what they weigh follows from the row's alpha, so nothing needs to be looked up for them. Where
// examples are few they are most features by far.
type matrix struct {
	starts []int32 // by row, where its cells begin
	ends   []int32 // and where they end
	ids    []int32
	values []float32
	square []float32 // each row's squared length, the bias and its own features among it
	own    []float32 // the squared length of those that it alone has
	lone   []lone    // these, row after row
	width  int       // number of shared features, without the bias
}

// lone is a feature of one row alone.
type lone struct {
	row, id int32
	value   float32
}

func (m *matrix) rows() int { return len(m.starts) }

// bias is the value of the constant feature that every message has; its weight stands last.
const bias = 1

// reserve makes room for the rows of some messages.
func (m *matrix) reserve(documents [][]feature) {
	cells := 0
	for _, d := range documents {
		cells += len(d)
	}
	m.ids, m.values = make([]int32, 0, cells), make([]float32, 0, cells)
}

// appendRow adds a row, as topics are asked for or signals. Features from the number single to below known are its own; those from
// known on, the dimensions of its meaning, follow the shared ones.
func (m *matrix) appendRow(cells []cell, topics bool, single, known int32) {
	square, own := float64(bias*bias), 0.0
	m.starts = append(m.starts, int32(len(m.ids)))
	for _, c := range cells {
		value := c.value
		if topics {
			value = c.topical
		}
		s := float64(value) * float64(value)
		square += s
		if c.id >= single && c.id < known {
			own += s
			m.lone = append(m.lone, lone{int32(len(m.own)), c.id, value})
			continue
		}
		id := c.id
		if id >= known {
			id += single - known
		}
		m.ids, m.values = append(m.ids, id), append(m.values, value)
	}
	m.ends = append(m.ends, int32(len(m.ids)))
	m.square, m.own = append(m.square, float32(square)), append(m.own, float32(own))
}

// join lays the rows of several matrices one after another.
func join(parts []matrix, width int) *matrix {
	m := &matrix{width: width}
	cells, rows, lones := 0, 0, 0
	for i := range parts {
		cells, rows, lones = cells+len(parts[i].ids), rows+len(parts[i].own), lones+len(parts[i].lone)
	}
	m.ids, m.values, m.lone = make([]int32, 0, cells), make([]float32, 0, cells), make([]lone, 0, lones)
	m.starts, m.ends = make([]int32, 0, rows), make([]int32, 0, rows)
	m.square, m.own = make([]float32, 0, rows), make([]float32, 0, rows)
	for i := range parts {
		p, at, row := &parts[i], int32(len(m.ids)), int32(len(m.own))
		for k := range p.starts {
			m.starts, m.ends = append(m.starts, at+p.starts[k]), append(m.ends, at+p.ends[k])
		}
		for _, x := range p.lone {
			m.lone = append(m.lone, lone{row + x.row, x.id, x.value})
		}
		m.ids, m.values = append(m.ids, p.ids...), append(m.values, p.values...)
		m.square, m.own = append(m.square, p.square...), append(m.own, p.own...)
	}
	return m
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
	seed    uint64
}

func newLearner(m *matrix, signs [][]int8, costs [][]float32, seed uint64) *learner {
	l := &learner{m: m, signs: signs, costs: costs, seed: seed}
	l.weights = make([]float32, (m.width+1)*lanes)
	for range signs {
		l.alpha = append(l.alpha, make([]float32, m.rows()))
	}
	l.active = make([][]int32, len(signs))
	return l
}

// shuffler gives pseudo-random orders (xorshift): the rows' order must be without pattern, and the same every time.
type shuffler uint64

func newShuffler(seed uint64) shuffler { return shuffler(mix(seed, lanes) | 1) }

func (s *shuffler) shuffle(rows []int32) {
	x := uint64(*s)
	for i := range rows {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
		// The upper half, scaled, is as good as a remainder and much quicker.
		j := i + int((x>>32)*uint64(len(rows)-i)>>32)
		rows[i], rows[j] = rows[j], rows[i]
	}
	*s = shuffler(x)
}

// undecided is the slack within which a row that has no say now may get one.
const undecided = 0.15

// settled is the slack beyond which a row without a say is let alone for the rest of a settle.
const settled = 0.1

// sweep goes once through all rows, in the given order, for all questions and notes the undecided ones.
func (l *learner) sweep(order []int32) {
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

// step moves one row's alpha to where its question's dual is least, and gives the change and the gradient before. score is
// that of the shared features.
func (l *learner) step(c int, row int32, score float32) (by, gradient float32) {
	y, old := float32(l.signs[c][row]), l.alpha[c][row]
	diagonal := 0.5 / l.costs[c][(l.signs[c][row]+1)/2]
	g := y*score - 1 + old*(diagonal+l.m.own[row])
	if old == 0 && g >= 0 {
		return 0, g
	}
	a := max(old-g/(l.m.square[row]+diagonal), 0)
	l.alpha[c][row] = a
	return a - old, g
}

// settle goes through some rows for question c until they change little, at most so many times. w are the question's
// weights.
func (l *learner) settle(c int, w []float32, rows []int32, rounds int, random *shuffler) {
	for range rounds {
		random.shuffle(rows)
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

// columns copies the weights out, question by question.
func (l *learner) columns() [][]float32 {
	out := make([][]float32, len(l.signs))
	for c := range out {
		out[c] = make([]float32, l.m.width+1)
	}
	for f := range l.m.width + 1 {
		x := (*[lanes]float32)(l.weights[f*lanes:])
		for c := range out {
			out[c][f] = x[c]
		}
	}
	return out
}

// setColumns is the reverse of columns.
func (l *learner) setColumns(in [][]float32) {
	for f := range l.m.width + 1 {
		x := (*[lanes]float32)(l.weights[f*lanes:])
		for c := range in {
			x[c] = in[c][f]
		}
	}
}

// learn solves all questions.
func (l *learner) learn() {
	random := newShuffler(l.seed)
	order := make([]int32, l.m.rows())
	for i := range order {
		order[i] = int32(i)
	}
	pass := func() {
		random.shuffle(order)
		l.sweep(order)
	}
	pass()
	for range sweeps {
		pass()
		columns := l.columns()
		for c, w := range columns {
			l.settle(c, w, slices.Clone(l.active[c]), rounds, &random)
		}
		l.setColumns(columns)
	}
	pass()
}

// leftOut gives each row's margin for question c under weights that were learnt without its fold. It starts from those of all
// rows, w. What only the row itself has weighs nothing there.
func (l *learner) leftOut(c int, w []float32, fold []uint8, folds int) []float32 {
	margins, without := make([]float32, len(fold)), make([]float32, len(w))
	all := slices.Clone(l.alpha[c])
	rows := make([]int32, 0, len(l.active[c]))
	random := newShuffler(l.seed + uint64(c) + 1)
	for f := range folds {
		copy(without, w)
		copy(l.alpha[c], all)
		for row, a := range all {
			if a != 0 && int(fold[row]) == f {
				l.m.add(without, row, -a*float32(l.signs[c][row]))
			}
		}
		rows = rows[:0]
		for _, row := range l.active[c] {
			if int(fold[row]) != f {
				rows = append(rows, row)
			}
		}
		l.settle(c, without, rows, foldRounds, &random)
		for row := range fold {
			if int(fold[row]) == f {
				margins[row] = l.m.dot(without, row)
			}
		}
	}
	copy(l.alpha[c], all)
	return margins
}
