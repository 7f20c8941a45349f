package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"

	"ombud/chat"
	"ombud/server/client"
)

// benchCmd measures what people feel: a visitor's words are acknowledged and seen by the agent.
type benchCmd struct {
	URL      string        `default:"http://127.0.0.1:8080" help:"Server to load; only loopback addresses are taken."`
	Self     bool          `help:"Start a server in this process, on a database of its own, and load that."`
	Database string        `help:"With --self: database to use (default: a SQLite file that is removed afterwards)."`
	Token    string        `env:"OMBUD_BENCH_TOKEN" help:"API token of an agent without a limit of chats; --self makes its own."`
	Site     string        `default:"demo" help:"Site whose visitors are played."`
	Pairs    int           `default:"50" help:"Pairs of a visitor and an agent, each sending one message after the other."`
	For      time.Duration `default:"10s" help:"How long to send; at most 5m."`
	Rate     float64       `help:"Messages a second over all pairs (default: as fast as they are answered)."`
	Beside   int           `help:"Open this many idle visitors beside the pairs: what a message costs must not grow with them."`
	Bot      bool          `help:"Instead of pairs of people: as many visitors who ask the bot. Needs --self."`
	Idle     int           `help:"Instead of pairs: open this many idle visitors and report what each adds to the server's resident memory: with --self the clients' included, else as /metrics says."`
	JSON     bool          `name:"json" help:"Print JSON."`
}

// benchPause is how long a server of our own waits for more words before the bot's turn.
const benchPause = time.Millisecond

// benchResult is one run. Times are in milliseconds.
type benchResult struct {
	Pairs        int     `json:"pairs"`
	Messages     int     `json:"messages"`
	Seconds      float64 `json:"seconds"`
	PerSecond    float64 `json:"per_second"`
	AckP50       float64 `json:"ack_p50_ms"`
	AckP99       float64 `json:"ack_p99_ms"`
	SeenP50      float64 `json:"seen_p50_ms"` // from sending to the agent's receipt
	SeenP99      float64 `json:"seen_p99_ms"`
	CPU          float64 `json:"cpu_us,omitempty"` // microseconds of processor time a message, the clients' included; --self only
	HandoffP50   float64 `json:"handoff_p50_ms"`   // from asking for a person to the brief on the agent's socket
	HandoffP99   float64 `json:"handoff_p99_ms"`
	Turns        int     `json:"turns,omitempty"`         // of the bot
	AnswerP50    float64 `json:"answer_p50_ms,omitempty"` // from the time at which its turn is due to the visitor's receipt
	AnswerP99    float64 `json:"answer_p99_ms,omitempty"`
	Idle         int     `json:"idle,omitempty"`
	BytesPerIdle float64 `json:"bytes_per_idle,omitempty"`
}

func (c *benchCmd) Run(ctx context.Context, s streams) error {
	if c.For <= 0 || c.For > 5*time.Minute {
		return errors.New("--for: give a time up to 5m")
	}
	if c.Pairs < 1 || c.Pairs > 10_000 || min(c.Idle, c.Beside) < 0 || max(c.Idle, c.Beside) > 100_000 {
		return errors.New("--pairs takes 1 to 10000, --idle and --beside up to 100000")
	}
	if c.Bot && !c.Self {
		return errors.New("--bot needs --self: the pause before a turn is set from inside")
	}
	base, token := c.URL, c.Token
	if c.Self {
		stop, url, made, err := c.startSelf(ctx, s)
		if err != nil {
			return err
		}
		defer stop()
		base, token = url, made
	}
	if err := loopback(base); err != nil {
		return err
	}
	var result benchResult
	var err error
	switch {
	case c.Idle > 0:
		result, err = c.idle(ctx, base)
	case c.Bot:
		result, err = c.ask(ctx, base)
	default:
		result, err = c.load(ctx, base, token)
	}
	if err != nil {
		return err
	}
	return result.print(s, c.JSON)
}

// loopback refuses to send load to any machine but this one.
func loopback(base string) error {
	u, err := parseBase(base)
	if err != nil {
		return err
	}
	ips, err := net.LookupIP(u)
	if err != nil {
		return fmt.Errorf("look up %s: %w", u, err)
	}
	for _, ip := range ips {
		if !ip.IsLoopback() {
			return fmt.Errorf("%s is not this machine: load goes to loopback only", base)
		}
	}
	return nil
}

func (c *benchCmd) startSelf(ctx context.Context, s streams) (stop func(), url, token string, err error) {
	dir, err := os.MkdirTemp("", "ombud-bench-")
	if err != nil {
		return nil, "", "", fmt.Errorf("make a folder: %w", err)
	}
	cfg := config{Demo: true, VisitorSays: 1e9, TurnPause: benchPause, DrainLimit: time.Second}
	cfg.Database, cfg.LogLevel, cfg.LogFormat = c.Database, 4, "text"
	if cfg.Database == "" {
		cfg.Database = filepath.Join(dir, "bench.db")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", "", fmt.Errorf("listen: %w", err)
	}
	thrift()
	quiet := streams{in: s.in, out: discard{}, err: s.err}
	a, err := start(ctx, cfg, l, quiet)
	if err != nil {
		l.Close()
		return nil, "", "", err
	}
	u := chat.User{
		ID: newID(), Email: "bench-" + newID() + "@bench.example", Name: "Bench", Grade: chat.GradeAgent,
		Level: chat.LevelExecutive, CreatedAt: now(),
	}
	secret, hash := newSecret()
	err = errors.Join(a.db.CreateUser(ctx, u),
		a.db.CreateAPIToken(ctx, chat.APIToken{ID: newID(), Hash: hash, User: u.ID, Name: "bench", CreatedAt: now()}))
	run, cancel := context.WithCancel(ctx)
	done := make(chan error, 1)
	go func() { done <- a.serve(run) }()
	return func() { cancel(); <-done; os.RemoveAll(dir) }, "http://" + l.Addr().String(), secret, err
}

type discard struct{}

func (discard) Write(b []byte) (int, error) { return len(b), nil }

// pair is a visitor and the agent who holds their chat.
type pair struct {
	visitor, agent *client.Client
	handoff        time.Duration
	ack, seen      []time.Duration
}

func (p *pair) close() {
	if p == nil {
		return
	}
	p.visitor.Close()
	p.agent.Close()
}

// connect brings a visitor to ask for a person, and an agent to claim and open the chat.
func (c *benchCmd) connect(ctx context.Context, base, token string) (*pair, error) {
	visitor, err := client.Dial(ctx, base, "", client.Hello{Site: c.Site, Locale: "en"})
	if err != nil {
		return nil, err
	}
	agent, err := client.Dial(ctx, base, "", client.Hello{Token: token})
	if err != nil {
		visitor.Close()
		return nil, err
	}
	p := &pair{visitor: visitor, agent: agent}
	id := visitor.Welcome.Conversation
	asked := time.Now()
	steps := []func() error{
		func() error { return visitor.Say("ask", "I want to speak to a human agent") },
		func() error {
			return until(agent, func(f client.Frame) bool { return f.Type == "queue" && lists(f, id) })
		},
		func() error { return agent.Send("claim", 0, map[string]string{"id": "claim", "conversation": id}) },
		func() error {
			return until(agent, func(f client.Frame) bool { return f.Type == "ack" && f.ID() == "claim" })
		},
		func() error {
			return agent.Send("open", 0, map[string]any{"id": "open", "conversation": id, "since": 0})
		},
		func() error {
			return until(agent, func(f client.Frame) bool {
				e, err := f.Event()
				return f.Type == "event" && err == nil && e.Kind == "brief"
			})
		},
	}
	for _, step := range steps {
		if err := step(); err != nil {
			p.close()
			return nil, err
		}
	}
	p.handoff = time.Since(asked)
	return p, nil
}

// lists reports whether a queue frame names a conversation that waits.
func lists(f client.Frame, conversation string) bool {
	var q struct {
		Items, Changed []struct{ Conversation, Owner string }
	}
	if json.Unmarshal(f.Data, &q) != nil {
		return false
	}
	for _, it := range append(q.Items, q.Changed...) {
		if it.Conversation == conversation && it.Owner == "queue" {
			return true
		}
	}
	return false
}

// until reads frames up to the wanted one. An error frame ends it.
func until(c *client.Client, wanted func(client.Frame) bool) error {
	for {
		f, err := c.Next(20 * time.Second)
		if err != nil {
			return err
		}
		if f.Type == "error" {
			return f.Problem()
		}
		if wanted(f) {
			return nil
		}
	}
}

// idle opens visitors who say nothing, and reads what each costs the server's process; one of our own has the clients in it too.
func (c *benchCmd) idle(ctx context.Context, base string) (benchResult, error) {
	memory := func() (int64, error) { return residentAt(ctx, base) }
	if c.Self {
		memory = func() (int64, error) { return resident(), nil }
	}
	before, err := memory()
	if err != nil {
		return benchResult{}, err
	}
	clients, err := c.open(ctx, base, c.Idle)
	defer closeAll(clients)
	if err != nil {
		return benchResult{}, err
	}
	after, err := memory()
	return benchResult{Idle: c.Idle, BytesPerIdle: float64(after-before) / float64(c.Idle)}, err
}

// open connects visitors who say nothing; those who are in are given in any case.
func (c *benchCmd) open(ctx context.Context, base string, n int) ([]*client.Client, error) {
	clients := make([]*client.Client, 0, n)
	for i := range n {
		x, err := client.Dial(ctx, base, "", client.Hello{Site: c.Site, Locale: "en"})
		if err != nil {
			return clients, fmt.Errorf("visitor %d: %w", i+1, err)
		}
		clients = append(clients, x)
	}
	return clients, nil
}

func closeAll(clients []*client.Client) {
	for _, x := range clients {
		x.Close()
	}
}
