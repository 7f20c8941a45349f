package eval

import (
	"testing"

	"ombud/bot/nlu"
)

func TestNearExamplesAreFound(t *testing.T) {
	messages := []nlu.Example{
		{Language: "en", Text: "the fitter smoked in my kitchen", Topic: "staff"},
		{Language: "en", Text: "where is my parcel", Topic: "status"},
		{Language: "fr", Text: "the driver shouted at me", Topic: "staff"},
	}
	examples := []nlu.Example{
		{Language: "en", Text: "your fitter smoked in my kitchen", Topic: "staff"},
		{Language: "en", Text: "the driver shouted at me", Topic: "staff"}, // another language's message
		{Language: "en", Text: "how much is a ladder", Topic: "price"},
	}
	m, err := nlu.Train(append(messages, examples...), nlu.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got := FindNear(m, messages, examples, 0.6)
	if len(got) != 1 || got[0].Example != examples[0].Text || got[0].Message != messages[0].Text || got[0].Similarity >= 1 {
		t.Errorf("found %+v, want the fitter in the kitchen alone", got)
	}
}
