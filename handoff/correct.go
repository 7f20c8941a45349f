package handoff

import (
	"regexp"
	"slices"
	"strings"

	"ombud/chat"
)

// Correction is what an agent put right in a brief.
type Correction struct {
	Field string `json:"field"`         // matter, or the name of a fact; outcome_wanted is what the customer wants
	Was   string `json:"was,omitempty"` // "" where nothing was known
	Now   string `json:"now,omitempty"` // "" where it was taken out
	By    string `json:"by"`            // display name
}

// FieldMatter is the field of a correction that changes the matter; every other is the name of a fact.
const FieldMatter = "matter"

// factWanted is the fact that says what the customer wants.
const factWanted = "outcome_wanted"

var factName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// Correct gives the brief with one thing put right by an agent. What they say is said, not inferred. An empty text takes a
// fact out. A model's summary goes, since it may say what was put right. It fails with *chat.InvalidError where that makes no sense.
func (b Brief) Correct(field, text, by string) (Brief, error) {
	text = strings.TrimSpace(text)
	c := Correction{Field: field, Now: cut(text, MatterRunes), By: by}
	switch {
	case field == FieldMatter && text == "":
		return b, &chat.InvalidError{Field: "text", Code: "empty", Hint: "Say what the matter is."}
	case field == FieldMatter:
		c.Was, b.Matter = b.Matter.Text, Line{Text: c.Now, By: by}
		b.WordedBy = "agent"
	case !factName.MatchString(field):
		return b, &chat.InvalidError{Field: "field", Code: "unknown", Hint: "Use matter, or the name of a fact such as order_number."}
	default:
		b.correctFact(&c)
	}
	b.Corrected, b.Summary = append(slices.Clone(b.Corrected), c), nil
	return b, nil
}

func (b *Brief) correctFact(c *Correction) {
	b.Facts = slices.Clone(b.Facts)
	at := slices.IndexFunc(b.Facts, func(f Fact) bool { return f.Name == c.Field })
	fact := Fact{Name: c.Field, Value: c.Now, By: c.By}
	switch {
	case at >= 0 && c.Now == "":
		c.Was = b.Facts[at].Value
		b.Facts = slices.Delete(b.Facts, at, at+1)
		b.Missing = append(slices.Clone(b.Missing), c.Field)
	case at >= 0:
		c.Was, b.Facts[at] = b.Facts[at].Value, fact
	case c.Now != "":
		b.Facts = append(b.Facts, fact)
	}
	if c.Now != "" {
		b.Missing = slices.DeleteFunc(slices.Clone(b.Missing), func(name string) bool { return name == c.Field })
	}
	if c.Field == factWanted {
		if b.Wanted = nil; c.Now != "" {
			b.Wanted = &Line{Text: c.Now, By: c.By}
		}
	}
	if c.Field == "name" && c.Now != "" {
		b.Customer = c.Now
	}
}
