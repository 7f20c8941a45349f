package server

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"ombud/chat"
)

var theSurvey = map[string]any{"hours": 24, "questions": []map[string]any{
	{"id": "again", "kind": "scale", "texts": map[string]string{"en": "Would you buy here again?"}},
	{"id": "how", "kind": "choice", "texts": map[string]string{"en": "How did you find us?"}, "choices": []map[string]any{
		{"id": "friend", "texts": map[string]string{"en": "A friend"}}, {"id": "search", "texts": map[string]string{"en": "A search"}}}},
}}

// answered gives the last answer to the survey of a conversation.
func (w *world) answered(conversation string) (a chat.Survey) {
	w.t.Helper()
	e := must(w.mem.LastOf(w.t.Context(), conversation, chat.KindSurvey))
	if err := json.Unmarshal(e.Body, &a); err != nil {
		w.t.Error(err)
	}
	return a
}

func TestTheCompanysOwnQuestionsAreAskedAndAnswered(t *testing.T) {
	w, _ := caring(t)
	w.addUser("root", chat.GradeAdmin)
	admin := w.signIn("root")
	if status, out := admin.do("PUT", "/api/v1/survey", theSurvey); status != 200 {
		t.Fatalf("%d %v", status, out)
	}
	c, welcome := w.visitor("", 0)
	_, other := w.visitor("", 0)
	conv := welcome.str("conversation")
	b := w.asVisitor(welcome.str("token"))
	status, out := b.do("GET", "/api/v1/sites/demo/survey?conversation="+conv, nil)
	if asked, _ := out["questions"].([]any); status != 200 || len(asked) != 2 {
		t.Fatalf("%d %v", status, out)
	}
	if status, _ := b.do("GET", "/api/v1/sites/demo/survey?conversation="+other.str("conversation"), nil); status != 404 {
		t.Errorf("another's survey: %d", status)
	}
	c.send("end", map[string]any{"id": "e"})
	c.answer("e")
	c.send("rate", map[string]any{"id": "bad", "rating": 4, "answers": map[string]string{"again": "9"}})
	if a := c.answer("bad"); a.Type != "error" || a.str("field") != "answers.again" {
		t.Errorf("%s", a.raw)
	}
	c.send("rate", map[string]any{"id": "r", "rating": 4, "text": "fine", "answers": map[string]string{"again": "5", "how": "friend", "gone": "x"}})
	if a := c.answer("r"); a.Type != "ack" {
		t.Errorf("%s", a.raw)
	}
	if a := w.answered(conv); a.Rating != 4 || a.Text != "fine" || a.Answers["again"] != "5" || a.Answers["how"] != "friend" || len(a.Answers) != 2 {
		t.Errorf("%+v", a)
	}

	oc := other.str("conversation")
	d, _ := w.visitor(other.str("token"), 0)
	d.send("end", map[string]any{"id": "e"})
	d.answer("e")
	link := "/my/" + w.mem.conv(oc).Visitor + "!"
	_, page, _ := w.get(link)
	for _, want := range []string{"Would you buy here again?", `name="q-how" value="search"`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page by link lacks %s:\n%s", want, page)
		}
	}
	form := url.Values{"conversation": {oc}, "rating": {"2"}, "text": {"late"}, "q-again": {"1"}, "q-how": {"search"}}
	r := must(http.NewRequest("POST", w.url+link+"/rating", strings.NewReader(form.Encode())))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Origin", w.url)
	res := must(http.DefaultTransport.RoundTrip(r)) // no redirect followed
	res.Body.Close()
	if res.StatusCode != 303 {
		t.Errorf("by link: %d", res.StatusCode)
	}
	if a := w.answered(oc); a.Rating != 2 || a.Text != "late" || a.Answers["again"] != "1" || a.Answers["how"] != "search" {
		t.Errorf("by link: %+v", a)
	}
}
