package llm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"time"

	openai "github.com/sashabaranov/go-openai"

	"ombud/bot"
)

// Why a model was not asked, or its answer not taken. All of them mean that the script answers.
var (
	ErrBudget  = bot.ErrSpent
	ErrBusy    = bot.ErrBusy
	ErrResting = errors.New("the model failed too often and rests")
	ErrServer  = errors.New("the model's server failed")
	ErrAnswer  = errors.New("the model's answer is refused")
)

// Options of a client. Zero values mean the default that each field names.
type Options struct {
	URL  string // base of the interface, e.g. http://localhost:11434/v1
	Key  string // sent as a bearer token; "" for none
	Name string // of the model

	FirstByte   time.Duration // longest wait for the answer to begin; 3 s
	Gap         time.Duration // longest silence within the answer; 2 s
	MaxBytes    int64         // of an answer on the wire; 256 KiB
	MaxTokens   int           // of an answer, as the server is asked for; 500
	Concurrency int           // questions at once; more are refused, not queued; 8

	Budget  Budget
	Breaker Breaker
	Logger  *slog.Logger     // nil for none; no words of a conversation are logged
	Now     func() time.Time // nil for time.Now
}

// Client asks one model. It is safe for many goroutines and starts none that outlives a question.
type Client struct {
	o       Options
	api     *openai.Client
	http    *http.Client
	slots   chan struct{}
	ledger  *ledger
	breaker *breaker
}

var (
	_ bot.Model  = (*Client)(nil)
	_ bot.Writer = (*Client)(nil)
)

// New makes a client. It fails if the URL is not plain http(s) or no model is named.
func New(o Options) (*Client, error) {
	u, err := url.Parse(o.URL)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("ask a model: its URL must be http(s)://host[:port][/path]")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("ask a model: its URL may hold no user, query or fragment: the key is an option of its own")
	case o.Name == "":
		return nil, errors.New("ask a model: it needs the model's name")
	}
	o = o.filled()
	if o.Key != "" && u.Scheme == "http" && !loopback(u.Hostname()) {
		o.Logger.Warn("the model's key travels unencrypted; use https", "host", u.Host)
	}
	c := &Client{o: o, http: newHTTP(o), slots: make(chan struct{}, o.Concurrency)}
	c.ledger, c.breaker = newLedger(o.Budget, o.Now), newBreaker(o.Breaker, o.Now)
	config := openai.DefaultConfig(o.Key)
	config.BaseURL, config.HTTPClient = o.URL, c.http
	c.api = openai.NewClientWithConfig(config)
	return c, nil
}

func (o Options) filled() Options {
	o.FirstByte, o.Gap = or(o.FirstByte, 3*time.Second), or(o.Gap, 2*time.Second)
	o.MaxBytes, o.MaxTokens, o.Concurrency = or(o.MaxBytes, 256<<10), or(o.MaxTokens, 500), or(o.Concurrency, 8)
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

func or[T comparable](a, b T) T {
	var zero T
	if a != zero {
		return a
	}
	return b
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Close lets go of idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// Consult asks the model once, and a second time where the first was refused before it began and time is
// left. It returns one of the errors above, or the context's.
func (c *Client) Consult(ctx context.Context, q bot.Question) (bot.Opinion, error) {
	begun := c.o.Now()
	o, tries, err := c.ask(ctx, q)
	c.note(ctx, "model asked", q.Conversation, begun, tries, err)
	return o, err
}

// note logs how a question went, without a word of it.
func (c *Client) note(ctx context.Context, what, conversation string, begun time.Time, tries int, err error) {
	level, outcome := slog.LevelDebug, "taken"
	if err != nil {
		level, outcome = slog.LevelInfo, err.Error()
	}
	c.o.Logger.Log(ctx, level, what, "conversation", conversation, "outcome", outcome, "tries", tries,
		"took", c.o.Now().Sub(begun).Round(time.Millisecond), "tokens_today", c.ledger.today())
}

func (c *Client) ask(ctx context.Context, q bot.Question) (o bot.Opinion, tries int, err error) {
	m := newMask()
	p := c.prompt(q, m)
	tries, err = c.put(ctx, q.Conversation, q.Visitor, p, func() *grower { return newGrower(p, m, q.Grow) }, func(text string) (err error) {
		o, err = p.opinion(text, m)
		return err
	})
	return o, tries, err
}

// put puts a prompt within slots, budgets and breaker, and has the whole answer read. watch makes who looks on at a try, if
// anybody does.
func (c *Client) put(ctx context.Context, conversation, visitor string, p prompt, watch func() *grower, read func(text string) error) (tries int, err error) {
	select {
	case c.slots <- struct{}{}:
		defer func() { <-c.slots }()
	default:
		return 0, ErrBusy
	}
	charge, err := c.ledger.reserve(conversation, visitor, p.tokens+c.o.MaxTokens)
	if err != nil {
		return 0, err
	}
	settle, err := c.breaker.enter()
	if err != nil {
		charge(0)
		return 0, err
	}
	used := 0
	for tries = 1; ; tries++ {
		var a answer
		a, err = c.stream(ctx, p, watch())
		if err == nil {
			err = read(a.text)
		}
		wait, again := retry(err)
		if !again {
			used += p.tokens + a.tokens // a question that was turned away costs nothing
		}
		if tries == 2 || !again || !pause(ctx, wait) {
			break
		}
	}
	charge(used)
	settle(ctx, err)
	return tries, err
}

// retry tells whether a question may be put again, and after how long: only where the server refused it
// with a status that says so, hence before any of the answer.
func retry(err error) (time.Duration, bool) {
	var s *statusError
	if !errors.As(err, &s) || !s.temporary() {
		return 0, false
	}
	if s.after > 0 {
		return s.after, true
	}
	return 150*time.Millisecond + rand.N(150*time.Millisecond), true
}

// leave is the time that must be left after a pause for a second try to make sense.
const leave = 500 * time.Millisecond

// pause waits, unless the deadline leaves no room for it.
func pause(ctx context.Context, d time.Duration) bool {
	if end, ok := ctx.Deadline(); ok && time.Until(end) < d+leave {
		return false
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// answer is what one stream brought.
type answer struct {
	text   string
	tokens int // of the answer, as estimated or as the server says if that is more
}

// stream puts the question once and reads the answer to its end. Who looks on is told while it comes; nil
// for nobody.
func (c *Client) stream(ctx context.Context, p prompt, on *grower) (answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s, err := c.api.CreateChatCompletionStream(ctx, c.request(p))
	if err != nil {
		return answer{}, fault(ctx, err)
	}
	defer s.Close()
	var a answer
	var text []byte
	finish := openai.FinishReason("")
	for {
		piece, err := s.Recv()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			a.tokens = max(a.tokens, estimate(len(text)))
			return a, fault(ctx, err)
		}
		if piece.Usage != nil {
			a.tokens = max(a.tokens, min(piece.Usage.CompletionTokens, int(c.o.MaxBytes)))
		}
		for _, choice := range piece.Choices {
			if choice.Index != 0 || len(choice.Delta.ToolCalls) > 0 || choice.Delta.FunctionCall != nil || finish != "" && choice.Delta.Content != "" {
				return a, fmt.Errorf("%w: it did not stick to one message", ErrAnswer)
			}
			text = append(text, choice.Delta.Content...)
			if err := on.feed(choice.Delta.Content); err != nil {
				a.tokens = max(a.tokens, estimate(len(text)))
				return a, err
			}
			if choice.FinishReason != "" {
				finish = choice.FinishReason
			}
		}
	}
	a.text, a.tokens = string(text), max(a.tokens, estimate(len(text)))
	switch {
	case finish == "":
		return a, fmt.Errorf("%w: the answer was cut off", ErrServer)
	case finish != openai.FinishReasonStop:
		return a, fmt.Errorf("%w: it ended for another reason than being complete", ErrAnswer)
	}
	return a, nil
}

func (c *Client) request(p prompt) openai.ChatCompletionRequest {
	return openai.ChatCompletionRequest{
		Model: c.o.Name, Messages: p.messages, MaxCompletionTokens: c.o.MaxTokens,
		StreamOptions: &openai.StreamOptions{IncludeUsage: true},
		ResponseFormat: &openai.ChatCompletionResponseFormat{
			Type:       openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: p.form, Strict: true, Schema: p.schema},
		},
	}
}

// estimate gives the tokens of a text by its bytes, rather too many: three bytes each, where English has
// four and Chinese, with three bytes a character, at most one a character.
func estimate(bytes int) int { return (bytes + 2) / 3 }
