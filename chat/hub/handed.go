package hub

import (
	"context"
	"encoding/json"
	"fmt"

	"ombud/bot"
	"ombud/chat"
	"ombud/handoff"
)

// BriefFor makes the brief of a handoff that no turn of the bot decided, from the log as far as the row goes.
func (h *Hub) BriefFor(ctx context.Context, conv chat.Conversation, ho chat.Handoff) (handoff.Brief, error) {
	seen, err := h.recent(ctx, conv, nil)
	if err != nil {
		return handoff.Brief{}, fmt.Errorf("brief for %s: %w", conv.ID, err)
	}
	t := thought{conv: conv, seen: seen}
	t.out.Decision.Emotion = emotion(conv.State)
	return h.brief(t, ho), nil
}

// emotion is the visitor's anger as the bot last knew it.
func emotion(state json.RawMessage) bot.Emotion {
	var s bot.State
	if json.Unmarshal(state, &s) != nil {
		return bot.Emotion{}
	}
	return bot.Emotion{Level: s.Anger, Trend: s.Trend}
}
