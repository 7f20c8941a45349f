package frame

import "time"

// MaxText is the largest number of characters (runes) in a text that people write.
const MaxText = 4000

// MaxInt is the largest integer a frame may carry: 2^53 - 1, which JavaScript holds exactly (RFC 7493, section 2.2).
const MaxInt = 1<<53 - 1

// MaxKey and MaxValue bound the strings of a KindMap, in characters.
const (
	MaxKey   = 40
	MaxValue = 200
)

// Who is the side of a connection, which decides the frames it may send. The values are bits.
type Who uint8

// The sides.
const (
	Nobody  Who = 1 << iota // before hello
	Visitor                 // a visitor's socket
	Agent                   // an agent's socket
)

// In is a frame from a client, checked. Fields that its type does not have are zero.
type In struct {
	Type string
	Seq  int64

	ID           string // the client's own id of the request; every type may carry one
	Conversation string
	Text         string

	Site, Token, Locale, Page, Identity string            // hello
	Attributes                          map[string]string // hello, update
	Answers                             map[string]string // rate
	Name                                string            // introduce
	Since                               int64             // hello, open
	At                                  time.Time         // hello, open: of what has the seq Since

	On        bool // typing; true when left out
	Whisper   bool // note
	Suggested bool // say, of an agent
	Rating    int64
	Email     string
	Phone     string
	Zone      string
	Callback  time.Time

	To, Skill, Word, Reason        string
	Level                          int64
	Cause, Product, Outcome, Label string
	State                          string
	Field, Severity, Topic         string // correct, reclassify

	Remedy, Currency string // offer
	Worth            int64
	Offer            string // answer_offer
	Accept           bool
	Promise          string    // settle_promise
	DueAt            time.Time // promise, settle_promise
}

// Kind is how a field's value is read.
type Kind uint8

// The kinds of field.
const (
	KindID     Kind = iota // 1 to 64 of A-Z a-z 0-9 . _ : -
	KindText               // what people write: 1 to MaxText characters, line breaks and tabs allowed
	KindString             // one line of at most Max characters
	KindInt                // an integer from Min to Max
	KindBool
	KindTime // RFC 3339
	KindMap  // an object of at most Max strings: keys of 1 to MaxKey characters, values of at most MaxValue
)

// Field is one field of a frame's data.
type Field struct {
	Name     string
	Kind     Kind
	Required bool
	Min, Max int64
	Enum     []string // allowed values of a string; none: any
	Doc      string
	at       func(*In) any // *string, *int64, *bool, *time.Time or *map[string]string
}

// Shape is one type of frame that clients send.
type Shape struct {
	Type   string
	From   Who
	Doc    string
	Seq    bool // the envelope's seq is required and positive
	Fields []Field
}

// field gives the field of that name in the shape.
func (s *Shape) field(name []byte) (int, bool) {
	for i := range s.Fields {
		if s.Fields[i].Name == string(name) {
			return i, true
		}
	}
	return 0, false
}

func (f Field) must() Field { f.Required = true; return f }

var (
	fieldID = Field{Name: "id", Kind: KindID, at: func(in *In) any { return &in.ID },
		Doc: "the client's own id of this request; ack and error repeat it"}
	fieldConversation = Field{Name: "conversation", Kind: KindID, at: func(in *In) any { return &in.Conversation },
		Doc: "which conversation"}
	fieldText = Field{Name: "text", Kind: KindText, Max: MaxText, at: func(in *In) any { return &in.Text },
		Doc: "what was written, plain text of at most 4000 characters"}
	fieldSince = Field{Name: "since", Kind: KindInt, Max: MaxInt, at: func(in *In) any { return &in.Since },
		Doc: "the last seq the client has of this conversation; 0 for none"}
	fieldAt = Field{Name: "at", Kind: KindTime, at: func(in *In) any { return &in.At },
		Doc: "the at of the event or ack whose seq since is: it tells that the log was put back to an earlier state and written on"}
	fieldLevel = Field{Name: "level", Kind: KindInt, Min: 1, Max: 4, at: func(in *In) any { return &in.Level },
		Doc: "level of the escalation path: 1 agent, 2 expert, 3 supervisor, 4 executive"}
	fieldOn = Field{Name: "on", Kind: KindBool, at: func(in *In) any { return &in.On },
		Doc: "false when the writing stopped; true when left out"}
	fieldAttributes = Field{Name: "attributes", Kind: KindMap, Max: 20, at: func(in *In) any { return &in.Attributes },
		Doc: "visitor: what the page says of its visitor, unsigned and shown so; at most 20 strings"}
	fieldDue    = Field{Name: "due_at", Kind: KindTime, at: func(in *In) any { return &in.DueAt }, Doc: "until when"}
	fieldReason = line("reason", 200, func(in *In) any { return &in.Reason }, "why, in a few words")
	fieldSkill  = line("skill", 64, func(in *In) any { return &in.Skill }, "skill that the next agent needs")
	fieldLabel  = oneOf("label", func(in *In) any { return &in.Label }, "what the agent thinks of the handoff",
		"right_time", "too_late", "not_needed")
)

func line(name string, most int64, at func(*In) any, doc string) Field {
	return Field{Name: name, Kind: KindString, Max: most, at: at, Doc: doc}
}

func oneOf(name string, at func(*In) any, doc string, values ...string) Field {
	return Field{Name: name, Kind: KindString, Max: 64, Enum: values, at: at, Doc: doc}
}
