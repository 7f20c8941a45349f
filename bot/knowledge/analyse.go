package knowledge

import (
	"fmt"

	"github.com/blevesearch/bleve/v2"
	"github.com/blevesearch/bleve/v2/analysis"
	"github.com/blevesearch/bleve/v2/analysis/analyzer/custom"
	"github.com/blevesearch/bleve/v2/analysis/lang/cjk"
	"github.com/blevesearch/bleve/v2/analysis/lang/en"
	"github.com/blevesearch/bleve/v2/analysis/lang/fr"
	"github.com/blevesearch/bleve/v2/analysis/lang/hu"
	"github.com/blevesearch/bleve/v2/analysis/token/lowercase"
	"github.com/blevesearch/bleve/v2/analysis/token/ngram"
	"github.com/blevesearch/bleve/v2/analysis/token/unique"
	"github.com/blevesearch/bleve/v2/analysis/tokenizer/unicode"
	"github.com/blevesearch/bleve/v2/mapping"
	"github.com/blevesearch/bleve/v2/registry"
)

// A passage is found by parts of its words and, where the library has a stemmer for the language, by their
// stems. Hungarian and Slovenian hang their grammar on the end of the word, French and English less so: parts
// meet where whole words do not. The library's own scoring finds more here than its BM25.
var stems = map[string]string{"en": en.AnalyzerName, "fr": fr.AnalyzerName, "hu": hu.AnalyzerName}

// grams are how many letters of a word make a part of it.
var grams = []int{4, 5}

// field is one way in which a passage's title and text are indexed. The names of the two fields end in its name.
type field struct {
	name  string
	index string // analyser of what is indexed
	query string // analyser of questions
}

const (
	edgesName = "ombud_edges"
	foldName  = "ombud_fold"
)

func init() {
	must(registry.RegisterTokenFilter(edgesName, func(map[string]any, *registry.Cache) (analysis.TokenFilter, error) { return edges{}, nil }))
	must(registry.RegisterCharFilter(foldName, func(map[string]any, *registry.Cache) (analysis.CharFilter, error) { return folding{}, nil }))
	// The library starts goroutines that analyse what is indexed. They run only while an index is made.
	bleve.Config.SetAnalysisQueueSize(0)
}

func must(err error) {
	if err != nil {
		panic(err) // names that two packages register
	}
}

// edges marks where a word begins and ends, so that parts of its edges are told from those within.
type edges struct{}

// Filter implements analysis.TokenFilter.
func (edges) Filter(in analysis.TokenStream) analysis.TokenStream {
	for _, t := range in {
		t.Term = append(append([]byte{'^'}, t.Term...), '$')
	}
	return in
}

// folding takes case and accents away: people leave them out.
type folding struct{}

// Filter implements analysis.CharFilter.
func (folding) Filter(in []byte) []byte { return []byte(fold(string(in))) }

// fieldsOf gives the ways in which a language is indexed.
func fieldsOf(language string) []field {
	if language == "zh" || language == "ja" || language == "ko" {
		return []field{{"cjk", "cjk", "cjk_once"}}
	}
	var out []field
	for _, n := range grams {
		name := fmt.Sprint("parts", n)
		out = append(out, field{name, name, name + "_once"})
	}
	if stem := stems[language]; stem != "" {
		out = append(out, field{"stems", stem, stem})
	}
	return out
}

// schema makes the library's description of one language's index.
func schema(language string) (*mapping.IndexMappingImpl, error) {
	m := bleve.NewIndexMapping()
	analyser := func(name string, chars, filters []string) error {
		for suffix, last := range map[string][]string{"": nil, "_once": {unique.Name}} {
			all := append(append([]string{}, filters...), last...)
			if err := m.AddCustomAnalyzer(name+suffix, map[string]any{"type": custom.Name, "char_filters": chars, "tokenizer": unicode.Name, "token_filters": all}); err != nil {
				return fmt.Errorf("make an index of articles: %w", err)
			}
		}
		return nil
	}
	if err := m.AddCustomTokenFilter("cjk_parts", map[string]any{"type": cjk.BigramName, "output_unigram": true}); err != nil {
		return nil, fmt.Errorf("make an index of articles: %w", err)
	}
	if err := analyser("cjk", nil, []string{cjk.WidthName, lowercase.Name, "cjk_parts"}); err != nil {
		return nil, err
	}
	for _, n := range grams {
		name := fmt.Sprint("parts", n)
		if err := m.AddCustomTokenFilter(name, map[string]any{"type": ngram.Name, "min": float64(n), "max": float64(n)}); err != nil {
			return nil, fmt.Errorf("make an index of articles: %w", err)
		}
		if err := analyser(name, []string{foldName}, []string{edgesName, name}); err != nil {
			return nil, err
		}
	}
	doc := bleve.NewDocumentStaticMapping()
	for _, f := range fieldsOf(language) {
		for _, of := range []string{inTitle, inText} {
			t := bleve.NewTextFieldMapping()
			t.Analyzer, t.Store, t.IncludeInAll, t.IncludeTermVectors, t.DocValues = f.index, false, false, false, false
			doc.AddFieldMappingsAt(of+f.name, t)
		}
	}
	m.DefaultMapping = doc
	return m, nil
}
