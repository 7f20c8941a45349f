package chat

import "time"

// CannedReply is a ready reply that agents send after a look: one matter, worded in each language.
type CannedReply struct {
	ID        string                `json:"id"`
	Texts     map[string]CannedText `json:"texts"` // by language code: en, hu …
	UpdatedAt time.Time             `json:"updated_at,omitzero"`
	UpdatedBy string                `json:"updated_by,omitempty"` // User.ID; "" for one that Ombud came with
}

// CannedText is a ready reply in one language.
type CannedText struct {
	Key   string `json:"key"`   // what agents type after the slash
	Title string `json:"title"` // one line that says what it is for
	Text  string `json:"text"`  // may hold CannedVariables in braces
}

// CannedVariables are what a ready reply may hold in braces; the console fills them in from the conversation, and takes
// out what is not known.
var CannedVariables = []string{"name", "agent", "order", "product", "email", "site"}
