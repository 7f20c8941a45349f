package care

import (
	"context"
	"encoding/json"
	"fmt"

	"ombud/chat"
)

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
		set, err := c.settings().surveyed(ctx)
		if err != nil {
			return nil, nil, err
		}
		asked := chat.Survey{ID: c.o.NewID(), State: "asked", Text: set.text(c.language(v.conv))}
		events := []chat.Event{c.event(chat.KindSurvey, chat.RoleSystem, "", id, asked)}
		mail, err := c.mailTo(ctx, v.conv)
		if err != nil || mail == "" || c.o.Mail == nil {
			return events, nil, err
		}
		return events, []chat.Job{job(JobSurveyMail, c.now(), conversationArgs{a.Conversation})}, nil
	})
}

// onSurveyMail asks by e-mail, in the company's own words where it has any.
func (c *Care) onSurveyMail(ctx context.Context, raw []byte) error {
	var a conversationArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	set, err := c.settings().surveyed(ctx)
	if err != nil {
		return err
	}
	conv, err := c.o.Reader.Conversation(ctx, a.Conversation)
	if err != nil {
		return err
	}
	return c.mailWords(ctx, conv, "survey", set.text(c.language(conv)), fmt.Sprintf("%s.survey.%d", a.Conversation, conv.ClosedAt.UnixMicro()), nil)
}

// settings reads what is set now: what is owed follows hours after its cause.
func (c *Care) settings() *settings { return &settings{read: c.o.Reader.Setting, now: c.o.Now} }

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
