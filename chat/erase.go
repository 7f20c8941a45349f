package chat

import (
	"encoding/json"
	"fmt"
)

// KindErased says that the words of a conversation, and who said them, were erased; its body is Erasure. Agents only.
const KindErased Kind = "erased"

// Erasure is who had a visitor erased, and why.
type Erasure struct {
	By  string `json:"by,omitempty"` // User.ID; "" for the retention time or the command line
	Why string `json:"why"`          // asked or retention
}

// The reasons of an erasure.
const (
	ErasedAsked     = "asked"     // the person asked for it
	ErasedRetention = "retention" // the time is over for which conversations are kept
)

// kept are the fields of a body that stay when a visitor is erased: what happened when, in whose hands, by which rule. Whatever is
// not named here goes, so that a field or a kind that comes later goes until somebody says that it may stay.
var kept = map[Kind][]string{
	KindOpened:              {"site", "visitor", "locale"},
	KindMessage:             {"name", "language", "part", "due", "source", "until"}, // name is the agent's
	KindNote:                {"name", "whisper"},
	KindDecision:            {"action", "reason", "rule", "topic", "policy", "script", "up_to", "language"},
	KindHandoffRequested:    {"id", "reason", "severity", "level", "skill", "language", "topic", "due_at", "warn_at", "estimate", "answered_up_to"},
	KindHandoffOffered:      {"handoff", "agent"},
	KindHandoffClaimed:      {"handoff", "agent", "name", "taken_from", "due_at", "warn_at"},
	KindHandoffTransferred:  {"handoff", "by", "to", "to_name", "skill", "level", "owner", "due_at", "warn_at"},
	KindHandoffEscalated:    {"handoff", "by", "owner", "level", "skill", "severity", "due_at", "warn_at"},
	KindHandoffReleased:     {"handoff", "agent", "reason", "owner", "due_at", "warn_at"},
	KindHandoffLabelled:     {"handoff", "label"},
	KindHandoffReclassified: {"handoff", "severity", "skill", "topic", "name"},
	KindReturnedToBot:       {"by"},
	KindLeftMessage:         {"callback", "callback_until", "due_at", "warn_at"},
	KindOffer:               {"id", "remedy", "worth", "currency", "state"},
	KindPromise:             {"id", "by", "due_at", "state"},
	KindSurvey:              {"id", "state", "rating"},
	KindClosed:              {"by", "name", "cause", "outcome", "label"},
	KindReopened:            {"owner", "level", "reason", "due_at", "warn_at"},
	KindVisitorIdentified:   {"verified"},
	KindLanguageChanged:     {"language"},
	KindClock:               {"handoff", "state", "why", "due_at", "next"},
	KindFile:                {"type", "size", "width", "height"},
	KindComplaint:           {"number", "by", "at", "due_at"},
	KindErased:              {"by", "why"},
}

// Erase gives what stays of an event when its visitor is erased: its place in the log, and the fields of its body in which no word of
// anybody stands. The log goes on without gaps, and Apply derives from it a conversation that has nobody's words either.
func Erase(e Event) (Event, error) {
	var body, out map[string]json.RawMessage
	if err := json.Unmarshal(e.Body, &body); err != nil {
		return e, fmt.Errorf("erase event %d of %s: %w", e.Seq, e.Conversation, err)
	}
	out = map[string]json.RawMessage{}
	for _, field := range kept[e.Kind] {
		if value, ok := body[field]; ok {
			out[field] = value
		}
	}
	b, err := json.Marshal(out)
	if err != nil {
		return e, fmt.Errorf("erase event %d of %s: %w", e.Seq, e.Conversation, err)
	}
	e.Body = b
	if e.Kind == KindVisitorIdentified && e.ClientID != "" {
		e.ClientID = fmt.Sprintf("erased:%d", e.Seq) // it was made of a name and an address
	}
	return e, nil
}
