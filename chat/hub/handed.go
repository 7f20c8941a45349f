package hub

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

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

// handLeft hands over what somebody leaves for a person while the bot has the conversation, as a turn of these words would have been:
// it waits ranked and routed like any other, but live for nobody. It adds the handoff to the batch and gives what adds the rest, once
// the message itself has been added.
func (h *Hub) handLeft(ctx context.Context, b *batch, c *chat.Conversation, m chat.LeftMessage) (after func(), err error) {
	t := thought{conv: *c}
	if t.seen, err = h.recent(ctx, *c, nil); err != nil {
		return nil, err
	}
	if m.Text != "" {
		t.conv.VisitorSeq = c.LastSeq + 2 // after the handoff
		words, err := json.Marshal(chat.Message{Text: m.Text})
		if err != nil {
			return nil, fmt.Errorf("encode what was left: %w", err)
		}
		t.seen = append(slices.Clone(t.seen), chat.Event{Kind: chat.KindMessage, Role: chat.RoleVisitor, Seq: t.conv.VisitorSeq, At: h.now(), Body: words})
	}
	news := t.conv.VisitorSeq > t.conv.Answered
	if !news {
		t.conv.Answered = lastBurst(t.seen)
	}
	in, err := h.input(t.conv, t.seen)
	if err != nil {
		return nil, err
	}
	in.HandOver = bot.ReasonHuman
	if !m.Callback.IsZero() || m.Email == "" && m.Phone != "" {
		in.HandOver = bot.ReasonCallback
	}
	if t.out, err = h.turn(ctx, in); err != nil || t.out.Decision.Action != bot.Handoff {
		h.o.Logger.Error("bot turn of a message that is left", "conversation", c.ID, "error", err)
		t.out = h.fallback(t.conv)
		t.out.Decision.Reason, t.out.Decision.Topic, t.out.Decision.Emotion = in.HandOver, c.Topic, emotion(c.State)
		t.out.Decision.Skill, news = h.o.Bot.Skill(in.HandOver, c.Language, c.Topic), false
	}
	if !news { // these words have been counted
		t.out.Decision.Emotion = emotion(c.State)
	}
	ho := h.request(t)
	ho.DueAt, ho.WarnAt, ho.Estimate = time.Time{}, time.Time{}, nil // nobody waits live
	b.add(chat.KindHandoffRequested, ho)
	c.Severity, c.Level, c.Skill = ho.Severity, ho.Level, ho.Skill
	return func() {
		if news {
			b.add(chat.KindAssessment, t.out.Assessment)
		}
		b.add(chat.KindBrief, h.brief(t, ho))
	}, nil
}

// lastBurst gives the seq before the visitor's last words that were answered as one.
func lastBurst(seen []chat.Event) int64 {
	before, found := int64(0), false
	for _, e := range slices.Backward(seen) {
		if e.Kind != chat.KindMessage {
			continue
		}
		if e.Role == chat.RoleVisitor {
			found, before = true, e.Seq-1
		} else if found {
			break
		}
	}
	return before
}

// emotion is the visitor's anger as the bot last knew it.
func emotion(state json.RawMessage) bot.Emotion {
	var s bot.State
	if json.Unmarshal(state, &s) != nil {
		return bot.Emotion{}
	}
	return bot.Emotion{Level: s.Anger, Trend: s.Trend}
}
