package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxRunes bounds what is read of one message: what a customer wants stands in the first lines, and the
// cost of a message must not be the sender's choice.
const maxRunes = 4000

type kind uint8

const (
	word kind = iota
	number
	han
	mark  // punctuation that carries a tone: ? ! …
	emoji // and other symbols
)

// token is one word, number, Chinese character, mark or symbol of a message.
type token struct {
	kind       kind
	quoted     bool // inside quotation marks
	denied     bool // in the scope of a negation
	shout      bool // two letters or more, all of them capitals
	stretched  bool // a letter three times or more in a row
	clause     int  // number of the clause it stands in
	from, to   int  // bytes of the message
	begin, end int  // runes of text.runes
}

// text is a message cut into tokens. runes holds the folded characters of all tokens, one after another.
type text struct {
	raw    string
	runes  []rune
	tokens []token
}

func (t *text) word(i int) []rune { return t.runes[t.tokens[i].begin:t.tokens[i].end] }

// read cuts a message into tokens, reusing the space of t.
func (t *text) read(raw string) {
	t.raw, t.runes, t.tokens = raw, t.runes[:0], t.tokens[:0]
	quoted, clause, n := false, 0, 0
	for at := 0; at < len(raw) && n < maxRunes; n++ {
		r, size := utf8.DecodeRuneInString(raw[at:])
		f := foldRune(r)
		switch {
		case f == 0 || r == utf8.RuneError:
			at += size
		case isHan(f):
			t.add(token{kind: han, from: at, to: at + size, quoted: quoted, clause: clause}, f)
			at += size
		case unicode.IsLetter(f):
			before := at
			at = t.readWord(at, token{kind: word, quoted: quoted, clause: clause})
			n += at - before
		case unicode.IsDigit(f):
			at = t.readNumber(at, token{kind: number, quoted: quoted, clause: clause})
		default:
			quoted, clause = t.readMark(f, token{from: at, to: at + size, quoted: quoted, clause: clause})
			at += size
		}
	}
	t.scopeNegation()
}

func isHan(r rune) bool { return r >= 0x2E80 && unicode.Is(unicode.Han, r) }

func (t *text) add(k token, rs ...rune) {
	k.begin = len(t.runes)
	t.runes = append(t.runes, rs...)
	k.end = len(t.runes)
	t.tokens = append(t.tokens, k)
}

// elided holds what French writes before an apostrophe: these are words of their own, whereas elsewhere
// (don't, I'm) the apostrophe is dropped, as hurried writers do.
const elided = " l d j m t s c n qu jusqu lorsqu puisqu quoiqu "

// longestWord is where a longer word is cut in two.
const longestWord = 60

// readWord reads letters, with apostrophes and censoring stars between them.
func (t *text) readWord(at int, k token) int {
	k.from, k.begin = at, len(t.runes)
	letters, capitals, run, last := 0, 0, 0, rune(0)
	for at < len(t.raw) && letters < longestWord {
		r, size := utf8.DecodeRuneInString(t.raw[at:])
		f := foldRune(r)
		if isApostrophe(f) {
			if strings.Contains(elided, " "+string(t.runes[k.begin:])+" ") {
				at += size
				break
			}
			if next, _ := utf8.DecodeRuneInString(t.raw[at+size:]); !unicode.IsLetter(next) {
				break
			}
			at += size
			continue
		}
		if f != 0 && (isHan(f) || !unicode.IsLetter(f) && f != '*') {
			break
		}
		at += size
		if f == 0 || r == utf8.RuneError {
			continue
		}
		letters++
		if unicode.IsUpper(r) {
			capitals++
		}
		if f == last {
			run++
		} else {
			run, last = 1, f
		}
		if run == 3 { // "sooooo" is read as "so"
			t.runes, k.stretched = t.runes[:len(t.runes)-1], true
		}
		if run < 3 {
			t.runes = append(t.runes, f)
		}
	}
	k.to, k.end = at, len(t.runes)
	k.shout = letters > 1 && capitals == letters
	t.tokens = append(t.tokens, k)
	return at
}

func isApostrophe(r rune) bool { return r == '\'' || r == '’' || r == '`' || r == '´' }

// readNumber reads digits; which number it is says nothing, how long it is may.
func (t *text) readNumber(at int, k token) int {
	k.from = at
	digits := 0
	for at < len(t.raw) {
		r, size := utf8.DecodeRuneInString(t.raw[at:])
		if !unicode.IsDigit(r) && (r != '.' && r != ',' && r != ':' || digits == 0) {
			break
		}
		if unicode.IsDigit(r) {
			digits++
		}
		at += size
	}
	for k.to = at; k.to > k.from && strings.ContainsRune(".,:", rune(t.raw[k.to-1])); k.to-- {
		at--
	}
	t.add(k, '0', '0'+rune(min(digits, 6)))
	return at
}

// readMark reads what is neither letter nor digit, and tells whether a quotation or a new clause begins.
func (t *text) readMark(f rune, k token) (quoted bool, clause int) {
	quoted, clause = k.quoted, k.clause
	switch f {
	case ' ', '\t', '-', '_', '/', '(', ')':
	case '"':
		quoted = !quoted
	case '„', '«', '“', '「', '『':
		quoted = true
	case '”', '»', '」', '』':
		quoted = false
	case '.', '\n', '。', ';', '；', ':', ',', '，', '、', '…':
		clause++
	case '?', '!', '？', '！', '⁉', '‼':
		k.kind = mark
		if f == '！' || f == '‼' {
			f = '!'
		} else if f != '!' {
			f = '?'
		}
		t.add(k, f)
		clause++
	default:
		if f > ' ' && !unicode.IsSpace(f) {
			k.kind = emoji
			t.add(k, f)
		}
	}
	return quoted, clause
}

// reach is how many tokens a negation denies after itself, within its clause.
const reach = 4

// scopeNegation marks the tokens that a negation before them, in the same clause, denies.
func (t *text) scopeNegation() {
	left, clause := 0, -1
	for i := range t.tokens {
		k := &t.tokens[i]
		if k.clause != clause {
			left, clause = 0, k.clause
		}
		if k.kind != word && k.kind != han {
			continue
		}
		k.denied = left > 0
		left--
		if negators[string(t.word(i))] {
			left = reach
		}
	}
}

// negators are the folded words that deny what follows, in the five languages.
var negators = wordSet(`no not never without dont doesnt didnt isnt wasnt arent werent wont cant cannot couldnt
 wouldnt shouldnt havent hasnt hadnt aint neither nor
 nem ne nincs nincsen sem sincs semmi soha nelkul
 ni nisem nisi niso nismo niste nima nimam nimamo nocem noce brez nikoli nikar nic noben nobene
 pas jamais aucun aucune sans ni rien non
 不 没 别 无 勿 未 莫 甭`)

func wordSet(words string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(words) {
		set[w] = true
	}
	return set
}
