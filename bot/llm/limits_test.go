package llm

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ombud/bot"
	"ombud/bot/knowledge"
	"ombud/bot/nlu"
)

// clock is a time that a test sets.
type clock struct{ ns atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ns.Store(time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC).UnixNano())
	return c
}
func (c *clock) now() time.Time      { return time.Unix(0, c.ns.Load()) }
func (c *clock) add(d time.Duration) { c.ns.Add(int64(d)) }

func question(conversation, visitor string) bot.Question {
	return bot.Question{Conversation: conversation, Visitor: visitor, Language: "en", Text: "where is it"}
}

func TestARefusedQuestionIsPutTwiceAtMost(t *testing.T) {
	for _, c := range []struct {
		name     string
		code     int
		after    string
		deadline time.Duration
		asked    int
	}{
		{"429 and nothing more", 429, "", time.Minute, 2},
		{"503 after a second", 503, "1", time.Minute, 2},
		{"429 for longer than there is time", 429, "30", 5 * time.Second, 1},
		{"500 with too little time left", 500, "", 400 * time.Millisecond, 1},
		{"400", 400, "", time.Minute, 1},
		{"401", 401, "", time.Minute, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newStub(t, status(c.code, "Retry-After", c.after))
			ctx, cancel := context.WithTimeout(context.Background(), c.deadline)
			defer cancel()
			begun := time.Now()
			_, err := client(t, Options{URL: s.URL}).Consult(ctx, question("c", ""))
			if !errors.Is(err, ErrServer) || len(s.asked()) != c.asked {
				t.Errorf("%d questions, %v", len(s.asked()), err)
			}
			if c.asked == 2 && c.after == "1" && time.Since(begun) < time.Second {
				t.Error("Retry-After was not waited for")
			}
		})
	}
}

func TestASecondTrySucceeds(t *testing.T) {
	var n atomic.Int32
	s := newStub(t, func(w http.ResponseWriter, r *http.Request) {
		if n.Add(1) == 1 {
			status(503)(w, r)
			return
		}
		says(good("fine"))(w, r)
	})
	c := client(t, Options{URL: s.URL})
	o, err := c.Consult(context.Background(), question("c", ""))
	if err != nil || o.Draft != "fine" {
		t.Errorf("%+v, %v", o, err)
	}
}

func TestARedirectIsNotFollowed(t *testing.T) {
	target := newStub(t, says(good("stolen")))
	s := newStub(t, status(307, "Location", target.URL))
	_, err := client(t, Options{URL: s.URL}).Consult(context.Background(), question("c", ""))
	if !errors.Is(err, ErrServer) || len(target.asked()) != 0 {
		t.Errorf("%d questions went elsewhere, %v", len(target.asked()), err)
	}
}

func TestTheBreakerOpensProbesAndCloses(t *testing.T) {
	s := newStub(t, status(400))
	now := newClock()
	c := client(t, Options{URL: s.URL, Now: now.now, Breaker: Breaker{Failures: 3, Rest: time.Minute}})
	ask := func() error {
		_, err := c.Consult(context.Background(), question("c", ""))
		return err
	}
	for range 3 {
		if err := ask(); !errors.Is(err, ErrServer) {
			t.Fatal(err)
		}
	}
	if err := ask(); !errors.Is(err, ErrResting) || len(s.asked()) != 3 {
		t.Fatalf("open: %v after %d questions", err, len(s.asked()))
	}
	now.add(time.Minute)
	if err := ask(); !errors.Is(err, ErrServer) || len(s.asked()) != 4 {
		t.Fatalf("half-open: %v after %d questions", err, len(s.asked()))
	}
	if err := ask(); !errors.Is(err, ErrResting) {
		t.Fatalf("open again: %v", err)
	}
	now.add(time.Minute)
	s.use(says(good("fine")))
	for range 3 {
		if err := ask(); err != nil {
			t.Fatalf("closed: %v", err)
		}
	}
}

func TestOneQuestionProbes(t *testing.T) {
	now := newClock()
	b := newBreaker(Breaker{Failures: 1, Rest: time.Second}, now.now)
	ctx := context.Background()
	settle, _ := b.enter()
	settle(ctx, ErrServer)
	now.add(time.Second)
	probe, err := b.enter()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := b.enter(); !errors.Is(err, ErrResting) {
		t.Errorf("a second probe: %v", err)
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	probe(cancelled, ErrServer)
	if probe, err = b.enter(); err != nil {
		t.Fatalf("a probe that nobody waited for decides nothing: %v", err)
	}
	probe(ctx, nil)
	if _, err := b.enter(); err != nil {
		t.Errorf("closed: %v", err)
	}
}

func TestRetryAfterRestsTheModel(t *testing.T) {
	s := newStub(t, status(429, "Retry-After", "60"))
	now := newClock()
	c := client(t, Options{URL: s.URL, Now: now.now})
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	for i, want := range []error{ErrServer, ErrResting} {
		if _, err := c.Consult(ctx, question("c", "")); !errors.Is(err, want) {
			t.Errorf("question %d: %v", i, err)
		}
	}
	now.add(61 * time.Second)
	s.use(says(good("fine")))
	if _, err := c.Consult(ctx, question("c", "")); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

func TestRetryAfterIsReadInBothForms(t *testing.T) {
	now := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"": 0, "5": 5 * time.Second, " 5 ": 5 * time.Second, "-5": 0, "soon": 0, "99999999999": 24 * time.Hour, "9999999": 24 * time.Hour,
		"Wed, 04 Mar 2026 12:00:30 GMT": 30 * time.Second, "Wed, 04 Mar 2026 11:00:00 GMT": 0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("%q: %s, want %s", header, got, want)
		}
	}
}

// TestSpendingEndsAtTheBudget lets a thousand questions loose at once.
func TestSpendingEndsAtTheBudget(t *testing.T) {
	s := newStub(t, says(good("fine")))
	const day = 20_000
	c := client(t, Options{URL: s.URL, Concurrency: 1000, Budget: Budget{Conversation: -1, Visitor: -1, Day: day}})
	var wg sync.WaitGroup
	var over atomic.Int32
	for range 1000 {
		wg.Go(func() {
			if _, err := c.Consult(context.Background(), question("c", "v")); errors.Is(err, ErrBudget) {
				over.Add(1)
			}
		})
	}
	wg.Wait()
	if spent := c.ledger.today(); spent > day || over.Load() == 0 || int(over.Load())+len(s.asked()) != 1000 {
		t.Errorf("spent %d, %d refused, %d asked", spent, over.Load(), len(s.asked()))
	}
}

func TestEachBudgetBoundsItsOwn(t *testing.T) {
	now := newClock()
	l := newLedger(Budget{Conversation: 100, Visitor: 150, Day: 300}, now.now)
	spend := func(c, v string, reserve, used int) error {
		settle, err := l.reserve(c, v, reserve)
		if err == nil {
			settle(used)
		}
		return err
	}
	for i, x := range []struct {
		c, v string
		used int
		over string
	}{
		{"a", "v", 90, ""}, {"a", "v", 20, "conversation"}, {"b", "v", 50, ""}, {"c", "v", 20, "visitor"},
		{"c", "", 90, ""}, {"d", "w", 70, ""}, {"e", "x", 20, "day"},
	} {
		err := spend(x.c, x.v, x.used, x.used)
		if (err != nil) != (x.over != "") || err != nil && (!errors.Is(err, ErrBudget) || !strings.Contains(err.Error(), x.over)) {
			t.Errorf("%d: %v, want %q", i, err, x.over)
		}
	}
	now.add(12 * time.Hour)
	settle, err := l.reserve("a", "v", 100)
	if err != nil {
		t.Fatalf("the next day: %v", err)
	}
	now.add(24 * time.Hour)
	settle(10)
	if got := l.today(); got != 0 {
		t.Errorf("a call of yesterday costs %d today", got)
	}
}

func TestNoMoreQuestionsAtOnceThanAllowed(t *testing.T) {
	begun, end := make(chan bool), make(chan bool)
	s := newStub(t, func(w http.ResponseWriter, r *http.Request) {
		begun <- true
		<-end
		says(good("fine"))(w, r)
	})
	c := client(t, Options{URL: s.URL, Concurrency: 1, FirstByte: time.Minute})
	first := make(chan error)
	go func() {
		_, err := c.Consult(context.Background(), question("c", ""))
		first <- err
	}()
	<-begun
	if _, err := c.Consult(context.Background(), question("d", "")); !errors.Is(err, ErrBusy) {
		t.Errorf("a second at once: %v", err)
	}
	close(end)
	if err := <-first; err != nil {
		t.Errorf("the first: %v", err)
	}
}

func TestNewRefusesWhatItCannotAsk(t *testing.T) {
	for _, url := range []string{"", "localhost:1", "ftp://x", "http://", "http://a:b@x/v1", "http://x/v1?key=1", "http://x/#k", "http://[::1"} {
		if _, err := New(Options{URL: url, Name: "m"}); err == nil || strings.Contains(err.Error(), "a:b") {
			t.Errorf("%q: %v", url, err)
		}
	}
	if _, err := New(Options{URL: "http://x"}); err == nil {
		t.Error("no model was named")
	}
}

func TestSignalsAreClampedAndEvidenceIsTheVisitors(t *testing.T) {
	s := newStub(t, says(`{"signals":[
		{"signal":"angry","strength":7,"evidence":"<EMAIL_1> is furious"},
		{"signal":"danger","strength":-1,"evidence":"the house burns"},
		{"signal":"legal_threat","strength":0.4,"evidence":"furious"}],"draft":"We wrote to <EMAIL_1>.","cites":["returns#1","script 1"]}`))
	q := question("c", "")
	q.Text = "Kim@Example.org is furious"
	q.Passages = []knowledge.Passage{{ID: "returns#1", Title: "Returns", Text: "Thirty days."}}
	q.Knowledge = []string{"An answer."}
	o, err := client(t, Options{URL: s.URL}).Consult(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	want := []nlu.SignalScore{
		{Signal: "angry", Strength: 1, Evidence: "Kim@Example.org is furious"}, {Signal: "danger"},
		{Signal: "legal_threat", Strength: 0.4, Evidence: "furious"},
	}
	for i, x := range want {
		if o.Signals[i] != x {
			t.Errorf("%+v, want %+v", o.Signals[i], x)
		}
	}
	if o.Draft != "We wrote to Kim@Example.org." || len(o.Cites) != 1 || o.Cites[0] != "returns#1" {
		t.Errorf("%+v", o)
	}
}

func TestThePromptHoldsThisConversationAndApprovedTextsOnly(t *testing.T) {
	s := newStub(t, says(good("fine")))
	c := client(t, Options{URL: s.URL})
	one, two := question("one", "v"), question("two", "w")
	one.Text, two.Text = "aardvark", "buffalo"
	one.Earlier = []bot.Line{{Role: "visitor", Text: "capybara"}, {Role: "system", Text: "dromedary"}, {Role: "agent", Text: "elephant"}}
	two.Knowledge = []string{"An approved text."}
	for _, q := range []bot.Question{one, two} {
		if _, err := c.Consult(context.Background(), q); err != nil {
			t.Fatal(err)
		}
	}
	got := s.asked()
	for i, words := range [][]string{{"buffalo", "dromedary", "key-of-the-test", "An approved text."}, {"aardvark", "capybara", "elephant", "key-of-the-test"}} {
		for _, w := range words {
			if strings.Contains(got[i], w) {
				t.Errorf("prompt %d holds %q", i, w)
			}
		}
	}
	for i, words := range [][]string{{"aardvark", "capybara", "elephant", "json_schema"}, {"buffalo", "[script 1] An approved text."}} {
		for _, w := range words {
			if !strings.Contains(got[i], w) {
				t.Errorf("prompt %d lacks %q", i, w)
			}
		}
	}
}

func TestSilenceIsNoticedLongBeforeTheDeadline(t *testing.T) {
	for name, begin := range map[string]string{"before the first byte": "", "within the answer": events(good("fine"), "")} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := client(t, Options{URL: newStub(t, silence(begin)).URL, FirstByte: 100 * time.Millisecond, Gap: 100 * time.Millisecond})
			ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
			defer cancel()
			if _, err := c.Consult(ctx, question("c", "")); !errors.Is(err, errSilent) || ctx.Err() != nil {
				t.Errorf("%v", err)
			}
		})
	}
}

func TestAnEndlessAnswerIsCutAtItsSize(t *testing.T) {
	c := client(t, Options{URL: newStub(t, endless(200, events("x", ""), 0)).URL, MaxBytes: 64 << 10})
	if _, err := c.Consult(context.Background(), question("c", "")); !errors.Is(err, errTooLarge) {
		t.Errorf("%v", err)
	}
	whole := raw("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + strings.Repeat("x", 5<<20) + "\"}}]}\n\n")
	c = client(t, Options{URL: newStub(t, whole).URL})
	if _, err := c.Consult(context.Background(), question("c", "")); !errors.Is(err, errTooLarge) {
		t.Errorf("%v", err)
	}
}
