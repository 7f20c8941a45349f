package chat

import "time"

// Search says what to look for. Every field that is not empty narrows it.
type Search struct {
	Words    string    // all must occur in one message, note or name; a word's beginning is enough from three letters on
	Customer string    // words of the customer's name or e-mail address
	Cause    string    // id of the cause it was closed with
	Language string    // code
	Agent    string    // User.ID of somebody who took part
	From, To time.Time // when it was said; without Words, when the conversation began. To is exclusive
	Limit    int       // hits, 1 to 100
	After    string    // Found.Next of the page before; "" for the first
	// Viewer narrows it to what this user may see; nil is all. See the server for what an agent may see.
	Viewer *User
}

// Hit is one conversation that was found, by its newest fitting words.
type Hit struct {
	Conversation Conversation `json:"conversation"`
	Customer     string       `json:"customer,omitempty"` // the name, or else the e-mail address
	Seq          int64        `json:"seq,omitempty"`      // of the words; 0 where none were asked for
	At           time.Time    `json:"at,omitzero"`
	Role         Role         `json:"role,omitempty"`
	Kind         Kind         `json:"kind,omitempty"`  // message, note, left_message or visitor_identified
	Text         string       `json:"text,omitempty"`  // a piece of the words, cut at blanks
	Marks        [][2]int     `json:"marks,omitempty"` // where the words stand in Text: [from, to) in characters
}

// Found is one page of hits, newest first. A page may hold fewer hits than asked for, even none, and still have a Next: a
// search stops early rather than keep somebody waiting.
type Found struct {
	Hits []Hit  `json:"hits"`
	Next string `json:"next,omitempty"` // "" when there is no more
}
