package care

import (
	"context"
	"encoding/json"
	"log/slog"
	"strings"
	"time"

	"ombud/bot"
	"ombud/chat"
)

// Notice is a known issue: what the bot says first to whoever writes about the topic.
type Notice struct {
	Topic string            `json:"topic"`
	Texts map[string]string `json:"texts"` // by language; a language without one gets English, else the first in order
	By    string            `json:"by"`
	At    time.Time         `json:"at"`
}

// in words the notice in a language, or gives "".
func (n Notice) in(language string) string {
	for _, l := range []string{language, "en", "hu", "sl", "fr", "zh"} {
		if t := n.Texts[l]; t != "" {
			return t
		}
	}
	return ""
}

// Turner is the part of the bot that a notice goes before.
type Turner interface {
	Turn(ctx context.Context, in bot.TurnInput) (bot.TurnOutput, error)
}

// Announcer lets a bot give known issues first.
type Announcer struct {
	settings *settings
	logger   *slog.Logger
}

// NewAnnouncer reads the notices from the settings.
func NewAnnouncer(read func(ctx context.Context, name string) (json.RawMessage, error), now func() time.Time, logger *slog.Logger) *Announcer {
	return &Announcer{settings: &settings{read: read, now: now}, logger: logger}
}

// Turn is the bot's turn, with the notice of its topic put before what it says, once in a conversation. A
// notice that cannot be read keeps nobody waiting.
func (a *Announcer) Turn(ctx context.Context, t Turner, in bot.TurnInput) (bot.TurnOutput, error) {
	out, err := t.Turn(ctx, in)
	if err != nil || out.Decision.Topic == "" || out.Decision.Action == bot.Close {
		return out, err
	}
	notices, err := decoded[[]Notice](ctx, a.settings, SettingNotices)
	if err != nil {
		a.logger.Warn("read notices", "error", err)
		return out, nil
	}
	for _, n := range notices {
		words := n.in(out.Language)
		if n.Topic != out.Decision.Topic || words == "" || said(in.Earlier, words) {
			continue
		}
		out.Say = append([]bot.Utterance{{Text: words, Part: chat.PartKnownIssue}}, out.Say...)
	}
	return out, nil
}

func said(earlier []bot.Line, words string) bool {
	for _, l := range earlier {
		if l.Role == "bot" && strings.TrimSpace(l.Text) == strings.TrimSpace(words) {
			return true
		}
	}
	return false
}

// Check says what is wrong with a notice: *chat.InvalidError.
func (n Notice) Check() error {
	if n.Topic == "" {
		return &chat.InvalidError{Field: "topic", Code: "empty", Hint: "Say which topic the customers write about."}
	}
	if n.in("en") == "" {
		return &chat.InvalidError{Field: "texts", Code: "empty", Hint: "Give the text in at least one of our languages."}
	}
	return nil
}
