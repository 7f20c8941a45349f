package chat

import (
	"encoding/json"
	"time"
)

// KindComplaint registers a formal complaint; its body is Complaint.
const KindComplaint Kind = "complaint"

// Complaint is a formal complaint: it has a number, and a date by which it is answered in writing.
type Complaint struct {
	Number       string    `json:"number"` // C-2026-000123: counted in its year without gaps
	Conversation string    `json:"conversation,omitempty"`
	By           string    `json:"by,omitempty"` // User.ID of who registered it; "" for the bot
	At           time.Time `json:"at,omitzero"`
	DueAt        time.Time `json:"due_at"`
}

// Mail is one message by e-mail, plain text.
type Mail struct {
	ID      string // becomes the Message-ID, so that a second delivery shows as the first
	To      string
	Subject string
	Text    string
}

// DeadJob is a timer or delivery that was given up after many tries.
type DeadJob struct {
	ID        int64     `json:"id"`
	Kind      string    `json:"kind"`
	Attempts  int       `json:"attempts"`
	Error     string    `json:"error,omitempty"` // of the last try
	CreatedAt time.Time `json:"created_at"`
}

// Growth is how many conversations had one subject in the window that ended Day days ago.
type Growth struct {
	Subject string // "topic:" or "cause:" and its id
	Day     int    // 0: the window that ends now
	Count   int
}

// Alert says that a subject grew against its own history.
type Alert struct {
	ID            string          `json:"id"`
	Subject       string          `json:"subject"`  // "topic:" or "cause:" and its id
	Count         int             `json:"count"`    // in the window, when last looked at
	Expected      float64         `json:"expected"` // mean of the same hours of the days before
	Chance        float64         `json:"chance"`   // probability of so many or more, had nothing changed
	Conversations []string        `json:"conversations"`
	RaisedAt      time.Time       `json:"raised_at"`
	EndedAt       time.Time       `json:"ended_at,omitzero"` // when it no longer stood out; zero while it does
	Notice        json.RawMessage `json:"notice,omitempty"`  // texts by language, once a known-issue notice was made of it
}

// Resolution counts the closes of a time that settled the matter.
type Resolution struct {
	Closed  int `json:"closed"`  // closed as settled
	Durable int `json:"durable"` // of them not reopened in seven days
	Pending int `json:"pending"` // closed less than seven days ago and not reopened so far
}
