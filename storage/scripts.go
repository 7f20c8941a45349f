package storage

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/jmoiron/sqlx"

	"ombud/chat"
)

type scriptRow struct {
	Version  int64  `db:"version"`
	Base     int64  `db:"base"`
	Revision int64  `db:"revision"`
	Author   string `db:"author"`
	Reason   string `db:"reason"`
	At       int64  `db:"at"`
}

// draftVersion is the number under which the one draft is kept.
const draftVersion = -1

// scriptKey is the Postgres advisory lock of whoever changes the script: "ombuds" in ASCII.
const scriptKey = 0x6f6d62756473

func (r scriptRow) version() chat.ScriptVersion {
	return chat.ScriptVersion{
		Version: max(r.Version, 0), Base: r.Base, Revision: r.Revision, Author: r.Author, Reason: r.Reason, At: fromMicros(r.At),
	}
}

var selectScripts = `SELECT ` + list(columnsOf[scriptRow]()) + ` FROM script_versions `

// ScriptVersions gives the newest published versions, newest first.
func (db *DB) ScriptVersions(ctx context.Context, limit int) ([]chat.ScriptVersion, error) {
	rows, err := selectAll[scriptRow](ctx, db.read, "read script versions", selectScripts+`WHERE version > 0 ORDER BY version DESC LIMIT ?`, limit)
	out := make([]chat.ScriptVersion, len(rows))
	for i, r := range rows {
		out[i] = r.version()
	}
	return out, err
}

// Script gives a published version and its files; chat.ErrNotFound if there is none of this number.
func (db *DB) Script(ctx context.Context, version int64) (chat.ScriptVersion, map[string]string, error) {
	if version <= 0 {
		return chat.ScriptVersion{}, nil, fmt.Errorf("read script %d: %w", version, chat.ErrNotFound)
	}
	return db.script(ctx, version)
}

// ScriptDraft gives the draft and its files; chat.ErrNotFound if there is none. Its Version is 0.
func (db *DB) ScriptDraft(ctx context.Context) (chat.ScriptVersion, map[string]string, error) {
	return db.script(ctx, draftVersion)
}

// script reads a version in one statement, so that a draft saved meanwhile is whole: one or the other.
func (db *DB) script(ctx context.Context, version int64) (chat.ScriptVersion, map[string]string, error) {
	type fileRow struct {
		scriptRow
		Path string `db:"path"`
		Body string `db:"body"`
	}
	what := fmt.Sprintf("read script %d", version)
	rows, err := selectAll[fileRow](ctx, db.slow, what, `SELECT v.version, v.base, v.revision, v.author, v.reason, v.at, f.path, t.body
		FROM script_versions v JOIN script_files f ON f.version = v.version JOIN script_texts t ON t.hash = f.hash WHERE v.version = ?`, version)
	if err == nil && len(rows) == 0 {
		err = fmt.Errorf("%s: %w", what, chat.ErrNotFound)
	}
	if err != nil {
		return chat.ScriptVersion{}, nil, err
	}
	files := make(map[string]string, len(rows))
	for _, r := range rows {
		files[r.Path] = r.Body
	}
	return rows[0].version(), files, nil
}

// SaveScript publishes the next version, and with it the draft is gone. chat.ErrConflict says that v.Version is
// not one more than the newest, or that the draft is not at v.Revision (0 for a version that no draft led to).
func (db *DB) SaveScript(ctx context.Context, v chat.ScriptVersion, files map[string]string) error {
	what := fmt.Sprintf("save script %d", v.Version)
	return db.changeScripts(ctx, what, func(tx *sqlx.Tx) error {
		newest, draft, err := scriptHeads(ctx, tx)
		if err != nil {
			return err
		}
		if v.Version != newest+1 || v.Revision != 0 && v.Revision != draft {
			return chat.ErrConflict
		}
		if v.Revision != 0 {
			if err := dropScript(ctx, tx, draftVersion); err != nil {
				return err
			}
		}
		row := scriptRow{Version: v.Version, Base: v.Base, Revision: v.Revision, Author: v.Author, Reason: v.Reason, At: toMicros(v.At)}
		return putScript(ctx, tx, row, files)
	})
}

// SaveScriptDraft stores the draft, and gives it with the revision it has then: one that no draft ever had. chat.ErrConflict says
// that v.Revision is not that of the draft there is, or that there is none for v.Revision 0 and v.Base is not the newest version.
func (db *DB) SaveScriptDraft(ctx context.Context, v chat.ScriptVersion, files map[string]string) (chat.ScriptVersion, error) {
	err := db.changeScripts(ctx, "save the script's draft", func(tx *sqlx.Tx) error {
		newest, draft, err := scriptHeads(ctx, tx)
		if err != nil {
			return err
		}
		if v.Revision != draft || draft == 0 && v.Base != newest {
			return chat.ErrConflict
		}
		if err := tx.GetContext(ctx, &v.Revision, `UPDATE script_revisions SET spent = spent + 1 RETURNING spent`); err != nil {
			return err
		}
		if err := dropScript(ctx, tx, draftVersion); err != nil {
			return err
		}
		row := scriptRow{Version: draftVersion, Base: v.Base, Revision: v.Revision, Author: v.Author, At: toMicros(v.At)}
		return putScript(ctx, tx, row, files)
	})
	return v, err
}

// DropScriptDraft forgets the draft; chat.ErrConflict if it is not at this revision.
func (db *DB) DropScriptDraft(ctx context.Context, revision int64) error {
	return db.changeScripts(ctx, "drop the script's draft", func(tx *sqlx.Tx) error {
		_, draft, err := scriptHeads(ctx, tx)
		if err != nil {
			return err
		}
		if draft != revision {
			return chat.ErrConflict
		}
		return dropScript(ctx, tx, draftVersion)
	})
}

// changeScripts runs one change after the other, and forgets the texts that nothing refers to any more.
func (db *DB) changeScripts(ctx context.Context, what string, change func(*sqlx.Tx) error) error {
	wrap := func(err error) error {
		if errors.Is(err, chat.ErrConflict) || errors.Is(err, chat.ErrInvalid) {
			return fmt.Errorf("%s: %w", what, err)
		}
		return unavailable(fmt.Errorf("%s: %w", what, err))
	}
	tx, err := db.write.BeginTxx(ctx, nil)
	if err != nil {
		return wrap(err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing, and else the error before it counts
	if db.dialect.isPostgres() {
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, int64(scriptKey)); err != nil {
			return wrap(err)
		}
	}
	if err := change(tx); err != nil {
		return wrap(err)
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM script_texts WHERE NOT EXISTS (SELECT 1 FROM script_files f WHERE f.hash = script_texts.hash)`); err != nil {
		return wrap(err)
	}
	if err := tx.Commit(); err != nil {
		return wrap(err)
	}
	return nil
}

// scriptHeads gives the newest published version and the revision of the draft, 0 for none.
func scriptHeads(ctx context.Context, tx *sqlx.Tx) (newest, draft int64, err error) {
	if err = tx.GetContext(ctx, &newest, `SELECT coalesce(max(version), 0) FROM script_versions WHERE version > 0`); err != nil {
		return 0, 0, err
	}
	err = tx.GetContext(ctx, &draft, tx.Rebind(`SELECT coalesce(max(revision), 0) FROM script_versions WHERE version = ?`), draftVersion)
	return newest, draft, err
}

func dropScript(ctx context.Context, tx *sqlx.Tx, version int64) error {
	for _, table := range []string{"script_versions", "script_files"} {
		if _, err := tx.ExecContext(ctx, tx.Rebind(`DELETE FROM `+table+` WHERE version = ?`), version); err != nil {
			return err
		}
	}
	return nil
}

func putScript(ctx context.Context, tx *sqlx.Tx, row scriptRow, files map[string]string) error {
	for _, text := range []string{row.Author, row.Reason} {
		if err := plain("text", text); err != nil {
			return err
		}
	}
	columns := columnsOf[scriptRow]()
	if _, err := tx.ExecContext(ctx, tx.Rebind(`INSERT INTO script_versions (`+list(columns)+`) VALUES (`+places(len(columns))+`)`), valuesOf(row)...); err != nil {
		return err
	}
	for _, path := range slices.Sorted(maps.Keys(files)) {
		body := files[path]
		if err := errors.Join(plain("path", path), plain(path, body)); err != nil {
			return err
		}
		sum := sha256.Sum256([]byte(body))
		hash := hex.EncodeToString(sum[:])
		if _, err := tx.ExecContext(ctx, tx.Rebind(`INSERT INTO script_texts (hash, body) VALUES (?, ?) ON CONFLICT (hash) DO NOTHING`), hash, body); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, tx.Rebind(`INSERT INTO script_files (version, path, hash) VALUES (?, ?, ?)`), row.Version, path, hash); err != nil {
			return err
		}
	}
	return nil
}
