package frame

// Shapes lists every type of frame that clients send, in the order of docs/protocol.md.
// A type that both sides send with different fields stands twice.
var Shapes = []Shape{
	{Type: "hello", From: Nobody, Doc: "the first frame, within 10 s: a visitor's names a site, an agent's does not", Fields: []Field{
		fieldID,
		line("site", 64, func(in *In) any { return &in.Site }, "visitor: the site's id"),
		line("token", 128, func(in *In) any { return &in.Token }, "the token kept from an earlier welcome or an agent's API token; empty for a new visitor or with a session cookie"),
		fieldSince, fieldAt,
		{Name: "conversation", Kind: KindID, at: fieldConversation.at, Doc: "visitor: the conversation that since counts in"},
		line("locale", 35, func(in *In) any { return &in.Locale }, "visitor: language tag of the page or browser"),
		line("page", 2000, func(in *In) any { return &in.Page }, "visitor: address of the page"),
		line("identity", 4096, func(in *In) any { return &in.Identity }, "visitor: JWT by which the site vouches for who this is"),
		fieldAttributes,
	}},
	{Type: "ping", From: Visitor | Agent, Doc: "answered by pong", Fields: []Field{fieldID}},

	{Type: "say", From: Visitor, Doc: "a message; acknowledged once it is stored, and stored once however often it is sent",
		Fields: []Field{fieldID.must(), fieldText.must()}},
	{Type: "typing", From: Visitor, Doc: "the visitor is writing", Fields: []Field{fieldID, fieldOn}},
	{Type: "read", From: Visitor, Seq: true, Doc: "everything up to seq was seen", Fields: []Field{fieldID}},
	{Type: "end", From: Visitor, Doc: "the visitor closes the conversation", Fields: []Field{fieldID}},
	{Type: "new", From: Visitor, Doc: "begin a new conversation after a close; answered by welcome", Fields: []Field{fieldID}},
	{Type: "introduce", From: Visitor, Doc: "what was asked for before the first message; a verified visitor's name and address stay as they are", Fields: []Field{
		fieldID.must(),
		line("name", 100, func(in *In) any { return &in.Name }, "how to address the visitor"),
		line("email", 254, func(in *In) any { return &in.Email }, "where to answer")}},
	{Type: "leave_message", From: Visitor, Doc: "leave a message, or ask to be called back, instead of waiting", Fields: []Field{
		fieldID.must(), fieldText,
		line("email", 254, func(in *In) any { return &in.Email }, "where to answer"),
		line("phone", 40, func(in *In) any { return &in.Phone }, "where to call"),
		{Name: "callback", Kind: KindTime, at: func(in *In) any { return &in.Callback }, Doc: "start of one of the slots"},
		line("zone", 64, func(in *In) any { return &in.Zone }, "IANA time zone of the visitor"),
	}},
	{Type: "slots", From: Visitor, Doc: "when can I be called back? answered by slots", Fields: []Field{fieldID,
		line("zone", 64, func(in *In) any { return &in.Zone }, "IANA time zone of the visitor")}},
	{Type: "rate", From: Visitor, Doc: "how it was", Fields: []Field{fieldID,
		Field{Name: "rating", Kind: KindInt, Min: 1, Max: 5, at: func(in *In) any { return &in.Rating }, Doc: "1 (bad) to 5 (good)"}.must(),
		fieldText,
		{Name: "answers", Kind: KindMap, Max: 20, at: func(in *In) any { return &in.Answers }, Doc: "answers to the company's own questions, by their ids"}}},
	{Type: "answer_offer", From: Visitor, Doc: "accept or decline what was offered", Fields: []Field{fieldID.must(),
		Field{Name: "offer", Kind: KindID, at: func(in *In) any { return &in.Offer }, Doc: "id of the offer"}.must(),
		Field{Name: "accept", Kind: KindBool, at: func(in *In) any { return &in.Accept }, Doc: "false declines"}.must()}},

	{Type: "open", From: Agent, Doc: "send this conversation's events after since, then follow it", Fields: []Field{fieldID, fieldConversation.must(), fieldSince, fieldAt}},
	{Type: "leave", From: Agent, Doc: "stop following", Fields: []Field{fieldID, fieldConversation.must()}},
	{Type: "say", From: Agent, Doc: "a message to the visitor", Fields: []Field{fieldID.must(), fieldConversation.must(), fieldText.must(),
		{Name: "suggested", Kind: KindBool, at: func(in *In) any { return &in.Suggested }, Doc: "it began as a draft of the language model"}}},
	{Type: "note", From: Agent, Doc: "a remark among agents; the visitor never sees it", Fields: []Field{fieldID.must(), fieldConversation.must(), fieldText.must(),
		{Name: "whisper", Kind: KindBool, at: func(in *In) any { return &in.Whisper }, Doc: "supervisors: a word to the agent who holds the chat"}}},
	{Type: "typing", From: Agent, Doc: "the agent is writing", Fields: []Field{fieldID, fieldConversation.must(), fieldOn}},
	{Type: "read", From: Agent, Seq: true, Doc: "everything up to seq was seen", Fields: []Field{fieldID, fieldConversation.must()}},
	{Type: "claim", From: Agent, Doc: "take the conversation; error taken names who was first", Fields: []Field{fieldID, fieldConversation.must()}},
	{Type: "next", From: Agent, Doc: "take the first of the line that fits, leaving what one has let go of to others while any are there; ack names it", Fields: []Field{fieldID}},
	{Type: "take_over", From: Agent, Doc: "supervisors: take a conversation that the bot or a colleague holds", Fields: []Field{fieldID, fieldConversation.must()}},
	{Type: "release", From: Agent, Doc: "put it back at its old place in the queue", Fields: []Field{fieldID, fieldConversation.must()}},
	{Type: "transfer", From: Agent, Doc: "pass it to a person, or to the queue under another skill or level", Fields: []Field{fieldID, fieldConversation.must(),
		{Name: "to", Kind: KindID, at: func(in *In) any { return &in.To }, Doc: "user id; left out: the queue"},
		fieldSkill, fieldLevel,
		{Name: "word", Kind: KindText, Max: 1000, at: func(in *In) any { return &in.Word }, Doc: "a word to the next agent"}}},
	{Type: "escalate", From: Agent, Doc: "raise it to a higher level", Fields: []Field{fieldID, fieldConversation.must(), fieldLevel.must(), fieldSkill, fieldReason}},
	{Type: "return", From: Agent, Doc: "give it back to the bot", Fields: []Field{fieldID, fieldConversation.must()}},
	{Type: "close", From: Agent, Doc: "end the conversation", Fields: []Field{fieldID, fieldConversation.must(),
		line("cause", 64, func(in *In) any { return &in.Cause }, "id of the cause"),
		line("product", 200, func(in *In) any { return &in.Product }, "product concerned; left out: the one that is known"),
		oneOf("outcome", func(in *In) any { return &in.Outcome }, "how it ended", "settled", "not_settled", "abandoned", "duplicate"),
		fieldLabel}},
	{Type: "label", From: Agent, Doc: "judge the handoff", Fields: []Field{fieldID, fieldConversation.must(), fieldLabel.must()}},
	{Type: "correct", From: Agent, Doc: "put the brief right: the matter, or a fact", Fields: []Field{fieldID.must(), fieldConversation.must(),
		line("field", 40, func(in *In) any { return &in.Field }, "matter, or the name of a fact; outcome_wanted is what the customer wants").must(),
		{Name: "text", Kind: KindText, Max: 1000, at: fieldText.at, Doc: "what is right; left out: the fact is wrong, and taken out"}}},
	{Type: "reclassify", From: Agent, Doc: "sort it anew: what is left out stays", Fields: []Field{fieldID, fieldConversation.must(),
		oneOf("severity", func(in *In) any { return &in.Severity }, "how urgent it is", "low", "medium", "high", "critical"), fieldSkill,
		line("topic", 64, func(in *In) any { return &in.Topic }, "what it is about")}},
	{Type: "offer", From: Agent, Doc: "offer a remedy, within the mandate of one's level", Fields: []Field{fieldID.must(), fieldConversation.must(), fieldText.must(),
		line("remedy", 64, func(in *In) any { return &in.Remedy }, "replacement, refund, exchange, store_credit, discount, repair, callback, apology or other").must(),
		{Name: "worth", Kind: KindInt, Max: MaxInt, at: func(in *In) any { return &in.Worth }, Doc: "in minor units of the currency"},
		line("currency", 16, func(in *In) any { return &in.Currency }, "ISO 4217 code")}},
	{Type: "promise", From: Agent, Doc: "promise something until a time; it is watched, and escalates when it is broken", Fields: []Field{
		fieldID.must(), fieldConversation.must(), fieldText.must(), fieldDue.must()}},
	{Type: "settle_promise", From: Agent, Doc: "a promise was kept, or gets a new time", Fields: []Field{fieldID.must(), fieldConversation.must(),
		Field{Name: "promise", Kind: KindID, at: func(in *In) any { return &in.Promise }, Doc: "id of the promise"}.must(),
		oneOf("state", func(in *In) any { return &in.State }, "what became of it", "kept", "renewed").must(), fieldDue}},
	{Type: "complaint", From: Agent, Doc: "register a formal complaint: it gets a number, an acknowledgement and a due date", Fields: []Field{fieldID, fieldConversation.must()}},
	{Type: "presence", From: Agent, Doc: "on duty or not; repeated at least every 30 s it keeps the agent's lease", Fields: []Field{fieldID,
		oneOf("state", func(in *In) any { return &in.State }, "what the agent does", "online", "busy", "away", "wrapping_up", "offline").must()}},
}

type shapeKey struct {
	typ  string
	from Who
}

var shapes = index()

func index() map[shapeKey]*Shape {
	m := map[shapeKey]*Shape{}
	for i := range Shapes {
		for _, who := range []Who{Nobody, Visitor, Agent} {
			if Shapes[i].From&who != 0 {
				m[shapeKey{Shapes[i].Type, who}] = &Shapes[i]
			}
		}
	}
	return m
}
