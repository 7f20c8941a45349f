package hub_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
)

func TestAClaimMustFitUnlessASupervisorTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna, boss)
		c := d.ask(t, "v1")
		must(t, d.Escalate(t.Context(), as(anna), c.ID, chat.Escalated{Level: 2, Skill: "billing", Reason: "asked"}))
		forbids(t, d.Claim(t.Context(), anna, c.ID), "level")
		wrong := clara
		wrong.Skills = []string{"repairs"}
		forbids(t, d.Claim(t.Context(), wrong, c.ID), "skill")
		mute := clara
		mute.Languages = []string{"hu"}
		forbids(t, d.Claim(t.Context(), mute, c.ID), "language")
		must(t, d.Claim(t.Context(), clara, c.ID))
		wrongBoss := boss
		wrongBoss.Skills, wrongBoss.Level = []string{"repairs"}, 1
		must(t, d.TakeOver(t.Context(), wrongBoss, c.ID))
		if row := d.row(t, c); row.Agent != boss.ID || row.DueAt.IsZero() {
			t.Errorf("row %+v", row)
		}
	})
}

// What was found to fit must still be what is claimed when the claim is stored.
func TestAClaimOfWhatHasJustGoneUpIsStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna, boss)
		c := d.ask(t, "v1")
		d.m.before(func(a chat.Append) {
			if a.Events[0].Kind == chat.KindHandoffClaimed {
				d.m.before(nil)
				must(t, d.Escalate(t.Context(), as(boss), c.ID, chat.Escalated{Level: 3, Reason: "asked"}))
			}
		})
		if err := d.Claim(t.Context(), anna, c.ID); !errors.Is(err, chat.ErrStale) {
			t.Errorf("got %v, want stale", err)
		}
	})
}

func TestAClockWarnsThenEscalatesOnceOverThreeNodes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), clara)
		for range 2 {
			start(t, d.m, &wires{}, func(o *hub.Options) {
				o.OnDuty, o.Rules = d.crew.onDuty, func() handoff.Rules { return quick(handoff.Pull) }
			})
		}
		c := d.ask(t, "v1")
		if got := c.DueAt.Sub(c.RequestedAt); got != time.Minute {
			t.Fatalf("to be answered within %s", got)
		}
		time.Sleep(28 * time.Second)
		synctest.Wait()
		if got := d.log(c); got != "" {
			t.Errorf("before half the time: %q", got)
		}
		time.Sleep(4 * time.Second)
		synctest.Wait()
		if got := d.log(c); got != "warned" || !d.row(t, c).Warned() {
			t.Errorf("after half the time: %q", got)
		}
		time.Sleep(30 * time.Second)
		synctest.Wait()
		row := d.row(t, c)
		if got := d.log(c); got != "warned escalated:clock" || row.Level != 2 || !row.RequestedAt.Equal(c.RequestedAt) {
			t.Errorf("after the time: %q, level %d, waiting since %s", got, row.Level, row.RequestedAt)
		}
	})
}

func TestAClockDoesNotSendAChatToWhereNobodyIs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna)
		c := d.ask(t, "v1")
		time.Sleep(62 * time.Second)
		synctest.Wait()
		if got := d.log(c); got != "warned postponed:nobody_there" || d.row(t, c).Level != 1 {
			t.Fatalf("with nobody at level 2: %q", got)
		}
		d.crew.set(duty(anna), duty(clara))
		time.Sleep(6 * time.Minute)
		synctest.Wait()
		if got := d.log(c); !strings.HasPrefix(got, "warned postponed:nobody_there escalated:clock") || d.row(t, c).Level != 2 {
			t.Errorf("with somebody there again: %q", got)
		}
	})
}

func TestAClockNeverTakesAChatFromAnAgentWhoIsWritingOrHasAnswered(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna, clara)
		// The agent is connected elsewhere: that they write reaches the node with the clock over the bus.
		other := start(t, d.m, d.w, func(o *hub.Options) { o.ClockEvery = 24 * time.Hour })
		c := d.ask(t, "v1")
		must(t, d.Claim(t.Context(), anna, c.ID))
		time.Sleep(9*time.Minute + 55*time.Second)
		for range 20 { // writes for ten seconds over the end
			other.Typing(c.ID, as(anna), true)
			time.Sleep(time.Second)
		}
		synctest.Wait()
		if got := d.log(c); got != "claimed warned postponed:writing" {
			t.Fatalf("while writing: %q", got)
		}
		time.Sleep(80 * time.Second)
		say(t, d.node, as(anna), c, "a1", "here is what we can do")
		time.Sleep(30 * time.Second)
		synctest.Wait()
		if got := d.log(c); got != "claimed warned postponed:writing postponed:answered" {
			t.Fatalf("after an answer: %q", got)
		}
		time.Sleep(3 * time.Minute)
		synctest.Wait()
		if got := d.log(c); !strings.HasPrefix(got, "claimed warned postponed:writing postponed:answered escalated:clock") {
			t.Errorf("after a silence: %q", got)
		}
		if _, _, err := d.Say(t.Context(), as(anna), c.ID, "a2", "wait"); !errors.Is(err, chat.ErrStale) {
			t.Errorf("the agent who lost it says: %v", err)
		}
	})
}

// The agent's answer may land between the look at the clock and the append.
func TestAnAnswerOnItsWayKeepsTheChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna, clara)
		c := d.ask(t, "v1")
		must(t, d.Claim(t.Context(), anna, c.ID))
		d.m.before(func(a chat.Append) {
			if a.Events[0].Kind == chat.KindHandoffEscalated {
				d.m.before(nil)
				say(t, d.node, as(anna), c, "a1", "found it")
			}
		})
		time.Sleep(11 * time.Minute)
		synctest.Wait()
		if got := d.log(c); got != "claimed warned postponed:answered" {
			t.Errorf("got %q", got)
		}
	})
}

func TestTransferGoesToWhoIsHereAndFits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := chat.User{ID: "u4", Name: "Full", Level: 1, Capacity: 1}
		french := chat.User{ID: "u5", Name: "Fanny", Level: 1, Languages: []string{"fr"}}
		d := openDesk(t, quick(handoff.Pull), anna, clara, full, french)
		held, c := d.ask(t, "v0"), d.ask(t, "v1")
		must(t, d.Claim(t.Context(), full, held.ID))
		must(t, d.Claim(t.Context(), anna, c.ID))
		for to, want := range map[string]string{marko.ID: "away", french.ID: "unfit", anna.ID: "self"} {
			err := d.Transfer(t.Context(), as(anna), c.ID, chat.Transferred{To: to})
			var hint *chat.InvalidError
			if !errors.As(err, &hint) || hint.Field != "to" || hint.Code != want {
				t.Errorf("to %s: %v, want %s", to, err, want)
			}
		}
		if err := d.Transfer(t.Context(), as(anna), c.ID, chat.Transferred{To: full.ID}); !errors.Is(err, chat.ErrCapacity) {
			t.Errorf("to somebody who has no room: %v", err)
		}
		must(t, d.Transfer(t.Context(), as(anna), c.ID, chat.Transferred{To: clara.ID, Word: "knows printers"}))
		row := d.row(t, c)
		if row.Agent != clara.ID || row.AgentName != "Clara" || row.DueAt.IsZero() {
			t.Errorf("row %+v", row)
		}
		if err := d.Transfer(t.Context(), as(anna), c.ID, chat.Transferred{Skill: "x"}); !errors.Is(err, chat.ErrTaken) {
			t.Errorf("by who no longer has it: %v", err)
		}
	})
}

func TestSupervisorsSendOnWhatWaitsAndWhatOthersHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna, clara)
		c := d.ask(t, "v1")
		since := d.row(t, c).RequestedAt
		time.Sleep(time.Minute)
		synctest.Wait() // the clocks of that minute have done their work
		if err := d.Transfer(t.Context(), as(anna), c.ID, chat.Transferred{Skill: "x"}); !errors.Is(err, chat.ErrStale) {
			t.Errorf("an agent sends on what waits: %v", err)
		}
		must(t, d.Transfer(t.Context(), as(boss), c.ID, chat.Transferred{Level: 2}))
		if row := d.row(t, c); row.Owner != chat.OwnerQueue || row.Level != 2 || !row.RequestedAt.Equal(since) {
			t.Errorf("who waits keeps their place: %+v, waited since %v", row, since)
		}
		must(t, d.Transfer(t.Context(), as(boss), c.ID, chat.Transferred{To: clara.ID, Level: 1}))
		must(t, d.Transfer(t.Context(), as(boss), c.ID, chat.Transferred{To: anna.ID}))
		if row := d.row(t, c); row.Agent != anna.ID {
			t.Errorf("%+v", row)
		}
		must(t, d.CloseConversation(t.Context(), as(boss), c.ID, chat.Closed{}))
		if err := d.Transfer(t.Context(), as(boss), c.ID, chat.Transferred{To: clara.ID}); err == nil {
			t.Error("a closed one was sent on")
		}
	})
}

func TestOneHandOverTooManyGoesUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna, marko)
		c := d.ask(t, "v1")
		must(t, d.Claim(t.Context(), anna, c.ID))
		must(t, d.Transfer(t.Context(), as(anna), c.ID, chat.Transferred{To: marko.ID}))
		must(t, d.Transfer(t.Context(), as(marko), c.ID, chat.Transferred{To: anna.ID}))
		must(t, d.Transfer(t.Context(), as(anna), c.ID, chat.Transferred{To: marko.ID})) // nobody is there one level up
		d.crew.set(duty(anna), duty(marko), duty(clara))
		must(t, d.Transfer(t.Context(), as(marko), c.ID, chat.Transferred{To: anna.ID, Word: "mine again?"}))
		row := d.row(t, c)
		if row.Owner != chat.OwnerQueue || row.Level != 2 {
			t.Errorf("owner %s, level %d", row.Owner, row.Level)
		}
		if got, want := d.log(c), "claimed transferred transferred transferred escalated:handover_limit"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

func TestWhisperIsForTheHolderAndBySupervisors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna)
		c := d.ask(t, "v1")
		if _, _, err := d.Whisper(t.Context(), as(boss), c.ID, "w1", "offer a refund"); !errors.Is(err, chat.ErrStale) {
			t.Errorf("to nobody: %v", err)
		}
		must(t, d.Claim(t.Context(), anna, c.ID))
		if _, _, err := d.Whisper(t.Context(), as(marko), c.ID, "w2", "offer a refund"); !errors.Is(err, chat.ErrForbidden) {
			t.Errorf("by an agent: %v", err)
		}
		e, _, err := d.Whisper(t.Context(), as(boss), c.ID, "w3", "offer a refund")
		var note chat.Note
		if err != nil || json.Unmarshal(e.Body, &note) != nil || !note.Whisper || e.Kind.ForVisitor() {
			t.Errorf("%+v, %v", e, err)
		}
	})
}

func TestReturnToTheBotIsInTheLogAtBothEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna)
		c := d.ask(t, "v1")
		must(t, d.Claim(t.Context(), anna, c.ID))
		must(t, d.Return(t.Context(), as(anna), c.ID))
		time.Sleep(time.Hour) // no clock runs on
		synctest.Wait()
		if row := d.row(t, c); row.Owner != chat.OwnerBot || !row.ClockAt.IsZero() {
			t.Errorf("row %+v", row)
		}
		if got := d.log(c); got != "claimed returned_to_bot" {
			t.Errorf("log %q", got)
		}
	})
}

func TestPushGivesToTheLeastBusyAndNotToWhoDroppedIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a, b := anna, marko
		a.Capacity, b.Capacity = 3, 3
		d := openDesk(t, quick(handoff.Push), a, b)
		var asked []chat.Conversation
		for i := range 4 {
			asked = append(asked, d.ask(t, fmt.Sprint("v", i)))
		}
		holders := func() (out []string) {
			for _, c := range asked {
				out = append(out, d.row(t, c).Agent)
			}
			return out
		}
		if got := holders(); !slices.Equal(got, []string{"u1", "u2", "u1", "u2"}) {
			t.Fatalf("held by %v", got)
		}
		must(t, d.Release(t.Context(), as(a), asked[0].ID))
		time.Sleep(time.Second)
		synctest.Wait()
		if got := d.row(t, asked[0]); got.Agent != "u2" || d.log(asked[0]) != "offered claimed released:released offered claimed" {
			t.Fatalf("after a release: held by %q, %s", got.Agent, d.log(asked[0]))
		}
		must(t, d.Release(t.Context(), as(b), asked[0].ID))
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if got := d.row(t, asked[0]); got.Owner != chat.OwnerQueue {
			t.Errorf("both dropped it, and it went to %q", got.Agent)
		}
		d.crew.set(duty(a), duty(b), duty(clara)) // nothing is stored, somebody comes
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if got := d.row(t, asked[0]); got.Agent != clara.ID {
			t.Errorf("somebody else came, and it is with %q", got.Agent)
		}
	})
}

func TestALongWaitIsOfferedOtherWays(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := quick(handoff.Pull)
		full := anna
		full.Capacity = 1
		d := openDesk(t, r, full)
		held := d.ask(t, "v0")
		must(t, d.Claim(t.Context(), full, held.ID))
		d.crew.set(duty(full), duty(marko))
		c := d.ask(t, "v1")
		e := listen(t, d.node, c, 0)
		if n, ok := d.Waiting(c.ID); !ok || len(n.Offers) != 0 || n.Minutes == nil {
			t.Errorf("with somebody free: %+v, %v", n, ok)
		}
		time.Sleep(4 * time.Minute)
		synctest.Wait()
		e.mu.Lock()
		defer e.mu.Unlock()
		if len(e.notices) == 0 || len(e.notices[len(e.notices)-1].Offers) != 3 {
			t.Errorf("after four minutes: %+v", e.notices)
		}
	})
}

func TestTheRequestCarriesWhatWasAnnounced(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		one := anna
		one.Capacity = 1
		d := openDesk(t, quick(handoff.Pull), one)
		var got []*[2]int
		for i := range 3 {
			c := d.ask(t, fmt.Sprint("v", i))
			for _, e := range d.m.events[c.ID] {
				var h chat.Handoff
				if e.Kind == chat.KindHandoffRequested && json.Unmarshal(e.Body, &h) == nil {
					got = append(got, h.Estimate)
				}
			}
		}
		if len(got) != 3 || got[0] == nil || got[2] == nil || got[2][1] <= got[0][1] {
			t.Errorf("estimates %v", got)
		}
	})
}
