package hub

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/handoff"
)

// Store is what the hub needs of storage.
type Store interface {
	Append(ctx context.Context, a chat.Append) (chat.Appended, error)
	Conversation(ctx context.Context, id string) (chat.Conversation, error)
	Events(ctx context.Context, conversation string, since int64, limit int) ([]chat.Event, error)
	LatestConversation(ctx context.Context, visitor string) (chat.Conversation, error)
	DueTurns(ctx context.Context, before time.Time, limit int) ([]string, error)
	ChangedSince(ctx context.Context, t time.Time, limit int) ([]chat.Conversation, error)
}

// Line is what the board needs of storage.
type Line interface {
	Queue(ctx context.Context) ([]chat.Conversation, error)
	Held(ctx context.Context) ([]chat.Conversation, error)
	Conversations(ctx context.Context, ids []string) ([]chat.Conversation, error) // those that there are, in any order
	RecentHandling(ctx context.Context, since time.Time) ([]time.Duration, error)
	Visitor(ctx context.Context, id string) (chat.Visitor, error)
	DueClocks(ctx context.Context, limit int) ([]chat.Conversation, error) // by the store's own time
	EstimatedWaits(ctx context.Context, since time.Time) ([]chat.EstimatedWait, error)
}

// Bus carries hints to the other nodes. A node does not hear its own.
type Bus interface {
	Publish(h chat.Hint) error
	Subscribe(on func(chat.Hint)) (cancel func(), err error)
}

// Bot decides what to say.
type Bot interface {
	Turn(ctx context.Context, in bot.TurnInput) (bot.TurnOutput, error)
	Greeting(language, name string) bot.Utterance
	Text(key, language string, args map[string]string) string
	Needed(topic string) []string                   // names of the facts that a topic asks for
	Skill(reason, language, topic string) string    // that a handoff needs which nothing said decides
	Returned(state json.RawMessage) json.RawMessage // the state in which the bot takes a conversation back
}

// Options configures a hub. Store, Line, Bus and Bot are required; zero durations take the defaults.
type Options struct {
	Store  Store
	Line   Line
	Bus    Bus
	Bot    Bot
	Logger *slog.Logger
	Now    func() time.Time // UTC
	NewID  func() string    // UUIDv7

	TurnPause  time.Duration // silence after which a burst counts as finished; default 700 ms
	TypingFor  time.Duration // how long one typing notice counts; default 4 s
	TypingCap  time.Duration // longest that typing can put off a turn; default 20 s
	Poll       time.Duration // how often lost hints are made good; default 2 s
	CallLimit  time.Duration // longest a database call may take; default 5 s
	TurnLimit  time.Duration // longest a bot's turn may take; default 15 s
	ReopenFor  time.Duration // how long after a close a visitor's word reopens; default 7 days
	ClockEvery time.Duration // how often due clocks are looked for; default 1 s
	OnDuty     func() []Duty // who is on duty; nil: it is assumed that whoever is needed is there
	PendingCap int           // most messages waiting in one inbox; default 4096

	Rules func() handoff.Rules // the rules in force; nil: handoff.DefaultRules
	// Asker knows what to ask of people who wait; nil: nothing is asked.
	Asker Asker
	// Products lists what the company sells; nil: nothing.
	Products func(ctx context.Context) ([]handoff.Product, error)
	// Callbacks counts the calls that were asked for, by the start of their slots; nil: slots are never full.
	Callbacks func(ctx context.Context, from, until time.Time) (map[time.Time]int, error)
}

// Duty is one agent on duty.
type Duty struct {
	Agent     string
	Name      string
	Level     int
	Skills    []string
	Languages []string
	Products  []string
	Capacity  int
	Ready     bool // takes more chats now
}

func (o *Options) defaults() {
	set := func(d *time.Duration, v time.Duration) {
		if *d == 0 {
			*d = v
		}
	}
	set(&o.TurnPause, 700*time.Millisecond)
	set(&o.TypingFor, 4*time.Second)
	set(&o.TypingCap, 20*time.Second)
	set(&o.Poll, 2*time.Second)
	set(&o.CallLimit, 5*time.Second)
	set(&o.TurnLimit, 15*time.Second)
	set(&o.ReopenFor, 7*24*time.Hour)
	set(&o.ClockEvery, time.Second)
	if o.Rules == nil {
		rules := handoff.DefaultRules()
		o.Rules = func() handoff.Rules { return rules }
	}
	if o.PendingCap == 0 {
		o.PendingCap = 4096
	}
	if o.Now == nil {
		o.Now = func() time.Time { return time.Now().UTC() }
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
}

const shards = 64

type shard struct {
	mu   sync.Mutex
	live map[string]*live
}

// Hub owns the live conversations of one node.
type Hub struct {
	o      Options
	ctx    context.Context // the root of all work that outlives a request
	cancel context.CancelFunc
	wg     sync.WaitGroup
	shards [shards]shard
	board  *board
	pusher *pusher
	typing *typing
	unsub  func()
	once   sync.Once

	closing sync.RWMutex // held for reading while work is started
	closed  bool
}

// New starts a hub. Close it when done.
func New(o Options) (*Hub, error) {
	o.defaults()
	h := &Hub{o: o}
	h.ctx, h.cancel = context.WithCancel(context.Background())
	for i := range h.shards {
		h.shards[i].live = map[string]*live{}
	}
	h.board, h.pusher, h.typing = newBoard(h), newPusher(h), &typing{until: map[writer]time.Time{}}
	unsub, err := o.Bus.Subscribe(h.onHint)
	if err != nil {
		h.cancel()
		return nil, err
	}
	h.unsub = unsub
	h.spawn(h.board.run)
	h.spawn(h.poll)
	h.spawn(h.clocks)
	h.spawn(h.pusher.run)
	return h, nil
}

// Close ends all work and waits for it. It may be called twice.
func (h *Hub) Close() error {
	h.once.Do(func() {
		h.unsub()
		h.closing.Lock()
		h.closed = true
		h.closing.Unlock()
		h.cancel()
	})
	h.wg.Wait()
	return nil
}

// spawn runs f beside everything else, unless the hub is closing.
func (h *Hub) spawn(f func()) bool {
	h.closing.RLock()
	defer h.closing.RUnlock()
	if h.closed {
		return false
	}
	h.wg.Add(1)
	go func() {
		defer h.wg.Done()
		f()
	}()
	return true
}

func (h *Hub) now() time.Time { return h.o.Now().UTC().Truncate(time.Microsecond) }

func (h *Hub) call() (context.Context, context.CancelFunc) {
	return context.WithTimeout(h.ctx, h.o.CallLimit)
}

func (h *Hub) shard(id string) *shard {
	var x uint32 = 2166136261 // FNV-1a
	for i := 0; i < len(id); i++ {
		x = (x ^ uint32(id[i])) * 16777619
	}
	return &h.shards[x%shards]
}

// peek gives the live conversation if this node has it.
func (h *Hub) peek(id string) *live {
	s := h.shard(id)
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.live[id]
}

// post puts a message into a conversation's inbox, bringing it to life if need be.
func (h *Hub) post(id string, m message) {
	s := h.shard(id)
	s.mu.Lock()
	l := s.live[id]
	if l == nil {
		l = &live{hub: h, id: id, subs: map[*sub]struct{}{}}
		s.live[id] = l
	}
	l.post(m)
	s.mu.Unlock()
}

// postIfLive is post for what only matters to those who listen here.
func (h *Hub) postIfLive(id string, m message) {
	s := h.shard(id)
	s.mu.Lock()
	if l := s.live[id]; l != nil {
		l.post(m)
	}
	s.mu.Unlock()
}

// publish tells the other nodes; a lost hint is made good by their poll.
func (h *Hub) publish(hint chat.Hint) {
	if err := h.o.Bus.Publish(hint); err != nil {
		h.o.Logger.Debug("publish hint", "conversation", hint.Conversation, "error", err)
	}
}

// stored is called after every successful append: it feeds the listeners here, the board and the other nodes.
func (h *Hub) stored(before *chat.Conversation, a chat.Appended) {
	if a.Duplicate || len(a.Events) == 0 {
		return
	}
	c := a.Conversation
	h.postIfLive(c.ID, message{stored: &a})
	if c.TurnPending() && h.peek(c.ID) == nil {
		h.post(c.ID, message{wake: true})
	}
	hint := chat.Hint{Conversation: c.ID, Seq: c.LastSeq}
	if structural(a.Events) || (before != nil && before.Epoch != c.Epoch) {
		hint.Topic = topicBoard
		h.board.changed(c)
	} else if c.Owner == chat.OwnerQueue || c.Owner == chat.OwnerTicket {
		h.board.touched(c)
	}
	h.publish(hint)
}

const (
	topicBoard  = "board"
	topicNotice = "notice"
)

// structural reports whether events change who is to deal with the conversation.
func structural(events []chat.Event) bool {
	for _, e := range events {
		switch e.Kind {
		case chat.KindMessage, chat.KindNote, chat.KindAssessment, chat.KindDecision, chat.KindBrief, chat.KindOpened:
		default:
			return true
		}
	}
	return false
}

func (h *Hub) onHint(hint chat.Hint) {
	if hint.Topic == topicNotice {
		var n Notice
		if json.Unmarshal(hint.Data, &n) == nil {
			h.typing.note(n, h.now(), h.o.TypingFor)
			h.postIfLive(hint.Conversation, message{notice: &n})
		}
		return
	}
	if hint.Conversation == "" {
		return
	}
	h.postIfLive(hint.Conversation, message{hint: hint.Seq})
	if hint.Topic == topicBoard {
		h.board.lookUp(hint.Conversation)
	}
}
