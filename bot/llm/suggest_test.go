package llm

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"ombud/bot"
)

// asked gives what an agent wants words for: the customer's data must not reach the model's server.
func asked(text string) bot.SuggestInput {
	return bot.SuggestInput{Conversation: "c", Visitor: "v", Language: "en", Topic: "order_status", Lines: []bot.Line{
		{Role: "visitor", Text: "my mail is judit@example.com"}, {Role: "agent", Text: "Is your number +36 30 555 0199?"}, {Role: "visitor", Text: text}}}
}

func TestASuggestionPassesTheSameChecksAsTheBotsDrafts(t *testing.T) {
	for name, c := range map[string]struct {
		answer http.HandlerFunc
		want   error
		text   string
	}{
		"a good draft":         {says(good(goodDraft)), nil, goodDraft},
		"data put back":        {says(good("Your order <ORDER_1> is on its way.")), nil, "Your order HU-20418 is on its way."},
		"no answer":            {says(good("")), bot.ErrNothing, ""},
		"a forbidden phrase":   {says(good("Please calm down and wait.")), bot.ErrDraft, ""},
		"a promise of money":   {says(good("I have refunded you 50 EUR.")), bot.ErrDraft, ""},
		"data that nobody had": {says(good("Write to <EMAIL_7>.")), ErrAnswer, ""},
		"the mark":             {faults["the mark, spelt out"], ErrAnswer, ""},
		"not JSON":             {says("Sure, here you go"), ErrAnswer, ""},
		"a server that fails":  {status(500), ErrServer, ""},
	} {
		s := newStub(t, c.answer)
		e := engine(t, client(t, Options{URL: s.URL}), time.Minute, nil)
		got, err := e.Suggest(context.Background(), asked("where is HU-20418?"))
		if !errors.Is(err, c.want) || got.Text != c.text {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
		for _, body := range s.asked() {
			for _, secret := range []string{"judit@example.com", "555 0199", "HU-20418"} {
				if strings.Contains(body, secret) {
					t.Errorf("%s: %s left", name, secret)
				}
			}
		}
	}
}

func TestSuggestionsSpendTheSameBudgetAndRestWithTheModel(t *testing.T) {
	s := newStub(t, says(good(goodDraft)))
	poor := engine(t, client(t, Options{URL: s.URL, Budget: Budget{Conversation: 10}}), time.Minute, nil)
	if _, err := poor.Suggest(context.Background(), asked("where is it?")); !errors.Is(err, bot.ErrSpent) || len(s.asked()) != 0 {
		t.Errorf("%v, asked %d times", err, len(s.asked()))
	}
	s.use(status(500))
	tired := engine(t, client(t, Options{URL: s.URL, Breaker: Breaker{Failures: 1}}), time.Minute, nil)
	for i, want := range []error{ErrServer, ErrResting} {
		if _, err := tired.Suggest(context.Background(), asked("where is it?")); !errors.Is(err, want) {
			t.Errorf("try %d: %v", i+1, err)
		}
	}
}
