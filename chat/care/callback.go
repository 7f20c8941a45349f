package care

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"ombud/chat"
)

// callbackPromise is the id of the promise to call, of which a conversation has one: another slot renews it.
const callbackPromise = "callback"

// callback adds a promise to an append in which somebody asks to be called: it is watched until the slot ends, as every
// promise is, and escalates where nobody has called.
func (f *Follow) callback(ctx context.Context, a chat.Append) (chat.Append, error) {
	for _, e := range a.Events {
		if e.Kind != chat.KindLeftMessage {
			continue
		}
		m := bodyOf[chat.LeftMessage](e)
		if m.Callback.IsZero() || m.Until.IsZero() {
			continue
		}
		conv, err := f.log.Conversation(ctx, a.Conversation)
		if err != nil {
			return a, err
		}
		in := zoneFor(f.rules(), conv, m)
		lang := f.voice.Speaks(conv.Language)
		when := span(lang, m.Callback.In(in), m.Until.In(in))
		body, err := json.Marshal(chat.Promise{
			ID: callbackPromise, Text: f.voice.Text("promise.call", lang, args{"time": when}), DueAt: m.Until, State: "open",
		})
		if err != nil {
			return a, fmt.Errorf("promise to call: %w", err)
		}
		a.Events = append(slices.Clone(a.Events), chat.Event{Kind: chat.KindPromise, Role: chat.RoleSystem, At: e.At, Body: body})
	}
	return a, nil
}
