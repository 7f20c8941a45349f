package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"ombud/chat"
)

type cannedRow struct {
	ID        string `db:"id"`
	Texts     string `db:"texts"`
	UpdatedAt int64  `db:"updated_at"`
	UpdatedBy string `db:"updated_by"`
}

func (r cannedRow) reply() (chat.CannedReply, error) {
	texts, err := decode[map[string]chat.CannedText](r.Texts)
	if err != nil {
		return chat.CannedReply{}, fmt.Errorf("read ready reply %s: %w", r.ID, err)
	}
	return chat.CannedReply{ID: r.ID, Texts: texts, UpdatedAt: fromMicros(r.UpdatedAt), UpdatedBy: r.UpdatedBy}, nil
}

// CannedReplies gives all ready replies in order of their ids. Admins keep their number small; see the server.
func (db *DB) CannedReplies(ctx context.Context) ([]chat.CannedReply, error) {
	rows, err := selectAll[cannedRow](ctx, db.read, "read ready replies", `SELECT `+list(columnsOf[cannedRow]())+`
		FROM canned_replies ORDER BY id`)
	return convertAll(rows, err, cannedRow.reply)
}

// SaveCannedReply stores a ready reply, new or changed.
func (db *DB) SaveCannedReply(ctx context.Context, r chat.CannedReply) error {
	texts, err := json.Marshal(r.Texts)
	if err != nil {
		return fmt.Errorf("save ready reply %s: %w", r.ID, err)
	}
	return save(ctx, db, "save ready reply "+r.ID, "canned_replies", cannedRow{
		ID: r.ID, Texts: string(texts), UpdatedAt: toMicros(r.UpdatedAt), UpdatedBy: r.UpdatedBy,
	})
}

// AddCannedReply stores a new ready reply; chat.ErrStale if one with its id is there, because somebody else was faster.
func (db *DB) AddCannedReply(ctx context.Context, r chat.CannedReply) error {
	what := "add ready reply " + r.ID
	texts, err := json.Marshal(r.Texts)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	n, err := db.exec(ctx, what, `INSERT INTO canned_replies (id, texts, updated_at, updated_by) VALUES (?, ?, ?, ?) ON CONFLICT (id) DO NOTHING`,
		r.ID, string(texts), toMicros(r.UpdatedAt), r.UpdatedBy)
	if err == nil && n == 0 {
		return fmt.Errorf("%s: %w", what, chat.ErrStale)
	}
	return err
}

// SwapCannedReply replaces a ready reply that was last changed at was, to the microsecond. It fails with chat.ErrStale if it was changed
// since, or is not there.
func (db *DB) SwapCannedReply(ctx context.Context, r chat.CannedReply, was time.Time) error {
	what := "change ready reply " + r.ID
	texts, err := json.Marshal(r.Texts)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	n, err := db.exec(ctx, what, `UPDATE canned_replies SET texts = ?, updated_at = ?, updated_by = ? WHERE id = ? AND updated_at = ?`,
		string(texts), toMicros(r.UpdatedAt), r.UpdatedBy, r.ID, toMicros(was))
	if err == nil && n == 0 {
		return fmt.Errorf("%s: %w", what, chat.ErrStale)
	}
	return err
}

// RemoveCannedReply takes a ready reply away; chat.ErrNotFound if there is none.
func (db *DB) RemoveCannedReply(ctx context.Context, id string) error {
	n, err := db.exec(ctx, "remove ready reply "+id, `DELETE FROM canned_replies WHERE id = ?`, id)
	if err == nil && n == 0 {
		return fmt.Errorf("remove ready reply %s: %w", id, chat.ErrNotFound)
	}
	return err
}
