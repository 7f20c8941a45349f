package handoff

import (
	"cmp"
	"slices"
	"time"
)

// AskingRules say whether people who wait are asked for what is still missing. A value of zero is that of DefaultAsking.
type AskingRules struct {
	// Off: nothing is asked any more once the conversation is handed over.
	Off bool `json:"off,omitempty"`
	// After is how long after the handoff the first question comes.
	After Span `json:"after"`
	// Most is how many questions somebody who waits is asked.
	Most int `json:"most"`
}

// DefaultAsking is in force before an admin sets otherwise.
var DefaultAsking = AskingRules{After: Span(8 * time.Second), Most: 3}

func (r *AskingRules) fill() {
	r.After, r.Most = cmp.Or(r.After, DefaultAsking.After), cmp.Or(r.Most, DefaultAsking.Most)
}

func (r AskingRules) check() error {
	switch {
	case time.Duration(r.After) > time.Hour:
		return invalid("asking.after", "Give at most 1h.")
	case r.Most < 1 || r.Most > 10:
		return invalid("asking.most", "Give 1 to 10 questions.")
	}
	return nil
}

// Learn gives the brief with what the customer said since, and reports whether that changed anything. What is said beats what was
// inferred and what was said before; what an agent put right stays. A model's summary goes where it may say otherwise.
func (b Brief) Learn(facts []Fact) (Brief, bool) {
	changed := false
	b.Facts, b.Missing = slices.Clone(b.Facts), slices.Clone(b.Missing)
	for _, f := range facts {
		at := slices.IndexFunc(b.Facts, func(x Fact) bool { return x.Name == f.Name })
		switch {
		case at < 0:
			b.Facts = append(b.Facts, f)
		case b.Facts[at].By != "", b.Facts[at].Value == f.Value, f.Inferred && !b.Facts[at].Inferred:
			continue
		default:
			b.Facts[at], b.Summary = f, nil
		}
		changed = true
		b.Missing = slices.DeleteFunc(b.Missing, func(name string) bool { return name == f.Name })
		switch {
		case f.Name == factWanted:
			b.Wanted = &Line{Text: f.Value, Seq: f.Seq, Inferred: f.Inferred}
		case f.Name == "name" && b.Customer == "":
			b.Customer = f.Value
		}
	}
	return b, changed
}
