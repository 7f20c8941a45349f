package hub

import (
	"maps"
	"math"
	"slices"
	"sync"
	"time"

	"ombud/chat"
	"ombud/handoff"
)

// BoardListener receives the waiting line and the chats in progress: a snapshot first, then changes.
// Calls come one at a time and must not block; false says that the listener can take no more.
type BoardListener interface {
	Board(changed []BoardItem, removed []string, snapshot bool) bool
}

const (
	touchEvery   = 500 * time.Millisecond // how often a new last line in the queue is shown
	refreshEvery = 30 * time.Second
	fetchLimit   = 500             // conversations read at once
	remindEvery  = 2 * time.Second // how often places, waits and offers are looked at where nothing has happened
)

// board keeps the waiting line of all nodes in memory. It belongs to its own goroutine; others leave word.
type board struct {
	h    *Hub
	wake chan struct{}

	mu      sync.Mutex
	fresh   map[string]chat.Conversation // changed, with their new rows
	lookups map[string]bool              // changed elsewhere: the row is to be read
	touches map[string]chat.Conversation // only the last line is new
	joins   []BoardListener
	leaves  []BoardListener
	epochs  map[string]int64  // of the rows last shown
	told    map[string]Notice // the last waiting notice of each conversation
	last    outlook           // as the last round left it

	// The rest belongs to run.
	items    map[string]*BoardItem
	names    map[string]string // visitor id to name
	watchers []BoardListener
	handling []time.Duration
	drops    *drops
}

func newBoard(h *Hub) *board {
	return &board{
		h: h, wake: make(chan struct{}, 1), fresh: map[string]chat.Conversation{}, lookups: map[string]bool{},
		touches: map[string]chat.Conversation{}, items: map[string]*BoardItem{}, names: map[string]string{},
		told: map[string]Notice{}, epochs: map[string]int64{}, drops: newDrops(h),
	}
}

func (b *board) leaveWord(f func()) {
	b.mu.Lock()
	f()
	b.mu.Unlock()
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *board) changed(c chat.Conversation) {
	b.leaveWord(func() {
		if old, ok := b.fresh[c.ID]; !ok || old.LastSeq < c.LastSeq {
			b.fresh[c.ID] = c
		}
	})
}

// touched notes a new last line; it is shown with the next round.
func (b *board) touched(c chat.Conversation) {
	b.mu.Lock()
	b.touches[c.ID] = c
	b.mu.Unlock()
}

func (b *board) lookUp(id string) { b.leaveWord(func() { b.lookups[id] = true }) }

// Watch subscribes to the board. stop may be called twice.
func (h *Hub) Watch(l BoardListener) (stop func()) {
	h.board.leaveWord(func() { h.board.joins = append(h.board.joins, l) })
	return func() { h.board.leaveWord(func() { h.board.leaves = append(h.board.leaves, l) }) }
}

func (b *board) run() {
	touch := time.NewTicker(touchEvery)
	defer touch.Stop()
	refresh := time.NewTicker(refreshEvery)
	defer refresh.Stop()
	remind := time.NewTicker(remindEvery)
	defer remind.Stop()
	loaded := b.resync()
	b.serve(map[string]bool{}, nil, nil, nil)
	for {
		select {
		case <-b.h.ctx.Done():
			return
		case <-b.wake:
			if !loaded {
				loaded = b.resync()
			}
			b.round(false)
		case <-touch.C:
			b.round(true)
		case <-remind.C:
			b.serve(map[string]bool{}, nil, nil, nil)
		case <-refresh.C:
			loaded = b.resync()
		}
	}
}

// resync reads the whole line: at the start, and now and then to make good whatever was missed.
func (b *board) resync() bool {
	ctx, cancel := b.h.call()
	defer cancel()
	waiting, err := b.h.o.Line.Queue(ctx)
	if err == nil {
		var held []chat.Conversation
		held, err = b.h.o.Line.Held(ctx)
		waiting = append(waiting, held...)
	}
	if err != nil {
		b.h.o.Logger.Warn("read the waiting line", "error", err)
		return false
	}
	if d, err := b.h.o.Line.RecentHandling(ctx, b.h.o.Rules().Estimate.Since(b.h.now())); err == nil {
		b.handling = d
	}
	seen := map[string]bool{}
	b.mu.Lock()
	for _, c := range waiting {
		seen[c.ID] = true
		it := b.items[c.ID]
		switch {
		case it != nil && it.conv.LastSeq > c.LastSeq: // the database was put back
			b.lookups[c.ID] = true
		case it == nil || it.conv.Epoch != c.Epoch || it.conv.LastSeq < c.LastSeq:
			if old, ok := b.fresh[c.ID]; !ok || old.LastSeq < c.LastSeq {
				b.fresh[c.ID] = c
			}
		}
	}
	for id := range b.items {
		if !seen[id] {
			b.lookups[id] = true
		}
	}
	b.mu.Unlock()
	b.round(true)
	return true
}

// round takes what was left word of, and tells watchers and waiting visitors what is new.
func (b *board) round(withTouches bool) {
	b.mu.Lock()
	fresh, lookups, joins, leaves := b.fresh, b.lookups, b.joins, b.leaves
	b.fresh, b.lookups, b.joins, b.leaves = map[string]chat.Conversation{}, map[string]bool{}, nil, nil
	touches := map[string]chat.Conversation{}
	if withTouches {
		touches, b.touches = b.touches, touches
	}
	b.mu.Unlock()
	if len(fresh)+len(lookups)+len(joins)+len(leaves)+len(touches) == 0 {
		return
	}
	b.fetch(lookups, fresh)
	changed, removed := map[string]bool{}, []string{}
	for id, c := range fresh {
		b.apply(id, c, changed, &removed)
	}
	for id, c := range touches {
		if it := b.items[id]; it != nil && it.conv.Epoch == c.Epoch && c.LastSeq > it.LastSeq {
			b.put(c)
			changed[id] = true
		}
	}
	b.serve(changed, removed, joins, leaves)
}

// serve ranks the line and tells everybody whom it concerns: watchers, waiting visitors and who pushes.
func (b *board) serve(changed map[string]bool, removed []string, joins, leaves []BoardListener) {
	line := b.rank(changed)
	b.tell(joins, leaves, changed, removed)
	b.tellVisitors(line)
	b.push(line)
}

// fetch reads what has changed elsewhere, all at once: a busy line changes faster than rows can be read one by one. What could not be
// read is left for the next round.
func (b *board) fetch(lookups map[string]bool, into map[string]chat.Conversation) {
	for ids := range slices.Chunk(slices.Collect(maps.Keys(lookups)), fetchLimit) {
		ctx, cancel := b.h.call()
		rows, err := b.h.o.Line.Conversations(ctx, ids)
		cancel()
		if err != nil {
			b.h.o.Logger.Warn("read for the board", "conversations", len(ids), "error", err)
			b.mu.Lock()
			for _, id := range ids {
				b.lookups[id] = true
			}
			b.mu.Unlock()
			continue
		}
		there := make(map[string]bool, len(rows))
		for _, c := range rows {
			there[c.ID] = true
			if old, ok := into[c.ID]; !ok || old.LastSeq < c.LastSeq {
				into[c.ID] = c
			}
			if it := b.items[c.ID]; it != nil && it.conv.LastSeq > c.LastSeq { // the database was put back: its row counts
				it.conv.LastSeq = 0
			}
		}
		for _, id := range ids {
			if !there[id] && b.items[id] != nil {
				into[id] = chat.Conversation{ID: id, Owner: chat.OwnerClosed, LastSeq: math.MaxInt64}
			}
		}
	}
}

func (b *board) apply(id string, c chat.Conversation, changed map[string]bool, removed *[]string) {
	old := b.items[id]
	if old != nil && old.conv.LastSeq > c.LastSeq {
		return
	}
	switch c.Owner {
	case chat.OwnerQueue, chat.OwnerTicket, chat.OwnerAgent:
		b.put(c)
		changed[id] = true
	default:
		b.forget(id)
		if old != nil {
			delete(b.items, id)
			*removed = append(*removed, id)
		}
	}
}

func (b *board) forget(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.told, id)
	delete(b.epochs, id)
}

func (b *board) put(c chat.Conversation) {
	b.mu.Lock()
	b.epochs[c.ID] = c.Epoch
	if c.Owner != chat.OwnerQueue {
		delete(b.told, c.ID)
	}
	b.mu.Unlock()
	it := &BoardItem{
		Conversation: c.ID, Site: c.Site, Visitor: BoardPerson{ID: c.Visitor, Name: b.name(c.Visitor)}, Language: c.Language,
		Owner: c.Owner, Reason: c.Reason, Severity: c.Severity, Level: c.Level, Skill: c.Skill, Topic: c.Topic, Product: c.Product, Label: c.Label,
		RequestedAt: c.RequestedAt, DueAt: c.DueAt, Warned: c.Warned(), CallbackAt: c.CallbackAt, Handovers: c.Handovers, LastText: c.LastText, LastRole: c.LastRole,
		LastSeq: c.LastSeq, UpdatedAt: c.UpdatedAt, conv: c, memo: new(memo),
	}
	if old := b.items[c.ID]; old != nil {
		it.Rank = old.Rank
	}
	if c.Agent != "" {
		it.Agent = &BoardPerson{ID: c.Agent, Name: c.AgentName}
	}
	b.items[c.ID] = it
}

func (b *board) name(visitor string) string {
	if n, ok := b.names[visitor]; ok {
		return n
	}
	ctx, cancel := b.h.call()
	defer cancel()
	v, err := b.h.o.Line.Visitor(ctx, visitor)
	if err != nil {
		return ""
	}
	if len(b.names) > 10_000 {
		clear(b.names)
	}
	b.names[visitor] = v.Name
	return v.Name
}

// rank orders the line anew and marks whose place has changed.
func (b *board) rank(changed map[string]bool) []chat.Conversation {
	var waiting []chat.Conversation
	for _, it := range b.items {
		if it.Owner == chat.OwnerAgent {
			it.move(0)
			continue
		}
		waiting = append(waiting, it.conv)
	}
	line := handoff.Rank(waiting, b.h.now())
	for i, c := range line {
		if b.items[c.ID].move(i + 1) {
			changed[c.ID] = true
		}
	}
	return line
}

func (b *board) tell(joins, leaves []BoardListener, changed map[string]bool, removed []string) {
	for _, l := range leaves {
		for i, w := range b.watchers {
			if w == l {
				b.watchers = append(b.watchers[:i:i], b.watchers[i+1:]...)
				break
			}
		}
	}
	var news []BoardItem
	for id := range changed {
		news = append(news, *b.items[id])
	}
	if len(news)+len(removed) > 0 {
		kept := b.watchers[:0:0]
		for _, w := range b.watchers {
			if w.Board(news, removed, false) {
				kept = append(kept, w)
			}
		}
		b.watchers = kept
	}
	if len(joins) == 0 {
		return
	}
	all := make([]BoardItem, 0, len(b.items))
	for _, it := range b.items {
		all = append(all, *it)
	}
	for _, w := range joins {
		if w.Board(all, nil, true) {
			b.watchers = append(b.watchers, w)
		}
	}
}
