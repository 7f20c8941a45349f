package nlu

import (
	"math"
	"slices"
	"strings"
	"testing"
)

func TestConceptsOfTheShopAreWellFormed(t *testing.T) {
	l, err := parseConcepts(conceptLines)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.names) < 200 {
		t.Errorf("%d concepts, want 200 at least", len(l.names))
	}
	for n, line := range strings.Split(conceptLines, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		for _, e := range strings.Fields(line[strings.LastIndexByte(line, ';')+1:]) {
			if r := []rune(e); isHan(r[0]) && len(r) > longestHan {
				t.Errorf("line %d: %q has more characters than are looked at", n+1, e)
			}
		}
	}
}

func TestBadConceptsAreRefused(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"a; b; c; d; e", "line 1: 5 columns, want 6"},
		{"# head\na; b; c; ; e; f", `line 2: concept "a" has no stem in sl`},
		{"; b; c; d; e; f", "no name"},
		{"a; b; c; d; e; f\na; g; h; i; j; k", `line 2: concept "a" has no name of its own`},
		{"a; b; c; d; e; f\ng; h; c; i; j; k", `line 2: stem "c" in hu stands twice`},
		{"a; b b; c; d; e; f", `stem "b" in en stands twice`},
		{"a; b; ő; d; e; f", "not folded"},
		{"a; B; c; d; e; f", "not folded"},
		{"a; b=b; c; d; e; f", "= in its middle"},
		{"a; b_; c; d; e; f", "empty"},
		{"a<g; b; c; d; e; f\ng; h; i; j; k; l", `line 1: concept "a" belongs to "g", which does not stand above it`},
	} {
		if _, err := parseConcepts(c.in); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: error %v, want %q in it", c.in, err, c.want)
		}
	}
}

// conceptsOf names the concepts of a message in the order in which they are met.
func conceptsOf(message, lang string) (names []string) {
	var x extractor
	x.text.read(message)
	x.extract(lang)
	for _, f := range x.met {
		names = append(names, shopConcepts().names[f.concept])
	}
	return names
}

func TestOneThingIsOneConceptInEveryLanguage(t *testing.T) {
	for _, c := range []struct {
		concept string
		said    [5]string // in the order of conceptLanguages
	}{
		{"refund", [5]string{"I want my money back", "VISSZATÉRÍTÉST kérek", "prosim za vračilo denarja", "je veux être remboursée", "我要退款"}},
		{"courier", [5]string{"the driver left", "a futárnál maradt", "kurirja ni bilo", "le livreur est parti", "快递员没来"}},
		{"warranty", [5]string{"is it under warranty", "garanciális még", "še v garanciji", "encore sous garantie", "还在保修期吗"}},
		{"invoice", [5]string{"no receipt", "számlát kérnék", "kje je račun", "la facture svp", "开發票"}},
		{"password", [5]string{"forgot my passwords", "elfelejtettem a jelszavamat", "pozabil sem geslo", "mot de passe oublié", "忘记密码"}},
	} {
		for i, said := range c.said {
			if got := conceptsOf(said, conceptLanguages[i]); !slices.Contains(got, c.concept) {
				t.Errorf("%q is about %q, want %s among them", said, got, c.concept)
			}
		}
	}
}

func TestANarrowConceptNamesTheWiderOne(t *testing.T) {
	for _, c := range []struct{ lang, text string }{
		{"en", "the sofa"}, {"hu", "a kanapém"}, {"sl", "moja omara"}, {"fr", "mon canapé"}, {"zh", "沙发"},
	} {
		if got := conceptsOf(c.text, c.lang); !slices.Contains(got, "furniture") || !slices.Contains(got, "goods") {
			t.Errorf("%q is about %q, want furniture and goods", c.text, got)
		}
	}
}

func TestStemsEndWhereTheyShould(t *testing.T) {
	for _, c := range []struct{ lang, text, concept string }{
		{"en", "a cardigan", "bank_card"},    // card=
		{"en", "hang my coat up", "hung_up"}, // hang_up
		{"hu", "elcserélték", "exchange"},    // a stem begins its word
		{"fr", "password", "password"},       // another language's
		{"zh", "退一步说钱", "refund"},            // 退钱, in one piece
	} {
		if got := conceptsOf(c.text, c.lang); slices.Contains(got, c.concept) {
			t.Errorf("%q is about %q, want no %s", c.text, got, c.concept)
		}
	}
}

func TestExamplesInOneLanguageTeachTheOthers(t *testing.T) {
	var all []Example
	for _, text := range []string{"please refund me", "my money back", "when is the refund", "i want a refund", "reimburse me"} {
		all = append(all, Example{Language: "en", Text: text, Topic: "refund"})
	}
	for _, text := range []string{"forgot my password", "password wrong", "new password", "my password fails", "password please"} {
		all = append(all, Example{Language: "en", Text: text, Topic: "password"})
	}
	all = append(all, Example{Language: "hu", Text: "helló", Topic: "greeting"})
	m, err := Train(all, Options{})
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{"visszatérítést": "refund", "jelszavam": "password"} {
		if a := m.Assess(text, Context{Language: "hu"}); a.Topics[0].Topic != want {
			t.Errorf("%q: %+v, want %s", text, a.Topics, want)
		}
	}
}

// TestOneConceptAloneSaysLittle: where topics are asked for, a single word of the shop's weighs less than a message full of them.
func TestOneConceptAloneSaysLittle(t *testing.T) {
	var examples []Example
	for _, text := range []string{"the parcel", "the parcel is late and the courier has lost my order", "a refund", "a voucher", "hello there"} {
		examples = append(examples, Example{Language: "en", Topic: text, Text: text})
	}
	m, err := Train(examples, Options{})
	if err != nil {
		t.Fatal(err)
	}
	// lengths gives how long a message's concepts are where signals are asked for and where topics are, and whether all
	// that is no concept is as long for both.
	lengths := func(text string) (signals, topics float64, same bool) {
		var r reader
		r.text.read(text)
		r.extract("en")
		of := map[int32]group{}
		for _, f := range r.features {
			of[m.vocabulary.id(f.hash)] = f.group
		}
		cells, _ := r.vector(m.vocabulary, r.features, math.MaxInt32)
		same = true
		for _, c := range cells {
			if of[c.id] == ofConcepts {
				signals, topics = signals+float64(c.value)*float64(c.value), topics+float64(c.topical)*float64(c.topical)
			} else if of[c.id] != ofPairs {
				same = same && c.value == c.topical
			}
		}
		return math.Sqrt(signals), math.Sqrt(topics), same
	}
	one, oneTopical, same := lengths(examples[0].Text)
	many, manyTopical, alike := lengths(examples[1].Text)
	if !same || !alike {
		t.Error("what is no concept weighs otherwise for topics")
	}
	if math.Abs(one-many) > 0.01 || math.Abs(one-groupWeight[ofConcepts]) > 0.01 {
		t.Errorf("for signals one concept is %.2f long and many are %.2f, want %.2f", one, many, groupWeight[ofConcepts])
	}
	if oneTopical > 0.75*manyTopical || manyTopical > many {
		t.Errorf("for topics one concept is %.2f long and many are %.2f", oneTopical, manyTopical)
	}
}
