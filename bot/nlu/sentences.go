package nlu

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// sentences cuts a message where a sentence ends, but not inside quotation marks: what somebody else said stays with
// who says so. parts is reused.
func sentences(parts []string, message string) []string {
	parts = parts[:0]
	begin, quoted := 0, false
	for at := 0; at < len(message); {
		r, size := utf8.DecodeRuneInString(message[at:])
		at += size
		switch r {
		case '"':
			quoted = !quoted
		case '„', '«', '“', '「', '『':
			quoted = true
		case '”', '»', '」', '』':
			quoted = false
		}
		if quoted || !endsSentence(r, message[at:]) {
			continue
		}
		parts = append(parts, message[begin:at])
		begin = at
	}
	if strings.TrimSpace(message[begin:]) != "" {
		parts = append(parts, message[begin:])
	}
	return parts
}

// endsSentence tells whether r, with rest behind it, ends a sentence: the dot of 3.50 does not.
func endsSentence(r rune, rest string) bool {
	switch r {
	case '!', '?', '\n', '。', '！', '？', '；', ';', '…':
		return true
	case '.':
		next, _ := utf8.DecodeRuneInString(rest)
		return rest == "" || unicode.IsSpace(next)
	}
	return false
}

// Signals stand in one sentence of a message more often than in all of it, and the other sentences drown them. So each
// sentence is read for itself too, and counts if its margin passes the whole message's by more than aside: what is
// said alone lacks what is said around it.
const (
	aside         = 0.5
	mostSentences = 12 // the cost of a message must not be its writer's choice
	shortest      = 2  // words or characters of a sentence that is read
)

// hearSentences raises the signals' margins to those of the sentence that shows them best.
func (m *Model) hearSentences(margins []float64, message, lang string) {
	r := readers.Get().(*reader)
	defer readers.Put(r)
	r.sentences = sentences(r.sentences, message)
	if len(r.sentences) < 2 {
		return
	}
	for _, s := range r.sentences[:min(len(r.sentences), mostSentences)] {
		r.text.read(s)
		r.extract(lang)
		if len(r.words) < shortest {
			continue
		}
		m.weigh(r, lang)
		m.score(r)
		for c := range margins {
			margins[c] = max(margins[c], r.scores[c]-aside)
		}
	}
}
