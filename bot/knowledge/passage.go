package knowledge

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Passage is one piece of an article, of a size that can be quoted.
type Passage struct {
	ID       string   `json:"id"` // of the article, and "#" and its number from 1: "returns/how-long#2"
	Article  string   `json:"slug"`
	Key      string   `json:"article,omitempty"` // the store's id of the article
	Version  int64    `json:"version,omitempty"`
	Topics   []string `json:"topics,omitempty"`
	Title    string   `json:"title"` // of the article, and the heading it stands under
	Text     string   `json:"text"`
	Score    float64  `json:"score,omitempty"` // of a search: higher fits better
	Language string   `json:"language"`
}

// The size of a passage in characters: paragraphs are joined up to wanted and cut above most.
const (
	wanted = 600
	most   = 900
)

// Passages cuts an article at its headings, then at paragraphs, then at the ends of sentences.
func (a Article) Passages() []Passage {
	var out []Passage
	under, piece := "", ""
	flush := func() {
		for _, text := range split(strings.TrimSpace(piece)) {
			title := a.Title
			if under != "" && under != a.Title {
				title += ": " + under
			}
			id := fmt.Sprintf("%s#%d", a.ID, len(out)+1)
			out = append(out, Passage{ID: id, Article: a.ID, Key: a.Key, Version: a.Version, Topics: a.Topics, Title: title, Text: text, Language: a.Language})
		}
		piece = ""
	}
	for _, para := range strings.Split(a.Text, "\n\n") {
		if h, ok := strings.CutPrefix(para, "# "); ok {
			flush()
			under = h
			continue
		}
		if piece != "" && utf8.RuneCountInString(piece)+utf8.RuneCountInString(para) > wanted {
			flush()
		}
		piece += para + "\n\n"
	}
	flush()
	return out
}

// split cuts a text that is longer than most after the last end of a sentence, line or word before it.
func split(text string) []string {
	var out []string
	for utf8.RuneCountInString(text) > most {
		runes := []rune(text)
		at := most
		for _, ends := range []string{"\n", ".!?。！？", " "} {
			if i := lastOf(runes[:most], ends); i >= most/2 {
				at = i + 1
				break
			}
		}
		out = append(out, strings.TrimSpace(string(runes[:at])))
		text = strings.TrimSpace(string(runes[at:]))
	}
	if text == "" {
		return out
	}
	return append(out, text)
}

func lastOf(runes []rune, of string) int {
	for i := len(runes) - 1; i >= 0; i-- {
		if strings.ContainsRune(of, runes[i]) {
			return i
		}
	}
	return -1
}
