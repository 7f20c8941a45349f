package chat

import "time"

// AuditQuery picks entries of the audit log, newest first. Empty fields pick all.
type AuditQuery struct {
	By     string    // User.ID
	What   string    // the whole verb, such as user.change, or with a dot at the end all that begin so: user.
	Object string    // id of what was changed
	From   time.Time // from then on
	To     time.Time // before then
	// Before continues a listing: entries older than this one of the page before; only At and ID count.
	Before AuditEntry
	Limit  int
}

// Sighting is the last time that a page of one origin had to do with a site's widget.
type Sighting struct {
	Site   string       `json:"-"`
	Origin string       `json:"origin"` // scheme://host[:port]
	Kind   SightingKind `json:"kind"`
	At     time.Time    `json:"at"`
}

// SightingKind says what a page did.
type SightingKind string

// The kinds of Sighting.
const (
	SightingLoaded  SightingKind = "loaded"  // fetched the widget
	SightingOpened  SightingKind = "opened"  // opened a chat
	SightingRefused SightingKind = "refused" // was turned away, because the site does not list its origin
)

// SurveyAnswer is what a customer said about how it went.
type SurveyAnswer struct {
	Conversation string    `json:"conversation"`
	Rating       int       `json:"rating"` // 1 to 5
	Text         string    `json:"text,omitempty"`
	At           time.Time `json:"at"`
	// Answers to the company's own questions, by their ids.
	Answers map[string]string `json:"answers,omitempty"`
}

// Node is one running server of several that share a database.
type Node struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"` // of its machine
	Version   string    `json:"version"`
	StartedAt time.Time `json:"started_at"`
	SeenAt    time.Time `json:"seen_at"` // it tells every few seconds that it is there
}
