package care

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/handoff"
)

// Writer words what is known, and says no more than that; *bot.Engine is one.
type Writer interface {
	Words() bool
	Word(ctx context.Context, w bot.Wording) (bot.Worded, error)
}

type wordingArgs struct {
	Conversation string `json:"conversation"`
	At           int64  `json:"at"` // microseconds: of the brief
}

// wording gives the job that has a brief worded: after the handoff, which waits for no model. What agents put right is
// in their words.
func (f *Follow) wording(conversation string, e chat.Event) []chat.Job {
	if f.writer == nil || !f.writer.Words() || e.Role == chat.RoleAgent || bodyOf[handoff.Brief](e).Summary != nil {
		return nil
	}
	return []chat.Job{job(JobWording, time.Time{}, wordingArgs{conversation, e.At.UTC().UnixMicro()})}
}

// onWording has the latest brief worded and stores it with the words, the facts as they were. It does so once, where nobody has
// changed the brief meanwhile and somebody may still read it. A model that fails leaves the facts to speak for themselves:
// it is not asked again.
func (c *Care) onWording(ctx context.Context, raw []byte) error {
	var a wordingArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	if c.o.Writer == nil || !c.o.Writer.Words() {
		return nil
	}
	conv, err := c.o.Reader.Conversation(ctx, a.Conversation)
	if err != nil {
		return err
	}
	brief, seq, err := c.brief(ctx, a)
	if err != nil || seq == 0 || !read(conv.Owner) {
		return err
	}
	w := bot.Wording{Conversation: a.Conversation, Visitor: conv.Visitor, Language: conv.Language, Lines: brief.Lines()}
	out, err := c.o.Writer.Word(ctx, w)
	if err != nil {
		c.o.Logger.Info("a brief stays unworded", "conversation", a.Conversation, "reason", bot.Unquoted(err))
		return nil
	}
	return c.decide(ctx, a.Conversation, func(v view) ([]chat.Event, []chat.Job, error) {
		latest, at, err := c.brief(ctx, a)
		if err != nil || at != seq || !read(v.conv.Owner) {
			return nil, nil, err
		}
		latest.Summary = &handoff.Summary{Text: out.Text, WordedBy: out.Model, Of: seq}
		return []chat.Event{c.event(chat.KindBrief, chat.RoleBot, "", "", latest)}, nil, nil
	})
}

// read reports whether somebody may still read the brief of a conversation.
func read(o chat.Owner) bool {
	return o == chat.OwnerQueue || o == chat.OwnerAgent || o == chat.OwnerTicket
}

// brief gives the latest brief and its seq; 0 where it is not the one that is to be worded any more.
func (c *Care) brief(ctx context.Context, a wordingArgs) (handoff.Brief, int64, error) {
	e, err := c.o.Reader.LastOf(ctx, a.Conversation, chat.KindBrief)
	if errors.Is(err, chat.ErrNotFound) {
		return handoff.Brief{}, 0, nil
	}
	if err != nil {
		return handoff.Brief{}, 0, err
	}
	if e.Role == chat.RoleAgent || e.At.UTC().UnixMicro() != a.At {
		return handoff.Brief{}, 0, nil
	}
	var b handoff.Brief
	if err := json.Unmarshal(e.Body, &b); err != nil {
		return b, 0, fmt.Errorf("decode brief %d of %s: %w: %w", e.Seq, a.Conversation, chat.ErrInvalid, err)
	}
	if b.Summary != nil {
		return b, 0, nil
	}
	return b, e.Seq, nil
}
