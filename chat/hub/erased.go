package hub

import (
	"encoding/json"
	"slices"

	"ombud/chat"
)

// Erased has this node forget the words of a visitor who has just been erased, before its poll comes upon the erasure.
func (h *Hub) Erased(visitor string) {
	for i := range h.shards {
		s := &h.shards[i]
		s.mu.Lock()
		for _, l := range s.live {
			if v := l.visitor.Load(); v == nil || *v == visitor {
				l.post(message{erased: visitor})
			}
		}
		s.mu.Unlock()
	}
}

func (l *live) onErased(visitor string) {
	if l.known && l.conv.Visitor != visitor {
		return
	}
	l.spoilt = l.loading
	if hasErased(l.tail) {
		return
	}
	tail := slices.Clone(l.tail)
	for i, e := range tail {
		var err error
		if tail[i], err = chat.Erase(e); err != nil {
			tail[i].Body = json.RawMessage("{}")
		}
	}
	l.tail = tail
	l.hub.board.lookUp(l.id)
	l.reload()
}

func hasErased(events []chat.Event) bool {
	return slices.ContainsFunc(events, func(e chat.Event) bool { return e.Kind == chat.KindErased })
}
