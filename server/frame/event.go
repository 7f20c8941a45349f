package frame

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"ombud/chat"
)

// visible names the fields of each kind's body that a visitor may see. A kind that is not here shows none.
var visible = map[chat.Kind][]string{
	chat.KindMessage:            {"text", "name", "language", "quick_replies", "asks", "part"},
	chat.KindHandoffRequested:   {"reason", "severity", "level"},
	chat.KindHandoffClaimed:     {"name"},
	chat.KindHandoffTransferred: {"to_name", "owner"},
	chat.KindHandoffEscalated:   {"owner", "level"},
	chat.KindHandoffReleased:    {"reason", "owner"},
	chat.KindLeftMessage:        {"text", "email", "phone", "callback", "callback_until", "zone", "due_at"},
	chat.KindOffer:              {"id", "remedy", "worth", "currency", "text", "state"},
	chat.KindPromise:            {"id", "text", "due_at", "state"},
	chat.KindSurvey:             {"id", "state", "rating", "text"},
	chat.KindComplaint:          {"number", "due_at"},
	chat.KindClosed:             {"name"},
	chat.KindReopened:           {"owner", "reason"},
	chat.KindFile:               {"file", "file_name", "type", "size", "width", "height", "name"},
}

// hidden names the fields that agents do not get either: the bot's memory and the scheduler's times.
var hidden = []string{"state", "due", "up_to"}

// shared are the names of Event's own fields, which no body may override.
var shared = []string{"conversation", "kind", "role", "at", "sender"}

// EncodeEvent gives the event frame for that side, or nil where that side must not see it. The body's fields are
// copied as they were stored, through a list of what the side may see.
func EncodeEvent(e chat.Event, to Who) ([]byte, error) {
	if to == Visitor && !e.Kind.ForVisitor() {
		return nil, nil
	}
	out := make([]byte, 0, 160+len(e.Body))
	out = append(out, `{"type":"event","seq":`...)
	out = strconv.AppendInt(out, e.Seq, 10)
	out = append(out, `,"data":{"conversation":`...)
	out = appendString(out, e.Conversation)
	out = append(out, `,"kind":`...)
	out = appendString(out, string(e.Kind))
	out = append(out, `,"role":`...)
	out = appendString(out, string(e.Role))
	out = append(out, `,"at":"`...)
	out = e.At.UTC().AppendFormat(out, time.RFC3339Nano)
	out = append(out, '"')
	if to == Agent && e.Sender != "" {
		out = append(out, `,"sender":`...)
		out = appendString(out, e.Sender)
	}
	out, named, err := appendBody(out, e, to)
	if err != nil {
		return nil, err
	}
	if e.ClientID != "" && !named {
		out = append(out, `,"id":`...)
		out = appendString(out, e.ClientID)
	}
	return append(out, "}}"...), nil
}

// storedDepth lets what we stored ourselves be nested as deep as it likes.
const storedDepth = -1000

// appendBody adds the fields of the body that the side may see; named says whether an id was among them.
func appendBody(out []byte, e chat.Event, to Who) (_ []byte, named bool, err error) {
	if len(e.Body) == 0 {
		return out, false, nil
	}
	p := parser{b: e.Body}
	if p.blanks(); p.peek() != '{' {
		return nil, false, fmt.Errorf("encode event %d of %s: body is no object", e.Seq, e.Conversation)
	}
	prob := p.object(func(key []byte) *Problem {
		from := p.i
		if prob := p.skip(storedDepth); prob != nil {
			return prob
		}
		name := string(key)
		if !shows(e.Kind, name, to) {
			return nil
		}
		named = named || name == "id"
		out = append(out, ',')
		out = appendString(out, name)
		out = append(out, ':')
		out = append(out, p.b[from:p.i]...)
		return nil
	})
	if prob != nil {
		return nil, false, fmt.Errorf("encode event %d of %s: %w", e.Seq, e.Conversation, prob)
	}
	return out, named, nil
}

func shows(kind chat.Kind, name string, to Who) bool {
	if to == Visitor {
		return slices.Contains(visible[kind], name)
	}
	if slices.Contains(shared, name) {
		return false
	}
	// An offer's, a promise's and a survey's state is theirs; a decision's is the bot's memory.
	return !slices.Contains(hidden, name) ||
		name == "state" && kind != chat.KindDecision && kind != chat.KindReturnedToBot
}

// EncodeAck gives the ack frame; seq 0 and no time are left out.
func EncodeAck(seq int64, at time.Time, id, conversation string) []byte {
	out := make([]byte, 0, 64+len(id)+len(conversation))
	out = append(out, `{"type":"ack"`...)
	if seq > 0 {
		out = append(out, `,"seq":`...)
		out = strconv.AppendInt(out, seq, 10)
	}
	out = append(out, `,"data":{`...)
	comma := false
	for _, field := range [...][2]string{{`"id":`, id}, {`"conversation":`, conversation}} {
		if field[1] == "" {
			continue
		}
		if comma {
			out = append(out, ',')
		}
		comma = true
		out = append(out, field[0]...)
		out = appendString(out, field[1])
	}
	if !at.IsZero() {
		if comma {
			out = append(out, ',')
		}
		out = append(out, `"at":"`...)
		out = at.UTC().AppendFormat(out, time.RFC3339Nano)
		out = append(out, '"')
	}
	return append(out, "}}"...)
}

// EncodeQueueSnapshot gives the frame of a QueueSnapshot whose items are encoded already.
func EncodeQueueSnapshot(items [][]byte) []byte {
	return append(appendItems([]byte(`{"type":"queue","data":{"snapshot":true,"items":[`), items), "]}}"...)
}

// EncodeQueue gives the frame of a Queue whose items are encoded already.
func EncodeQueue(changed [][]byte, removed []string) []byte {
	out := []byte(`{"type":"queue","data":{`)
	if len(changed) > 0 {
		out = append(appendItems(append(out, `"changed":[`...), changed), ']')
	}
	if len(removed) > 0 {
		if len(changed) > 0 {
			out = append(out, ',')
		}
		out = append(out, `"removed":[`...)
		for i, id := range removed {
			if i > 0 {
				out = append(out, ',')
			}
			out = appendString(out, id)
		}
		out = append(out, ']')
	}
	return append(out, "}}"...)
}

func appendItems(out []byte, items [][]byte) []byte {
	size := 0
	for _, it := range items {
		size += len(it) + 1
	}
	out = slices.Grow(out, size+8)
	for i, it := range items {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, it...)
	}
	return out
}

// appendString adds a JSON string; what needs escapes takes the slow way.
func appendString(out []byte, s string) []byte {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c < 0x20 || c >= 0x7f || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			b, err := json.Marshal(s)
			if err != nil { // a string can always be encoded
				panic(err)
			}
			return append(out, b...)
		}
	}
	out = append(out, '"')
	out = append(out, s...)
	return append(out, '"')
}
