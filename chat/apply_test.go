package chat

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

var noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// story applies events one after the other, a minute apart.
type story struct {
	t       testing.TB
	c       Conversation
	handoff HandoffRecord
}

func begin(t testing.TB) *story {
	s := &story{t: t}
	return s.then(KindOpened, RoleSystem, Opened{Site: "demo", Visitor: "v1"})
}

func (s *story) then(kind Kind, role Role, body any) *story {
	s.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	seq := s.c.LastSeq + 1
	e := Event{Conversation: "c1", Seq: seq, Kind: kind, Role: role, Body: text, At: noon.Add(time.Duration(seq) * time.Minute)}
	if s.c, err = Apply(s.c, e); err != nil {
		s.t.Fatal(err)
	}
	if s.handoff, err = ApplyHandoff(s.handoff, s.c, e); err != nil {
		s.t.Fatal(err)
	}
	return s
}

func (s *story) says(text string) *story {
	return s.then(KindMessage, RoleVisitor, Message{Text: text})
}

func (s *story) asks(id string) *story {
	return s.then(KindHandoffRequested, RoleSystem, Handoff{
		ID: id, Reason: "asked_for_human", Severity: SeverityHigh, Level: LevelAgent, Skill: "billing", Topic: "refund", DueAt: noon.Add(time.Hour),
	})
}

func (s *story) claims(agent string) *story {
	return s.then(KindHandoffClaimed, RoleAgent, Claimed{Agent: agent, Name: "Agent " + agent})
}

func minute(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }

// check compares what matters at one point of a story.
func check[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}

func TestOpenedBelongsToTheBot(t *testing.T) {
	c := begin(t).c
	check(t, "owner", c.Owner, OwnerBot)
	check(t, "epoch", c.Epoch, 1)
	check(t, "site and visitor", c.Site+c.Visitor, "demov1")
	check(t, "turn pending", c.TurnPending(), false)
}

func TestVisitorsMessageMakesATurnDue(t *testing.T) {
	s := begin(t).says("hi")
	check(t, "due at once", s.c.TurnDue, minute(2))
	s.then(KindMessage, RoleVisitor, Message{Text: "more", Due: minute(9)})
	check(t, "due later", s.c.TurnDue, minute(9))
	check(t, "pending", s.c.TurnPending(), true)
	s.then(KindDecision, RoleBot, Decision{UpTo: 2, State: json.RawMessage(`{"misses":1}`), Language: "hu", Topic: "refund"})
	check(t, "still due after a decision about the first message", s.c.TurnDue, minute(9))
	s.then(KindDecision, RoleBot, Decision{UpTo: 3, State: json.RawMessage(`{"misses":2}`)})
	check(t, "answered", s.c.TurnPending() || !s.c.TurnDue.IsZero(), false)
	check(t, "state, language and topic", string(s.c.State)+s.c.Language+s.c.Topic, `{"misses":2}hurefund`)
	s.then(KindMessage, RoleBot, Message{Text: "hello"})
	check(t, "the bot's own message makes none due", s.c.TurnDue.IsZero(), true)
	check(t, "preview", string(s.c.LastRole)+s.c.LastText, "bothello")
}

func TestPreviewIsCutAtRunes(t *testing.T) {
	long := strings.Repeat("ž", PreviewRunes+1)
	s := begin(t).says(long)
	check(t, "cut", s.c.LastText, long[:2*(PreviewRunes-1)]+"…")
	check(t, "whole", s.says(long[2:]).c.LastText, long[2:])
}

func TestThePreviewIsWhatWasSaidLast(t *testing.T) {
	s := begin(t).says("Where is my parcel?")
	for _, part := range []string{"known_issue", "emergency", "handoff"} {
		s.then(KindMessage, RoleBot, Message{Text: "the house's own words", Part: part})
	}
	s.asks("h1")
	for _, part := range []string{"ask", "complaint", "promise_near", "promise_broken"} {
		s.then(KindMessage, RoleSystem, Message{Text: "the house's own words", Part: part})
	}
	check(t, "preview", string(s.c.LastRole)+": "+s.c.LastText, "visitor: Where is my parcel?")
	s.claims("ann").then(KindMessage, RoleAgent, Message{Text: "I look for it."})
	check(t, "preview", string(s.c.LastRole)+": "+s.c.LastText, "agent: I look for it.")
}

func TestHandoffFromRequestToClose(t *testing.T) {
	s := begin(t).says("help").asks("h1")
	check(t, "owner", s.c.Owner, OwnerQueue)
	check(t, "no bot's turn", s.c.TurnDue.IsZero(), true)
	check(t, "requested", s.c.RequestedAt, minute(3))
	s.claims("ann")
	check(t, "holder", s.c.Agent+" "+string(s.c.Owner), "ann agent")
	check(t, "answer clock stops", s.c.DueAt.IsZero(), true)
	s.then(KindHandoffReleased, RoleAgent, Released{Agent: "ann", Reason: "released"})
	check(t, "back in the queue", s.c.Owner, OwnerQueue)
	check(t, "nobody holds it", s.c.Agent, "")
	check(t, "keeps its place", s.c.RequestedAt, minute(3))
	s.claims("bob").then(KindHandoffTransferred, RoleAgent, Transferred{By: "bob", To: "eve", ToName: "Eve", Level: 2})
	check(t, "transferred", s.c.Agent, "eve")
	check(t, "handovers", s.c.Handovers, 3)
	s.then(KindHandoffEscalated, RoleAgent, Escalated{By: "eve", Level: 3, Severity: SeverityCritical, Reason: "legal"})
	check(t, "escalated", s.c.Owner, OwnerQueue)
	check(t, "queues anew", s.c.RequestedAt, minute(8))
	s.claims("eve").then(KindClosed, RoleAgent, Closed{By: "eve", Cause: "wrong_bill", Outcome: "settled", Label: "too_late"})
	check(t, "closed", s.c.Owner, OwnerClosed)
	check(t, "epoch counts every change of owner", s.c.Epoch, 9)
	check(t, "record", s.handoff, HandoffRecord{
		ID: "h1", Conversation: "c1", Site: "demo", Visitor: "v1", Reason: "asked_for_human", Severity: SeverityCritical,
		Level: 3, Skill: "billing", Topic: "refund", RequestedAt: minute(3), ClaimedAt: minute(4), Agent: "eve", Claims: 4,
		Escalations: 1, EndedAt: minute(10), Ended: HandoffClosed, Outcome: "settled", Label: "too_late",
	})
}

func TestReturnGivesTheBotAFreshStart(t *testing.T) {
	s := begin(t).asks("h1").claims("ann").says("to ann").then(KindReturnedToBot, RoleAgent, Returned{By: "ann", State: json.RawMessage(`{}`)})
	check(t, "owner", s.c.Owner, OwnerBot)
	check(t, "what was said to ann is not the bot's to answer", s.c.TurnPending(), false)
	check(t, "ended", s.handoff.Ended, HandoffReturned)
	s.then(KindClosed, RoleBot, Closed{Outcome: "settled"})
	check(t, "the bot's close is not the agent's", s.handoff.Ended, HandoffReturned)
	s.then(KindReopened, RoleVisitor, Reopened{Owner: OwnerBot, Reason: "visitor_wrote"}).asks("h2")
	check(t, "a second handoff is a record of its own", s.handoff.ID+s.handoff.Ended+s.handoff.Agent, "h2")
}

func TestTicketAndReopen(t *testing.T) {
	s := begin(t).asks("h1").then(KindLeftMessage, RoleVisitor, LeftMessage{Text: "call me", Phone: "1"})
	check(t, "ticket", s.c.Owner, OwnerTicket)
	check(t, "keeps its place", s.c.RequestedAt, minute(2))
	check(t, "preview", s.c.LastText, "call me")
	due := *s
	due.then(KindLeftMessage, RoleVisitor, LeftMessage{Text: "in writing", DueAt: minute(90)})
	check(t, "due by its own clock", due.c.DueAt, minute(90))
	due.then(KindLeftMessage, RoleVisitor, LeftMessage{Phone: "1", Callback: minute(60)})
	check(t, "a call has its hour, and no clock", due.c.CallbackAt.Equal(minute(60)) && due.c.DueAt.IsZero() && due.c.ClockAt.IsZero(), true)
	left := *s
	left.then(KindHandoffEscalated, RoleSystem, Escalated{Level: 2, Reason: "clock"})
	check(t, "keeps its place when it goes up", left.c.RequestedAt, minute(2))
	left = *s
	left.then(KindHandoffTransferred, RoleAgent, Transferred{By: "eve", Skill: "billing"})
	check(t, "keeps its place when it is sent on", left.c.RequestedAt, minute(2))
	s.claims("ann").then(KindClosed, RoleAgent, Closed{Outcome: "settled"})
	s.then(KindReopened, RoleVisitor, Reopened{Owner: OwnerQueue, Level: 2, Reason: "bad_rating"})
	check(t, "reopened one level up", s.c.Level, 2)
	check(t, "not closed any more", s.c.ClosedAt.IsZero() && s.c.Outcome == "", true)
	check(t, "the handoff goes on", s.handoff.Ended+s.handoff.Outcome, "")
}

func TestEachMatterHasItsOwnCauseAndProduct(t *testing.T) {
	s := begin(t).asks("h1").claims("ann").then(KindClosed, RoleAgent, Closed{Cause: "wrong_bill", Product: "cup"})
	s.then(KindReopened, RoleVisitor, Reopened{Owner: OwnerBot, Reason: "visitor_wrote"}).then(KindClosed, RoleBot, Closed{Outcome: "settled"})
	check(t, "a thank-you leaves what the agent said", s.c.Cause+" "+s.c.Product, "wrong_bill cup")
	s.then(KindReopened, RoleSystem, Reopened{Owner: OwnerQueue, Reason: "bad_rating"}).claims("bob").then(KindClosed, RoleAgent, Closed{Product: "lid"})
	check(t, "the same matter again", s.c.Cause+" "+s.c.Product, "wrong_bill lid")
	s.then(KindReopened, RoleVisitor, Reopened{Owner: OwnerBot, Reason: "visitor_wrote"})
	taken := *s
	taken.claims("eve")
	check(t, "taken over", taken.c.Cause+taken.c.Product, "")
	check(t, "handed over", s.asks("h2").c.Cause+s.c.Product, "")
}

func TestApplyRefuses(t *testing.T) {
	c := begin(t).c
	for name, e := range map[string]Event{
		"gap":      {Seq: 3, Kind: KindMessage, Body: []byte(`{}`)},
		"repeat":   {Seq: 1, Kind: KindMessage, Body: []byte(`{}`)},
		"bad body": {Seq: 2, Kind: KindMessage, Body: []byte(`[]`)},
		"no body":  {Seq: 2, Kind: KindClosed},
	} {
		if _, err := Apply(c, e); err == nil {
			t.Errorf("%s was applied", name)
		}
	}
	later, err := Apply(c, Event{Seq: 2, Kind: "invented_later", Body: []byte(`7`), At: minute(2)})
	if err != nil {
		t.Fatal(err)
	}
	check(t, "an unknown kind moves the seq only", later.LastSeq, 2)
}

// Whatever happens in whatever order: the epoch rises with every change of owner and never falls, an agent
// holds it exactly while the owner is agent, and only the bot has a turn due.
func TestApplyKeepsItsInvariants(t *testing.T) {
	steps := map[string]func(s *story){
		"say":        func(s *story) { s.says("x") },
		"decide":     func(s *story) { s.then(KindDecision, RoleBot, Decision{UpTo: s.c.VisitorSeq}) },
		"ask":        func(s *story) { s.asks("h") },
		"claim":      func(s *story) { s.claims("ann") },
		"release":    func(s *story) { s.then(KindHandoffReleased, RoleAgent, Released{}) },
		"pass on":    func(s *story) { s.then(KindHandoffTransferred, RoleAgent, Transferred{To: "bob"}) },
		"pass back":  func(s *story) { s.then(KindHandoffTransferred, RoleAgent, Transferred{Skill: "billing"}) },
		"escalate":   func(s *story) { s.then(KindHandoffEscalated, RoleSystem, Escalated{Level: 2}) },
		"return":     func(s *story) { s.then(KindReturnedToBot, RoleAgent, Returned{}) },
		"leave":      func(s *story) { s.then(KindLeftMessage, RoleVisitor, LeftMessage{Text: "x"}) },
		"close":      func(s *story) { s.then(KindClosed, RoleAgent, Closed{}) },
		"reopen":     func(s *story) { s.then(KindReopened, RoleVisitor, Reopened{Owner: OwnerBot}) },
		"reclassify": func(s *story) { s.then(KindHandoffReclassified, RoleAgent, Reclassified{Skill: "s"}) },
	}
	names := make([]string, 0, len(steps))
	for name := range steps {
		names = append(names, name)
	}
	rapid.Check(t, func(r *rapid.T) {
		s := begin(t)
		for _, name := range rapid.SliceOfN(rapid.SampledFrom(names), 1, 60).Draw(r, "steps") {
			before := s.c
			steps[name](s)
			after := s.c
			if before.Owner != after.Owner && after.Epoch <= before.Epoch || after.Epoch < before.Epoch {
				r.Fatalf("%s: owner %s to %s, epoch %d to %d", name, before.Owner, after.Owner, before.Epoch, after.Epoch)
			}
			if (after.Agent != "") != (after.Owner == OwnerAgent) {
				r.Fatalf("%s: owner %s with agent %q", name, after.Owner, after.Agent)
			}
			if !after.TurnDue.IsZero() && !after.TurnPending() {
				r.Fatalf("%s: a turn is due and none is pending: %+v", name, after)
			}
		}
	})
}
