package hub

import (
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ombud/chat"
)

const (
	tailLength = 64  // events kept in memory for late joiners
	pageLength = 500 // events read at once
	retryAfter = time.Second
)

// message is the one kind of thing that arrives in an inbox; exactly one field is set.
type message struct {
	stored  *chat.Appended     // an append of this node
	hint    int64              // another node has events up to this seq
	polled  *chat.Conversation // the row as the database has it
	wake    bool               // look at the row: a turn may be due
	loaded  *loaded            // what was read for the whole conversation
	erased  string             // a visitor was: their words are to be forgotten
	join    *sub
	leave   *sub
	history *history // what was read for one listener
	notice  *Notice
	due     bool // the turn's timer
	slow    bool // the bot thinks for long
	draft   *draft
	ask     bool // a question to somebody who waits is due, or an answer to be taken in
	asked   *asked
	thought *thought
	settled *settled
}

// loaded is the answer of a read of the row and the newest events.
type loaded struct {
	conv   chat.Conversation
	events []chat.Event
	from   int64       // events after this seq were asked for
	after  *chat.Event // the last event that was known: the first one read has to be the same
	err    error
}

// live is one conversation on this node.
type live struct {
	hub *Hub
	id  string

	mu      sync.Mutex
	inbox   []message
	running bool

	visitor atomic.Pointer[string] // nil: not known yet

	// The rest belongs to the goroutine that runs.
	conv    chat.Conversation
	known   bool
	seq     int64 // the last seq of tail
	want    int64 // a hint said that there is this much
	tail    []chat.Event
	loading bool
	spoilt  bool // what is being read may have words that were erased meanwhile
	subs    map[*sub]struct{}

	typingUntil time.Time
	timer       *time.Timer
	turn        bool // a turn is being thought or stored
	tries       int
	refusals    int       // decisions in a row that storage called invalid
	notBefore   time.Time // a turn that failed is not tried again before this
	burst       burst
	drafted     string // what is to be seen of the bot's words while it thinks

	askTimer *time.Timer
	asks     bool  // a question or an answer is being stored
	askSeen  int64 // as the log stood then, there is no more to ask
}

// post never blocks. A full inbox drops hints and notices: the poll makes good what was lost.
func (l *live) post(m message) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.inbox) >= l.hub.o.PendingCap && (m.hint > 0 || m.polled != nil || m.notice != nil) {
		return
	}
	l.inbox = append(l.inbox, m)
	if l.running {
		return
	}
	l.running = l.hub.spawn(l.run)
}

func (l *live) run() {
	for {
		l.mu.Lock()
		batch := l.inbox
		l.inbox = nil
		if len(batch) == 0 {
			l.running = false
			l.mu.Unlock()
			l.retire()
			return
		}
		l.mu.Unlock()
		for _, m := range batch {
			l.handle(m)
		}
	}
}

// retire forgets a conversation that nobody listens to and that owes nothing.
func (l *live) retire() {
	s := l.hub.shard(l.id)
	s.mu.Lock()
	defer s.mu.Unlock()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.running || len(l.inbox) > 0 || len(l.subs) > 0 || l.loading || l.turn || l.asks || l.timer != nil {
		return
	}
	if s.live[l.id] == l {
		delete(s.live, l.id)
	}
}

func (l *live) handle(m message) {
	switch {
	case m.stored != nil:
		l.onStored(*m.stored)
	case m.hint > 0:
		l.onHint(m.hint)
	case m.polled != nil:
		l.onPolled(*m.polled)
	case m.erased != "":
		l.onErased(m.erased)
	case m.wake:
		l.reload()
	case m.loaded != nil:
		l.onLoaded(*m.loaded)
	case m.join != nil:
		l.onJoin(m.join)
	case m.leave != nil:
		delete(l.subs, m.leave)
	case m.history != nil:
		l.onHistory(*m.history)
	case m.notice != nil:
		l.onNotice(*m.notice)
	case m.due:
		l.timer = nil
		l.maybeTurn()
	case m.slow:
		l.onSlow()
	case m.draft != nil:
		l.onDraft(*m.draft)
	case m.ask:
		l.onAsk()
	case m.asked != nil:
		l.onAsked(*m.asked)
	case m.thought != nil:
		l.onThought(*m.thought)
	case m.settled != nil:
		l.onSettled(*m.settled)
	}
}

func (l *live) onStored(a chat.Appended) {
	l.want = max(l.want, a.Conversation.LastSeq)
	if !l.known {
		l.reload()
		return
	}
	if a.Events[0].Seq == l.seq+1 {
		l.extend(a.Events, a.Conversation)
		return
	}
	if a.Conversation.LastSeq > l.seq || l.contradicts(a.Events[0]) {
		l.reload()
		return
	}
	// The events have come already, by a read whose row was older than they are.
	if a.Conversation.LastSeq > l.conv.LastSeq {
		l.conv = a.Conversation
		l.schedule()
	}
}

func (l *live) onHint(seq int64) {
	l.want = max(l.want, seq)
	if !l.known || seq > l.seq || l.rowLags() {
		l.reload()
	}
}

// rowLags reports whether the row is older than the events: it is read before them, and somebody may write in between.
func (l *live) rowLags() bool { return l.conv.LastSeq < l.seq }

// extend adds events that follow on, and passes them on.
func (l *live) extend(events []chat.Event, conv chat.Conversation) {
	l.tail = append(l.tail, events...)
	l.seq = events[len(events)-1].Seq
	for _, e := range events {
		if e.Kind == chat.KindMessage && e.Role == chat.RoleVisitor {
			l.typingUntil = time.Time{} // what was being typed has been sent
		}
	}
	if over := len(l.tail) - tailLength; over > tailLength {
		l.tail = append([]chat.Event(nil), l.tail[over:]...)
	}
	if conv.LastSeq >= l.conv.LastSeq {
		l.conv = conv
	}
	l.feedAll()
	if hasErased(events) {
		l.tail = slices.Clone(l.tail[len(l.tail)-1:]) // what was said before has no words any more: whoever joins reads it anew
	}
	l.outdate(events)
	l.schedule()
}

// reload reads what is missing, beside this goroutine.
func (l *live) reload() {
	if !l.loading {
		l.loading = l.hub.spawn(l.reading())
	}
}

// reading gives what reads on from here, whenever it is run. It begins with the last event that is known, to compare it; what else has been
// seen by then is dropped on arrival.
func (l *live) reading() func() {
	from, known := l.seq, l.known
	var after *chat.Event
	if n := len(l.tail); n > 0 {
		from, after = from-1, &l.tail[n-1]
	}
	return func() {
		r := l.hub.read(l.id, from, known)
		r.after = after
		l.hub.post(l.id, message{loaded: &r})
	}
}

func (h *Hub) read(id string, from int64, known bool) loaded {
	ctx, cancel := h.call()
	defer cancel()
	conv, err := h.o.Store.Conversation(ctx, id)
	if err != nil {
		return loaded{err: err}
	}
	if !known {
		from = max(0, conv.LastSeq-tailLength)
	}
	events, err := h.o.Store.Events(ctx, id, from, pageLength)
	return loaded{conv: conv, events: events, from: from, err: err}
}

func (l *live) onLoaded(r loaded) {
	l.loading = false
	switch {
	case errors.Is(r.err, chat.ErrNotFound):
		l.fail(r.err)
		return
	case r.err != nil:
		l.hub.o.Logger.Warn("read conversation", "conversation", l.id, "error", r.err)
		l.again()
		return
	}
	if l.spoilt {
		l.spoilt = false
		l.reload()
		return
	}
	if r.after != nil && (len(r.events) == 0 || !sameEvent(r.events[0], *r.after)) {
		l.rewind()
		return
	}
	if !l.known {
		l.known, l.seq = true, r.from
		visitor := r.conv.Visitor
		l.visitor.Store(&visitor)
	}
	fresh := r.events
	for len(fresh) > 0 && fresh[0].Seq <= l.seq {
		fresh = fresh[1:]
	}
	if len(fresh) > 0 && fresh[0].Seq == l.seq+1 {
		conv := r.conv
		l.extend(fresh, conv)
	} else {
		if r.conv.LastSeq >= l.conv.LastSeq {
			l.conv = r.conv
		}
		l.feedAll()
		l.schedule()
	}
	if l.want > l.seq || l.rowLags() {
		if len(fresh) == 0 {
			l.again()
			return
		}
		l.reload()
	}
}

// again reads once more after a pause.
func (l *live) again() {
	if len(l.subs) == 0 && !l.conv.TurnPending() {
		return
	}
	read := l.reading()
	l.loading = true
	time.AfterFunc(retryAfter, func() { l.hub.spawn(read) })
}

// fail ends every listener with an error that will not pass.
func (l *live) fail(err error) {
	for s := range l.subs {
		s.finish(err)
	}
	clear(l.subs)
}
