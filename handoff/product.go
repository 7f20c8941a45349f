package handoff

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// FactProduct is the name of the fact that says which product a matter is about.
const FactProduct = "product"

// ofMatter are the facts that are about one matter. The others, such as who the customer is, hold for the next one too.
var ofMatter = []string{FactProduct, "what_happened", "since_when", "tried", factWanted, "callback_time"}

// Lasting gives the facts that hold beyond the matter in which they were said.
func Lasting(facts []Fact) []Fact {
	return slices.DeleteFunc(slices.Clone(facts), func(f Fact) bool { return slices.Contains(ofMatter, f.Name) })
}

// Product is something that the company sells, as admins list it.
type Product struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ProductIn gives the id of the product whose name stands in a text, in whatever case: of several the one with the longest name,
// "" where there is none. In Hungarian and Slovenian the name may be declined.
func ProductIn(text, language string, all []Product) string {
	text = strings.ToLower(text)
	id, longest := "", 0
	for _, p := range all {
		words := strings.Fields(strings.ToLower(p.Name))
		if n := utf8.RuneCountInString(strings.TrimSpace(p.Name)); n > longest && names(text, words, language) {
			id, longest = p.ID, n
		}
	}
	return id
}

// form is one way to begin a word, and what may follow as its ending.
type form struct {
	stem string
	ends func(ending string) bool
}

// formsOf gives how a word of a name may stand in a text. In Hungarian only the last word of a name is declined, and its a or e
// grows long before an ending; in Slovenian every word is, and the vowel at its end gives way to the ending.
func formsOf(word string, last bool, language string) []form {
	final, size := utf8.DecodeLastRuneInString(word)
	cut := word[:len(word)-size]
	plain := form{word, func(ending string) bool { return ending == "" }}
	switch {
	case language == "hu" && last:
		plain.ends = func(ending string) bool { return utf8.RuneCountInString(ending) <= longestEnding && letters(ending) }
		if long := map[rune]string{'a': "á", 'e': "é"}[final]; long != "" {
			return []form{plain, {cut + long, afterLong}}
		}
	case language == "sl":
		plain.ends = func(ending string) bool { return ending == "" || slovenian[ending] }
		if strings.ContainsRune("aeio", final) && utf8.RuneCountInString(cut) >= shortestStem {
			return []form{plain, {cut, func(ending string) bool { return slovenian[ending] }}}
		}
	}
	return []form{plain}
}

const (
	longestEnding = 4 // letters that a Hungarian case adds at most to a name that stays as it is
	shortestStem  = 3 // letters that must be left of a Slovenian word: less stands in too many others
)

// slovenian are the endings of nouns and adjectives of all genders.
var slovenian = set("a e i o u om em oj am ah ih im ov ev ama ami oma ema imi ega emu ja je ji ju jem jev jih jema")

// The endings of Hungarian after a long á or é: whose it is or that it is many, and then its case.
var (
	hungarianOwners = set("k m d nk tok tek ja je já jé juk jük i im id ink itok itek ik")
	hungarianCases  = set("t at et ot n on en nak nek ban ben ba be ból ből ra re ról ről nál nél hoz hez tól től ig ért val vel kal kel mal mel dal del vá vé")
)

func afterLong(ending string) bool {
	if hungarianCases[ending] || hungarianOwners[ending] {
		return true
	}
	for i := range ending {
		if hungarianOwners[ending[:i]] && hungarianCases[ending[i:]] {
			return true
		}
	}
	return false
}

func set(words string) map[string]bool {
	out := map[string]bool{}
	for _, w := range strings.Fields(words) {
		out[w] = true
	}
	return out
}

func letters(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return !unicode.IsLetter(r) }) < 0
}

// names reports whether the words of a name stand in a text, as words of their own.
func names(text string, words []string, language string) bool {
	if len(words) == 0 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(words[0])
	for _, f := range formsOf(words[0], len(words) == 1, language) {
		for from := 0; ; {
			i := strings.Index(text[from:], f.stem)
			if i < 0 {
				break
			}
			begin := from + i
			before, _ := utf8.DecodeLastRuneInString(text[:begin])
			if !joined(before, first) && follows(text[begin:], words, language) {
				return true
			}
			from = begin + 1
		}
	}
	return false
}

// follows reports whether a text begins with the words.
func follows(text string, words []string, language string) bool {
	for _, f := range formsOf(words[0], len(words) == 1, language) {
		rest, ok := strings.CutPrefix(text, f.stem)
		if !ok {
			continue
		}
		end := wordEnd(f.stem, rest)
		if !f.ends(rest[:end]) {
			continue
		}
		next := strings.TrimLeftFunc(rest[end:], unicode.IsSpace)
		if len(words) == 1 || len(next) < len(rest[end:]) && follows(next, words[1:], language) {
			return true
		}
	}
	return false
}

// wordEnd gives how much of what comes after a stem belongs to its word.
func wordEnd(stem, rest string) int {
	last, _ := utf8.DecodeLastRuneInString(stem)
	for n, r := range rest {
		if !joined(last, r) {
			return n
		}
		last = r
	}
	return len(rest)
}

// joined reports whether two letters or digits that follow each other belong to one word. Chinese is written without spaces.
func joined(a, b rune) bool {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return word(a) && word(b) && !unicode.Is(unicode.Han, a) && !unicode.Is(unicode.Han, b)
}
