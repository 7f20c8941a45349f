package nlu

import (
	"math"
	"strings"
	"testing"
	"unicode/utf8"
)

func FuzzAssess(f *testing.F) {
	for _, s := range []string{
		"", " ", "where is my order", "HOL VAN???", "j'ai d'l'", "转人工\u200d", "轉", "\xff\xfe", "'''", "*", "n**o", "\"„«", "😡😡", "１２３", "a\u0301",
		"1.2.3.", "нет", strings.Repeat("a", 5000), "ﷺ", "\u202e", "ok\x00ok", "l'", "e'e'e",
	} {
		f.Add(s, "en")
		f.Add(s, "")
	}
	m, err := Train(shop(), Options{})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, message, language string) {
		a := m.Assess(message, Context{Language: language})
		if len(a.Topics) == 0 || len(a.Topics) > mostTopics {
			t.Errorf("%d topics", len(a.Topics))
		}
		check := func(name string, p float64) {
			if math.IsNaN(p) || p < 0 || p > 1 {
				t.Errorf("%s is %v, want a probability", name, p)
			}
		}
		check("out of scope", a.OutOfScope)
		check("language", a.LanguageSure)
		for i, x := range a.Topics {
			check(x.Topic, x.Confidence)
			if i > 0 && x.Confidence > a.Topics[i-1].Confidence {
				t.Error("topics are not in order of confidence")
			}
		}
		for _, s := range a.Signals {
			check(string(s.Signal), s.Strength)
			if !strings.Contains(message, s.Evidence) {
				t.Errorf("evidence %q is not in the message", s.Evidence)
			}
		}
		if again := m.Assess(message, Context{Language: language}); again.OutOfScope != a.OutOfScope || len(again.Signals) != len(a.Signals) {
			t.Error("the same message is assessed differently the second time")
		}
	})
}

func TestReadFoldsWhatWritersVary(t *testing.T) {
	for _, c := range []struct{ a, b string }{
		{"ÜGYINTÉZŐT", "ugyintezot"}, {"don't", "dont"}, {"don’t", "dont"}, {"sooooo", "so"}, {"轉人工客服", "转人工客服"},
		{"ＡＢＣ", "abc"}, {"zo\u0308ld", "zold"}, {"l'agent", "l agent"}, {"čžš", "czs"}, {"œuvre", "ouvre"},
	} {
		var a, b text
		a.read(c.a)
		b.read(c.b)
		if string(a.runes) != string(b.runes) || len(a.tokens) != len(b.tokens) {
			t.Errorf("%q is read as %q, %q as %q", c.a, string(a.runes), c.b, string(b.runes))
		}
	}
}

func TestReadMarksMannerOfWriting(t *testing.T) {
	var x text
	x.read(`NO, I do not want "track my order", noooo 12345 f**k 😡?!`)
	var shouted, denied, quoted, stretched, numbers, marks, symbols int
	for i, k := range x.tokens {
		if k.shout {
			shouted++
		}
		if k.denied {
			denied++
		}
		if k.quoted {
			quoted++
		}
		if k.stretched {
			stretched++
		}
		switch k.kind {
		case number:
			numbers++
		case mark:
			marks++
		case emoji:
			symbols++
		}
		if !utf8.ValidString(x.raw[k.from:k.to]) {
			t.Errorf("token %d cuts a character", i)
		}
	}
	if shouted != 1 || denied != 5 || quoted != 3 || stretched != 1 || numbers != 1 || marks != 2 || symbols != 1 {
		t.Errorf("shouted %d, denied %d, quoted %d, stretched %d, numbers %d, marks %d, symbols %d",
			shouted, denied, quoted, stretched, numbers, marks, symbols)
	}
}

func TestLongMessagesAreReadToABound(t *testing.T) {
	var x text
	x.read(strings.Repeat("word ", 100000))
	if len(x.tokens) > maxRunes {
		t.Errorf("%d tokens read, want %d at most", len(x.tokens), maxRunes)
	}
	x.read(strings.Repeat("ab", 500000))
	if len(x.runes) > maxRunes {
		t.Errorf("%d characters read, want %d at most", len(x.runes), maxRunes)
	}
}

func TestFitLogisticFindsTheCurve(t *testing.T) {
	var x []float64
	var yes []bool
	for i := range 3600 { // 1/(1+exp(-(2x-1))) of those at each x are yes
		v := float64(i%9)/2 - 2
		x = append(x, v)
		yes = append(yes, float64((i/9)%100)/100 < sigmoid(2*v-1))
	}
	l := fitLogistic(x, yes, nil)
	if math.Abs(l.Slope-2) > 0.1 || math.Abs(l.Bias+1) > 0.1 {
		t.Errorf("slope %.3f and bias %.3f, want 2 and -1", l.Slope, l.Bias)
	}
	separable := fitLogistic([]float64{-2, -1, 1, 2}, []bool{false, false, true, true}, nil)
	if p := separable.probability(2); p > 0.9 {
		t.Errorf("four examples give a certainty of %.3f", p)
	}
}

func TestBestThresholdWeighsRecall(t *testing.T) {
	p := []float64{0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2}
	yes := []bool{true, true, false, false, false, false, true, false}
	if even := bestThreshold(p, yes, 1); even < 0.7 || even > 0.8 {
		t.Errorf("threshold %.2f, want one between 0.7 and 0.8", even)
	}
	if careful := bestThreshold(p, yes, 3); careful < 0.2 || careful > 0.3 {
		t.Errorf("threshold %.2f, want one between 0.2 and 0.3", careful)
	}
}

func TestSimilarity(t *testing.T) {
	m := trained(t)
	same := m.Sketch("where is my parcel", "en").Similarity(m.Sketch("WHERE IS MY PARCEL?", "en"))
	other := m.Sketch("where is my parcel", "en").Similarity(m.Sketch("recipe for soup", "en"))
	if same < 0.8 || other > 0.2 {
		t.Errorf("similarity %.2f to the same words and %.2f to others, want above 0.8 and below 0.2", same, other)
	}
	if s := m.Sketch("", "en").Similarity(m.Sketch("", "en")); math.IsNaN(s) {
		t.Error("two empty messages have no similarity")
	}
}

func TestTrainNeedsExamples(t *testing.T) {
	if _, err := Train(nil, Options{}); err != ErrNoExamples {
		t.Errorf("error %v, want ErrNoExamples", err)
	}
}
