package hub_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/chat"
	"ombud/chat/hub"
)

// parrot answers every burst with its words joined, and hands over on the word "human".
type parrot struct {
	mu    sync.Mutex
	turns [][]bot.Line
	slow  time.Duration
	err   error
	state json.RawMessage
	needs []string // what every topic asks for; nil: an order number
}

func (p *parrot) Turn(ctx context.Context, in bot.TurnInput) (bot.TurnOutput, error) {
	p.mu.Lock()
	if in.HandOver == "" {
		p.turns = append(p.turns, in.New)
	}
	slow, err := p.slow, p.err
	p.mu.Unlock()
	if slow > 0 {
		select {
		case <-time.After(slow):
		case <-ctx.Done():
			return bot.TurnOutput{}, ctx.Err()
		}
	}
	if err != nil {
		return bot.TurnOutput{}, err
	}
	var said []string
	for _, l := range in.New {
		said = append(said, l.Text)
	}
	words := strings.Join(said, "+")
	out := bot.TurnOutput{Language: "en", State: json.RawMessage(`{}`)}
	out.Decision.Action = bot.Answer
	out.Say = []bot.Utterance{{Text: "re:" + words, Part: "answer"}}
	if strings.Contains(words, "angry") {
		out.Decision.Topic, out.Decision.Evidence = "delivery_problem", []bot.Evidence{{Signal: nlu.Angry}}
	}
	if len(p.state) > 0 {
		out.State = p.state
	}
	if in.HandOver != "" {
		out.Decision.Action, out.Decision.Reason, out.Decision.Severity, out.Decision.Level = bot.Handoff, in.HandOver, "high", 2
		out.Decision.Skill = p.Skill("", "", out.Decision.Topic)
		for _, l := range in.New {
			out.Assessment.Facts = append(out.Assessment.Facts, nlu.Fact{Name: "said", Value: l.Text, Quote: l.Text})
		}
	}
	if strings.Contains(words, "human") {
		out.Decision.Action, out.Decision.Reason = bot.Handoff, "asked_for_human"
		out.Decision.Severity, out.Decision.Level = "medium", 1
	}
	return out, nil
}

func (p *parrot) Greeting(string, string) bot.Utterance          { return bot.Utterance{Text: "hello"} }
func (p *parrot) Text(key, _ string, _ map[string]string) string { return key }
func (p *parrot) Returned(s json.RawMessage) json.RawMessage     { return s }
func (p *parrot) Needed(string) []string {
	if p.needs != nil {
		return p.needs
	}
	return []string{"order_number"}
}

// Skill is that of deliveries for complaints about them.
func (p *parrot) Skill(_, _, topic string) string {
	return map[string]string{"delivery_problem": "delivery"}[topic]
}
func (p *parrot) bursts() int { p.mu.Lock(); defer p.mu.Unlock(); return len(p.turns) }

// ear collects what a listener is given, and fails the test on a gap, a repetition or a wrong order.
type ear struct {
	t       *testing.T
	mu      sync.Mutex
	seq     int64
	texts   []string
	kinds   []chat.Kind
	notices []hub.Notice
	full    bool
}

func (e *ear) Events(_ chat.Conversation, evs []chat.Event) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.full {
		return false
	}
	for _, ev := range evs {
		if ev.Seq != e.seq+1 {
			e.t.Errorf("event %d after %d", ev.Seq, e.seq)
		}
		e.seq = ev.Seq
		e.kinds = append(e.kinds, ev.Kind)
		if ev.Kind == chat.KindMessage {
			e.texts = append(e.texts, text(ev))
		}
	}
	return true
}

func (e *ear) Notice(n hub.Notice) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.notices = append(e.notices, n)
	return !e.full
}

func (e *ear) heard() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return strings.Join(e.texts, " | ")
}

// node is one hub with its parts.
type node struct {
	*hub.Hub
	bot *parrot
}

func start(t *testing.T, m *memory, w *wires, change func(*hub.Options)) node {
	t.Helper()
	p := &parrot{}
	o := hub.Options{Store: m, Line: m, Bus: w.node(), Bot: p, NewID: ids(m)}
	if change != nil {
		change(&o)
	}
	h, err := hub.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { h.Close(); h.Close() })
	return node{h, p}
}

var (
	idMu sync.Mutex
	idAt int
)

func ids(*memory) func() string {
	return func() string {
		idMu.Lock()
		defer idMu.Unlock()
		idAt++
		return fmt.Sprintf("id-%06d", idAt)
	}
}

var (
	shop  = chat.Site{ID: "shop"}
	eva   = chat.Visitor{ID: "v1", Site: "shop", Name: "Eva"}
	guest = chat.Identity{Role: chat.RoleVisitor, ID: "v1", Site: "shop"}
	anna  = chat.User{ID: "u1", Name: "Anna", Grade: chat.GradeAgent, Level: 1}
	marko = chat.User{ID: "u2", Name: "Marko", Grade: chat.GradeAgent, Level: 1}
)

func as(u chat.User) chat.Identity {
	return chat.Identity{Role: chat.RoleAgent, ID: u.ID, Name: u.Name, Grade: u.Grade}
}

func begin(t *testing.T, n node) chat.Conversation {
	t.Helper()
	c, err := n.Open(t.Context(), shop, eva, "en", "/")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func say(t *testing.T, n node, who chat.Identity, c chat.Conversation, id, words string) chat.Event {
	t.Helper()
	e, _, err := n.Say(t.Context(), who, c.ID, id, words)
	if err != nil {
		t.Fatalf("say %q: %v", words, err)
	}
	return e
}

func listen(t *testing.T, n node, c chat.Conversation, since int64) *ear {
	t.Helper()
	e := &ear{t: t, seq: since}
	leave, err := n.Join(t.Context(), c.ID, since, e)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(leave)
	return e
}
