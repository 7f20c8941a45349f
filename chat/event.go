package chat

import (
	"encoding/json"
	"time"
)

// Role says in whose name an event was written.
type Role string

// The roles of an event.
const (
	RoleVisitor Role = "visitor"
	RoleBot     Role = "bot"
	RoleAgent   Role = "agent"
	RoleSystem  Role = "system"
)

// Kind says what happened.
type Kind string

// The kinds of event, each with the body it carries.
const (
	KindOpened              Kind = "opened"               // Opened
	KindMessage             Kind = "message"              // Message
	KindNote                Kind = "note"                 // Note; agents only
	KindAssessment          Kind = "assessment"           // nlu.Assessment; agents only
	KindDecision            Kind = "decision"             // Decision; agents only
	KindHandoffRequested    Kind = "handoff_requested"    // Handoff
	KindHandoffOffered      Kind = "handoff_offered"      // Offered: pushed to one agent
	KindHandoffClaimed      Kind = "handoff_claimed"      // Claimed
	KindHandoffTransferred  Kind = "handoff_transferred"  // Transferred
	KindHandoffEscalated    Kind = "handoff_escalated"    // Escalated
	KindHandoffReleased     Kind = "handoff_released"     // Released: back to the front of the queue
	KindHandoffLabelled     Kind = "handoff_labelled"     // Labelled; agents only
	KindReturnedToBot       Kind = "returned_to_bot"      // Returned
	KindLeftMessage         Kind = "left_message"         // LeftMessage: becomes a ticket
	KindOffer               Kind = "offer"                // Offer
	KindPromise             Kind = "promise"              // Promise
	KindSurvey              Kind = "survey"               // Survey
	KindClosed              Kind = "closed"               // Closed
	KindReopened            Kind = "reopened"             // Reopened
	KindBrief               Kind = "brief"                // handoff.Brief; agents only
	KindVisitorIdentified   Kind = "visitor_identified"   // Identified
	KindLanguageChanged     Kind = "language_changed"     // LanguageChanged
	KindHandoffReclassified Kind = "handoff_reclassified" // Reclassified; agents only
	KindClock               Kind = "clock"                // Clock: warned of, or put off; agents only
	KindFile                Kind = "file"                 // Attached: a picture or a PDF
)

// ForVisitor reports whether a visitor may see events of this kind.
func (k Kind) ForVisitor() bool {
	switch k {
	case KindNote, KindAssessment, KindDecision, KindHandoffLabelled, KindBrief, KindHandoffOffered,
		KindVisitorIdentified, KindLanguageChanged, KindHandoffReclassified, KindClock, KindErased:
		return false
	}
	return true
}

// Event is one line of a conversation's log. It never changes once stored.
type Event struct {
	Conversation string          `json:"conversation"`
	Seq          int64           `json:"seq"` // 1, 2, 3 … without gaps; set by storage
	Kind         Kind            `json:"kind"`
	Role         Role            `json:"role"`
	Sender       string          `json:"sender,omitempty"`    // Visitor.ID or User.ID; "" for bot and system
	ClientID     string          `json:"client_id,omitempty"` // the client's own id: unique per conversation and sender, for ever
	At           time.Time       `json:"at"`
	Body         json.RawMessage `json:"body"`
}

// Opened starts a conversation. It is always seq 1.
type Opened struct {
	Site    string `json:"site"`
	Visitor string `json:"visitor"`
	Locale  string `json:"locale,omitempty"`
	Page    string `json:"page,omitempty"`
}

// Message is what one side said to the other.
type Message struct {
	Text string `json:"text"`
	Name string `json:"name,omitempty"` // the agent's display name
	// Language is the language the text is written in, where the writer knows it.
	Language string `json:"language,omitempty"`
	// QuickReplies are taps offered under a bot's message.
	QuickReplies []QuickReply `json:"quick_replies,omitempty"`
	// Asks is the fact that a bot's message asks for, so that a client can show the right input for it beside the free text.
	Asks *Asked `json:"asks,omitempty"`
	// Part marks machine text of one bot turn: greeting, answer, question, calm, handoff, emergency …
	Part string `json:"part,omitempty"`
	// Due is when the bot's turn falls due for a visitor's message; storage reads it into the projection.
	Due time.Time `json:"due,omitzero"`
	// Source says what worded it: script (or empty), model, or suggestion (an agent who began with a model's draft).
	Source string `json:"source,omitempty"`
	// Cites are the passages of articles that a model's words rest on: for the staff.
	Cites []Cited `json:"cites,omitempty"`
	// Until is the new time by which words in the company's name promise an answer.
	Until time.Time `json:"until,omitzero"`
}

// SourceSuggestion is the Source of an agent's message that began as a draft of the language model.
const SourceSuggestion = "suggestion"

// The Parts of messages that only tell how things go on.
const (
	PartAsk        = "ask"         // the line asks somebody who waits for a fact
	PartHandoff    = "handoff"     // the bot says that a person takes over
	PartEmergency  = "emergency"   // advice to somebody in danger, before that
	PartKnownIssue = "known_issue" // the notice of a topic, put before what the bot says
)

// QuickReply is one tap: Label is shown, Text is what is said when it is tapped.
type QuickReply struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// Asked is a fact that the bot asks for. Its words are in the language of the message.
type Asked struct {
	Fact    string `json:"fact"`              // id in the script, e.g. order_number
	Kind    string `json:"kind"`              // name, contact, number, text, date or outcome
	Label   string `json:"label"`             // what it is called
	Invalid string `json:"invalid"`           // what to say of a value that does not fit
	Skip    string `json:"skip,omitempty"`    // what to say instead of a value; "" where there are no words for it
	Pattern string `json:"pattern,omitempty"` // the script's own regular expression (RE2), which a part of the value must fit
}

// Note is a remark among agents.
type Note struct {
	Text string `json:"text"`
	Name string `json:"name,omitempty"`
	// Whisper addresses a note to the agent who holds the chat.
	Whisper bool `json:"whisper,omitempty"`
}

// Decision is the projection-relevant part of a bot's decision; the whole of it stands in Record.
type Decision struct {
	Action string `json:"action"` // answer, clarify, calm, offer, handoff, close or silent
	Reason string `json:"reason,omitempty"`
	Rule   string `json:"rule,omitempty"`
	Topic  string `json:"topic,omitempty"`
	Policy int64  `json:"policy"`           // version of the policy that decided
	Script int64  `json:"script,omitempty"` // version of the script that it decided by; 0 for the one that is built in
	// UpTo is the seq of the last visitor message that the decision covers.
	UpTo     int64           `json:"up_to"`
	Language string          `json:"language,omitempty"`
	State    json.RawMessage `json:"state"`  // bot.State afterwards
	Record   json.RawMessage `json:"record"` // bot.Decision: rules that fired and nearly fired, evidence
}

// Evidence points from a claim to the message that shows it.
type Evidence struct {
	Signal string  `json:"signal,omitempty"`
	Seq    int64   `json:"seq,omitempty"`
	Quote  string  `json:"quote,omitempty"`
	Value  float64 `json:"value,omitempty"`
}

// Handoff asks for a person.
type Handoff struct {
	ID       string     `json:"id"`
	Reason   string     `json:"reason"` // asked_for_human, low_confidence, anger, …
	Severity Severity   `json:"severity"`
	Level    int        `json:"level"`
	Skill    string     `json:"skill,omitempty"`
	Language string     `json:"language,omitempty"`
	Topic    string     `json:"topic,omitempty"`
	Product  string     `json:"product,omitempty"` // id of the listed product that the matter is about, as far as it is known
	Evidence []Evidence `json:"evidence,omitempty"`
	DueAt    time.Time  `json:"due_at,omitzero"`  // answer-within clock; zero if none runs
	WarnAt   time.Time  `json:"warn_at,omitzero"` // when that clock is warned of; zero: never
	// Estimate is the range of minutes that was announced, to be measured against the wait; nil if none was.
	Estimate *[2]int `json:"estimate,omitempty"`
	// AnsweredUpTo is the last visitor message the bot had seen when it asked.
	AnsweredUpTo int64 `json:"answered_up_to,omitempty"`
}

// Offered pushes a handoff to one agent.
type Offered struct {
	Handoff string `json:"handoff"`
	Agent   string `json:"agent"`
}

// Claimed gives a queued conversation to an agent.
type Claimed struct {
	Handoff string `json:"handoff,omitempty"`
	Agent   string `json:"agent"`
	Name    string `json:"name"`
	// TakenFrom names the agent a supervisor took it over from.
	TakenFrom string    `json:"taken_from,omitempty"`
	DueAt     time.Time `json:"due_at,omitzero"`  // settle-within clock; zero if none runs
	WarnAt    time.Time `json:"warn_at,omitzero"` // when that clock is warned of; zero: never
}

// Transferred sends a held conversation on: to a person, or back to the queue under another skill.
type Transferred struct {
	Handoff string    `json:"handoff,omitempty"`
	By      string    `json:"by,omitempty"`
	To      string    `json:"to,omitempty"` // User.ID, or "" for the queue
	ToName  string    `json:"to_name,omitempty"`
	Skill   string    `json:"skill,omitempty"`
	Level   int       `json:"level,omitempty"`
	Word    string    `json:"word,omitempty"`  // a word to the next agent
	Owner   Owner     `json:"owner,omitempty"` // of what goes to the queue: see Escalated
	DueAt   time.Time `json:"due_at,omitzero"`
	WarnAt  time.Time `json:"warn_at,omitzero"`
}

// Escalated raises the level: by a person, or by a clock that ran out.
type Escalated struct {
	Handoff  string    `json:"handoff,omitempty"`
	By       string    `json:"by,omitempty"`    // User.ID; "" for a clock
	Owner    Owner     `json:"owner,omitempty"` // ticket for a message that was left and stays one; "": the queue
	Level    int       `json:"level"`
	Skill    string    `json:"skill,omitempty"`
	Severity Severity  `json:"severity,omitempty"`
	Reason   string    `json:"reason"` // clock, handover_limit, or in the agent's words
	DueAt    time.Time `json:"due_at,omitzero"`
	WarnAt   time.Time `json:"warn_at,omitzero"`
}

// Released puts a held conversation back at its old place in the queue.
type Released struct {
	Handoff string `json:"handoff,omitempty"`
	Agent   string `json:"agent"`
	Reason  string `json:"reason"`          // released, vanished or refused
	Owner   Owner  `json:"owner,omitempty"` // see Escalated
	// DueAt is the answer-within clock that runs anew.
	DueAt  time.Time `json:"due_at,omitzero"`
	WarnAt time.Time `json:"warn_at,omitzero"`
}

// The states of Clock.
const (
	ClockWarned    = "warned"    // it will run out soon
	ClockPostponed = "postponed" // it has run out, but could not take effect; it is looked at again at Next
)

// Clock records what became of a clock that did not escalate. The clock itself, DueAt, stays what it was.
type Clock struct {
	Handoff string    `json:"handoff,omitempty"`
	State   string    `json:"state"`         // warned or postponed
	Why     string    `json:"why,omitempty"` // postponed: writing, answered, nobody_there or top_level
	DueAt   time.Time `json:"due_at"`
	Next    time.Time `json:"next"` // when the clock is looked at again
}

// Labelled records what the agent thought of the handoff.
type Labelled struct {
	Handoff string `json:"handoff"`
	Label   string `json:"label"`
}

// Reclassified corrects severity, skill, topic or product of an open handoff.
type Reclassified struct {
	Handoff  string   `json:"handoff,omitempty"`
	Severity Severity `json:"severity,omitempty"`
	Skill    string   `json:"skill,omitempty"`
	Topic    string   `json:"topic,omitempty"`
	Product  string   `json:"product,omitempty"`
	Name     string   `json:"name,omitempty"` // of the agent; "" where the customer said it while waiting
}

// Returned gives the conversation back to the bot, with a fresh budget of turns.
type Returned struct {
	By    string          `json:"by,omitempty"`
	State json.RawMessage `json:"state,omitempty"`
}

// LeftMessage turns a waiting conversation into a ticket.
type LeftMessage struct {
	Text     string    `json:"text,omitempty"`
	Email    string    `json:"email,omitempty"`
	Phone    string    `json:"phone,omitempty"`
	Callback time.Time `json:"callback,omitzero"`       // start of the slot, where a call was asked for
	Until    time.Time `json:"callback_until,omitzero"` // its end
	Zone     string    `json:"zone,omitempty"`          // IANA time zone of the visitor
	// DueAt is the answer-within clock of a message; zero where none runs. A call is watched as a promise.
	DueAt  time.Time `json:"due_at,omitzero"`
	WarnAt time.Time `json:"warn_at,omitzero"`
}

// Offer is a remedy offered, accepted or declined.
type Offer struct {
	ID     string `json:"id"`
	Remedy string `json:"remedy"` // replacement, refund, exchange, store_credit, discount, repair, callback, apology, other
	Worth  int64  `json:"worth"`  // in minor units of Currency
	// Currency is an ISO 4217 code.
	Currency string `json:"currency,omitempty"`
	Text     string `json:"text"`
	State    string `json:"state"` // offered, accepted or declined
}

// Promise is something the company owes until a time.
type Promise struct {
	ID    string    `json:"id"`
	Text  string    `json:"text"`
	By    string    `json:"by,omitempty"`
	DueAt time.Time `json:"due_at"`
	State string    `json:"state"` // open, kept, renewed, warned or broken
}

// Survey is the question after the close, or its answer.
type Survey struct {
	ID     string `json:"id"`
	State  string `json:"state"`            // asked or answered
	Rating int    `json:"rating,omitempty"` // 1 to 5
	Text   string `json:"text,omitempty"`
	// Answers to the company's own questions, by their ids: a number from 1 to 5, the id of a choice, or words.
	Answers map[string]string `json:"answers,omitempty"`
}

// Closed ends a conversation.
type Closed struct {
	By      string `json:"by,omitempty"`
	Name    string `json:"name,omitempty"`
	Cause   string `json:"cause,omitempty"`
	Product string `json:"product,omitempty"`
	Outcome string `json:"outcome,omitempty"` // settled, not_settled, abandoned or duplicate
	Label   string `json:"label,omitempty"`
}

// Reopened brings a closed conversation back to its owner.
type Reopened struct {
	Owner Owner `json:"owner"` // bot, queue or ticket
	Level int   `json:"level,omitempty"`
	// Reason is visitor_wrote, bad_rating or by_agent.
	Reason string    `json:"reason"`
	DueAt  time.Time `json:"due_at,omitzero"` // answer-within clock, where a person is to answer
	WarnAt time.Time `json:"warn_at,omitzero"`
}

// Identified records who the visitor turned out to be.
type Identified struct {
	Name     string `json:"name,omitempty"`
	Email    string `json:"email,omitempty"`
	Verified bool   `json:"verified"`
	// Attrs were signed by the site's server; Unverified is what the page said.
	Attrs      map[string]string `json:"attrs,omitempty"`
	Unverified map[string]string `json:"unverified,omitempty"`
}

// LanguageChanged records the language the conversation goes on in.
type LanguageChanged struct {
	Language string `json:"language"`
}
