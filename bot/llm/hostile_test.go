package llm

import (
	"bufio"
	"context"
	"encoding/json"
	"os"
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
	n, said := 0, 0
	for lines := bufio.NewScanner(f); lines.Scan(); n++ {
		var h struct{ Lang, Draft, Raw string }
		if err := json.Unmarshal(lines.Bytes(), &h); err != nil {
			t.Fatal(err)
		}
		answer := h.Raw
		if answer == "" {
			answer = good(h.Draft)
		}
		s.use(says(answer))
		out, err := e.Turn(context.Background(), bot.TurnInput{
			Conversation: "c", SiteLanguage: h.Lang, Language: h.Lang, Now: time.Unix(1e9, 0), Open: true, New: []bot.Line{{Role: "visitor", Text: "?"}},
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
		if out.ModelError == "" {
			t.Errorf("%s: %q was not refused", h.Lang, answer)
		}
	}
	t.Logf("%d hostile answers, %d said", n, said)
	if n < 200 || len(s.asked()) != n {
		t.Errorf("%d answers, %d asked for", n, len(s.asked()))
	}
	s.use(says(good(goodDraft)))
	out, err := e.Turn(context.Background(), bot.TurnInput{Conversation: "c", SiteLanguage: "en", Now: time.Unix(1e9, 0), Open: true, New: []bot.Line{{Role: "visitor", Text: "?"}}})
	if err != nil || out.Say[0].Source != "model" {
		t.Errorf("a harmless draft is refused too: %+v %v", out, err)
	}
}
