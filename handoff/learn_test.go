package handoff_test

import (
	"encoding/json"
	"slices"
	"testing"

	"ombud/handoff"
)

func TestABriefLearnsWhatIsSaidLater(t *testing.T) {
	b := handoff.Brief{
		Facts: []handoff.Fact{
			{Name: "order_number", Value: "1"}, {Name: "product", Value: "lamp", By: "Ann"}, {Name: "since_when", Value: "May"},
		},
		Missing: []string{"name", "outcome_wanted"}, Summary: &handoff.Summary{Text: "x"},
	}
	same, changed := b.Learn([]handoff.Fact{{Name: "order_number", Value: "1", Seq: 9}, {Name: "product", Value: "table"}, {Name: "since_when", Value: "June", Inferred: true}})
	if changed || same.Facts[1].Value != "lamp" || same.Facts[2].Value != "May" || same.Summary == nil {
		t.Errorf("what an agent put right, what is known and what is only inferred stay: %+v", same)
	}
	more, changed := b.Learn([]handoff.Fact{{Name: "name", Value: "Eva", Seq: 9}, {Name: "outcome_wanted", Value: "refund", Seq: 9}})
	if !changed || len(more.Missing) != 0 || more.Customer != "Eva" || more.Wanted == nil || more.Wanted.Text != "refund" || more.Summary == nil {
		t.Errorf("%+v", more)
	}
	other, changed := b.Learn([]handoff.Fact{{Name: "order_number", Value: "2", Seq: 9}})
	if !changed || other.Facts[0].Value != "2" || other.Summary != nil {
		t.Errorf("the summary may say 1: %+v", other)
	}
	if !slices.Equal(b.Missing, []string{"name", "outcome_wanted"}) || b.Facts[0].Value != "1" {
		t.Errorf("the old brief has changed: %+v", b)
	}
}

func TestAskingRulesAreHeld(t *testing.T) {
	for rules, good := range map[string]bool{
		`{"off":true}`: true, `{"after":"30s","most":2}`: true, `{"after":"2h"}`: false, `{"most":11}`: false, `{"most":-1}`: false, `{"of":true}`: false,
	} {
		_, err := handoff.ParseRules(withRules(t, "asking", rules))
		if good != (err == nil) {
			t.Errorf("%s: %v", rules, err)
		}
	}
}

// withRules gives the rules in force before an admin sets others, with one part replaced.
func withRules(t *testing.T, part, value string) []byte {
	t.Helper()
	data, err := json.Marshal(handoff.DefaultRules())
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]json.RawMessage{}
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatal(err)
	}
	all[part] = json.RawMessage(value)
	if data, err = json.Marshal(all); err != nil {
		t.Fatal(err)
	}
	return data
}
