package frame

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"ombud/chat"
)

var update = flag.Bool("update", false, "write the golden frames and docs/asyncapi.yaml anew")

const goldenDir = "../testdata/frames"

var at = time.Date(2026, 5, 4, 10, 0, 0, 123456000, time.UTC)

const conv = "0190c8a2-6f2e-7c3a-9a1e-2f8a6b7c8d9e"

// examples gives an example of every frame that the server sends, by the name of its golden file.
func examples(t *testing.T) map[string][]byte {
	t.Helper()
	out := map[string][]byte{
		"out-visitor-ack.json": EncodeAck(13, at, "m-1", conv), "out-agent-ack.json": EncodeAck(0, time.Time{}, "c-1", conv),
	}
	add := func(name, typ string, seq int64, data any) {
		b, err := Encode(typ, seq, data)
		if err != nil {
			t.Fatal(err)
		}
		out["out-"+name+".json"] = b
	}
	add("visitor-welcome", TypeWelcome, 12, VisitorWelcome{Conversation: conv, Token: "only-when-new", Owner: "agent", Reset: true, Language: "hu",
		Visitor: Person{ID: "v-1", Name: "Vera"}, Agent: &Person{Name: "Ann"}, Site: SiteInfo{"Shop", "en"}, Mail: true, Ask: []string{"name"}, Limits: Limits{Text: MaxText, File: 8 << 20, FileTypes: []string{"image/jpeg", "application/pdf"}}})
	add("agent-welcome", TypeWelcome, 0, AgentWelcome{
		User:   Me{"u-1", "Ann", "ann@example.com", "agent", 1, []string{"billing"}, []string{}, []string{"kettle"}, 4},
		Causes: []Cause{{"late", "Late delivery"}}, Agents: []Colleague{{"u-2", "Bea", 2, "online", 3}}, Email: true, Suggest: true})
	add("visitor-waiting", TypeWaiting, 0, Waiting{Conversation: conv, Position: 2, Minutes: &[2]int{1, 4}, Until: at.Add(4 * time.Minute), Renewed: true,
		Opens: at.Add(time.Hour), Offers: []string{"keep_waiting", "leave_message", "call_back"}})
	add("visitor-slots", TypeSlots, 0, Slots{"s-1", conv, "Europe/Budapest", []Slot{{at, at.Add(time.Hour)}}})
	add("visitor-typing", TypeTyping, 0, Typing{conv, "agent", "Ann", true})
	add("visitor-draft", TypeDraft, 0, Draft{conv, "It is on its way."})
	add("agent-reset", TypeReset, 0, Reset{conv})
	add("agent-read", TypeRead, 14, Read{conv, "visitor"})
	item := QueueItem{Conversation: conv, Visitor: Person{"v-1", "Vera"}, Site: "demo", Language: "hu", Owner: "queue", Agent: &Person{"u-1", "Ann"},
		Reason: "asked_for_human", Severity: "high", Level: 1, Skill: "billing", Topic: "order_status", Label: "right_time", RequestedAt: at,
		DueAt: at.Add(time.Minute), CallbackAt: at, Handovers: 1, LastText: "hol van?", LastRole: "visitor", LastSeq: 14, UpdatedAt: at, Rank: 1}
	add("agent-queue-snapshot", TypeQueue, 0, QueueSnapshot{true, []QueueItem{item}})
	add("agent-queue", TypeQueue, 0, Queue{[]QueueItem{item}, []string{conv}})
	add("agent-presence", TypePresence, 0, Presence{[]Colleague{{"u-2", "Bea", 2, "away", 3}}})
	add("visitor-pong", TypePong, 0, Pong{"p-1"})
	add("visitor-error", TypeError, 0, Error{Code: CodeRateLimited, Message: "Too many at once. Wait a moment.", Temporary: true, ID: "m-2", RetryMS: 600})
	add("agent-error", TypeError, 0, Error{Code: CodeTaken, Message: "Somebody else was first.", ID: "c-1", Conversation: conv, Field: "f", Why: "too_long", Agent: &Person{"u-2", "Bea"}})
	for _, kind := range kinds {
		for name, to := range map[string]Who{"visitor": Visitor, "agent": Agent} {
			b, err := EncodeEvent(kind.event(t), to)
			if err != nil {
				t.Fatal(err)
			}
			if b != nil {
				out["out-"+name+"-event-"+string(kind.kind)+".json"] = b
			}
		}
	}
	return out
}

type sampleEvent struct {
	kind chat.Kind
	role chat.Role
	body any
}

func (s sampleEvent) event(t *testing.T) chat.Event {
	body, err := json.Marshal(s.body)
	if err != nil {
		t.Fatal(err)
	}
	e := chat.Event{Conversation: conv, Seq: 14, Kind: s.kind, Role: s.role, At: at, Body: body}
	if s.role == chat.RoleVisitor || s.role == chat.RoleAgent {
		e.Sender, e.ClientID = "sender-"+string(s.role), "m-1"
	}
	return e
}

// kinds holds an event of every kind, with every field set; the words "internal" and "secret" must never reach a visitor.
var kinds = []sampleEvent{
	{chat.KindOpened, chat.RoleSystem, chat.Opened{Site: "demo", Visitor: "internal", Locale: "hu", Page: "https://shop.example.com/internal"}},
	{chat.KindMessage, chat.RoleAgent, chat.Message{Text: "<b>Hello</b>", Name: "Ann", Language: "en", QuickReplies: []chat.QuickReply{{Label: "Yes", Text: "Yes, please"}},
		Asks: &chat.Asked{Fact: "order_number", Kind: "number", Label: "order number", Invalid: "That is no order number.", Skip: "I don't have it", Pattern: "WS-[0-9]{6}"},
		Part: "answer", Due: at, Source: "internal", Cites: []chat.Cited{{Passage: "internal#1", Article: "internal", Version: 2, Title: "internal"}}}},
	{chat.KindNote, chat.RoleAgent, chat.Note{Text: "internal", Name: "Ann", Whisper: true}},
	{chat.KindAssessment, chat.RoleBot, map[string]any{"signals": "internal"}},
	{chat.KindDecision, chat.RoleBot, chat.Decision{Action: "answer", Reason: "internal", Rule: "r", Policy: 3, UpTo: 13, State: json.RawMessage(`{"secret":1}`), Record: json.RawMessage(`{"fired":[]}`)}},
	{chat.KindHandoffRequested, chat.RoleBot, chat.Handoff{ID: "internal", Reason: "asked_for_human", Severity: "medium", Level: 1, Skill: "internal", Language: "hu",
		Topic: "internal", Evidence: []chat.Evidence{{Signal: "internal", Seq: 3, Quote: "internal", Value: .5}}, DueAt: at, AnsweredUpTo: 4}},
	{chat.KindHandoffOffered, chat.RoleSystem, chat.Offered{Handoff: "internal", Agent: "internal"}},
	{chat.KindHandoffClaimed, chat.RoleAgent, chat.Claimed{Handoff: "internal", Agent: "internal", Name: "Ann", TakenFrom: "internal"}},
	{chat.KindHandoffTransferred, chat.RoleAgent, chat.Transferred{Handoff: "internal", By: "internal", To: "internal", ToName: "Bea", Skill: "internal", Level: 2, Word: "internal", DueAt: at}},
	{chat.KindHandoffEscalated, chat.RoleAgent, chat.Escalated{Handoff: "internal", By: "internal", Level: 2, Skill: "internal", Severity: "high", Reason: "internal", DueAt: at}},
	{chat.KindHandoffReleased, chat.RoleAgent, chat.Released{Handoff: "internal", Agent: "internal", Reason: "released"}},
	{chat.KindHandoffLabelled, chat.RoleAgent, chat.Labelled{Handoff: "internal", Label: "right_time"}},
	{chat.KindReturnedToBot, chat.RoleAgent, chat.Returned{By: "internal", State: json.RawMessage(`{"secret":1}`)}},
	{chat.KindLeftMessage, chat.RoleVisitor, chat.LeftMessage{Text: "call me", Email: "v@example.com", Phone: "+36 1", Callback: at, Until: at.Add(time.Hour), Zone: "Europe/Budapest"}},
	{chat.KindOffer, chat.RoleAgent, chat.Offer{ID: "o-1", Remedy: "refund", Worth: 4800, Currency: "EUR", Text: "Your money back", State: "offered"}},
	{chat.KindPromise, chat.RoleAgent, chat.Promise{ID: "p-1", Text: "We call", By: "internal", DueAt: at, State: "open"}},
	{chat.KindComplaint, chat.RoleSystem, chat.Complaint{Number: "C-2026-000123", Conversation: "internal", By: "internal", At: at, DueAt: at}},
	{chat.KindSurvey, chat.RoleSystem, chat.Survey{ID: "s-1", State: "asked", Rating: 4, Text: "fine"}},
	{chat.KindClosed, chat.RoleAgent, chat.Closed{By: "internal", Name: "Ann", Cause: "internal", Product: "internal", Outcome: "internal", Label: "internal"}},
	{chat.KindReopened, chat.RoleSystem, chat.Reopened{Owner: "bot", Level: 1, Reason: "visitor_wrote"}},
	{chat.KindBrief, chat.RoleBot, map[string]any{"matter": "internal"}},
	{chat.KindVisitorIdentified, chat.RoleSystem, chat.Identified{Name: "internal", Email: "internal", Verified: true, Attrs: map[string]string{"plan": "internal"}, Unverified: map[string]string{"cart": "internal"}}},
	{chat.KindErased, chat.RoleSystem, chat.Erasure{By: "internal", Why: chat.ErasedAsked}},
	{chat.KindLanguageChanged, chat.RoleSystem, chat.LanguageChanged{Language: "internal"}},
	{chat.KindFile, chat.RoleVisitor, chat.Attached{File: "f-1", FileName: "photo.jpg", Type: "image/jpeg", Size: 48200, Width: 1200, Height: 900, Name: "Ann"}},
	{"clock", chat.RoleSystem, map[string]any{"handoff": "internal", "state": "warned", "due_at": at, "next": at}},
	{chat.KindHandoffReclassified, chat.RoleAgent, chat.Reclassified{Handoff: "internal", Severity: "high", Skill: "internal", Topic: "internal", Name: "Ann"}},
}

func TestGoldenFramesOfTheServer(t *testing.T) {
	want := examples(t)
	for name, frame := range want {
		path := filepath.Join(goldenDir, name)
		if *update {
			if err := os.WriteFile(path, append(frame, '\n'), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%v (run with -update)", err)
		} else if strings.TrimSpace(string(got)) != string(frame) {
			t.Errorf("%s\n is   %s\n code %s", name, got, frame)
		}
		if !json.Valid(frame) {
			t.Errorf("%s is no JSON: %s", name, frame)
		}
	}
	files, err := filepath.Glob(filepath.Join(goldenDir, "out-*.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range files {
		if want[filepath.Base(path)] == nil {
			t.Errorf("%s: nothing in the code makes it", path)
		}
	}
}

func TestGoldenFramesOfClientsParse(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(goldenDir, "in-*.json"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[shapeKey]bool{}
	sides := map[string]Who{"nobody": Nobody, "visitor": Visitor, "agent": Agent}
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		side := strings.Split(filepath.Base(path), "-")[1]
		in, prob := Parse(text, sides[side])
		if prob != nil {
			t.Errorf("%s: %v", path, prob)
		}
		seen[shapeKey{in.Type, sides[side]}] = true
	}
	for key := range shapes {
		if !seen[key] {
			t.Errorf("no golden frame %q from side %d", key.typ, key.from)
		}
	}
}

func TestVisitorsSeeNothingInternal(t *testing.T) {
	seen := 0
	for name, frame := range examples(t) {
		if !strings.HasPrefix(name, "out-visitor-event-") {
			continue
		}
		seen++
		for _, word := range []string{"internal", "secret", "sender", `"due"`, `"by"`, "evidence", "policy"} {
			if strings.Contains(string(frame), word) {
				t.Errorf("%s shows %q: %s", name, word, frame)
			}
		}
	}
	if seen != 16 {
		t.Errorf("visitors saw %d kinds of event", seen)
	}
}

// TestEveryKindHasASample keeps a new kind from reaching visitors unlooked at.
func TestEveryKindHasASample(t *testing.T) {
	source, err := os.ReadFile("../../chat/event.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(string(source), "\n") {
		name, rest, ok := strings.Cut(strings.TrimSpace(line), " Kind = ")
		if !ok {
			name, rest, ok = strings.Cut(strings.Join(strings.Fields(line), " "), " Kind = ")
		}
		if !ok || !strings.HasPrefix(name, "Kind") {
			continue
		}
		kind := chat.Kind(strings.Split(rest, `"`)[1])
		if !slices.ContainsFunc(kinds, func(s sampleEvent) bool { return s.kind == kind }) {
			t.Errorf("kind %q has no sample here", kind)
		}
	}
}

func TestEncodeEventRefusesABodyThatIsNoObject(t *testing.T) {
	for _, body := range []string{`[]`, `1`, `{"a":`, `{a:1}`} {
		if b, err := EncodeEvent(chat.Event{Kind: chat.KindMessage, Body: json.RawMessage(body)}, Agent); err == nil {
			t.Errorf("%s became %s", body, b)
		}
	}
}

func BenchmarkEncodeEvent(b *testing.B) {
	e := chat.Event{Conversation: conv, Seq: 14, Kind: chat.KindMessage, Role: chat.RoleVisitor, At: at, ClientID: "m-1",
		Body: json.RawMessage(`{"text":"` + strings.Repeat("a", 64) + `","due":"2026-05-04T10:00:00Z"}`)}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := EncodeEvent(e, Agent); err != nil {
			b.Fatal(err)
		}
	}
}
