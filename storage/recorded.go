package storage

import (
	"context"
	"iter"
	"time"

	"ombud/chat"
)

// recordedPage is how many conversations are read at a time, with their events.
const recordedPage = 500

// Decisions gives the conversations begun at from or later and before to, in order of their beginning, each
// with the events that replay needs ([chat.Kind.Recorded]): what was assessed, decided and felt about it.
// The walk ends with the first error. Conversations begun meanwhile may or may not be part of it.
func (db *DB) Decisions(ctx context.Context, from, to time.Time) iter.Seq2[chat.RecordedConversation, error] {
	return func(yield func(chat.RecordedConversation, error) bool) {
		afterAt, afterID := toMicros(from), ""
		for {
			page, err := db.recorded(ctx, afterAt, afterID, toMicros(to))
			if err != nil {
				yield(chat.RecordedConversation{}, err)
				return
			}
			for _, r := range page {
				if !yield(r, nil) {
					return
				}
			}
			if len(page) < recordedPage {
				return
			}
			last := page[len(page)-1].Conversation
			afterAt, afterID = toMicros(last.CreatedAt), last.ID
		}
	}
}

// recorded reads the page that follows a conversation in order of (created_at, id).
func (db *DB) recorded(ctx context.Context, afterAt int64, afterID string, to int64) ([]chat.RecordedConversation, error) {
	rows, err := selectAll[conversationRow](ctx, db.slow, "read recorded conversations", selectConversations+`
		WHERE (created_at, id) > (?, ?) AND created_at < ? ORDER BY created_at, id LIMIT ?`, afterAt, afterID, to, recordedPage)
	if err != nil {
		return nil, err
	}
	page := make([]chat.RecordedConversation, len(rows))
	places, ids := make(map[string]int, len(rows)), make([]string, len(rows))
	for i, r := range rows {
		page[i].Conversation = r.conversation()
		places[r.ID], ids[i] = i, r.ID
	}
	events, err := selectAll[eventRow](ctx, db.slow, "read recorded events", `SELECT `+list(eventColumns)+` FROM events
		WHERE conversation`+db.dialect.inList+` AND kind NOT IN ('message', 'note', 'brief') ORDER BY conversation, seq`,
		db.dialect.listOf(ids))
	for _, r := range events {
		p := &page[places[r.Conversation]]
		p.Events = append(p.Events, r.event())
	}
	return page, err
}
