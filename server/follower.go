package server

import (
	"context"
	"fmt"
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
		return f.ack(e, e.ClientID, own.since)
	}
	b, err := f.c.s.encoded.event(e, f.to)
	if err != nil {
		f.c.s.o.Logger.Error("encode event", "error", err)
		return true
	}
	return b == nil || f.c.send(b)
}

func (f *follower) ack(e chat.Event, id string, since time.Time) bool {
	f.c.s.m.ack.Observe(time.Since(since).Seconds())
	return f.c.send(frame.EncodeAck(e.Seq, e.At, id, f.conversation))
}

// Notice passes on who writes, who has read, what the bot is about to say, and the place in line.
func (f *follower) Notice(n hub.Notice) bool {
	switch n.Type {
	case "waiting":
		return f.c.sendFrame(frame.TypeWaiting, 0, frame.Waiting{
			Conversation: n.Conversation, Position: n.Position, Minutes: n.Minutes, Until: n.Until, Renewed: n.Renewed, Opens: n.Opens, Offers: n.Offers,
		})
	case "draft":
		return f.to != frame.Visitor || f.c.sendFrame(frame.TypeDraft, 0, frame.Draft{Conversation: n.Conversation, Text: n.Text})
	case "typing", "read":
	case "gone": // the hub let go of us: the client is to come back and ask again
		f.c.close(CloseUnavailable, "come back in a moment")
		return false
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

// resumes gives the seq after which a client's copy of a log goes on. That is 0 where the copy has to be dropped: the log is shorter, or
// holds something else at that place. A database that was put back to an earlier state, or a replica that was behind when it took
// over, has lost its newest events, and gives their seqs to others.
func (s *Server) resumes(ctx context.Context, conversation string, since int64, at time.Time) (int64, error) {
	if since <= 0 {
		return 0, nil
	}
	events, err := s.o.Store.Events(ctx, conversation, since-1, 1)
	if err != nil {
		return 0, fmt.Errorf("look where a client goes on in %s: %w", conversation, err)
	}
	if len(events) == 0 || events[0].Seq != since || !at.IsZero() && !events[0].At.Equal(at) {
		return 0, nil
	}
	return since, nil
}

// historyPage is how many events are passed on before the socket has to have taken them.
const historyPage = 40

// follow passes everything after f.at on, and then what happens. Where there is much to catch up on, it comes page by
// page, each when the one before has been written: a long history never fills the outbox. It is called by the reader.
func (f *follower) follow() (leave func(), err error) {
	for {
		n, err := f.page()
		if err != nil {
			return nil, fmt.Errorf("read history of %s: %w", f.conversation, err)
		}
		if n < historyPage {
			break // the hub does the rest
		}
		if err := f.c.drained(f.c.s.ctx); err != nil { // a socket that takes nothing is cut by its write deadline
			return nil, err
		}
	}
	return f.join()
}

func (f *follower) page() (int, error) {
	ctx, cancel := context.WithTimeout(f.c.s.ctx, f.c.s.o.Limits.Call)
	defer cancel()
	events, err := f.c.s.o.Store.Events(ctx, f.conversation, f.position(), historyPage)
	if err == nil && len(events) == historyPage && !f.Events(chat.Conversation{Agent: f.holder}, events) {
		err = chat.ErrUnavailable
	}
	return len(events), err
}

// join leaves all to the hub.
func (f *follower) join() (leave func(), err error) {
	ctx, cancel := context.WithTimeout(f.c.s.ctx, f.c.s.o.Limits.Call)
	defer cancel()
	leave, err = f.c.s.o.Hub.Join(ctx, f.conversation, f.position(), f)
	if err != nil {
		return nil, fmt.Errorf("join %s: %w", f.conversation, err)
	}
	return leave, nil
}

func (f *follower) position() int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.at
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
		f.ack(e, id, own.since)
	}
	return nil
}
