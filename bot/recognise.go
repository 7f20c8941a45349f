package bot

import (
	"ombud/bot/nlu"
	"ombud/bot/script"
)

// Recognise finds facts in what somebody wrote, and whether they say that they do not know the fact that was asked for; asked is
// that fact, "" if none was asked for. It decides nothing and answers nothing: it is for those who wait for a person.
func (e *Engine) Recognise(text, asked string) (facts []nlu.Fact, refused bool) {
	return e.parts.Load().script.Recognise(text, asked), asked != "" && script.Refuses(text)
}

func mergeFacts(a, b []nlu.Fact) []nlu.Fact {
	for _, f := range b {
		known := false
		for _, g := range a {
			known = known || g.Name == f.Name
		}
		if !known {
			a = append(a, f)
		}
	}
	return a
}
