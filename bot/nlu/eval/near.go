package eval

import (
	"cmp"
	"fmt"
	"io"
	"slices"

	"ombud/bot/nlu"
)

// Near is an example that says almost what a labelled message says.
type Near struct {
	Language   string  `json:"lang"`
	Example    string  `json:"example"`
	Message    string  `json:"message"`
	Similarity float64 `json:"similarity"` // cosine of their vectors (nlu.Sketch), the measure by which Folds deals messages
}

// NearList is all that is too near, the nearest first.
type NearList []Near

// FindNear lists the examples that are at least so similar to a message of their language, each with the message that it is
// most like. A figure measured on such messages says less about new ones. m is only asked for similarities.
func FindNear(m *nlu.Model, messages, examples []nlu.Example, limit float64) NearList {
	sketches := map[string][]nlu.Sketch{}
	texts := map[string][]string{}
	for _, e := range messages {
		sketches[e.Language] = append(sketches[e.Language], m.Sketch(e.Text, e.Language))
		texts[e.Language] = append(texts[e.Language], e.Text)
	}
	var list NearList
	for _, e := range examples {
		s, best := m.Sketch(e.Text, e.Language), Near{Language: e.Language, Example: e.Text}
		for i, o := range sketches[e.Language] {
			if v := s.Similarity(o); v > best.Similarity {
				best.Similarity, best.Message = v, texts[e.Language][i]
			}
		}
		if best.Similarity >= limit {
			list = append(list, best)
		}
	}
	slices.SortStableFunc(list, func(a, b Near) int { return cmp.Compare(b.Similarity, a.Similarity) })
	return list
}

// WriteText renders the list for people.
func (l NearList) WriteText(w io.Writer) error {
	p := printer{w: w}
	for _, n := range l {
		p.printf("%.2f %s %q is near %q\n", n.Similarity, n.Language, n.Example, n.Message)
	}
	p.printf("%s\n", fmt.Sprintf("%d examples are near a labelled message", len(l)))
	return p.err
}
