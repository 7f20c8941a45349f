package chat

import "time"

// ScriptVersion is one version of the bot's script. Its files are kept beside it: path to text.
type ScriptVersion struct {
	// Version counts from 1; the script that is built in, or given as a folder, is 0.
	Version int64 `json:"version"`
	// Base is the version that it was made from.
	Base int64 `json:"base"`
	// Revision counts the savings of a draft; of a published version it is that of its draft.
	Revision int64     `json:"revision,omitempty"`
	Author   string    `json:"author"` // user id; "" for the program
	Reason   string    `json:"reason"`
	At       time.Time `json:"at,omitzero"`
}

// DecidedTurn is one turn of the bot: what it decided, on which words.
type DecidedTurn struct {
	Conversation string
	Seq          int64 // of the decision
	At           time.Time
	Decision     Decision
	Words        string // the visitor's messages since the decision before, one a line
}
