package server

import (
	"context"
	"time"

	"ombud/chat"
)

// CannedStore keeps the ready replies. Implemented by *storage.DB, like the next two.
type CannedStore interface {
	CannedReplies(ctx context.Context) ([]chat.CannedReply, error)
	SaveCannedReply(ctx context.Context, r chat.CannedReply) error
	// AddCannedReply stores a new one; chat.ErrStale if one with its id is there.
	AddCannedReply(ctx context.Context, r chat.CannedReply) error
	// SwapCannedReply replaces the one that was last changed at was; chat.ErrStale if there is none.
	SwapCannedReply(ctx context.Context, r chat.CannedReply, was time.Time) error
	RemoveCannedReply(ctx context.Context, id string) error
}

// Searcher finds conversations.
type Searcher interface {
	Search(ctx context.Context, q chat.Search) (chat.Found, error)
}

// Tally counts the day for the wall.
type Tally interface {
	ConversationsByHour(ctx context.Context, since time.Time) ([]chat.HourCount, error)
	RecentWaits(ctx context.Context, since time.Time) ([]chat.Wait, error)
}

// DeskStore is what agents work with beside the conversations.
type DeskStore interface {
	CannedStore
	Searcher
	Tally
}
