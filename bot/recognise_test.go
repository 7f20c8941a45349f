package bot

import "testing"

func TestWhoWaitsIsUnderstoodWithoutAnAnswer(t *testing.T) {
	e := testEngine(t, nil)
	facts, refused := e.Recognise("it is 7731-44", "order_number")
	if refused || len(facts) != 1 || facts[0].Name != "order_number" || facts[0].Value == "" {
		t.Errorf("%+v, %v", facts, refused)
	}
	for _, text := range []string{"I don't know", "nem tudom", "ne vem", "je ne sais pas", "不知道"} {
		if _, refused := e.Recognise(text, "order_number"); !refused {
			t.Errorf("%q declines", text)
		}
		if _, refused := e.Recognise(text, ""); refused {
			t.Errorf("%q declines nothing", text)
		}
	}
	if facts, _ := e.Recognise("how long will it take?", "order_number"); len(facts) > 0 {
		t.Errorf("%+v", facts)
	}
}
