package care

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"ombud/chat"
)

// JobComplaintMail sends the written acknowledgement of a complaint.
const JobComplaintMail = "mail_complaint"

type complaintMailArgs struct {
	Conversation string `json:"conversation"`
	Number       string `json:"number"`
	Due          int64  `json:"due"` // microseconds
}

// here is how recently the visitor must have spoken in the widget not to be told by e-mail too.
const here = 5 * time.Minute

// mailTo is the address that the visitor left, or the one the site vouches for; "" if there is none.
func (c *Care) mailTo(ctx context.Context, conv chat.Conversation) (string, error) {
	left, err := c.o.Reader.LastOf(ctx, conv.ID, chat.KindLeftMessage)
	if err == nil {
		if to := bodyOf[chat.LeftMessage](left).Email; to != "" {
			return to, nil
		}
	} else if !errors.Is(err, chat.ErrNotFound) {
		return "", err
	}
	v, err := c.o.Reader.Visitor(ctx, conv.Visitor)
	if errors.Is(err, chat.ErrNotFound) || err == nil && !v.Verified {
		return "", nil
	}
	return v.Email, err
}

// mail sends the texts mail.<key>.subject and .body, and the link to the customer's page.
func (c *Care) mail(ctx context.Context, conversation, key, id string, with args) error {
	if c.o.Mail == nil {
		return nil
	}
	conv, err := c.o.Reader.Conversation(ctx, conversation)
	if err != nil {
		return err
	}
	return c.mailWords(ctx, conv, key, "", id, with)
}

// mailWords is mail with another body, where that is not empty.
func (c *Care) mailWords(ctx context.Context, conv chat.Conversation, key, body, id string, with args) error {
	to, err := c.mailTo(ctx, conv)
	if err != nil || to == "" || c.o.Mail == nil {
		return err
	}
	lang, say := c.language(conv), c.o.Voice.Text
	if body == "" {
		body = say("mail."+key+".body", lang, with)
	}
	if c.o.Pages != nil {
		body += "\n\n" + say("mail.page", lang, args{"link": c.o.Pages.URL(conv.Visitor, lang, c.now())})
	}
	return c.o.Mail.Send(ctx, chat.Mail{ID: id, To: to, Subject: say("mail."+key+".subject", lang, nil), Text: body})
}

// written reads a job about what somebody wrote, and the conversation that it stands in.
func (c *Care) written(ctx context.Context, raw []byte) (a replyArgs, v view, err error) {
	if err := json.Unmarshal(raw, &a); err != nil {
		return a, v, fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	v, err = c.view(ctx, a.Conversation)
	return a, v, err
}

// onReplyMail sends an agent's answer to somebody who left a message, unless they are back in the widget.
func (c *Care) onReplyMail(ctx context.Context, raw []byte) error {
	a, v, err := c.written(ctx, raw)
	if err != nil {
		return err
	}
	var spoke time.Time
	for _, e := range v.events {
		if e.Kind == chat.KindMessage && e.Role == chat.RoleVisitor {
			spoke = e.At
		}
		if e.Kind == chat.KindLeftMessage {
			spoke = time.Time{} // they went away after these words
		}
		if e.Kind != chat.KindMessage || e.Sender != a.Sender || e.ClientID != a.ClientID {
			continue
		}
		if !spoke.IsZero() && e.At.Sub(spoke) < here {
			return nil
		}
		m := bodyOf[chat.Message](e)
		return c.mail(ctx, a.Conversation, "reply", fmt.Sprintf("%s.%d", a.Conversation, e.Seq), args{"name": m.Name, "text": m.Text})
	}
	return fmt.Errorf("answer %s in %s: %w: %w", a.ClientID, a.Conversation, chat.ErrInvalid, chat.ErrNotFound)
}

// onLeftMail tells somebody who left a message that we have it, and by when they are answered or called. Each message is a matter of
// its own, so the event gives the id.
func (c *Care) onLeftMail(ctx context.Context, raw []byte) error {
	a, v, err := c.written(ctx, raw)
	if err != nil {
		return err
	}
	for _, e := range slices.Backward(v.events) {
		// A job of an older version names no message: it meant the last one.
		if e.Kind == chat.KindLeftMessage && (a.ClientID == "" || e.Sender == a.Sender && e.ClientID == a.ClientID) {
			words := c.promisedOf(v.conv, bodyOf[chat.LeftMessage](e))
			return c.mailWords(ctx, v.conv, "left", words, fmt.Sprintf("%s.left.%d", a.Conversation, e.Seq), nil)
		}
	}
	return fmt.Errorf("message %s left in %s: %w: %w", a.ClientID, a.Conversation, chat.ErrInvalid, chat.ErrNotFound)
}

// onComplaintMail sends the written acknowledgement of a complaint, of which a conversation has one.
func (c *Care) onComplaintMail(ctx context.Context, raw []byte) error {
	var a complaintMailArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	conv, err := c.o.Reader.Conversation(ctx, a.Conversation)
	if err != nil {
		return err
	}
	by := day(c.language(conv), time.UnixMicro(a.Due).UTC())
	return c.mail(ctx, a.Conversation, "complaint", a.Conversation+".complaint", args{"number": a.Number, "time": by})
}

// Handlers gives what to do for each kind of job. They may be called twice for one job. chat.ErrInvalid means that
// another try makes no sense, *Later that the job is to be done again.
func (c *Care) Handlers() map[string]func(context.Context, []byte) error {
	return map[string]func(context.Context, []byte) error{
		JobReplyMail: c.onReplyMail, JobLeft: c.onLeft, JobLeftMail: c.onLeftMail, JobLaterMail: c.onLaterMail, JobSurveyMail: c.onSurveyMail,
		JobComplaintMail: c.onComplaintMail, JobSurvey: c.onSurvey, JobPromise: c.onPromise, JobComplaint: c.onComplaint,
		JobWebhook: c.onWebhook, JobWording: c.onWording, JobBotOffer: c.onBotOffer,
		JobAlerts: func(ctx context.Context, _ []byte) error { return c.Watch(ctx) },
	}
}
