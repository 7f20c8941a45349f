package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/handoff"
)

// pastChat is one conversation of the past while it is written.
type pastChat struct {
	h     *historian
	id    string
	at    time.Time
	c     chat.Conversation
	visit chat.Visitor
	lines []bot.Line
	facts []handoff.Fact
	out   bot.TurnOutput
	asks  *chat.Handoff // a person was asked for, and nobody has come yet
	asked []chat.Event  // what is stored of that with all that came of it: nobody of today is to see the past wait
}

// conversation writes one conversation that began at that time, from the greeting to what came after the close.
func (h *historian) conversation(ctx context.Context, at time.Time) error {
	_, hash := newSecret()
	v := chat.Visitor{ID: newID(), Site: "demo", TokenHash: hash, CreatedAt: at}
	if err := h.db.CreateVisitor(ctx, v); err != nil {
		return fmt.Errorf("add a visitor: %w", err)
	}
	p := &pastChat{h: h, id: newID(), at: at, visit: v}
	language, topic := h.language(), h.topic()
	greeting := h.engine.Greeting(language, "")
	if err := p.append(ctx,
		p.event(chat.KindOpened, chat.RoleSystem, "", chat.Opened{Site: "demo", Visitor: v.ID, Locale: language}),
		p.event(chat.KindMessage, chat.RoleBot, "", chat.Message{Text: greeting.Text, Part: greeting.Part}),
	); err != nil {
		return err
	}
	if err := p.withBot(ctx, language, topic); err != nil {
		return err
	}
	if p.asks != nil {
		if err := p.withPerson(ctx); err != nil {
			return err
		}
	} else if p.c.Owner == chat.OwnerBot && h.draw.IntN(4) > 0 {
		p.later(time.Duration(1+h.draw.IntN(5)) * time.Minute)
		if err := p.append(ctx, p.event(chat.KindClosed, chat.RoleVisitor, v.ID, chat.Closed{By: v.ID, Outcome: "settled"})); err != nil {
			return err
		}
	}
	return p.rate(ctx)
}

// withBot lets the visitor write and the bot answer, until somebody else has to or the visitor has said all.
func (p *pastChat) withBot(ctx context.Context, language, topic string) error {
	turns := 1 + p.h.draw.IntN(3)
	asks := p.h.draw.IntN(5) == 0
	for turn := range turns {
		text := p.h.words(language, topic, asks && turn == turns-1)
		p.later(time.Duration(8+p.h.draw.IntN(50)) * time.Second)
		said := p.event(chat.KindMessage, chat.RoleVisitor, p.visit.ID, chat.Message{Text: text, Due: p.at})
		if err := p.append(ctx, said); err != nil {
			return err
		}
		if err := p.turn(ctx, text, language); err != nil {
			return err
		}
		if p.c.Owner != chat.OwnerBot || p.asks != nil {
			return nil
		}
	}
	return nil
}

// turn has the bot answer what was said last.
func (p *pastChat) turn(ctx context.Context, text, language string) error {
	line := bot.Line{Seq: p.c.VisitorSeq, Role: string(chat.RoleVisitor), Text: text, At: p.at}
	out, err := p.h.engine.Turn(ctx, bot.TurnInput{
		Conversation: p.id, Visitor: p.visit.ID, State: p.c.State, Language: p.c.Language, SiteLanguage: language,
		New: []bot.Line{line}, Earlier: p.lines, Now: p.at, Open: true,
	})
	if err != nil {
		return fmt.Errorf("have the bot answer: %w", err)
	}
	p.lines, p.out = append(p.lines, line), out
	for _, f := range out.Assessment.Facts {
		p.facts = append(p.facts, handoff.Fact{Name: f.Name, Value: f.Value, Seq: line.Seq, Inferred: f.Inferred})
	}
	d := out.Decision
	record, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode a decision: %w", err)
	}
	p.later(time.Second)
	events := []chat.Event{
		p.event(chat.KindAssessment, chat.RoleBot, "", out.Assessment),
		p.event(chat.KindDecision, chat.RoleBot, "", chat.Decision{Action: string(d.Action), Reason: d.Reason, Rule: d.Rule, Topic: d.Topic,
			Policy: out.Policy, Script: out.Script, UpTo: line.Seq, Language: out.Language, State: out.State, Record: record}),
	}
	for _, u := range out.Say {
		events = append(events, p.event(chat.KindMessage, chat.RoleBot, "", chat.Message{Text: u.Text, Part: u.Part, Source: u.Source, Language: out.Language}))
	}
	switch d.Action {
	case bot.Handoff:
		p.handoff()
	case bot.Close:
		events = append(events, p.event(chat.KindClosed, chat.RoleBot, "", chat.Closed{Outcome: "settled"}))
	}
	return p.append(ctx, events...)
}

// handoff keeps the request for a person and its brief.
func (p *pastChat) handoff() {
	d := p.out.Decision
	ho := chat.Handoff{ID: newID(), Reason: d.Reason, Severity: chat.Severity(d.Severity), Level: max(d.Level, chat.LevelAgent), Skill: d.Skill,
		Language: p.out.Language, Topic: d.Topic, AnsweredUpTo: p.c.VisitorSeq, Estimate: &[2]int{1, 4}}
	then := p.c
	then.Level, then.Severity, then.Skill = ho.Level, ho.Severity, ho.Skill
	ho.DueAt, ho.WarnAt = p.h.rules.AnswerBy(then, p.at)
	c := handoff.Case{Conversation: then, Visitor: p.visit, Handoff: ho, Mandates: p.h.rules.Mandates(), Facts: p.facts, Needed: p.h.engine.Needed(ho.Topic)}
	for _, l := range p.lines {
		c.Said = append(c.Said, handoff.Line{Text: l.Text, Seq: l.Seq})
	}
	c.Mood, c.Trend = handoff.Mood(d.Emotion.Level, d.Emotion.Trend)
	c.MoodSeq = p.c.VisitorSeq
	p.asks = &ho
	p.asked = []chat.Event{p.event(chat.KindHandoffRequested, chat.RoleBot, "", ho), p.event(chat.KindBrief, chat.RoleBot, "", handoff.Summarise(c))}
}

// withPerson has somebody pick the chat up, answer and close it.
func (p *pastChat) withPerson(ctx context.Context) error {
	draw := p.h.draw
	able := p.h.people[min(p.asks.Level, chat.LevelExecutive)]
	if len(able) == 0 {
		return p.append(ctx, p.asked...) // it waits
	}
	who := able[draw.IntN(len(able))]
	busy := 1 + 1.5*math.Exp(-math.Pow(float64(p.at.Hour()-13)/2.5, 2)) // noon is the rush
	wait := time.Duration(math.Exp(3.6+0.9*draw.NormFloat64()) * busy * float64(time.Second))
	p.later(min(wait, 2*time.Hour))
	then := p.c
	then.Level, then.Severity, then.Skill = p.asks.Level, p.asks.Severity, p.asks.Skill
	due, warn := p.h.rules.SettleBy(then, p.at)
	claimed := chat.Claimed{Handoff: p.asks.ID, Agent: who.ID, Name: who.Name, DueAt: due, WarnAt: warn}
	events := append(p.asked, p.event(chat.KindHandoffClaimed, chat.RoleAgent, who.ID, claimed))
	for i, text := range p.replies() {
		p.later(time.Duration(20+draw.IntN(100)) * time.Second)
		events = append(events, p.event(chat.KindMessage, chat.RoleAgent, who.ID, chat.Message{Text: text, Name: who.Name}))
		if i == 0 && draw.IntN(5) == 0 {
			events = append(events, p.promise(who)...)
		}
	}
	p.later(time.Duration(1+draw.IntN(12)) * time.Minute)
	closed := chat.Closed{By: who.ID, Name: who.Name, Outcome: "settled", Cause: p.cause(), Label: "right_time", Product: pastProducts[draw.IntN(len(pastProducts))]}
	switch draw.IntN(12) {
	case 0, 1:
		closed.Label = "too_late"
	case 2:
		closed.Label = "not_needed"
	case 3:
		closed.Outcome = "not_settled"
	}
	return p.append(ctx, append(events, p.event(chat.KindClosed, chat.RoleAgent, who.ID, closed))...)
}

// promise gives something the agent promised, and what became of it.
func (p *pastChat) promise(who chat.User) []chat.Event {
	promise := chat.Promise{ID: newID(), Text: p.replies()[1], By: who.ID, DueAt: p.at.Add(24 * time.Hour), State: "open"}
	first := p.event(chat.KindPromise, chat.RoleAgent, who.ID, promise)
	promise.State = "kept"
	if p.h.draw.IntN(8) == 0 {
		promise.State = "broken"
	}
	then := p.event(chat.KindPromise, chat.RoleAgent, who.ID, promise)
	return []chat.Event{first, then}
}

// cause gives a cause from the list that the demo begins with, by what the chat was about.
func (p *pastChat) cause() string {
	usual := map[string]string{"delivery_problem": "late_or_lost", "order_status": "late_or_lost", "billing_problem": "wrong_bill",
		"wrong_or_damaged_item": "poor_quality", "return_refund": "promise_not_kept"}
	if cause, ok := usual[p.asks.Topic]; ok && p.h.draw.IntN(5) > 0 {
		return cause
	}
	return []string{"promise_not_kept", "poor_service", "hard_to_reach", "not_listened_to", "hidden_cost"}[p.h.draw.IntN(5)]
}

// rate has two of five visitors say how it went: better where they waited less.
func (p *pastChat) rate(ctx context.Context) error {
	if p.c.Owner != chat.OwnerClosed || p.h.draw.IntN(5) > 1 {
		return nil
	}
	mean := 4.4
	if p.c.Outcome != "settled" {
		mean = 2
	} else if !p.c.ClaimedAt.IsZero() && p.c.ClaimedAt.Sub(p.c.RequestedAt) > 3*time.Minute {
		mean = 3.2
	}
	p.later(time.Minute)
	rating := int(min(5, max(1, math.Round(mean+0.8*p.h.draw.NormFloat64()))))
	return p.append(ctx, p.event(chat.KindSurvey, chat.RoleVisitor, p.visit.ID, chat.Survey{ID: newID(), State: "answered", Rating: rating}))
}

// replies are what a person says, in the conversation's language or else in English.
func (p *pastChat) replies() [2]string {
	if r, ok := pastReplies[p.c.Language]; ok {
		return r
	}
	return pastReplies["en"]
}

func (p *pastChat) later(d time.Duration) { p.at = p.at.Add(d) }

// event gives an event at the conversation's time; a body that does not encode is refused when it is appended.
func (p *pastChat) event(kind chat.Kind, role chat.Role, sender string, body any) chat.Event {
	data, err := json.Marshal(body)
	if err != nil {
		data = nil
	}
	return chat.Event{Kind: kind, Role: role, Sender: sender, At: p.at, Body: data}
}

func (p *pastChat) append(ctx context.Context, events ...chat.Event) error {
	a, err := p.h.db.Append(ctx, chat.Append{Conversation: p.id, Events: events})
	if err != nil {
		return fmt.Errorf("append to a past conversation: %w", err)
	}
	p.c = a.Conversation
	return nil
}

// pastProducts are the ids of the demo's products, and demoProducts is the list that names them.
var pastProducts = []string{"kettle", "toaster", "cup"}

const demoProducts = `[{"id":"kettle","name":"Kettle"},{"id":"toaster","name":"Toaster"},{"id":"cup","name":"Cup"}]`

// pastReplies are what people say in the demo's history, first and then at the end.
var pastReplies = map[string][2]string{
	"en": {"Thank you for waiting. I have read everything above; let me look into it right now.", "It is done. You will get a confirmation by e-mail today."},
	"hu": {"Köszönöm a türelmét. Elolvastam az előzményeket, máris utánanézek.", "Elintéztem. Még ma kap róla visszaigazolást e-mailben."},
	"sl": {"Hvala za potrpljenje. Vse zgoraj sem že prebrala, takoj preverim.", "Urejeno. Potrditev dobite še danes po e-pošti."},
	"fr": {"Merci de votre patience. J'ai tout lu plus haut, je regarde tout de suite.", "C'est fait. Vous recevrez une confirmation par e-mail aujourd'hui."},
	"zh": {"感谢您的耐心等待。前面的内容我都看过了，马上为您核实。", "已经处理好了，今天会有确认邮件发给您。"},
}
