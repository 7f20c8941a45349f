package handoff_test

import (
	"strings"
	"testing"

	"ombud/handoff"
)

func TestTheBotsOffersStayWithinItsMandate(t *testing.T) {
	const mandate = `"remedies":["discount","replacement"],"up_to":1000,`
	for rules, good := range map[string]bool{
		`{}`: true,
		`{` + mandate + `"offers":{"t":[{"remedy":"discount","worth":1000,"currency":"EUR"},{"remedy":"replacement"}]}}`: true,
		`{` + mandate + `"offers":{"t":[{"remedy":"discount","worth":1001,"currency":"EUR"}]}}`:                          false,
		`{` + mandate + `"offers":{"t":[{"remedy":"refund","worth":10,"currency":"EUR"}]}}`:                              false,
		`{` + mandate + `"offers":{"t":[{"remedy":"discount","worth":10}]}}`:                                             false, // of what?
		`{` + mandate + `"offers":{"t":[{"remedy":"discount"}]}}`:                                                        false, // of how much?
		`{` + mandate + `"offers":{"t":[{"remedy":"discount","worth":-5,"currency":"EUR"}]}}`:                            false,
		`{"remedies":["other"]}`: false, // nobody can word it without knowing the matter
		`{"remedies":["yacht"]}`: false,
		`{"up_to":-1}`:           false,
		`{"offer":{}}`:           false,
		`{"offers":{"t":[{"remedy":"discount","worth":10,"currency":"EUR"}]}}`: false, // without a mandate
	} {
		if _, err := handoff.ParseRules(withRules(t, "bot", rules)); good != (err == nil) {
			t.Errorf("%s: %v", rules, err)
		}
	}
	r := handoff.BotRules{Offers: map[string][]handoff.BotOffer{"t": {{Remedy: "replacement"}}}}
	if o, ok := r.Pick("t", "replacement", true); ok {
		t.Errorf("without a mandate it offers %+v", o)
	}
}

func TestTheBotsOffersAreWordedInEveryLanguage(t *testing.T) {
	o := handoff.BotOffer{Worth: 1250, Currency: "EUR"}
	for _, o.Remedy = range []string{"replacement", "refund", "exchange", "store_credit", "discount", "repair", "callback"} {
		seen := map[string]bool{}
		for language, amount := range map[string]string{"en": "12.50 EUR", "hu": "12,50 EUR", "sl": "12,50 EUR", "fr": "12,50 EUR", "zh": "12.50 EUR"} {
			words := o.Words(language)
			if words == "" || strings.Contains(words, "{") || seen[words] || strings.Contains(words, "EUR") && !strings.Contains(words, amount) {
				t.Errorf("%s in %s: %q", o.Remedy, language, words)
			}
			seen[words] = true
			if handoff.OfferTaken(language) == "" {
				t.Errorf("no words in %s for what was taken", language)
			}
		}
		if o.Words("de") != o.Words("en") || handoff.OfferTaken("de") != handoff.OfferTaken("en") {
			t.Errorf("%s in another language: %q", o.Remedy, o.Words("de"))
		}
	}
}
