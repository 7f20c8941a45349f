package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"ombud/chat"
)

// complaintKey is the Postgres advisory lock under which complaints are numbered: "ombudc" in ASCII.
const complaintKey = 0x6f6d62756463

type complaintRow struct {
	Number       string `db:"number"`
	Year         int64  `db:"year"`
	N            int64  `db:"n"`
	Conversation string `db:"conversation"`
	By           string `db:"by_id"`
	At           int64  `db:"at"`
	DueAt        int64  `db:"due_at"`
}

func (r complaintRow) complaint() (chat.Complaint, error) {
	return chat.Complaint{Number: r.Number, Conversation: r.Conversation, By: r.By, At: fromMicros(r.At), DueAt: fromMicros(r.DueAt)}, nil
}

// LastOf gives the latest event of a kind in a conversation; chat.ErrNotFound if it has none.
func (db *DB) LastOf(ctx context.Context, conversation string, kind chat.Kind) (chat.Event, error) {
	row, err := selectOne[eventRow](ctx, db.read, "read last "+string(kind)+" of "+conversation, `SELECT `+list(eventColumns)+`
		FROM events WHERE conversation = ? AND kind = ? ORDER BY seq DESC LIMIT 1`, conversation, string(kind))
	return row.event(), err
}

// RegisterComplaint gives the conversation's complaint, registered now if it has none: with the next number of the
// year of c.At, counted without gaps, and with the jobs in the same transaction.
func (db *DB) RegisterComplaint(ctx context.Context, c chat.Complaint, jobs []chat.Job) (chat.Complaint, error) {
	what := "register complaint of " + c.Conversation
	row := complaintRow{Year: int64(c.At.UTC().Year()), Conversation: c.Conversation, By: c.By, At: toMicros(c.At), DueAt: toMicros(c.DueAt)}
	tx, err := db.write.BeginTxx(ctx, nil)
	if err != nil {
		return c, unavailable(fmt.Errorf("%s: %w", what, err))
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing, and else the error before it counts
	if db.dialect.isPostgres() {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(complaintKey)); err != nil {
			return c, unavailable(fmt.Errorf("%s: %w", what, err))
		}
	}
	old, err := selectAllTx[complaintRow](ctx, tx, `SELECT `+list(columnsOf[complaintRow]())+` FROM complaints WHERE conversation = ?`, c.Conversation)
	if err != nil {
		return c, unavailable(fmt.Errorf("%s: %w", what, err))
	}
	if len(old) > 0 {
		return old[0].complaint()
	}
	if err := tx.GetContext(ctx, &row.N, tx.Rebind(`SELECT coalesce(max(n), 0) + 1 FROM complaints WHERE year = ?`), row.Year); err != nil {
		return c, unavailable(fmt.Errorf("%s: %w", what, err))
	}
	row.Number = fmt.Sprintf("C-%d-%06d", row.Year, row.N)
	insert := `INSERT INTO complaints (` + list(columnsOf[complaintRow]()) + `) VALUES (` + places(len(columnsOf[complaintRow]())) + `)`
	if _, err := tx.ExecContext(ctx, tx.Rebind(insert), valuesOf(row)...); err != nil {
		return c, unavailable(fmt.Errorf("%s: %w", what, err))
	}
	if err := db.enqueueIn(ctx, tx, jobs); err != nil {
		return c, fmt.Errorf("%s: %w", what, err)
	}
	if err := tx.Commit(); err != nil {
		return c, unavailable(fmt.Errorf("%s: %w", what, err))
	}
	return row.complaint()
}

func selectAllTx[Row any](ctx context.Context, tx *sqlx.Tx, query string, args ...any) ([]Row, error) {
	var rows []Row
	err := tx.SelectContext(ctx, &rows, tx.Rebind(query), args...)
	return rows, err
}

func (db *DB) enqueueIn(ctx context.Context, tx *sqlx.Tx, jobs []chat.Job) error {
	enqueue := db.enqueue.Load()
	if len(jobs) == 0 {
		return nil
	}
	if enqueue == nil {
		return errors.New("no job queue is connected")
	}
	return (*enqueue)(ctx, tx.Tx, jobs)
}

// Growth counts conversations by topic (when they began) and by cause (when they were closed), in the window that ends
// at now and in the same hours of each of the days before.
func (db *DB) Growth(ctx context.Context, now time.Time, window time.Duration, days int) ([]chat.Growth, error) {
	type growthRow struct {
		Subject string `db:"subject"`
		Day     int    `db:"day"`
		Count   int    `db:"n"`
	}
	const day = int64(24 * time.Hour / time.Microsecond)
	at, w := toMicros(now), window.Microseconds()
	from := at - day*int64(days) - w
	var out []chat.Growth
	for _, q := range []struct{ kind, column, time string }{{"topic", "topic", "created_at"}, {"cause", "cause", "closed_at"}} {
		rows, err := selectAll[growthRow](ctx, db.slow, "count by "+q.kind, strings.NewReplacer("{c}", q.column, "{t}", q.time).Replace(`
			SELECT {c} AS subject, (CAST(? AS BIGINT) - {t}) / CAST(? AS BIGINT) AS day, count(*) AS n FROM conversations
			WHERE {t} > ? AND {t} <= ? AND {t} > 0 AND {c} <> '' AND (CAST(? AS BIGINT) - {t}) % CAST(? AS BIGINT) < ?
			GROUP BY 1, 2`), at, day, from, at, at, day, w)
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			out = append(out, chat.Growth{Subject: q.kind + ":" + r.Subject, Day: r.Day, Count: r.Count})
		}
	}
	return out, nil
}

// Oldest gives when the first conversation began; the zero time if there is none.
func (db *DB) Oldest(ctx context.Context) (time.Time, error) {
	at, err := selectAll[int64](ctx, db.read, "find oldest conversation", `SELECT created_at FROM conversations ORDER BY created_at LIMIT 1`)
	if err != nil || len(at) == 0 {
		return time.Time{}, err
	}
	return fromMicros(at[0]), nil
}

// Behind gives up to limit conversations with the subject of an alert, from since to now, newest first.
func (db *DB) Behind(ctx context.Context, subject string, since time.Time, limit int) ([]string, error) {
	kind, value, _ := strings.Cut(subject, ":")
	column, at := "topic", "created_at"
	if kind == "cause" {
		column, at = "cause", "closed_at"
	}
	return selectAll[string](ctx, db.read, "find conversations of "+subject, `SELECT id FROM conversations
		WHERE `+column+` = ? AND `+at+` > ? ORDER BY `+at+` DESC LIMIT ?`, value, toMicros(since), limit)
}

type alertRow struct {
	ID            string  `db:"id"`
	Subject       string  `db:"subject"`
	Count         int     `db:"count"`
	Expected      float64 `db:"expected"`
	Chance        float64 `db:"chance"`
	Conversations string  `db:"conversations"`
	RaisedAt      int64   `db:"raised_at"`
	EndedAt       int64   `db:"ended_at"`
	Notice        string  `db:"notice"`
}

func (r alertRow) alert() (chat.Alert, error) {
	a := chat.Alert{ID: r.ID, Subject: r.Subject, Count: r.Count, Expected: r.Expected, Chance: r.Chance,
		RaisedAt: fromMicros(r.RaisedAt), EndedAt: fromMicros(r.EndedAt), Notice: rawJSON(r.Notice)}
	if err := json.Unmarshal([]byte(r.Conversations), &a.Conversations); err != nil {
		return a, fmt.Errorf("decode alert %s: %w", r.ID, err)
	}
	return a, nil
}

// RaiseAlert stores a new alert, or brings the open one of the same subject up to date; raised tells which.
func (db *DB) RaiseAlert(ctx context.Context, a chat.Alert) (raised bool, err error) {
	if a.Conversations == nil {
		a.Conversations = []string{}
	}
	ids := jsonList(a.Conversations)
	n, err := db.exec(ctx, "raise alert "+a.Subject, `INSERT INTO alerts (id, subject, count, expected, chance, conversations, raised_at, ended_at, notice)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0, '') ON CONFLICT DO NOTHING`, a.ID, a.Subject, a.Count, a.Expected, a.Chance, ids, toMicros(a.RaisedAt))
	if err != nil || n > 0 {
		return n > 0, err
	}
	_, err = db.exec(ctx, "update alert "+a.Subject, `UPDATE alerts SET count = ?, expected = ?, chance = ?, conversations = ?
		WHERE subject = ? AND ended_at = 0`, a.Count, a.Expected, a.Chance, ids, a.Subject)
	return false, err
}

// EndAlert ends the open alert of a subject, if there is one.
func (db *DB) EndAlert(ctx context.Context, subject string, at time.Time) error {
	_, err := db.exec(ctx, "end alert "+subject, `UPDATE alerts SET ended_at = ? WHERE subject = ? AND ended_at = 0`, toMicros(at), subject)
	return err
}

// NoteAlert stores the notice that was made of an alert; chat.ErrNotFound if there is no such alert.
func (db *DB) NoteAlert(ctx context.Context, id string, notice json.RawMessage) error {
	n, err := db.exec(ctx, "note alert "+id, `UPDATE alerts SET notice = ? WHERE id = ?`, string(notice), id)
	if err == nil && n == 0 {
		return fmt.Errorf("note alert %s: %w", id, chat.ErrNotFound)
	}
	return err
}

// Alerts gives up to limit alerts, newest first.
func (db *DB) Alerts(ctx context.Context, limit int) ([]chat.Alert, error) {
	rows, err := selectAll[alertRow](ctx, db.read, "read alerts", `SELECT `+list(columnsOf[alertRow]())+`
		FROM alerts ORDER BY raised_at DESC, id DESC LIMIT ?`, limit)
	return convertAll(rows, err, alertRow.alert)
}

// durably is for how long a matter must not come back to count as settled for good.
const durably = 7 * 24 * time.Hour

// Resolution counts the closes that were stored from until to and called the matter settled, and which of
// them lasted: durable is what was not reopened in seven days, pending what may still be.
func (db *DB) Resolution(ctx context.Context, from, to, now time.Time) (chat.Resolution, error) {
	type closeRow struct {
		Body     string `db:"body"`
		At       int64  `db:"at"`
		Reopened int    `db:"reopened"`
	}
	rows, err := selectAll[closeRow](ctx, db.slow, "read closes", `SELECT e.body, e.at,
		(SELECT count(*) FROM events r WHERE r.conversation = e.conversation AND r.seq > e.seq AND r.kind = 'reopened' AND r.at <= e.at + ?) AS reopened
		FROM events e WHERE e.kind = 'closed' AND e.stored_at >= ? AND e.stored_at < ?`, durably.Microseconds(), toMicros(from), toMicros(to))
	var out chat.Resolution
	for _, r := range rows {
		var c chat.Closed
		if err := json.Unmarshal([]byte(r.Body), &c); err != nil {
			return out, fmt.Errorf("decode close: %w", err)
		}
		if c.Outcome != "settled" {
			continue
		}
		out.Closed++
		switch {
		case r.Reopened > 0:
		case fromMicros(r.At).Add(durably).After(now):
			out.Pending++
		default:
			out.Durable++
		}
	}
	return out, err
}

// SettingOnce stores a setting unless it was saved before, and gives the value that stands: of many nodes that
// start at once, one decides.
func (db *DB) SettingOnce(ctx context.Context, name string, value json.RawMessage) (json.RawMessage, error) {
	if err := validJSON("value", value); err != nil {
		return nil, fmt.Errorf("save setting %s: %w", name, err)
	}
	if _, err := db.exec(ctx, "save setting "+name, `INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING`, name, string(value)); err != nil {
		return nil, err
	}
	return db.Setting(ctx, name)
}
