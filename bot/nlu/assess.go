package nlu

import (
	"cmp"
	"math"
	"slices"
	"sync"
)

// reader is the space that assessing one message takes; it is used again for the next.
type reader struct {
	extractor
	weigher
	sentences     []string
	sums          []float32
	scores        []float64
	probabilities []float64
}

var readers = sync.Pool{New: func() any { return new(reader) }}

// mostTopics is how many topics an Assessment names.
const mostTopics = 5

// Assess reads one message. It never fails: what cannot be understood is out of scope, in no language.
func (m *Model) Assess(message string, c Context) Assessment {
	r := readers.Get().(*reader)
	defer readers.Put(r)
	var a Assessment
	r.text.read(message)
	a.Language, a.LanguageSure = m.tongues.detect(&r.text, c)
	lang := m.readAs(a.Language, c.Language)
	r.extract(lang)
	known := m.weigh(r, lang)
	m.score(r)
	signals := len(m.head.Signals)
	m.hearSentences(r.scores[:signals], message, lang)
	a.Topics, a.OutOfScope = m.judgeTopics(r, r.scores[signals:], lang, known)
	for i, cal := range m.head.Signals {
		strength := cal.Logistic.probability(r.scores[i])
		found := strength >= cal.threshold(lang)
		if !found && strength < weakest {
			continue
		}
		a.Signals = append(a.Signals, SignalScore{
			Signal: Signals[i], Strength: strength, Found: found, Evidence: m.evidence(r, i),
		})
	}
	return a
}

// weigh brings the features of what was read, in language lang, into r.cells. known is the share that the vocabulary holds.
func (m *Model) weigh(r *reader, lang string) (known float64) {
	r.cells, known = r.vector(m.vocabulary, r.features, math.MaxInt32)
	var sums [meanings]float32
	if m.head.Meanings > 0 && lang == meant && r.meaning(&sums) {
		r.cells = appendMeaning(r.cells, len(m.vocabulary.IDF), sums)
	}
	return known
}

// weakest is the strength below which a signal is not worth naming.
const weakest = 0.1

// readAs gives the language whose character n-grams a message is read with.
func (m *Model) readAs(detected, context string) string {
	if slices.Contains(m.head.Languages, detected) {
		return detected
	}
	if slices.Contains(m.head.Languages, context) {
		return context
	}
	return m.head.Languages[0]
}

// score adds up the weights of the message's features for every signal and topic.
func (m *Model) score(r *reader) {
	n, signals := m.columns(), len(m.head.Signals)
	row := func(id int) []float32 { return m.weights[id*n : id*n+n] }
	r.sums = append(r.sums[:0], row(len(m.weights)/n-1)...) // the bias, which is 1
	for i := 0; i < len(r.cells); i += 2 {
		x, y := r.cells[i], cell{}
		if i+1 < len(r.cells) {
			y = r.cells[i+1]
		}
		a, b := row(int(x.id)), row(int(y.id))
		if x.value != 0 || y.value != 0 {
			addTwo(r.sums[:signals], a[:signals], x.value, b[:signals], y.value)
		}
		addTwo(r.sums[signals:], a[signals:], x.topical, b[signals:], y.topical)
	}
	r.scores = r.scores[:0]
	for _, s := range r.sums {
		r.scores = append(r.scores, float64(s))
	}
}

// addTwo adds u times a and v times b to sums: most of the time that a message takes is spent here, and two rows at once spare half
// of the loading and storing.
func addTwo(sums, a []float32, u float32, b []float32, v float32) {
	a, b = a[:len(sums)], b[:len(sums)]
	for c := range sums {
		sums[c] += a[c]*u + b[c]*v
	}
}

func (m *Model) judgeTopics(r *reader, margins []float64, lang string, known float64) ([]TopicScore, float64) {
	none := slices.Index(m.head.Topics, "")
	outside := m.head.Scope.probability(lang, scopeMargin(margins, none, known))
	names := m.head.Topics
	if none >= 0 {
		names = slices.Delete(slices.Clone(names), none, none+1)
		margins = slices.Delete(slices.Clone(margins), none, none+1)
	}
	r.probabilities = softmax(r.probabilities[:0], margins, m.head.Temperature)
	topics := make([]TopicScore, 0, len(names))
	for c, name := range names {
		topics = append(topics, TopicScore{Topic: name, Confidence: r.probabilities[c]})
	}
	slices.SortStableFunc(topics, func(a, b TopicScore) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return topics[:min(len(topics), mostTopics)], outside
}

// mostEvidence is how many words the evidence of a signal may have.
const mostEvidence = 8

// evidence gives the run of words that weighs most for column c, as written.
func (m *Model) evidence(r *reader, c int) string {
	n, tokens := m.columns(), r.text.tokens
	parts := make([]float64, len(tokens))
	for _, x := range r.cells {
		if x.to == x.from {
			continue
		}
		part := float64(m.weights[int(x.id)*n+c]*x.value) / float64(x.to-x.from)
		for i := x.from; i < x.to; i++ {
			parts[i] += part
		}
	}
	best, from, to := 0.0, 0, 0
	for a := range parts {
		sum, words := 0.0, 0
		for b := a; b < len(parts) && words < mostEvidence; b++ {
			sum += parts[b]
			if tokens[b].kind <= number || tokens[b].kind == han && (b-a)%2 == 1 {
				words++
			}
			if sum > best {
				best, from, to = sum, a, b+1
			}
		}
	}
	if to == 0 {
		return ""
	}
	return r.text.raw[tokens[from].from:tokens[to-1].to]
}
