package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"ombud/bot/nlu"
)

// Why there is no suggestion. A draft that a check refused is ErrDraft; whatever else a model's client returns means that it failed.
var (
	ErrNoModel = errors.New("no language model is configured")
	// ErrNothing means that the model found no answer in what it was given, which is how it should be.
	ErrNothing = errors.New("the model has no answer from the knowledge")
	// ErrSpent is what a client returns where its budget of tokens is spent, ErrBusy where it has too many questions at once.
	ErrSpent = errors.New("the budget of tokens is spent")
	ErrBusy  = errors.New("too many questions at once")
)

// patience is how many times as long as a turn a suggestion waits for the model: the agent looks on and can go on without it.
const patience = 3

// lately is how many of the visitor's earlier messages help to find the passages: the last one may be a mere "yes, please".
const lately = 2

// SuggestInput is a conversation that an agent wants words for.
type SuggestInput struct {
	Conversation, Visitor string // ids
	Language              string // of the conversation
	Topic                 string // what it is known to be about; "" if it is not
	Lines                 []Line // what was said on both sides, oldest first; no notes
}

// Suggestion is a reply that a model drafted for an agent. Nobody has said it.
type Suggestion struct {
	Text     string
	Language string
	Cites    []Cite // the passages that it rests on
}

// Suggest has the model draft a reply to the visitor's last words, from approved texts alone, and holds it to the checks that
// the bot's own drafts pass. It fails with one of the errors above, with ErrDraft, or as the model does.
func (e *Engine) Suggest(ctx context.Context, in SuggestInput) (Suggestion, error) {
	if e.model == nil {
		return Suggestion{}, ErrNoModel
	}
	p := e.parts.Load()
	language := or(in.Language, "en")
	earlier, text := lastTurn(in.Lines)
	if text == "" {
		return Suggestion{}, ErrNothing // the visitor has yet to write
	}
	said := visitorTexts(earlier)
	a := p.understanding.Assess(text, nlu.Context{Language: language, Earlier: said})
	if _, ok := p.script.Topic(in.Topic); ok && !slices.ContainsFunc(a.Topics, func(t nlu.TopicScore) bool { return t.Topic == in.Topic }) {
		a.Topics = append(a.Topics, nlu.TopicScore{Topic: in.Topic, Confidence: 0.5})
	}
	about := strings.Join(append(slices.Clone(said[max(0, len(said)-lately):]), text), "\n")
	q := Question{
		Conversation: in.Conversation, Visitor: in.Visitor, Language: language, Text: text, Earlier: earlier,
		Knowledge: p.knowledge(a, language), Passages: e.passages(a, about, language), Topics: p.topicIDs(),
	}
	ctx, cancel := context.WithTimeout(ctx, patience*e.budget)
	defer cancel()
	o, err := e.consult(ctx, q)
	if err != nil {
		return Suggestion{}, fmt.Errorf("suggest a reply in %s: %w", in.Conversation, err)
	}
	o.given = q.Passages
	draft := strings.TrimSpace(o.Draft)
	if draft == "" {
		return Suggestion{}, ErrNothing
	}
	if err := CheckDraft(p.script, draft, language); err != nil {
		e.log.InfoContext(ctx, "suggestion not shown", "conversation", in.Conversation, "reason", Unquoted(err))
		return Suggestion{}, err
	}
	return Suggestion{Text: draft, Language: language, Cites: o.cited()}, nil
}

// lastTurn gives the visitor's last words, however many messages they are, and all the rest.
func lastTurn(lines []Line) (earlier []Line, text string) {
	end := len(lines)
	for end > 0 && lines[end-1].Role != "visitor" {
		end--
	}
	begin := end
	for begin > 0 && lines[begin-1].Role == "visitor" {
		begin--
	}
	return slices.Concat(lines[:begin], lines[end:]), joined(lines[begin:end])
}

func visitorTexts(lines []Line) []string {
	var out []string
	for _, l := range lines {
		if l.Role == "visitor" {
			out = append(out, l.Text)
		}
	}
	return out
}
