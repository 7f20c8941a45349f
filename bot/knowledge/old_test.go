package knowledge

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"unicode"
)

// What follows is the search that the library replaced, some 130 lines of our own: TestRecall holds the library against it.

// oldIndex finds passages. Its articles can be exchanged while it is searched; it is safe for many goroutines.
type oldIndex struct {
	tongues atomic.Pointer[map[string]*oldTongue]
}

// oldTongue holds the passages of one language.
type oldTongue struct {
	passages []Passage
	length   []float64 // terms of each passage
	average  float64
	postings map[string][]posting
}

type posting struct {
	passage int
	count   float64
}

// BM25 as in Robertson and Zaragoza, The Probabilistic Relevance Framework: BM25 and Beyond (2009), with
// its usual constants. A term of the title counts as titleWeight terms of the text.
const (
	k1          = 1.2
	b           = 0.75
	titleWeight = 2
	// oldEnough is the share of the best score that a passage must reach to be found beside it.
	oldEnough = 0.35
)

// NewOldIndex makes an index of articles.
func NewOldIndex(articles []Article) *oldIndex {
	x := &oldIndex{}
	x.Use(articles)
	return x
}

// Use replaces all articles, from the next search on.
func (x *oldIndex) Use(articles []Article) {
	all := map[string]*oldTongue{}
	for _, a := range articles {
		t := all[a.Language]
		if t == nil {
			t = &oldTongue{postings: map[string][]posting{}}
			all[a.Language] = t
		}
		for _, p := range a.Passages() {
			t.add(p)
		}
	}
	for _, t := range all {
		t.average /= float64(max(1, len(t.passages)))
	}
	x.tongues.Store(&all)
}

func (t *oldTongue) add(p Passage) {
	counts := map[string]float64{}
	n := 0.0
	for _, term := range oldTerms(p.Text) {
		counts[term]++
		n++
	}
	for _, term := range oldTerms(p.Title) {
		counts[term] += titleWeight
		n += titleWeight
	}
	at := len(t.passages)
	t.passages, t.length, t.average = append(t.passages, p), append(t.length, n), t.average+n
	for term, c := range counts {
		t.postings[term] = append(t.postings[term], posting{at, c})
	}
}

// Search gives at most k passages that fit a question, the best first; none if no word fits.
// Equal scores are in the order of import, so the same index gives the same answer.
func (x *oldIndex) Search(q Question, k int) []Passage {
	t := (*x.tongues.Load())[q.Language]
	if t == nil || k <= 0 {
		return nil
	}
	scores := t.score(oldTerms(q.Text))
	for i := range scores {
		scores[i] *= 1 + q.weight(t.passages[i])
	}
	if len(scores) == 0 {
		return nil
	}
	found := make([]int, 0, len(scores))
	best := 0.0
	for i, s := range scores {
		found = append(found, i)
		best = max(best, s)
	}
	slices.SortFunc(found, func(i, j int) int {
		return cmp.Or(cmp.Compare(scores[j], scores[i]), cmp.Compare(i, j))
	})
	var out []Passage
	for _, i := range found {
		if len(out) == k || scores[i] < oldEnough*best {
			break
		}
		p := t.passages[i]
		p.Score = scores[i]
		out = append(out, p)
	}
	return out
}

func (t *oldTongue) score(query []string) map[int]float64 {
	slices.Sort(query)
	n := float64(len(t.passages))
	scores := map[int]float64{}
	for _, term := range slices.Compact(query) {
		list := t.postings[term]
		if len(list) == 0 {
			continue
		}
		df := float64(len(list))
		idf := math.Log(1 + (n-df+0.5)/(df+0.5))
		for _, p := range list {
			norm := k1 * (1 - b + b*t.length[p.passage]/t.average)
			scores[p.passage] += idf * p.count * (k1 + 1) / (p.count + norm)
		}
	}
	return scores
}

// oldGram is how many letters of a word make a term. Hungarian and Slovenian hang their grammar on the end of
// the word, French and English less so: parts of words meet where whole words do not.
const oldGram = 4

// terms gives the parts that a text is found by: every oldGram letters of a word with its edges marked, short
// words whole, and of Chinese every character and every pair of them. Case and accents do not count.
func oldTerms(text string) []string {
	var out []string
	for _, word := range strings.FieldsFunc(fold(text), oldNotWord) {
		runes := []rune(word)
		if unicode.Is(unicode.Han, runes[0]) {
			for i := range runes {
				out = append(out, string(runes[i]))
				if i > 0 {
					out = append(out, string(runes[i-1:i+1]))
				}
			}
			continue
		}
		marked := append(append([]rune{'^'}, runes...), '$')
		if len(marked) <= oldGram {
			out = append(out, string(marked))
			continue
		}
		for i := 0; i+oldGram <= len(marked); i++ {
			out = append(out, string(marked[i:i+oldGram]))
		}
	}
	return out
}

func oldNotWord(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
