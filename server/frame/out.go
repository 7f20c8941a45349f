package frame

import (
	"encoding/json"
	"fmt"
	"time"
)

// The types of frame that the server sends, each with the struct of its data.
const (
	TypeWelcome  = "welcome"  // VisitorWelcome or AgentWelcome
	TypeAck      = "ack"      // Ack
	TypeEvent    = "event"    // Event plus the fields of its kind
	TypeReset    = "reset"    // Reset
	TypeWaiting  = "waiting"  // Waiting
	TypeSlots    = "slots"    // Slots
	TypeTyping   = "typing"   // Typing
	TypeDraft    = "draft"    // Draft
	TypeRead     = "read"     // Read
	TypeQueue    = "queue"    // QueueSnapshot, then Queue
	TypePresence = "presence" // Presence
	TypePong     = "pong"     // Pong
	TypeError    = "error"    // Error
)

// VisitorWelcome answers a visitor's hello and new. The envelope's seq is the conversation's last.
type VisitorWelcome struct {
	Conversation string   `json:"conversation" doc:"the conversation that this connection is in"`
	Token        string   `json:"token,omitempty" doc:"only when new: keep it, it is said once"`
	Owner        string   `json:"owner" doc:"bot, queue, agent, ticket or closed"`
	Reset        bool     `json:"reset,omitempty" doc:"drop what you have of this conversation: all of it follows"`
	Language     string   `json:"language,omitempty" doc:"language of the conversation, once known"`
	Visitor      Person   `json:"visitor" doc:"who the visitor is taken for"`
	Agent        *Person  `json:"agent,omitempty" doc:"who holds the conversation"`
	Site         SiteInfo `json:"site" doc:"the site"`
	Limits       Limits   `json:"limits" doc:"what is refused beyond"`
	Mail         bool     `json:"mail,omitempty" doc:"the conversation can be sent by e-mail"`
	Ask          []string `json:"ask,omitempty" doc:"what to ask for before the first message: name, email; what is known is left out"`
}

// Person is somebody with a name.
type Person struct {
	ID   string `json:"id,omitempty" doc:"left out where it is none of the reader's business"`
	Name string `json:"name,omitempty" doc:"display name"`
}

// SiteInfo is what a visitor may know of a site.
type SiteInfo struct {
	Name   string `json:"name" doc:"name of the site"`
	Locale string `json:"locale,omitempty" doc:"the site's own language"`
}

// Limits are the limits a client should keep to.
type Limits struct {
	Text      int      `json:"text" doc:"most characters in a text"`
	File      int      `json:"file,omitempty" doc:"most bytes of a file; left out where the site takes none"`
	FileTypes []string `json:"file_types,omitempty" doc:"kinds of file that are taken in"`
}

// AgentWelcome answers an agent's hello.
type AgentWelcome struct {
	User   Me          `json:"user" doc:"who is signed in"`
	Causes []Cause     `json:"causes" doc:"causes to choose from at a close"`
	Agents []Colleague `json:"agents" doc:"colleagues to transfer to"`
	Email  bool        `json:"email" doc:"false: e-mail is off, and who left an address is answered in the widget only"`
	// Suggest says that POST /api/v1/conversations/ID/suggestion works.
	Suggest bool `json:"suggest" doc:"true: a language model can draft replies for the agent"`
}

// Me is the user who is signed in.
type Me struct {
	ID        string   `json:"id" doc:"user id"`
	Name      string   `json:"name" doc:"display name"`
	Email     string   `json:"email" doc:"e-mail address"`
	Grade     string   `json:"grade" doc:"agent, supervisor or admin"`
	Level     int      `json:"level" doc:"highest level of the escalation path that the user settles"`
	Skills    []string `json:"skills" doc:"empty: every skill"`
	Languages []string `json:"languages" doc:"empty: every language"`
	Products  []string `json:"products" doc:"ids of the products that the user is an expert in"`
	Capacity  int      `json:"capacity" doc:"most chats held at once; 0: no limit"`
}

// Cause is a reason for which people write in.
type Cause struct {
	ID   string `json:"id" doc:"stable id"`
	Name string `json:"name" doc:"as shown"`
}

// Colleague is somebody who works here.
type Colleague struct {
	ID    string `json:"id" doc:"user id"`
	Name  string `json:"name" doc:"display name"`
	Level int    `json:"level,omitempty" doc:"highest level they settle"`
	State string `json:"state,omitempty" doc:"online, busy, away, wrapping_up or offline"`
	Held  int    `json:"held,omitempty" doc:"chats held now"`
}

// Ack says that the request was done; for messages that they are stored, the envelope's seq being theirs.
type Ack struct {
	ID           string `json:"id,omitempty" doc:"the request's id"`
	Conversation string `json:"conversation,omitempty" doc:"which conversation"`
	// At is that of the message, as its event has it.
	At time.Time `json:"at,omitzero" doc:"when the message was stored, UTC"`
}

// Reset says that a conversation's log is not the one that the client knows.
type Reset struct {
	Conversation string `json:"conversation" doc:"drop what you have of it: all of it follows"`
}

// Event is the part that all events share; the fields of the kind stand beside these (docs/protocol.md has a table).
type Event struct {
	Conversation string    `json:"conversation" doc:"which conversation"`
	Kind         string    `json:"kind" doc:"what happened"`
	Role         string    `json:"role" doc:"visitor, bot, agent or system"`
	At           time.Time `json:"at" doc:"when it was stored, UTC"`
	ID           string    `json:"id,omitempty" doc:"the client's own id, for messages of clients"`
	Sender       string    `json:"sender,omitempty" doc:"agents only: id of who wrote it"`
}

// Waiting is the place in line.
type Waiting struct {
	Conversation string    `json:"conversation" doc:"which conversation"`
	Position     int       `json:"position" doc:"1 is next"`
	Minutes      *[2]int   `json:"minutes,omitempty" doc:"from and to; left out where no honest range can be given"`
	Until        time.Time `json:"until,omitzero" doc:"it is over by then; a new time comes before that one passes"`
	Renewed      bool      `json:"renewed,omitempty" doc:"the time given before cannot be kept"`
	Opens        time.Time `json:"opens,omitzero" doc:"out of hours: when somebody is there again"`
	// Offers are handoff.OfferKeepWaiting and its like.
	Offers []string `json:"offers,omitempty" doc:"what to offer somebody who waits long: keep_waiting, leave_message, call_back"`
}

// Slots are the times at which a visitor can be called back, in answer to slots.
type Slots struct {
	ID           string `json:"id,omitempty" doc:"the request's id"`
	Conversation string `json:"conversation" doc:"which conversation"`
	Zone         string `json:"zone" doc:"IANA time zone in which they begin at a round time: the visitor's if it is known, else the company's"`
	Slots        []Slot `json:"slots" doc:"in order; empty: nobody can be called back"`
}

// Slot is one of them.
type Slot struct {
	From  time.Time `json:"from" doc:"what to send as callback"`
	Until time.Time `json:"until" doc:"the call comes before then"`
}

// Typing says that the other side is writing, or has stopped.
type Typing struct {
	Conversation string `json:"conversation" doc:"which conversation"`
	Role         string `json:"role" doc:"who writes"`
	Name         string `json:"name,omitempty" doc:"an agent's display name"`
	On           bool   `json:"on" doc:"false: stopped"`
}

// Draft is what the bot is about to say, as far as it has come: whole sentences that were checked. It is not stored,
// has no seq, and may be taken back; only the bot's message, which takes its place, was said.
type Draft struct {
	Conversation string `json:"conversation" doc:"which conversation"`
	Text         string `json:"text" doc:"all of it so far, in place of what came before; empty: taken back"`
}

// Read says how far the other side has read; the envelope's seq says up to where.
type Read struct {
	Conversation string `json:"conversation" doc:"which conversation"`
	Role         string `json:"role" doc:"who has read"`
}

// QueueSnapshot is the waiting line and the chats in progress, as far as this agent may see them.
type QueueSnapshot struct {
	Snapshot bool        `json:"snapshot" doc:"true: items replace all that was known"`
	Items    []QueueItem `json:"items" doc:"at most 1000"`
}

// Queue is a change of it.
type Queue struct {
	Changed []QueueItem `json:"changed,omitempty" doc:"new or changed since"`
	Removed []string    `json:"removed,omitempty" doc:"ids of conversations that left it"`
}

// QueueItem is one conversation of the queue.
type QueueItem struct {
	Conversation string    `json:"conversation" doc:"id"`
	Visitor      Person    `json:"visitor" doc:"who waits"`
	Site         string    `json:"site" doc:"site id"`
	Language     string    `json:"language,omitempty" doc:"en, hu, sl, fr, zh …"`
	Owner        string    `json:"owner" doc:"queue, ticket or agent"`
	Agent        *Person   `json:"agent,omitempty" doc:"who holds it"`
	Reason       string    `json:"reason,omitempty" doc:"why it was handed off"`
	Severity     string    `json:"severity,omitempty" doc:"low, medium, high or critical"`
	Level        int       `json:"level" doc:"level it needs"`
	Skill        string    `json:"skill,omitempty" doc:"skill it needs"`
	Topic        string    `json:"topic,omitempty" doc:"what it is about"`
	Product      string    `json:"product,omitempty" doc:"id of the product it is about"`
	Label        string    `json:"label,omitempty" doc:"right_time, too_late or not_needed"`
	RequestedAt  time.Time `json:"requested_at,omitzero" doc:"waiting since"`
	DueAt        time.Time `json:"due_at,omitzero" doc:"to be answered by; while held, to be settled by"`
	Warned       bool      `json:"warned,omitempty" doc:"due_at is near, or past"`
	CallbackAt   time.Time `json:"callback_at,omitzero" doc:"start of the slot in which the customer asked to be called"`
	Handovers    int       `json:"handovers" doc:"how often the visitor was passed on"`
	LastText     string    `json:"last_text,omitempty" doc:"what was said last, cut to 160 characters; announcements such as that of the handoff are left out"`
	LastRole     string    `json:"last_role,omitempty" doc:"who wrote it"`
	LastSeq      int64     `json:"last_seq" doc:"last seq of the log"`
	UpdatedAt    time.Time `json:"updated_at" doc:"last change"`
	Rank         int       `json:"rank" doc:"place in the order of the queue, from 1; 0: not waiting"`
}

// Presence says who is on duty.
type Presence struct {
	Agents []Colleague `json:"agents" doc:"everybody who works here"`
}

// Pong answers ping.
type Pong struct {
	ID string `json:"id,omitempty" doc:"the ping's id"`
}

// Error answers a request that was not done. Where temporary is true the same request may be sent again.
type Error struct {
	Code         string  `json:"code" doc:"stable; see the table of codes"`
	Message      string  `json:"message" doc:"one sentence for people"`
	Temporary    bool    `json:"temporary" doc:"true: try again later"`
	ID           string  `json:"id,omitempty" doc:"the request's id, where it could be read"`
	Conversation string  `json:"conversation,omitempty" doc:"which conversation"`
	Field        string  `json:"field,omitempty" doc:"which field is wrong"`
	Why          string  `json:"why,omitempty" doc:"stable code of what is wrong with it, where there is one"`
	Agent        *Person `json:"agent,omitempty" doc:"taken: who holds it"`
	RetryMS      int64   `json:"retry_ms,omitempty" doc:"wait at least this many milliseconds"`
}

type envelope struct {
	Type string `json:"type"`
	Seq  int64  `json:"seq,omitempty"`
	Data any    `json:"data"`
}

// Encode gives a frame's JSON. It fails only on data that is not one of this package's structs.
func Encode(typ string, seq int64, data any) ([]byte, error) {
	b, err := json.Marshal(envelope{typ, seq, data})
	if err != nil {
		return nil, fmt.Errorf("encode %s frame: %w", typ, err)
	}
	return b, nil
}
