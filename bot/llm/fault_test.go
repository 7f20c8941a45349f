package llm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/bot/script"
)

// trained is the default script and what is learnt from its English part: all languages take long to learn. With
// -short it is learnt from every tenth example.
var trained = sync.OnceValues(func() (*script.Script, *nlu.Model) {
	s, err := script.Default()
	if err != nil {
		panic(err)
	}
	english := slices.DeleteFunc(slices.Clone(s.Examples), func(e nlu.Example) bool { return e.Language != "en" })
	if testing.Short() {
		n := 0
		english = slices.DeleteFunc(english, func(nlu.Example) bool { n++; return n%10 != 0 })
	}
	m, err := nlu.Train(english, nlu.Options{})
	if err != nil {
		panic(err)
	}
	m.Assess(unclear, nlu.Context{}) // the first message in no known language loads what tells languages apart
	return s, m
})

func engine(t testing.TB, m bot.Model, budget time.Duration, log *slog.Logger) *bot.Engine {
	t.Helper()
	s, u := trained()
	e, err := bot.New(bot.Options{Script: s, Understanding: u, Policy: bot.DefaultPolicy(), Model: m, ModelBudget: budget, Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func client(t testing.TB, o Options) *Client {
	t.Helper()
	o.Name, o.Key = "stub", "key-of-the-test"
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}

func turn(t testing.TB, e *bot.Engine, text string) bot.TurnOutput {
	t.Helper()
	out, err := e.Turn(context.Background(), bot.TurnInput{
		Conversation: "c", SiteLanguage: "en", Now: time.Unix(1e9, 0), Open: true,
		New: []bot.Line{{Role: "visitor", Text: text}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func spoken(out bot.TurnOutput) string {
	var all []string
	for _, u := range out.Say {
		all = append(all, u.Text)
	}
	return strings.Join(all, "\n")
}

const (
	asksForHuman = "I want to talk to a human agent please"
	unclear      = "blorp the wibble frond"
	plainMatter  = "Where is my order?"
)

// stall and turnBudget are how long a test's server may be silent and a turn may take: long enough that what answers
// at once is in time on a machine that is busy with other tests.
const (
	stall      = slowness * 250 * time.Millisecond
	turnBudget = slowness * 700 * time.Millisecond
)

// TestNoFaultSilencesTheBot: whatever the server does, a request for a person is handed over without
// asking it, and any other turn gets the script's words within the budget.
func TestNoFaultSilencesTheBot(t *testing.T) {
	trained()
	texts := []string{asksForHuman, unclear, plainMatter}
	if testing.Short() {
		texts = texts[:2]
	}
	for name, fault := range faults {
		for _, text := range texts {
			t.Run(name+"/"+strings.Fields(text)[0], func(t *testing.T) {
				t.Parallel()
				s := newStub(t, fault)
				var logged bytes.Buffer
				log := slog.New(slog.NewTextHandler(&logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
				c := client(t, Options{URL: s.URL, FirstByte: stall, Gap: stall, Logger: log})
				begun := time.Now()
				m := &awaited{Model: c}
				out := turn(t, engine(t, m, turnBudget, log), text)
				took := time.Since(begun)
				m.Wait() // the engine leaves a late model behind; its log is looked at too
				checkScripted(t, out)
				if took > turnBudget+2*time.Second {
					t.Errorf("took %s", took)
				}
				asked := len(s.asked())
				if text == asksForHuman && (out.Decision.Action != bot.Handoff || out.Decision.Reason != bot.ReasonHuman || asked != 0 || took > slowness*time.Second) {
					t.Errorf("asked for a person: %s for %q after %s, %d questions to the model", out.Decision.Action, out.Decision.Reason, took, asked)
				}
				if text != asksForHuman && (out.ModelError == "" || asked == 0 || asked > 2) {
					t.Errorf("error %q after %d questions", out.ModelError, asked)
				}
				for _, word := range []string{"secret", "wibble", "key-of-the-test", "Sign in", "on its way"} {
					if strings.Contains(logged.String(), word) || strings.Contains(out.ModelError, word) {
						t.Errorf("%q is in the log: %s", word, logged.String())
					}
				}
			})
		}
	}
}

// awaited lets a test wait for what the engine does not wait for.
type awaited struct {
	bot.Model
	sync.WaitGroup
}

func (a *awaited) Consult(ctx context.Context, q bot.Question) (bot.Opinion, error) {
	a.Add(1)
	defer a.Done()
	return a.Model.Consult(ctx, q)
}

func checkScripted(t *testing.T, out bot.TurnOutput) {
	t.Helper()
	if strings.TrimSpace(spoken(out)) == "" {
		t.Error("the bot is silent")
	}
	for _, u := range out.Say {
		if u.Source != "script" {
			t.Errorf("the model's words were said: %q", u.Text)
		}
	}
}

func TestAModelThatIsNotThereFailsAtOnce(t *testing.T) {
	s := newStub(t, nil)
	s.Close()
	out := turn(t, engine(t, client(t, Options{URL: s.URL}), time.Minute, nil), plainMatter)
	checkScripted(t, out)
	if !strings.Contains(out.ModelError, "refused") {
		t.Errorf("error %q", out.ModelError)
	}
}

func TestAGoodDraftIsSaid(t *testing.T) {
	s := newStub(t, says(good(goodDraft)))
	out := turn(t, engine(t, client(t, Options{URL: s.URL}), time.Minute, nil), plainMatter)
	if len(out.Say) != 1 || out.Say[0].Text != goodDraft || out.Say[0].Source != "model" || out.ModelError != "" {
		t.Errorf("said %+v, %s", out.Say, out.ModelError)
	}
}

// TestNoCutLooksFinished cuts a good stream at 200 places: the visitor reads the whole draft or the script.
func TestNoCutLooksFinished(t *testing.T) {
	stream := events(good(goodDraft), "stop")
	end := strings.Index(stream, `"finish_reason":"stop"}]}`) + len(`"finish_reason":"stop"}]}`)
	whole := 0
	s := newStub(t, nil)
	e := engine(t, client(t, Options{URL: s.URL, Breaker: Breaker{Failures: 1000}, Budget: Budget{-1, -1, -1}}), time.Minute, nil)
	for i := range 200 {
		at := i * len(stream) / 200
		s.use(hangUp(stream[:at], i%2 == 1))
		out := turn(t, e, plainMatter)
		switch {
		case len(out.Say) == 1 && out.Say[0].Text == goodDraft && at >= end:
			whole++
		case strings.Contains(spoken(out), goodDraft[:12]):
			t.Errorf("cut at %d of %d: said %q", at, len(stream), spoken(out))
		default:
			checkScripted(t, out)
		}
	}
	t.Logf("200 cuts of %d bytes, complete from byte %d: %d whole drafts, 0 partial ones", len(stream), end, whole)
	if whole == 0 {
		t.Error("no cut after the end was taken: the test cuts wrongly")
	}
}

func TestFaultsOfTheNetworkAreNotQuoted(t *testing.T) {
	for name, f := range faults {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := client(t, Options{URL: newStub(t, f).URL, FirstByte: stall, Gap: stall})
			ctx, cancel := context.WithTimeout(context.Background(), turnBudget)
			defer cancel()
			_, err := c.Consult(ctx, bot.Question{Conversation: "c", Language: "en", Text: "hello"})
			if !errors.Is(err, ErrServer) && !errors.Is(err, ErrAnswer) {
				t.Errorf("error %v", err)
			}
			if s := fmt.Sprint(err); strings.ContainsAny(s, "{<\"") || strings.Contains(s, "secret") {
				t.Errorf("it quotes the server: %s", s)
			}
		})
	}
}
