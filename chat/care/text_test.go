package care

import (
	"strings"
	"testing"
)

// TestTheTextsAgree wants every text in every language, with the same places to fill.
func TestTheTextsAgree(t *testing.T) {
	for lang, all := range texts {
		if len(all) != len(texts["en"]) {
			t.Errorf("%s has %d texts, en %d", lang, len(all), len(texts["en"]))
		}
		for key, english := range texts["en"] {
			for _, place := range []string{"{1}", "{2}", "{3}"} {
				if all[key] == "" || strings.Contains(all[key], place) != strings.Contains(english, place) {
					t.Errorf("%s %s: %q", lang, key, all[key])
				}
			}
		}
	}
	if len(texts) != 5 {
		t.Errorf("%d languages", len(texts))
	}
	if got := text("de", "complaint", "C-1 {2}", "Monday"); !strings.Contains(got, "C-1 {2}.") || !strings.Contains(got, "Monday") {
		t.Errorf("what people wrote was filled in again: %q", got)
	}
}
