package hub_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
)

// form asks for every fact by its name, and understands "name=value"; "dunno" declines.
type form struct{}

func (form) Asks(fact, _ string) *bot.Asked {
	return &bot.Asked{Fact: fact, Kind: "text", Label: fact}
}

func (form) Recognise(text, asked string) (facts []nlu.Fact, refused bool) {
	for _, word := range strings.Fields(text) {
		if name, value, ok := strings.Cut(word, "="); ok {
			facts = append(facts, nlu.Fact{Name: name, Value: value, Quote: word})
		}
	}
	return facts, asked != "" && text == "dunno"
}

// waitingRoom is two nodes whose bot needs three facts; on both somebody follows the conversation, which waits.
type waitingRoom struct {
	desk
	c   chat.Conversation
	who chat.Identity
}

func openWaitingRoom(t *testing.T, change func(*handoff.Rules)) waitingRoom {
	t.Helper()
	r := quick(handoff.Pull)
	for i := range r.Levels {
		r.Levels[i].Answer = nil
	}
	change(&r)
	d := desk{m: newMemory(), w: &wires{}, crew: &crew{}}
	open := func() node {
		n := start(t, d.m, d.w, func(o *hub.Options) {
			o.OnDuty, o.Rules, o.Asker, o.Products = d.crew.onDuty, func() handoff.Rules { return r }, form{}, sells
		})
		n.bot.needs = []string{"order_number", "since_when", "product"}
		return n
	}
	d.node = open()
	second := open()
	w := waitingRoom{desk: d, c: d.ask(t, "v1"), who: chat.Identity{Role: chat.RoleVisitor, ID: "v1"}}
	for _, n := range []node{d.node, second} {
		_, err := n.Join(t.Context(), w.c.ID, 0, &ear{t: t})
		must(t, err)
	}
	return w
}

// asked gives the facts that were asked for while somebody waited, in order.
func (w waitingRoom) asked() string {
	w.m.mu.Lock()
	defer w.m.mu.Unlock()
	var out []string
	for _, e := range w.m.events[w.c.ID] {
		var m chat.Message
		if e.Kind == chat.KindMessage && json.Unmarshal(e.Body, &m) == nil && m.Part == chat.PartAsk {
			if e.Role != chat.RoleSystem || m.Text != "waiting.ask" {
				out = append(out, string(e.Role)+":"+m.Text)
			}
			out = append(out, m.Asks.Fact)
		}
	}
	return strings.Join(out, " ")
}

func (w waitingRoom) says(t *testing.T, id, text string) {
	t.Helper()
	say(t, w.node, w.who, w.c, id, text)
	synctest.Wait()
}

func (w waitingRoom) wants(t *testing.T, after time.Duration, asked string) {
	t.Helper()
	time.Sleep(after)
	synctest.Wait()
	if got := w.asked(); got != asked {
		t.Errorf("asked for %q, want %q", got, asked)
	}
}

func TestWhatIsMissingIsAskedOneAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := openWaitingRoom(t, func(*handoff.Rules) {})
		w.wants(t, 6*time.Second, "") // handed over at once, without a question as a toll
		w.wants(t, 2*time.Second, "order_number")
		w.wants(t, time.Minute, "order_number") // once
		w.says(t, "2", "order_number=77 colour=red")
		b := w.brief(t, w.c)
		if !slices.Equal(b.Missing, []string{"since_when", "product"}) || len(b.Facts) != 2 || b.Facts[0].Value != "77" || b.Facts[0].Seq == 0 || b.Facts[0].By != "" {
			t.Errorf("%+v", b)
		}
		w.wants(t, time.Second, "order_number")
		w.wants(t, time.Second, "order_number since_when")
		w.says(t, "3", "dunno")
		w.wants(t, 3*time.Second, "order_number since_when product")
		w.says(t, "4", "is anybody there?") // ignored
		w.wants(t, time.Hour, "order_number since_when product")
		if n := w.bot.bursts(); n != 1 {
			t.Errorf("the bot spoke %d times", n)
		}
		if last := w.row(t, w.c); last.Owner != chat.OwnerQueue || last.LastText != "is anybody there?" {
			t.Errorf("%s, %q", last.Owner, last.LastText)
		}
	})
}

func TestWhoIgnoresAQuestionIsAskedNoMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := openWaitingRoom(t, func(*handoff.Rules) {})
		w.wants(t, 9*time.Second, "order_number")
		w.says(t, "2", "how long will it take?")
		w.wants(t, time.Hour, "order_number")
		w.says(t, "3", "since_when=May") // no answer to the question, and taken in all the same
		w.wants(t, time.Hour, "order_number")
		if b := w.brief(t, w.c); !slices.Equal(b.Missing, []string{"order_number", "product"}) {
			t.Errorf("missing: %q", b.Missing)
		}
	})
}

func TestNothingIsAskedTwiceOrWhereItIsOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := openWaitingRoom(t, func(r *handoff.Rules) { r.Asking.Most = 1 })
		// The bot had asked for one of them itself.
		_, err := w.Commit(t.Context(), chat.Append{Conversation: w.c.ID, Events: []chat.Event{
			event(chat.KindMessage, chat.Message{Text: "?", Asks: &chat.Asked{Fact: "order_number"}}),
		}})
		must(t, err)
		w.wants(t, 9*time.Second, "since_when")
		w.says(t, "2", "since_when=May")
		w.wants(t, time.Hour, "since_when") // one is the most
		off := openWaitingRoom(t, func(r *handoff.Rules) { r.Asking.Off = true })
		off.wants(t, time.Hour, "")
		off.says(t, "2", "order_number=7")
		off.wants(t, time.Second, "")
	})
}

func TestAnAnswerThatMeetsTheAgentIsKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := openWaitingRoom(t, func(*handoff.Rules) {})
		w.wants(t, 9*time.Second, "order_number")
		must(t, w.Claim(t.Context(), anna, w.c.ID))
		w.says(t, "2", "order_number=77")
		if b := w.brief(t, w.c); len(b.Facts) != 1 || b.Facts[0].Value != "77" {
			t.Errorf("%+v", b.Facts)
		}
		w.wants(t, time.Hour, "order_number") // people ask for themselves
		say(t, w.node, as(anna), w.c, "a1", "Hello, I am Anna.")
		w.says(t, "3", "order_number=78")
		if b := w.brief(t, w.c); b.Facts[0].Value != "77" {
			t.Errorf("the brief listens to a talk with the agent: %+v", b.Facts)
		}
	})
}
