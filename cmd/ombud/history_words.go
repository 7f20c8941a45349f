package main

import (
	"strings"
	"unicode"

	"ombud/bot/nlu"
)

// words draws something that a visitor of this language may say: with a wish for a person, about the topic, or about nothing
// that the bot knows. Most of it is plain: the examples that learning needs are angrier than a shop's days. None speaks
// of danger: a demo's history should not frighten.
func (h *historian) words(language, topic string, human bool) string {
	from := h.said[language][topic]
	if other := h.said[language][""]; len(other) > 0 && (human || len(from) == 0) {
		from = other
	}
	if len(from) == 0 { // a script with examples of other topics alone
		for _, from = range h.said[language] {
			break
		}
	}
	calm := !human && h.draw.IntN(4) > 0
	for try := 0; ; try++ {
		e := from[h.draw.IntN(len(from))]
		wants, grave := false, calm && len(e.Signals) > 0
		for _, s := range e.Signals {
			wants = wants || s == nlu.WantsHuman
			grave = grave || s == nlu.Danger
		}
		if !grave && (!human || wants) || try == 300 {
			if human {
				return e.Text
			}
			return h.muddled(e.Text, language)
		}
	}
}

// muddled gives half of all words as they are, and the others as people write who are in a hurry: broken off, with slips of the
// keys, or with another matter beside. The bot has learnt the examples themselves: of those it would be sure each time, and
// a threshold moved over such a history would change nothing.
func (h *historian) muddled(text, language string) string {
	switch h.draw.IntN(8) {
	case 0:
		return brokenOff(text, language, 0.6)
	case 1:
		return brokenOff(text, language, 0.4)
	case 2:
		return h.slips(text)
	case 3:
		if other := h.said[language][h.topic()]; len(other) > 0 {
			return text + " " + other[h.draw.IntN(len(other))].Text
		}
	}
	return text
}

// brokenOff keeps a share of the words from the beginning on, two at least; in Chinese, of the signs.
func brokenOff(text, language string, share float64) string {
	apart := " "
	all := strings.Fields(text)
	if language == "zh" {
		apart, all = "", strings.Split(text, "")
	}
	return strings.Join(all[:min(len(all), max(2, int(share*float64(len(all)))))], apart)
}

// slips swaps neighbouring letters, about one pair in eight.
func (h *historian) slips(text string) string {
	signs := []rune(text)
	for i := 1; i < len(signs); i++ {
		if h.draw.IntN(8) == 0 && unicode.IsLetter(signs[i]) && unicode.IsLetter(signs[i-1]) {
			signs[i-1], signs[i] = signs[i], signs[i-1]
			i++
		}
	}
	return string(signs)
}
