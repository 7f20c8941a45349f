package hub_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"ombud/chat"
	"ombud/handoff"
)

// offering are rules by which the bot may give a discount, or a replacement to those who want one.
func offering() handoff.Rules {
	r := quick(handoff.Pull)
	r.Bot = handoff.BotRules{
		Remedies: []string{"discount", "replacement"}, UpTo: 1000,
		Offers: map[string][]handoff.BotOffer{"delivery_problem": {
			{Remedy: "discount", Worth: 500, Currency: "EUR"}, {Remedy: "replacement"}, {Remedy: "refund", Worth: 100, Currency: "EUR"},
		}},
	}
	return r
}

// offers gives what was offered in a conversation, with who offered it.
func (d desk) offers(c chat.Conversation) (out []chat.Offer, by chat.Role) {
	d.m.mu.Lock()
	defer d.m.mu.Unlock()
	for _, e := range d.m.events[c.ID] {
		var o chat.Offer
		if e.Kind == chat.KindOffer && json.Unmarshal(e.Body, &o) == nil {
			out, by = append(out, o), e.Role
		}
	}
	return out, by
}

// complains has a visitor write to the bot, whose state is as given.
func (d desk) complains(t *testing.T, visitor, state string, words ...string) chat.Conversation {
	t.Helper()
	d.bot.state = json.RawMessage(state)
	c, err := d.Open(t.Context(), shop, chat.Visitor{ID: visitor, Site: "shop"}, "en", "/")
	must(t, err)
	for i, text := range words {
		say(t, d.node, chat.Identity{Role: chat.RoleVisitor, ID: visitor}, c, string(rune('a'+i)), text)
		time.Sleep(5 * time.Second)
		synctest.Wait()
	}
	return d.row(t, c)
}

func TestTheBotOffersWhatItMayOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, offering(), anna)
		c := d.complains(t, "v1", `{}`, "I am angry", "still angry")
		all, by := d.offers(c)
		if len(all) != 1 || by != chat.RoleBot || all[0].Remedy != "discount" || all[0].Worth != 500 || all[0].State != "offered" || all[0].ID == "" {
			t.Fatalf("%s offered %+v", by, all)
		}
		if want := "To make up for the trouble, may we take 5 EUR off your next order?"; all[0].Text != want || c.LastText == "" {
			t.Errorf("%q", all[0].Text)
		}
		wanted := func(remedy string) string { return `{"facts":[{"name":"outcome_wanted","value":"` + remedy + `"}]}` }
		if all, _ := d.offers(d.complains(t, "v2", wanted("replacement"), "I am angry")); len(all) != 1 || all[0].Remedy != "replacement" {
			t.Errorf("to somebody who wants a replacement: %+v", all)
		}
		for name, c := range map[string]chat.Conversation{
			"who is not upset":                     d.complains(t, "v3", `{}`, "hello"),
			"who is handed over":                   d.complains(t, "v4", `{}`, "I am angry, a human please"),
			"who wants what is not on offer":       d.complains(t, "v5", wanted("apology"), "I am angry"),
			"who wants what is not in the mandate": d.complains(t, "v6", wanted("refund"), "I am angry"),
		} {
			if all, _ := d.offers(c); len(all) != 0 {
				t.Errorf("to somebody %s: %+v", name, all)
			}
		}
		d.bot.needs = []string{"outcome_wanted"}
		if all, _ := d.offers(d.complains(t, "v7", `{}`, "I am angry")); len(all) != 0 {
			t.Errorf("before what they want has been asked: %+v", all)
		}
		if all, _ := d.offers(d.complains(t, "v8", `{"asked":{"outcome_wanted":1}}`, "I am angry")); len(all) != 1 {
			t.Errorf("to somebody who did not say what they want: %+v", all)
		}
	})
}

func TestAnOfferOfTheBotIsCarriedOutByAPerson(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, offering(), anna)
		for reason, severity := range map[string]chat.Severity{handoff.ReasonOfferTaken: chat.SeverityLow, "dissatisfied": chat.SeverityMedium} {
			c := d.complains(t, "v-"+reason, `{}`, "I am angry")
			must(t, d.HandOver(t.Context(), c.ID, reason))
			must(t, d.HandOver(t.Context(), c.ID, reason)) // a job may be done twice
			row := d.row(t, c)
			if row.Owner != chat.OwnerQueue || row.Reason != reason || row.Severity != severity || row.Level != 1 || row.Skill != "delivery" {
				t.Errorf("%s: %+v", reason, row)
			}
			if b := d.brief(t, c); b.Reason != reason || b.Matter.Text != "I am angry" {
				t.Errorf("%s: %+v", reason, b)
			}
		}
	})
}

// What a promise that was broken takes out of the bot's hands comes with a brief like any other handoff.
func TestABrokenPromiseComesWithABrief(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		d := openDesk(t, quick(handoff.Pull), anna)
		c := d.complains(t, "v1", `{"anger":0.7,"trend":0.2}`, "I am angry")
		_, err := d.Commit(t.Context(), chat.Append{Conversation: c.ID, Events: []chat.Event{event(chat.KindPromise, chat.Promise{ID: "p", Text: "call back", State: "broken"})}})
		must(t, err)
		b, err := d.BriefFor(t.Context(), d.row(t, c), chat.Handoff{Reason: "promise_broken", Severity: chat.SeverityHigh, Level: 2, Topic: c.Topic})
		must(t, err)
		if b.Reason != "promise_broken" || b.Severity != chat.SeverityHigh || b.Matter.Text != "I am angry" || b.Mood != "angry" || b.Trend != "rising" ||
			len(b.Missing) != 1 || len(b.Tried) != 1 || len(b.Proposals) == 0 {
			t.Errorf("%+v", b)
		}
	})
}
