package server

import (
	"context"
	"encoding/json"
	"time"

	"ombud/chat"
)

// Care keeps what the company owes. Implemented by *care.Care.
type Care interface {
	Offer(ctx context.Context, who chat.User, conversation, clientID string, o chat.Offer) error
	AnswerOffer(ctx context.Context, who chat.Identity, conversation, clientID, id string, accept bool) error
	Promise(ctx context.Context, who chat.User, conversation, clientID string, p chat.Promise) error
	SettlePromise(ctx context.Context, who chat.User, conversation, clientID, id, state string, due time.Time) error
	Complain(ctx context.Context, by, conversation string) (chat.Complaint, error)
	Mails() bool
}

// Upkeep keeps what admins look after. Implemented by *storage.DB.
type Upkeep interface {
	// SwapSetting saves a setting if it still is what it was, nil for one that was never saved; else chat.ErrStale.
	SwapSetting(ctx context.Context, name string, was, value json.RawMessage) error
	Alerts(ctx context.Context, limit int) ([]chat.Alert, error)
	NoteAlert(ctx context.Context, id string, notice json.RawMessage) error
	Resolution(ctx context.Context, from, to, now time.Time) (chat.Resolution, error)
}

// DeadLetters are the timers and deliveries that were given up. Retry fails with chat.ErrNotFound.
type DeadLetters interface {
	Dead(ctx context.Context, limit int) ([]chat.DeadJob, error)
	Retry(ctx context.Context, id int64) error
}

// Transcripts keeps the codes by which the owner of an address confirms that a conversation may be sent there. Implemented by
// *storage.DB.
type Transcripts interface {
	// AddTranscriptCode fails with chat.ErrRateLimited where the visitor, or somebody for the address, asked too often.
	AddTranscriptCode(ctx context.Context, c chat.TranscriptCode) error
	// TryTranscriptCode counts a try, and gives the code that is to be told; chat.ErrNotFound if none is good.
	TryTranscriptCode(ctx context.Context, visitor, conversation, email string, now time.Time) (chat.TranscriptCode, error)
	VoidTranscriptCode(ctx context.Context, id string) error
}

// Pages says whose page a signed link opens, or fails with chat.ErrNotFound. Implemented by *care.Pages.
type Pages interface {
	Visitor(token string, now time.Time) (string, error)
}
