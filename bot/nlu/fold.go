package nlu

import (
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// folded maps a letter with accents to its bare small letter, for the Latin blocks.
var folded = foldTable()

func foldTable() map[rune]rune {
	t := map[rune]rune{
		'ß': 's', 'ł': 'l', 'Ł': 'l', 'đ': 'd', 'Đ': 'd', 'ø': 'o', 'Ø': 'o', 'æ': 'a', 'Æ': 'a',
		'œ': 'o', 'Œ': 'o', 'ı': 'i', 'ð': 'd', 'þ': 't',
	}
	for _, block := range [][2]rune{{0xC0, 0x24F}, {0x1E00, 0x1EFF}} {
		for r := block[0]; r <= block[1]; r++ {
			base := []rune(norm.NFD.String(string(r)))[0]
			if base != r && base < 0x80 {
				t[r] = unicode.ToLower(base)
			}
		}
	}
	// Traditional characters are read as Simplified ones, so that one set of examples serves both.
	trad, simp := []rune(traditional), []rune(simplified)
	for i, r := range trad {
		t[r] = simp[i]
	}
	return t
}

// foldRune gives the form in which a character is compared: small, without accents, half width,
// simplified. It returns 0 for characters that carry nothing (joiners, variation selectors, accents
// written as characters of their own).
func foldRune(r rune) rune {
	switch {
	case r < 0x80:
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	case r >= 0xFF01 && r <= 0xFF5E:
		return foldRune(r - 0xFEE0)
	case r == 0x3000:
		return ' '
	case r == 0x200B, r == 0x200C, r == 0x200D, r == 0xFEFF, r == 0xAD:
		return 0
	case unicode.Is(unicode.Mn, r):
		return 0
	}
	if f, ok := folded[r]; ok {
		return f
	}
	return unicode.ToLower(r)
}
