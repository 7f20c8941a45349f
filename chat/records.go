package chat

import (
	"encoding/json"
	"time"
)

// Link is a one-time link: it sets up the first admin, signs a user in once, or lets them choose a password.
type Link struct {
	Hash      string    // SHA-256 of the secret, hex; the secret itself is never stored
	Kind      string    // setup, signin or password
	User      string    // User.ID; "" for setup
	ExpiresAt time.Time // not usable from then on
}

// The kinds of Link.
const (
	LinkSetup    = "setup"
	LinkSignin   = "signin"
	LinkPassword = "password" // sets a password: an invitation, or a new start for who forgot theirs
)

// APIToken lets a program act as a user.
type APIToken struct {
	ID        string    `json:"id"`
	Hash      string    `json:"-"` // SHA-256 of the token, hex
	User      string    `json:"user"`
	Name      string    `json:"name"` // what it is for, in the user's words
	CreatedAt time.Time `json:"created_at"`
}

// PolicyVersion is one saved handoff policy. Versions count from 1 without gaps; the highest one is live.
type PolicyVersion struct {
	Version int64           `json:"version"`
	Author  string          `json:"author"` // User.ID
	Reason  string          `json:"reason"` // why it was changed, in the author's words
	At      time.Time       `json:"at"`
	Data    json.RawMessage `json:"data"` // the policy
}

// AuditEntry records who changed what outside a conversation's log.
type AuditEntry struct {
	ID     string          `json:"id"` // UUIDv7, made by storage
	At     time.Time       `json:"at"`
	By     string          `json:"by"`     // User.ID; "" for the system
	What   string          `json:"what"`   // verb, e.g. user.disable
	Object string          `json:"object"` // id of what was changed
	Detail json.RawMessage `json:"detail,omitempty"`
}

// Presence is an agent's lease: past ExpiresAt without renewal the agent has vanished.
type Presence struct {
	User      string    `json:"user"`
	State     string    `json:"state"` // online, away or offline
	ExpiresAt time.Time `json:"-"`
}

// Wait is how long one handoff waited for its first claim: the input of the waiting-time estimate.
type Wait struct {
	Skill  string
	Level  int
	Waited time.Duration
	At     time.Time // when it was claimed
}

// EstimatedWait is a wait that was announced, and what it came to.
type EstimatedWait struct {
	Minutes [2]int        // announced when the handoff was asked for: from and to
	Waited  time.Duration // until its first claim
}

// RecordedConversation is the input of replay: how a conversation stands and what was assessed, decided
// and felt about it afterwards, in order of seq. Plain messages, notes and briefs are left out.
type RecordedConversation struct {
	Conversation Conversation
	Events       []Event
}

// Recorded reports whether events of this kind are part of a RecordedConversation.
func (k Kind) Recorded() bool {
	switch k {
	case KindMessage, KindNote, KindBrief:
		return false
	}
	return true
}
