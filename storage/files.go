package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"ombud/chat"
)

type fileRow struct {
	ID           string `db:"id"`
	Conversation string `db:"conversation"`
	Role         string `db:"role"`
	Sender       string `db:"sender"`
	ClientID     string `db:"client_id"`
	Name         string `db:"name"`
	Type         string `db:"type"`
	Size         int64  `db:"size"`
	Width        int64  `db:"width"`
	Height       int64  `db:"height"`
	CreatedAt    int64  `db:"created_at"`
	TriedAt      int64  `db:"tried_at"` // when it was last sent; 0: an event tells of it
	Data         []byte `db:"data"`
}

func (r fileRow) file() (chat.File, error) {
	return chat.File{
		ID: r.ID, Conversation: r.Conversation, Role: chat.Role(r.Role), Sender: r.Sender, ClientID: r.ClientID, Name: r.Name, Type: r.Type,
		Size: int(r.Size), Width: int(r.Width), Height: int(r.Height), CreatedAt: fromMicros(r.CreatedAt), Data: r.Data,
	}, nil
}

var selectFiles = `SELECT ` + list(columnsOf[fileRow]()) + ` FROM files `

// AddFile stores a file, and gives it. A client id that its sender used before in this conversation gives the file stored then,
// as long as it has the same bytes; otherwise chat.ErrConflict. A file that would go beyond the quota is chat.ErrTooLarge. Two at
// the very same time may pass together: the quota keeps a disk from filling, it is no exact measure.
func (db *DB) AddFile(ctx context.Context, f chat.File, q chat.Quota) (chat.File, error) {
	what := "store file " + f.ID
	old, err := db.sentAgain(ctx, f)
	if err == nil || !errors.Is(err, chat.ErrNotFound) {
		return old, err
	}
	type used struct {
		Files int   `db:"files"`
		Bytes int64 `db:"bytes"`
	}
	have, err := selectOne[used](ctx, db.read, what, `SELECT count(*) AS files, CAST(coalesce(sum(size), 0) AS BIGINT) AS bytes
		FROM files WHERE conversation = ?`, f.Conversation)
	if err != nil {
		return chat.File{}, err
	}
	if have.Files >= q.Files || have.Bytes+int64(len(f.Data)) > q.Bytes {
		return chat.File{}, fmt.Errorf("%s: %d files of %d bytes in %s: %w", what, have.Files, have.Bytes, f.Conversation, chat.ErrTooLarge)
	}
	err = insert(ctx, db, what, "files", fileRow{
		ID: f.ID, Conversation: f.Conversation, Role: string(f.Role), Sender: f.Sender, ClientID: f.ClientID, Name: f.Name, Type: f.Type,
		Size: int64(f.Size), Width: int64(f.Width), Height: int64(f.Height), CreatedAt: toMicros(f.CreatedAt),
		TriedAt: toMicros(f.CreatedAt), Data: f.Data,
	})
	if errors.Is(err, chat.ErrExists) { // the same request, twice at once
		return db.sentAgain(ctx, f)
	}
	return f, err
}

// sentAgain gives the file that the same client id stored before. First it moves the time from which the file may be removed
// if nobody is told of it, so that the request that asks can still tell.
func (db *DB) sentAgain(ctx context.Context, f chat.File) (chat.File, error) {
	n, err := db.exec(ctx, "send file "+f.ClientID+" again", `UPDATE files SET tried_at = ? WHERE conversation = ? AND sender = ? AND client_id = ?`,
		toMicros(f.CreatedAt), f.Conversation, f.Sender, f.ClientID)
	if err == nil && n == 0 {
		err = fmt.Errorf("send file %s again: %w", f.ClientID, chat.ErrNotFound)
	}
	if err != nil {
		return chat.File{}, err
	}
	row, err := selectOne[fileRow](ctx, db.write, "read file "+f.ClientID, selectFiles+`WHERE conversation = ? AND sender = ? AND client_id = ?`,
		f.Conversation, f.Sender, f.ClientID)
	if err != nil {
		return chat.File{}, err
	}
	if row.Type != f.Type || !bytes.Equal(row.Data, f.Data) {
		return chat.File{}, fmt.Errorf("store file %s again: %w", f.ClientID, chat.ErrConflict)
	}
	return row.file()
}

// File reads a file of a conversation; chat.ErrNotFound if that conversation has none by that id.
func (db *DB) File(ctx context.Context, conversation, id string) (chat.File, error) {
	row, err := selectOne[fileRow](ctx, db.read, "read file "+id, selectFiles+`WHERE id = ? AND conversation = ?`, id, conversation)
	return orZero(row, err, fileRow.file)
}

// RemoveUntoldFiles looks at up to limit files that were last sent before that time: those that no event tells of are removed, the
// others need not be looked at again. It says how many were looked at and how many removed.
func (db *DB) RemoveUntoldFiles(ctx context.Context, before time.Time, limit int) (looked, removed int64, err error) {
	ids, err := selectAll[string](ctx, db.read, "list files to look at", `SELECT id FROM files
		WHERE tried_at > 0 AND tried_at < ? ORDER BY tried_at LIMIT ?`, toMicros(before), limit)
	if err != nil {
		return 0, 0, err
	}
	const told = `EXISTS (SELECT 1 FROM events WHERE events.conversation = files.conversation AND events.sender = files.sender
		AND events.client_id = files.client_id AND events.kind = 'file')`
	for _, id := range ids {
		looked++
		n, err := db.exec(ctx, "remove file "+id, `DELETE FROM files WHERE id = ? AND tried_at > 0 AND tried_at < ? AND NOT `+told, id, toMicros(before))
		if removed += n; err == nil && n == 0 {
			_, err = db.exec(ctx, "settle file "+id, `UPDATE files SET tried_at = 0 WHERE id = ? AND tried_at < ? AND `+told, id, toMicros(before))
		}
		if err != nil {
			return looked, removed, err
		}
	}
	return looked, removed, nil
}
