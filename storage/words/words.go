package words

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longest is where a word is cut off, in bytes of its folded form: nobody types more, and indexes have limits.
const longest = 60

// Word is one word of a text.
type Word struct {
	Text     string // folded: lower case, without accents
	From, To int    // where it stands in the text, in characters (not bytes); To is behind the last
	pair     bool   // of a script without blanks
}

// Index gives the words of a text as they are stored: folded, each once, with a blank between them. A text whose
// script has no blanks is stored as pairs of characters, and its last character once more, for those who search one.
func Index(text string) string {
	seen := map[string]bool{}
	var b strings.Builder
	put := func(w string) {
		if seen[w] {
			return
		}
		seen[w] = true
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w)
	}
	for _, run := range runs(text) {
		if !run.pair {
			put(run.Text)
			continue
		}
		for _, p := range pairs(run) {
			put(p.Text)
		}
		last, _ := utf8.DecodeLastRuneInString(run.Text)
		put(string(last))
	}
	return b.String()
}

// Term is one thing that a text must hold to be found.
type Term struct {
	Text   string
	Prefix bool // words that begin so count as well
}

// Query reads what somebody typed: every term must occur. A word's beginning is enough from three letters on.
func Query(typed string) []Term {
	var terms []Term
	seen := map[Term]bool{}
	put := func(t Term) {
		if !seen[t] {
			seen[t] = true
			terms = append(terms, t)
		}
	}
	for _, run := range runs(typed) {
		switch {
		case !run.pair:
			put(Term{run.Text, utf8.RuneCountInString(run.Text) >= 3})
		case utf8.RuneCountInString(run.Text) == 1:
			put(Term{run.Text, true})
		default:
			for _, p := range pairs(run) {
				put(Term{p.Text, false})
			}
		}
	}
	return terms
}

// Find gives where the terms stand in a text: [from, to) in characters, in order, without overlaps.
func Find(text string, terms []Term) [][2]int {
	found := [][2]int{}
	add := func(from, to int) {
		if n := len(found); n > 0 && from <= found[n-1][1] && from >= found[n-1][0] {
			found[n-1][1] = max(found[n-1][1], to)
			return
		}
		found = append(found, [2]int{from, to})
	}
	for _, run := range runs(text) {
		pieces := []Word{run}
		if run.pair {
			pieces = append(pairs(run), singles(run)...)
			sortByPlace(pieces)
		}
		for _, w := range pieces {
			for _, t := range terms {
				if w.Text == t.Text || !run.pair && t.Prefix && strings.HasPrefix(w.Text, t.Text) {
					add(w.From, w.To)
					break
				}
			}
		}
	}
	return found
}

// runs cuts a text into words, and into whole runs of the scripts that write no blanks.
func runs(text string) []Word {
	var out []Word
	var now Word
	var b strings.Builder
	flush := func() {
		if b.Len() > 0 {
			now.Text = b.String()
			if !now.pair && len(now.Text) > longest {
				now.Text = strings.ToValidUTF8(now.Text[:longest], "")
			}
			out = append(out, now)
		}
		b.Reset()
	}
	at := 0
	for _, r := range text {
		joined := unicode.Is(unicode.Mn, r) || r == '\u200c' || r == '\u200d' || r == '\u00ad'
		switch pair := blankless(r); {
		case joined:
			if b.Len() > 0 {
				now.To = at + 1
			}
			if b.Len() > 0 && now.pair {
				b.WriteRune(r) // a vowel of Thai, not an accent; and each character keeps its place
			}
		case !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.Is(unicode.Mc, r):
			flush()
		default:
			if b.Len() > 0 && now.pair != pair {
				flush()
			}
			if b.Len() == 0 {
				now = Word{From: at, pair: pair}
			}
			if f := fold(r); !pair || utf8.RuneCountInString(f) == 1 {
				b.WriteString(f)
			} else {
				b.WriteRune(r)
			}
			now.To = at + 1
		}
		at++
	}
	flush()
	return out
}

// pairs gives the overlapping pairs of a run, or the run itself if it is one character.
func pairs(run Word) []Word {
	rs := []rune(run.Text)
	if len(rs) < 2 {
		return []Word{run}
	}
	out := make([]Word, 0, len(rs)-1)
	for i := range len(rs) - 1 {
		out = append(out, Word{Text: string(rs[i : i+2]), From: run.From + i, To: min(run.From+i+2, run.To)})
	}
	return out
}

func singles(run Word) []Word {
	rs := []rune(run.Text)
	if len(rs) < 2 {
		return nil
	}
	out := make([]Word, 0, len(rs))
	for i, r := range rs {
		out = append(out, Word{Text: string(r), From: run.From + i, To: min(run.From+i+1, run.To)})
	}
	return out
}

func sortByPlace(ws []Word) {
	for i := 1; i < len(ws); i++ {
		for j := i; j > 0 && ws[j].From < ws[j-1].From; j-- {
			ws[j], ws[j-1] = ws[j-1], ws[j]
		}
	}
}

// blankless reports whether a character's script writes no blanks between words.
func blankless(r rune) bool {
	return r > 0x0e00 && unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Thai, unicode.Lao, unicode.Khmer, unicode.Myanmar)
}

// unfolded are letters that differ from a plain one by a stroke, which no decomposition takes off.
var unfolded = map[rune]string{'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ł': "l", 'ı': "i", 'ħ': "h", 'þ': "th"}

// Fold gives a text without case and accents, its other characters as they are: what one database folds, another does not.
func Fold(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsLetter(r) || unicode.IsNumber(r):
			b.WriteString(fold(r))
		case !unicode.Is(unicode.Mn, r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

// fold gives a character without case and accents. It writes letters and digits only.
func fold(r rune) string {
	if r < utf8.RuneSelf {
		return string(unicode.ToLower(r))
	}
	var b strings.Builder
	for _, d := range norm.NFKD.String(string(r)) {
		d = unicode.ToLower(d)
		switch plain, ok := unfolded[d]; {
		case ok:
			b.WriteString(plain)
		case unicode.IsLetter(d) || unicode.IsNumber(d) || unicode.Is(unicode.Mc, d):
			b.WriteRune(d)
		}
	}
	return b.String()
}
