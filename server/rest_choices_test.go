package server

import (
	"encoding/json"
	"testing"

	"ombud/chat"
)

// TestAdminsKeepTheProductsThatAgentsCloseWith holds that one product is counted once, however an agent spells it.
func TestAdminsKeepTheProductsThatAgentsCloseWith(t *testing.T) {
	w, _ := caring(t)
	w.addUser("adm", chat.GradeAdmin)
	w.addUser("ann", chat.GradeAgent)
	b := w.signIn("adm")
	for _, step := range []struct {
		method, path string
		body         any
		status, then int
	}{
		{"PUT", "/api/v1/products/kettle", map[string]any{"name": "Kettle 2000"}, 200, 1},
		{"PUT", "/api/v1/products/cup", map[string]any{"name": "Cup"}, 200, 2},
		{"PUT", "/api/v1/products/cup", map[string]any{"name": "Cup, blue"}, 200, 2},
		{"PUT", "/api/v1/products/No!", map[string]any{"name": "x"}, 422, 2},
		{"PUT", "/api/v1/products/x", map[string]any{"name": "two\nlines"}, 422, 2},
		{"DELETE", "/api/v1/products/cup", nil, 200, 1},
		{"DELETE", "/api/v1/products/cup", nil, 404, 1},
	} {
		status, out := b.do(step.method, step.path, step.body)
		_, now := w.signIn("ann").do("GET", "/api/v1/products", nil)
		if status != step.status || len(now["products"].([]any)) != step.then {
			t.Errorf("%s %s: %d %v, then %v", step.method, step.path, status, out, now)
		}
	}
	c := w.agent("ann")
	for said, want := range map[string]string{" kettle 2000 ": "kettle", "KETTLE": "kettle", "Cup, blue": "Cup, blue", "": "known"} {
		id := w.mem.log(t, "v-"+want+said, event(chat.KindHandoffRequested, chat.RoleBot, "", chat.Handoff{Level: 1, Product: "known"}), event(chat.KindHandoffClaimed, chat.RoleAgent, "ann", chat.Claimed{Agent: "ann"}))
		c.send("close", map[string]any{"id": "x" + id, "conversation": id, "cause": "wrong_bill", "outcome": "settled", "product": said})
		if a := c.answer("x" + id); a.Type == "error" {
			t.Fatalf("%q: %s", said, a.raw)
		}
		events, err := w.mem.Events(t.Context(), id, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		var closed chat.Closed
		if err := json.Unmarshal(events[len(events)-1].Body, &closed); err != nil || closed.Product != want {
			t.Errorf("%q was closed as %q, want %q (%v)", said, closed.Product, want, err)
		}
	}
}
