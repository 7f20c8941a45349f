package care_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ombud/chat"
)

// asksToBeCalled leaves a message that asks for a call in the hour from a time.
func (w *world) asksToBeCalled(id, client string, from time.Time) {
	w.t.Helper()
	w.add(id, chat.KindLeftMessage, chat.RoleVisitor, "v", client, chat.LeftMessage{
		Phone: "+36 1", Callback: from, Until: from.Add(time.Hour), Zone: "America/New_York",
	})
}

func TestACallThatNobodyMakesGoesUpOnce(t *testing.T) {
	each(t, func(w *world) {
		w.add("c", chat.KindOpened, chat.RoleSystem, "", "", chat.Opened{Site: "demo", Visitor: "v"})
		w.add("c", chat.KindHandoffRequested, chat.RoleSystem, "", "", chat.Handoff{ID: "h", Severity: chat.SeverityMedium, Level: 1})
		w.add("c", chat.KindLanguageChanged, chat.RoleSystem, "", "", chat.LanguageChanged{Language: "hu"})
		w.asksToBeCalled("c", "1", noon.Add(2*time.Hour))
		w.asksToBeCalled("c", "1", noon.Add(2*time.Hour)) // sent twice
		promises := bodies[chat.Promise](w, "c", chat.KindPromise)
		if len(promises) != 1 || !promises[0].DueAt.Equal(noon.Add(3*time.Hour)) || !strings.Contains(promises[0].Text, "(America/New York)") {
			t.Fatalf("%+v", promises)
		}
		w.asksToBeCalled("c", "2", noon.Add(5*time.Hour)) // another time suits better
		w.pass(4 * time.Hour)
		if got := states(bodies[chat.Promise](w, "c", chat.KindPromise)); strings.Join(got, " ") != "open open" {
			t.Errorf("the first slot has passed: %q", got)
		}
		w.pass(24 * time.Hour)
		if got := states(bodies[chat.Promise](w, "c", chat.KindPromise)); strings.Join(got, " ") != "open open warned broken" {
			t.Errorf("%q", got)
		}
		c := w.conv("c")
		if c.Owner != chat.OwnerTicket || c.Level != 2 || !c.DueAt.Equal(noon.Add(6*time.Hour+10*time.Minute)) {
			t.Errorf("%s at level %d, to be answered by %s", c.Owner, c.Level, c.DueAt)
		}
	})
}

// Where nobody is there above, the customer hears in time all the same, and the matter goes up once somebody is.
func TestAMissedCallWaitsForSomebodyAbove(t *testing.T) {
	each(t, func(w *world) {
		w.add("c", chat.KindOpened, chat.RoleSystem, "", "", chat.Opened{Site: "demo", Visitor: "v"})
		w.add("c", chat.KindHandoffRequested, chat.RoleSystem, "", "", chat.Handoff{ID: "h", Severity: chat.SeverityMedium, Level: 1})
		w.asksToBeCalled("c", "1", noon.Add(2*time.Hour))
		w.keeps = "nobody_there"
		w.pass(20 * time.Hour)
		c := w.conv("c")
		said := bodies[chat.Message](w, "c", chat.KindMessage)
		if got := states(bodies[chat.Promise](w, "c", chat.KindPromise)); strings.Join(got, " ") != "open warned broken" || c.Level != 1 || c.Owner != chat.OwnerTicket {
			t.Fatalf("%q, %s at level %d", got, c.Owner, c.Level)
		}
		if len(said) != 2 || !strings.HasSuffix(said[1].Text, "A senior colleague will take it up as soon as one is here.") {
			t.Errorf("the customer was told %+v", said)
		}
		w.keeps = ""
		w.pass(time.Hour)
		ups := bodies[chat.Escalated](w, "c", chat.KindHandoffEscalated)
		if c = w.conv("c"); len(ups) != 1 || ups[0].Reason != "promise_broken" || c.Level != 2 || c.Owner != chat.OwnerTicket {
			t.Errorf("%+v, %s at level %d", ups, c.Owner, c.Level)
		}
		w.must(w.db.Verify(t.Context(), "c"))
	})
}

// What is done about it while nobody is there above is enough.
func TestABrokenPromiseThatWasMadeGoodStays(t *testing.T) {
	each(t, func(w *world) {
		w.keeps = "nobody_there"
		for _, id := range []string{"kept", "closed", "up"} {
			w.held(id)
		}
		kept := w.promise("kept", "p1", time.Hour)
		w.promise("closed", "p1", time.Hour)
		w.promise("up", "p1", time.Hour)
		w.pass(2 * time.Hour)
		w.must(w.care.SettlePromise(t.Context(), ann, "kept", "s", kept, "kept", time.Time{}))
		w.closes("closed")
		w.add("up", chat.KindHandoffEscalated, chat.RoleAgent, "ann", "", chat.Escalated{By: "ann", Level: 2, Reason: "asked"})
		w.keeps = ""
		w.pass(2 * time.Hour)
		want(t, "kept late", fmt.Sprint(w.conv("kept").Owner, w.conv("kept").Level), "agent1")
		want(t, "closed", w.conv("closed").Owner, chat.OwnerClosed)
		want(t, "sent up by its agent", len(bodies[chat.Escalated](w, "up", chat.KindHandoffEscalated)), 1)
		want(t, "no timer is left", len(w.jobs) <= 1, true) // but for the survey
	})
}

func TestACallThatWasMadeIsKept(t *testing.T) {
	each(t, func(w *world) {
		w.held("c")
		w.add("c", chat.KindHandoffReleased, chat.RoleAgent, "ann", "", chat.Released{Agent: "ann"})
		w.asksToBeCalled("c", "1", noon.Add(2*time.Hour))
		w.add("c", chat.KindHandoffClaimed, chat.RoleAgent, "ann", "", chat.Claimed{Agent: "ann", Name: "Ann"})
		ann := chat.User{ID: "ann", Grade: chat.GradeAgent, Level: 1}
		w.must(w.care.SettlePromise(t.Context(), ann, "c", "k", "callback", "kept", time.Time{}))
		w.pass(24 * time.Hour)
		want(t, "owner", w.conv("c").Owner, chat.OwnerAgent)
	})
}

func TestWhatComesBackHasAClock(t *testing.T) {
	each(t, func(w *world) {
		w.held("c")
		w.closes("c")
		w.add("c", chat.KindSurvey, chat.RoleVisitor, "v", "", chat.Survey{ID: "s", State: "answered", Rating: 1})
		c := w.conv("c")
		if c.Owner != chat.OwnerQueue || !c.DueAt.Equal(noon.Add(10*time.Minute)) || c.ClockAt.IsZero() || !c.ClockAt.Before(c.DueAt) {
			t.Errorf("%s, to be answered by %s, looked at again at %s", c.Owner, c.DueAt, c.ClockAt)
		}
	})
}
