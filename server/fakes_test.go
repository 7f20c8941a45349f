package server

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"ombud/bot"
	"ombud/chat"
)

// memory is storage that keeps its state in maps. It is what *storage.DB promises, without a database.
type memory struct {
	mu       sync.Mutex
	convs    map[string]chat.Conversation
	logs     map[string][]chat.Event
	visitors map[string]chat.Visitor
	sites    map[string]chat.Site
	users    map[string]chat.User
	links    map[string]chat.Link
	tokens   map[string]string // hash to user
	policies []chat.PolicyVersion
	settings map[string]json.RawMessage
	audit    []chat.AuditEntry
	waits    []chat.EstimatedWait
	sessions map[string]session
	files    []chat.File
	devices  map[string]string // hash to visitor
	down     atomic.Bool
	between  func()       // called once between a look at a setting or a user and the write, if set
	lost     atomic.Int64 // so many answers of appends are lost after they are stored
	lookups  atomic.Int64
}

type session struct {
	data   []byte
	expiry time.Time
}

func newMemory() *memory {
	return &memory{
		convs: map[string]chat.Conversation{}, logs: map[string][]chat.Event{}, visitors: map[string]chat.Visitor{},
		sites: map[string]chat.Site{}, users: map[string]chat.User{}, links: map[string]chat.Link{}, tokens: map[string]string{},
		settings: map[string]json.RawMessage{}, sessions: map[string]session{}, devices: map[string]string{},
	}
}

func (m *memory) lock() (unlock func(), err error) {
	if m.down.Load() {
		return nil, chat.ErrUnavailable
	}
	m.mu.Lock()
	return m.mu.Unlock, nil
}

// conv and everybody are for tests that look in while connections still write.
func (m *memory) conv(id string) chat.Conversation {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.convs[id]
}

func (m *memory) everybody() []chat.Visitor {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Collect(maps.Values(m.visitors))
}

func find[V any](m *memory, all map[string]V, key string) (V, error) {
	var zero V
	unlock, err := m.lock()
	if err != nil {
		return zero, err
	}
	defer unlock()
	v, ok := all[key]
	if !ok {
		return zero, fmt.Errorf("find %q: %w", key, chat.ErrNotFound)
	}
	return v, nil
}

func (m *memory) Append(_ context.Context, a chat.Append) (chat.Appended, error) {
	unlock, err := m.lock()
	if err != nil {
		return chat.Appended{}, err
	}
	defer unlock()
	c, exists := m.convs[a.Conversation]
	if !exists && a.Events[0].Kind != chat.KindOpened {
		return chat.Appended{}, chat.ErrNotFound
	}
	for _, e := range a.Events {
		for _, old := range m.logs[a.Conversation] {
			if e.ClientID == "" || old.ClientID != e.ClientID || old.Sender != e.Sender {
				continue
			}
			if text(old) != text(e) || old.Kind != e.Kind {
				return chat.Appended{}, chat.ErrConflict
			}
			return chat.Appended{Conversation: c, Events: []chat.Event{old}, Duplicate: true}, nil
		}
	}
	if err := m.expected(c, a.Expect); err != nil {
		return chat.Appended{}, err
	}
	var stored []chat.Event
	for _, e := range a.Events {
		e.Conversation, e.Seq = a.Conversation, c.LastSeq+1
		if c, err = chat.Apply(c, e); err != nil {
			return chat.Appended{}, err
		}
		c.ID = a.Conversation
		stored = append(stored, e)
	}
	m.convs[c.ID] = c
	m.logs[c.ID] = append(m.logs[c.ID], stored...)
	if m.lost.Add(-1) >= 0 {
		return chat.Appended{}, chat.ErrUnavailable
	}
	return chat.Appended{Conversation: c, Events: stored}, nil
}

func text(e chat.Event) string {
	var b struct{ Text string }
	_ = json.Unmarshal(e.Body, &b)
	return b.Text
}

func (m *memory) expected(c chat.Conversation, x chat.Expect) error {
	stale := error(chat.ErrStale)
	if c.Owner == chat.OwnerAgent {
		stale = &chat.TakenError{AgentID: c.Agent, Name: m.users[c.Agent].Name}
	}
	switch {
	case x.Owners != nil && !slices.Contains(x.Owners, c.Owner), x.Holder != "" && c.Agent != x.Holder,
		x.Epoch != nil && *x.Epoch != c.Epoch, x.Answered != nil && *x.Answered != c.Answered:
		return stale
	}
	return nil
}

func (m *memory) Conversation(_ context.Context, id string) (chat.Conversation, error) {
	m.lookups.Add(1)
	return find(m, m.convs, id)
}

func (m *memory) Events(_ context.Context, id string, since int64, limit int) ([]chat.Event, error) {
	log, err := find(m, m.logs, id)
	if err != nil {
		return nil, err
	}
	since = min(since, int64(len(log)))
	return slices.Clone(log[since:min(int64(len(log)), since+int64(limit))]), nil
}

func (m *memory) filter(keep func(chat.Conversation) bool) ([]chat.Conversation, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	var out []chat.Conversation
	for _, c := range m.convs {
		if keep(c) {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b chat.Conversation) int { return cmp.Compare(b.ID, a.ID) })
	return out, nil
}

func (m *memory) VisitorConversations(_ context.Context, visitor string, limit int) ([]chat.Conversation, error) {
	all, err := m.filter(func(c chat.Conversation) bool { return c.Visitor == visitor })
	return all[:min(len(all), limit)], err
}

func (m *memory) LatestConversation(ctx context.Context, visitor string) (chat.Conversation, error) {
	all, err := m.VisitorConversations(ctx, visitor, 1)
	if err == nil && len(all) == 0 {
		return chat.Conversation{}, chat.ErrNotFound
	}
	if err != nil {
		return chat.Conversation{}, err
	}
	return all[0], nil
}

func (m *memory) DueTurns(_ context.Context, before time.Time, limit int) ([]string, error) {
	all, err := m.filter(func(c chat.Conversation) bool { return c.TurnPending() && c.TurnDue.Before(before) })
	var out []string
	for _, c := range all[:min(len(all), limit)] {
		out = append(out, c.ID)
	}
	return out, err
}

func (m *memory) ChangedSince(_ context.Context, t time.Time, _ int) ([]chat.Conversation, error) {
	return m.filter(func(c chat.Conversation) bool { return c.UpdatedAt.After(t) })
}

func (m *memory) Queue(context.Context) ([]chat.Conversation, error) {
	return m.filter(func(c chat.Conversation) bool { return c.Owner == chat.OwnerQueue || c.Owner == chat.OwnerTicket })
}

func (m *memory) Held(context.Context) ([]chat.Conversation, error) {
	return m.filter(func(c chat.Conversation) bool { return c.Owner == chat.OwnerAgent })
}

func (m *memory) RecentHandling(context.Context, time.Time) ([]time.Duration, error) { return nil, nil }

func put[V any](m *memory, all map[string]V, key string, v V, fresh bool) error {
	unlock, err := m.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if _, there := all[key]; there && fresh {
		return chat.ErrExists
	}
	all[key] = v
	return nil
}

func (m *memory) CreateVisitor(_ context.Context, v chat.Visitor) error {
	return put(m, m.visitors, v.ID, v, true)
}

func (m *memory) Visitor(_ context.Context, id string) (chat.Visitor, error) {
	return find(m, m.visitors, id)
}

func (m *memory) VisitorBySubject(_ context.Context, site, subject string) (chat.Visitor, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, v := range m.visitors {
		if v.Site == site && v.Subject == subject && v.Verified {
			return v, nil
		}
	}
	return chat.Visitor{}, chat.ErrNotFound
}

func (m *memory) ChangeVisitor(_ context.Context, id string, c chat.VisitorChange) (chat.Visitor, error) {
	unlock, err := m.lock()
	if err != nil {
		return chat.Visitor{}, err
	}
	defer unlock()
	v, ok := m.visitors[id]
	if !ok {
		return v, chat.ErrNotFound
	}
	if c.Name != nil {
		v.Name = *c.Name
	}
	if c.Email != nil {
		v.Email = *c.Email
	}
	if c.Attrs != nil {
		v.Attrs = *c.Attrs
	}
	if c.Unverified != nil {
		v.Unverified = *c.Unverified
	}
	m.visitors[id] = v
	return v, nil
}

func (m *memory) LastOf(_ context.Context, conversation string, kind chat.Kind) (chat.Event, error) {
	log, err := find(m, m.logs, conversation)
	if err != nil {
		return chat.Event{}, err
	}
	for _, e := range slices.Backward(log) {
		if e.Kind == kind {
			return e, nil
		}
	}
	return chat.Event{}, chat.ErrNotFound
}

func (m *memory) AddVisitorToken(_ context.Context, visitor, hash string, _ time.Time) error {
	return put(m, m.devices, hash, visitor, true)
}

func (m *memory) VisitorByToken(_ context.Context, hash string) (chat.Visitor, error) {
	unlock, err := m.lock()
	if err != nil {
		return chat.Visitor{}, err
	}
	defer unlock()
	for _, v := range m.visitors {
		if v.TokenHash == hash {
			return v, nil
		}
	}
	if v, ok := m.visitors[m.devices[hash]]; ok {
		return v, nil
	}
	return chat.Visitor{}, chat.ErrNotFound
}

func (m *memory) Site(_ context.Context, id string) (chat.Site, error) { return find(m, m.sites, id) }

func (m *memory) Sites(context.Context) ([]chat.Site, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	var out []chat.Site
	for _, s := range m.sites {
		out = append(out, s)
	}
	return out, nil
}

func (m *memory) SaveSite(_ context.Context, s chat.Site) error {
	if old, err := find(m, m.sites, s.ID); err == nil && old.Version != s.Version {
		return chat.ErrConflict
	}
	s.Version++
	return put(m, m.sites, s.ID, s, false)
}

func (m *memory) CreateUser(_ context.Context, u chat.User) error {
	return put(m, m.users, u.ID, u, true)
}

func (m *memory) UpdateUser(_ context.Context, u chat.User) (chat.User, error) {
	return m.changeUser(u.ID, func(old chat.User) (chat.User, error) {
		if old.Version != u.Version {
			return old, chat.ErrConflict
		}
		u.PasswordHash, u.SessionEpoch, u.Version = old.PasswordHash, old.SessionEpoch, old.Version+1
		if u.Grade != old.Grade || u.Disabled != old.Disabled {
			u.SessionEpoch++
		}
		return u, nil
	})
}

func (m *memory) SetPassword(_ context.Context, id, hash string) (chat.User, error) {
	m.meanwhile()
	return m.changeUser(id, func(u chat.User) (chat.User, error) {
		if u.Disabled {
			return u, chat.ErrNotFound
		}
		u.PasswordHash, u.SessionEpoch = hash, u.SessionEpoch+1
		return u, nil
	})
}

// meanwhile does what the test wants to have happened before a write.
func (m *memory) meanwhile() {
	if f := m.between; f != nil {
		m.between = nil
		f()
	}
}

func (m *memory) changeUser(id string, change func(chat.User) (chat.User, error)) (chat.User, error) {
	unlock, err := m.lock()
	if err != nil {
		return chat.User{}, err
	}
	defer unlock()
	u, ok := m.users[id]
	if !ok {
		return u, chat.ErrNotFound
	}
	if u, err = change(u); err == nil {
		m.users[id] = u
	}
	return u, err
}

func (m *memory) User(_ context.Context, id string) (chat.User, error) { return find(m, m.users, id) }

func (m *memory) UserByEmail(ctx context.Context, email string) (chat.User, error) {
	all, err := m.Users(ctx)
	for _, u := range all {
		if u.Email == email {
			return u, nil
		}
	}
	if err == nil {
		err = chat.ErrNotFound
	}
	return chat.User{}, err
}

func (m *memory) Users(context.Context) ([]chat.User, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, err
	}
	defer unlock()
	var out []chat.User
	for _, u := range m.users {
		out = append(out, u)
	}
	slices.SortFunc(out, func(a, b chat.User) int { return cmp.Compare(a.ID, b.ID) })
	return out, nil
}

func (m *memory) CountUsers(ctx context.Context) (int, error) {
	all, err := m.Users(ctx)
	return len(all), err
}

func (m *memory) CreateLink(_ context.Context, l chat.Link) error {
	return put(m, m.links, l.Hash, l, true)
}

func (m *memory) UseLink(_ context.Context, hash, kind string, now time.Time) (chat.Link, error) {
	unlock, err := m.lock()
	if err != nil {
		return chat.Link{}, err
	}
	defer unlock()
	l, ok := m.links[hash]
	if !ok || l.Kind != kind || !now.Before(l.ExpiresAt) {
		return chat.Link{}, chat.ErrNotFound
	}
	delete(m.links, hash)
	return l, nil
}

func (m *memory) UserByAPIToken(_ context.Context, hash string) (chat.User, error) {
	id, err := find(m, m.tokens, hash)
	if err != nil {
		return chat.User{}, err
	}
	return find(m, m.users, id)
}

func (m *memory) Policies(context.Context) ([]chat.PolicyVersion, error) { return m.policies, nil }

func (m *memory) SavePolicy(_ context.Context, p chat.PolicyVersion) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if p.Version != int64(len(m.policies))+1 {
		return chat.ErrConflict
	}
	m.policies = append(m.policies, p)
	return nil
}

func (m *memory) Setting(_ context.Context, key string) (json.RawMessage, error) {
	return find(m, m.settings, key)
}

func (m *memory) Audit(_ context.Context, e chat.AuditEntry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.audit = append(m.audit, e)
	return nil
}

func (m *memory) Ping(context.Context) error {
	if m.down.Load() {
		return chat.ErrUnavailable
	}
	return nil
}

// The session store of scs.

func (m *memory) FindCtx(_ context.Context, token string) ([]byte, bool, error) {
	unlock, err := m.lock()
	if err != nil {
		return nil, false, err
	}
	defer unlock()
	s, ok := m.sessions[token]
	if !ok || time.Now().After(s.expiry) {
		return nil, false, nil
	}
	return s.data, true, nil
}

func (m *memory) CommitCtx(_ context.Context, token string, b []byte, expiry time.Time) error {
	return put(m, m.sessions, token, session{b, expiry}, false)
}

func (m *memory) DeleteCtx(_ context.Context, token string) error {
	unlock, err := m.lock()
	if err != nil {
		return err
	}
	defer unlock()
	delete(m.sessions, token)
	return nil
}

func (m *memory) Find(token string) ([]byte, bool, error) {
	return m.FindCtx(context.Background(), token)
}

func (m *memory) Commit(token string, b []byte, expiry time.Time) error {
	return m.CommitCtx(context.Background(), token, b, expiry)
}

func (m *memory) Delete(token string) error { return m.DeleteCtx(context.Background(), token) }

// wire is a bus between nodes of one process; a node does not hear its own hints.
type wire struct {
	mu    sync.Mutex
	nodes []*node
}

type node struct {
	wire *wire
	mu   sync.Mutex
	on   []func(chat.Hint)
}

func (w *wire) join() *node {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := &node{wire: w}
	w.nodes = append(w.nodes, n)
	return n
}

func (n *node) Publish(h chat.Hint) error {
	n.wire.mu.Lock()
	defer n.wire.mu.Unlock()
	for _, other := range n.wire.nodes {
		if other == n {
			continue
		}
		other.mu.Lock()
		for _, on := range other.on {
			if on != nil {
				on(h)
			}
		}
		other.mu.Unlock()
	}
	return nil
}

func (n *node) Subscribe(on func(chat.Hint)) (func(), error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.on = append(n.on, on)
	at := len(n.on) - 1
	return func() {
		n.mu.Lock()
		n.on[at] = nil
		n.mu.Unlock()
	}, nil
}

// parrot is a bot that hands over to a person when asked for one, and else says what it heard.
type parrot struct{}

func (parrot) Turn(_ context.Context, in bot.TurnInput) (bot.TurnOutput, error) {
	out := bot.TurnOutput{Language: "en", State: json.RawMessage(`{}`)}
	for _, line := range in.New {
		if line.Text == "a person, please" {
			out.Decision = bot.Decision{Action: bot.Handoff, Reason: "asked_for_human", Severity: "medium", Level: 1}
			out.Say = []bot.Utterance{{Text: "One moment.", Part: "handoff"}}
			return out, nil
		}
		if line.Text == "word by word" {
			in.Draft("You said:")
		}
		out.Say = append(out.Say, bot.Utterance{Text: "You said: " + line.Text, Part: "answer"})
	}
	return out, nil
}

func (parrot) Greeting(string, string) bot.Utterance { return bot.Utterance{Text: "Hello."} }

func (parrot) Text(key, _ string, _ map[string]string) string { return key }

func (parrot) Needed(string) []string { return nil }

func (parrot) Skill(string, string, string) string { return "" }

func (parrot) Returned(state json.RawMessage) json.RawMessage { return state }

func (m *memory) Conversations(ctx context.Context, ids []string) (out []chat.Conversation, _ error) {
	for _, id := range ids {
		if c, err := m.Conversation(ctx, id); err == nil {
			out = append(out, c)
		}
	}
	return out, nil
}

func (m *memory) DueClocks(context.Context, int) ([]chat.Conversation, error) { return nil, nil }

func (m *memory) EstimatedWaits(context.Context, time.Time) ([]chat.EstimatedWait, error) {
	return m.waits, nil
}

func (m *memory) AddFile(_ context.Context, f chat.File, q chat.Quota) (chat.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	count, size := 0, int64(f.Size)
	for _, old := range m.files {
		if old.Conversation != f.Conversation {
			continue
		}
		if old.Sender == f.Sender && old.ClientID == f.ClientID {
			return old, nil
		}
		count, size = count+1, size+int64(old.Size)
	}
	if count >= q.Files || size > q.Bytes {
		return chat.File{}, chat.ErrTooLarge
	}
	m.files = append(m.files, f)
	return f, nil
}

func (m *memory) File(_ context.Context, conversation, id string) (chat.File, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, f := range m.files {
		if f.ID == id && f.Conversation == conversation {
			return f, nil
		}
	}
	return chat.File{}, chat.ErrNotFound
}
