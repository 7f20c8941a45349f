package llm

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"ombud/bot"
	"ombud/bot/nlu"
)

// longDraft has three sentences, the middle one with what looks like an end and is none.
const longDraft = "Thank you for writing. Have a look at My orders, part 3.5 of your account (each step is shown there). Is there anything else?"

// watched is what a visitor sees of drafts, in order.
type watched []string

func (w *watched) draft(text string) { *w = append(*w, text) }

// now gives what is still to be seen.
func (w watched) now() string {
	if len(w) == 0 {
		return ""
	}
	return w[len(w)-1]
}

func watch(t testing.TB, e *bot.Engine, text string) (bot.TurnOutput, watched) {
	t.Helper()
	var w watched
	out, err := e.Turn(context.Background(), bot.TurnInput{
		Conversation: "c", SiteLanguage: "en", Now: time.Unix(1e9, 0), Open: true, Draft: w.draft,
		New: []bot.Line{{Role: "visitor", Text: text}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return out, w
}

func plainEngine(t testing.TB, m bot.Model) *bot.Engine {
	t.Helper()
	script, _ := trained()
	e, err := bot.New(bot.Options{Script: script, Understanding: certain{}, Policy: bot.DefaultPolicy(), Model: m, ModelBudget: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func unbound(t testing.TB, url string) *Client {
	return client(t, Options{URL: url, Breaker: Breaker{Failures: 10_000}, Budget: Budget{-1, -1, -1}})
}

// TestADraftGrowsByWholeSentences has the server wait with the rest of its answer until the beginning was seen.
func TestADraftGrowsByWholeSentences(t *testing.T) {
	stream := events(good(longDraft), "stop")
	seen := make(chan string, 8)
	s := newStub(t, func(w http.ResponseWriter, r *http.Request) {
		at := strings.Index(stream, "each step")
		if at < 0 {
			at = len(stream) * 3 / 4
		}
		raw(stream[:at])(w, r)
		w.(http.Flusher).Flush()
		select {
		case <-seen:
		case <-r.Context().Done():
			return
		}
		raw(stream[at:])(w, r)
	})
	var w watched
	out, err := plainEngine(t, unbound(t, s.URL)).Turn(context.Background(), bot.TurnInput{
		Conversation: "c", SiteLanguage: "en", Now: time.Unix(1e9, 0), Open: true, New: []bot.Line{{Role: "visitor", Text: "?"}},
		Draft: func(text string) { w.draft(text); seen <- text },
	})
	if err != nil {
		t.Fatal(err)
	}
	want := watched{"Thank you for writing.", strings.TrimSuffix(longDraft, " Is there anything else?")}
	if !slices.Equal(w, want) || out.Say[0].Text != longDraft || out.Say[0].Source != "model" {
		t.Errorf("saw %q, said %q", w, spoken(out))
	}
}

// TestNothingThatIsCutStaysInSight cuts a good answer at 200 places: what was shown of it is taken back
// unless all of it is said, and only whole sentences were.
func TestNothingThatIsCutStaysInSight(t *testing.T) {
	stream := events(good(longDraft), "stop")
	s := newStub(t, nil)
	e := plainEngine(t, unbound(t, s.URL))
	whole, begun := 0, 0
	for i := range 200 {
		s.use(hangUp(stream[:i*len(stream)/200], i%2 == 1))
		out, w := watch(t, e, "?")
		for _, text := range w {
			if text != "" && (!strings.HasPrefix(longDraft, text) || !strings.HasSuffix(text, ".")) {
				t.Errorf("cut %d: saw %q", i, text)
			}
		}
		if out.Say[0].Text == longDraft {
			whole++
			continue
		}
		checkScripted(t, out)
		if w.now() != "" {
			t.Errorf("cut %d: %q stands, and %q is said", i, w.now(), spoken(out))
		}
		begun += min(1, len(w))
	}
	t.Logf("200 cuts: %d whole answers, %d beginnings shown and taken back, 0 left standing", whole, begun)
	if whole == 0 || begun == 0 {
		t.Error("the test cuts wrongly")
	}
}

// TestAModelsHandoffIsNeverADraft: signals come first, and once they hand over nothing is shown.
func TestAModelsHandoffIsNeverADraft(t *testing.T) {
	for _, signal := range []nlu.Signal{nlu.WantsHuman, nlu.Danger, nlu.LegalThreat} {
		s := newStub(t, says(strings.Replace(good(longDraft), "[]", `[{"signal":"`+string(signal)+`","strength":1,"evidence":"?"}]`, 1)))
		out, w := watch(t, plainEngine(t, unbound(t, s.URL)), "?")
		if out.Decision.Action != bot.Handoff || len(w) > 0 {
			t.Errorf("%s: %s, saw %q", signal, out.Decision.Action, w)
		}
	}
}

// TestOnlyAnAnswerInOrderIsSeenEarly: answers in another order, or with words around them, are judged when they are whole.
func TestOnlyAnAnswerInOrderIsSeenEarly(t *testing.T) {
	draft, _ := json.Marshal(longDraft)
	s := newStub(t, nil)
	e := plainEngine(t, unbound(t, s.URL))
	for answer, taken := range map[string]bool{
		`{"draft":` + string(draft) + `,"signals":[],"cites":[]}`:             true,
		`{"signals":[],"draft":` + string(draft) + `,"cites":[]}`:             true,
		`{"cites":[],"signals":[],"draft":` + string(draft) + `}`:             true, // whole before the draft: seen
		`Here it is. {"signals":[],"cites":[],"draft":` + string(draft) + `}`: false,
		`"{" {"signals":[],"cites":[],"draft":` + string(draft) + `}`:         false,
		`[{"signals":[],"cites":[],"draft":` + string(draft) + `}]`:           false,
		`{"signals":[],"cites":[],"draft":null,` + string(draft) + `:1}`:      false,
		`{"signals":[],"cites":["x"],"draft":` + string(draft) + `}`:          false,
		`{"signals":[],"cites":[],"cites":[],"draft":` + string(draft) + `}`:  false,
		`{"signals":null,"cites":[],"draft":` + string(draft) + `}`:           false,
		`{"x":{"draft":` + string(draft) + `},"signals":[],"cites":[]}`:       false,
	} {
		s.use(says(answer))
		out, w := watch(t, e, "?")
		if early := strings.HasPrefix(answer, `{"cites"`); (len(w) > 0) != early || taken != (spoken(out) == longDraft) {
			t.Errorf("%s: saw %q, said %q", answer, w, spoken(out))
		}
	}
}

// TestTheMarkIsNotSpeltOutInSight: the canary in parts, a few letters a sentence.
func TestTheMarkIsNotSpeltOutInSight(t *testing.T) {
	s := newStub(t, func(w http.ResponseWriter, r *http.Request) {
		_, mark, _ := strings.Cut(system(r), "bears the mark ")
		var spelt []string
		for _, letter := range mark[:20] {
			spelt = append(spelt, string(letter)+".")
		}
		says(good(strings.Join(spelt, " ")+" End."))(w, r)
	})
	out, w := watch(t, plainEngine(t, unbound(t, s.URL)), "?")
	checkScripted(t, out)
	for _, text := range w {
		if strings.Count(text, ".") >= trace {
			t.Errorf("saw %q", text)
		}
	}
	if w.now() != "" {
		t.Errorf("%q stands", w.now())
	}
}

// FuzzGrower: however an answer is cut into pieces, what is told is a beginning of its draft, and nothing is
// told of an answer that the end refuses for its form.
func FuzzGrower(f *testing.F) {
	for _, s := range []string{good(longDraft), good("a\U0001f600\"\\\n é. b"), `{"signals":[],"cites":[],"draft":"\ud83d\ude00\u00e9. x"}`, `{"draft":"a. b"}`} {
		f.Add(s, 1)
		f.Add(s, 5)
	}
	f.Fuzz(func(t *testing.T, answer string, size int) {
		if size < 1 || !json.Valid([]byte(answer)) {
			return
		}
		p, m := prompt{canary: strings.Repeat("X", 26), given: map[string]bool{}}, newMask()
		var told []string
		g := newGrower(p, m, func(o bot.Opinion) { told = append(told, o.Draft) })
		var err error
		for rest := answer; rest != "" && err == nil; {
			n := min(size, len(rest))
			for n < len(rest) && rest[n]&0xc0 == 0x80 {
				n++
			}
			err = g.feed(rest[:n])
			rest = rest[n:]
		}
		o, final := p.opinion(answer, m)
		for _, text := range told {
			if final == nil && !strings.HasPrefix(o.Draft, text) {
				t.Errorf("%q: told %q, draft %q", answer, text, o.Draft)
			}
		}
		if final == nil && err != nil {
			t.Errorf("%q: refused early: %v", answer, err)
		}
	})
}
