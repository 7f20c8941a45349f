package nlu

import (
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

//go:embed concepts.txt
var conceptLines string

// conceptLanguages are the columns of concepts.txt after the name.
var conceptLanguages = [...]string{"en", "hu", "sl", "fr", "zh"}

// shopConcepts is read when the first message is. The file is part of the program and its test reads it too, so a mistake
// in it is a mistake of the program.
var shopConcepts = sync.OnceValue(func() *lexicon {
	l, err := parseConcepts(conceptLines)
	if err != nil {
		panic(err)
	}
	return l
})

// lexicon finds what a message talks about whatever its language, so that examples in one language teach the others.
type lexicon struct {
	names []string
	// wider holds, by concept, the wider one that it belongs to (a coat is one of the goods); -1 for none.
	wider []int16
	// stems holds, by language, the first stem of each entry by its hash, from stemHash.
	stems map[string]map[uint64]*stems
}

// stems are the entries that begin with the same letters.
type stems struct {
	prefix, whole int16 // the concept of any word that begins so and of this word alone; -1 for none
	phrases       []phrase
}

// phrase is an entry of several words.
type phrase struct {
	words   []phraseWord // the words after the first
	whole   bool         // of the first
	concept int16
}

type phraseWord struct {
	stem  []rune
	whole bool
}

func (p phraseWord) matches(w []rune) bool {
	return len(w) >= len(p.stem) && (!p.whole || len(w) == len(p.stem)) && slices.Equal(w[:len(p.stem)], p.stem)
}

func stemHash(h uint64, r rune) uint64 { return mix(h, uint64(r)) }

// parseConcepts reads the form that the head of concepts.txt describes; it refuses everything else.
func parseConcepts(lines string) (*lexicon, error) {
	l := &lexicon{stems: map[string]map[uint64]*stems{}}
	index := map[string]int16{}
	for _, lang := range conceptLanguages {
		l.stems[lang] = map[uint64]*stems{}
	}
	seen := map[string]bool{}
	for n, line := range strings.Split(lines, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		if err := l.parseLine(line, seen, index); err != nil {
			return nil, fmt.Errorf("concepts, line %d: %w", n+1, err)
		}
	}
	return l, nil
}

func (l *lexicon) parseLine(line string, seen map[string]bool, index map[string]int16) error {
	columns := strings.Split(line, ";")
	if len(columns) != len(conceptLanguages)+1 {
		return fmt.Errorf("%d columns, want %d", len(columns), len(conceptLanguages)+1)
	}
	name, wider, _ := strings.Cut(columns[0], "<")
	if name == "" || seen["name "+name] {
		return fmt.Errorf("concept %q has no name of its own", name)
	}
	seen["name "+name] = true
	for i, lang := range conceptLanguages {
		entries := strings.Fields(columns[i+1])
		if len(entries) == 0 {
			return fmt.Errorf("concept %q has no stem in %s", name, lang)
		}
		for _, e := range entries {
			if seen[lang+" "+e] {
				return fmt.Errorf("stem %q in %s stands twice", e, lang)
			}
			seen[lang+" "+e] = true
			if err := l.add(lang, e, int16(len(l.names))); err != nil {
				return fmt.Errorf("stem %q in %s: %w", e, lang, err)
			}
		}
	}
	up, known := index[wider]
	switch {
	case wider == "":
		up = -1
	case !known:
		return fmt.Errorf("concept %q belongs to %q, which does not stand above it", name, wider)
	}
	index[name] = int16(len(l.names))
	l.names, l.wider = append(l.names, name), append(l.wider, up)
	return nil
}

func (l *lexicon) add(lang, entry string, concept int16) error {
	var words []phraseWord
	for _, w := range strings.Split(entry, "_") {
		stem, whole := strings.CutSuffix(w, "=")
		if stem == "" || strings.Contains(stem, "=") {
			return errors.New("empty or with = in its middle")
		}
		for _, r := range stem {
			if foldRune(r) != r {
				return fmt.Errorf("%q is not folded", r)
			}
		}
		words = append(words, phraseWord{[]rune(stem), whole})
	}
	h := uint64(0)
	for _, r := range words[0].stem {
		h = stemHash(h, r)
	}
	s := l.stems[lang][h]
	if s == nil {
		s = &stems{prefix: -1, whole: -1}
		l.stems[lang][h] = s
	}
	switch {
	case len(words) > 1:
		s.phrases = append(s.phrases, phrase{words: words[1:], whole: words[0].whole, concept: concept})
	case words[0].whole:
		s.whole = concept
	default:
		s.prefix = concept
	}
	return nil
}

// longestHan is how many Chinese characters the longest stem has.
const longestHan = 5

// conceptAt finds the concepts that begin with the n-th word: phrases, and the longest stem.
func (x *extractor) conceptAt(known map[uint64]*stems, n int) {
	t := &x.text
	i := x.words[n]
	best, h := int16(-1), uint64(0)
	end := i + 1
	if t.tokens[i].kind == han {
		for m := n; m < len(x.words) && m < n+longestHan && t.tokens[x.words[m]].kind == han; m++ {
			h = stemHash(h, t.word(x.words[m])[0])
			if s := known[h]; s != nil && s.prefix >= 0 {
				best, end = s.prefix, x.words[m]+1
			}
		}
	} else {
		w := t.word(i)
		for k, r := range w {
			h = stemHash(h, r)
			s := known[h]
			if s == nil {
				continue
			}
			if s.prefix >= 0 {
				best = s.prefix
			}
			if k == len(w)-1 && s.whole >= 0 {
				best = s.whole
			}
			for _, p := range s.phrases {
				if (!p.whole || k == len(w)-1) && x.follows(p.words, n+1) {
					x.meet(p.concept, i, x.words[n+len(p.words)]+1)
				}
			}
		}
	}
	if best >= 0 {
		x.meet(best, i, end)
	}
}

// follows tells whether the words from the n-th on are those of a phrase.
func (x *extractor) follows(words []phraseWord, n int) bool {
	if n+len(words) > len(x.words) {
		return false
	}
	for k, p := range words {
		if !p.matches(x.text.word(x.words[n+k])) {
			return false
		}
	}
	return true
}

// found is a concept of a message, and the tokens that show it.
type found struct {
	concept  int16
	from, to int
}

// mostConcepts bounds the concepts of one message, since their pairs are counted.
const mostConcepts = 24

// meet notes a concept, once each, with a mark of its own where it is denied.
func (x *extractor) meet(concept int16, from, to int) {
	if up := shopConcepts().wider[concept]; up >= 0 {
		x.meet(up, from, to)
	}
	h := mix(kConcept, uint64(concept))
	x.emit(ofConcepts, h, from, to)
	if x.text.tokens[from].denied {
		x.emit(ofConcepts, mix(kDenied, h), from, to)
	}
	for _, f := range x.met {
		if f.concept == concept {
			return
		}
	}
	if len(x.met) < mostConcepts {
		x.met = append(x.met, found{concept, from, to})
	}
}

// concepts emits what the message talks about, and which two things it talks about together.
func (x *extractor) concepts(lang string) {
	known := shopConcepts().stems[lang]
	if known == nil {
		return
	}
	x.met = x.met[:0]
	for n := range x.words {
		x.conceptAt(known, n)
	}
	for i, a := range x.met {
		for _, b := range x.met[:i] {
			low, high := min(a.concept, b.concept), max(a.concept, b.concept)
			h := mix(mix(kConceptPair, uint64(low)), uint64(high))
			x.emit(ofPairs, h, min(a.from, b.from), max(a.to, b.to))
		}
	}
}
