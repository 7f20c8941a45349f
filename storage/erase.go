package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"ombud/chat"
)

// emptyLogWithin is how long a scrub tries to empty the log.
const emptyLogWithin = 10 * time.Second

// EraseVisitor removes who a visitor was, and what they and others wrote in their conversations: it notes the erasure, so that they begin
// nothing any more, then it removes the visitor and their devices' tokens, so that nobody comes back as them, then the words of the
// conversations one by one. What stays is in chat.Erase. It gives the number of conversations; chat.ErrNotFound if there are none, nor a
// visitor. One that failed half way is finished by doing it again. Words that are on their way meanwhile are erased with the rest, or
// refused with chat.ErrClosed. The audit log says that it was done.
func (db *DB) EraseVisitor(ctx context.Context, visitor string, why chat.Erasure, at time.Time) (int, error) {
	what := "erase visitor " + visitor
	if err := db.forgetVisitor(ctx, what, visitor, why, at); err != nil {
		return 0, err
	}
	ids, err := selectAll[string](ctx, db.write, what, `SELECT id FROM conversations WHERE visitor = ? ORDER BY created_at`, visitor)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		if err := db.eraseConversation(ctx, id, why, at); err != nil {
			return 0, fmt.Errorf("%s: %w", what, err)
		}
	}
	detail, err := json.Marshal(map[string]any{"conversations": len(ids), "why": why.Why})
	if err == nil {
		err = db.Audit(ctx, chat.AuditEntry{At: at, By: why.By, What: "visitor.erase", Object: visitor, Detail: detail})
	}
	if err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	return len(ids), nil
}

// forgetVisitor notes the erasure, then removes the visitor and their tokens. The order counts: the removal waits for whoever is beginning
// a conversation as them (see loadErased), so what was begun without a look at the note is stored when this returns.
func (db *DB) forgetVisitor(ctx context.Context, what, visitor string, why chat.Erasure, at time.Time) error {
	traces, err := selectOne[int](ctx, db.write, what, `SELECT (SELECT count(*) FROM visitors WHERE id = ?)
		+ (SELECT count(*) FROM visitor_tokens WHERE visitor = ?) + (SELECT count(*) FROM conversations WHERE visitor = ?)`, visitor, visitor, visitor)
	if err != nil {
		return err
	}
	if traces == 0 {
		return fmt.Errorf("%s: %w", what, chat.ErrNotFound)
	}
	_, err = db.exec(ctx, what, `INSERT INTO erasures (visitor, by_id, why, at) VALUES (?, ?, ?, ?) ON CONFLICT (visitor) DO NOTHING`,
		visitor, why.By, why.Why, toMicros(at))
	if err == nil {
		_, err = db.exec(ctx, what, `DELETE FROM visitors WHERE id = ?`, visitor)
	}
	if err == nil {
		_, err = db.exec(ctx, what, `DELETE FROM visitor_tokens WHERE visitor = ?`, visitor)
	}
	return err
}

// wordsOf reports whether events can hold what a visitor said or who they are. What agents write about an erased conversation is theirs to
// write; what the system notes holds no words.
func wordsOf(events []chat.Event) bool {
	return slices.ContainsFunc(events, func(e chat.Event) bool {
		return e.Role == chat.RoleVisitor || e.Role == chat.RoleBot || e.Kind == chat.KindVisitorIdentified
	})
}

// wordsFrom gives the visitor whose words an append brings into a new conversation or into a closed one, "" if it brings none.
func (b *batch) wordsFrom(a chat.Append) string {
	if a.Events[0].Kind == chat.KindOpened {
		var o chat.Opened
		_ = json.Unmarshal(a.Events[0].Body, &o) // what cannot be read chat.Apply refuses
		return o.Visitor
	}
	if before := b.rows[a.Conversation].before; before != nil && before.Owner == chat.OwnerClosed && wordsOf(a.Events) {
		return before.Visitor
	}
	return ""
}

// loadErased finds out whose conversations take no words any more, and who may begin none. An erasure first notes the visitor. Then it
// removes them, which waits for the lock on them that is taken here, and closes every conversation, under the lock that this transaction
// holds. So whoever does not see the note is before the erasure, which then takes their words along. SQLite has one writer at a time.
func (b *batch) loadErased(ctx context.Context, requests []*request) error {
	var visitors []string
	for _, r := range requests {
		if v := b.wordsFrom(r.append); v != "" {
			visitors = append(visitors, v)
		}
	}
	if len(visitors) == 0 {
		return nil
	}
	these := b.db.dialect.listOf(visitors)
	if b.db.dialect.isPostgres() {
		if _, err := b.tx.ExecContext(ctx, b.db.stmts.holdVisitors, these); err != nil {
			return fmt.Errorf("hold visitors: %w", err)
		}
	}
	var erased []string
	if err := b.tx.SelectContext(ctx, &erased, b.db.stmts.findErased, these); err != nil {
		return fmt.Errorf("look for erased visitors: %w", err)
	}
	b.erased = make(map[string]bool, len(erased))
	for _, v := range erased {
		b.erased[v] = true
	}
	return nil
}

// Erasures gives the ids of all visitors who were erased, oldest first. Kept beside the backups, it tells whom to erase again.
func (db *DB) Erasures(ctx context.Context) ([]string, error) {
	return selectAll[string](ctx, db.slow, "list erasures", `SELECT visitor FROM erasures ORDER BY at, visitor`)
}

// Returned gives up to limit visitors who were erased and are there again, or have a conversation that is not closed: a backup was put
// back, or somebody without a row of their own began it while they were erased.
func (db *DB) Returned(ctx context.Context, limit int) ([]string, error) {
	return selectAll[string](ctx, db.slow, "look for erased visitors", `SELECT e.visitor FROM erasures e
		WHERE EXISTS (SELECT 1 FROM visitors v WHERE v.id = e.visitor)
		OR EXISTS (SELECT 1 FROM conversations c WHERE c.visitor = e.visitor AND c.owner <> 'closed') ORDER BY e.at, e.visitor LIMIT ?`, limit)
}

// Outdated gives up to limit visitors who came before that time and in whose conversations, all of them closed, nothing has happened
// since, those first who came first.
func (db *DB) Outdated(ctx context.Context, before time.Time, limit int) ([]string, error) {
	return selectAll[string](ctx, db.slow, "look for outdated visitors", `SELECT v.id FROM visitors v WHERE v.created_at < ?
		AND NOT EXISTS (SELECT 1 FROM conversations c WHERE c.visitor = v.id AND (c.updated_at >= ? OR c.owner <> 'closed'))
		ORDER BY v.created_at LIMIT ?`, toMicros(before), toMicros(before), limit)
}

// textsOf finds a conversation's texts by the times of its events: an index by conversation would cost every message a page, for erasures alone.
// CROSS JOIN keeps SQLite from going through all texts.
const textsOf = `SELECT t.id FROM events e CROSS JOIN search_texts t WHERE e.conversation = ? AND t.at = e.at AND t.conversation = e.conversation AND t.seq = e.seq`

// eraseConversation rewrites one log, and what was derived from it, in one transaction. It closes a conversation that is open.
func (db *DB) eraseConversation(ctx context.Context, id string, why chat.Erasure, at time.Time) error {
	tx, err := db.write.BeginTxx(ctx, nil)
	if err != nil {
		return unavailable(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing, and else the error before it counts
	var lastSeq int64
	query := `SELECT last_seq FROM conversations WHERE id = ?`
	if db.dialect.isPostgres() {
		query += ` FOR UPDATE`
	}
	if err := tx.GetContext(ctx, &lastSeq, tx.Rebind(query), id); err != nil {
		return unavailable(fmt.Errorf("lock %s: %w", id, err))
	}
	events, err := eraseEvents(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := db.endErased(ctx, tx, id, events, why, at); err != nil {
		return err
	}
	removals := []string{`DELETE FROM search_texts WHERE id IN (` + textsOf + `)`, `DELETE FROM took_part WHERE conversation = ?`, `DELETE FROM files WHERE conversation = ?`}
	if !db.dialect.isPostgres() {
		removals = append([]string{`DELETE FROM search_words WHERE rowid IN (` + textsOf + `)`}, removals...)
	}
	for _, query := range removals {
		if _, err := tx.ExecContext(ctx, tx.Rebind(query), id); err != nil {
			return unavailable(fmt.Errorf("erase %s: %w", id, err))
		}
	}
	if err := tx.Commit(); err != nil {
		return unavailable(fmt.Errorf("erase %s: %w", id, err))
	}
	return nil
}

// eraseEvents writes what chat.Erase leaves of a log, and gives it.
func eraseEvents(ctx context.Context, tx *sqlx.Tx, id string) ([]chat.Event, error) {
	var rows []eventRow
	if err := tx.SelectContext(ctx, &rows, tx.Rebind(`SELECT `+list(eventColumns)+` FROM events WHERE conversation = ? ORDER BY seq`), id); err != nil {
		return nil, unavailable(fmt.Errorf("read the log of %s: %w", id, err))
	}
	events := make([]chat.Event, len(rows))
	for i, row := range rows {
		e, err := chat.Erase(row.event())
		if err != nil {
			return nil, err
		}
		if _, err := tx.ExecContext(ctx, tx.Rebind(`UPDATE events SET body = ?, client_id = ? WHERE conversation = ? AND seq = ?`),
			string(e.Body), e.ClientID, id, e.Seq); err != nil {
			return nil, unavailable(fmt.Errorf("erase event %d of %s: %w", e.Seq, id, err))
		}
		events[i] = e
	}
	return events, nil
}

// endErased closes the log, if it is open, and notes the erasure at its end: so the seq goes up, by which every node that remembers
// the conversation learns that it is not what it was. Then it derives the rows anew.
func (db *DB) endErased(ctx context.Context, tx *sqlx.Tx, id string, events []chat.Event, why chat.Erasure, at time.Time) error {
	if n := len(events); n > 0 && events[n-1].Kind == chat.KindErased {
		return nil // and nothing was said since
	}
	c, _, err := derived(events)
	if err != nil {
		return err
	}
	closed, err := json.Marshal(chat.Closed{})
	if err != nil {
		return fmt.Errorf("encode the end of %s: %w", id, err)
	}
	erased, err := json.Marshal(why)
	if err != nil {
		return fmt.Errorf("encode the end of %s: %w", id, err)
	}
	ends := []chat.Event{{Kind: chat.KindErased, Body: erased}}
	if c.Owner != chat.OwnerClosed {
		ends = append([]chat.Event{{Kind: chat.KindClosed, Body: closed}}, ends...)
	}
	insert := `INSERT INTO events (` + list(eventColumns) + `, stored_at) VALUES (` + places(len(eventColumns)) + `, ` + db.dialect.now + `)`
	for i := range ends {
		e := &ends[i]
		e.Conversation, e.Seq, e.Role, e.At = id, c.LastSeq+1+int64(i), chat.RoleSystem, truncate(at)
		r := eventToRow(*e)
		if _, err := tx.ExecContext(ctx, tx.Rebind(insert), r.Conversation, r.Seq, r.Kind, r.Role, r.Sender, r.ClientID, r.At, r.Body); err != nil {
			return unavailable(fmt.Errorf("end %s: %w", id, err))
		}
	}
	c, handoffs, err := derived(append(events, ends...))
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, tx.Rebind(`INSERT INTO conversations (`+list(conversationColumns)+`) VALUES (`+places(len(conversationColumns))+`)
		ON CONFLICT (id) DO UPDATE SET `+excluded(conversationColumns)), valuesOf(conversationToRow(c))...); err != nil {
		return unavailable(fmt.Errorf("save %s: %w", id, err))
	}
	for _, h := range handoffs {
		if _, err := tx.ExecContext(ctx, db.stmts.saveHandoff, valuesOf(handoffToRow(h))...); err != nil {
			return unavailable(fmt.Errorf("save handoff %s: %w", h.ID, err))
		}
	}
	return nil
}

// Scrub has the database forget what it has deleted: until then, words may stand in pages that are free and in an index that was not
// merged yet. Writers wait while it runs. chat.ErrUnavailable if SQLite's log could not be emptied, since somebody else kept
// reading: words may still stand there.
func (db *DB) Scrub(ctx context.Context) error {
	all := []string{`INSERT INTO search_words(search_words) VALUES ('optimize')`, `VACUUM`}
	if db.dialect.isPostgres() {
		all = []string{`VACUUM events, conversations, search_texts, visitors, visitor_tokens, files`}
	}
	for _, query := range all {
		if _, err := db.write.ExecContext(ctx, query); err != nil {
			return unavailable(fmt.Errorf("scrub: %s: %w", query, err))
		}
	}
	if db.dialect.isPostgres() {
		return nil
	}
	return db.emptyLog(ctx)
}

// emptyLog cuts SQLite's log, in which words stand as they were. Whoever checkpoints meanwhile, or reads what is old, keeps it from that.
func (db *DB) emptyLog(ctx context.Context) error {
	for end := time.Now().Add(emptyLogWithin); ; {
		r, err := db.checkpointBy(ctx, db.write, "TRUNCATE")
		switch {
		case err != nil:
		case !r.Busy:
			return nil
		case time.Now().After(end):
			err = errors.New("the log still holds words, since somebody reads or checkpoints: scrub again later")
		default:
			err = pause(ctx, busyPause)
		}
		if err != nil {
			return unavailable(fmt.Errorf("scrub: %w", err))
		}
	}
}
