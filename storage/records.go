package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"ombud/chat"
)

type policyRow struct {
	Version int64  `db:"version"`
	Author  string `db:"author"`
	Reason  string `db:"reason"`
	At      int64  `db:"at"`
	Data    string `db:"data"`
}

type auditRow struct {
	ID     string `db:"id"`
	At     int64  `db:"at"`
	By     string `db:"by_id"`
	What   string `db:"what"`
	Object string `db:"object"`
	Detail string `db:"detail"`
}

type settingRow struct {
	Name  string `db:"name"`
	Value string `db:"value"`
}

var selectPolicies = `SELECT ` + list(columnsOf[policyRow]()) + ` FROM policies `

func (r policyRow) policy() (chat.PolicyVersion, error) {
	return chat.PolicyVersion{
		Version: r.Version, Author: r.Author, Reason: r.Reason, At: fromMicros(r.At), Data: rawJSON(r.Data),
	}, nil
}

// SavePolicy stores the next version of the policy. chat.ErrConflict says that p.Version is not one more than
// the latest: somebody else saved meanwhile.
func (db *DB) SavePolicy(ctx context.Context, p chat.PolicyVersion) error {
	what := fmt.Sprintf("save policy %d", p.Version)
	if err := validJSON("data", p.Data); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	n, err := db.exec(ctx, what, `INSERT INTO policies (version, author, reason, at, data)
		SELECT x.version, ?, ?, x.at, ? FROM (SELECT CAST(? AS BIGINT) AS version, CAST(? AS BIGINT) AS at) AS x
		WHERE x.version = (SELECT coalesce(max(version), 0) + 1 FROM policies)`,
		p.Author, p.Reason, string(p.Data), p.Version, toMicros(p.At))
	if errors.Is(err, chat.ErrExists) || (err == nil && n == 0) {
		return fmt.Errorf("%s: %w", what, chat.ErrConflict)
	}
	return err
}

// Policies gives all versions, newest first.
func (db *DB) Policies(ctx context.Context) ([]chat.PolicyVersion, error) {
	rows, err := selectAll[policyRow](ctx, db.read, "read policies", selectPolicies+`ORDER BY version DESC`)
	return convertAll(rows, err, policyRow.policy)
}

// LivePolicy gives the newest version; chat.ErrNotFound if none was ever saved.
func (db *DB) LivePolicy(ctx context.Context) (chat.PolicyVersion, error) {
	row, err := selectOne[policyRow](ctx, db.read, "read live policy", selectPolicies+`ORDER BY version DESC LIMIT 1`)
	return orZero(row, err, policyRow.policy)
}

// Audit records a change; a zero At is now.
func (db *DB) Audit(ctx context.Context, e chat.AuditEntry) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("audit %s: %w", e.What, err)
	}
	if e.At.IsZero() {
		e.At = db.now()
	}
	if len(e.Detail) > 0 {
		if err := validJSON("detail", e.Detail); err != nil {
			return fmt.Errorf("audit %s: %w", e.What, err)
		}
	}
	return insert(ctx, db, "audit "+e.What, "audit", auditRow{
		ID: id.String(), At: toMicros(e.At), By: e.By, What: e.What, Object: e.Object, Detail: string(e.Detail),
	})
}

func (r auditRow) entry() (chat.AuditEntry, error) {
	return chat.AuditEntry{ID: r.ID, At: fromMicros(r.At), By: r.By, What: r.What, Object: r.Object, Detail: rawJSON(r.Detail)}, nil
}

// Setting reads a setting's JSON; chat.ErrNotFound if it was never saved.
func (db *DB) Setting(ctx context.Context, name string) (json.RawMessage, error) {
	row, err := selectOne[settingRow](ctx, db.read, "read setting "+name, `SELECT name, value FROM settings WHERE name = ?`, name)
	return rawJSON(row.Value), err
}

// SaveSetting stores a setting's JSON, new or changed.
func (db *DB) SaveSetting(ctx context.Context, name string, value json.RawMessage) error {
	if err := validJSON("value", value); err != nil {
		return fmt.Errorf("save setting %s: %w", name, err)
	}
	return save(ctx, db, "save setting "+name, "settings", settingRow{Name: name, Value: string(value)})
}

// SwapSetting stores a setting's JSON on the condition that it still is what it was; nil: that it was never saved. Else
// it fails with chat.ErrStale.
func (db *DB) SwapSetting(ctx context.Context, name string, was, value json.RawMessage) error {
	what := "save setting " + name
	if err := validJSON("value", value); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	query, args := `UPDATE settings SET value = ? WHERE name = ? AND value = ?`, []any{string(value), name, string(was)}
	if was == nil {
		query, args = `INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING`, []any{name, string(value)}
	}
	n, err := db.exec(ctx, what, query, args...)
	if err == nil && n == 0 {
		return fmt.Errorf("%s: %w", what, chat.ErrStale)
	}
	return err
}
