package care_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"ombud/chat"
	"ombud/chat/care"
)

func en(text string) map[string]string { return map[string]string{"en": text} }

var asked = care.SurveySetting{Hours: 24, Questions: []care.SurveyQuestion{
	{ID: "again", Kind: care.QuestionScale, Texts: map[string]string{"en": "Again?", "hu": "Megint?"}},
	{ID: "how", Kind: care.QuestionChoice, Texts: en("How?"), Choices: []care.SurveyChoice{{ID: "friend", Texts: en("A friend")}, {ID: "search", Texts: en("A search")}}},
	{ID: "why", Kind: care.QuestionText, Texts: en("Why?")},
}}

func TestQuestionsAreAskedInTheCustomersLanguage(t *testing.T) {
	if err := asked.Check(); err != nil {
		t.Fatal(err)
	}
	got := asked.Asked("hu")
	want := []care.AskedQuestion{
		{ID: "again", Kind: "scale", Text: "Megint?"},
		{ID: "how", Kind: "choice", Text: "How?", Choices: []care.AskedChoice{{ID: "friend", Text: "A friend"}, {ID: "search", Text: "A search"}}},
		{ID: "why", Kind: "text", Text: "Why?"},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

func TestOnlyAnswersThatFitAreKept(t *testing.T) {
	got, err := asked.Answered(map[string]string{"again": "5", "how": "search", "why": " because ", "gone": "x"})
	if want := map[string]string{"again": "5", "how": "search", "why": "because"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v %v", got, err)
	}
	if got, err := asked.Answered(map[string]string{"again": "", "why": " "}); got != nil || err != nil {
		t.Errorf("nothing answered: %v %v", got, err)
	}
	for id, said := range map[string]string{"again": "6", "how": "A friend", "why": strings.Repeat("x", care.LongestSurveyAnswer+1)} {
		var invalid *chat.InvalidError
		if _, err := asked.Answered(map[string]string{id: said}); !errors.As(err, &invalid) || invalid.Field != "answers."+id {
			t.Errorf("%s: %v", id, err)
		}
	}
}

func TestASurveyThatCannotBeAskedIsRefused(t *testing.T) {
	two := asked.Questions[1].Choices
	for field, q := range map[string]care.SurveyQuestion{
		"questions[0].id":               {ID: "No Id", Kind: care.QuestionText, Texts: en("?")},
		"questions[0].kind":             {ID: "a", Kind: "stars", Texts: en("?")},
		"questions[0].texts":            {ID: "a", Kind: care.QuestionText},
		"questions[0].texts.xx":         {ID: "a", Kind: care.QuestionText, Texts: map[string]string{"en": "?", "xx": "?"}},
		"questions[0].choices":          {ID: "a", Kind: care.QuestionChoice, Texts: en("?"), Choices: two[:1]},
		"questions[0].choices[1].id":    {ID: "a", Kind: care.QuestionChoice, Texts: en("?"), Choices: []care.SurveyChoice{two[0], two[0]}},
		"questions[0].choices[0].texts": {ID: "a", Kind: care.QuestionChoice, Texts: en("?"), Choices: []care.SurveyChoice{{ID: "b"}, two[0]}},
	} {
		var invalid *chat.InvalidError
		set := care.SurveySetting{Hours: 24, Questions: []care.SurveyQuestion{q}}
		if err := set.Check(); !errors.As(err, &invalid) || invalid.Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	twice := care.SurveySetting{Hours: 24, Questions: []care.SurveyQuestion{asked.Questions[0], asked.Questions[0]}}
	if twice.Check() == nil {
		t.Error("two questions have one id")
	}
}
