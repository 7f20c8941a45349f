package nlu

import (
	"math"
	"slices"
	"testing"
)

// cosine compares the vectors of two messages.
func cosine(t *testing.T, a, b string) float64 {
	t.Helper()
	x, y := meaningOf(t, a), meaningOf(t, b)
	return dot(x[:dimensions], y[:dimensions]) / (meaningWeight * meaningWeight)
}

func meaningOf(t *testing.T, text string) (sums [meanings]float32) {
	t.Helper()
	var x extractor
	x.text.read(text)
	x.extract(meant)
	if !x.meaning(&sums) {
		t.Fatalf("%q has no vector", text)
	}
	return sums
}

func dot(a, b []float32) float64 {
	sum := 0.0
	for k := range a {
		sum += float64(a[k]) * float64(b[k])
	}
	return sum
}

func TestHowAMessageBeginsAndEndsIsTold(t *testing.T) {
	const begin, end = "refund parcel doctor guitar", "guitar doctor parcel refund"
	a, b := meaningOf(t, begin), meaningOf(t, end)
	if all := dot(a[:dimensions], b[:dimensions]) / (meaningWeight * meaningWeight); all < 0.999 {
		t.Errorf("the same words in another order are %.3f alike in all", all)
	}
	for name, part := range map[string]int{"begin": 1, "end": 2} {
		from, to := part*dimensions, (part+1)*dimensions
		if like := dot(a[from:to], b[from:to]) / (edgeWeight * edgeWeight); like > 0.9 {
			t.Errorf("they %s %.3f alike, want differently", name, like)
		}
	}
	if like := dot(a[dimensions:2*dimensions], b[2*dimensions:]) / (edgeWeight * edgeWeight); like < 0.999 {
		t.Errorf("the one begins and the other ends %.3f alike, want the same", like)
	}
}

func TestWordsOfLikeMeaningHaveLikeVectors(t *testing.T) {
	for _, c := range []struct{ word, near, far string }{
		{"refund", "reimbursement", "window"},
		{"parcel", "package", "anger"},
		{"Angry!!", "furious", "blue"},
		{"where is my luggage", "where are my suitcases", "where is my accountant"},
	} {
		near, far := cosine(t, c.word, c.near), cosine(t, c.word, c.far)
		if near < far+0.1 {
			t.Errorf("%q is %.2f near %q and %.2f near %q", c.word, near, c.near, far, c.far)
		}
	}
	if self := cosine(t, "refund", "refund the refund"); math.Abs(self-1) > 0.05 {
		t.Errorf("the length of a message tells: %.2f", self)
	}
}

func TestDamagedVectorsAreRefused(t *testing.T) {
	if _, err := readVectors(vectorFile); err != nil {
		t.Fatal(err)
	}
	other := slices.Clone(vectorFile)
	other[8]++
	double := slices.Clone(vectorFile)
	words := len(vectorMark) + 8 + 4*len(englishVectors().scale)
	copy(double[words+len("the\n"):], "to") // instead of "of", the second word
	for name, raw := range map[string][]byte{
		"empty": nil, "cut short": vectorFile[:len(vectorFile)-1], "of another form": other, "with a word twice": double,
	} {
		if _, err := readVectors(raw); err == nil {
			t.Errorf("a file %s was read", name)
		}
	}
}

// TestAWordThatNoExampleHoldsIsUnderstood: "melody" and "luggage" stand in none of the examples, nor do their letters tell.
func TestAWordThatNoExampleHoldsIsUnderstood(t *testing.T) {
	var examples []Example
	add := func(lang, topic string, texts ...string) {
		for _, text := range texts {
			examples = append(examples, Example{Language: lang, Topic: topic, Text: text})
		}
	}
	add("en", "music", "play a song", "put on some jazz music", "the singer of this tune", "i want to hear the album", "turn up the rock band")
	add("en", "travel", "book a flight", "my suitcase is at the airport", "the hotel near the station", "i lost my baggage on the trip", "passport for the journey")
	add("hu", "music", "tegyel fel egy dalt", "jatssz le valami dzsesszt")
	add("hu", "travel", "foglalj repulojegyet", "elveszett a borondom")
	m, err := Train(examples, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"melody": "music", "violin": "music", "luggage": "travel", "visa": "travel"} {
		if got := m.Assess(text, Context{Language: "en"}).Topics[0]; got.Topic != want || got.Confidence < 0.55 {
			t.Errorf("%q is about %s (%.2f), want %s", text, got.Topic, got.Confidence, want)
		}
	}
	// Vectors are of English words: what a word means there says nothing in another language.
	a, b := m.Assess("melody", Context{Language: "hu"}), m.Assess("xxyyzz", Context{Language: "hu"})
	if math.Abs(a.Topics[0].Confidence-b.Topics[0].Confidence) > 0.05 {
		t.Errorf("an English word counts in Hungarian: %.2f, a strange one %.2f", a.Topics[0].Confidence, b.Topics[0].Confidence)
	}
}

// TestSignalsAreHeardFromWordsAlone: what a message is about must not make it ask for a person.
func TestSignalsAreHeardFromWordsAlone(t *testing.T) {
	m, err := Train(shop(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	columns, topics := m.columns(), 0
	for f := len(m.vocabulary.IDF); f < len(m.vocabulary.IDF)+meanings; f++ {
		for c, w := range m.weights[f*columns : f*columns+columns] {
			switch {
			case w != 0 && c < len(m.head.Signals):
				t.Fatalf("%s weighs dimension %d by %v", Signals[c], f-len(m.vocabulary.IDF), w)
			case w != 0:
				topics++
			}
		}
	}
	if topics == 0 {
		t.Error("no topic weighs the vectors")
	}
}
