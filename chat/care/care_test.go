package care_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/chat"
	"ombud/handoff"
)

func (w *world) promise(id, client string, in time.Duration) string {
	w.t.Helper()
	w.must(w.care.Promise(w.t.Context(), ann, id, client, chat.Promise{Text: "call back", DueAt: w.now().Add(in)}))
	ps := bodies[chat.Promise](w, id, chat.KindPromise)
	return ps[len(ps)-1].ID
}

func TestAPromiseIsWarnedOfAndEscalatesOnce(t *testing.T) {
	each(t, func(w *world) {
		w.held("c")
		w.promise("c", "p1", 2*time.Hour)
		w.must(w.care.Promise(w.t.Context(), ann, "c", "p1", chat.Promise{Text: "call back", DueAt: w.now().Add(2 * time.Hour)})) // a retry
		w.pass(89 * time.Minute)
		want(w.t, "before", strings.Join(states(bodies[chat.Promise](w, "c", chat.KindPromise)), " "), "open")
		w.pass(2 * time.Minute)
		want(w.t, "warned", strings.Join(states(bodies[chat.Promise](w, "c", chat.KindPromise)), " "), "open warned")
		m := bodies[chat.Message](w, "c", chat.KindMessage)
		want(w.t, "the customer hears before it is late, once", len(m), 1)
		want(w.t, "of what", m[0].Part+" "+fmt.Sprint(strings.Contains(m[0].Text, "call back")), "promise_near true")
		w.pass(28 * time.Minute)
		want(w.t, "still with ann", w.conv("c").Agent, "ann")
		w.pass(5 * time.Hour)
		want(w.t, "broken", strings.Join(states(bodies[chat.Promise](w, "c", chat.KindPromise)), " "), "open warned broken")
		c := w.conv("c")
		want(w.t, "one level up", fmt.Sprint(c.Owner, c.Level), "queue2")
		want(w.t, "escalations", len(bodies[chat.Escalated](w, "c", chat.KindHandoffEscalated)), 1)
		m = bodies[chat.Message](w, "c", chat.KindMessage)
		want(w.t, "the customer is told once more, once", len(m), 2)
		want(w.t, "in whose words", m[1].Part+" "+fmt.Sprint(strings.Contains(m[1].Text, "call back")), "promise_broken true")
	})
}

// Where the bot has the chat again by then, the agents get a brief with it.
func TestAPromiseBrokenWhileTheBotHasTheChatComesWithABrief(t *testing.T) {
	each(t, func(w *world) {
		w.held("c")
		w.promise("c", "p1", 2*time.Hour)
		w.add("c", chat.KindReturnedToBot, chat.RoleAgent, "ann", "", chat.Returned{By: "ann"})
		w.pass(3 * time.Hour)
		c, briefs := w.conv("c"), bodies[handoff.Brief](w, "c", chat.KindBrief)
		want(w.t, "a level up", fmt.Sprint(c.Owner, c.Level, c.Severity), "queue2high")
		if len(briefs) != 1 || briefs[0].Reason != "promise_broken" || briefs[0].Level != 2 || briefs[0].Severity != chat.SeverityHigh {
			t.Errorf("%+v", briefs)
		}
	})
}

func TestAPromiseKeptOrRenewedIsLeftAlone(t *testing.T) {
	each(t, func(w *world) {
		w.held("c")
		kept, renewed := w.promise("c", "p1", 2*time.Hour), w.promise("c", "p2", 2*time.Hour)
		w.must(w.care.SettlePromise(w.t.Context(), ann, "c", "s1", kept, "kept", time.Time{}))
		w.must(w.care.SettlePromise(w.t.Context(), ann, "c", "s2", renewed, "renewed", w.now().Add(8*time.Hour)))
		wantErr(w.t, "kept twice", w.care.SettlePromise(w.t.Context(), ann, "c", "s3", kept, "renewed", w.now().Add(time.Hour)), chat.ErrStale)
		wantErr(w.t, "none", w.care.SettlePromise(w.t.Context(), ann, "c", "s4", "none", "kept", time.Time{}), chat.ErrNotFound)
		wantErr(w.t, "past", w.care.SettlePromise(w.t.Context(), ann, "c", "s5", renewed, "renewed", w.now()), chat.ErrInvalid)
		w.pass(6 * time.Hour)
		want(w.t, "quiet", strings.Join(states(bodies[chat.Promise](w, "c", chat.KindPromise)), " "), "open open kept renewed")
		w.pass(6 * time.Hour)
		want(w.t, "the new time", strings.Join(states(bodies[chat.Promise](w, "c", chat.KindPromise)), " "), "open open kept renewed warned broken")
	})
}

// TestAPromiseKeptInTheSameMomentIsNotBroken has the agent keep it between the timer's look and its write.
func TestAPromiseKeptInTheSameMomentIsNotBroken(t *testing.T) {
	each(t, func(w *world) {
		w.held("c")
		id := w.promise("c", "p1", 2*time.Hour)
		w.pass(time.Hour + 59*time.Minute)
		w.between = func() {
			w.must(w.care.SettlePromise(w.t.Context(), ann, "c", "s", id, "kept", time.Time{}))
		}
		w.pass(2 * time.Minute)
		want(w.t, "kept", strings.Join(states(bodies[chat.Promise](w, "c", chat.KindPromise)), " "), "open warned kept")
		want(w.t, "still with ann", w.conv("c").Agent, "ann")
	})
}

func TestABrokenPromiseReopensAClosedMatter(t *testing.T) {
	each(t, func(w *world) {
		w.held("c")
		w.promise("c", "p1", 2*time.Hour)
		w.closes("c")
		w.pass(3 * time.Hour)
		c := w.conv("c")
		want(w.t, "reopened above", fmt.Sprint(c.Owner, c.Level), "queue2")
	})
}

// What the bot has again goes to people who know the matter, not to whoever is free.
func TestABrokenPromiseOfWhatTheBotHasKeepsItsSkill(t *testing.T) {
	each(t, func(w *world) {
		w.held("c")
		w.add("c", chat.KindHandoffReclassified, chat.RoleAgent, "ann", "", chat.Reclassified{Skill: "billing", Product: "kettle"})
		w.promise("c", "p1", 2*time.Hour)
		w.add("c", chat.KindReturnedToBot, chat.RoleAgent, "ann", "", chat.Returned{By: "ann"})
		w.pass(3 * time.Hour)
		c := w.conv("c")
		want(w.t, "queued above", fmt.Sprint(c.Owner, c.Level, " ", c.Skill, " ", c.Product), "queue2 billing kettle")
		w.must(w.db.Verify(w.t.Context(), "c"))
	})
}

func TestAnOfferKeepsToTheMandateAndIsAnsweredOnce(t *testing.T) {
	each(t, func(w *world) {
		w.held("c")
		ctx := w.t.Context()
		small := chat.Offer{Remedy: "discount", Worth: 2000, Currency: "EUR", Text: "20 off"}
		large := chat.Offer{Remedy: "refund", Worth: 2001, Currency: "EUR", Text: "all back"}
		wantErr(w.t, "beyond level 1", w.care.Offer(ctx, ann, "c", "o0", large), chat.ErrInvalid)
		wantErr(w.t, "no such remedy", w.care.Offer(ctx, eve, "c", "o0", chat.Offer{Remedy: "bribe"}), chat.ErrInvalid)
		wantErr(w.t, "not hers", w.care.Offer(ctx, chat.User{ID: "bob", Level: 1}, "c", "o0", small), chat.ErrTaken)
		w.must(w.care.Offer(ctx, ann, "c", "o1", small))
		w.must(w.care.Offer(ctx, ann, "c", "o1", small)) // a retry
		w.must(w.care.Offer(ctx, eve, "c", "o2", large))
		offers := bodies[chat.Offer](w, "c", chat.KindOffer)
		want(w.t, "offers", len(offers), 2)
		visitor := chat.Identity{Role: chat.RoleVisitor, ID: "v"}
		wantErr(w.t, "somebody else's", w.care.AnswerOffer(ctx, chat.Identity{Role: chat.RoleVisitor, ID: "w"}, "c", "a", offers[0].ID, true), chat.ErrNotFound)
		w.must(w.care.AnswerOffer(ctx, visitor, "c", "a1", offers[0].ID, true))
		w.must(w.care.AnswerOffer(ctx, visitor, "c", "a2", offers[0].ID, true))
		wantErr(w.t, "a change of mind", w.care.AnswerOffer(ctx, visitor, "c", "a3", offers[0].ID, false), chat.ErrStale)
		w.must(w.care.AnswerOffer(ctx, visitor, "c", "a4", offers[1].ID, false))
		got := ""
		for _, o := range bodies[chat.Offer](w, "c", chat.KindOffer) {
			got += o.Remedy + " " + o.State + ";"
		}
		want(w.t, "the log", got, "discount offered;refund offered;discount accepted;refund declined;")
	})
}

func TestComplaintsAreNumberedWithoutGaps(t *testing.T) {
	each(t, func(w *world) {
		const n = 12
		for i := range n {
			w.held(fmt.Sprint("c", i))
		}
		var wg sync.WaitGroup
		for i := range 2 * n { // each one twice at once
			wg.Go(func() {
				if _, err := w.care.Complain(w.t.Context(), "ann", fmt.Sprint("c", i%n)); err != nil {
					w.t.Error(err)
				}
			})
		}
		wg.Wait()
		w.pass(time.Hour)
		seen := map[string]bool{}
		for i := range n {
			id := fmt.Sprint("c", i)
			cs := bodies[chat.Complaint](w, id, chat.KindComplaint)
			want(w.t, "complaints of "+id, len(cs), 1)
			want(w.t, "acknowledgements", len(bodies[chat.Message](w, id, chat.KindMessage)), 1)
			seen[cs[0].Number] = true
		}
		for i := range n {
			want(w.t, "numbered", seen[fmt.Sprintf("C-2026-%06d", i+1)], true)
		}
		w.pass(365 * 24 * time.Hour)
		w.held("next")
		x, err := w.care.Complain(w.t.Context(), "ann", "next")
		w.must(err)
		want(w.t, "a new year", x.Number, "C-2027-000001")
		want(w.t, "answered in time or escalated", w.conv("c0").Level, 2)
	})
}

// TestACrashLosesNoComplaint registers the number and dies before anything is said.
func TestACrashLosesNoComplaint(t *testing.T) {
	each(t, func(w *world) {
		w.held("c")
		args, err := json.Marshal(map[string]string{"conversation": "c"})
		w.must(err)
		_, err = w.db.RegisterComplaint(w.t.Context(), chat.Complaint{Conversation: "c", At: w.now(), DueAt: w.now().Add(time.Hour)},
			[]chat.Job{{Kind: "complaint", Args: args, At: w.now().UnixMicro()}})
		w.must(err)
		w.pass(time.Minute)
		want(w.t, "said", len(bodies[chat.Complaint](w, "c", chat.KindComplaint)), 1)
		w.pass(50 * time.Minute)
		want(w.t, "watched", len(bodies[chat.Promise](w, "c", chat.KindPromise)), 2)
	})
}

func TestTheBotsFormalComplaintsAreRegistered(t *testing.T) {
	each(t, func(w *world) {
		w.add("c", chat.KindOpened, chat.RoleSystem, "", "", chat.Opened{Site: "demo", Visitor: "v"})
		w.add("c", chat.KindHandoffRequested, chat.RoleBot, "", "", chat.Handoff{ID: "h", Reason: "formal_complaint", Level: 1, Language: "hu"})
		w.pass(time.Minute)
		want(w.t, "registered", len(bodies[chat.Complaint](w, "c", chat.KindComplaint)), 1)
		m := bodies[chat.Message](w, "c", chat.KindMessage)
		want(w.t, "in the customer's language", strings.Contains(m[0].Text, "2026.04.01."), true)
	})
}
