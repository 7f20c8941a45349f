package server

import (
	"sync"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/server/frame"
)

// follower passes one conversation on to one connection. It is the hub's listener.
//
// A socket never gets the echo of what it said itself: in its place stands the ack. So a client may take the highest
// seq it has seen, in events and acks alike, as the since of its next hello, and miss nothing.
type follower struct {
	c            *conn
	conversation string
	to           frame.Who
	self         string // visitor or user id

	mu     sync.Mutex
	at     int64 // the last seq passed on
	holder string
	sent   map[string]*sent // by client id: said here, and not yet seen in the log
}

type sent struct {
	since time.Time
	acked bool
}

// Events passes on what happened.
func (f *follower) Events(c chat.Conversation, events []chat.Event) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.holder = c.Agent
	for _, e := range events {
		if !f.pass(e) {
			return false
		}
		f.at = e.Seq
	}
	return true
}

func (f *follower) pass(e chat.Event) bool {
	if own := f.sent[e.ClientID]; own != nil && e.Sender == f.self {
		own.acked = true
		delete(f.sent, e.ClientID)
		return f.ack(e.Seq, e.ClientID, own.since)
	}
	b, err := f.c.s.encoded.event(e, f.to)
	if err != nil {
		f.c.s.o.Logger.Error("encode event", "error", err)
		return true
	}
	return b == nil || f.c.send(b)
}

func (f *follower) ack(seq int64, id string, since time.Time) bool {
	f.c.s.m.ack.Observe(time.Since(since).Seconds())
	return f.c.send(frame.EncodeAck(seq, id, f.conversation))
}

// Notice passes on who writes, who has read, and the place in line.
func (f *follower) Notice(n hub.Notice) bool {
	switch n.Type {
	case "waiting":
		return f.c.sendFrame(frame.TypeWaiting, 0, frame.Waiting{Conversation: n.Conversation, Position: n.Position, Minutes: n.Minutes})
	case "typing", "read":
	default:
		return true
	}
	f.mu.Lock()
	// The visitor does not see other agents look over the holder's shoulder.
	mine := n.Sender == f.self && f.self != ""
	foreign := f.to == frame.Visitor && n.Role == chat.RoleAgent && n.Sender != f.holder
	f.mu.Unlock()
	if mine || foreign {
		return true
	}
	if n.Type == "read" {
		return f.c.sendFrame(frame.TypeRead, n.Seq, frame.Read{Conversation: n.Conversation, Role: string(n.Role)})
	}
	return f.c.sendFrame(frame.TypeTyping, 0, frame.Typing{Conversation: n.Conversation, Role: string(n.Role), Name: n.Name, On: n.On})
}

// say runs a write of this socket, and sees to its ack: at the event's place among the others, which may be before the
// write returns. A message that was stored before is acknowledged at once.
func (f *follower) say(id string, write func() (chat.Event, bool, error)) error {
	own := &sent{since: time.Now()}
	f.mu.Lock()
	f.sent[id] = own
	f.mu.Unlock()
	e, _, err := write()
	f.mu.Lock()
	defer f.mu.Unlock()
	if own.acked {
		return nil
	}
	if err != nil {
		delete(f.sent, id)
		return err
	}
	if f.at >= e.Seq {
		delete(f.sent, id)
		f.ack(e.Seq, id, own.since)
	}
	return nil
}
