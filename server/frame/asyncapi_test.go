package frame

import (
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"
)

const asyncapiPath = "../../docs/asyncapi.yaml"

// outgoing lists every type of frame that the server sends, and to whom.
var outgoing = []struct {
	name, typ, doc string
	to             Who
	seq            string
	data           any
}{
	{"welcomeVisitor", TypeWelcome, "answers a visitor's hello and new", Visitor, "last seq of the conversation", VisitorWelcome{}},
	{"welcomeAgent", TypeWelcome, "answers an agent's hello", Agent, "", AgentWelcome{}},
	{"ack", TypeAck, "the request was done; a message is stored", Visitor | Agent, "seq of the message", Ack{}},
	{"event", TypeEvent, "what happened; the fields of its kind stand beside these", Visitor | Agent, "seq in the conversation's log", Event{}},
	{"reset", TypeReset, "answers an agent's open where its log is not the one that since counts in", Agent, "", Reset{}},
	{"waiting", TypeWaiting, "the place in line", Visitor, "", Waiting{}},
	{"slots", TypeSlots, "when the visitor can be called back", Visitor, "", Slots{}},
	{"typing", TypeTyping, "the other side is writing", Visitor | Agent, "", Typing{}},
	{"draft", TypeDraft, "what the bot is about to say; not stored, and gone with its message", Visitor, "", Draft{}},
	{"read", TypeRead, "the other side has read", Visitor | Agent, "up to this seq", Read{}},
	{"queueSnapshot", TypeQueue, "the waiting line and the chats in progress", Agent, "", QueueSnapshot{}},
	{"queue", TypeQueue, "a change of them", Agent, "", Queue{}},
	{"presence", TypePresence, "who is on duty", Agent, "", Presence{}},
	{"pong", TypePong, "answers ping", Visitor | Agent, "", Pong{}},
	{"error", TypeError, "the request was not done", Visitor | Agent, "", Error{}},
}

// TestAsyncAPIFollowsTheCode holds docs/asyncapi.yaml against every frame type and field, byte for byte.
func TestAsyncAPIFollowsTheCode(t *testing.T) {
	want := asyncapi()
	if *update {
		if err := os.WriteFile(asyncapiPath, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(asyncapiPath)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/asyncapi.yaml is not what the code says: run go test ./server/frame -update, and look at the difference")
	}
}

// TestProtocolPageNamesEverything holds docs/protocol.md against every frame type, field and code.
func TestProtocolPageNamesEverything(t *testing.T) {
	page, err := os.ReadFile("../../docs/protocol.md")
	if err != nil {
		t.Fatal(err)
	}
	need := func(what, word string) {
		if !strings.Contains(string(page), "`"+word+"`") {
			t.Errorf("docs/protocol.md does not name the %s `%s`", what, word)
		}
	}
	for _, s := range Shapes {
		need("frame", s.Type)
		for _, f := range s.Fields {
			need("field", f.Name)
		}
	}
	for _, o := range outgoing {
		need("frame", o.typ)
		for _, f := range reflect.VisibleFields(reflect.TypeOf(o.data)) {
			need("field", jsonName(f))
		}
	}
	for _, code := range Codes {
		need("code", code)
	}
	for _, k := range kinds {
		need("kind", string(k.kind))
	}
}

func TestEveryFieldIsDocumented(t *testing.T) {
	for _, s := range Shapes {
		for _, f := range s.Fields {
			if f.Doc == "" {
				t.Errorf("%s.%s has no words", s.Type, f.Name)
			}
		}
	}
	for _, o := range outgoing {
		for _, f := range reflect.VisibleFields(reflect.TypeOf(o.data)) {
			if f.Tag.Get("doc") == "" {
				t.Errorf("%s.%s has no words", o.name, f.Name)
			}
		}
	}
}

type yaml struct {
	strings.Builder
	schemas []reflect.Type
}

func (y *yaml) line(depth int, format string, args ...any) {
	y.WriteString(strings.Repeat("  ", depth))
	fmt.Fprintf(y, format+"\n", args...)
}

func asyncapi() string {
	y := &yaml{}
	y.line(0, "# Made from the code by go test ./server/frame -update; a test holds it against every frame type and field.")
	y.line(0, "asyncapi: 3.0.0")
	y.line(0, "info:")
	y.line(1, "title: Ombud websocket protocol")
	y.line(1, "version: 1.0.0")
	y.line(1, "description: JSON text frames on /ws. See protocol.md for the order of things.")
	y.line(0, "defaultContentType: application/json")
	y.line(0, "channels:")
	y.line(1, "socket:")
	y.line(2, "address: /ws")
	y.line(2, "messages:")
	for _, name := range messageNames() {
		y.line(3, "%s:", name)
		y.line(4, "$ref: '#/components/messages/%s'", name)
	}
	y.operations()
	y.line(0, "components:")
	y.line(1, "messages:")
	for _, s := range Shapes {
		y.incoming(s)
	}
	for _, o := range outgoing {
		y.message(o.name, o.typ, o.doc, o.seq, func() { y.object(7, reflect.TypeOf(o.data)) })
	}
	y.line(1, "schemas:")
	for i := 0; i < len(y.schemas); i++ {
		y.line(2, "%s:", y.schemas[i].Name())
		y.object(3, y.schemas[i])
	}
	return y.String()
}

func incomingName(s Shape) string {
	side := map[Who]string{Nobody: "", Visitor: "Visitor", Agent: "Agent", Visitor | Agent: ""}[s.From]
	return "client" + strings.ToUpper(s.Type[:1]) + s.Type[1:] + side
}

func messageNames() []string {
	var out []string
	for _, s := range Shapes {
		out = append(out, incomingName(s))
	}
	for _, o := range outgoing {
		out = append(out, o.name)
	}
	return out
}

func (y *yaml) operations() {
	y.line(0, "operations:")
	for _, op := range []struct {
		name, action string
		who          Who
	}{{"receiveFromVisitor", "receive", Visitor}, {"receiveFromAgent", "receive", Agent}, {"sendToVisitor", "send", Visitor}, {"sendToAgent", "send", Agent}} {
		y.line(1, "%s:", op.name)
		y.line(2, "action: %s", op.action)
		y.line(2, "channel:")
		y.line(3, "$ref: '#/channels/socket'")
		y.line(2, "messages:")
		ref := func(name string) { y.line(3, "- $ref: '#/channels/socket/messages/%s'", name) }
		for _, s := range Shapes {
			if op.action == "receive" && s.From&(op.who|Nobody) != 0 {
				ref(incomingName(s))
			}
		}
		for _, o := range outgoing {
			if op.action == "send" && o.to&op.who != 0 {
				ref(o.name)
			}
		}
	}
}

// message writes one message; data writes the schema of its data below "data:".
func (y *yaml) message(name, typ, doc, seq string, data func()) {
	y.line(2, "%s:", name)
	y.line(3, "summary: %q", doc)
	y.line(3, "payload:")
	y.line(4, "type: object")
	if seq == "" {
		y.line(4, "required: [type, data]")
	} else {
		y.line(4, "required: [type, seq, data]")
	}
	y.line(4, "properties:")
	y.line(5, "type:")
	y.line(6, "const: %s", typ)
	if seq != "" {
		y.line(5, "seq:")
		y.line(6, "type: integer")
		y.line(6, "description: %q", seq)
	}
	y.line(5, "data:")
	data()
}

func (y *yaml) incoming(s Shape) {
	seq := ""
	if s.Seq {
		seq = "up to this seq"
	}
	y.message(incomingName(s), s.Type, s.Doc, seq, func() {
		var must []string
		for _, f := range s.Fields {
			if f.Required {
				must = append(must, f.Name)
			}
		}
		y.line(6, "type: object")
		y.line(6, "additionalProperties: false")
		if must != nil {
			y.line(6, "required: [%s]", strings.Join(must, ", "))
		}
		y.line(6, "properties:")
		for _, f := range s.Fields {
			y.line(7, "%s:", f.Name)
			for _, l := range constraints(f) {
				y.line(8, "%s", l)
			}
			y.line(8, "description: %q", f.Doc)
		}
	})
}

func constraints(f Field) []string {
	switch f.Kind {
	case KindID:
		return []string{"type: string", "pattern: '^[A-Za-z0-9._:-]{1,64}$'"}
	case KindInt:
		return []string{"type: integer", fmt.Sprintf("minimum: %d", f.Min), fmt.Sprintf("maximum: %d", f.Max)}
	case KindBool:
		return []string{"type: boolean"}
	case KindTime:
		return []string{"type: string", "format: date-time"}
	case KindMap:
		return []string{"type: object", fmt.Sprintf("maxProperties: %d", f.Max), fmt.Sprintf("additionalProperties: {type: string, maxLength: %d}", MaxValue)}
	}
	out := []string{"type: string", fmt.Sprintf("maxLength: %d", f.Max)}
	if f.Enum != nil {
		out = append(out, "enum: ["+strings.Join(f.Enum, ", ")+"]")
	}
	return out
}

func jsonName(f reflect.StructField) string { return strings.Split(f.Tag.Get("json"), ",")[0] }

func (y *yaml) object(depth int, t reflect.Type) {
	depth--
	var must []string
	for _, f := range reflect.VisibleFields(t) {
		if !strings.Contains(f.Tag.Get("json"), ",omit") {
			must = append(must, jsonName(f))
		}
	}
	y.line(depth, "type: object")
	if must != nil {
		y.line(depth, "required: [%s]", strings.Join(must, ", "))
	}
	y.line(depth, "properties:")
	for _, f := range reflect.VisibleFields(t) {
		y.line(depth+1, "%s:", jsonName(f))
		y.schema(depth+2, f.Type)
		y.line(depth+2, "description: %q", f.Tag.Get("doc"))
	}
}

func (y *yaml) schema(depth int, t reflect.Type) {
	switch {
	case t == reflect.TypeFor[time.Time]():
		y.line(depth, "type: string")
		y.line(depth, "format: date-time")
	case t.Kind() == reflect.Pointer:
		y.schema(depth, t.Elem())
	case t.Kind() == reflect.Struct:
		known := false
		for _, s := range y.schemas {
			known = known || s == t
		}
		if !known {
			y.schemas = append(y.schemas, t)
		}
		y.line(depth, "$ref: '#/components/schemas/%s'", t.Name())
	case t.Kind() == reflect.Slice, t.Kind() == reflect.Array:
		y.line(depth, "type: array")
		y.line(depth, "items:")
		y.schema(depth+1, t.Elem())
	case t.Kind() == reflect.Bool:
		y.line(depth, "type: boolean")
	case t.Kind() == reflect.String:
		y.line(depth, "type: string")
	default:
		y.line(depth, "type: integer")
	}
}
