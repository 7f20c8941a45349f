package bot

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/bot/script"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

// loaded is the shipped script, read once: under the race detector that takes seconds.
var loaded = sync.OnceValues(script.Default)

func shippedScript(t testing.TB) *script.Script {
	t.Helper()
	s, err := loaded()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func testEngine(t testing.TB, m Model) *Engine {
	t.Helper()
	s := shippedScript(t)
	e, err := New(Options{Script: s, Understanding: fakeUnderstanding{}, Policy: DefaultPolicy(), Version: 7, Model: m, ModelBudget: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// talk sends turns one after the other and gives the last output.
func talk(t testing.TB, e *Engine, texts ...string) TurnOutput {
	t.Helper()
	var out TurnOutput
	in := TurnInput{Conversation: "c", SiteLanguage: "en", Now: noon, Open: true}
	for _, text := range texts {
		in.New = []Line{{Role: "visitor", Text: text, At: noon}}
		var err error
		if out, err = e.Turn(context.Background(), in); err != nil {
			t.Fatal(err)
		}
		in.Earlier = append(in.Earlier, in.New...)
		in.State, in.Language = out.State, out.Language
	}
	return out
}

func said(out TurnOutput) string {
	var b strings.Builder
	for _, u := range out.Say {
		b.WriteString(u.Text + "\n")
	}
	return b.String()
}

// What is left for a person goes where a handoff of that turn would have gone, whatever the bot would have done with it.
func TestEngineHandsOverWhatIsLeft(t *testing.T) {
	e := testEngine(t, nil)
	for _, x := range []struct{ words, want string }{
		{"#topic=billing_problem charged twice", "callback low 1 billing"},
		{"#topic=billing_problem charged twice #angry=0.95", "callback medium 1 billing"},
		{"#topic=billing_problem my lawyer will write #legal_threat", "legal_threat high 3 billing"},
		{"", "callback low 1 "},
	} {
		in := TurnInput{Conversation: "c", SiteLanguage: "en", Now: noon, HandOver: ReasonCallback}
		if x.words != "" {
			in.New = []Line{{Role: "visitor", Text: x.words, At: noon}}
		}
		out, err := e.Turn(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		d := out.Decision
		if got := fmt.Sprint(d.Reason, " ", d.Severity, " ", d.Level, " ", d.Skill); d.Action != Handoff || got != x.want || len(out.Say) != 0 {
			t.Errorf("%q: %s %q, says %q", x.words, d.Action, got, said(out))
		}
	}
}

func TestEngineHandsOverWithWordsAndRoute(t *testing.T) {
	out := talk(t, testEngine(t, nil), "#topic=billing_problem charged twice", "give me a person #wants_human")
	d := out.Decision
	if d.Action != Handoff || d.Reason != ReasonHuman || d.Severity != "low" || d.Level != 1 || d.Skill != "billing" {
		t.Errorf("decision %+v", d)
	}
	if !strings.Contains(said(out), "colleague") || out.Policy != 7 {
		t.Errorf("said %q under policy %d", said(out), out.Policy)
	}
	if d.Ask != "" || strings.Contains(said(out), "?") {
		t.Errorf("a handoff asks %q: %q", d.Ask, said(out))
	}
}

func TestAFaintRequestForAPersonIsMetWithAnOffer(t *testing.T) {
	e := testEngine(t, nil)
	out := talk(t, e, "#topic=order_status #wants_human=0.55")
	if out.Decision.Action != Answer || !strings.Contains(said(out), "talk to a person") {
		t.Errorf("%s: %q", out.Decision.Action, said(out))
	}
	if out = talk(t, e, "#topic=order_status #wants_human=0.55", "yes"); out.Decision.Reason != ReasonHuman {
		t.Errorf("a yes led to %+v", out.Decision)
	}
}
