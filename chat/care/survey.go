package care

import (
	"context"
	"encoding/json"
	"fmt"

	"ombud/chat"
)

// badRating is the best answer that reopens a matter.
const badRating = 2

// onSurvey asks how it went, unless the matter was reopened since, or the customer has said so already.
func (c *Care) onSurvey(ctx context.Context, raw []byte) error {
	var a surveyArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	return c.decide(ctx, a.Conversation, func(v view) ([]chat.Event, []chat.Job, error) {
		id := fmt.Sprintf("survey:%d", a.ClosedAt)
		if v.conv.Owner != chat.OwnerClosed || v.conv.ClosedAt.UnixMicro() != a.ClosedAt || v.done("", id) || v.answeredSinceClose() {
			return nil, nil, nil
		}
		events := []chat.Event{c.event(chat.KindSurvey, chat.RoleSystem, "", id, chat.Survey{ID: c.o.NewID(), State: "asked"})}
		mail, err := c.mailTo(ctx, v.conv)
		if err != nil || mail == "" || c.o.Mail == nil {
			return events, nil, err
		}
		return events, []chat.Job{job(JobSurveyMail, c.now(), conversationArgs{a.Conversation})}, nil
	})
}

func (v view) answeredSinceClose() bool {
	for i := len(v.events) - 1; i >= 0; i-- {
		switch e := v.events[i]; e.Kind {
		case chat.KindClosed:
			return false
		case chat.KindSurvey:
			if bodyOf[chat.Survey](e).State == "answered" {
				return true
			}
		}
	}
	return false
}
