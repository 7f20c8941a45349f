package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"ombud/chat"
)

type sightingRow struct {
	Site   string `db:"site"`
	Origin string `db:"origin"`
	Kind   string `db:"kind"`
	At     int64  `db:"at"`
}

type nodeRow struct {
	ID        string `db:"id"`
	Name      string `db:"name"`
	Version   string `db:"version"`
	StartedAt int64  `db:"started_at"`
	SeenAt    int64  `db:"seen_at"`
}

// mostSightings is how many sightings of one site are kept: strangers' origins must not fill the table.
const mostSightings = 60

// AuditPage gives up to q.Limit entries, newest first.
func (db *DB) AuditPage(ctx context.Context, q chat.AuditQuery) ([]chat.AuditEntry, error) {
	var where []string
	var args []any
	and := func(condition string, values ...any) {
		where, args = append(where, condition), append(args, values...)
	}
	if q.By != "" {
		and("by_id = ?", q.By)
	}
	switch {
	case strings.HasSuffix(q.What, "."):
		and("substr(what, 1, ?) = ?", len(q.What), q.What) // which order the database has for letters does not matter
	case q.What != "":
		and("what = ?", q.What)
	}
	if q.Object != "" {
		and("object = ?", q.Object)
	}
	if !q.From.IsZero() {
		and("at >= ?", toMicros(q.From))
	}
	if !q.To.IsZero() {
		and("at < ?", toMicros(q.To))
	}
	if q.Before.ID != "" {
		and("(at, id) < (?, ?)", toMicros(q.Before.At), q.Before.ID)
	}
	query := `SELECT ` + list(columnsOf[auditRow]()) + ` FROM audit `
	if len(where) > 0 {
		query += `WHERE ` + strings.Join(where, " AND ")
	}
	rows, err := selectAll[auditRow](ctx, db.read, "read audit log", query+` ORDER BY at DESC, id DESC LIMIT ?`, append(args, q.Limit)...)
	return convertAll(rows, err, auditRow.entry)
}

// AuditKinds gives the verbs that the audit log holds, in order.
func (db *DB) AuditKinds(ctx context.Context) ([]string, error) {
	kinds, err := selectAll[string](ctx, db.read, "read the audit log's verbs", `SELECT DISTINCT what FROM audit`)
	slices.Sort(kinds) // not by the database, whose order depends on how it was made
	return kinds, err
}

// VoidLinks makes all one-time links of a user useless that were not used yet.
func (db *DB) VoidLinks(ctx context.Context, user string, now time.Time) error {
	_, err := db.exec(ctx, "void links of "+user, `UPDATE links SET used_at = ? WHERE user_id = ? AND used_at = 0`, toMicros(now), user)
	return err
}

// Sighted notes a sighting in the place of the last one like it, and forgets a site's oldest beyond some sixty.
func (db *DB) Sighted(ctx context.Context, s chat.Sighting) error {
	row := sightingRow{Site: s.Site, Origin: s.Origin, Kind: string(s.Kind), At: toMicros(s.At)}
	what, columns := "note sighting at "+s.Site, columnsOf[sightingRow]()
	if _, err := db.exec(ctx, what, `INSERT INTO sightings (`+list(columns)+`) VALUES (`+places(len(columns))+`)
		ON CONFLICT (site, origin, kind) DO UPDATE SET at = excluded.at`, valuesOf(row)...); err != nil {
		return err
	}
	_, err := db.exec(ctx, what, `DELETE FROM sightings WHERE site = ? AND at <
		(SELECT at FROM sightings WHERE site = ? ORDER BY at DESC LIMIT 1 OFFSET ?)`, s.Site, s.Site, mostSightings-1)
	return err
}

// Sightings gives a site's sightings, newest first.
func (db *DB) Sightings(ctx context.Context, site string) ([]chat.Sighting, error) {
	rows, err := selectAll[sightingRow](ctx, db.read, "read sightings of "+site, `SELECT `+list(columnsOf[sightingRow]())+`
		FROM sightings WHERE site = ? ORDER BY at DESC, origin, kind LIMIT ?`, site, mostSightings)
	return convertAll(rows, err, func(r sightingRow) (chat.Sighting, error) {
		return chat.Sighting{Site: r.Site, Origin: r.Origin, Kind: chat.SightingKind(r.Kind), At: fromMicros(r.At)}, nil
	})
}

// SurveyAnswers gives up to limit answers, newest first; older ones than the one given, of which At and Conversation count.
func (db *DB) SurveyAnswers(ctx context.Context, before chat.SurveyAnswer, limit int) ([]chat.SurveyAnswer, error) {
	type row struct {
		Conversation string `db:"conversation"`
		At           int64  `db:"at"`
		Body         string `db:"body"`
	}
	rows, err := selectAll[row](ctx, db.slow, "read survey answers", `SELECT conversation, at, body FROM events
		WHERE kind = 'survey' AND role = 'visitor' AND (at, conversation) < (?, ?)
		ORDER BY at DESC, conversation DESC LIMIT ?`, toMicros(before.At), before.Conversation, limit)
	return convertAll(rows, err, func(r row) (chat.SurveyAnswer, error) {
		var s chat.Survey
		if err := json.Unmarshal([]byte(r.Body), &s); err != nil {
			return chat.SurveyAnswer{}, fmt.Errorf("decode survey of %s: %w", r.Conversation, err)
		}
		return chat.SurveyAnswer{Conversation: r.Conversation, Rating: s.Rating, Text: s.Text, Answers: s.Answers, At: fromMicros(r.At)}, nil
	})
}

// SaveNode notes that a node is there, and forgets those that have not been for a day.
func (db *DB) SaveNode(ctx context.Context, n chat.Node) error {
	row := nodeRow{ID: n.ID, Name: n.Name, Version: n.Version, StartedAt: toMicros(n.StartedAt), SeenAt: toMicros(n.SeenAt)}
	if err := save(ctx, db, "note node "+n.Name, "nodes", row); err != nil {
		return err
	}
	_, err := db.exec(ctx, "forget nodes", `DELETE FROM nodes WHERE seen_at < ?`, toMicros(n.SeenAt.Add(-24*time.Hour)))
	return err
}

// RemoveNode notes that a node has stopped; an unknown one is no error.
func (db *DB) RemoveNode(ctx context.Context, id string) error {
	_, err := db.exec(ctx, "forget node "+id, `DELETE FROM nodes WHERE id = ?`, id)
	return err
}

// Nodes gives the nodes that were there since a time, the longest running first.
func (db *DB) Nodes(ctx context.Context, since time.Time) ([]chat.Node, error) {
	rows, err := selectAll[nodeRow](ctx, db.read, "read nodes", `SELECT `+list(columnsOf[nodeRow]())+`
		FROM nodes WHERE seen_at >= ? ORDER BY started_at, id`, toMicros(since))
	return convertAll(rows, err, func(r nodeRow) (chat.Node, error) {
		return chat.Node{ID: r.ID, Name: r.Name, Version: r.Version, StartedAt: fromMicros(r.StartedAt), SeenAt: fromMicros(r.SeenAt)}, nil
	})
}
