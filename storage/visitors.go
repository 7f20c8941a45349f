package storage

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ombud/chat"
)

type visitorRow struct {
	ID         string `db:"id"`
	Site       string `db:"site"`
	TokenHash  string `db:"token_hash"`
	Name       string `db:"name"`
	Email      string `db:"email"`
	Subject    string `db:"subject"`
	Verified   int64  `db:"verified"`
	Attrs      string `db:"attrs"`
	Unverified string `db:"unverified"`
	CreatedAt  int64  `db:"created_at"`
}

var selectVisitors = `SELECT ` + list(columnsOf[visitorRow]()) + ` FROM visitors `

func (r visitorRow) visitor() (chat.Visitor, error) {
	attrs, err1 := decode[map[string]string](r.Attrs)
	unverified, err2 := decode[map[string]string](r.Unverified)
	return chat.Visitor{
		ID: r.ID, Site: r.Site, TokenHash: r.TokenHash, Name: r.Name, Email: r.Email, Subject: r.Subject,
		Verified: r.Verified == 1, Attrs: attrs, Unverified: unverified, CreatedAt: fromMicros(r.CreatedAt),
	}, errors.Join(err1, err2)
}

func visitorToRow(v chat.Visitor) visitorRow {
	return visitorRow{
		ID: v.ID, Site: v.Site, TokenHash: v.TokenHash, Name: v.Name, Email: v.Email, Subject: v.Subject,
		Verified: flag(v.Verified), CreatedAt: toMicros(v.CreatedAt), Attrs: attrsToRow(v.Attrs), Unverified: attrsToRow(v.Unverified),
	}
}

// CreateVisitor stores a new visitor; chat.ErrExists if its id or token is known, or its subject is verified already.
func (db *DB) CreateVisitor(ctx context.Context, v chat.Visitor) error {
	return insert(ctx, db, "create visitor "+v.ID, "visitors", visitorToRow(v))
}

// ChangeVisitor changes what became known of a visitor and nothing else, so that two of their tabs that tell different things
// at once both are heard; chat.ErrNotFound if there is none. It gives the visitor as they are afterwards.
func (db *DB) ChangeVisitor(ctx context.Context, id string, c chat.VisitorChange) (chat.Visitor, error) {
	var columns []string
	var values []any
	set := func(column string, value any) {
		columns, values = append(columns, column+" = ?"), append(values, value)
	}
	if c.Name != nil {
		set("name", *c.Name)
	}
	if c.Email != nil {
		set("email", *c.Email)
	}
	if c.Attrs != nil {
		set("attrs", attrsToRow(*c.Attrs))
	}
	if c.Unverified != nil {
		set("unverified", attrsToRow(*c.Unverified))
	}
	if len(columns) > 0 {
		n, err := db.exec(ctx, "change visitor "+id, `UPDATE visitors SET `+list(columns)+` WHERE id = ?`, append(values, id)...)
		if err != nil {
			return chat.Visitor{}, err
		}
		if n == 0 {
			return chat.Visitor{}, fmt.Errorf("change visitor %s: %w", id, chat.ErrNotFound)
		}
	}
	return db.Visitor(ctx, id)
}

// attrsToRow gives "" for none.
func attrsToRow(attrs map[string]string) string {
	if len(attrs) == 0 {
		return ""
	}
	return jsonList(attrs)
}

// Visitor reads a visitor by id.
func (db *DB) Visitor(ctx context.Context, id string) (chat.Visitor, error) {
	row, err := selectOne[visitorRow](ctx, db.read, "read visitor "+id, selectVisitors+`WHERE id = ?`, id)
	return orZero(row, err, visitorRow.visitor)
}

// VisitorByToken reads a visitor by the hash of the token of one of their devices; chat.ErrNotFound for a wrong one.
func (db *DB) VisitorByToken(ctx context.Context, tokenHash string) (chat.Visitor, error) {
	row, err := selectOne[visitorRow](ctx, db.read, "read visitor by token", selectVisitors+`WHERE token_hash = ?
		UNION ALL `+selectVisitors+`WHERE id = (SELECT visitor FROM visitor_tokens WHERE hash = ?)`, tokenHash, tokenHash)
	return orZero(row, err, visitorRow.visitor)
}

// VisitorBySubject reads the verified visitor of a site's own user id; chat.ErrNotFound if they have never come.
func (db *DB) VisitorBySubject(ctx context.Context, site, subject string) (chat.Visitor, error) {
	row, err := selectOne[visitorRow](ctx, db.read, "read visitor by subject", selectVisitors+`WHERE site = ? AND subject = ? AND verified = 1`, site, subject)
	return orZero(row, err, visitorRow.visitor)
}

// mostDevices is how many tokens of one visitor are good at once; the oldest goes first.
const mostDevices = 20

// AddVisitorToken lets one more device of a visitor in.
func (db *DB) AddVisitorToken(ctx context.Context, visitor, hash string, at time.Time) error {
	what := "let in a device of " + visitor
	if _, err := db.exec(ctx, what, `INSERT INTO visitor_tokens (hash, visitor, created_at) VALUES (?, ?, ?)`, hash, visitor, toMicros(at)); err != nil {
		return err
	}
	_, err := db.exec(ctx, what, `DELETE FROM visitor_tokens WHERE visitor = ? AND hash NOT IN
		(SELECT hash FROM visitor_tokens WHERE visitor = ? ORDER BY created_at DESC, hash LIMIT `+fmt.Sprint(mostDevices)+`)`, visitor, visitor)
	return err
}
