package hub_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func sells(context.Context) ([]handoff.Product, error) {
	return []handoff.Product{{ID: "kettle", Name: "Kettle 2000"}, {ID: "cup", Name: "Cup"}}, nil
}

func TestTheExpertInAProductTakesWhatIsAboutIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := desk{m: newMemory(), w: &wires{}, crew: &crew{}}
		d.node = start(t, d.m, d.w, func(o *hub.Options) { o.OnDuty, o.Products = d.crew.onDuty, sells })
		expert := chat.User{ID: "u4", Name: "Kay", Grade: chat.GradeAgent, Level: 2, Skills: []string{"sales"}, Products: []string{"kettle"}}
		clerk := clara
		clerk.Skills = []string{"sales"}
		d.crew.set(duty(anna), duty(clerk))
		c := d.ask(t, "v1")
		if c.Product != "" {
			t.Fatalf("about %q", c.Product)
		}
		must(t, d.Claim(t.Context(), anna, c.ID))
		must(t, d.Correct(t.Context(), as(anna), c.ID, "1", handoff.FactProduct, "a kettle 2000, the red one"))
		if got := d.row(t, c); got.Product != "kettle" || d.change(c) != "agent u1 handoff_reclassified " {
			t.Errorf("put right, it is about %q: %s", got.Product, d.change(c))
		}
		must(t, d.Escalate(t.Context(), as(anna), c.ID, chat.Escalated{Skill: "technical", Reason: "asked"}))
		forbids(t, d.Claim(t.Context(), clerk, c.ID), "skill")
		d.crew.set(duty(clerk), duty(expert))
		must(t, d.Claim(t.Context(), expert, c.ID))

		other := d.ask(t, "v2")
		must(t, d.Claim(t.Context(), anna, other.ID))
		must(t, d.Return(t.Context(), as(anna), other.ID))
		say(t, d.node, chat.Identity{Role: chat.RoleVisitor, ID: "v2"}, other, "2", "about my Cup")
		say(t, d.node, chat.Identity{Role: chat.RoleVisitor, ID: "v2"}, other, "3", "I want a human")
		time.Sleep(time.Second)
		synctest.Wait()
		if got := d.row(t, other); got.Owner != chat.OwnerQueue || got.Product != "cup" {
			t.Errorf("named to the bot, it is with %s and about %q", got.Owner, got.Product)
		}
	})
}

func TestAProductSaidWhileWaitingCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := openWaitingRoom(t, func(*handoff.Rules) {})
		say(t, w.node, w.who, w.c, "p", "product=Cup")
		time.Sleep(time.Second)
		synctest.Wait()
		if got := w.row(t, w.c); got.Product != "cup" || w.change(w.c) != "bot handoff_reclassified " {
			t.Errorf("about %q: %s", got.Product, w.change(w.c))
		}
	})
}

// Who comes back after a close comes with a matter of its own: its product, its cause and its brief are not those of the first.
func TestASecondMatterHasItsOwnProduct(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		h := on(t, db, &wires{}, func(o *hub.Options) { o.Products, o.TurnPause = sells, time.Millisecond })
		guest := chat.Identity{Role: chat.RoleVisitor, ID: "v1"}
		c, err := h.Open(t.Context(), chat.Site{ID: "shop"}, chat.Visitor{ID: "v1"}, "en", "")
		must(t, err)
		asks := func(id, text string) chat.Conversation {
			t.Helper()
			_, _, err := h.Say(t.Context(), guest, c.ID, id, text)
			must(t, err)
			until(t, "queued", 1, func() int {
				if c, err = db.Conversation(t.Context(), c.ID); err == nil && c.Owner == chat.OwnerQueue {
					return 1
				}
				return 0
			})
			return c
		}
		closes := func(x chat.Closed) chat.Conversation {
			t.Helper()
			must(t, h.Claim(t.Context(), anna, c.ID))
			must(t, h.CloseConversation(t.Context(), as(anna), c.ID, x))
			c, err = db.Conversation(t.Context(), c.ID)
			must(t, err)
			return c
		}
		if got := asks("1", "my Cup came broken into a great many pieces, human please"); got.Product != "cup" {
			t.Errorf("about %q", got.Product)
		}
		if got := closes(chat.Closed{Cause: "poor_quality"}); got.Product != "cup" || got.Cause != "poor_quality" {
			t.Errorf("closed about %q, %q", got.Product, got.Cause)
		}
		if got := asks("2", "a bill, human please"); got.Product != "" || got.Cause != "" {
			t.Errorf("the second is about %q, %q", got.Product, got.Cause)
		}
		var brief handoff.Brief
		raw, err := h.Brief(t.Context(), c.ID)
		if err == nil {
			err = json.Unmarshal(raw, &brief)
		}
		if err != nil || brief.Matter.Text != "a bill, human please" {
			t.Errorf("the brief says %q, %v", brief.Matter.Text, err)
		}
		if got := closes(chat.Closed{}); got.Product != "" || got.Cause != "" {
			t.Errorf("the second was closed about %q, %q", got.Product, got.Cause)
		}
		// Given back to the bot and handed over again, it is the same matter.
		asks("3", "human, the kettle 2000")
		must(t, h.Claim(t.Context(), anna, c.ID))
		must(t, h.Return(t.Context(), as(anna), c.ID))
		if got := asks("4", "human again"); got.Product != "kettle" {
			t.Errorf("handed over again, it is about %q", got.Product)
		}
	})
}

// A list that cannot be read keeps nobody from a person.
func TestWithoutTheListOfProductsTheHandoffGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := desk{m: newMemory(), w: &wires{}, crew: &crew{}}
		d.node = start(t, d.m, d.w, func(o *hub.Options) {
			o.Products = func(context.Context) ([]handoff.Product, error) { return nil, errors.New("no database") }
		})
		if c := d.ask(t, "v1"); c.Owner != chat.OwnerQueue || c.Product != "" {
			t.Errorf("with %s, about %q", c.Owner, c.Product)
		}
	})
}
