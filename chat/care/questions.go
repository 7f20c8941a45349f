package care

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ombud/chat"
)

// The kinds of question in a survey.
const (
	QuestionScale  = "scale"  // from 1 to 5
	QuestionChoice = "choice" // one of some
	QuestionText   = "text"   // in the customer's own words
)

// The bounds of a survey.
const (
	MostQuestions       = 10
	MostChoices         = 10
	LongestSurveyAnswer = 200 // characters of an answer in words
)

// SurveyQuestion is one question beside the rating. No customer has to answer it.
type SurveyQuestion struct {
	ID      string            `json:"id" doc:"stays when the words change, so that answers stay together"`
	Kind    string            `json:"kind" enum:"scale,choice,text"`
	Texts   map[string]string `json:"texts" doc:"what is asked, by language; a customer of another language is asked in the first of en, hu, sl, fr, zh that is there"`
	Choices []SurveyChoice    `json:"choices,omitempty" doc:"of a choice: two or more"`
}

// SurveyChoice is one of the answers to choose from.
type SurveyChoice struct {
	ID    string            `json:"id"`
	Texts map[string]string `json:"texts" doc:"by language"`
}

// AskedQuestion is a question in one language, as customers get it.
type AskedQuestion struct {
	ID      string        `json:"id"`
	Kind    string        `json:"kind" enum:"scale,choice,text"`
	Text    string        `json:"text"`
	Choices []AskedChoice `json:"choices,omitempty"`
}

// AskedChoice is one answer to choose, in one language.
type AskedChoice struct {
	ID   string `json:"id"`
	Text string `json:"text"`
}

// Asked gives the questions in a language.
func (s SurveySetting) Asked(language string) []AskedQuestion {
	out := []AskedQuestion{}
	for _, q := range s.Questions {
		a := AskedQuestion{ID: q.ID, Kind: q.Kind, Text: spoken(q.Texts, language)}
		for _, c := range q.Choices {
			a.Choices = append(a.Choices, AskedChoice{c.ID, spoken(c.Texts, language)})
		}
		out = append(out, a)
	}
	return out
}

// Answered keeps the answers that fit a question and refuses the others: *chat.InvalidError. An answer to a question that was
// taken away meanwhile is dropped, and so is an empty one.
func (s SurveySetting) Answered(answers map[string]string) (map[string]string, error) {
	out := map[string]string{}
	for _, q := range s.Questions {
		said := strings.TrimSpace(answers[q.ID])
		if said == "" {
			continue
		}
		fits := false
		switch q.Kind {
		case QuestionScale:
			fits = len(said) == 1 && said >= "1" && said <= "5"
		case QuestionChoice:
			fits = slices.ContainsFunc(q.Choices, func(c SurveyChoice) bool { return c.ID == said })
		case QuestionText:
			fits = len([]rune(said)) <= LongestSurveyAnswer
		}
		if !fits {
			return nil, &chat.InvalidError{Field: "answers." + q.ID, Code: "invalid", Hint: "Give 1 to 5, one of the choices, or up to 200 characters, as the question asks."}
		}
		out[q.ID] = said
	}
	if len(out) == 0 {
		return nil, nil
	}
	return out, nil
}

// spoken picks the words of a language, else the first that are there.
func spoken(by map[string]string, language string) string {
	for _, l := range []string{language, "en", "hu", "sl", "fr", "zh"} {
		if by[l] != "" {
			return by[l]
		}
	}
	return ""
}

var questionID = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,39}$`)

func checkQuestions(all []SurveyQuestion) error {
	if len(all) > MostQuestions {
		return &chat.InvalidError{Field: "questions", Code: "range", Hint: fmt.Sprintf("Ask %d questions at most: long surveys are not answered.", MostQuestions)}
	}
	seen := map[string]bool{}
	for i, q := range all {
		at := fmt.Sprintf("questions[%d].", i)
		choices := len(q.Choices)
		switch {
		case !questionID.MatchString(q.ID) || seen[q.ID]:
			return &chat.InvalidError{Field: at + "id", Code: "id", Hint: "Give each question an id of its own: small letters, digits, - and _."}
		case q.Kind != QuestionScale && q.Kind != QuestionChoice && q.Kind != QuestionText:
			return &chat.InvalidError{Field: at + "kind", Code: "unknown", Hint: "Use scale, choice or text."}
		case q.Kind == QuestionChoice && (choices < 2 || choices > MostChoices), q.Kind != QuestionChoice && choices > 0:
			return &chat.InvalidError{Field: at + "choices", Code: "range", Hint: fmt.Sprintf("A choice has 2 to %d answers, the others none.", MostChoices)}
		}
		seen[q.ID] = true
		if err := checkWords(at+"texts", q.Texts); err != nil {
			return err
		}
		ids := map[string]bool{}
		for j, c := range q.Choices {
			at := fmt.Sprintf("%schoices[%d].", at, j)
			if !questionID.MatchString(c.ID) || ids[c.ID] {
				return &chat.InvalidError{Field: at + "id", Code: "id", Hint: "Give each answer an id of its own: small letters, digits, - and _."}
			}
			ids[c.ID] = true
			if err := checkWords(at+"texts", c.Texts); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkWords(field string, by map[string]string) error {
	if spoken(by, "") == "" {
		return &chat.InvalidError{Field: field, Code: "empty", Hint: "Give the words in at least one language."}
	}
	return checkLanguages(field, by)
}
