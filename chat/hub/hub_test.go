package hub_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
)

func TestABurstIsOneTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, newMemory(), &wires{}, nil)
		c := begin(t, n)
		e := listen(t, n, c, 0)
		for i, words := range []string{"a", "b", "c"} {
			say(t, n, guest, c, fmt.Sprint(i), words)
			time.Sleep(300 * time.Millisecond)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if got, want := e.heard(), "hello | a | b | c | re:a+b+c"; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
	})
}

func TestTheBotNeverAnswersWhileTheVisitorIsTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, newMemory(), &wires{}, nil)
		c := begin(t, n)
		e := listen(t, n, c, 0)
		say(t, n, guest, c, "1", "a")
		for range 5 {
			n.Typing(c.ID, guest, true)
			time.Sleep(2 * time.Second)
		}
		synctest.Wait()
		if got := e.heard(); got != "hello | a" {
			t.Fatalf("the bot spoke into a typing visitor: %q", got)
		}
		say(t, n, guest, c, "2", "b")
		n.Typing(c.ID, guest, false)
		time.Sleep(time.Second)
		synctest.Wait()
		if got, want := e.heard(), "hello | a | b | re:a+b"; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
	})
}

func TestSendingEndsTyping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, newMemory(), &wires{}, nil)
		c := begin(t, n)
		e := listen(t, n, c, 0)
		n.Typing(c.ID, guest, true)
		say(t, n, guest, c, "1", "a")
		time.Sleep(time.Second)
		synctest.Wait()
		if got := e.heard(); got != "hello | a | re:a" {
			t.Errorf("a second after sending: %q", got)
		}
	})
}

func TestEndlessTypingDoesNotHoldTheAnswerBackForEver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, newMemory(), &wires{}, nil)
		c := begin(t, n)
		e := listen(t, n, c, 0)
		say(t, n, guest, c, "1", "a")
		for range 15 {
			n.Typing(c.ID, guest, true)
			time.Sleep(2 * time.Second)
		}
		synctest.Wait()
		if got := e.heard(); got != "hello | a | re:a" {
			t.Errorf("after 30 s of typing: %q", got)
		}
	})
}

// A bot's turn that takes longer than it takes an agent to claim must not land.
func TestALateReplyCannotLandInAPersonsConversation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		n := start(t, m, &wires{}, nil)
		c := begin(t, n)
		e := listen(t, n, c, 0)
		n.bot.slow = 5 * time.Second
		say(t, n, guest, c, "1", "a")
		time.Sleep(2 * time.Second) // the bot is thinking now
		boss := anna
		boss.Grade = chat.GradeSupervisor
		if err := n.TakeOver(t.Context(), boss, c.ID); err != nil {
			t.Fatal(err)
		}
		say(t, n, as(boss), c, "x", "hi, this is Anna")
		time.Sleep(20 * time.Second)
		synctest.Wait()
		if got, want := e.heard(), "hello | a | hi, this is Anna"; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
	})
}

// The same, with the claim landing between the decision and its append.
func TestTheStoredConditionStopsAReplyThatIsAlreadyOnItsWay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		n := start(t, m, &wires{}, nil)
		c := begin(t, n)
		e := listen(t, n, c, 0)
		boss := anna
		boss.Grade = chat.GradeSupervisor
		m.before(func(a chat.Append) {
			if a.Events[0].Kind == chat.KindAssessment {
				m.before(nil)
				if err := n.TakeOver(context.Background(), boss, c.ID); err != nil {
					t.Error(err)
				}
			}
		})
		say(t, n, guest, c, "1", "a")
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if got := e.heard(); got != "hello | a" {
			t.Errorf("heard %q: the reply landed", got)
		}
	})
}

func TestAskingForAPersonQueuesWithABriefAndSilencesTheBot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		n := start(t, m, &wires{}, nil)
		c := begin(t, n)
		e := listen(t, n, c, 0)
		say(t, n, guest, c, "1", "human please")
		time.Sleep(2 * time.Second)
		say(t, n, guest, c, "2", "are you there")
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if got, want := e.heard(), "hello | human please | re:human please | are you there"; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
		brief, err := n.Brief(t.Context(), c.ID)
		if err != nil || !strings.Contains(string(brief), "human please") {
			t.Errorf("brief %s, %v", brief, err)
		}
		row, _ := m.Conversation(t.Context(), c.ID)
		if row.Owner != chat.OwnerQueue || row.Reason != "asked_for_human" {
			t.Errorf("row %+v", row)
		}
	})
}

func TestABotThatFailsHandsOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		n := start(t, m, &wires{}, nil)
		c := begin(t, n)
		n.bot.err = errors.New("broken")
		say(t, n, guest, c, "1", "a")
		time.Sleep(2 * time.Second)
		synctest.Wait()
		row, _ := m.Conversation(t.Context(), c.ID)
		if row.Owner != chat.OwnerQueue || row.Reason != "model_failed" {
			t.Errorf("owner %s, reason %s", row.Owner, row.Reason)
		}
	})
}

func TestASwallowedTurnIsRunOnceByAnyNode(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m, w := newMemory(), &wires{}
		dead := start(t, m, w, nil)
		c := begin(t, dead)
		say(t, dead, guest, c, "1", "a")
		dead.Close() // before the turn is due
		one, two := start(t, m, w, nil), start(t, m, w, nil)
		time.Sleep(20 * time.Second)
		synctest.Wait()
		// Nobody listens: the answer has to come from the database's due time alone.
		if one.bot.bursts()+two.bot.bursts() == 0 {
			t.Error("nobody answered")
		}
		e := listen(t, one, c, 0)
		synctest.Wait()
		if got, want := e.heard(), "hello | a | re:a"; got != want {
			t.Errorf("heard %q, want %q", got, want)
		}
	})
}

func TestDeliveryDoesNotDependOnHints(t *testing.T) {
	for name, w := range map[string]*wires{
		"all lost": {lose: func(chat.Hint) bool { return true }},
		"doubled":  {twice: true},
		"normal":   {},

		"out of order":             {swap: true},
		"doubled and out of order": {twice: true, swap: true},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMemory()
				one, two := start(t, m, w, nil), start(t, m, w, nil)
				c := begin(t, one)
				e := listen(t, two, c, 0)
				for i := range 20 {
					say(t, one, guest, c, fmt.Sprint(i), fmt.Sprint(i))
				}
				time.Sleep(2*time.Second + 100*time.Millisecond)
				synctest.Wait()
				want := "hello"
				for i := range 20 {
					want += fmt.Sprintf(" | %d", i)
				}
				if got, _, _ := strings.Cut(e.heard(), " | re:"); got != want {
					t.Errorf("within the poll: %q, want %q", got, want)
				}
			})
		})
	}
}

func TestJoinGivesWhatWasMissedInOrderAndOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, newMemory(), &wires{}, func(o *hub.Options) { o.TurnPause = time.Hour })
		c := begin(t, n)
		for i := range 1500 { // more than a page, more than the tail
			say(t, n, guest, c, fmt.Sprint(i), fmt.Sprint(i))
		}
		for _, since := range []int64{0, 1, 2, 700, 1438, 1499, 1501, 1502} {
			e := listen(t, n, c, since)
			synctest.Wait()
			if e.seq != 1502 {
				t.Errorf("since %d: ended at %d, want 1502", since, e.seq)
			}
		}
	})
}

func TestJoinOfNothingIsNotFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, newMemory(), &wires{}, nil)
		_, err := n.Join(t.Context(), "nowhere", 0, &ear{t: t})
		if !errors.Is(err, chat.ErrNotFound) {
			t.Errorf("got %v, want not found", err)
		}
	})
}

func TestAListenerThatIsFullIsLetGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, newMemory(), &wires{}, func(o *hub.Options) { o.TurnPause = time.Hour })
		c := begin(t, n)
		slow, quick := listen(t, n, c, 0), listen(t, n, c, 0)
		slow.mu.Lock()
		slow.full = true
		slow.mu.Unlock()
		say(t, n, guest, c, "1", "a")
		synctest.Wait()
		slow.mu.Lock()
		slow.full = false
		slow.mu.Unlock()
		say(t, n, guest, c, "2", "b")
		synctest.Wait()
		if got := slow.heard(); got != "hello" {
			t.Errorf("the slow one heard %q", got)
		}
		if n := len(slow.notices); n == 0 || slow.notices[n-1].Type != "gone" {
			t.Errorf("the slow one was not told: %v", slow.notices)
		}
		if got := quick.heard(); got != "hello | a | b" {
			t.Errorf("the quick one heard %q", got)
		}
	})
}

func TestOneClaimWinsAndTheOthersLearnWho(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, newMemory(), &wires{}, nil)
		c := begin(t, n)
		say(t, n, guest, c, "1", "human")
		time.Sleep(2 * time.Second)
		if err := n.Claim(t.Context(), anna, c.ID); err != nil {
			t.Fatal(err)
		}
		err := n.Claim(t.Context(), marko, c.ID)
		var taken *chat.TakenError
		if !errors.As(err, &taken) || taken.Name != "Anna" {
			t.Errorf("the second claim got %v", err)
		}
		if _, _, err := n.Say(t.Context(), as(marko), c.ID, "m", "hi"); !errors.Is(err, chat.ErrTaken) {
			t.Errorf("somebody else's reply got %v", err)
		}
	})
}

func TestARetryIsTheSameEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := start(t, newMemory(), &wires{}, nil)
		c := begin(t, n)
		first := say(t, n, guest, c, "1", "a")
		again, duplicate, err := n.Say(t.Context(), guest, c.ID, "1", "a")
		if err != nil || !duplicate || again.Seq != first.Seq {
			t.Errorf("retry: seq %d, duplicate %v, %v; want seq %d", again.Seq, duplicate, err, first.Seq)
		}
		if _, _, err := n.Say(t.Context(), guest, c.ID, "1", "b"); !errors.Is(err, chat.ErrConflict) {
			t.Errorf("other text: %v, want conflict", err)
		}
	})
}

func TestAVisitorsWordReopensUntilItIsTooLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		var ahead atomic.Int64 // days are not slept: every hub looks around twice a second
		later := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
		n := start(t, m, &wires{}, func(o *hub.Options) { o.Now = later })
		c := begin(t, n)
		end := func() {
			if err := n.CloseConversation(t.Context(), guest, c.ID, chat.Closed{Outcome: "settled"}); err != nil {
				t.Fatal(err)
			}
		}
		end()
		say(t, n, guest, c, "1", "one more thing")
		time.Sleep(2 * time.Second)
		row, _ := m.Conversation(t.Context(), c.ID)
		if row.Owner != chat.OwnerBot || row.LastText != "re:one more thing" {
			t.Errorf("after reopening: owner %s, last %q", row.Owner, row.LastText)
		}
		end()
		ahead.Store(int64(8 * 24 * time.Hour))
		if _, _, err := n.Say(t.Context(), guest, c.ID, "2", "hello?"); !errors.Is(err, chat.ErrClosed) {
			t.Errorf("after eight days: %v, want closed", err)
		}
	})
}
