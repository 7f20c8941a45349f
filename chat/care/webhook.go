package care

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"ombud/chat"
)

// HookKinds are the events that webhooks can tell of.
var HookKinds = []string{
	string(chat.KindHandoffRequested), string(chat.KindHandoffClaimed), string(chat.KindHandoffEscalated), string(chat.KindLeftMessage),
	string(chat.KindClosed), string(chat.KindReopened), string(chat.KindComplaint), string(chat.KindSurvey),
	string(chat.KindOffer),
}

// Webhook is one address that is told of events.
type Webhook struct {
	ID     string   `json:"id"`
	URL    string   `json:"url"`
	Secret string   `json:"secret"` // whsec_ and base64, as in the Standard Webhooks scheme
	Kinds  []string `json:"kinds"`  // of HookKinds; empty: all of them
}

// Hooked is the payload of a webhook. It says what happened and to which conversation, but not what was said: who wants
// to know that asks the REST interface.
type Hooked struct {
	Type string    `json:"type"`
	At   time.Time `json:"timestamp"`
	Data struct {
		Conversation string `json:"conversation"`
		Reason       string `json:"reason,omitempty"`
		Severity     string `json:"severity,omitempty"`
		Level        int    `json:"level,omitempty"`
		Skill        string `json:"skill,omitempty"`
		Cause        string `json:"cause,omitempty"`
		Outcome      string `json:"outcome,omitempty"`
		Number       string `json:"number,omitempty"`
		Rating       int    `json:"rating,omitempty"`
		Remedy       string `json:"remedy,omitempty"`
		Worth        int64  `json:"worth,omitempty"` // in minor units of Currency
		Currency     string `json:"currency,omitempty"`
		State        string `json:"state,omitempty"`
	} `json:"data"`
}

type hookArgs struct {
	Hook    string          `json:"hook"` // Webhook.ID
	ID      string          `json:"id"`   // the same at every try
	Payload json.RawMessage `json:"payload"`
}

// hooks gives the deliveries that follow one event.
func (f *Follow) hooks(ctx context.Context, conversation string, e chat.Event) ([]chat.Job, error) {
	if !slices.Contains(HookKinds, string(e.Kind)) {
		return nil, nil
	}
	all, err := decoded[[]Webhook](ctx, f.settings, SettingWebhooks)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	h := Hooked{Type: string(e.Kind), At: e.At.UTC()}
	if err := json.Unmarshal(e.Body, &h.Data); err != nil {
		return nil, nil // the log refuses the event
	}
	h.Data.Conversation = conversation
	payload, err := json.Marshal(h)
	if err != nil {
		return nil, fmt.Errorf("encode webhook: %w", err)
	}
	var out []chat.Job
	for _, w := range all {
		if len(w.Kinds) == 0 || slices.Contains(w.Kinds, h.Type) {
			out = append(out, job(JobWebhook, time.Time{}, hookArgs{w.ID, "msg_" + f.newID(), payload}))
		}
	}
	return out, nil
}

// onWebhook delivers to the address as it is set now; a webhook that was removed gets nothing more.
func (c *Care) onWebhook(ctx context.Context, raw []byte) error {
	var a hookArgs
	if err := json.Unmarshal(raw, &a); err != nil {
		return fmt.Errorf("decode: %w: %w", chat.ErrInvalid, err)
	}
	if c.o.Post == nil {
		return nil
	}
	all, err := decoded[[]Webhook](ctx, &settings{read: c.o.Reader.Setting, now: c.o.Now}, SettingWebhooks)
	if err != nil {
		return err
	}
	for _, w := range all {
		if w.ID == a.Hook {
			return c.o.Post.Post(ctx, w.URL, w.Secret, a.ID, c.now(), a.Payload)
		}
	}
	return nil
}
