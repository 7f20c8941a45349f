package hub

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ombud/chat"
	"ombud/handoff"
)

// What the end of a log says in haste agrees with what all of it says.
func TestAQuestionIsNeverOverlooked(t *testing.T) {
	body := func(x any) json.RawMessage {
		b, err := json.Marshal(x)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	brief := body(handoff.Brief{Missing: []string{"order_number", "since_when"}})
	rapid.Check(t, func(r *rapid.T) {
		var events []chat.Event
		// Half of the logs begin with a question that is open.
		names := []string{"handoff", "brief", "ask"}[:3*rapid.IntRange(0, 1).Draw(r, "asked")]
		names = append(names, rapid.SliceOfN(rapid.SampledFrom([]string{"handoff", "brief", "ask", "visitor", "agent", "bot", "note"}), 0, 9).Draw(r, "events")...)
		for i, name := range names {
			e := chat.Event{Seq: int64(i + 1), Kind: chat.KindMessage, At: time.Unix(int64(i), 0)}
			switch name {
			case "handoff":
				e.Kind, e.Role, e.Body = chat.KindHandoffRequested, chat.RoleBot, body(chat.Handoff{})
			case "brief":
				e.Kind, e.Role, e.Body = chat.KindBrief, chat.RoleBot, brief
			case "ask":
				fact := rapid.SampledFrom([]string{"order_number", "since_when"}).Draw(r, "fact")
				e.Role, e.Body = chat.RoleSystem, body(chat.Message{Text: "?", Part: chat.PartAsk, Asks: &chat.Asked{Fact: fact}})
			case "visitor":
				e.Role, e.Body = chat.RoleVisitor, body(chat.Message{Text: "hm"})
			case "agent":
				e.Role, e.Body = chat.RoleAgent, body(chat.Message{Text: "hello"})
			case "bot":
				e.Role, e.Body = chat.RoleBot, body(chat.Message{Text: "hello"})
			case "note":
				e.Kind, e.Role, e.Body = chat.KindNote, chat.RoleAgent, body(chat.Note{Text: "hm"})
			}
			events = append(events, e)
		}
		a, ok := readAsking(events)
		want := ok && a.pending != "" && !a.spoken
		if asked := len(names) == 3 && names[2] == "ask" && names[1] == "brief" && names[0] == "handoff"; asked && !want {
			r.Fatal("the question that was just asked is not pending")
		}
		if got := mayBePending(events); want && !got || ok && len(a.brief.Missing) > 0 && got != want {
			r.Fatalf("may be pending: %v, pending: %v", got, want)
		}
	})
}
