package server

import (
	"bytes"
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
	of    chat.Event
	to    frame.Who
	frame []byte
}

// is reports whether it is the frame of that very event: one that was erased since has other words, and in a database that was put back
// another stands at its seq.
func (x *encodedEvent) is(e chat.Event, to frame.Who) bool {
	return x.to == to && x.of.Seq == e.Seq && x.of.Conversation == e.Conversation && x.of.At.Equal(e.At) && x.of.Kind == e.Kind &&
		x.of.ClientID == e.ClientID && bytes.Equal(x.of.Body, e.Body)
}

// event gives the event's frame for that side; nil: not for them. The bytes are shared: never change them.
func (m *encoded) event(e chat.Event, to frame.Who) ([]byte, error) {
	at := (maphash.String(m.seed, e.Conversation) + uint64(e.Seq)*2 + uint64(to>>2)) % encodedSlots
	if hit := m.slots[at].Load(); hit != nil && hit.is(e, to) {
		return hit.frame, nil
	}
	b, err := frame.EncodeEvent(e, to)
	if err != nil {
		return nil, err
	}
	m.slots[at].Store(&encodedEvent{e, to, b})
	return b, nil
}
