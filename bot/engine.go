package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"ombud/bot/knowledge"
	"ombud/bot/nlu"
	"ombud/bot/script"
)

// Understanding reads one turn's words. It is pure and safe for many goroutines; *nlu.Model is one.
type Understanding interface {
	Assess(text string, c nlu.Context) nlu.Assessment
}

// Model is a language model that may help, and is trusted with nothing: its signals can only be added,
// its draft goes through every check.
type Model interface {
	// Consult answers within the context's deadline, or fails.
	Consult(ctx context.Context, q Question) (Opinion, error)
}

// Source finds passages of approved articles; *knowledge.Index is one. It is safe for many goroutines.
type Source interface {
	Search(q knowledge.Question, k int) []knowledge.Passage
}

// Question is what a model is asked.
type Question struct {
	Conversation string
	Visitor      string              // id, "" if unknown
	Language     string              // to answer in
	Text         string              // the visitor's turn
	Earlier      []Line              // what was said before, oldest first
	Knowledge    []string            // approved texts of the script on the likely topics
	Passages     []knowledge.Passage // of approved articles, the best first
	Topics       []string            // ids of the script's topics
	// Grow is told of the answer while it comes, one call at a time and none after Consult has returned:
	// signals and cites whole, the draft as far as it has come. Nil where nobody looks on.
	Grow func(Opinion)
}

// Opinion is what a model says.
type Opinion struct {
	Signals []nlu.SignalScore
	Draft   string   // "" if it has none
	Cites   []string // ids of the passages that the draft rests on; only such as were given

	given []knowledge.Passage // what was given
}

// Line is one message of a conversation.
type Line struct {
	Seq  int64
	Role string // visitor, bot, agent or system
	Text string
	At   time.Time
}

// TurnInput is one turn to decide: the burst of messages that nobody has answered yet.
type TurnInput struct {
	Conversation string
	Visitor      string          // id, "" if unknown
	State        json.RawMessage // as it was given out by the last turn; nil at first
	Language     string          // the conversation's language so far, "" if unknown
	SiteLanguage string
	Name         string // the visitor's name, "" if unknown
	New          []Line
	Earlier      []Line
	Now          time.Time
	Open         bool // somebody is on duty
	// HandOver, if set, is the reason for which a person takes this turn over, unless a rule finds a weightier one: somebody leaves a
	// message. No model is asked.
	HandOver string
	// Draft is told what may be seen of a model's words before the turn is decided: whole sentences that
	// passed every check, all so far; "" takes them back. One call at a time, none after Turn has returned.
	// Nil where nobody looks on. Nothing of it is final: only what the turn says is.
	Draft func(text string)
}

// TurnOutput is the decided turn.
type TurnOutput struct {
	Assessment nlu.Assessment
	Decision   Decision
	State      json.RawMessage
	Language   string
	Say        []Utterance
	Policy     int64 // version of the policy that decided
	Script     int64 // version of the script that it decided by
	// ModelError says why a model's help was not used, "" if it was, or none is configured.
	ModelError string
}

// Utterance is one message of the bot.
type Utterance struct {
	Text         string
	Part         string // answer, question, calm, handoff, emergency …
	QuickReplies []QuickReply
	Asks         *Asked // the fact that it asks for; nil for none
	Source       string // script or model
	Cites        []Cite // passages of articles that a model's words rest on
}

// QuickReply is one tap: Label is shown, Text is what is said.
type QuickReply struct {
	Label string `json:"label"`
	Text  string `json:"text"`
}

// Engine turns messages into decisions and words. Script, policy and understanding can be exchanged while
// it runs; a turn keeps to what it began with. It is safe for many goroutines.
type Engine struct {
	parts    atomic.Pointer[parts]
	write    sync.Mutex
	model    Model
	articles Source
	budget   time.Duration
	log      *slog.Logger
}

// parts belong together and are exchanged together.
type parts struct {
	script        *script.Script
	understanding Understanding
	plan          *plan
	version       int64 // of the policy
	edition       int64 // of the script
}

// Options of an engine.
type Options struct {
	Script        *script.Script
	Understanding Understanding
	Policy        Policy // must validate
	Version       int64  // of the policy
	ScriptVersion int64  // 0 for the one that is built in, or given as a folder
	Model         Model  // nil for none
	Articles      Source // what a model may draft from besides the script's answers; nil for none
	// ModelBudget is how long a turn waits for the model; 0 means 4 seconds.
	ModelBudget time.Duration
	Logger      *slog.Logger // nil for none
}

// New makes an engine. It fails if the policy is not valid or a part is missing.
func New(o Options) (*Engine, error) {
	if o.Script == nil || o.Understanding == nil {
		return nil, fmt.Errorf("make the bot: it needs a script and an understanding")
	}
	if err := o.Policy.Validate(); err != nil {
		return nil, fmt.Errorf("make the bot: %w", err)
	}
	e := &Engine{
		model: o.Model, articles: o.Articles, budget: or(o.ModelBudget, 4*time.Second),
		log: or(o.Logger, slog.New(slog.DiscardHandler)),
	}
	e.parts.Store(&parts{o.Script, o.Understanding, newPlan(o.Policy, o.Script), o.Version, o.ScriptVersion})
	return e, nil
}

// Copy makes an engine with the script, the understanding and the policy in use, and without a model, that goes its own
// way from then on: for trying something out.
func (e *Engine) Copy() (*Engine, error) {
	p := e.parts.Load()
	return New(Options{Script: p.script, Understanding: p.understanding, Policy: p.plan.Policy, Version: p.version, ScriptVersion: p.edition, Logger: e.log})
}

// UsePolicy changes the policy from the next turn on. An invalid one is refused and the old one stays.
func (e *Engine) UsePolicy(p Policy, version int64) error {
	if err := p.Validate(); err != nil {
		return fmt.Errorf("use policy %d: %w", version, err)
	}
	e.write.Lock()
	defer e.write.Unlock()
	old := e.parts.Load()
	e.parts.Store(&parts{old.script, old.understanding, newPlan(p, old.script), version, old.edition})
	return nil
}

// UseScript changes the script, its version, and the understanding that was trained from it, from the next turn on.
func (e *Engine) UseScript(s *script.Script, u Understanding, version int64) error {
	if s == nil || u == nil {
		return fmt.Errorf("use script: it needs a script and an understanding")
	}
	e.write.Lock()
	defer e.write.Unlock()
	old := e.parts.Load()
	e.parts.Store(&parts{s, u, newPlan(old.plan.Policy, s), old.version, version})
	return nil
}

// Policy gives the policy in use and its version.
func (e *Engine) Policy() (Policy, int64) {
	p := e.parts.Load()
	return p.plan.Policy, p.version
}

// Script gives the script in use.
func (e *Engine) Script() *script.Script { return e.parts.Load().script }

// ScriptVersion gives the version of the script in use.
func (e *Engine) ScriptVersion() int64 { return e.parts.Load().edition }

// Turn decides one turn. It fails only on a state that is not the bot's; a model that fails is no failure.
func (e *Engine) Turn(ctx context.Context, in TurnInput) (TurnOutput, error) {
	p := e.parts.Load()
	var s State
	if len(in.State) > 0 {
		if err := json.Unmarshal(in.State, &s); err != nil {
			return TurnOutput{}, fmt.Errorf("read the bot's state of conversation %s: %w", in.Conversation, err)
		}
	}
	if s.Language == "" && p.script.Speaks(in.Language) {
		s.Language = in.Language
	}
	turn := p.read(s, in)
	next, d := step(p.plan, s, turn)
	var opinion Opinion
	var modelErr error
	var shown *stream
	// Nothing that a model says undoes a handoff, so that nobody who asks for a person waits for one.
	if in.HandOver != "" {
		d = p.handOver(d, turn, s.Offered, in.HandOver)
	} else if e.model != nil && !s.HandedOff && d.Action != Handoff {
		opinion, shown, modelErr = e.ask(ctx, p, s, in, turn, d.Language)
		turn.ModelFailed = modelErr != nil && !errors.Is(modelErr, ErrDraft)
		turn.Assessment.Signals = raise(turn.Assessment.Signals, opinion.Signals)
		next, d = step(p.plan, s, turn)
	}
	out := TurnOutput{Assessment: turn.Assessment, Decision: d, Language: d.Language, Policy: p.version, Script: p.edition}
	out.Say = p.render(d)
	if modelErr == nil && opinion.Draft != "" {
		modelErr = p.useDraft(&out, opinion)
	}
	if shown != nil {
		shown.close(out.Say)
	}
	if modelErr != nil {
		out.ModelError = modelErr.Error()
		e.log.WarnContext(ctx, "model not used", "conversation", in.Conversation, "reason", Unquoted(modelErr))
	}
	state, err := json.Marshal(next)
	if err != nil {
		return TurnOutput{}, fmt.Errorf("write the bot's state of conversation %s: %w", in.Conversation, err)
	}
	out.State = state
	return out, nil
}

// read assesses the burst as one turn.
func (p *parts) read(s State, in TurnInput) Turn {
	text := joined(in.New)
	var earlier []string
	for _, l := range in.Earlier {
		if l.Role == "visitor" {
			earlier = append(earlier, l.Text)
		}
	}
	context := nlu.Context{Language: or(s.Language, or(in.Language, in.SiteLanguage)), Earlier: earlier}
	a := p.understanding.Assess(text, context)
	a.Facts = mergeFacts(p.script.Recognise(text, s.Pending), a.Facts)
	words := wordHashes(text)
	return Turn{
		At: in.Now, Assessment: a, Reply: script.Says(text), Refused: s.Pending != "" && script.Refuses(text),
		AsksWho: script.AsksWho(text), Corrects: script.Corrects(text), Vague: script.Vague(text), SaysAgain: script.SaysAgain(text), Declines: script.Declines(text), Executive: script.AsksExecutive(text),
		Questions: strings.Count(text, "?") + strings.Count(text, "？"), Messages: len(in.New),
		Words: words, Repeats: repeats(words, s.Earlier), Name: in.Name, Site: in.SiteLanguage, Open: in.Open,
		Script: p.script,
	}
}

func joined(lines []Line) string {
	texts := make([]string, len(lines))
	for i, l := range lines {
		texts[i] = l.Text
	}
	return strings.Join(texts, "\n")
}

// render words a decision: neighbours of one part become one message.
func (p *parts) render(d Decision) []Utterance {
	var out []Utterance
	for _, s := range d.Say {
		t := p.script.Text(s.Key, d.Language, s.N, s.Args)
		if t == "" {
			continue
		}
		if n := len(out); n > 0 && out[n-1].Part == s.Part {
			out[n-1].Text += space(d.Language) + t
			continue
		}
		out = append(out, Utterance{Text: t, Part: s.Part, Source: "script"})
	}
	if n := len(out); n > 0 {
		out[n-1].QuickReplies, out[n-1].Asks = p.taps(d), p.asks(d.Ask, d.Language)
	}
	return out
}

// space stands between two sentences of a language.
func space(language string) string {
	if language == "zh" {
		return ""
	}
	return " "
}

// taps are offered under the last message of a turn: answers to its question, else the topic's.
func (p *parts) taps(d Decision) []QuickReply {
	var ids []string
	t, _ := p.script.Topic(d.Topic)
	last := d.Say[len(d.Say)-1].Key
	switch {
	case d.Action == Handoff || d.Action == Close || strings.HasPrefix(last, "waiting."):
		return nil
	case last == "say_back" || strings.HasPrefix(last, "topic.") && strings.HasSuffix(last, ".question"):
		ids = []string{"yes", "no"}
	case d.Ask == "outcome_wanted":
		ids = []string{"replacement", "refund", "repair"}
	case d.Action == Offer || last == "redirect":
		ids = []string{"person"}
	case strings.HasPrefix(last, "topic.greeting.") || strings.HasPrefix(last, "topic.bot_identity."):
		small, _ := p.script.Topic(strings.Split(last, ".")[1])
		ids = small.QuickReplies
	case d.Action == Answer && d.Ask == "":
		ids = t.QuickReplies
	}
	offers := func(x Say) bool {
		return x.Key == "offer.person" || t.NextOffers && x.Key == "topic."+t.ID+".next"
	}
	if slices.ContainsFunc(d.Say, offers) && !slices.Contains(ids, "person") {
		ids = append(slices.Clone(ids), "person")
	}
	return p.quick(d.Language, ids)
}

func (p *parts) quick(language string, ids []string) []QuickReply {
	var out []QuickReply
	for _, id := range ids {
		label, say := p.script.Text("quick."+id+".label", language, 0, nil), p.script.Text("quick."+id+".say", language, 0, nil)
		if label != "" && say != "" {
			out = append(out, QuickReply{Label: label, Text: say})
		}
	}
	return out
}

// Greeting opens a conversation, by name where it is known.
func (e *Engine) Greeting(lang, name string) Utterance {
	p := e.parts.Load()
	u := Utterance{Part: PartGreeting, Source: "script", QuickReplies: p.quick(lang, greetingTaps(p.script))}
	if name == "" {
		u.Text = p.script.Text("greeting", lang, 0, nil)
		return u
	}
	u.Text = p.script.Text("greeting_named", lang, 0, map[string]string{"name": name})
	return u
}

func greetingTaps(s *script.Script) []string {
	t, _ := s.Topic("greeting")
	return t.QuickReplies
}

// Speaks gives the language in which the script writes to a customer of one: the same, or the script's fallback.
func (e *Engine) Speaks(language string) string {
	if s := e.Script(); !s.Speaks(language) {
		return s.Fallback
	}
	return language
}

// Text words one of the script's texts, for what is said beside the turns: waiting.ask, promise.near … "" if the key is unknown.
func (e *Engine) Text(key, lang string, args map[string]string) string {
	return e.parts.Load().script.Text(key, lang, 0, args)
}

// Returned gives the state in which the bot takes a conversation back from a person. A state that cannot
// be read becomes a fresh one.
func (e *Engine) Returned(state json.RawMessage) json.RawMessage {
	var s State
	if len(state) > 0 && json.Unmarshal(state, &s) != nil {
		s = State{}
	}
	out, err := json.Marshal(s.Returned(e.parts.Load().plan.Policy))
	if err != nil {
		return nil
	}
	return out
}
