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
	about    *matrix     // the examples where topics are asked for
	heard    *matrix     // and where signals are
	say      [][]float32 // by column, by example: how much it counts, and which way
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

// chunk is how many examples are read at a time.
const chunk = 256

// read turns the examples into matrices of weighted features.
func (t *training) read() {
	n := len(t.examples)
	documents := make([][]feature, n)
	var known [][]float32 // by example, what it means
	if slices.Contains(t.model.head.Languages, meant) {
		known = make([][]float32, n)
		t.model.head.Meanings = meanings
	}
	parallel(t.workers, (n+chunk-1)/chunk, func(c int) {
		var x extractor
		for i := c * chunk; i < min(n, (c+1)*chunk); i++ {
			x.text.read(t.examples[i].Text)
			x.extract(t.examples[i].Language)
			documents[i] = slices.Clone(x.features)
			var sums [meanings]float32
			if known != nil && t.examples[i].Language == meant && x.meaning(&sums) {
				known[i] = slices.Clone(sums[:])
			}
		}
	})
	var beside sync.WaitGroup
	beside.Go(func() { t.model.tongues = learnTongues(t.examples, t.model.head.Languages) })
	t.model.vocabulary = learnVocabulary(t.workers, documents, len(t.model.head.Languages))
	t.weigh(documents, known)
	beside.Wait()
}

// weigh makes the matrices of the examples' features and meanings.
func (t *training) weigh(documents [][]feature, means [][]float32) {
	v, n := t.model.vocabulary, len(documents)
	chunks, known := (n+chunk-1)/chunk, int32(len(v.IDF))
	about, heard := make([]matrix, chunks), make([]matrix, chunks)
	t.known = make([]float64, n)
	parallel(t.workers, chunks, func(c int) {
		var w weigher
		some := documents[c*chunk : min(n, (c+1)*chunk)]
		about[c].reserve(some)
		if t.signals > 0 {
			heard[c].reserve(some)
		}
		for i := c * chunk; i < c*chunk+len(some); i++ {
			w.cells, t.known[i] = w.vector(v, documents[i], v.Single)
			if t.signals > 0 {
				heard[c].appendRow(w.cells, false, v.Single, known)
			}
			if means != nil && means[i] != nil {
				w.cells = appendMeaning(w.cells, len(v.IDF), [meanings]float32(means[i]))
			}
			about[c].appendRow(w.cells, true, v.Single, known)
		}
	})
	t.about, t.heard = join(about, int(v.Single)+t.model.head.Meanings), join(heard, int(v.Single))
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
	columns := t.signals + len(t.model.head.Topics)
	t.margins, t.say = make([][]float32, columns), make([][]float32, columns)
	t.model.weights = make([]float32, (len(t.model.vocabulary.IDF)+t.model.head.Meanings+1)*columns)
	fold := t.folds()
	done := atomic.Int64{}
	var tasks []task
	for _, b := range t.blocks(columns) {
		m := t.about
		if b[1] <= t.signals {
			m = t.heard
		}
		tasks = append(tasks, func() (more []task) {
			l := t.learner(m, b[0], b[1])
			l.learn()
			t.keep(l, b[0], columns)
			for c, w := range l.columns() {
				more = append(more, func() []task {
					t.margins[b[0]+c] = l.leftOut(c, w, fold, folds)
					progress(float64(done.Add(1)) / float64(columns))
					return nil
				})
			}
			return more
		})
	}
	perform(t.workers, tasks)
	t.keepLone(t.heard.lone, 0, t.signals)
	t.keepLone(t.about.lone, t.signals, columns)
}

// learner asks whether the columns from first up to last hold.
func (t *training) learner(m *matrix, first, last int) *learner {
	n := len(t.examples)
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
	return newLearner(m, signs, costs, uint64(first)*7919)
}

// keep puts into the model what was learnt about the columns from first on, of so many, but for features of one example alone.
func (t *training) keep(l *learner, first, columns int) {
	shared, known, all := int(t.model.vocabulary.Single), len(t.model.vocabulary.IDF), t.model.weights
	last := len(l.signs)
	for f := range l.m.width + 1 {
		to := f
		switch {
		case f == l.m.width:
			to = len(all)/columns - 1
		case f >= shared:
			to = f - shared + known
		}
		copy(all[to*columns+first:to*columns+first+last], l.weights[f*lanes:])
	}
	for c, alpha := range l.alpha {
		say := make([]float32, len(alpha))
		for i, a := range alpha {
			say[i] = a * float32(l.signs[c][i])
		}
		t.say[first+c] = say
	}
}

// keepLone puts into the model what features of one example alone weigh in the columns from first up to last: their value, as
// often as the example has a say.
func (t *training) keepLone(lone []lone, first, last int) {
	columns, chunks := len(t.say), 4*t.workers
	parallel(t.workers, chunks, func(chunk int) {
		say, of := make([]float32, last-first), int32(-1)
		for _, x := range lone[len(lone)*chunk/chunks : len(lone)*(chunk+1)/chunks] {
			if x.row != of {
				of = x.row
				for c := range say {
					say[c] = t.say[first+c][of]
				}
			}
			row := t.model.weights[int(x.id)*columns+first : int(x.id)*columns+last]
			for c := range row {
				row[c] = say[c] * x.value
			}
		}
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
