package hub

import (
	"context"
	"encoding/json"
	"time"

	"ombud/chat"
)

// Listener receives what happens in one conversation. Calls come one at a time and in order of seq.
// They must not block; false says that the listener can take no more, and the hub lets go of it.
type Listener interface {
	Events(c chat.Conversation, events []chat.Event) bool
	Notice(n Notice) bool
}

// Notice is something that is true now and not worth storing.
type Notice struct {
	Type         string    `json:"type"` // typing, read, waiting or draft
	Conversation string    `json:"conversation"`
	Role         chat.Role `json:"role,omitempty"`
	Sender       string    `json:"sender,omitempty"`
	Name         string    `json:"name,omitempty"`
	On           bool      `json:"on,omitempty"`
	Seq          int64     `json:"seq,omitempty"`
	Position     int       `json:"position,omitempty"`
	Minutes      *[2]int   `json:"minutes,omitempty"` // nil: no honest range can be given
	Until        time.Time `json:"until,omitzero"`    // waiting: it is over by then; a new time is given before that one passes
	Renewed      bool      `json:"renewed,omitempty"` // the time given before cannot be kept
	Opens        time.Time `json:"opens,omitzero"`    // waiting, out of hours: when somebody is there again
	Offers       []string  `json:"offers,omitempty"`  // what somebody who waits long may choose: see handoff.Rules.Offers
	Text         string    `json:"text,omitempty"`    // of a draft: all that may be seen of it so far; "" takes it back
}

// sub is one listener with the last seq that it was given.
type sub struct {
	listener Listener
	cursor   int64
	reading  bool
	ready    chan error // receives once: nil when the history up to now has been delivered
	done     bool
}

func (s *sub) finish(err error) {
	if !s.done {
		s.done = true
		s.ready <- err
	}
}

// history is the answer of a read for one listener.
type history struct {
	to     *sub
	events []chat.Event
	err    error
}

// Join delivers everything after since, then what happens from now on, in order and once. It returns
// when the history has been delivered. It fails with chat.ErrNotFound where there is no such conversation.
func (h *Hub) Join(ctx context.Context, conversation string, since int64, to Listener) (leave func(), err error) {
	s := &sub{listener: to, cursor: max(0, since), ready: make(chan error, 1)}
	h.post(conversation, message{join: s})
	leave = func() { h.postIfLive(conversation, message{leave: s}) }
	select {
	case err := <-s.ready:
		if err != nil {
			leave()
			return nil, err
		}
		return leave, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	case <-h.ctx.Done():
		return nil, chat.ErrUnavailable
	}
}

func (l *live) onJoin(s *sub) {
	l.subs[s] = struct{}{}
	if !l.known {
		l.reload()
		return
	}
	if s.cursor > l.seq {
		l.reload() // the client knows more than this node: another node stored it
	}
	l.feed(s)
}

func (l *live) feedAll() {
	for s := range l.subs {
		l.feed(s)
	}
}

// feed brings one listener up to date from memory, or has its history read.
func (l *live) feed(s *sub) {
	if s.reading || !l.known {
		return
	}
	if s.cursor >= l.seq {
		// A client that claims to know events which do not exist is told from here on.
		if l.want <= l.seq && !l.loading {
			s.cursor = l.seq
			s.finish(nil)
		}
		return
	}
	first := l.seq - int64(len(l.tail)) + 1
	if s.cursor+1 < first {
		l.readFor(s)
		return
	}
	if !s.listener.Events(l.conv, l.tail[s.cursor+1-first:]) {
		l.drop(s)
		return
	}
	s.cursor = l.seq
	s.finish(nil)
}

// drop lets go of a listener that cannot be kept in order, and tells it so: it is to come back and ask again.
func (l *live) drop(s *sub) {
	delete(l.subs, s)
	s.listener.Notice(Notice{Type: "gone", Conversation: l.id})
	s.finish(chat.ErrUnavailable)
}

func (l *live) readFor(s *sub) {
	from := s.cursor
	s.reading = l.hub.spawn(func() {
		ctx, cancel := l.hub.call()
		defer cancel()
		events, err := l.hub.o.Store.Events(ctx, l.id, from, pageLength)
		l.hub.post(l.id, message{history: &history{to: s, events: events, err: err}})
	})
}

func (l *live) onHistory(r history) {
	s := r.to
	if _, here := l.subs[s]; !here {
		return
	}
	s.reading = false
	if r.err != nil || len(r.events) == 0 {
		l.hub.o.Logger.Warn("read history", "conversation", l.id, "error", r.err)
		l.drop(s) // the client comes back and asks again
		return
	}
	if !s.listener.Events(l.conv, r.events) {
		l.drop(s)
		return
	}
	s.cursor = r.events[len(r.events)-1].Seq
	l.feed(s)
}

func (l *live) onNotice(n Notice) {
	if n.Type == "typing" && n.Role == chat.RoleVisitor {
		now := l.hub.now()
		l.typingUntil = now
		if n.On {
			l.typingUntil = now.Add(l.hub.o.TypingFor)
		}
		l.schedule()
	}
	for s := range l.subs {
		if !s.listener.Notice(n) {
			l.drop(s)
		}
	}
}

// Typing says that somebody is writing, or has stopped.
func (h *Hub) Typing(conversation string, who chat.Identity, on bool) {
	h.notify(Notice{Type: "typing", Conversation: conversation, Role: who.Role, Sender: who.ID, Name: who.Name, On: on})
}

// Read says up to which seq somebody has read.
func (h *Hub) Read(conversation string, who chat.Identity, seq int64) {
	h.notify(Notice{Type: "read", Conversation: conversation, Role: who.Role, Sender: who.ID, Name: who.Name, Seq: seq})
}

func (h *Hub) notify(n Notice) {
	h.typing.note(n, h.now(), h.o.TypingFor)
	h.postIfLive(n.Conversation, message{notice: &n})
	if data, err := json.Marshal(n); err == nil {
		h.publish(chat.Hint{Conversation: n.Conversation, Topic: topicNotice, Data: data})
	}
}
