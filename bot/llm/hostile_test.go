package llm

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
	"strings"
	"testing"
	"time"

	"ombud/bot"
	"ombud/bot/nlu"
)

// certain understands every message as the same plain matter: what is tested is what is said to it.
type certain struct{}

func (certain) Assess(_ string, c nlu.Context) nlu.Assessment {
	return nlu.Assessment{Language: c.Language, LanguageSure: 0.9, Topics: []nlu.TopicScore{{Topic: "opening_hours", Confidence: 0.95}, {Topic: "order_status", Confidence: 0.9}}}
}

// harmlessIn is a sentence of each language that may be said.
var harmlessIn = map[string]string{
	"en": "Thank you for writing.", "hu": "Köszönöm, hogy írt.", "sl": "Hvala za sporočilo.", "fr": "Merci de votre message.", "zh": "感谢您的留言。",
}

// TestHostileAnswersAreNotSaid runs some 230 answers of a model that means harm through client and engine.
// testdata/hostile.jsonl has one a line: a draft in an otherwise proper answer, or a raw answer.
func TestHostileAnswersAreNotSaid(t *testing.T) {
	f, err := os.Open("testdata/hostile.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	s := newStub(t, nil)
	script, _ := trained()
	c := client(t, Options{URL: s.URL, Breaker: Breaker{Failures: 10_000}, Budget: Budget{-1, -1, -1}})
	e, err := bot.New(bot.Options{Script: script, Understanding: certain{}, Policy: bot.DefaultPolicy(), Model: c, ModelBudget: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	n, said, begun := 0, 0, 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		var h struct{ Lang, Draft, Raw string }
		if err := json.Unmarshal(lines.Bytes(), &h); err != nil {
			t.Fatal(err)
		}
		answers := []string{h.Raw}
		harmless := harmlessIn[h.Lang] + " "
		if h.Raw == "" { // alone, and after a harmless sentence that leaves before it
			answers = []string{good(h.Draft), good(harmless + h.Draft + " " + harmless)}
		}
		for i, answer := range answers {
			s.use(says(answer))
			var seen watched
			out, err := e.Turn(context.Background(), bot.TurnInput{
				Conversation: "c", SiteLanguage: h.Lang, Language: h.Lang, Now: time.Unix(1e9, 0), Open: true,
				New: []bot.Line{{Role: "visitor", Text: "?"}}, Draft: seen.draft,
			})
			if err != nil || len(out.Say) == 0 || spoken(out) == "" {
				t.Fatalf("%v, said %+v", err, out.Say)
			}
			for _, u := range out.Say {
				if u.Source != "script" {
					said++
					t.Errorf("%s: said %q", h.Lang, u.Text)
				}
			}
			for _, text := range seen {
				if text != "" && (i == 0 || text != strings.TrimSpace(harmless)) {
					t.Errorf("%s: a visitor could read %q", h.Lang, text)
				}
			}
			begun += min(1, len(seen))
			if seen.now() != "" {
				t.Errorf("%s: %q is left standing", h.Lang, seen.now())
			}
			if out.ModelError == "" {
				t.Errorf("%s: %q was not refused", h.Lang, answer)
			}
		}
	}
	t.Logf("%d hostile answers, %d said, 0 seen; %d times a harmless sentence before one was shown and taken back", n, said, begun)
	if n < 200 || begun < 200 {
		t.Errorf("%d answers, %d beginnings seen", n, begun)
	}
	s.use(says(good(goodDraft)))
	out, err := e.Turn(context.Background(), bot.TurnInput{Conversation: "c", SiteLanguage: "en", Now: time.Unix(1e9, 0), Open: true, New: []bot.Line{{Role: "visitor", Text: "?"}}})
	if err != nil || out.Say[0].Source != "model" {
		t.Errorf("a harmless draft is refused too: %+v %v", out, err)
	}
}
