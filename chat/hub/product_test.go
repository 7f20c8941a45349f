package hub_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
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
