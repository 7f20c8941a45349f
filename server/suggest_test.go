package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"ombud/bot"
	"ombud/chat"
)

func TestOnlyTheHolderIsSuggestedAReplyAndNothingIsSaid(t *testing.T) {
	var got bot.SuggestInput
	w := newWorld(t, func(o *Options) {
		o.Suggest = func(_ context.Context, in bot.SuggestInput) (bot.Suggestion, error) {
			got = in
			return bot.Suggestion{Text: "It is on its way.", Language: "en", Cites: []bot.Cite{{Passage: "p#1", Article: "a", Version: 2, Title: "Parcels"}}}, nil
		}
	})
	p := w.mem.seed(t)
	mine := w.mem.log(t, "v9", event(chat.KindHandoffRequested, chat.RoleBot, "", chat.Handoff{ID: newID(), Level: 1, Severity: "low"}),
		event(chat.KindHandoffClaimed, chat.RoleAgent, "ann", chat.Claimed{Agent: "ann"}),
		event(chat.KindMessage, chat.RoleVisitor, "v9", chat.Message{Text: "where is it?"}),
		event(chat.KindNote, chat.RoleAgent, "ann", chat.Note{Text: "a secret among us"}))
	for _, id := range []string{"ann", "bea"} {
		w.addUser(id, chat.GradeAgent)
	}
	w.addUser("sue", chat.GradeSupervisor)
	ann := w.addKey("ann")
	before := len(w.mem.logs[mine])
	resp, body := w.call("POST", "/api/v1/conversations/"+mine+"/suggestion", ann, "", "")
	var out struct {
		Text, Language string
		WordedBy       string `json:"worded_by"`
		Cites          []chat.Cited
	}
	if err := json.Unmarshal([]byte(body), &out); err != nil || resp.StatusCode != 200 || out.Text != "It is on its way." || out.WordedBy != "model" || len(out.Cites) != 1 || out.Cites[0].Article != "a" {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
	if got.Conversation != mine || got.Visitor != "v9" || len(got.Lines) != 1 || got.Lines[0].Text != "where is it?" {
		t.Errorf("asked %+v", got)
	}
	if n := len(w.mem.logs[mine]); n != before {
		t.Errorf("%d events were stored", n-before)
	}
	for _, r := range []struct {
		who, key, conversation string
		want                   int
	}{
		{"a colleague", w.addKey("bea"), mine, 404}, {"nobody", "", mine, 401}, {"a supervisor who watches", w.addKey("sue"), mine, 409},
		{"one that waits", ann, p.waiting, 409}, {"one that is closed", ann, p.took, 409}, {"another id", ann, "nope", 404},
	} {
		if resp, body := w.call("POST", "/api/v1/conversations/"+r.conversation+"/suggestion", r.key, "", ""); resp.StatusCode != r.want || strings.Contains(body, "on its way") {
			t.Errorf("%s: %d %s", r.who, resp.StatusCode, body)
		}
	}
}

func TestWhyThereIsNoSuggestion(t *testing.T) {
	var fail error
	w := newWorld(t, func(o *Options) {
		o.Limits.Suggestions, o.Limits.SuggestBurst = 0.001, 6
		o.Suggest = func(context.Context, bot.SuggestInput) (bot.Suggestion, error) { return bot.Suggestion{}, fail }
	})
	mine := w.mem.seed(t).mine
	w.addUser("ann", chat.GradeAgent)
	key := w.addKey("ann")
	ask := func(w *world, key string) (*http.Response, string) {
		return w.call("POST", "/api/v1/conversations/"+mine+"/suggestion", key, "", "")
	}
	for _, c := range []struct {
		err    error
		status int
		why    string
	}{
		{bot.ErrNothing, 404, "nothing_known"}, {fmt.Errorf("x: %w", bot.ErrDraft), 503, "refused"}, {bot.ErrSpent, 503, "spent"}, {bot.ErrBusy, 429, "busy"},
		{context.DeadlineExceeded, 503, "failed"}, {errors.New("secret of the server"), 503, "failed"},
		{nil, 429, "busy"}, // more than a minute allows
	} {
		fail = c.err
		if resp, body := ask(w, key); resp.StatusCode != c.status || !strings.Contains(body, `"why":"`+c.why+`"`) || strings.Contains(body, "secret") {
			t.Errorf("%v: %d %s", c.err, resp.StatusCode, body)
		}
	}
	none := newWorld(t)
	mine = none.mem.seed(t).mine
	none.addUser("ann", chat.GradeAgent)
	if resp, body := ask(none, none.addKey("ann")); resp.StatusCode != 404 || !strings.Contains(body, "no_model") {
		t.Errorf("without a model: %d %s", resp.StatusCode, body)
	}
	for with, w := range map[bool]*world{true: w, false: none} {
		c := w.dial(nil)
		c.send("hello", map[string]any{"token": w.addKey("ann")})
		if f := c.await("welcome"); f.Data["suggest"] != with {
			t.Errorf("the welcome says %v, want %v", f.Data["suggest"], with)
		}
	}
}
