package storage

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"

	"ombud/chat"
)

var selectConversations = `SELECT ` + list(conversationColumns) + ` FROM conversations `

// selectAll reads rows with ? parameters.
func selectAll[Row any](ctx context.Context, pool *sqlx.DB, what, query string, args ...any) ([]Row, error) {
	var rows []Row
	if !plainArgs(args) {
		return nil, nil
	}
	if err := pool.SelectContext(ctx, &rows, pool.Rebind(query), args...); err != nil {
		return nil, unavailable(fmt.Errorf("%s: %w", what, err))
	}
	return rows, nil
}

// selectOne reads one row, or fails with chat.ErrNotFound.
func selectOne[Row any](ctx context.Context, pool *sqlx.DB, what, query string, args ...any) (Row, error) {
	var row Row
	if !plainArgs(args) {
		return row, fmt.Errorf("%s: %w", what, chat.ErrNotFound)
	}
	err := pool.GetContext(ctx, &row, pool.Rebind(query), args...)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return row, fmt.Errorf("%s: %w", what, chat.ErrNotFound)
	case err != nil:
		return row, unavailable(fmt.Errorf("%s: %w", what, err))
	}
	return row, nil
}

// plainArgs reports whether a row could match: Postgres would refuse the question where SQLite finds nothing.
func plainArgs(args []any) bool {
	for _, arg := range args {
		if text, ok := arg.(string); ok && plain("", text) != nil {
			return false
		}
	}
	return true
}

func (db *DB) conversations(ctx context.Context, what, where string, args ...any) ([]chat.Conversation, error) {
	rows, err := selectAll[conversationRow](ctx, db.read, what, selectConversations+where, args...)
	return conversationsOf(rows), err
}

// Conversation reads one conversation; chat.ErrNotFound if there is none.
func (db *DB) Conversation(ctx context.Context, id string) (chat.Conversation, error) {
	row, err := selectOne[conversationRow](ctx, db.read, "read conversation "+id, selectConversations+`WHERE id = ?`, id)
	return row.conversation(), err
}

// Conversations reads those of the conversations that there are, in no order.
func (db *DB) Conversations(ctx context.Context, ids []string) ([]chat.Conversation, error) {
	return db.conversations(ctx, "read conversations", `WHERE id`+db.dialect.inList, db.dialect.listOf(ids))
}

// Events reads up to limit events of a conversation with seq > since, in order. An unknown conversation
// has none.
func (db *DB) Events(ctx context.Context, conversation string, since int64, limit int) ([]chat.Event, error) {
	rows, err := selectAll[eventRow](ctx, db.read, "read events of "+conversation, `SELECT `+list(eventColumns)+`
		FROM events WHERE conversation = ? AND seq > ? ORDER BY seq LIMIT ?`, conversation, since, limit)
	return eventsOf(rows), err
}

// DueTurns gives up to limit conversations whose bot's turn was due at before or earlier, longest due first.
func (db *DB) DueTurns(ctx context.Context, before time.Time, limit int) ([]string, error) {
	return selectAll[string](ctx, db.read, "read due turns", `SELECT id FROM conversations
		WHERE turn_due > 0 AND turn_due <= ? AND owner = 'bot' ORDER BY turn_due LIMIT ?`, toMicros(before), limit)
}

// Time gives the database's time, which all nodes share.
func (db *DB) Time(ctx context.Context) (time.Time, error) {
	now, err := selectOne[int64](ctx, db.read, "read the time", `SELECT `+db.dialect.now)
	return fromMicros(now), err
}

// DueClocks gives up to limit conversations whose clock is to be looked at, longest due first. The database's clock
// judges, not the node's: a node whose time is wrong fires nothing early.
func (db *DB) DueClocks(ctx context.Context, limit int) ([]chat.Conversation, error) {
	return db.conversations(ctx, "read due clocks",
		`WHERE clock_at > 0 AND clock_at <= `+db.dialect.now+` ORDER BY clock_at LIMIT ?`, limit)
}

// changedSince gives conversations with the time of their latest event. It picks the events before it groups them: left the choice, SQLite went
// through all that was ever stored, in the order of the groups.
const changedSince = `WITH fresh AS MATERIALIZED (SELECT conversation, stored_at FROM events WHERE stored_at > ?)
	SELECT conversation, max(stored_at) AS latest FROM fresh GROUP BY conversation`

// ChangedSince gives up to limit conversations to which events were stored after t by the database's clock,
// in that order, with StoredAt set to when the last one was.
//
// An event's stored_at is taken shortly before its commit. Whoever polls should therefore ask again from
// a few seconds before the latest StoredAt seen, and expect conversations twice.
func (db *DB) ChangedSince(ctx context.Context, t time.Time, limit int) ([]chat.Conversation, error) {
	type changedRow struct {
		conversationRow
		StoredAt int64 `db:"latest"`
	}
	rows, err := selectAll[changedRow](ctx, db.read, "read changed conversations", `SELECT x.latest, `+
		qualified("c", conversationColumns)+` FROM (`+changedSince+` ORDER BY latest, conversation LIMIT ?) AS x
		JOIN conversations c ON c.id = x.conversation ORDER BY x.latest, c.id`, toMicros(t), limit)
	cs := make([]chat.Conversation, len(rows))
	for i, r := range rows {
		cs[i] = r.conversation()
		cs[i].StoredAt = fromMicros(r.StoredAt)
	}
	return cs, err
}

// Queue gives all that wait for a person: the queue and the tickets, longest waiting first.
func (db *DB) Queue(ctx context.Context) ([]chat.Conversation, error) {
	return db.conversations(ctx, "read queue", `WHERE owner IN ('queue', 'ticket') ORDER BY requested_at, id`)
}

// HeldBy gives what one agent holds, longest held first.
func (db *DB) HeldBy(ctx context.Context, agent string) ([]chat.Conversation, error) {
	return db.conversations(ctx, "read chats of "+agent,
		`WHERE owner = 'agent' AND agent = ? ORDER BY claimed_at, id`, agent)
}

// Held gives what all agents hold, longest held first.
func (db *DB) Held(ctx context.Context) ([]chat.Conversation, error) {
	return db.conversations(ctx, "read held chats", `WHERE owner = 'agent' ORDER BY claimed_at, id`)
}

// LatestConversation gives a visitor's newest conversation; chat.ErrNotFound if there is none.
func (db *DB) LatestConversation(ctx context.Context, visitor string) (chat.Conversation, error) {
	cs, err := db.VisitorConversations(ctx, visitor, 1)
	if err != nil {
		return chat.Conversation{}, err
	}
	if len(cs) == 0 {
		return chat.Conversation{}, fmt.Errorf("read conversation of visitor %s: %w", visitor, chat.ErrNotFound)
	}
	return cs[0], nil
}

// VisitorConversations gives up to limit conversations of a visitor, newest first.
func (db *DB) VisitorConversations(ctx context.Context, visitor string, limit int) ([]chat.Conversation, error) {
	return db.conversations(ctx, "read conversations of visitor "+visitor,
		`WHERE visitor = ? ORDER BY created_at DESC, id DESC LIMIT ?`, visitor, limit)
}

// Handoffs gives the handoffs of a conversation, first one first.
func (db *DB) Handoffs(ctx context.Context, conversation string) ([]chat.HandoffRecord, error) {
	rows, err := selectAll[handoffRow](ctx, db.read, "read handoffs of "+conversation, `SELECT `+list(handoffColumns)+`
		FROM handoffs WHERE conversation = ? ORDER BY requested_at, id`, conversation)
	hs := make([]chat.HandoffRecord, len(rows))
	for i, r := range rows {
		hs[i] = r.record()
	}
	return hs, err
}

// HandoffsBetween gives up to limit handoffs that were asked for at from or later and before to, first one first.
func (db *DB) HandoffsBetween(ctx context.Context, from, to time.Time, limit int) ([]chat.HandoffRecord, error) {
	rows, err := selectAll[handoffRow](ctx, db.slow, "read handoffs of a period", `SELECT `+list(handoffColumns)+`
		FROM handoffs WHERE requested_at >= ? AND requested_at < ? ORDER BY requested_at, id LIMIT ?`, toMicros(from), toMicros(to), limit)
	hs := make([]chat.HandoffRecord, len(rows))
	for i, r := range rows {
		hs[i] = r.record()
	}
	return hs, err
}

// RecentWaits gives how long the handoffs waited that were first claimed at since or later, oldest claim first.
func (db *DB) RecentWaits(ctx context.Context, since time.Time) ([]chat.Wait, error) {
	rows, err := selectAll[handoffRow](ctx, db.read, "read recent waits", `SELECT skill, level, requested_at, claimed_at
		FROM handoffs WHERE claimed_at > 0 AND claimed_at >= ? ORDER BY claimed_at, id`, toMicros(since))
	waits := make([]chat.Wait, len(rows))
	for i, r := range rows {
		waits[i] = chat.Wait{
			Skill: r.Skill, Level: int(r.Level), At: fromMicros(r.ClaimedAt),
			Waited: time.Duration(r.ClaimedAt-r.RequestedAt) * time.Microsecond,
		}
	}
	return waits, err
}

// EstimatedWaits gives the handoffs that were first claimed at since or later and had a wait announced, with the wait
// that came true, oldest claim first.
func (db *DB) EstimatedWaits(ctx context.Context, since time.Time) ([]chat.EstimatedWait, error) {
	type estimatedRow struct {
		ID          string `db:"id"`
		RequestedAt int64  `db:"requested_at"`
		ClaimedAt   int64  `db:"claimed_at"`
		Body        string `db:"body"`
	}
	rows, err := selectAll[estimatedRow](ctx, db.slow, "read estimated waits", `SELECT h.id, h.requested_at, h.claimed_at,
		e.body FROM handoffs h JOIN events e ON e.conversation = h.conversation AND e.kind = 'handoff_requested'
		AND e.at = h.requested_at WHERE h.claimed_at > 0 AND h.claimed_at >= ? ORDER BY h.claimed_at, h.id`, toMicros(since))
	var waits []chat.EstimatedWait
	for _, r := range rows {
		var asked chat.Handoff
		if err := json.Unmarshal([]byte(r.Body), &asked); err != nil {
			return nil, fmt.Errorf("read estimate of handoff %s: %w", r.ID, err)
		}
		if asked.ID == r.ID && asked.Estimate != nil {
			waits = append(waits, chat.EstimatedWait{
				Minutes: *asked.Estimate, Waited: time.Duration(r.ClaimedAt-r.RequestedAt) * time.Microsecond,
			})
		}
	}
	return waits, err
}
