package server

import (
	"encoding/json"
	"testing"

	"ombud/chat"
	"ombud/server/frame"
)

func TestAVisitorPicksASlotAndAnAgentTakesWhatIsNext(t *testing.T) {
	w, _ := caring(t)
	w.addUser("ann", chat.GradeAgent)
	a := w.agent("ann")
	a.send("next", map[string]any{"id": "n0"})
	if got := a.answer("n0"); got.str("code") != "not_found" {
		t.Errorf("an empty line: %s", got.raw)
	}
	v, welcome := w.visitor("", 0)
	id := welcome.str("conversation")
	v.send("say", map[string]any{"id": "1", "text": "a person, please"})
	v.await("waiting")
	v.send("slots", map[string]any{"id": "s", "zone": "Asia/Kathmandu"})
	var answer struct{ Data frame.Slots }
	err := json.Unmarshal([]byte(v.await("slots").raw), &answer)
	slots := answer.Data
	if err != nil || slots.ID != "s" || slots.Zone != "Asia/Kathmandu" || len(slots.Slots) < 40 {
		t.Fatalf("%+v, %v", slots, err)
	}
	a.send("next", map[string]any{"id": "n1"})
	if got := a.answer("n1"); got.Type != "ack" || got.str("conversation") != id {
		t.Fatalf("%s", got.raw)
	}
	for f, data := range map[string]map[string]any{
		"correct":    {"id": "c1", "conversation": id, "field": "order_number", "text": "77-1"},
		"reclassify": {"id": "c2", "conversation": id, "severity": "high"},
	} {
		a.send(f, data)
		if got := a.answer(data["id"].(string)); got.Type != "ack" {
			t.Errorf("%s: %s", f, got.raw)
		}
	}
	a.send("release", map[string]any{"id": "r", "conversation": id})
	a.answer("r")
	v.send("leave_message", map[string]any{"id": "l0", "phone": "1", "callback": "2020-01-01T10:00:00Z"})
	if got := v.answer("l0"); got.str("code") != "invalid" || got.str("field") != "callback" {
		t.Errorf("a time that has passed: %s", got.raw)
	}
	v.send("leave_message", map[string]any{"id": "l1", "phone": "1", "callback": slots.Slots[3].From, "zone": "Asia/Kathmandu"})
	if got := v.answer("l1"); got.Type != "ack" {
		t.Errorf("%s", got.raw)
	}
}
