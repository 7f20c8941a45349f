package server

import (
	"sync"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
)

// presenceEvery is the least time between two presence frames that only tell how many chats somebody holds.
const presenceEvery = 2 * time.Second

// floor knows who holds how many chats and what waits, from the hub's board.
type floor struct {
	mu    sync.Mutex
	items map[string]hub.BoardItem
	held  map[string]int
	moved chan struct{} // somebody holds more or fewer than before
}

func newFloor() *floor {
	return &floor{items: map[string]hub.BoardItem{}, held: map[string]int{}, moved: make(chan struct{}, 1)}
}

// Board takes the board's changes in. It is the hub's board listener.
func (f *floor) Board(changed []hub.BoardItem, removed []string, snapshot bool) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if snapshot {
		clear(f.items)
	}
	for _, it := range changed {
		f.items[it.Conversation] = it
	}
	for _, id := range removed {
		delete(f.items, id)
	}
	held := map[string]int{}
	for _, it := range f.items {
		if it.Owner == chat.OwnerAgent && it.Agent != nil {
			held[it.Agent.ID]++
		}
	}
	same := len(held) == len(f.held)
	for id, n := range held {
		same = same && f.held[id] == n
	}
	f.held = held
	if !same {
		select {
		case f.moved <- struct{}{}:
		default:
		}
	}
	return true
}

// holds gives how many chats each agent holds, by user id.
func (f *floor) holds() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.held // never written to again
}

// standing counts what waits and what is in hand. longest is when the one began to wait that waits longest.
func (f *floor) standing() (waiting, tickets, inChat int, longest time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, it := range f.items {
		switch it.Owner {
		case chat.OwnerQueue:
			waiting++
			if longest.IsZero() || it.RequestedAt.Before(longest) {
				longest = it.RequestedAt
			}
		case chat.OwnerTicket:
			tickets++
		case chat.OwnerAgent:
			inChat++
		}
	}
	return waiting, tickets, inChat, longest
}

// watchFloor tells everybody on duty how busy the others are, until the server ends.
func (s *Server) watchFloor() {
	stop := s.o.Hub.Watch(s.floor)
	defer stop()
	pause := time.NewTimer(0)
	defer pause.Stop()
	for {
		select {
		case <-s.ctx.Done():
			return
		case <-pause.C:
		}
		select {
		case <-s.ctx.Done():
			return
		case <-s.floor.moved:
			s.tellPresence()
			pause.Reset(presenceEvery)
		}
	}
}
