package chat

import (
	"encoding/json"
	"fmt"
	"time"
)

// The ways a handoff can end: the values of HandoffRecord.Ended.
const (
	HandoffReturned = "returned" // given back to the bot
	HandoffClosed   = "closed"   // the conversation was closed
)

// HandoffRecord is the projection of one handoff, from the request to its end, for estimates and reports.
type HandoffRecord struct {
	ID           string
	Conversation string
	Site         string
	Visitor      string
	Reason       string // of the request
	Severity     Severity
	Level        int
	Skill        string
	Language     string
	Topic        string
	RequestedAt  time.Time
	DueAt        time.Time // the clock that runs now; zero if none
	ClaimedAt    time.Time // first claim; zero while nobody has claimed it
	Agent        string    // who holds it, or held it last
	Claims       int       // how often somebody took it, transfers to a person included
	Escalations  int       // how often its level was raised
	EndedAt      time.Time
	Ended        string // "", returned or closed
	Outcome      string
	Label        string // right_time, too_late or not_needed
}

// ForHandoff reports whether events of this kind change a HandoffRecord.
func (k Kind) ForHandoff() bool {
	switch k {
	case KindHandoffRequested, KindHandoffClaimed, KindHandoffTransferred, KindHandoffEscalated,
		KindHandoffReleased, KindHandoffLabelled, KindHandoffReclassified, KindReturnedToBot,
		KindLeftMessage, KindClosed, KindReopened:
		return true
	}
	return false
}

// ApplyHandoff gives the record of a conversation's latest handoff after one more event of its log, where
// c is the conversation after that event. KindHandoffRequested begins a new record whatever h was;
// kinds that are not [Kind.ForHandoff], and events before the first handoff, leave it as it is.
func ApplyHandoff(h HandoffRecord, c Conversation, e Event) (HandoffRecord, error) {
	if !e.Kind.ForHandoff() || (h.ID == "" && e.Kind != KindHandoffRequested) {
		return h, nil
	}
	if e.Kind == KindHandoffRequested {
		h = HandoffRecord{
			ID: c.Handoff, Conversation: c.ID, Site: c.Site, Visitor: c.Visitor, Reason: c.Reason, RequestedAt: e.At,
		}
	}
	if err := stepHandoff(&h, c, e); err != nil {
		return h, fmt.Errorf("apply %s %d to handoff %s: %w", e.Kind, e.Seq, h.ID, err)
	}
	if e.Kind != KindReturnedToBot { // which resets the conversation, not the history of the handoff
		h.Severity, h.Level, h.Skill, h.Language, h.Topic = c.Severity, c.Level, c.Skill, c.Language, c.Topic
	}
	h.DueAt, h.Label = c.DueAt, c.Label
	return h, nil
}

func stepHandoff(h *HandoffRecord, c Conversation, e Event) error {
	switch e.Kind {
	case KindHandoffClaimed:
		h.taken(c.Agent, e.At)
	case KindHandoffTransferred:
		if c.Agent != "" {
			h.taken(c.Agent, e.At)
		}
	case KindHandoffEscalated:
		h.Escalations++
	case KindReturnedToBot:
		h.end(HandoffReturned, e.At)
	case KindReopened:
		if c.Owner != OwnerBot {
			h.EndedAt, h.Ended, h.Outcome = zeroTime, "", ""
		}
	case KindClosed:
		var body Closed
		if err := json.Unmarshal(e.Body, &body); err != nil {
			return fmt.Errorf("decode body: %w", err)
		}
		h.end(HandoffClosed, e.At)
		h.Outcome = body.Outcome
	}
	return nil
}

func (h *HandoffRecord) taken(agent string, at time.Time) {
	h.Agent = agent
	h.Claims++
	if h.ClaimedAt.IsZero() {
		h.ClaimedAt = at
	}
}

// end marks the first end: a close after a return to the bot is the bot's, not the agent's.
func (h *HandoffRecord) end(how string, at time.Time) {
	if h.Ended == "" {
		h.Ended, h.EndedAt = how, at
	}
}
