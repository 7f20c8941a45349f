package knowledge

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"sync"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/index/scorch"
	"github.com/blevesearch/bleve/v2/search/query"
)

// Index finds passages. Its articles can be exchanged while it is searched; it is safe for many goroutines.
// Close it when done.
type Index struct {
	mu      sync.RWMutex // held for reading while it is searched
	tongues map[string]*tongue
}

// tongue holds the passages of one language.
type tongue struct {
	passages []Passage // a passage's place is its name in the library's index
	fields   []field
	found    bleve.Index
}

// The beginnings of the names of fields.
const (
	inTitle = "title_"
	inText  = "text_"
)

// enough is the share of the best score that a passage must reach to be found beside it.
const enough = 0.12

// NewIndex makes an index of articles.
func NewIndex(articles []Article) (*Index, error) {
	x := &Index{}
	return x, x.Use(articles)
}

// building is held while the library's goroutines run that make an index.
var building sync.Mutex

// Use replaces all articles, from the next search on. If that fails the ones before stay.
func (x *Index) Use(articles []Article) error {
	byLanguage := map[string][]Passage{}
	for _, a := range articles {
		byLanguage[a.Language] = append(byLanguage[a.Language], a.Passages()...)
	}
	building.Lock()
	bleve.Config.SetAnalysisQueueSize(1)
	tongues, err := build(byLanguage)
	bleve.Config.SetAnalysisQueueSize(0)
	building.Unlock()
	if err != nil {
		closeAll(tongues) //nolint:errcheck // what failed before counts
		return err
	}
	x.mu.Lock()
	old := x.tongues
	x.tongues = tongues
	x.mu.Unlock()
	return closeAll(old)
}

// Close gives the memory back. It may be called twice; a closed index finds nothing.
func (x *Index) Close() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	old := x.tongues
	x.tongues = nil
	return closeAll(old)
}

func closeAll(tongues map[string]*tongue) error {
	for language, t := range tongues {
		if err := t.found.Close(); err != nil {
			return fmt.Errorf("close the index of articles in %q: %w", language, err)
		}
	}
	return nil
}

func build(byLanguage map[string][]Passage) (map[string]*tongue, error) {
	all := map[string]*tongue{}
	for language, passages := range byLanguage {
		m, err := schema(language)
		if err != nil {
			return all, err
		}
		found, err := bleve.NewUsing("", m, scorch.Name, scorch.Name, nil) // no path: in memory
		if err != nil {
			return all, fmt.Errorf("make the index of articles in %q: %w", language, err)
		}
		t := &tongue{passages: passages, fields: fieldsOf(language), found: found}
		all[language] = t
		batch := found.NewBatch()
		for i, p := range passages {
			doc := map[string]any{}
			for _, f := range t.fields {
				doc[inTitle+f.name], doc[inText+f.name] = p.Title, p.Text
			}
			if err := batch.Index(strconv.Itoa(i), doc); err != nil {
				return all, fmt.Errorf("index passage %s: %w", p.ID, err)
			}
		}
		if err := found.Batch(batch); err != nil {
			return all, fmt.Errorf("index the articles in %q: %w", language, err)
		}
	}
	return all, nil
}

// Question is what passages are looked for.
type Question struct {
	Text     string // the visitor's words
	Language string // ISO 639-1; only articles in it are found
	// Topics are the likely topics and how likely they are, 0 to 1: what belongs to one of them counts up
	// to twice as much. It brings in what the classifier knows of words that no article has.
	Topics map[string]float64
}

// weight is how much a passage gains by its topics, 0 to 1.
func (q Question) weight(p Passage) float64 {
	most := 0.0
	for _, topic := range p.Topics {
		most = max(most, q.Topics[topic])
	}
	return min(1, most)
}

// candidates is how many passages the library ranks before topics weigh in.
const candidates = 50

// longestQuestion is how many bytes of a question are looked for: what comes after adds little but time.
const longestQuestion = 1500

// Search gives at most k passages that fit a question, the best first; none if no word fits.
// Equal scores are in the order of import, so the same index gives the same answer.
func (x *Index) Search(q Question, k int) []Passage {
	x.mu.RLock()
	defer x.mu.RUnlock()
	t := x.tongues[q.Language]
	if t == nil || k <= 0 {
		return nil
	}
	found := t.rank(q)
	var out []Passage
	for _, p := range found {
		if len(out) == k || p.Score < enough*found[0].Score {
			break
		}
		out = append(out, p)
	}
	return out
}

// rank gives the candidates, best first.
func (t *tongue) rank(q Question) []Passage {
	terms := t.terms(q.Text[:min(len(q.Text), longestQuestion)])
	if len(terms) == 0 {
		return nil
	}
	r, err := t.found.Search(bleve.NewSearchRequestOptions(bleve.NewDisjunctionQuery(terms...), candidates, 0, false))
	if err != nil {
		return nil // of an index in memory; a question that finds nothing is answered by the script
	}
	type hit struct {
		at    int
		score float64
	}
	var hits []hit
	for _, h := range r.Hits {
		if at, err := strconv.Atoi(h.ID); err == nil && at < len(t.passages) {
			hits = append(hits, hit{at, settled(h.Score * (1 + q.weight(t.passages[at])))})
		}
	}
	slices.SortFunc(hits, func(a, b hit) int { return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.at, b.at)) })
	out := make([]Passage, len(hits))
	for i, h := range hits {
		out[i] = t.passages[h.at]
		out[i].Score = h.score
	}
	return out
}

// settled cuts off what depends on the order in which the library happens to add up.
func settled(score float64) float64 { return math.Round(score*1e9) / 1e9 }

// terms gives what to look for: every part of the question, in titles and texts.
func (t *tongue) terms(text string) []query.Query {
	var out []query.Query
	for _, f := range t.fields {
		for _, token := range t.found.Mapping().AnalyzerNamed(f.query).Analyze([]byte(text)) {
			for _, of := range []string{inTitle, inText} {
				term := bleve.NewTermQuery(string(token.Term))
				term.SetField(of + f.name)
				out = append(out, term)
			}
		}
	}
	return out
}
