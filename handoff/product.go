package handoff

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// FactProduct is the name of the fact that says which product a matter is about.
const FactProduct = "product"

// Product is something that the company sells, as admins list it.
type Product struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// ProductIn gives the id of the product whose name stands in a text, in whatever case: of several the one with the longest name,
// "" where there is none. In Hungarian and Slovenian the name may have an ending.
func ProductIn(text, language string, all []Product) string {
	text = strings.ToLower(text)
	ending := 0
	if language == "hu" || language == "sl" {
		ending = longestEnding
	}
	id, longest := "", 0
	for _, p := range all {
		name := strings.ToLower(strings.TrimSpace(p.Name))
		if n := utf8.RuneCountInString(name); n > longest && names(text, name, ending) {
			id, longest = p.ID, n
		}
	}
	return id
}

// longestEnding is how many letters a case adds to a name at most.
const longestEnding = 4

// names reports whether a name stands in a text as words of its own, but for an ending.
func names(text, name string, ending int) bool {
	for from := 0; ; {
		i := strings.Index(text[from:], name)
		if i < 0 {
			return false
		}
		begin, end := from+i, from+i+len(name)
		before, _ := utf8.DecodeLastRuneInString(text[:begin])
		if first, _ := utf8.DecodeRuneInString(name); !joined(before, first) && ends(text[end:], name, ending) {
			return true
		}
		from = begin + 1
	}
}

// ends reports whether a word is over after a name, or after an ending of letters.
func ends(rest, name string, ending int) bool {
	last, _ := utf8.DecodeLastRuneInString(name)
	for n, r := range rest {
		if !joined(last, r) {
			return true
		}
		if !unicode.IsLetter(r) || utf8.RuneCountInString(rest[:n]) >= ending {
			return false
		}
		last = r
	}
	return true
}

// joined reports whether two letters or digits that follow each other belong to one word. Chinese is written without spaces.
func joined(a, b rune) bool {
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return word(a) && word(b) && !unicode.Is(unicode.Han, a) && !unicode.Is(unicode.Han, b)
}
