package script

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Fold makes words comparable: lower case, no accents, no punctuation, one space between words.
// Apostrophes vanish ("it's" is "its"); Chinese characters stand as they are.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range norm.NFKD.String(s) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\'', r == '’', r == '‘', r == '\u00ad', r == '\u200b':
		case unicode.IsLetter(r), unicode.IsDigit(r):
			if space && b.Len() > 0 {
				b.WriteByte(' ')
			}
			space = false
			b.WriteRune(foldRune(unicode.ToLower(r)))
		default:
			space = true
		}
	}
	return b.String()
}

// foldRune maps letters that no decomposition takes apart.
func foldRune(r rune) rune {
	switch r {
	case 'ø':
		return 'o'
	case 'ł':
		return 'l'
	case 'đ':
		return 'd'
	}
	return r
}

// phrase is one forbidden phrase, folded.
type phrase struct {
	written, folded string
	stem            bool // words that begin so are meant too
	han             bool // no spaces between words: it may stand anywhere
}

func newPhrase(s string) phrase {
	p := phrase{written: strings.TrimSuffix(strings.TrimSpace(s), "*"), stem: strings.HasSuffix(strings.TrimSpace(s), "*")}
	p.folded = Fold(s)
	p.han = strings.ContainsFunc(s, isHan)
	if p.han {
		p.folded = strings.ReplaceAll(p.folded, " ", "")
	}
	return p
}

func isHan(r rune) bool { return unicode.Is(unicode.Han, r) }

// in reports whether the phrase stands in a folded text.
func (p phrase) in(folded, unspaced string) bool {
	if p.han {
		return strings.Contains(unspaced, p.folded)
	}
	for from := 0; ; {
		i := strings.Index(folded[from:], p.folded)
		if i < 0 {
			return false
		}
		i += from
		end := i + len(p.folded)
		starts := i == 0 || folded[i-1] == ' '
		ends := end == len(folded) || folded[end] == ' ' || p.stem
		if starts && ends {
			return true
		}
		from = i + 1
	}
}

// Forbidden gives the first phrase of text that must not leave the system, in any language of the
// script, as its author wrote it; "" if there is none.
func (s *Script) Forbidden(text string) string {
	folded := Fold(text)
	unspaced := strings.ReplaceAll(folded, " ", "")
	for _, lang := range s.Languages {
		for _, p := range s.forbidden[lang] {
			if p.in(folded, unspaced) {
				return p.written
			}
		}
	}
	return ""
}

// ForbiddenPhrases lists a language's phrases as written, for the console's warning while typing.
func (s *Script) ForbiddenPhrases(language string) []string {
	out := make([]string, len(s.forbidden[language]))
	for i, p := range s.forbidden[language] {
		out[i] = p.written
		if p.stem {
			out[i] += "*"
		}
	}
	return out
}
