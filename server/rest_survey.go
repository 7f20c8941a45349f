package server

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/chat/care"
	"ombud/server/frame"
)

type visitorSurveyIn struct {
	ID           string `path:"id" maxLength:"64"`
	Conversation string `query:"conversation" required:"true" maxLength:"64"`
}

type visitorSurveyOut struct {
	Body struct {
		Questions []care.AskedQuestion `json:"questions" doc:"in the conversation's language; answer with the frame rate"`
	}
}

func (s *Server) surveyRoutes(api huma.API) {
	register(s, api, op(http.MethodGet, "/sites/{id}/survey", "visitor-survey", tagVisitors, "What to ask the visitor beside the rating; their token goes into Authorization: Bearer"), anonymous, s.visitorSurvey)
}

func (s *Server) visitorSurvey(ctx context.Context, _ chat.User, in *visitorSurveyIn) (*visitorSurveyOut, error) {
	v, _, err := s.fileVisitor(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	c, err := s.ownConversation(ctx, v, in.Conversation)
	if err != nil {
		return nil, err
	}
	set, err := s.survey(ctx, chat.User{}, nil)
	if err != nil {
		return nil, err
	}
	out := &visitorSurveyOut{}
	out.Body.Questions = set.Body.Asked(c.Language)
	return out, nil
}

// surveyAnswered checks a visitor's answers against the questions as they are now.
func (s *Server) surveyAnswered(ctx context.Context, answers map[string]string) (map[string]string, error) {
	if len(answers) == 0 {
		return nil, nil
	}
	for id, said := range answers {
		if p := frame.CheckText("answers."+id, said, care.LongestSurveyAnswer); said != "" && p != nil {
			return nil, p
		}
	}
	set, err := s.survey(ctx, chat.User{}, nil)
	if err != nil {
		return nil, err
	}
	return set.Body.Answered(answers)
}

// checkSurveyWords refuses text that could not be shown.
func checkSurveyWords(set care.SurveySetting) error {
	check := func(field string, by map[string]string) error {
		for _, language := range slices.Sorted(maps.Keys(by)) {
			if p := frame.CheckText(field+"."+language, by[language], care.LongestSurveyText); p != nil {
				return p
			}
		}
		return nil
	}
	if err := check("texts", set.Texts); err != nil {
		return err
	}
	for i, q := range set.Questions {
		at := fmt.Sprintf("questions[%d].", i)
		if err := check(at+"texts", q.Texts); err != nil {
			return err
		}
		for j, c := range q.Choices {
			if err := check(fmt.Sprintf("%schoices[%d].texts", at, j), c.Texts); err != nil {
				return err
			}
		}
	}
	return nil
}

// pageAnswers takes the answers out of the form of the customer's own page, where each stands behind "q-".
func pageAnswers(form url.Values) map[string]string {
	out := map[string]string{}
	for name := range form {
		if id, ok := strings.CutPrefix(name, "q-"); ok {
			out[id] = form.Get(name)
		}
	}
	return out
}
