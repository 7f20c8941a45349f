package hub_test

import (
	"context"
	"encoding/json"
	"slices"
	"sync"
	"time"

	"ombud/chat"
)

// memory is a store that keeps its state in memory and obeys the same conditions as the real ones.
type memory struct {
	mu     sync.Mutex
	rows   map[string]chat.Conversation
	events map[string][]chat.Event
	names  map[string]string
	// hold, if set by before, is called before every append is stored, outside the lock.
	hold func(a chat.Append)
	// fail, if set, makes calls fail.
	fail func(call string) error
}

func newMemory() *memory {
	return &memory{rows: map[string]chat.Conversation{}, events: map[string][]chat.Event{}, names: map[string]string{}}
}

// before sets hold.
func (m *memory) before(hold func(a chat.Append)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.hold = hold
}

func (m *memory) failing(call string) error {
	m.mu.Lock()
	f := m.fail
	m.mu.Unlock()
	if f == nil {
		return nil
	}
	return f(call)
}

func (m *memory) Append(_ context.Context, a chat.Append) (chat.Appended, error) {
	m.mu.Lock()
	hold := m.hold
	m.mu.Unlock()
	if hold != nil {
		hold(a)
	}
	if err := m.failing("append"); err != nil {
		return chat.Appended{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c, known := m.rows[a.Conversation]
	if !known && a.Events[0].Kind != chat.KindOpened {
		return chat.Appended{}, chat.ErrNotFound
	}
	for _, e := range a.Events {
		for _, old := range m.events[a.Conversation] {
			if e.ClientID != "" && old.ClientID == e.ClientID && old.Sender == e.Sender {
				if text(old) != text(e) {
					return chat.Appended{}, chat.ErrConflict
				}
				return chat.Appended{Conversation: c, Events: []chat.Event{old}, Duplicate: true}, nil
			}
		}
	}
	if err := check(a.Expect, c); err != nil {
		return chat.Appended{}, err
	}
	if a.Capacity > 0 && m.full(a) {
		return chat.Appended{}, chat.ErrCapacity
	}
	if a.Call != nil && m.callsAt(*a.Call, a.Conversation) >= a.Call.Most {
		return chat.Appended{}, chat.ErrCapacity
	}
	out := chat.Appended{}
	for _, e := range a.Events {
		e.Conversation, e.Seq = a.Conversation, c.LastSeq+1
		next, err := chat.Apply(c, e)
		if err != nil {
			return chat.Appended{}, err
		}
		c = next
		out.Events = append(out.Events, e)
	}
	m.rows[c.ID] = c
	m.events[c.ID] = append(m.events[c.ID], out.Events...)
	out.Conversation = c
	return out, nil
}

// full reports whether whom the append gives the conversation holds as many as they may.
func (m *memory) full(a chat.Append) bool {
	held := 0
	var body struct{ Agent, To string }
	_ = json.Unmarshal(a.Events[len(a.Events)-1].Body, &body) // a body without either gives it to nobody
	for _, c := range m.rows {
		if c.Owner == chat.OwnerAgent && c.Agent == body.Agent+body.To {
			held++
		}
	}
	return held >= a.Capacity
}

func (m *memory) callsAt(s chat.CallSlot, but string) int {
	n := 0
	for id, c := range m.rows {
		length, away := s.Until.Sub(s.From), c.CallbackAt.Sub(s.From)
		if id != but && !c.CallbackAt.IsZero() && away > -length && away < length {
			n++
		}
	}
	return n
}

func (m *memory) Callbacks(_ context.Context, from, until time.Time) (map[time.Time]int, error) {
	calls := map[time.Time]int{}
	for _, c := range m.some(func(c chat.Conversation) bool { return !c.CallbackAt.Before(from) && c.CallbackAt.Before(until) }) {
		calls[c.CallbackAt]++
	}
	return calls, nil
}

func text(e chat.Event) string {
	var t struct{ Text string }
	_ = json.Unmarshal(e.Body, &t) // an event without a text has none
	return t.Text
}

func check(x chat.Expect, c chat.Conversation) error {
	taken := &chat.TakenError{AgentID: c.Agent, Name: c.AgentName}
	if len(x.Owners) > 0 && !slices.Contains(x.Owners, c.Owner) {
		if c.Owner == chat.OwnerAgent {
			return taken
		}
		return chat.ErrStale
	}
	if x.Holder != "" && x.Holder != c.Agent {
		if c.Owner == chat.OwnerAgent {
			return taken
		}
		return chat.ErrStale
	}
	if x.Seq != nil && *x.Seq != c.LastSeq {
		return chat.ErrStale
	}
	if x.Epoch != nil && *x.Epoch != c.Epoch || x.Answered != nil && *x.Answered != c.Answered {
		return chat.ErrStale
	}
	return nil
}

func (m *memory) Conversation(_ context.Context, id string) (chat.Conversation, error) {
	if err := m.failing("conversation"); err != nil {
		return chat.Conversation{}, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	c, ok := m.rows[id]
	if !ok {
		return c, chat.ErrNotFound
	}
	return c, nil
}

func (m *memory) Conversations(_ context.Context, ids []string) ([]chat.Conversation, error) {
	if err := m.failing("conversations"); err != nil {
		return nil, err
	}
	return m.some(func(c chat.Conversation) bool { return slices.Contains(ids, c.ID) }), nil
}

func (m *memory) Events(_ context.Context, id string, since int64, limit int) ([]chat.Event, error) {
	if err := m.failing("events"); err != nil {
		return nil, err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	all := m.events[id]
	from := min(int(since), len(all))
	return slices.Clone(all[from:min(from+limit, len(all))]), nil
}

func (m *memory) LatestConversation(_ context.Context, visitor string) (chat.Conversation, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var latest chat.Conversation
	for _, c := range m.rows {
		if c.Visitor == visitor && c.ID > latest.ID {
			latest = c
		}
	}
	if latest.ID == "" {
		return latest, chat.ErrNotFound
	}
	return latest, nil
}

func (m *memory) DueTurns(_ context.Context, before time.Time, _ int) ([]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var ids []string
	for id, c := range m.rows {
		if c.TurnPending() && !c.TurnDue.After(before) {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

func (m *memory) ChangedSince(_ context.Context, t time.Time, _ int) ([]chat.Conversation, error) {
	return m.some(func(c chat.Conversation) bool { return c.UpdatedAt.After(t) }), nil
}

func (m *memory) Queue(context.Context) ([]chat.Conversation, error) {
	return m.some(func(c chat.Conversation) bool { return c.Owner == chat.OwnerQueue || c.Owner == chat.OwnerTicket }), nil
}

func (m *memory) Held(context.Context) ([]chat.Conversation, error) {
	return m.some(func(c chat.Conversation) bool { return c.Owner == chat.OwnerAgent }), nil
}

func (m *memory) some(want func(chat.Conversation) bool) []chat.Conversation {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []chat.Conversation
	for _, c := range m.rows {
		if want(c) {
			out = append(out, c)
		}
	}
	return out
}

func (m *memory) DueClocks(_ context.Context, limit int) ([]chat.Conversation, error) {
	now := time.Now()
	due := m.some(func(c chat.Conversation) bool { return !c.ClockAt.IsZero() && !c.ClockAt.After(now) })
	return due[:min(limit, len(due))], nil
}

func (m *memory) EstimatedWaits(context.Context, time.Time) ([]chat.EstimatedWait, error) {
	return nil, nil
}

func (m *memory) RecentHandling(context.Context, time.Time) ([]time.Duration, error) { return nil, nil }

func (m *memory) Visitor(_ context.Context, id string) (chat.Visitor, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return chat.Visitor{ID: id, Name: m.names[id]}, nil
}

// wires joins the hubs of several nodes. lose, if set, drops hints; twice brings each twice, and swap every second one before the one
// before it.
type wires struct {
	mu    sync.Mutex
	ends  []*end
	lose  func(chat.Hint) bool
	twice bool
	swap  bool
	held  *chat.Hint
}

type end struct {
	w  *wires
	on func(chat.Hint)
}

func (w *wires) node() *end {
	w.mu.Lock()
	defer w.mu.Unlock()
	e := &end{w: w}
	w.ends = append(w.ends, e)
	return e
}

func (e *end) Publish(h chat.Hint) error {
	e.w.mu.Lock()
	if e.w.lose != nil && e.w.lose(h) {
		e.w.mu.Unlock()
		return nil
	}
	var to []func(chat.Hint)
	for _, x := range e.w.ends {
		if x != e && x.on != nil {
			to = append(to, x.on)
			if e.w.twice {
				to = append(to, x.on)
			}
		}
	}
	hints := []chat.Hint{h}
	if e.w.swap && e.w.held == nil {
		e.w.held, hints = &h, nil
	} else if e.w.swap {
		hints, e.w.held = append(hints, *e.w.held), nil
	}
	e.w.mu.Unlock()
	for _, h := range hints {
		for _, on := range to {
			on(h)
		}
	}
	return nil
}

func (e *end) Subscribe(on func(chat.Hint)) (func(), error) {
	e.w.mu.Lock()
	defer e.w.mu.Unlock()
	e.on = on
	return func() {
		e.w.mu.Lock()
		defer e.w.mu.Unlock()
		e.on = nil
	}, nil
}
