package knowledge

import (
	"errors"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"
	"unicode/utf8"

	"go.uber.org/goleak"
)

func file(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }

func TestImportReadsFrontMatterAndNames(t *testing.T) {
	all, err := Import(fstest.MapFS{
		"returns.md": file("---\nid: returns/how-long\nlanguage: en\ntopic: return_refund\ntopics: [exchange]\ntitle: How long?\nupdated: 2026-03-04\n---\n" +
			"Within **30 days**, see [the page](https://evil.example/x).\n"),
		"de/Versand Kosten.hu.md": file("# Szállítás\n\nHárom nap.\n"),
		"plain.md":                file("Only words.\n"),
		"README.md":               file("not an article"),
		".git/x.md":               file("nor this"),
		"picture.png":             file("nor that"),
	}, "sl")
	if err != nil || len(all) != 3 {
		t.Fatalf("%d articles, %v", len(all), err)
	}
	slices.SortFunc(all, func(a, b Article) int { return strings.Compare(a.ID, b.ID) })
	hu, en, third := all[0], all[2], all[1]
	if hu.ID != "de/versand-kosten" || hu.Language != "hu" || hu.Title != "Szállítás" {
		t.Errorf("from its name: %+v", hu)
	}
	want := Article{ID: "returns/how-long", Language: "en", Topics: []string{"return_refund", "exchange"}, Title: "How long?", Text: "Within 30 days, see the page.",
		Markdown: "Within **30 days**, see [the page](https://evil.example/x).", UpdatedAt: time.Date(2026, 3, 4, 0, 0, 0, 0, time.UTC)}
	if !reflect.DeepEqual(en, want) {
		t.Errorf("from its front matter: %+v", en)
	}
	if third.Language != "sl" || third.Title != "plain" {
		t.Errorf("without anything: %+v", third)
	}
}

func TestImportTellsAllThatIsWrong(t *testing.T) {
	all, err := Import(fstest.MapFS{
		"a.md":     file("---\ntitel: typo\n---\nx"),
		"b.md":     file("---\nid: b\nno end"),
		"c.md":     file("\xff\xfe"),
		"d.md":     file("# only a heading\n"),
		"e.md":     file("---\nupdated: yesterday\n---\nx"),
		"f.md":     file("---\nid: UPPER\n---\nx"),
		"g.md":     file("good"),
		"h.md":     file("---\nid: g\n---\nagain"),
		"i.md":     file(strings.Repeat("x", maxArticle+1)),
		"j.eng.md": file("---\nlanguage: english\n---\nx"),
	}, "en")
	if !errors.Is(err, ErrArticle) || all != nil {
		t.Fatalf("%v, %v", all, err)
	}
	for _, name := range []string{"a.md", "b.md", "c.md", "d.md", "e.md", "f.md", "h.md", "i.md", "j.eng.md"} {
		if !strings.Contains(err.Error(), name+": ") {
			t.Errorf("nothing about %s", name)
		}
	}
	if strings.Contains(err.Error(), "\ng.md") {
		t.Error("g.md is good")
	}
}

func TestPlainKeepsWordsAndDropsMarks(t *testing.T) {
	got := plain("Title\n=====\nSome *soft* and __loud__ `code`, 2 * 3 * 4, snake_case.<br>\n\n> quoted\n\n* one\n* ![two](x.png)\n\n" +
		"<!-- secret\nnote -->\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[ref]: http://x\n```\nas it *is*\n```\n## Deep ##\nEnd &amp; done [here][ref]")
	want := "# Title\n\nSome soft and loud code, 2 * 3 * 4, snake_case.\n\nquoted\n\n- one\n- two\n\na , b\n\n1 , 2\n\n  as it *is*\n\n# Deep\n\nEnd & done here"
	if got != want {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestPassagesAreOfASizeAndLoseNothing(t *testing.T) {
	long := strings.Repeat("A sentence of some length stands here. ", 80)
	a := Article{ID: "x", Title: "T", Text: "Intro.\n\n# First\n\nShort one.\n\nShort two.\n\n# Second\n\n" + long + "\n\n" + strings.Repeat("字", 2000)}
	ps := a.Passages()
	var all strings.Builder
	for i, p := range ps {
		if n := utf8.RuneCountInString(p.Text); n == 0 || n > most {
			t.Errorf("passage %d has %d characters", i, n)
		}
		all.WriteString(p.Text)
	}
	squeeze := func(s string) string { return strings.Join(strings.Fields(s), "") }
	want := strings.NewReplacer("# First", "", "# Second", "").Replace(a.Text)
	if squeeze(all.String()) != squeeze(want) {
		t.Error("words were lost")
	}
	if ps[1].ID != "x#2" || ps[1].Title != "T: First" || ps[1].Text != "Short one.\n\nShort two." {
		t.Errorf("the second passage is %+v", ps[1])
	}
}

func TestSearchFindsInflectedWordsInItsLanguageOnly(t *testing.T) {
	x := indexed(t, []Article{
		{ID: "szallitas", Language: "hu", Title: "Szállítás", Text: "A csomagot három napon belül kézbesítjük."},
		{ID: "szamla", Language: "hu", Title: "Számla", Text: "A számlát e-mailben küldjük el."},
		{ID: "delivery", Language: "en", Title: "Delivery", Text: "Parcels come within three days."},
		{ID: "tuihuo", Language: "zh", Title: "退货", Text: "您可以在三十天内退货。"},
		{ID: "fapiao", Language: "zh", Title: "发票", Text: "发票通过邮件发送。"},
	})
	for _, c := range []struct{ text, language, want string }{
		{"mikor kezbesitik a csomagomat?", "hu", "szallitas#1"},
		{"nem kaptam szamlat", "hu", "szamla#1"},
		{"where is my parcel", "en", "delivery#1"},
		{"我想退货iPhone", "zh", "tuihuo#1"},
		{"where is my parcel", "hu", ""},
		{"zzz qqq", "en", ""},
		{"", "en", ""},
		{"parcel", "fr", ""},
	} {
		got := ""
		if ps := x.Search(Question{Text: c.text, Language: c.language}, 3); len(ps) > 0 {
			got = ps[0].ID
		}
		if got != c.want {
			t.Errorf("%q in %s: %q, want %q", c.text, c.language, got, c.want)
		}
	}
	if err := x.Use(nil); err != nil {
		t.Fatal(err)
	}
	if ps := x.Search(Question{Text: "parcel", Language: "en"}, 3); len(ps) != 0 {
		t.Errorf("after all were taken out: %v", ps)
	}
}

func TestTheLikelyTopicBreaksATie(t *testing.T) {
	x := indexed(t, []Article{
		{ID: "a", Language: "en", Topics: []string{"x", "billing"}, Title: "Money", Text: "How the money is taken."},
		{ID: "b", Language: "en", Topics: []string{"returns"}, Title: "Money", Text: "How the money is given."},
	})
	for topic, want := range map[string]string{"billing": "a#1", "returns": "b#1", "": "a#1"} {
		ps := x.Search(Question{Text: "my money", Language: "en", Topics: map[string]float64{topic: 0.8}}, 2)
		if len(ps) != 2 || ps[0].ID != want {
			t.Errorf("for topic %q: %+v", topic, ps)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("---\nid: a\n---\n# T\n\nwords")
	f.Add("a\n---\n- b\n===\n| x |\n<!--")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := Parse("x.md", []byte(s))
		if err != nil {
			return
		}
		for _, p := range a.Passages() {
			if utf8.RuneCountInString(p.Text) > most || !utf8.ValidString(p.Text) {
				t.Errorf("passage of %d characters", utf8.RuneCountInString(p.Text))
			}
		}
	})
}

func indexed(t testing.TB, articles []Article) *Index {
	t.Helper()
	x, err := NewIndex(articles)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return x
}

// TestArticlesAreExchangedWhileTheyAreSearched also holds that nothing of the library's keeps running.
func TestArticlesAreExchangedWhileTheyAreSearched(t *testing.T) {
	defer goleak.VerifyNone(t)
	x, err := NewIndex(nil)
	if err != nil {
		t.Fatal(err)
	}
	stop := make(chan struct{})
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for {
				select {
				case <-stop:
					return
				default:
				}
				if ps := x.Search(Question{Text: "parcel", Language: "en"}, 3); len(ps) > 0 && ps[0].Version%2 == 0 {
					t.Errorf("found %+v", ps)
				}
			}
		})
	}
	for i := range 20 {
		a := New("parcels", "en", "Parcels", "They come within days.")
		a.Version = int64(2*i + 1)
		if err := x.Use([]Article{a}); err != nil {
			t.Fatal(err)
		}
		if ps := x.Search(Question{Text: "when do parcels come?", Language: "en"}, 3); len(ps) != 1 || ps[0].Version != a.Version {
			t.Errorf("after version %d: %+v", a.Version, ps)
		}
	}
	close(stop)
	wg.Wait()
	for range 2 {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	}
	if ps := x.Search(Question{Text: "parcels", Language: "en"}, 3); ps != nil {
		t.Errorf("a closed index finds %v", ps)
	}
}

func BenchmarkSearch(b *testing.B) {
	var articles []Article
	for i := range 500 {
		text := strings.Repeat("The parcel comes within days, and you may send it back as long as the seal is whole. ", 10)
		articles = append(articles, Article{ID: "a" + strings.Repeat("x", i%7), Language: "en", Title: "Article", Text: text + strings.Repeat("word", i%13)})
	}
	x := indexed(b, articles)
	for b.Loop() {
		x.Search(Question{Text: "when does my parcel come and may I send it back?", Language: "en"}, 4)
	}
}
