package nlu

import (
	"math"
	"slices"
)

// Sketch is what a message says, in a form that can be compared with another's. Sketches of one model only
// may be compared.
type Sketch struct {
	cells []cell
	norm  float64
}

// Sketch reads a message for comparison; lang is its language.
func (m *Model) Sketch(message, lang string) Sketch {
	r := readers.Get().(*reader)
	defer readers.Put(r)
	r.text.read(message)
	r.extract(m.readAs(lang, ""))
	cells, _ := r.vector(m.vocabulary, r.features, math.MaxInt32)
	s := Sketch{cells: slices.Clone(cells)}
	for _, c := range cells {
		s.norm += float64(c.value) * float64(c.value)
	}
	s.norm = math.Sqrt(s.norm)
	return s
}

// Similarity is the cosine between two messages: 1 for the same words, 0 for none in common.
func (s Sketch) Similarity(o Sketch) float64 {
	sum := 0.0
	for i, j := 0, 0; i < len(s.cells) && j < len(o.cells); {
		switch a, b := s.cells[i], o.cells[j]; {
		case a.id < b.id:
			i++
		case a.id > b.id:
			j++
		default:
			sum += float64(a.value) * float64(b.value)
			i++
			j++
		}
	}
	if sum == 0 {
		return 0
	}
	return sum / (s.norm * o.norm)
}
