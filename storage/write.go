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
	readConversations *sql.Stmt
	findPrior         *sql.Stmt
	insertEvents      writing
	updateLive        writing
	saveConversations writing
	index             indexing
	saveHandoff       string // one row
	loadHandoffs      string
	countHeld         string
	findErased        string
	holdVisitors      string // Postgres only
}

// writing is a statement that writes many rows. Postgres takes them all at once, one array a column; SQLite
// takes them as long lists of values, for which there is one statement a size.
type writing struct {
	arrays *sql.Stmt
	sized  map[int]*sql.Stmt
}

// rowsAtOnce are the sizes, largest first, into which SQLite's rows are cut.
var rowsAtOnce = []int{128, 32, 8, 1}

// lockAgents takes one advisory lock an agent, in one order for all transactions. It works for agents
// without a row as well; two agents whose hashes collide only wait for each other.
const lockAgents = `SELECT pg_advisory_xact_lock(1869440356, h)
	FROM (SELECT DISTINCT hashtext(a) AS h FROM unnest($1::text[]) AS a ORDER BY h) AS agents`

func (db *DB) prepare(ctx context.Context) error {
	d, byID := db.dialect, ` WHERE id`+db.dialect.inList
	for _, p := range []struct {
		to   **sql.Stmt
		text string
	}{
		{&db.stmts.lockConversations, `SELECT id, last_seq, updated_at FROM conversations` + byID + d.lockRows},
		{&db.stmts.readConversations, selectConversations + byID},
		{&db.stmts.findPrior, `SELECT ` + qualified("e", eventColumns) + ` FROM ` + d.clientKeys + ` WHERE e.client_id <> ''`},
	} {
		if err := db.prepareOne(ctx, p.to, p.text); err != nil {
			return err
		}
	}
	for _, p := range []struct {
		to   *writing
		text func(source string) string
		row  []any
	}{
		{&db.stmts.insertEvents, d.insertEvents, valuesOf(eventRow{})},
		{&db.stmts.updateLive, d.updateLive, liveValues(chat.Conversation{})},
		{&db.stmts.saveConversations, saveConversations, valuesOf(conversationRow{})},
	} {
		if err := db.prepareWriting(ctx, p.to, p.text, p.row); err != nil {
			return err
		}
	}
	if err := db.prepareIndexing(ctx); err != nil {
		return err
	}
	db.stmts.loadHandoffs = db.commits.Rebind(`SELECT ` + list(handoffColumns) + ` FROM handoffs` + byID)
	db.stmts.countHeld = db.commits.Rebind(`SELECT agent, count(*) AS held FROM conversations
		WHERE owner = 'agent' AND agent` + d.inList + ` GROUP BY agent`)
	db.stmts.findErased = db.commits.Rebind(`SELECT visitor FROM erasures WHERE visitor` + d.inList)
	db.stmts.holdVisitors = db.commits.Rebind(`SELECT 1 FROM visitors WHERE id` + d.inList + ` ORDER BY id FOR KEY SHARE`)
	db.stmts.saveHandoff = db.commits.Rebind(`INSERT INTO handoffs (` + list(handoffColumns) + `) VALUES (` +
		places(len(handoffColumns)) + `) ON CONFLICT (id) DO UPDATE SET ` + excluded(handoffColumns))
	return nil
}

func (db *DB) prepareOne(ctx context.Context, to **sql.Stmt, text string) (err error) {
	if *to, err = db.commits.PrepareContext(ctx, db.commits.Rebind(text)); err != nil {
		return fmt.Errorf("%s: %w", text, err)
	}
	return nil
}

// prepareWriting prepares a statement that reads its rows from a source with columns column1, column2 and so on.
func (db *DB) prepareWriting(ctx context.Context, to *writing, text func(source string) string, row []any) error {
	names := make([]string, len(row))
	for i := range names {
		names[i] = fmt.Sprintf("column%d", i+1)
	}
	if db.dialect.isPostgres() {
		return db.prepareOne(ctx, &to.arrays, text(`unnest(`+arrays(row)+`) AS u (`+list(names)+`)`))
	}
	to.sized = map[int]*sql.Stmt{}
	for _, size := range rowsAtOnce {
		values := strings.TrimSuffix(strings.Repeat(`(`+places(len(row))+`), `, size), ", ")
		var stmt *sql.Stmt
		if err := db.prepareOne(ctx, &stmt, text(`(VALUES `+values+`) AS u`)); err != nil {
			return err
		}
		to.sized[size] = stmt
	}
	return nil
}

// orFail has SQLite keep nothing by which it could undo this statement alone: whoever fails rolls back the transaction. Postgres never does.
func (d dialect) orFail(verb string) string {
	if d.isPostgres() {
		return verb
	}
	return verb + ` OR FAIL`
}

func (d dialect) insertEvents(source string) string {
	return d.orFail(`INSERT`) + ` INTO events (` + list(eventColumns) + `, stored_at) SELECT u.*, ` + d.now + ` FROM ` + source
}

func saveConversations(source string) string {
	// WHERE true: without it, SQLite would read ON as part of a join.
	return `INSERT INTO conversations (` + list(conversationColumns) + `) SELECT u.* FROM ` + source +
		` WHERE true ON CONFLICT (id) DO UPDATE SET ` + excluded(conversationColumns)
}

// updateLive writes liveValues of rows that exist.
func (d dialect) updateLive(source string) string {
	return d.orFail(`UPDATE`) + ` conversations SET last_seq = u.column2, visitor_seq = u.column3, last_text = u.column4,
		last_role = u.column5, updated_at = u.column6, turn_due = u.column7 FROM ` + source + ` WHERE id = u.column1`
}

// liveValues are the id and all that a message changes; see liveChange.
func liveValues(c chat.Conversation) []any {
	return []any{
		c.ID, c.LastSeq, c.VisitorSeq, c.LastText, string(c.LastRole), toMicros(c.UpdatedAt), toMicros(c.TurnDue),
	}
}

// arrays gives a typed array parameter for each of a row's values.
func arrays(row []any) string {
	params := make([]string, len(row))
	for i, v := range row {
		params[i] = "?::text[]"
		if _, number := v.(int64); number {
			params[i] = "?::bigint[]"
		}
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
	if err := b.write(ctx, b.db.stmts.insertEvents, events); err != nil {
		return fmt.Errorf("insert events: %w", err)
	}
	var live, whole [][]any
	for _, id := range slices.Sorted(maps.Keys(b.rows)) {
		row := b.rows[id]
		switch {
		case row.before == nil && row.now.LastSeq == 0, row.before != nil && row.before.LastSeq == row.now.LastSeq:
		case row.before != nil && liveChange(*row.before, row.now):
			live = append(live, liveValues(row.now))
		default:
			whole = append(whole, valuesOf(conversationToRow(row.now)))
		}
	}
	if err := b.write(ctx, b.db.stmts.updateLive, live); err != nil {
		return fmt.Errorf("update conversations: %w", err)
	}
	if err := b.write(ctx, b.db.stmts.saveConversations, whole); err != nil {
		return fmt.Errorf("save conversations: %w", err)
	}
	return b.storeRest(ctx)
}

func (b *batch) storeRest(ctx context.Context) error {
	if err := b.storeIndex(ctx); err != nil {
		return err
	}
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

// liveChange reports whether only liveValues differ, as after a message: by far the most frequent write.
func liveChange(before, after chat.Conversation) bool {
	before.LastSeq, before.VisitorSeq, before.LastText = after.LastSeq, after.VisitorSeq, after.LastText
	before.LastRole, before.UpdatedAt, before.TurnDue = after.LastRole, after.UpdatedAt, after.TurnDue
	return conversationToRow(before) == conversationToRow(after)
}

// write runs a statement for all rows, which have the same types, string or int64, column by column.
func (b *batch) write(ctx context.Context, w writing, rows [][]any) error {
	if len(rows) == 0 {
		return nil
	}
	if w.arrays != nil {
		_, err := b.tx.StmtContext(ctx, w.arrays).ExecContext(ctx, columnArrays(rows)...)
		return err
	}
	for _, size := range rowsAtOnce {
		for len(rows) >= size {
			if _, err := b.tx.StmtContext(ctx, w.sized[size]).ExecContext(ctx, slices.Concat(rows[:size]...)...); err != nil {
				return err
			}
			rows = rows[size:]
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
