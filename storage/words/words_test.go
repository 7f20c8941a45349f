package words

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// holds reports whether an index would find the terms, as both databases do it.
func holds(index string, terms []Term) bool {
	for _, t := range terms {
		if !slices.ContainsFunc(strings.Fields(index), func(w string) bool {
			return w == t.Text || t.Prefix && strings.HasPrefix(w, t.Text)
		}) {
			return false
		}
	}
	return len(terms) > 0
}

func TestWordsAreFoundInEveryScript(t *testing.T) {
	for _, c := range []struct {
		text, typed, marked string // marked: the first place found, "" if none
	}{
		{"Kétszer vonták le a RENDELÉST!", "rendeles", "RENDELÉST"},
		{"Kétszer vonták le", "ketszer VONT", "Kétszer"},
		{"Order HU-20418, please", "hu-20418", "HU"},
		{"the straße", "strasse", "straße"},
		{"Ne\u0301ha na\u0301la", "neha", "Ne\u0301ha"},
		{"I am cold", "co", ""},
		{"I am cold", "col", "cold"},
		{"显示已签收，但我根本没收到！", "签收", "签收"},
		{"显示已签收，但我根本没收到！", "收到", "收到"},
		{"显示已签收", "收", "收"},
		{"显示已签收", "签到", ""},
		{"أريد استرداد المال", "استرداد", "استرداد"},
		{"חשבונית כפולה", "חשבונית", "חשבונית"},
		{"ขอคืนเงิน", "คืน", "คืน"},
		{"주문을 취소하고 싶어요", "주문", "주문을"},
		{"a 'quote\" OR * NEAR(x)", "near quote or", "quote"},
	} {
		terms := Query(c.typed)
		if got := holds(Index(c.text), terms); got != (c.marked != "") {
			t.Errorf("%q in %q: found %v (index %q, terms %v)", c.typed, c.text, got, Index(c.text), terms)
		}
		if c.marked == "" {
			continue
		}
		places := Find(c.text, terms)
		if len(places) == 0 || string([]rune(c.text)[places[0][0]:places[0][1]]) != c.marked {
			t.Errorf("%q in %q marks %v", c.typed, c.text, places)
		}
	}
}

func TestIndexKeepsEachWordOnce(t *testing.T) {
	if got := Index("No no, NO refund! Refund 2×"); got != "no refund 2" {
		t.Errorf("%q", got)
	}
	if got := Index("我要 退款"); got != "我要 要 退款 款" {
		t.Errorf("%q", got)
	}
	if got := Query("  … !"); got != nil {
		t.Errorf("%v", got)
	}
	if got := Find("a b a", Query("a")); !reflect.DeepEqual(got, [][2]int{{0, 1}, {4, 5}}) {
		t.Errorf("%v", got)
	}
}

// FuzzWords holds that whatever is indexed is plain to both databases, and that a word of a text finds the text.
func FuzzWords(f *testing.F) {
	for _, s := range []string{"Kétszer", "显示已签收", "a\x00b", "ﬁn ½ Ǆ", "ขอคืนเงิน", "\u0301", strings.Repeat("x", 200)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) {
			return
		}
		index := Index(text)
		if strings.ContainsAny(index, "'\"\\\x00@*:&|!()") {
			t.Fatalf("index of %q is %q", text, index)
		}
		for _, field := range strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }) {
			terms := Query(field)
			if len(terms) > 0 && !holds(index, terms) {
				t.Fatalf("%q does not find %q: %v in %q", field, text, terms, index)
			}
			n := utf8.RuneCountInString(text)
			for _, p := range Find(text, terms) {
				if p[0] < 0 || p[1] > n || p[0] >= p[1] {
					t.Fatalf("%q in %q: %v", field, text, p)
				}
			}
		}
	})
}
