package nlu

import "maps"

// Model is what was learnt from a script's examples. It is safe for use by many goroutines at once.
type Model struct {
	head       header
	vocabulary *vocabulary
	// weights holds, feature by feature, one weight for each signal and then for each topic; the bias is
	// the last feature's row.
	weights []float32
	tongues *tongues
}

// header is the part of a model that is small.
type header struct {
	Languages   []string      `json:"languages"`
	Topics      []string      `json:"topics"` // in order of name; "" is no topic of the script
	Signals     []calibration `json:"signals"`
	Temperature float64       `json:"temperature"`
	Scope       scope         `json:"scope"`
	// Meanings is how many features follow those of the vocabulary: the dimensions of a message's vector, or none where the
	// model does not know the language that has vectors.
	Meanings int `json:"meanings,omitempty"`
	// Held counts, by language, how the examples' topics were told while each was left out of what was learnt.
	Held map[string]Held `json:"held,omitempty"`
}

// scope turns a scopeMargin into the probability that no topic fits.
type scope struct {
	Logistic logistic `json:"logistic"`
	// ByLanguage holds those of languages with enough examples for one of their own: how many words and characters of a message
	// the examples know, and so how far the margins lie apart, differs between languages.
	ByLanguage map[string]logistic `json:"by_language,omitempty"`
}

// probability is that of no topic for a message in language lang.
func (s scope) probability(lang string, margin float64) float64 {
	if l, ok := s.ByLanguage[lang]; ok {
		return l.probability(margin)
	}
	return s.Logistic.probability(margin)
}

// Held is a cross-validated accuracy: how many examples were told rightly by a model that had not learnt them.
type Held struct {
	Right int `json:"right"`
	All   int `json:"all"`
}

// columns is the number of yes-or-no questions that the weights answer.
func (m *Model) columns() int { return len(m.head.Signals) + len(m.head.Topics) }

// Languages lists the languages that the examples are in, in alphabetical order.
func (m *Model) Languages() []string { return append([]string(nil), m.head.Languages...) }

// CrossValidated tells, by language, how often the topic of an example was told rightly while its fold, a quarter of
// all examples, was left out of what was learnt. No topic counts as a topic.
func (m *Model) CrossValidated() map[string]Held { return maps.Clone(m.head.Held) }

// Topics lists the topics that the examples are about, in alphabetical order.
func (m *Model) Topics() []string {
	var topics []string
	for _, t := range m.head.Topics {
		if t != "" {
			topics = append(topics, t)
		}
	}
	return topics
}

// Threshold gives the probability from which on a signal counts as found, in languages without a threshold of their own.
func (m *Model) Threshold(s Signal) float64 {
	for i, x := range Signals {
		if x == s && i < len(m.head.Signals) {
			return m.head.Signals[i].Threshold
		}
	}
	return 1
}
