package nlu

import (
	"errors"
	"math"
	"runtime"
	"slices"
	"sort"
	"sync"
	"sync/atomic"
)

// Options are how a model is trained. The zero value is right for a script.
type Options struct {
	// Workers is how many cores train at once; 0 means all. The model does not depend on it.
	Workers int `json:"-"`
	// Progress is told the share that is done, from 0 to 1, now and then and from several goroutines; nil for nobody.
	Progress func(share float64) `json:"-"`
}

// ErrNoExamples is returned where there is nothing to learn from.
var ErrNoExamples = errors.New("no examples to learn from")

// Train learns a model from labelled messages. The same examples, in any order of cores, give the same model.
func Train(examples []Example, o Options) (*Model, error) {
	if len(examples) == 0 {
		return nil, ErrNoExamples
	}
	if o.Workers <= 0 {
		o.Workers = runtime.GOMAXPROCS(0)
	}
	if o.Progress == nil {
		o.Progress = func(float64) {}
	}
	t := training{examples: examples, workers: o.Workers, model: &Model{}}
	t.nameClasses()
	t.read()
	o.Progress(readShare)
	t.learn(func(share float64) { o.Progress(readShare + share*(1-2*readShare)) })
	t.calibrate()
	t.hold()
	o.Progress(1)
	return t.model, nil
}

// readShare is the share of a training's time that reading the examples takes, and calibrating at the end.
const readShare = 0.1

// training is the state of one Train.
type training struct {
	examples []Example
	workers  int
	model    *Model
	signals  int   // columns that are signals: all, or none if no example has one
	topic    []int // by example: the index in header.Topics
	known    []float64
	matrix   *matrix
	margins  [][]float32 // by column, by example: as if the example had been left out
}

func (t *training) nameClasses() {
	topics, languages := map[string]bool{}, map[string]bool{}
	for _, e := range t.examples {
		topics[e.Topic] = true
		languages[e.Language] = true
		if len(e.Signals) > 0 {
			t.signals = len(Signals)
		}
	}
	h := &t.model.head
	h.Topics, h.Languages = sorted(topics), sorted(languages)
	t.topic = make([]int, len(t.examples))
	for i, e := range t.examples {
		t.topic[i] = sort.SearchStrings(h.Topics, e.Topic)
	}
}

func sorted(set map[string]bool) []string {
	var all []string
	for s := range set {
		all = append(all, s)
	}
	slices.Sort(all)
	return all
}

// parallel calls do for 0 to n-1 from several goroutines and waits for all.
func parallel(workers, n int, do func(i int)) {
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(workers, n) {
		wait.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	wait.Wait()
}

// read turns the examples into a matrix of weighted features.
func (t *training) read() {
	n := len(t.examples)
	documents := make([][]feature, n)
	var meanings [][]float32
	if slices.Contains(t.model.head.Languages, meant) {
		meanings = make([][]float32, n)
		t.model.head.Meanings = dimensions
	}
	const chunk = 256
	chunks := (n + chunk - 1) / chunk
	parallel(t.workers, chunks, func(c int) {
		var x extractor
		for i := c * chunk; i < min(n, (c+1)*chunk); i++ {
			x.text.read(t.examples[i].Text)
			x.extract(t.examples[i].Language)
			documents[i] = slices.Clone(x.features)
			var sum [dimensions]float32
			if meanings != nil && t.examples[i].Language == meant && x.meaning(&sum) {
				meanings[i] = slices.Clone(sum[:])
			}
		}
	})
	v := learnVocabulary(documents)
	rows := make([][]cell, n)
	t.known = make([]float64, n)
	parallel(t.workers, chunks, func(c int) {
		var w weigher
		for i := c * chunk; i < min(n, (c+1)*chunk); i++ {
			w.cells, t.known[i] = w.vector(v, documents[i], v.Single)
			if meanings != nil && meanings[i] != nil {
				w.cells = appendMeaning(w.cells, len(v.IDF), [dimensions]float32(meanings[i]))
			}
			rows[i] = slices.Clone(w.cells)
		}
	})
	t.model.vocabulary = v
	t.matrix = newMatrix(rows, len(v.IDF)+t.model.head.Meanings)
	t.model.tongues = learnTongues(t.examples, t.model.head.Languages)
}

// How strictly the weights fit the examples (liblinear's C), how much more one positive example counts than one
// negative, as a power of the ratio of their numbers, and how long and how exactly the solver works.
const (
	cost       = 1.0
	balance    = 0.35
	sweeps     = 1  // over all examples, after the first
	rounds     = 12 // over the undecided ones
	folds      = 4
	foldRounds = 4
)

// learn finds every column's weights, and the margins that its examples have where they are not learnt from: each fold of
// the examples is left out in turn.
func (t *training) learn(progress func(share float64)) {
	n := len(t.examples)
	columns := t.signals + len(t.model.head.Topics)
	t.margins = make([][]float32, columns)
	t.model.weights = make([]float32, (t.matrix.width+1)*columns)
	fold := t.folds()
	narrow := t.matrix.narrow(t.matrix.width - t.model.head.Meanings)
	blocks, done := t.blocks(columns), atomic.Int64{}
	parallel(t.workers, len(blocks), func(block int) {
		defer func() { progress(float64(done.Add(1)) / float64(len(blocks))) }()
		first, last := blocks[block][0], blocks[block][1]
		m := t.matrix
		if last <= t.signals {
			m = narrow
		}
		var signs [][]int8
		var costs [][]float32
		for c := first; c < last; c++ {
			sign, positives := make([]int8, n), 0
			for i := range sign {
				sign[i] = -1
				if t.holds(c, i) {
					sign[i] = 1
					positives++
				}
			}
			ratio := math.Pow(float64(n-positives+1)/float64(positives+1), balance)
			signs = append(signs, sign)
			costs = append(costs, []float32{float32(cost), float32(cost * max(ratio, 1))})
		}
		l := newLearner(m, signs, costs, uint64(block)*7919)
		l.learn()
		for f := range m.width {
			copy(t.model.weights[f*columns+first:f*columns+last], l.weights[f*lanes:])
		}
		copy(t.model.weights[t.matrix.width*columns+first:t.matrix.width*columns+last], l.weights[m.width*lanes:])
		copy(t.margins[first:last], l.leftOut(fold, folds))
	})
}

// blocks are the columns that are learnt side by side, from the first up to the last. Signals are learnt apart from topics, from
// the words alone: that two sentences are about like things does not tell which of them asks for a person.
func (t *training) blocks(columns int) (all [][2]int) {
	for _, part := range [][2]int{{0, t.signals}, {t.signals, columns}} {
		for first := part[0]; first < part[1]; first += lanes {
			all = append(all, [2]int{first, min(first+lanes, part[1])})
		}
	}
	return all
}

func (t *training) folds() []uint8 {
	fold := make([]uint8, len(t.examples))
	for i := range fold {
		fold[i] = uint8((i * 7919) % folds)
	}
	return fold
}

// hold counts how often the likeliest topic was right where it was not learnt from.
func (t *training) hold() {
	t.model.head.Held = map[string]Held{}
	for i, e := range t.examples {
		best := 0
		for c := range t.model.head.Topics {
			if t.margins[t.signals+c][i] > t.margins[t.signals+best][i] {
				best = c
			}
		}
		h := t.model.head.Held[e.Language]
		h.All++
		if best == t.topic[i] {
			h.Right++
		}
		t.model.head.Held[e.Language] = h
	}
}

// holds tells whether column c's answer is yes for an example.
func (t *training) holds(c, i int) bool {
	if c >= t.signals {
		return t.topic[i] == c-t.signals
	}
	return slices.Contains(t.examples[i].Signals, Signals[c])
}

func (t *training) calibrate() {
	n, h := len(t.examples), &t.model.head
	h.Signals = make([]calibration, t.signals)
	language := make([]string, n)
	for i, e := range t.examples {
		language[i] = e.Language
	}
	parallel(t.workers, t.signals, func(c int) {
		margins, yes := make([]float64, n), make([]bool, n)
		for i := range n {
			margins[i], yes[i] = float64(t.margins[c][i]), t.holds(c, i)
		}
		h.Signals[c] = calibrateSignal(Signals[c], margins, yes, language)
	})
	rows := make([][]float64, n)
	for i := range n {
		rows[i] = make([]float64, len(h.Topics))
		for c := range h.Topics {
			rows[i][c] = float64(t.margins[t.signals+c][i])
		}
	}
	label := slices.Clone(t.topic)
	none := slices.Index(h.Topics, "")
	if none >= 0 {
		for i := range rows {
			if label[i] == none {
				label[i] = -1
			}
			rows[i] = slices.Delete(slices.Clone(rows[i]), none, none+1)
			if label[i] > none {
				label[i]--
			}
		}
	}
	h.Temperature = fitTemperature(rows, label)
	t.calibrateScope(none)
}

// usualOutside is the least share of messages out of scope that is reckoned with, however few the examples are.
const usualOutside = 0.15

// enoughOutside is how many examples without a topic tell what such messages look like.
const enoughOutside = 50

// calibrateScope fits the probability that no topic fits. Where examples without a topic are few it learns also from each
// example with its own topic's answer struck out: that is what a message about a missing topic looks like.
func (t *training) calibrateScope(none int) {
	h := &t.model.head
	outside := 0
	for _, c := range t.topic {
		if c == none {
			outside++
		}
	}
	var rows []float64
	var out []bool
	for i := range t.examples {
		margins := make([]float64, len(h.Topics))
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
	inside := len(t.examples) - outside
	share := max(float64(outside)/float64(len(t.examples)), usualOutside)
	each := share / (1 - share) * float64(inside) / float64(max(len(rows)-inside, 1))
	weight := make([]float64, len(rows))
	for i := range weight {
		weight[i] = 1
		if out[i] {
			weight[i] = each
		}
	}
	h.Scope = fitLogistic(rows, out, weight)
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
