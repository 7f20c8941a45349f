package care_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ombud/chat"
)

// leaves has somebody leave a message that is to be answered in four hours.
func (w *world) leaves(id, client string) {
	w.t.Helper()
	w.add(id, chat.KindLeftMessage, chat.RoleVisitor, "v", client, chat.LeftMessage{
		Text: "help", Email: "zoe@example.com", Zone: "Europe/Budapest", DueAt: w.now().Add(4 * time.Hour), WarnAt: w.now().Add(3 * time.Hour),
	})
}

// later gives the new times that a customer was given.
func (w *world) later(id string) (times []string) {
	for _, m := range bodies[chat.Message](w, id, chat.KindMessage) {
		if !m.Until.IsZero() {
			times = append(times, m.Until.Sub(noon).String())
		}
	}
	return times
}

func (w *world) opens(id string) {
	w.t.Helper()
	w.add(id, chat.KindOpened, chat.RoleSystem, "", "", chat.Opened{Site: "demo", Visitor: "v"})
}

func (w *world) claims(id string) {
	w.t.Helper()
	w.add(id, chat.KindHandoffClaimed, chat.RoleAgent, "ann", "", chat.Claimed{Agent: "ann", Name: "Ann", DueAt: w.now().Add(48 * time.Hour)})
}

// Who leaves a message is told by when it is answered, on their own clock; and before each time that they were told passes, they are
// given a new one, once, for as long as nobody answers.
func TestWhoLeftAMessageIsToldByWhen(t *testing.T) {
	each(t, func(w *world) {
		w.opens("c")
		w.leaves("c", "m1")
		w.pass(time.Minute)
		want(w.t, "by when", strings.Contains(w.mails[0].Text, "answer you by 2 March 2026 17:00 (Europe/Budapest)"), true)
		w.pass(2*time.Hour + 58*time.Minute)
		want(w.t, "too early", len(w.later("c")), 0)
		w.pass(2 * time.Minute)
		const again = "We said that we would answer you by 2 March 2026 17:00 (Europe/Budapest). That may take longer, and we are sorry: " +
			"you will have our answer by 3 March 2026 17:00 (Europe/Budapest)."
		said := bodies[chat.Message](w, "c", chat.KindMessage)
		if len(said) != 1 || said[0].Text != again || len(w.mails) != 2 || !strings.HasPrefix(w.mails[1].Text, again) {
			w.t.Fatalf("said %+v, mails %+v", said, w.mails)
		}
		w.pass(71 * time.Hour)
		want(w.t, "one for each, each time a span further off", fmt.Sprint(w.later("c")), "[28h0m0s 76h0m0s 148h0m0s]")
		want(w.t, "mails", len(w.mails), 4)
		w.add("c", chat.KindLeftMessage, chat.RoleVisitor, "v", "m2", chat.LeftMessage{
			Phone: "1", Email: "zoe@example.com", Zone: "Europe/Budapest", Callback: noon.Add(92 * time.Hour), Until: noon.Add(93 * time.Hour),
		})
		w.pass(time.Minute)
		want(w.t, "when the call comes", strings.Contains(w.mails[4].Text, "call you on 6 March 2026 09:00–10:00 (Europe/Budapest)"), true)
		w.pass(72 * time.Hour)
		want(w.t, "a call has its hour", len(w.later("c")), 3)
	})
}

// The time that the customer was told stays watched when an agent holds the message: the agent is warned and the customer given a new
// time, and a breach goes up once, whatever the agent's own clock says, until they have answered.
func TestAMessageThatIsHeldIsStillOwedInTime(t *testing.T) {
	each(t, func(w *world) {
		for _, id := range []string{"silent", "answered", "promised", "closed", "released"} {
			w.opens(id)
			w.leaves(id, "m1")
			w.claims(id)
		}
		w.add("answered", chat.KindMessage, chat.RoleAgent, "ann", "r1", chat.Message{Text: "It is on its way.", Name: "Ann"})
		w.promise("promised", "p1", 100*time.Hour)
		w.closes("closed")
		w.add("released", chat.KindHandoffReleased, chat.RoleAgent, "ann", "", chat.Released{Agent: "ann", Owner: chat.OwnerTicket, DueAt: noon.Add(100 * time.Hour)})
		own := w.conv("silent").ClockAt
		w.pass(3*time.Hour + 30*time.Minute)
		clocks := bodies[chat.Clock](w, "silent", chat.KindClock)
		if len(clocks) != 1 || clocks[0].State != chat.ClockWarned || !clocks[0].DueAt.Equal(noon.Add(4*time.Hour)) || !w.conv("silent").ClockAt.Equal(own) {
			w.t.Errorf("the agent is warned by %+v, and has until %s", clocks, w.conv("silent").ClockAt)
		}
		want(w.t, "a new time", fmt.Sprint(w.later("silent"), w.later("released")), "[28h0m0s] [28h0m0s]")
		want(w.t, "not yet late", w.conv("silent").Agent, "ann")
		w.keeps = "writing"
		w.pass(time.Hour)
		want(w.t, "not while she writes", w.conv("silent").Agent, "ann")
		w.keeps = ""
		w.pass(time.Hour)
		for _, id := range []string{"silent", "released"} {
			ups := bodies[chat.Escalated](w, id, chat.KindHandoffEscalated)
			if c := w.conv(id); len(ups) != 1 || ups[0].Reason != "clock" || c.Level != 1 || c.Agent != "" {
				w.t.Errorf("%s went up by %+v, level %d", id, ups, c.Level)
			}
		}
		w.pass(72 * time.Hour)
		for _, id := range []string{"answered", "promised", "closed"} {
			if ups := bodies[chat.Escalated](w, id, chat.KindHandoffEscalated); len(w.later(id)) != 0 || len(ups) != 0 {
				w.t.Errorf("%s: %v, %+v", id, w.later(id), ups)
			}
		}
		w.must(w.db.Verify(t.Context(), "silent"))
	})
}

// What waits with a clock for that very time is taken up by the line, once.
func TestAMessageThatWaitsGoesUpByTheLinesClockAlone(t *testing.T) {
	each(t, func(w *world) {
		w.opens("c")
		w.leaves("c", "m1")
		w.pass(5 * time.Hour)
		want(w.t, "left to the line", len(bodies[chat.Escalated](w, "c", chat.KindHandoffEscalated)), 0)
		w.opens("up")
		w.leaves("up", "m1")
		w.pass(4*time.Hour - time.Second)
		w.add("up", chat.KindHandoffEscalated, chat.RoleSystem, "", "", chat.Escalated{Level: 2, Reason: "clock", Owner: chat.OwnerTicket, DueAt: noon.Add(90 * time.Hour)})
		w.pass(time.Hour)
		want(w.t, "gone up already", len(bodies[chat.Escalated](w, "up", chat.KindHandoffEscalated)), 1)
	})
}
