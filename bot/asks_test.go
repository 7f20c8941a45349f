package bot

import (
	"testing"

	"ombud/bot/script"
)

// A question says what it asks for, in the language of the conversation, and words that say nothing of it are no answer.
func TestAQuestionSaysWhatItAsksFor(t *testing.T) {
	e := testEngine(t, nil)
	out := talk(t, e, "#topic=order_status where is it")
	if out.Decision.Ask != "order_number" {
		t.Fatalf("asks for %q: %q", out.Decision.Ask, said(out))
	}
	for i, u := range out.Say {
		if (u.Asks != nil) != (i == len(out.Say)-1) {
			t.Errorf("message %d of %d asks for %+v", i+1, len(out.Say), u.Asks)
		}
	}
	a := out.Say[len(out.Say)-1].Asks
	if a.Fact != "order_number" || a.Kind != "number" || a.Label != "order number" || a.Invalid == "" || !script.Refuses(a.Skip) || a.Pattern != "" {
		t.Errorf("%+v", a)
	}
	if out = talk(t, e, "#topic=order_status where is it", a.Skip); out.Decision.Ask == "order_number" {
		t.Errorf("asked again for what the visitor does not have: %q", said(out))
	}
	if hu := e.Asks("order_number", "hu"); hu.Label == a.Label || hu.Skip == a.Skip {
		t.Errorf("in Hungarian: %+v", hu)
	}
	if a := e.Asks("shoe_size", "en"); a != nil {
		t.Errorf("a fact that the script does not know: %+v", a)
	}
}
