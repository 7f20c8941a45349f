package care

import (
	"context"
	"encoding/json"
	"fmt"

	"ombud/chat"
)

// Complain registers the conversation's matter as a formal complaint: a number, a written acknowledgement, and a promise to
// answer in time, which is watched like any other. A conversation has one complaint, however often it is registered.
func (c *Care) Complain(ctx context.Context, by, conversation string) (chat.Complaint, error) {
	if _, err := c.o.Reader.Conversation(ctx, conversation); err != nil {
		return chat.Complaint{}, fmt.Errorf("register complaint: %w", err)
	}
	now := c.now()
	x, err := c.o.Registry.RegisterComplaint(ctx, chat.Complaint{Conversation: conversation, By: by, At: now, DueAt: now.Add(c.o.ComplaintIn)},
		[]chat.Job{job(JobComplaint, now, conversationArgs{conversation})}) // a crash before the next line is made good by the job
	if err != nil {
		return x, err
	}
	return x, c.acknowledge(ctx, x)
}

func (c *Care) acknowledge(ctx context.Context, x chat.Complaint) error {
	const id = "complaint"
	return c.decide(ctx, x.Conversation, func(v view) ([]chat.Event, []chat.Job, error) {
		if v.done("", id) {
			return nil, nil, nil
		}
		lang := c.language(v.conv)
		events := []chat.Event{
			c.event(chat.KindComplaint, chat.RoleSystem, "", id, chat.Complaint{Number: x.Number, By: x.By, DueAt: x.DueAt}),
			c.say(lang, "complaint.registered", "complaint", args{"number": x.Number, "time": day(lang, x.DueAt)}),
			c.event(chat.KindPromise, chat.RoleSystem, "", "", chat.Promise{
				ID: x.Number, Text: c.o.Voice.Text("promise.complaint", lang, args{"number": x.Number}), By: x.By, DueAt: x.DueAt, State: "open",
			}),
		}
		mail, err := c.mailTo(ctx, v.conv)
		if err != nil || mail == "" || c.o.Mail == nil {
			return events, nil, err
		}
		return events, []chat.Job{job(JobComplaintMail, c.now(), complaintMailArgs{x.Conversation, x.Number, x.DueAt.UnixMicro()})}, nil
	})
}

// onComplaint registers what the bot passed on as a formal complaint.
func (c *Care) onComplaint(ctx context.Context, raw []byte) error {
	var a conversationArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	_, err := c.Complain(ctx, "", a.Conversation)
	return err
}
