package storage_test

import (
	"encoding/json"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// ofSkill gives a request for a person of a department.
func ofSkill(e chat.Event, skill string) chat.Event {
	var h chat.Handoff
	if err := json.Unmarshal(e.Body, &h); err != nil {
		panic(err) // it is the test's own
	}
	h.Skill = skill
	return event(e.Kind, e.Role, e.Sender, h)
}

func TestReportsReadWhatTheLogDerived(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		add(t, db, "silent", at(opened("v0"), 0))
		add(t, db, "bot", at(opened("v1"), 1), at(say("v1", "a", "hi"), 2), event(chat.KindSurvey, chat.RoleVisitor, "v1", chat.Survey{State: "answered", Rating: 4}))
		add(t, db, "person", at(opened("v2"), 3), at(say("v2", "a", "hi"), 4), at(ofSkill(requested("h1"), "billing"), 5), at(claimed("ann"), 7),
			at(event(chat.KindHandoffReclassified, chat.RoleAgent, "ann", chat.Reclassified{Handoff: "h1", Skill: "returns"}), 8),
			at(event(chat.KindMessage, chat.RoleAgent, "ann", chat.Message{Text: "hello"}), 9), at(event(chat.KindMessage, chat.RoleAgent, "ann", chat.Message{Text: "again"}), 10))
		add(t, db, "later", at(opened("v3"), 60), at(say("v3", "a", "hi"), 61))
		rows := must(db.ReportRows(t.Context(), start, start.Add(time.Hour)))(t)
		if len(rows) != 2 || rows[0].ID != "bot" || rows[1].ID != "person" {
			t.Fatalf("rows %+v", rows)
		}
		if b := rows[0]; !b.Contained() || b.Rating != 4 {
			t.Errorf("the bot's: %+v", b)
		}
		p := rows[1]
		waited, _ := p.Waited()
		answered, _ := p.Answered()
		if !p.Handoff || p.Level != 1 || waited != 2*time.Minute || answered != 4*time.Minute || p.Reason == "" || p.Skill != "returns" || p.Handovers != 1 {
			t.Errorf("the person's: %+v, waited %s, answered after %s", p, waited, answered)
		}
		if texts := must(db.ReportTexts(t.Context(), []string{"person", "nobody"}))(t); len(texts) != 1 || texts["person"] != "again" {
			t.Errorf("last words %v", texts)
		}
	})
}

func TestPromisesAreCountedAsTheyStand(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		promise := func(id, state string, minutes int) chat.Event {
			return at(event(chat.KindPromise, chat.RoleAgent, "ann", chat.Promise{ID: id, Text: "call", State: state, DueAt: start}), minutes)
		}
		add(t, db, "a", opened("v1"), promise("p1", "open", 1), promise("p2", "open", 2), promise("p1", "warned", 3), promise("p1", "kept", 90))
		add(t, db, "b", opened("v2"), promise("p1", "open", 5), promise("p1", "broken", 6), promise("p3", "open", 80))
		all := must(db.PromisesMade(t.Context(), start, start.Add(time.Hour)))(t)
		got := map[string]string{}
		for _, p := range all {
			got[p.Conversation+" "+p.ID] = p.State
		}
		if len(all) != 3 || got["a p1"] != "kept" || got["a p2"] != "open" || got["b p1"] != "broken" {
			t.Errorf("promises %v", got)
		}
	})
}
