package server

import (
	"hash/maphash"
	"sync/atomic"

	"ombud/chat"
	"ombud/server/frame"
)

const encodedSlots = 1024

// encoded remembers the frames of the latest events, so that an event is encoded once for all who listen.
type encoded struct {
	seed  maphash.Seed
	slots [encodedSlots]atomic.Pointer[encodedEvent]
}

type encodedEvent struct {
	conversation string
	seq          int64
	to           frame.Who
	frame        []byte
}

// event gives the event's frame for that side; nil: not for them. The bytes are shared: never change them.
func (m *encoded) event(e chat.Event, to frame.Who) ([]byte, error) {
	at := (maphash.String(m.seed, e.Conversation) + uint64(e.Seq)*2 + uint64(to>>2)) % encodedSlots
	if hit := m.slots[at].Load(); hit != nil && hit.seq == e.Seq && hit.to == to && hit.conversation == e.Conversation {
		return hit.frame, nil
	}
	b, err := frame.EncodeEvent(e, to)
	if err != nil {
		return nil, err
	}
	m.slots[at].Store(&encodedEvent{e.Conversation, e.Seq, to, b})
	return b, nil
}
