package storage

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"ombud/chat"
)

// normal gives the append as it is stored: times cut to microseconds, missing ones set, every event
// under the append's conversation. It refuses what the two databases would treat differently.
func normal(a chat.Append, now time.Time) (chat.Append, error) {
	if a.Conversation == "" {
		return a, &chat.InvalidError{Field: "conversation", Code: "empty", Hint: "name the conversation"}
	}
	if len(a.Events) == 0 {
		return a, &chat.InvalidError{Field: "events", Code: "empty", Hint: "append at least one event"}
	}
	if err := plain("conversation", a.Conversation); err != nil {
		return a, err
	}
	if s := a.Call; s != nil && (s.Most < 1 || !s.Until.After(s.From)) {
		return a, &chat.InvalidError{Field: "callback", Code: "range", Hint: "give a slot that ends after it begins, and at least one call"}
	}
	events := make([]chat.Event, len(a.Events))
	used := map[clientKey]bool{}
	for i, e := range a.Events {
		if e.Conversation != "" && e.Conversation != a.Conversation {
			return a, &chat.InvalidError{Field: "conversation", Code: "conflict", Hint: "append to one conversation at a time"}
		}
		if i > 0 && e.Kind == chat.KindOpened {
			return a, &chat.InvalidError{Field: "kind", Code: "conflict", Hint: "open a conversation with its first event"}
		}
		if e.At.IsZero() {
			e.At = now
		}
		e.Conversation, e.Seq, e.At = a.Conversation, 0, truncate(e.At)
		if err := validEvent(e); err != nil {
			return a, err
		}
		if key, ok := keyOf(e); ok {
			if used[key] {
				return a, &chat.InvalidError{Field: "id", Code: "conflict", Hint: "give each event an id of its own"}
			}
			used[key] = true
		}
		events[i] = e
	}
	a.Events = events
	return a, nil
}

func validEvent(e chat.Event) error {
	for _, f := range [...]struct{ name, text string }{
		{"kind", string(e.Kind)}, {"role", string(e.Role)}, {"sender", e.Sender}, {"id", e.ClientID},
	} {
		if err := plain(f.name, f.text); err != nil {
			return err
		}
	}
	if e.Kind == "" {
		return &chat.InvalidError{Field: "kind", Code: "empty", Hint: "say what happened"}
	}
	return validJSON("body", e.Body)
}

// plain refuses what Postgres does not store and SQLite would.
func plain(field, text string) error {
	if !utf8.ValidString(text) {
		return &chat.InvalidError{Field: field, Code: "utf8", Hint: "send valid UTF-8"}
	}
	if strings.IndexByte(text, 0) >= 0 {
		return &chat.InvalidError{Field: field, Code: "control", Hint: "leave out the NUL character"}
	}
	return nil
}

// validJSON refuses a body that is no JSON, and one that spells a NUL.
func validJSON(field string, body json.RawMessage) error {
	if !utf8.Valid(body) {
		return &chat.InvalidError{Field: field, Code: "utf8", Hint: "send valid UTF-8"}
	}
	if !json.Valid(body) {
		return &chat.InvalidError{Field: field, Code: "bad_json", Hint: "send one JSON value"}
	}
	if spellsNUL(body) {
		return &chat.InvalidError{Field: field, Code: "control", Hint: "leave out the NUL character"}
	}
	return nil
}

// spellsNUL finds the escape \u0000 whose backslash is not itself escaped.
func spellsNUL(body []byte) bool {
	escape := []byte(`\u0000`)
	for from := 0; ; {
		at := bytes.Index(body[from:], escape)
		if at < 0 {
			return false
		}
		at += from
		backslashes := 1
		for at-backslashes >= 0 && body[at-backslashes] == '\\' {
			backslashes++
		}
		if backslashes%2 == 1 {
			return true
		}
		from = at + len(escape)
	}
}

// sameContent reports whether a retry says what the stored event said: same kind, same text, same file. The rest of
// a body may differ, as the server words some of it anew on every try.
func sameContent(stored, again chat.Event) (bool, error) {
	if stored.Kind != again.Kind {
		return false, nil
	}
	var a, b struct {
		Text string `json:"text"`
		File string `json:"file"`
	}
	if err := json.Unmarshal(stored.Body, &a); err != nil {
		return false, fmt.Errorf("compare with event %d: %w", stored.Seq, err)
	}
	if err := json.Unmarshal(again.Body, &b); err != nil {
		return false, &chat.InvalidError{Field: "body", Code: "bad_json", Hint: "send a JSON object"}
	}
	return a == b, nil
}
