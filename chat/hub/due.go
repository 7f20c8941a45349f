package hub

import (
	"context"
	"errors"
	"time"

	"ombud/bot"
	"ombud/chat"
)

const (
	refusalLimit = 3           // decisions that storage calls invalid before a person is asked for
	refusedPause = time.Minute // before another try where not even that can be stored
)

// burst says when the first word came that the bot has not answered. It is kept because the tail may lose that word.
type burst struct {
	answered int64 // the row's Answered that it belongs to
	since    time.Time
}

// schedule arms the timer of the bot's turn, or disarms it.
func (l *live) schedule() {
	l.scheduleAsk()
	if !l.conv.TurnPending() || l.turn {
		l.disarm()
		return
	}
	at := l.dueAt()
	l.disarm()
	wait := max(0, at.Sub(l.hub.now()))
	l.timer = time.AfterFunc(wait, func() { l.hub.post(l.id, message{due: true}) })
}

func (l *live) disarm() {
	if l.timer != nil {
		l.timer.Stop()
		l.timer = nil
	}
}

// dueAt is when the visitor will have been silent for long enough: never while they are writing, but neither a browser
// that only ever says "typing" nor somebody who sends word after word can hold an answer back for ever.
func (l *live) dueAt() time.Time {
	due := l.conv.TurnDue
	if l.typingUntil.After(due) {
		due = l.typingUntil
	}
	since := l.waitingSince()
	if since.IsZero() {
		since = l.conv.TurnDue
	}
	if last := since.Add(max(l.hub.o.TypingCap, l.hub.o.TurnPause)); due.After(last) {
		due = last
	}
	if l.notBefore.After(due) {
		due = l.notBefore
	}
	return due
}

// waitingSince is when the visitor said the first thing that the bot has not answered; zero if it is not in memory.
func (l *live) waitingSince() time.Time {
	if !l.burst.since.IsZero() && l.burst.answered == l.conv.Answered {
		return l.burst.since
	}
	l.burst = burst{answered: l.conv.Answered}
	for _, e := range l.tail {
		if e.Kind == chat.KindMessage && e.Role == chat.RoleVisitor && e.Seq > l.conv.Answered {
			l.burst.since = e.At
			break
		}
	}
	return l.burst.since
}

func (l *live) maybeTurn() {
	if l.turn || !l.conv.TurnPending() {
		return
	}
	if l.hub.now().Before(l.dueAt()) {
		l.schedule()
		return
	}
	l.think()
}

func (l *live) think() {
	conv, tail := l.conv, append([]chat.Event(nil), l.tail...)
	l.turn = l.hub.spawn(func() {
		ctx, cancel := context.WithTimeout(l.hub.ctx, l.hub.o.TurnLimit)
		defer cancel()
		slow := l.hub.typesAfter(conv.ID)
		defer slow.Stop()
		t := l.hub.think(ctx, conv, tail)
		l.hub.post(l.id, message{thought: &t})
	})
}

// thought is a decision that is not stored yet.
type thought struct {
	conv chat.Conversation // as it was when the bot read it
	out  bot.TurnOutput
	seen []chat.Event // the events it was made from
	err  error        // the database could not be read
}

func (l *live) onThought(t thought) {
	l.turn = false
	if t.err != nil {
		l.showDraft("")
		l.hub.o.Logger.Warn("read for bot turn", "conversation", l.id, "error", t.err)
		l.retryTurn(retryAfter)
		return
	}
	if l.conv.Owner != chat.OwnerBot || l.conv.Epoch != t.conv.Epoch || l.conv.Answered != t.conv.Answered {
		l.showDraft("")
		l.schedule()
		return
	}
	// More words have come while the bot was thinking: they belong to the same turn, unless
	// the answer is a person, who is never put off.
	moved := l.conv.VisitorSeq > t.conv.VisitorSeq || l.hub.now().Before(l.dueAt())
	if moved && l.tries < 3 && t.out.Decision.Action != bot.Handoff {
		l.tries++
		l.showDraft("")
		l.schedule()
		return
	}
	l.tries = 0
	l.settle(t)
}

func (l *live) settle(t thought) {
	l.turn = l.hub.spawn(func() {
		s := l.hub.settle(t)
		l.hub.post(l.id, message{settled: &s})
	})
}

// settled says how storing a decision went.
type settled struct {
	thought thought
	err     error
}

func (l *live) onSettled(s settled) {
	l.turn = false
	stale := errors.Is(s.err, chat.ErrStale) || errors.Is(s.err, chat.ErrTaken)
	if s.err != nil && !stale { // else what was stored instead ends the draft
		l.showDraft("")
	}
	switch {
	case s.err == nil:
		l.refusals = 0
		// The stored message of the same append has come before this one and moved the row on.
		l.schedule()
	case stale:
		// Somebody else was faster: a person claimed it, or another node answered. The reply is dropped.
		l.reload()
	case errors.Is(s.err, chat.ErrInvalid):
		l.hub.o.Logger.Error("store bot turn", "conversation", l.id, "error", s.err)
		l.onRefused(s.thought)
	default:
		l.hub.o.Logger.Warn("store bot turn", "conversation", l.id, "error", s.err)
		l.retryTurn(retryAfter)
	}
}

// onRefused deals with a decision that cannot be stored: a few other tries, then a person. Where not even that can be
// stored, it is tried now and then.
func (l *live) onRefused(t thought) {
	l.refusals++
	switch {
	case l.refusals < refusalLimit:
		l.retryTurn(retryAfter)
	case l.refusals == refusalLimit:
		t.out = l.hub.fallback(t.conv)
		l.settle(t)
	default:
		l.refusals = refusalLimit - 1
		l.retryTurn(refusedPause)
	}
}

func (l *live) retryTurn(pause time.Duration) {
	l.notBefore = l.hub.now().Add(pause)
	l.schedule()
}
