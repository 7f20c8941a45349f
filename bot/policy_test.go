package bot

import (
	"encoding/json"
	"strings"
	"testing"

	"ombud/bot/nlu"
)

func TestParsePolicyIsStrict(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"unknown key":           {"answer_at: 0.5\nanwser_at: 0.6\n", "policy:2: error"},
		"unknown key in a rule": {"signals:\n  angry:\n    offf: true\n", "policy:3"},
		"doubled key":           {"misses: 2\nmisses: 3\n", "policy:2"},
		"wrong type":            {"misses: many\n", "policy:1"},
		"out of range":          {"answer_at: 1.5\n", "between 0 and 1"},
		"not a number":          {"answer_at: .nan\n", "between 0 and 1"},
		"wrong order":           {"answer_at: 0.3\nclarify_at: 0.5\n", "above answer_at"},
		"no person":             {"signals: {wants_human: {off: true}}\n", "cannot be switched off"},
		"danger tuned away":     {"signals: {danger: {at: 0.99}}\n", "at most 0.7"},
		"unknown signal":        {"signals: {bored: {at: 0.5}}\n", "no signal bored"},
		"unknown reason":        {"reasons: {bored: {severity: low, level: 1}}\n", "no reason bored"},
		"unknown severity":      {"reasons: {anger: {severity: awful}}\n", "severity"},
		"level":                 {"reasons: {anger: {level: 9}}\n", "level is 9"},
		"override":              {"topics: {order_status: {answer_at: 2}}\n", "topics.order_status"},
		"empty":                 {"  \n", "empty"},
	} {
		_, err := ParsePolicy([]byte(c.in))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestParsePolicyKeepsDefaultsAndReadsItsOwnJSON(t *testing.T) {
	p, err := ParsePolicy([]byte("misses: 4\nreasons: {anger: {level: 3}}\nsignals: {angry: {at: 0.9}}\n"))
	if err != nil {
		t.Fatal(err)
	}
	if p.Misses != 4 || p.Reasons[ReasonAnger] != (Route{Severity: "medium", Level: 3}) || p.Signals[nlu.Angry].At != 0.9 || p.AnswerAt != DefaultPolicy().AnswerAt {
		t.Errorf("got %+v", p)
	}
	changes := DefaultPolicy().Diff(p)
	want := []Change{{"misses", "2", "4"}, {"signals.angry", "at 0.6", "at 0.9"}, {"reasons.anger", "severity medium, level 1", "severity medium, level 3"}}
	if len(changes) != len(want) {
		t.Fatalf("changes %+v", changes)
	}
	for i := range want {
		if changes[i] != want[i] {
			t.Errorf("change %+v, want %+v", changes[i], want[i])
		}
	}
	b, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	again, err := ParsePolicy(b)
	if err != nil {
		t.Fatal(err)
	}
	if d := p.Diff(again); len(d) != 0 {
		t.Errorf("its own JSON reads as %+v", d)
	}
}

func TestEveryFieldIsDescribedAndItsOwnDefaultIsInRange(t *testing.T) {
	if err := DefaultPolicy().Validate(); err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(DefaultPolicy())
	if err != nil {
		t.Fatal(err)
	}
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(b, &keys); err != nil {
		t.Fatal(err)
	}
	for _, f := range PolicyFields() {
		if _, ok := keys[f.Key]; !ok || f.Help == "" || f.Unit == "" || !(f.Max > f.Min) {
			t.Errorf("field %+v", f)
		}
		delete(keys, f.Key)
	}
	if len(keys) != 2 { // signals and reasons are tables
		t.Errorf("not described: %v", keys)
	}
}

func TestOverridesOfATopicWinOverThoseOfALanguage(t *testing.T) {
	e := testEngine(t, nil)
	p := DefaultPolicy()
	p.Languages = map[string]Override{"en": {AnswerAt: 0.95}}
	if err := e.UsePolicy(p, 8); err != nil {
		t.Fatal(err)
	}
	if out := talk(t, e, "#topic=order_status:0.9"); out.Decision.Action != Clarify || out.Policy != 8 {
		t.Errorf("%+v under policy %d", out.Decision, out.Policy)
	}
	p.Topics = map[string]Override{"order_status": {AnswerAt: 0.6, Level: 2, Skill: "vip"}}
	if err := e.UsePolicy(p, 9); err != nil {
		t.Fatal(err)
	}
	if out := talk(t, e, "#topic=order_status:0.9"); out.Decision.Action != Answer {
		t.Errorf("%+v", out.Decision)
	}
	if d := talk(t, e, "#topic=order_status:0.9", "#wants_human").Decision; d.Level != 2 || d.Skill != "vip" {
		t.Errorf("level %d, skill %s", d.Level, d.Skill)
	}
	for topic, skill := range map[string]string{"order_status": "vip", "billing_problem": "billing", "": ""} {
		if got := e.Skill("offer_accepted", "en", topic); got != skill {
			t.Errorf("without words, %q goes to %q, not %q", topic, got, skill)
		}
	}
	p.Misses = 99
	if err := e.UsePolicy(p, 10); err == nil {
		t.Error("an invalid policy was taken")
	}
	if _, v := e.Policy(); v != 9 {
		t.Errorf("policy %d in use, want 9", v)
	}
}
