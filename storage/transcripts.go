package storage

import (
	"context"
	"fmt"
	"time"

	"ombud/chat"
)

// AddTranscriptCode stores a code, and forgets those that no longer count. chat.ErrRateLimited: the visitor, or somebody for
// that address, has asked for as many as may be. Askers at the same moment may get one each more.
func (db *DB) AddTranscriptCode(ctx context.Context, c chat.TranscriptCode) error {
	at, day := toMicros(c.CreatedAt), toMicros(c.CreatedAt.Add(-chat.TranscriptRemembers))
	what := "add transcript code of " + c.Visitor
	if _, err := db.exec(ctx, what, `DELETE FROM transcript_codes WHERE created_at < ?`, day); err != nil {
		return err
	}
	n, err := db.exec(ctx, what, `INSERT INTO transcript_codes (id, visitor, conversation, email, hash, tries, created_at)
		SELECT ?, ?, ?, ?, ?, 0, CAST(? AS BIGINT)
		WHERE (SELECT COUNT(*) FROM transcript_codes WHERE visitor = ? AND created_at > ?) < ?
		AND (SELECT COUNT(*) FROM transcript_codes WHERE email = ? AND created_at > ?) < ?`,
		c.ID, c.Visitor, c.Conversation, c.Email, c.Hash, at,
		c.Visitor, toMicros(c.CreatedAt.Add(-time.Hour)), chat.TranscriptPerHour, c.Email, day, chat.TranscriptPerEmail)
	if err == nil && n == 0 {
		return fmt.Errorf("%s: %w", what, chat.ErrRateLimited)
	}
	return err
}

// TryTranscriptCode counts a try against the newest code that a visitor was sent for a conversation and an address, and gives
// it; chat.ErrNotFound if there is none that is still good.
func (db *DB) TryTranscriptCode(ctx context.Context, visitor, conversation, email string, now time.Time) (chat.TranscriptCode, error) {
	c := chat.TranscriptCode{Visitor: visitor, Conversation: conversation, Email: email}
	type row struct {
		ID        string `db:"id"`
		Hash      string `db:"hash"`
		CreatedAt int64  `db:"created_at"`
	}
	what := "try transcript code of " + visitor
	r, err := selectOne[row](ctx, db.read, what, `SELECT id, hash, created_at FROM transcript_codes
		WHERE visitor = ? AND conversation = ? AND email = ? AND created_at > ? ORDER BY created_at DESC LIMIT 1`,
		visitor, conversation, email, toMicros(now.Add(-chat.TranscriptCodeLife)))
	if err != nil {
		return c, err
	}
	n, err := db.exec(ctx, what, `UPDATE transcript_codes SET tries = tries + 1 WHERE id = ? AND tries < ?`, r.ID, chat.TranscriptTries)
	if err == nil && n == 0 {
		return c, fmt.Errorf("%s: %w", what, chat.ErrNotFound)
	}
	c.ID, c.Hash, c.CreatedAt = r.ID, r.Hash, fromMicros(r.CreatedAt)
	return c, err
}

// VoidTranscriptCode ends a code's use; it still counts as one that was asked for.
func (db *DB) VoidTranscriptCode(ctx context.Context, id string) error {
	_, err := db.exec(ctx, "void transcript code "+id, `UPDATE transcript_codes SET tries = ? WHERE id = ?`, chat.TranscriptTries, id)
	return err
}
