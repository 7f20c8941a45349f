package hub

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/chat"
	"ombud/handoff"
)

// The bot is silent once a conversation is handed over. What the brief still misses, the line may ask of those who wait: one
// thing at a time, each once, the next only when the last was answered. Whoever ignores a question is asked no more.
// What they say goes into the brief.

// askPause lies between an answer and the next question.
const askPause = 2 * time.Second

// Asker knows what to ask and understands the answer; *bot.Engine is one.
type Asker interface {
	Asks(fact, language string) *bot.Asked
	Recognise(text, asked string) (facts []nlu.Fact, refused bool)
}

// asking is what a log says about the questions of the open handoff.
type asking struct {
	brief   handoff.Brief
	from    int64           // seq of the brief: what came before is in it
	since   time.Time       // of the handoff
	asked   map[string]bool // every fact that was ever asked for
	count   int             // questions of this handoff
	pending string          // the fact asked for last, if it has not been answered
	at      int64           // seq of that question
	said    []chat.Event    // what the visitor wrote after the brief
	moved   time.Time       // when something was asked or said last
	spoken  bool            // an agent has spoken since the last question: the visitor answers them
}

// readAsking reads the newest handoff of a log; false where it has no brief.
func readAsking(events []chat.Event) (asking, bool) {
	a := asking{asked: map[string]bool{}}
	for _, e := range events {
		switch e.Kind {
		case chat.KindHandoffRequested:
			a = asking{asked: a.asked, since: e.At}
		case chat.KindBrief:
			var b handoff.Brief
			if json.Unmarshal(e.Body, &b) == nil {
				a.brief, a.from = b, e.Seq
			}
		case chat.KindMessage:
			a.message(e)
		}
	}
	a.said = slices.DeleteFunc(a.said, func(e chat.Event) bool { return e.Seq < a.from })
	if a.pending != "" && !slices.Contains(a.brief.Missing, a.pending) {
		a.pending = ""
	}
	return a, a.from > 0 && !a.since.IsZero()
}

func (a *asking) message(e chat.Event) {
	if e.Role == chat.RoleVisitor { // visitors ask for no facts: there is nothing to decode
		a.said, a.moved = append(a.said, e), e.At
		return
	}
	var m chat.Message
	if json.Unmarshal(e.Body, &m) != nil {
		return
	}
	if m.Asks != nil {
		a.asked[m.Asks.Fact] = true
	}
	switch {
	case m.Part == chat.PartAsk && m.Asks != nil:
		a.pending, a.at, a.spoken, a.moved = m.Asks.Fact, e.Seq, false, e.At
		a.count++
	case e.Role == chat.RoleAgent:
		a.spoken = true
	}
}

// mayBePending reports whether a question of the open handoff was the last that anybody but the visitor said. It looks at the end of
// the log only: most chats that an agent holds have no such question, and this is asked after every event.
func mayBePending(events []chat.Event) bool {
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i] // events are large
		switch {
		case e.Kind == chat.KindHandoffRequested, e.Kind == chat.KindMessage && e.Role == chat.RoleAgent:
			return false
		case e.Kind == chat.KindMessage && e.Role != chat.RoleVisitor:
			var m chat.Message
			if json.Unmarshal(e.Body, &m) == nil && m.Part == chat.PartAsk && m.Asks != nil {
				return true
			}
		}
	}
	return false
}

// learnt gives the brief with what the visitor has said since; false: nothing new. It also takes note of a question that was
// declined.
func (a *asking) learnt(by Asker) (handoff.Brief, bool) {
	var facts []handoff.Fact
	for _, e := range a.said {
		var m chat.Message
		if json.Unmarshal(e.Body, &m) != nil {
			continue
		}
		asked := ""
		if e.Seq > a.at {
			asked = a.pending
		}
		found, refused := by.Recognise(m.Text, asked)
		if refused {
			a.pending = ""
			continue // the words that decline are no value, whatever they look like
		}
		for _, f := range found {
			facts = append(facts, handoff.Fact{Name: f.Name, Value: f.Value, Seq: e.Seq, Inferred: f.Inferred})
		}
	}
	return a.brief.Learn(facts)
}

// next gives the fact to ask for and when; "" if nothing is to be asked.
func (a *asking) next(r handoff.AskingRules) (fact string, at time.Time) {
	if r.Off || a.pending != "" || a.count >= r.Most {
		return "", at
	}
	i := slices.IndexFunc(a.brief.Missing, func(name string) bool { return !a.asked[name] })
	if i < 0 {
		return "", at
	}
	at = a.since.Add(time.Duration(r.After))
	if pause := a.moved.Add(askPause); pause.After(at) {
		at = pause
	}
	return a.brief.Missing[i], at
}

// scheduleAsk arms the timer of the next question, or has what was said taken into the brief at once.
func (l *live) scheduleAsk() {
	if l.askTimer != nil {
		l.askTimer.Stop()
		l.askTimer = nil
	}
	h := l.hub
	waits := l.conv.Owner == chat.OwnerQueue || l.conv.Owner == chat.OwnerAgent
	if h.o.Asker == nil || !waits || l.asks || len(l.subs) == 0 || l.askSeen == l.conv.LastSeq || l.rowLags() {
		return
	}
	if l.conv.Owner == chat.OwnerAgent && !mayBePending(l.tail) {
		return
	}
	a, ok := readAsking(l.tail)
	if !ok {
		return
	}
	if l.conv.Owner == chat.OwnerAgent && (a.pending == "" || a.spoken) {
		return
	}
	_, news := a.learnt(h.o.Asker)
	fact, at := a.next(h.o.Rules().Asking)
	switch {
	case news:
		at = h.now()
	case fact == "" || l.conv.Owner != chat.OwnerQueue:
		return
	case l.typingUntil.After(at):
		at = l.typingUntil
	}
	l.askTimer = time.AfterFunc(max(0, at.Sub(h.now())), func() { h.postIfLive(l.id, message{ask: true}) })
}

// onAsk does what is due, beside this goroutine. What has been done shows in the log.
func (l *live) onAsk() {
	l.askTimer = nil
	if l.asks || !l.known {
		return
	}
	conv := l.conv
	l.asks = l.hub.spawn(func() {
		later, err := l.hub.askOrLearn(conv)
		l.hub.post(l.id, message{asked: &asked{conv.LastSeq, later, err}})
	})
}

// asked says how it went with a conversation as it stood at one seq.
type asked struct {
	seq   int64
	later bool // the next question is not due yet
	err   error
}

func (l *live) onAsked(a asked) {
	if l.asks = false; !a.later {
		l.askSeen = a.seq
	}
	switch {
	case errors.Is(a.err, chat.ErrStale), errors.Is(a.err, chat.ErrTaken):
		l.reload() // somebody else was faster, or it has moved on
	case a.err != nil:
		l.hub.o.Logger.Warn("ask while somebody waits", "conversation", l.id, "error", a.err)
	}
	l.scheduleAsk()
}

// askOrLearn takes what was said into the brief, or asks the next question, by the whole log and on the condition that nothing
// has happened since. later says that the next question is not due yet: another node has just taken in the last answer.
func (h *Hub) askOrLearn(conv chat.Conversation) (later bool, err error) {
	ctx, cancel := h.call()
	defer cancel()
	events, err := h.upTo(ctx, conv)
	if err != nil {
		return false, err
	}
	a, ok := readAsking(events)
	if !ok || conv.Owner == chat.OwnerAgent && (a.pending == "" || a.spoken) {
		return false, nil
	}
	b := h.batch(chat.RoleBot, "")
	if brief, news := a.learnt(h.o.Asker); news {
		b.add(chat.KindBrief, brief)
		h.addProduct(ctx, b, conv, brief, "")
	} else {
		fact, at := a.next(h.o.Rules().Asking)
		what := h.o.Asker.Asks(fact, conv.Language)
		if fact == "" || what == nil || conv.Owner != chat.OwnerQueue {
			return false, nil
		}
		if at.After(h.now()) {
			return true, nil
		}
		b.role = chat.RoleSystem
		b.add(chat.KindMessage, chat.Message{
			Text: h.o.Bot.Text("waiting.ask", conv.Language, map[string]string{"fact": what.Label}), Part: chat.PartAsk,
			Language: conv.Language, Asks: asksOf(what),
		})
	}
	_, err = h.write(ctx, conv.ID, chat.Expect{Owners: []chat.Owner{conv.Owner}, Epoch: &conv.Epoch, Seq: &conv.LastSeq}, 0, b)
	return false, err
}

// upTo reads the whole log of a conversation as far as its row goes.
func (h *Hub) upTo(ctx context.Context, conv chat.Conversation) ([]chat.Event, error) {
	var all []chat.Event
	for since := int64(0); since < conv.LastSeq; since = all[len(all)-1].Seq {
		page, err := h.o.Store.Events(ctx, conv.ID, since, pageLength)
		if err != nil {
			return nil, err
		}
		if len(page) == 0 {
			return nil, chat.ErrStale
		}
		all = append(all, page...)
	}
	return slices.DeleteFunc(all, func(e chat.Event) bool { return e.Seq > conv.LastSeq }), nil
}
