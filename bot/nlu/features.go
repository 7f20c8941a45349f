package nlu

// group tells kinds of features apart: each group of a message is brought to a length of its own, so that
// many character n-grams do not drown few words.
type group uint8

const (
	ofWords group = iota
	ofChars
	ofManner // how it is written: marks, capitals, length
	ofConcepts
	ofPairs // of concepts
	groups
)

// feature is one n-gram or trait of a message: its hash, and the tokens it comes from.
type feature struct {
	hash     uint64
	from, to int16 // tokens, half open; both 0 for traits of the whole message
	group    group
}

// The first ingredient of each kind of feature's hash.
const (
	kWord uint64 = iota + 1
	kStem
	kDenied
	kPair
	kStemPair
	kTriple
	kSkip
	kEdge
	kChar
	kManner
	kHan
	kQuoted
	kConcept
	kConceptPair
)

func mix(h, v uint64) uint64 {
	h = (h ^ v) * 0x9E3779B97F4A7C15
	return h ^ h>>29
}

func hashRunes(h uint64, rs []rune) uint64 {
	for _, r := range rs {
		h = mix(h, uint64(r))
	}
	return h
}

// stemLength is how many letters of a word count as its stem. Hungarian, Slovenian and French put their
// grammar at the end, where a fixed-length prefix loses least; a fuller stemmer for five languages gains
// little over the character n-grams that stand beside it.
const stemLength = 5

func stem(w []rune) []rune {
	if len(w) > stemLength {
		return w[:stemLength]
	}
	return w
}

// extractor turns messages into features. It keeps its space between messages and is not safe for use by
// two goroutines at once.
type extractor struct {
	text     text
	features []feature
	words    []int // the tokens that are words, numbers, Chinese characters
	padded   []rune
	met      []found // the concepts, each once
}

// extract finds the features of x.text; lang keeps the character n-grams of one language from those of another.
func (x *extractor) extract(lang string) {
	x.features, x.words = x.features[:0], x.words[:0]
	for i, k := range x.text.tokens {
		if k.kind <= han {
			x.words = append(x.words, i)
		}
	}
	seed := kChar
	for i := 0; i < len(lang); i++ {
		seed = mix(seed, uint64(lang[i]))
	}
	for n := range x.words {
		x.wordFeatures(n)
		x.charFeatures(n, seed)
	}
	x.hanFeatures()
	x.manner()
	x.concepts(lang)
}

func (x *extractor) emit(g group, h uint64, from, to int) {
	x.features = append(x.features, feature{hash: h, group: g, from: int16(from), to: int16(to)})
}

// farthest is how many words after a word its last pair with a gap may end.
const farthest = 4

// wordFeatures emits what begins with the n-th word.
func (x *extractor) wordFeatures(n int) {
	t := &x.text
	i := x.words[n]
	k := t.tokens[i]
	if k.kind == han {
		return
	}
	w := t.word(i)
	hw, hs := hashRunes(kWord, w), hashRunes(kStem, stem(w))
	x.emit(ofWords, hw, i, i+1)
	x.emit(ofWords, hs, i, i+1)
	if k.denied {
		x.emit(ofWords, mix(kDenied, hs), i, i+1)
	}
	if n == 0 || n == len(x.words)-1 {
		x.emit(ofWords, mix(kEdge+uint64(min(n, 1))<<8, hs), i, i+1)
	}
	if n+1 == len(x.words) {
		return
	}
	j := x.words[n+1]
	hs1 := hashRunes(kStem, stem(t.word(j)))
	x.emit(ofWords, mix(mix(kPair, hw), hashRunes(kWord, t.word(j))), i, j+1)
	x.emit(ofWords, mix(mix(kStemPair, hs), hs1), i, j+1)
	for m := n + 2; m < len(x.words) && m <= n+farthest; m++ {
		l := x.words[m]
		hs2 := hashRunes(kStem, stem(t.word(l)))
		x.emit(ofWords, mix(mix(kSkip, hs), hs2), i, l+1)
		if m == n+2 {
			x.emit(ofWords, mix(mix(mix(kTriple, hs), hs1), hs2), i, l+1)
		}
	}
}

const minChars, maxChars = 2, 5

// charFeatures emits the character n-grams of the n-th word, the spaces around it among them.
func (x *extractor) charFeatures(n int, seed uint64) {
	i := x.words[n]
	if x.text.tokens[i].kind != word {
		return
	}
	p := append(x.padded[:0], ' ')
	p = append(p, x.text.word(i)...)
	p = append(p, ' ')
	x.padded = p
	for a := range p {
		h := seed
		for b := a; b < len(p) && b < a+maxChars; b++ {
			h = mix(h, uint64(p[b]))
			if b-a+1 >= minChars {
				x.emit(ofChars, h, i, i+1)
			}
		}
	}
}

// hanFeatures emits runs of one to four Chinese characters, and pairs with a gap.
func (x *extractor) hanFeatures() {
	t := &x.text
	for n, i := range x.words {
		if t.tokens[i].kind != han {
			continue
		}
		h := kHan
		for m := n; m < len(x.words) && m < n+4; m++ {
			j := x.words[m]
			k := t.tokens[j]
			if k.kind != han || k.clause != t.tokens[i].clause {
				break
			}
			h = mix(h, uint64(t.runes[k.begin]))
			g := ofWords
			if m-n >= 2 {
				g = ofChars
			}
			x.emit(g, h, i, j+1)
			if m == n+1 && t.tokens[i].denied && k.denied {
				x.emit(ofWords, mix(kDenied, h), i, j+1)
			}
		}
		x.hanSkips(n)
	}
}

// hanSkips emits the n-th character with those two to five places on.
func (x *extractor) hanSkips(n int) {
	t := &x.text
	a := x.words[n]
	for m := n + 2; m < len(x.words) && m <= n+5; m++ {
		b := x.words[m]
		if t.tokens[b].kind != han || t.tokens[b].clause != t.tokens[a].clause {
			return
		}
		h := mix(mix(kSkip, uint64(t.runes[t.tokens[a].begin])), uint64(t.runes[t.tokens[b].begin]))
		x.emit(ofChars, h, a, b+1)
	}
}

// manner emits how the message is written: marks and their number, capitals, length, symbols, quotes.
func (x *extractor) manner() {
	t := &x.text
	var questions, exclamations, shouts, letters, quoted, stretched, hans int
	for i, k := range t.tokens {
		switch {
		case k.kind == mark && t.runes[k.begin] == '?':
			questions++
		case k.kind == mark:
			exclamations++
		case k.kind == emoji:
			x.emit(ofManner, mix(kManner, uint64(t.runes[k.begin])), i, i+1)
		case k.kind == word:
			letters++
		case k.kind == han:
			hans++
		}
		if k.shout {
			shouts++
		}
		if k.stretched {
			stretched++
		}
		if k.quoted {
			quoted++
		}
	}
	trait := func(name, value int) { x.emit(ofManner, mix(mix(kManner, uint64(name)<<32), uint64(value)), 0, 0) }
	trait(1, min(questions, 2))
	trait(2, min(exclamations, 3))
	trait(3, min(shouts, 3))
	if letters > 2 && shouts*2 > letters {
		trait(4, 1)
	}
	trait(5, bucket(letters+hans/2))
	trait(6, min(quoted, 1))
	trait(7, min(stretched, 1))
	if n := len(t.tokens); n > 0 {
		if last := t.tokens[n-1]; last.kind == mark {
			trait(8, int(t.runes[last.begin]))
		} else {
			trait(8, 0)
		}
	}
}

// bucket puts a length on a coarse logarithmic scale.
func bucket(n int) int {
	b := 0
	for limit := 1; n > limit && b < 8; limit = limit*3/2 + 1 {
		b++
	}
	return b
}
