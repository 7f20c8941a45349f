package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ombud/bot"
	"ombud/chat"
	"ombud/server/frame"
)

// suggestTail is how many events from the end of a log a suggestion looks at.
const suggestTail = 300

type suggestionOut struct {
	Body struct {
		Text     string       `json:"text" doc:"a draft: nobody has said it"`
		Language string       `json:"language" doc:"what it is written in"`
		WordedBy string       `json:"worded_by" enum:"model" doc:"whose words these are"`
		Cites    []chat.Cited `json:"cites" doc:"passages of approved articles that it rests on"`
	}
}

func (s *Server) suggestRoutes(api huma.API) {
	o := op(http.MethodPost, "/conversations/{id}/suggestion", "suggest-reply", tagWork, "Have the language model draft a reply to the visitor's last words; it is sent to nobody")
	o.Description = "Only for whoever holds the conversation, at most ten a minute. Drafted from approved texts and held to the checks of the bot's own drafts. " +
		"Without one, why says the cause: no_model, nothing_known, refused, spent, busy or failed."
	register(s, api, o, chat.GradeAgent, s.suggest)
}

func (s *Server) suggest(ctx context.Context, u chat.User, in *ConversationIn) (*suggestionOut, error) {
	c, err := s.visible(ctx, u, in.ID)
	if err != nil {
		return nil, err
	}
	if s.o.Suggest == nil {
		return nil, noSuggestion(bot.ErrNoModel)
	}
	if c.Owner != chat.OwnerAgent || c.Agent != u.ID {
		return nil, fmt.Errorf("suggest a reply in %s without holding it: %w", c.ID, chat.ErrStale)
	}
	if !s.drafts.allow(u.ID) {
		return nil, noSuggestion(bot.ErrBusy)
	}
	lines, err := s.spoken(ctx, c)
	if err != nil {
		return nil, err
	}
	got, err := s.o.Suggest(ctx, bot.SuggestInput{Conversation: c.ID, Visitor: c.Visitor, Language: c.Language, Topic: c.Topic, Lines: lines})
	if err != nil {
		if ctx.Err() == nil && !errors.Is(err, bot.ErrNothing) {
			s.o.Logger.Info("no reply suggested", "conversation", c.ID, "why", noSuggestion(err).Why)
		}
		return nil, noSuggestion(err)
	}
	out := &suggestionOut{}
	out.Body.Text, out.Body.Language, out.Body.WordedBy, out.Body.Cites = got.Text, got.Language, "model", []chat.Cited{}
	for _, cite := range got.Cites {
		out.Body.Cites = append(out.Body.Cites, chat.Cited(cite))
	}
	return out, nil
}

// spoken gives what visitor, bot and agents said to each other of late. Notes are among the staff, and go to no model.
func (s *Server) spoken(ctx context.Context, c chat.Conversation) ([]bot.Line, error) {
	events, err := s.o.Store.Events(ctx, c.ID, max(0, c.LastSeq-suggestTail), suggestTail)
	if err != nil {
		return nil, fmt.Errorf("read what was said in %s: %w", c.ID, err)
	}
	var out []bot.Line
	for _, e := range events {
		var m chat.Message
		if e.Kind != chat.KindMessage || json.Unmarshal(e.Body, &m) != nil {
			continue
		}
		out = append(out, bot.Line{Seq: e.Seq, Role: string(e.Role), Text: m.Text, At: e.At})
	}
	return out, nil
}

// noSuggestion tells why there is none. What the model said stays unsaid.
func noSuggestion(err error) *apiError {
	switch {
	case errors.Is(err, bot.ErrNoModel):
		return &apiError{status: http.StatusNotFound, Code: frame.CodeNotFound, Why: "no_model", Message: "No language model is configured."}
	case errors.Is(err, bot.ErrNothing):
		return &apiError{status: http.StatusNotFound, Code: frame.CodeNotFound, Why: "nothing_known", Message: "The articles and the script have no answer to this."}
	case errors.Is(err, bot.ErrBusy):
		return &apiError{status: http.StatusTooManyRequests, Code: frame.CodeRateLimited, Why: "busy", Message: "Too many questions at once. Wait a moment.", retry: 5}
	case errors.Is(err, bot.ErrSpent):
		return &apiError{status: http.StatusServiceUnavailable, Code: frame.CodeUnavailable, Why: "spent", Message: "The budget for the language model is spent."}
	case errors.Is(err, bot.ErrDraft):
		return &apiError{status: http.StatusServiceUnavailable, Code: frame.CodeUnavailable, Why: "refused", Message: "What the model drafted did not pass the checks. Try again, or write it yourself.", retry: 1}
	}
	return &apiError{status: http.StatusServiceUnavailable, Code: frame.CodeUnavailable, Why: "failed", Message: "The language model did not answer. Try again, or write it yourself.", retry: 5}
}
