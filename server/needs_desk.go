package server

import (
	"context"

	"ombud/chat"
)

// DeskStore keeps what agents work with beside the conversations. Implemented by *storage.DB.
type DeskStore interface {
	CannedReplies(ctx context.Context) ([]chat.CannedReply, error)
	SaveCannedReply(ctx context.Context, r chat.CannedReply) error
	RemoveCannedReply(ctx context.Context, id string) error
}
