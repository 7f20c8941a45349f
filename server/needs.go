package server

import (
	"context"
	"encoding/json"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
)

// Opener begins conversations and lets sockets follow them. Implemented by *hub.Hub, like the next six.
type Opener interface {
	Open(ctx context.Context, site chat.Site, v chat.Visitor, locale, page string) (chat.Conversation, error)
	Begin(ctx context.Context, site chat.Site, v chat.Visitor, locale, page string) (chat.Conversation, error)
	Join(ctx context.Context, conversation string, since int64, to hub.Listener) (leave func(), err error)
	Watch(to hub.BoardListener) (stop func())
}

// Line knows how the waiting line stands.
type Line interface {
	Waiting(conversation string) (hub.Notice, bool)
	// WaitAccuracy says how good the announced waits were of those whose chat was first claimed at since or later.
	WaitAccuracy(ctx context.Context, since time.Time) (handoff.Accuracy, error)
	// Slots lists when the visitor can be called back, and the zone in which the times are round.
	Slots(ctx context.Context, conversation, zone string) ([]handoff.Slot, string, error)
	// Next claims the first conversation that fits, or fails with chat.ErrNotFound.
	Next(ctx context.Context, who chat.User) (string, error)
}

// Speaker stores what people say.
type Speaker interface {
	Say(ctx context.Context, who chat.Identity, conversation, clientID, text string) (chat.Event, bool, error)
	SaySuggested(ctx context.Context, who chat.Identity, conversation, clientID, text string) (chat.Event, bool, error)
	Note(ctx context.Context, who chat.Identity, conversation, clientID, text string) (chat.Event, bool, error)
	Whisper(ctx context.Context, who chat.Identity, conversation, clientID, text string) (chat.Event, bool, error)
	Attach(ctx context.Context, who chat.Identity, conversation, clientID string, f chat.Attached) (chat.Event, bool, error)
	Identify(ctx context.Context, conversation, clientID string, i chat.Identified) error
	Typing(conversation string, who chat.Identity, on bool)
	Read(conversation string, who chat.Identity, seq int64)
}

// Passer moves conversations between owners.
type Passer interface {
	Claim(ctx context.Context, who chat.User, conversation string) error
	TakeOver(ctx context.Context, who chat.User, conversation string) error
	Release(ctx context.Context, who chat.Identity, conversation string) error
	Transfer(ctx context.Context, who chat.Identity, conversation string, t chat.Transferred) error
	Escalate(ctx context.Context, who chat.Identity, conversation string, e chat.Escalated) error
	Return(ctx context.Context, who chat.Identity, conversation string) error
}

// Closer ends conversations, and what follows the end.
type Closer interface {
	CloseConversation(ctx context.Context, who chat.Identity, conversation string, c chat.Closed) error
	Label(ctx context.Context, who chat.Identity, conversation, label string) error
	LeaveMessage(ctx context.Context, who chat.Identity, conversation, clientID string, m chat.LeftMessage) error
	Rate(ctx context.Context, who chat.Identity, conversation string, a chat.Survey) error
}

// Amender puts right what is known of a conversation.
type Amender interface {
	Brief(ctx context.Context, conversation string) (json.RawMessage, error)
	Correct(ctx context.Context, who chat.Identity, conversation, clientID, field, text string) error
	Reclassify(ctx context.Context, who chat.Identity, conversation string, r chat.Reclassified) error
}

// Hub owns live conversations.
type Hub interface {
	Opener
	Line
	Speaker
	Passer
	Closer
	Amender
	// Erased has this node forget a visitor's words.
	Erased(visitor string)
}

// Conversations reads conversations. Implemented by *storage.DB, like the next five.
type Conversations interface {
	Conversation(ctx context.Context, id string) (chat.Conversation, error)
	Events(ctx context.Context, conversation string, since int64, limit int) ([]chat.Event, error)
	// LastOf gives the last event of a kind, or fails with chat.ErrNotFound.
	LastOf(ctx context.Context, conversation string, kind chat.Kind) (chat.Event, error)
	LatestConversation(ctx context.Context, visitor string) (chat.Conversation, error)
	VisitorConversations(ctx context.Context, visitor string, limit int) ([]chat.Conversation, error)
}

// Visitors keeps who writes in. The readers fail with chat.ErrNotFound, CreateVisitor with chat.ErrExists where
// the subject of a verified one is known.
type Visitors interface {
	CreateVisitor(ctx context.Context, v chat.Visitor) error
	VisitorByToken(ctx context.Context, hash string) (chat.Visitor, error)
	VisitorBySubject(ctx context.Context, site, subject string) (chat.Visitor, error)
	// ChangeVisitor changes what it is given and nothing else, and gives the visitor as they are afterwards.
	ChangeVisitor(ctx context.Context, id string, c chat.VisitorChange) (chat.Visitor, error)
	AddVisitorToken(ctx context.Context, visitor, hash string, at time.Time) error
	Visitor(ctx context.Context, id string) (chat.Visitor, error)
}

// Sites keeps the websites that carry the widget. Site fails with chat.ErrNotFound, SaveSite with chat.ErrConflict where s.Version is
// not the one that is stored.
type Sites interface {
	Site(ctx context.Context, id string) (chat.Site, error)
	Sites(ctx context.Context) ([]chat.Site, error)
	SaveSite(ctx context.Context, s chat.Site) error
}

// Users keeps who works here. The readers fail with chat.ErrNotFound, CreateUser with chat.ErrExists.
type Users interface {
	CreateUser(ctx context.Context, u chat.User) error
	// UpdateUser stores all but the password, and fails with chat.ErrConflict where u.Version is not the one that is stored.
	UpdateUser(ctx context.Context, u chat.User) (chat.User, error)
	// SetPassword fails with chat.ErrNotFound for a user who is disabled.
	SetPassword(ctx context.Context, id, hash string) (chat.User, error)
	User(ctx context.Context, id string) (chat.User, error)
	UserByEmail(ctx context.Context, email string) (chat.User, error)
	Users(ctx context.Context) ([]chat.User, error)
	CountUsers(ctx context.Context) (int, error)
}

// Keys keeps one-time links and API tokens, by hash. UseLink is atomic: of many at once one wins, the others get
// chat.ErrNotFound.
type Keys interface {
	CreateLink(ctx context.Context, l chat.Link) error
	UseLink(ctx context.Context, hash, kind string, now time.Time) (chat.Link, error)
	UserByAPIToken(ctx context.Context, hash string) (chat.User, error)
}

// Settings keeps policies, small settings and the audit log.
type Settings interface {
	Policies(ctx context.Context) ([]chat.PolicyVersion, error)
	SavePolicy(ctx context.Context, p chat.PolicyVersion) error
	Setting(ctx context.Context, key string) (json.RawMessage, error)
	Audit(ctx context.Context, e chat.AuditEntry) error
}

// Store is storage as the server needs it.
type Store interface {
	Conversations
	Visitors
	Sites
	Users
	Keys
	Settings
	Ping(ctx context.Context) error
}

// SessionStore keeps sessions; scs defines the methods. The token is stored hashed by scs.
type SessionStore interface {
	Delete(token string) error
	Find(token string) (b []byte, found bool, err error)
	Commit(token string, b []byte, expiry time.Time) error
	DeleteCtx(ctx context.Context, token string) error
	FindCtx(ctx context.Context, token string) (b []byte, found bool, err error)
	CommitCtx(ctx context.Context, token string, b []byte, expiry time.Time) error
}

// Bus carries hints between nodes; a node does not hear its own.
type Bus interface {
	Publish(h chat.Hint) error
	Subscribe(on func(chat.Hint)) (cancel func(), err error)
}

// Duty keeps the agents' presence leases.
type Duty interface {
	// Renew prolongs the lease of an agent who is online or away; offline ends it.
	Renew(ctx context.Context, user, state string) error
	// Keep makes the lease of an agent in a state last from when they were heard of, so long ago; it never shortens one.
	Keep(ctx context.Context, user, state string, ago time.Duration) error
	// Present lists the agents with a live lease.
	Present(ctx context.Context) ([]chat.Presence, error)
}

// Policy knows the policy that decides on this node, and judges others.
type Policy interface {
	// Check says what is wrong with a policy: *chat.InvalidError.
	Check(policy json.RawMessage) error
	// Replay tells what the policy would have done to the conversations that began from until to.
	Replay(ctx context.Context, policy json.RawMessage, from, to time.Time) (json.RawMessage, error)
	// Sweep is Replay at 101 values of one field. A policy or field that is not right is *chat.InvalidError.
	Sweep(ctx context.Context, policy json.RawMessage, field string, from, to time.Time) (json.RawMessage, error)
	// Staffing tells for each hour of the day how long customers would wait and how many agents it takes.
	Staffing(ctx context.Context, policy json.RawMessage, from, to time.Time) (json.RawMessage, error)
	// Live gives the policy in use and its version; 0 before any was saved. Beside it stands the built-in one, version 0.
	Live() (live, builtIn json.RawMessage, version int64, err error)
	// Fields lists the single values that can be tuned, and describes the tables.
	Fields() (fields, tables json.RawMessage, err error)
}

// Files keeps what people send along. AddFile gives the file that the same client id stored before, and fails with
// chat.ErrTooLarge beyond the quota; File fails with chat.ErrNotFound. Implemented by *storage.DB.
type Files interface {
	AddFile(ctx context.Context, f chat.File, q chat.Quota) (chat.File, error)
	File(ctx context.Context, conversation, id string) (chat.File, error)
}
