package frame

import (
	"unicode"
	"unicode/utf8"
)

// CheckText says what is wrong with a text that a person wrote, or nil. It must be UTF-8 of 1 to most characters
// with something to see in it; of the control characters only tab, line feed and carriage return are let through.
func CheckText(field, s string, most int) *Problem {
	if p := checkRunes(field, s, most, true); p != nil {
		return p
	}
	if blank(s) {
		return problem(CodeEmpty, field, "Write something first.")
	}
	return nil
}

// CheckLine says what is wrong with a one-line string of at most that many characters, or nil. It may be empty.
// Invisible characters that turn the direction of writing are refused: they make one name look like another.
func CheckLine(field, s string, most int) *Problem { return checkRunes(field, s, most, false) }

func checkRunes(field, s string, most int, breaks bool) *Problem {
	n := 0
	for i, r := range s {
		n++
		switch {
		case r >= ' ' && r < 0x7f:
		case r == utf8.RuneError && badAt(s[i:]):
			return problem(CodeUTF8, field, "Send UTF-8.")
		case breaks && (r == '\n' || r == '\t' || r == '\r'):
		case unicode.IsControl(r):
			return problem(CodeControl, field, "Leave out control characters.")
		case !breaks && (unicode.Is(unicode.Bidi_Control, r) || r == '\u2028' || r == '\u2029'):
			return problem(CodeControl, field, "Leave out characters that turn the direction of writing.")
		}
	}
	if n > most {
		return problem(CodeTooLarge, field, "Shorten it.")
	}
	return nil
}

func badAt(s string) bool {
	_, size := utf8.DecodeRuneInString(s)
	return size == 1
}

// blank reports whether nothing of s would be seen: white space, format characters (zero width and the like),
// fillers and variation selectors only.
func blank(s string) bool {
	for _, r := range s {
		switch {
		case unicode.IsSpace(r), unicode.Is(unicode.Cf, r), unicode.Is(unicode.Other_Default_Ignorable_Code_Point, r),
			unicode.Is(unicode.Variation_Selector, r), unicode.Is(unicode.Z, r), r == '\u2800':
		default:
			return false
		}
	}
	return true
}

func isID(s string) bool {
	if s == "" || len(s) > 64 {
		return false
	}
	for _, c := range []byte(s) {
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', c == '-', c == '_', c == '.', c == ':':
		default:
			return false
		}
	}
	return true
}
