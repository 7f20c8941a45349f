package nlu

import (
	"math"
	"slices"
	"unicode"
)

// tongues tells the languages of the examples apart by the words and letters that the examples are written with. It
// knows nothing of other languages; whether a message is in one of those is for strangers to say.
type tongues struct {
	Languages []string
	Grams     map[uint64][]float32 // the logarithm of each gram's share, by language
	Rare      []float32            // the same for grams that the examples lack
	Words     map[uint64]uint32    // folded words, and in which languages (bits) they occur
}

func learnTongues(examples []Example, languages []string) *tongues {
	t := &tongues{Languages: languages, Grams: map[uint64][]float32{}, Words: map[uint64]uint32{}}
	totals := make([]float64, len(languages))
	var x text
	for _, e := range examples {
		l := slices.Index(languages, e.Language)
		x.read(e.Text)
		for i := range x.tokens {
			if x.tokens[i].kind == word {
				t.Words[hashRunes(kWord, x.word(i))] |= 1 << min(l, 31)
			}
		}
		eachGram(&x, func(h uint64) {
			c := t.Grams[h]
			if c == nil {
				c = make([]float32, len(languages))
				t.Grams[h] = c
			}
			c[l]++
			totals[l]++
		})
	}
	const add = 0.3
	kinds := float64(len(t.Grams))
	t.Rare = make([]float32, len(languages))
	for l := range languages {
		t.Rare[l] = float32(math.Log(add / (totals[l] + add*kinds)))
	}
	for _, c := range t.Grams {
		for l := range c {
			c[l] = float32(math.Log((float64(c[l]) + add) / (totals[l] + add*kinds)))
		}
	}
	return t
}

// eachGram calls do with the folded words and the character trigrams of a text, the latter as written but small: accents
// tell languages apart, and those who leave them out are told by their words.
func eachGram(x *text, do func(h uint64)) {
	for i, k := range x.tokens {
		if k.kind != word {
			continue
		}
		do(hashRunes(kWord, x.word(i)))
		a, b := ' ', ' '
		for _, r := range x.raw[k.from:k.to] {
			r = unicode.ToLower(r)
			do(mix(mix(mix(kChar, uint64(a)), uint64(b)), uint64(r)))
			a, b = b, r
		}
		do(mix(mix(mix(kChar, uint64(a)), uint64(b)), ' '))
	}
}

const (
	// loyalty is how much likelier, as a logarithm, the conversation's language is before a message is read. One
	// or two words in another language do not outweigh it; a clear sentence does.
	loyalty = 6.0
	// dependent is how much of each gram's weight counts, since neighbouring grams repeat one another.
	dependent = 0.35
	// strange is the share of words not in the examples' vocabulary from which on a message may be in a
	// language that the examples lack.
	strange = 0.5
)

// detect gives the language of a message as an ISO 639-1 code, and how sure that is. Where a message says little, it
// is the conversation's.
func (t *tongues) detect(x *text, c Context) (string, float64) {
	expected := c.Language
	if expected == "" && len(c.Earlier) > 0 {
		var before text
		before.read(c.Earlier[len(c.Earlier)-1])
		expected, _ = t.detect(&before, Context{})
	}
	letters, script := scriptOf(x.raw)
	switch {
	case letters == 0 && expected != "":
		return expected, 0.5
	case letters == 0:
		return "", 0
	case script != "":
		return script, 1
	}
	best, sure, words, unknown := t.likeliest(x, expected)
	if best < 0 {
		return expected, 0.5
	}
	language := t.Languages[best]
	if words >= 4 && float64(unknown) >= strange*float64(words) {
		if other, s := strangers(x.raw, t.Languages); other != "" {
			return other, s
		}
	}
	return language, sure
}

// likeliest gives the index of the likeliest Latin-script language of the examples, its probability, and how many words
// the message has and how many of them the examples in that language lack.
func (t *tongues) likeliest(x *text, expected string) (best int, sure float64, words, unknown int) {
	scores := make([]float64, len(t.Languages))
	eachGram(x, func(h uint64) {
		c := t.Grams[h]
		if c == nil {
			c = t.Rare
		}
		for l := range scores {
			scores[l] += dependent * float64(c[l])
		}
	})
	best = -1
	for l, name := range t.Languages {
		if name == expected {
			scores[l] += loyalty
		}
		if name == "zh" {
			scores[l] = math.Inf(-1)
		} else if best < 0 || scores[l] > scores[best] {
			best = l
		}
	}
	if best < 0 {
		return -1, 0, 0, 0
	}
	sum := 0.0
	for _, s := range scores {
		sum += math.Exp(s - scores[best])
	}
	for i := range x.tokens {
		if x.tokens[i].kind == word {
			words++
			if t.Words[hashRunes(kWord, x.word(i))]&(1<<min(best, 31)) == 0 {
				unknown++
			}
		}
	}
	return best, 1 / sum, words, unknown
}

// scripts tells languages that their script gives away.
var scripts = []struct {
	table    *unicode.RangeTable
	language string
}{
	{unicode.Hiragana, "ja"}, {unicode.Katakana, "ja"}, {unicode.Hangul, "ko"}, {unicode.Han, "zh"},
	{unicode.Cyrillic, "ru"}, {unicode.Greek, "el"}, {unicode.Arabic, "ar"}, {unicode.Hebrew, "he"},
	{unicode.Thai, "th"}, {unicode.Devanagari, "hi"},
}

// scriptOf counts letters and names the language whose script a good part of them is in, or "" for Latin letters.
// A Chinese character says as much as several Latin letters, and a few kana make Chinese characters Japanese.
func scriptOf(raw string) (letters int, language string) {
	var count [16]int
	for _, r := range raw {
		if !unicode.IsLetter(r) {
			continue
		}
		letters++
		for i, s := range scripts {
			if r >= 0x370 && unicode.Is(s.table, r) {
				count[i]++
				break
			}
		}
	}
	han := 0
	for i, s := range scripts {
		weight := 1
		if s.language == "zh" || s.language == "ja" || s.language == "ko" {
			weight = 3
		}
		if s.language == "zh" {
			han = i
		}
		if s.language == "ja" && count[i]*8 > letters {
			return letters, "ja"
		}
		if count[i] > 0 && count[i]*weight*2 > letters {
			return letters, s.language
		}
	}
	if count[han]*4 > letters {
		return letters, "zh"
	}
	return letters, ""
}
