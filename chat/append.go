package chat

import "time"

// Append asks storage to add events to one conversation's log, all of them or none, on a condition.
// It is the only way to write: messages, claims, decisions and closes alike.
type Append struct {
	Conversation string
	// Events are stored in order; storage sets Seq. If the conversation does not exist yet, the first
	// event must be KindOpened, else the append fails with ErrNotFound.
	//
	// If an event carries a ClientID that its sender used before in this conversation, nothing is stored:
	// the answer is the stored seq with Duplicate set, or ErrConflict if kind or text differ.
	Events []Event
	Expect Expect
	// Capacity, if positive, refuses with ErrCapacity when agent Holder of the claim already holds that many.
	Capacity int
	// Call, if not nil, refuses with ErrCapacity when as many calls are asked for already as the slot takes.
	Call *CallSlot
	// Jobs are timers and deliveries stored in the same transaction as their cause.
	Jobs []Job
}

// CallSlot bounds the calls that customers asked for at one time. Slots that overlap count together, since they may begin at
// different times in different zones.
type CallSlot struct {
	From, Until time.Time
	Most        int // positive
}

// Expect is the compare half of compare-and-set. Zero fields are not compared.
type Expect struct {
	Owners   []Owner // the owner must be one of these, else ErrStale (ErrTaken if another agent holds it)
	Epoch    *int64  // must be equal, else ErrStale
	Answered *int64  // must be equal, else ErrStale
	Holder   string  // Agent must be this user, else ErrStale (ErrTaken if another agent holds it)
	Seq      *int64  // LastSeq must be equal, else ErrStale: nothing at all may have happened since
}

// Job is one durable timer or delivery.
type Job struct {
	Kind string // names the worker
	Args []byte // JSON
	At   int64  // unix microseconds; 0: at once
	// Unique, if not empty, keeps a second job with the same key from being stored.
	Unique string
}

// Appended is what storage did.
type Appended struct {
	Conversation Conversation // after the append
	Events       []Event      // as stored, with their seqs
	Duplicate    bool         // nothing new was stored: Events holds the earlier event
}

// Hint says that a conversation has events up to Seq. Hints may be lost, doubled or reordered.
type Hint struct {
	Conversation string `json:"c"`
	Seq          int64  `json:"s"`
	// Topic, if not empty, makes it a hint about something else: "policy", "users", "presence", "typing" …
	Topic string `json:"t,omitempty"`
	Data  []byte `json:"d,omitempty"`
}
