package storage

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
	sqlite3 "modernc.org/sqlite/lib"

	"ombud/chat"
)

// errJobs marks a refusal by the job queue, which concerns only the append whose jobs they are.
var errJobs = errors.New("job queue")

// statements are the texts and prepared forms of what every append needs.
type statements struct {
	lockConversations *sql.Stmt
	findPrior         *sql.Stmt
	insertEvents      *sql.Stmt // Postgres: all rows as arrays; SQLite: one row
	updateLive        *sql.Stmt // likewise
	saveConversations *sql.Stmt // likewise
	saveHandoff       string    // one row
	loadHandoffs      string
	countHeld         string
}

// lockAgents takes one advisory lock an agent, in one order for all transactions. It works for agents
// without a row as well; two agents whose hashes collide only wait for each other.
const lockAgents = `SELECT pg_advisory_xact_lock(1869440356, h)
	FROM (SELECT DISTINCT hashtext(a) AS h FROM unnest($1::text[]) AS a ORDER BY h) AS agents`

func (db *DB) prepare(ctx context.Context) error {
	d := db.dialect
	byID := ` WHERE id` + d.inList
	for _, p := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&db.stmts.lockConversations, `SELECT ` + list(conversationColumns) + ` FROM conversations` + byID + d.lockRows},
		{&db.stmts.findPrior, `SELECT ` + qualified("e", eventColumns) + ` FROM ` + d.clientKeys + ` WHERE e.client_id <> ''`},
		{&db.stmts.insertEvents, d.insertEvents()},
		{&db.stmts.updateLive, d.updateLive()},
		{&db.stmts.saveConversations, d.saveConversations()},
	} {
		stmt, err := db.commits.PrepareContext(ctx, db.commits.Rebind(p.text))
		if err != nil {
			return fmt.Errorf("%s: %w", p.text, err)
		}
		*p.to = stmt
	}
	db.stmts.loadHandoffs = db.commits.Rebind(`SELECT ` + list(handoffColumns) + ` FROM handoffs` + byID)
	db.stmts.countHeld = db.commits.Rebind(`SELECT agent, count(*) AS held FROM conversations
		WHERE owner = 'agent' AND agent` + d.inList + ` GROUP BY agent`)
	db.stmts.saveHandoff = db.commits.Rebind(`INSERT INTO handoffs (` + list(handoffColumns) + `) VALUES (` +
		places(len(handoffColumns)) + `) ON CONFLICT (id) DO UPDATE SET ` + excluded(handoffColumns))
	return nil
}

func (d dialect) insertEvents() string {
	into := `INSERT INTO events (stored_at, ` + list(eventColumns) + `) `
	if d.isPostgres() {
		return into + `SELECT ` + d.now + `, u.* FROM unnest(` + arrays(eventRow{}, eventColumns) + `) AS u`
	}
	return into + `VALUES (` + d.now + `, ` + places(len(eventColumns)) + `)`
}

// updateLive writes liveColumns of rows that exist; see liveChange.
func (d dialect) updateLive() string {
	if !d.isPostgres() {
		return `UPDATE conversations SET last_seq = ?2, visitor_seq = ?3, last_text = ?4, last_role = ?5,
			updated_at = ?6, turn_due = ?7 WHERE id = ?1`
	}
	return `UPDATE conversations AS c SET last_seq = u.last_seq, visitor_seq = u.visitor_seq, last_text = u.last_text,
			last_role = u.last_role, updated_at = u.updated_at, turn_due = u.turn_due
		FROM unnest(` + arrays(conversationRow{}, liveColumns) + `) AS u (` + list(liveColumns) + `) WHERE c.id = u.id`
}

func (d dialect) saveConversations() string {
	into := `INSERT INTO conversations (` + list(conversationColumns) + `) `
	update := ` ON CONFLICT (id) DO UPDATE SET ` + excluded(conversationColumns)
	if d.isPostgres() {
		return into + `SELECT * FROM unnest(` + arrays(conversationRow{}, conversationColumns) + `) AS u` + update
	}
	return into + `VALUES (` + places(len(conversationColumns)) + `)` + update
}

// arrays gives a typed array parameter for each of the columns.
func arrays[Row any](row Row, columns []string) string {
	types := map[string]string{}
	for i, v := range valuesOf(row) {
		types[columnsOf[Row]()[i]] = "?::text[]"
		if _, number := v.(int64); number {
			types[columnsOf[Row]()[i]] = "?::bigint[]"
		}
	}
	params := make([]string, len(columns))
	for i, c := range columns {
		params[i] = types[c]
	}
	return strings.Join(params, ", ")
}

func places(n int) string { return strings.TrimSuffix(strings.Repeat("?, ", n), ", ") }

// excluded overwrites every column but the first, which is the key.
func excluded(columns []string) string {
	sets := make([]string, 0, len(columns))
	for _, c := range columns[1:] {
		sets = append(sets, c+" = excluded."+c)
	}
	return strings.Join(sets, ", ")
}

// store writes what the batch decided: events, then the rows derived from them, then jobs.
func (b *batch) store(ctx context.Context) error {
	events := make([][]any, len(b.events))
	for i, e := range b.events {
		r := eventToRow(e)
		events[i] = []any{r.Conversation, r.Seq, r.Kind, r.Role, r.Sender, r.ClientID, r.At, r.Body}
	}
	if err := b.writeRows(ctx, b.db.stmts.insertEvents, events); err != nil {
		return fmt.Errorf("insert events: %w", err)
	}
	var live, whole [][]any
	for _, id := range slices.Sorted(maps.Keys(b.rows)) {
		row := b.rows[id]
		switch {
		case row.before == nil && row.now.LastSeq == 0, row.before != nil && row.before.LastSeq == row.now.LastSeq:
		case row.before != nil && liveChange(*row.before, row.now):
			c := row.now
			live = append(live, []any{
				c.ID, c.LastSeq, c.VisitorSeq, c.LastText, string(c.LastRole), toMicros(c.UpdatedAt), toMicros(c.TurnDue),
			})
		default:
			whole = append(whole, valuesOf(conversationToRow(row.now)))
		}
	}
	if err := b.writeRows(ctx, b.db.stmts.updateLive, live); err != nil {
		return fmt.Errorf("update conversations: %w", err)
	}
	if err := b.writeRows(ctx, b.db.stmts.saveConversations, whole); err != nil {
		return fmt.Errorf("save conversations: %w", err)
	}
	return b.storeRest(ctx)
}

func (b *batch) storeRest(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(b.handoffs)) {
		values := valuesOf(handoffToRow(storedHandoff(b.handoffs[id])))
		if _, err := b.tx.ExecContext(ctx, b.db.stmts.saveHandoff, values...); err != nil {
			return fmt.Errorf("save handoff %s: %w", id, err)
		}
	}
	if len(b.jobs) == 0 {
		return nil
	}
	enqueue := b.db.enqueue.Load()
	if enqueue == nil {
		return fmt.Errorf("store jobs: %w: the queue is gone", errJobs)
	}
	if err := (*enqueue)(ctx, b.tx.Tx, b.jobs); err != nil {
		return fmt.Errorf("store jobs: %w: %w", errJobs, err)
	}
	return nil
}

// liveChange reports whether only liveColumns differ, as after a message: by far the most frequent write.
func liveChange(before, after chat.Conversation) bool {
	before.LastSeq, before.VisitorSeq, before.LastText = after.LastSeq, after.VisitorSeq, after.LastText
	before.LastRole, before.UpdatedAt, before.TurnDue = after.LastRole, after.UpdatedAt, after.TurnDue
	return conversationToRow(before) == conversationToRow(after)
}

// writeRows runs a statement for all rows: once with arrays on Postgres, once a row on SQLite. All rows have
// the same types, string or int64, column by column.
func (b *batch) writeRows(ctx context.Context, prepared *sql.Stmt, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	stmt := b.stmt(ctx, prepared)
	if b.db.dialect.isPostgres() {
		_, err := stmt.ExecContext(ctx, columnArrays(rows)...)
		return err
	}
	for _, row := range rows {
		if _, err := stmt.ExecContext(ctx, row...); err != nil {
			return err
		}
	}
	return nil
}

// columnArrays turns rows into one array a column.
func columnArrays(rows [][]any) []any {
	columns := make([]any, len(rows[0]))
	for i, v := range rows[0] {
		if _, number := v.(int64); number {
			columns[i] = pq.Array(column[int64](rows, i))
		} else {
			columns[i] = pq.Array(column[string](rows, i))
		}
	}
	return columns
}

func column[T any](rows [][]any, i int) []T {
	values := make([]T, len(rows))
	for n, row := range rows {
		values[n] = row[i].(T)
	}
	return values
}

// refusedBatch reports whether the database itself refused the batch before its commit, on a connection
// that still lives, so that nothing is stored and trying again is safe and quick.
func (db *DB) refusedBatch(err error) bool {
	var committing *commitError
	if errors.As(err, &committing) {
		return false
	}
	var e *pq.Error
	if errors.As(err, &e) {
		return !e.Fatal() && e.Code != pqerror.QueryCanceled
	}
	return errors.Is(err, errJobs) || isSQLite(err, sqlite3.SQLITE_CONSTRAINT)
}
