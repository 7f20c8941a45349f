package server

import (
	"math/rand/v2"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const wheelSlots = 128

// conns holds all open connections in the slots of a wheel. One goroutine goes round in the time of one ping interval
// and pings the connections of one slot at a time: no timers of their own, and no burst.
type conns struct {
	s     *Server
	slots [wheelSlots]slot

	mu     sync.Mutex
	closed bool
	agents map[string]map[*agent]struct{} // by user id
}

type slot struct {
	mu    sync.Mutex
	conns map[*conn]struct{}
}

func newConns(s *Server) *conns {
	w := &conns{s: s, agents: map[string]map[*agent]struct{}{}}
	for i := range w.slots {
		w.slots[i].conns = map[*conn]struct{}{}
	}
	return w
}

// add takes a connection in, and counts its reader in the server's wait group; false: the server is closed.
func (w *conns) add(c *conn) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.s.wg.Add(1)
	c.slot = rand.N[uint32](wheelSlots)
	s := &w.slots[c.slot]
	s.mu.Lock()
	s.conns[c] = struct{}{}
	s.mu.Unlock()
	return true
}

func (w *conns) remove(c *conn) {
	s := &w.slots[c.slot]
	s.mu.Lock()
	delete(s.conns, c)
	s.mu.Unlock()
	if a := c.agent.Load(); a != nil {
		w.mu.Lock()
		delete(w.agents[a.user().ID], a)
		if len(w.agents[a.user().ID]) == 0 {
			delete(w.agents, a.user().ID)
		}
		w.mu.Unlock()
	}
}

// signIn makes an agent's connection findable by its user.
func (w *conns) signIn(a *agent) {
	w.mu.Lock()
	defer w.mu.Unlock()
	id := a.user().ID
	if w.agents[id] == nil {
		w.agents[id] = map[*agent]struct{}{}
	}
	w.agents[id][a] = struct{}{}
}

// of gives the connections of a user; "" for those of all users.
func (w *conns) of(user string) []*agent {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []*agent
	for id, all := range w.agents {
		if user == "" || user == id {
			for a := range all {
				out = append(out, a)
			}
		}
	}
	return out
}

func (w *conns) inSlot(i int) []*conn {
	s := &w.slots[i]
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*conn, 0, len(s.conns))
	for c := range s.conns {
		out = append(out, c)
	}
	return out
}

func (w *conns) all() []*conn {
	var out []*conn
	for i := range w.slots {
		out = append(out, w.inSlot(i)...)
	}
	return out
}

// turn pings one slot after the other until the server closes.
func (w *conns) turn(every time.Duration) {
	tick := time.NewTicker(max(every/wheelSlots, time.Millisecond))
	defer tick.Stop()
	for i := 0; ; i = (i + 1) % wheelSlots {
		select {
		case <-w.s.ctx.Done():
			return
		case <-tick.C:
		}
		for _, c := range w.inSlot(i) {
			c.beat()
		}
	}
}

// beat pings a connection, and cuts one that should be closed by now.
func (c *conn) beat() {
	c.mu.Lock()
	overdue := c.closing && !c.closedAt.IsZero() && time.Since(c.closedAt) > c.s.o.Limits.Write+closeGrace
	c.mu.Unlock()
	if overdue {
		c.ws.Close()
		return
	}
	if c.ready.Load() {
		c.push(item{websocket.PingMessage, nil})
	}
}

// seal lets nobody in any more, and cuts whoever is there.
func (w *conns) seal() {
	w.mu.Lock()
	w.closed = true
	w.mu.Unlock()
	for _, c := range w.all() {
		c.abort()
	}
}
