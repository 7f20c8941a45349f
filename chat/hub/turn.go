package hub

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/chat"
	"ombud/handoff"
)

// earlierEvents is how far back the bot reads.
const earlierEvents = 200

// think reads the burst and lets the bot decide. A bot that fails hands over: a person is the safe answer.
func (h *Hub) think(ctx context.Context, conv chat.Conversation, tail []chat.Event) thought {
	seen, err := h.recent(ctx, conv, tail)
	if err != nil {
		return thought{conv: conv, err: err}
	}
	in, err := h.input(conv, seen)
	if err != nil {
		return thought{conv: conv, err: err}
	}
	in.Draft = func(text string) { h.post(conv.ID, message{draft: &draft{conv, text}}) }
	out, err := h.turn(ctx, in)
	if err != nil {
		h.o.Logger.Error("bot turn", "conversation", conv.ID, "error", err)
		out = h.fallback(conv)
	}
	return thought{conv: conv, out: out, seen: seen}
}

// input is what the bot reads of a turn: the words that were not answered, and those before them.
func (h *Hub) input(conv chat.Conversation, seen []chat.Event) (bot.TurnInput, error) {
	in := bot.TurnInput{
		Conversation: conv.ID, Visitor: conv.Visitor, State: conv.State, Language: conv.Language,
		SiteLanguage: openedLocale(seen), Now: h.now(), Open: h.open(conv),
	}
	for _, e := range seen {
		if e.Kind != chat.KindMessage {
			continue
		}
		var m chat.Message
		if err := json.Unmarshal(e.Body, &m); err != nil {
			return in, fmt.Errorf("decode message %d of %s: %w", e.Seq, conv.ID, err)
		}
		line := bot.Line{Seq: e.Seq, Role: string(e.Role), Text: m.Text, At: e.At}
		if e.Role == chat.RoleVisitor && e.Seq > conv.Answered {
			in.New = append(in.New, line)
		} else {
			in.Earlier = append(in.Earlier, line)
		}
	}
	return in, nil
}

// turn asks the bot. A panic counts as its error: the turn stays due in the database, so it would end this process and
// every one that starts after it.
func (h *Hub) turn(ctx context.Context, in bot.TurnInput) (out bot.TurnOutput, err error) {
	defer func() {
		if p := recover(); p != nil {
			h.o.Logger.Error("bot panicked", "conversation", in.Conversation, "panic", p, "stack", string(debug.Stack()))
			err = fmt.Errorf("bot panicked: %v", p)
		}
	}()
	return h.o.Bot.Turn(ctx, in)
}

// recent gives the newest events up to the row's last seq, from memory where it reaches.
func (h *Hub) recent(ctx context.Context, conv chat.Conversation, tail []chat.Event) ([]chat.Event, error) {
	from := max(0, conv.LastSeq-earlierEvents)
	if len(tail) > 0 && tail[0].Seq == 1 {
		return tail, nil
	}
	events, err := h.o.Store.Events(ctx, conv.ID, from, earlierEvents)
	if err != nil {
		return nil, fmt.Errorf("read turn of %s: %w", conv.ID, err)
	}
	return events, nil
}

func openedLocale(events []chat.Event) string {
	if len(events) == 0 || events[0].Kind != chat.KindOpened {
		return ""
	}
	var o chat.Opened
	if json.Unmarshal(events[0].Body, &o) != nil {
		return ""
	}
	return o.Locale
}

// open reports whether somebody is there to take the conversation over: it is within business hours, and people are on
// duty.
func (h *Hub) open(c chat.Conversation) bool {
	return h.o.Rules().Skill(c.Skill).Hours.Open(h.now()) && (h.o.OnDuty == nil || len(h.o.OnDuty()) > 0)
}

// fallback is the turn of a bot that failed.
func (h *Hub) fallback(conv chat.Conversation) bot.TurnOutput {
	const reason = "model_failed"
	return bot.TurnOutput{
		Language: conv.Language, State: conv.State,
		Decision: bot.Decision{
			Action: bot.Handoff, Reason: reason, Rule: "bot_failed",
			Severity: string(chat.SeverityMedium), Level: chat.LevelAgent,
		},
		Say: []bot.Utterance{{Text: h.o.Bot.Text("handoff."+reason, conv.Language, nil), Part: chat.PartHandoff}},
	}
}

// settle stores a decision and what is said, on the condition that the bot still owns the conversation
// at the same epoch and that nobody answered these words before.
func (h *Hub) settle(t thought) settled {
	events, err := h.turnEvents(t)
	if err != nil {
		return settled{thought: t, err: fmt.Errorf("%w: %w", chat.ErrInvalid, err)} // it will not encode the next time either
	}
	ctx, cancel := h.call()
	defer cancel()
	a, err := h.o.Store.Append(ctx, chat.Append{
		Conversation: t.conv.ID, Events: events,
		Expect: chat.Expect{Owners: []chat.Owner{chat.OwnerBot}, Epoch: &t.conv.Epoch, Answered: &t.conv.Answered},
	})
	if err != nil {
		return settled{thought: t, err: err}
	}
	h.stored(&t.conv, a)
	return settled{thought: t}
}

func (h *Hub) turnEvents(t thought) ([]chat.Event, error) {
	d := t.out.Decision
	record, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode decision: %w", err)
	}
	b := h.batch(chat.RoleBot, "")
	b.add(chat.KindAssessment, t.out.Assessment)
	b.add(chat.KindDecision, chat.Decision{
		Action: string(d.Action), Reason: d.Reason, Rule: d.Rule, Topic: d.Topic, Policy: t.out.Policy, Script: t.out.Script,
		UpTo: t.conv.VisitorSeq, Language: t.out.Language, State: t.out.State, Record: record,
	})
	for _, u := range t.out.Say {
		b.add(chat.KindMessage, chat.Message{
			Text: u.Text, Part: u.Part, Source: u.Source, Language: t.out.Language, QuickReplies: taps(u.QuickReplies),
			Cites: cites(u.Cites), Asks: asksOf(u.Asks),
		})
	}
	h.botOffer(b, t)
	switch d.Action {
	case bot.Handoff:
		ho := h.request(t)
		b.add(chat.KindHandoffRequested, ho)
		b.add(chat.KindBrief, h.brief(t, ho))
	case bot.Close:
		b.add(chat.KindClosed, chat.Closed{Outcome: "settled", Cause: ""})
	}
	return b.events, b.err
}

func cites(all []bot.Cite) []chat.Cited {
	var out []chat.Cited
	for _, c := range all {
		out = append(out, chat.Cited(c))
	}
	return out
}

func asksOf(a *bot.Asked) *chat.Asked {
	if a == nil {
		return nil
	}
	x := chat.Asked(*a)
	return &x
}

func taps(q []bot.QuickReply) []chat.QuickReply {
	var out []chat.QuickReply
	for _, x := range q {
		out = append(out, chat.QuickReply{Label: x.Label, Text: x.Text})
	}
	return out
}

func (h *Hub) request(t thought) chat.Handoff {
	d := t.out.Decision
	ho := chat.Handoff{
		ID: h.o.NewID(), Reason: d.Reason, Severity: chat.Severity(d.Severity), Level: d.Level,
		Skill: d.Skill, Language: t.out.Language, Topic: d.Topic, AnsweredUpTo: t.conv.VisitorSeq,
	}
	if ho.Level == 0 {
		ho.Level = chat.LevelAgent
	}
	for _, e := range d.Evidence {
		ho.Evidence = append(ho.Evidence, chat.Evidence{
			Signal: string(e.Signal), Seq: t.where(e.Quote), Quote: e.Quote, Value: e.Value,
		})
	}
	ho.Product = h.productOf(t)
	c := t.conv
	c.Level, c.Severity, c.Skill, c.RequestedAt = ho.Level, ho.Severity, ho.Skill, h.now()
	c.Language, c.Product = cmp.Or(ho.Language, c.Language), ho.Product
	ho.DueAt, ho.WarnAt = h.o.Rules().AnswerBy(c, c.RequestedAt)
	c.DueAt = ho.DueAt
	ho.Estimate = h.board.forecast(c)
	return ho
}

// brief gathers what the log says and has it summarised.
func (h *Hub) brief(t thought, ho chat.Handoff) handoff.Brief {
	c := handoff.Case{Conversation: t.conv, Handoff: ho, Needed: h.o.Bot.Needed(ho.Topic), Mandates: h.o.Rules().Mandates()}
	c.Mood, c.Trend = handoff.Mood(t.out.Decision.Emotion.Level, t.out.Decision.Emotion.Trend)
	c.MoodSeq = t.conv.VisitorSeq
	if v, err := h.o.Line.Visitor(h.ctx, t.conv.Visitor); err == nil {
		c.Visitor = v
	}
	var upTo int64
	owed := []promised{}
	for _, e := range t.seen {
		collect(&c, e, &upTo)
		owed = owe(owed, e)
	}
	for _, p := range owed {
		c.Promises = append(c.Promises, p.line)
	}
	addAssessment(&c, t.out.Assessment, t.where)
	return handoff.Summarise(c)
}

// collect adds one event of the log to the case. upTo carries the seq of the words last assessed:
// an assessment stands in the log right after them.
func collect(c *handoff.Case, e chat.Event, upTo *int64) {
	if anew(e) { // the brief is about what they came back with
		c.Said, c.Matter, c.Answers, c.Signals, c.Facts = nil, nil, nil, nil, handoff.Lasting(c.Facts)
	}
	switch e.Kind {
	case chat.KindMessage, chat.KindLeftMessage:
		var m chat.Message
		if json.Unmarshal(e.Body, &m) != nil || m.Text == "" {
			return
		}
		switch {
		case e.Role == chat.RoleVisitor:
			c.Said = append(c.Said, handoff.Line{Text: m.Text, Seq: e.Seq})
			*upTo = e.Seq
		case e.Role == chat.RoleBot && m.Part == "answer":
			c.Answers = append(c.Answers, handoff.Line{Text: m.Text, Seq: e.Seq})
		}
	case chat.KindAssessment:
		var a nlu.Assessment
		if json.Unmarshal(e.Body, &a) == nil {
			addAssessment(c, a, func(string) int64 { return *upTo })
		}
	case chat.KindBrief:
		if e.Role == chat.RoleAgent {
			takeCorrections(c, e)
		}
	}
}

// promised is a promise that nobody has kept yet.
type promised struct {
	id   string
	line handoff.Line
}

// owe brings what is promised up to date: a new time takes the place of the old one, what was kept is owed no more, and what was
// broken still is.
func owe(all []promised, e chat.Event) []promised {
	var p chat.Promise
	if e.Kind != chat.KindPromise || json.Unmarshal(e.Body, &p) != nil {
		return all
	}
	if p.State == "kept" || p.State == "open" || p.State == "renewed" {
		all = slices.DeleteFunc(all, func(x promised) bool { return x.id == p.ID })
	}
	if p.State == "open" || p.State == "renewed" {
		all = append(all, promised{p.ID, handoff.Line{Text: p.Text, Seq: e.Seq}})
	}
	return all
}

// takeCorrections keeps what an agent put right in an earlier brief; what is said later counts more.
func takeCorrections(c *handoff.Case, e chat.Event) {
	var b handoff.Brief
	if json.Unmarshal(e.Body, &b) != nil {
		return
	}
	if b.Matter.By != "" {
		c.Matter = &b.Matter
	}
	for _, f := range b.Facts {
		if f.By != "" {
			c.Facts = append(c.Facts, f)
		}
	}
}

func addAssessment(c *handoff.Case, a nlu.Assessment, where func(quote string) int64) {
	for _, f := range a.Facts {
		c.Facts = append(c.Facts, handoff.Fact{Name: f.Name, Value: f.Value, Seq: where(f.Quote), Inferred: f.Inferred})
	}
	for _, s := range a.Signals {
		if s.Found {
			c.Signals = append(c.Signals, handoff.Line{Text: s.Evidence, Seq: where(s.Evidence), Signal: string(s.Signal)})
		}
	}
}

// where finds the message of the burst that holds a quote; without one it is the last.
func (t thought) where(quote string) int64 {
	if quote != "" {
		for _, e := range t.seen {
			if e.Kind != chat.KindMessage || e.Role != chat.RoleVisitor || e.Seq <= t.conv.Answered {
				continue
			}
			var m chat.Message
			if json.Unmarshal(e.Body, &m) == nil && strings.Contains(m.Text, quote) {
				return e.Seq
			}
		}
	}
	return t.conv.VisitorSeq
}

// batch makes the events of one append.
type batch struct {
	h      *Hub
	role   chat.Role
	sender string
	events []chat.Event
	err    error
}

func (h *Hub) batch(role chat.Role, sender string) *batch {
	return &batch{h: h, role: role, sender: sender}
}

func (b *batch) add(k chat.Kind, body any) *chat.Event {
	data, err := json.Marshal(body)
	if err != nil && b.err == nil {
		b.err = fmt.Errorf("encode %s: %w", k, err)
	}
	b.events = append(b.events, chat.Event{Kind: k, Role: b.role, Sender: b.sender, At: b.h.now(), Body: data})
	return &b.events[len(b.events)-1]
}
