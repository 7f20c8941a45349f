package chat

import (
	"encoding/json"
	"time"
)

// Owner says whose turn it is to speak to the visitor.
type Owner string

// The owners of a conversation. Every change of owner raises Conversation.Epoch by one.
const (
	OwnerBot    Owner = "bot"    // the bot answers
	OwnerQueue  Owner = "queue"  // handed off, waiting for an agent
	OwnerAgent  Owner = "agent"  // an agent holds it
	OwnerTicket Owner = "ticket" // nobody is live; it is answered later
	OwnerClosed Owner = "closed"
)

// Severity orders work in the queue. The zero value means "not judged yet".
type Severity string

// The severities, from least to most urgent.
const (
	SeverityLow      Severity = "low"
	SeverityMedium   Severity = "medium"
	SeverityHigh     Severity = "high"
	SeverityCritical Severity = "critical"
)

// Rank gives 0 for an unknown severity and 1 to 4 from low to critical.
func (s Severity) Rank() int {
	switch s {
	case SeverityLow:
		return 1
	case SeverityMedium:
		return 2
	case SeverityHigh:
		return 3
	case SeverityCritical:
		return 4
	}
	return 0
}

// Levels of the escalation path.
const (
	LevelBot        = 0
	LevelAgent      = 1
	LevelExpert     = 2
	LevelSupervisor = 3
	LevelExecutive  = 4
)

// Conversation is the projection of one conversation's log. Times are UTC, truncated to microseconds;
// the zero time means "not yet" or "never".
type Conversation struct {
	ID       string `json:"id"`       // UUIDv7
	Site     string `json:"site"`     // Site.ID
	Visitor  string `json:"visitor"`  // Visitor.ID
	Language string `json:"language"` // "en", "hu", "sl", "fr", "zh"; "" until known

	Owner Owner  `json:"owner"`
	Epoch int64  `json:"epoch"`
	Agent string `json:"agent,omitempty"` // User.ID of the holder while Owner is agent, else ""
	// AgentName is the holder's display name at the time of the claim.
	AgentName string `json:"agent_name,omitempty"`

	Level    int      `json:"level"`
	Skill    string   `json:"skill,omitempty"`
	Severity Severity `json:"severity,omitempty"`
	Reason   string   `json:"reason,omitempty"`  // reason code of the open handoff
	Handoff  string   `json:"handoff,omitempty"` // id of the latest handoff
	Topic    string   `json:"topic,omitempty"`

	Handovers int   `json:"handovers"` // how often the visitor was passed on
	LastSeq   int64 `json:"last_seq"`
	// VisitorSeq is the seq of the visitor's last message, Answered the last one the bot's decision covers.
	// A bot's turn is pending while Owner is bot and VisitorSeq > Answered.
	VisitorSeq int64           `json:"visitor_seq"`
	Answered   int64           `json:"answered"`
	State      json.RawMessage `json:"state,omitempty"` // bot.State after the last decision

	LastText string `json:"last_text,omitempty"` // what was said last, cut to 160 runes; announcements are left out
	LastRole Role   `json:"last_role,omitempty"`

	CreatedAt   time.Time `json:"created_at"`
	UpdatedAt   time.Time `json:"updated_at"`
	TurnDue     time.Time `json:"turn_due,omitzero"`     // when the bot's turn is due; zero if none is pending
	RequestedAt time.Time `json:"requested_at,omitzero"` // when the open handoff was first asked for: kept over requeues
	DueAt       time.Time `json:"due_at,omitzero"`       // the clock that runs: answer-within while it waits, settle-within while held
	ClockAt     time.Time `json:"clock_at,omitzero"`     // when that clock is to be looked at next: to warn, or at DueAt or later
	ClaimedAt   time.Time `json:"claimed_at,omitzero"`
	CallbackAt  time.Time `json:"callback_at,omitzero"` // start of the slot in which the customer asked to be called
	RepliedAt   time.Time `json:"replied_at,omitzero"`  // a person's first message after the latest handoff was asked for
	ClosedAt    time.Time `json:"closed_at,omitzero"`
	Cause       string    `json:"cause,omitempty"` // of the latest matter that people dealt with
	Outcome     string    `json:"outcome,omitempty"`
	// Product is what the matter is about, as far as it is known: the id of a listed product, or at a close what the agent wrote.
	Product string `json:"product,omitempty"`
	Label   string `json:"label,omitempty"`  // right_time, too_late or not_needed
	Rating  int    `json:"rating,omitempty"` // the visitor's latest, 1 to 5

	// StoredAt is when the last event was stored, by the database's clock. It is no part of the projection:
	// only storage's ChangedSince sets it, as the cursor of the slow poll.
	StoredAt time.Time `json:"-"`
}

// TurnPending reports whether the bot owes the visitor an answer.
func (c Conversation) TurnPending() bool {
	return c.Owner == OwnerBot && c.VisitorSeq > c.Answered
}

// Warned reports whether the clock that runs has been warned of, or runs without a warning.
func (c Conversation) Warned() bool { return !c.DueAt.IsZero() && !c.ClockAt.Before(c.DueAt) }
