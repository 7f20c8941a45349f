package studio

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/bot/nlu/eval"
	"ombud/bot/script"
	"ombud/chat"
)

// mostUnanswered is how many turns are gathered: grouping them compares each with each.
const mostUnanswered = 600

// Unanswered is a group of turns that say much the same and that the bot did not understand.
type Unanswered struct {
	Text         string    `json:"text" doc:"of the newest"`
	Language     string    `json:"language"`
	Count        int       `json:"count"`
	Newest       time.Time `json:"newest"`
	Conversation string    `json:"conversation" doc:"of the newest"`
	Others       []string  `json:"others,omitempty" doc:"up to five other wordings"`
	// Guess is the script's likeliest topic for the newest, "" for none: a proposal.
	Guess string `json:"guess,omitempty"`
}

// understood reports whether a decision shows that the bot understood its turn.
func understood(d chat.Decision) bool {
	switch d.Action {
	case string(bot.Clarify), string(bot.Offer):
		return d.Rule != ""
	case string(bot.Handoff):
		return d.Reason != bot.ReasonLowConfidence && d.Reason != bot.ReasonOutOfScope && d.Reason != bot.ReasonModelFailed
	}
	return true
}

// Unanswered gathers what visitors wrote and the bot did not understand from until to: turns of low confidence and
// misses, grouped by likeness, the newest group first. What the draft has as an example already is left out.
func (s *Studio) Unanswered(ctx context.Context, from, to time.Time) ([]Unanswered, error) {
	turns, err := s.o.Turns.DecidedTurns(ctx, from, to, mostUnanswered, func(d chat.Decision) bool {
		var record bot.Decision
		known := json.Unmarshal(d.Record, &record) == nil && record.Turn != nil
		return !understood(d) && known && record.Turn.Reply == "" && !record.Turn.Refused
	})
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	model := s.model
	s.mu.Unlock()
	if model == nil {
		return []Unanswered{}, nil
	}
	known, err := s.examples(ctx)
	if err != nil {
		return nil, err
	}
	var messages []nlu.Example
	var kept []chat.DecidedTurn
	for _, t := range turns {
		e := nlu.Example{Text: asExample(t.Words), Language: t.Decision.Language}
		if e.Text != "" && !known[e.Language+" "+script.Fold(e.Text)] {
			messages, kept = append(messages, e), append(kept, t)
		}
	}
	out := []Unanswered{}
	for _, group := range eval.Groups(model, messages) {
		slices.Sort(group) // turns come newest first
		first := group[0]
		u := Unanswered{
			Text: messages[first].Text, Language: messages[first].Language, Count: len(group),
			Newest: kept[first].At, Conversation: kept[first].Conversation,
		}
		a := model.Assess(u.Text, nlu.Context{Language: u.Language})
		if len(a.Topics) > 0 {
			u.Guess = a.Topics[0].Topic
		}
		for _, i := range group[1:] {
			if t := messages[i].Text; t != u.Text && !slices.Contains(u.Others, t) && len(u.Others) < 5 {
				u.Others = append(u.Others, t)
			}
		}
		out = append(out, u)
	}
	slices.SortStableFunc(out, func(a, b Unanswered) int { return b.Newest.Compare(a.Newest) })
	return out, nil
}

// examples gives what the draft has: language and folded words.
func (s *Studio) examples(ctx context.Context) (map[string]bool, error) {
	_, files, err := s.Draft(ctx)
	if err != nil {
		return nil, err
	}
	known := map[string]bool{}
	if sketch, _ := script.Sketch(files); sketch != nil {
		for _, e := range sketch.Examples {
			known[e.Language+" "+script.Fold(e.Text)] = true
		}
	}
	return known, nil
}

var (
	address = regexp.MustCompile(`\S+@\S+\.\S+`)
	digits  = regexp.MustCompile(`\+?\d[\d ()./-]{2,}\d`)
)

// asExample is a visitor's words as they may stand in a script: in one line, and without addresses and numbers
// that could name somebody.
func asExample(words string) string {
	text := strings.Join(strings.Fields(words), " ")
	text = address.ReplaceAllString(text, "name@example.com")
	text = digits.ReplaceAllString(text, "12345")
	const most = 300
	if utf8.RuneCountInString(text) > most {
		return "" // a letter is no example
	}
	return text
}

// chatsFile is where examples from conversations are kept: one line each, so that adding one changes nothing else.
const chatsFile = "examples/chats.jsonl"

// AddExample adds a visitor's words to the draft at revision as an example of a topic.
func (s *Studio) AddExample(ctx context.Context, by string, revision int64, language, topic, text string) (chat.ScriptVersion, error) {
	draft, files, err := s.Draft(ctx)
	if err != nil {
		return chat.ScriptVersion{}, err
	}
	sketch, found := script.Sketch(files)
	if sketch == nil {
		return chat.ScriptVersion{}, &UnsoundError{found}
	}
	if sketch.TopicIndex(topic) < 0 {
		return chat.ScriptVersion{}, &chat.InvalidError{Field: "topic", Code: "unknown", Hint: fmt.Sprintf("The draft has no topic %q.", topic)}
	}
	if !slices.Contains(sketch.Languages, language) {
		return chat.ScriptVersion{}, &chat.InvalidError{Field: "language", Code: "unknown", Hint: fmt.Sprintf("The draft does not speak %q.", language)}
	}
	if text = asExample(text); text == "" {
		return chat.ScriptVersion{}, &chat.InvalidError{Field: "text", Code: "empty", Hint: "Give a few words, 300 characters at most."}
	}
	line, err := json.Marshal(map[string]any{"lang": language, "text": text, "signals": []string{}, "topic": topic})
	if err != nil {
		return chat.ScriptVersion{}, err
	}
	whole := files[chatsFile]
	if whole != "" && !strings.HasSuffix(whole, "\n") {
		whole += "\n"
	}
	whole += string(line) + "\n"
	return s.Edit(ctx, by, revision, draft.Base, Changes{chatsFile: &whole})
}
