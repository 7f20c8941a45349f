package handoff

import (
	"fmt"
	"strings"
)

// Lines gives what the brief says, one statement a line, for somebody who is to word it. What is inferred says so.
func (b Brief) Lines() []string {
	var out []string
	add := func(what, text string, inferred bool) {
		if text = strings.Join(strings.Fields(text), " "); text == "" {
			return
		}
		if inferred {
			what += " (inferred)"
		}
		out = append(out, what+": "+text)
	}
	add("customer", b.Customer, false)
	add("matter, in the customer's words", b.Matter.Text, b.Matter.Inferred)
	for _, f := range b.Facts {
		add(strings.ReplaceAll(f.Name, "_", " "), f.Value, f.Inferred)
	}
	add("topic", strings.ReplaceAll(b.Topic, "_", " "), true)
	add("handed over because", strings.ReplaceAll(b.Reason, "_", " "), false)
	add("mood", strings.TrimSpace(b.Mood+" "+b.Trend), true)
	if b.Wanted != nil {
		add("wanted", b.Wanted.Text, b.Wanted.Inferred)
	}
	for _, l := range b.Tried {
		add("the bot answered", l.Text, l.Inferred)
	}
	for _, l := range b.Promised {
		add("promised", l.Text, l.Inferred)
	}
	if len(b.Missing) > 0 {
		add("not known", strings.ReplaceAll(strings.Join(b.Missing, ", "), "_", " "), false)
	}
	if b.Handovers > 0 {
		add("passed on before", fmt.Sprint(b.Handovers), false)
	}
	return out
}
