package hub

import (
	"ombud/chat"
)

// drops remembers who has let go of which waiting conversation, as the log says. It belongs to one goroutine.
type drops struct {
	h     *Hub
	known map[string]drop
}

// drop is who has let go of one conversation, as of an epoch.
type drop struct {
	epoch int64
	by    map[string]bool
}

func newDrops(h *Hub) *drops { return &drops{h: h, known: map[string]drop{}} }

// keep forgets whatever does not wait any more.
func (d *drops) keep(waits map[string]chat.Conversation) {
	for id := range d.known {
		if _, ok := waits[id]; !ok {
			delete(d.known, id)
		}
	}
}

// by gives who has let go of a conversation; false if the log cannot be read.
func (d *drops) by(c chat.Conversation) (map[string]bool, bool) {
	if c.Handovers == 0 {
		return nil, true // nobody has had it yet
	}
	if x, ok := d.known[c.ID]; ok && x.epoch == c.Epoch {
		return x.by, true
	}
	ctx, cancel := d.h.call()
	defer cancel()
	by, err := d.h.droppedBy(ctx, c.ID)
	if err != nil {
		d.h.o.Logger.Warn("read who let go of a chat", "conversation", c.ID, "error", err)
		return nil, false
	}
	d.known[c.ID] = drop{epoch: c.Epoch, by: by}
	return by, true
}

// of gives who has let go of each conversation of a line, as far as anybody has.
func (d *drops) of(line []chat.Conversation) map[string]map[string]bool {
	waits, out := map[string]chat.Conversation{}, map[string]map[string]bool{}
	for _, c := range line {
		waits[c.ID] = c
		if by, _ := d.by(c); len(by) > 0 {
			out[c.ID] = by
		}
	}
	d.keep(waits)
	return out
}
