package storage

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"ombud/chat"
)

type linkRow struct {
	Hash      string `db:"hash"`
	Kind      string `db:"kind"`
	User      string `db:"user_id"`
	ExpiresAt int64  `db:"expires_at"`
	UsedAt    int64  `db:"used_at"`
}

type apiTokenRow struct {
	ID        string `db:"id"`
	Hash      string `db:"hash"`
	User      string `db:"user_id"`
	Name      string `db:"name"`
	CreatedAt int64  `db:"created_at"`
	RevokedAt int64  `db:"revoked_at"`
}

type sessionRow struct {
	Token  string `db:"token"`
	Data   string `db:"data"` // base64
	Expiry int64  `db:"expiry"`
}

type presenceRow struct {
	User      string `db:"user_id"`
	State     string `db:"state"`
	ExpiresAt int64  `db:"expires_at"`
}

// CreateLink stores a one-time link; chat.ErrExists if the hash is known.
func (db *DB) CreateLink(ctx context.Context, l chat.Link) error {
	return insert(ctx, db, "create "+l.Kind+" link", "links",
		linkRow{Hash: l.Hash, Kind: l.Kind, User: l.User, ExpiresAt: toMicros(l.ExpiresAt)})
}

// UseLink uses a link up and gives it. Of many at once one succeeds; a link that is unknown, of another
// kind, used or expired at now is chat.ErrUnauthentic, without saying which.
func (db *DB) UseLink(ctx context.Context, hash, kind string, now time.Time) (chat.Link, error) {
	n, err := db.exec(ctx, "use "+kind+" link", `UPDATE links SET used_at = ?
		WHERE hash = ? AND kind = ? AND used_at = 0 AND expires_at > ?`, toMicros(now), hash, kind, toMicros(now))
	if err != nil && !errors.Is(err, chat.ErrInvalid) {
		return chat.Link{}, err
	}
	if n == 0 {
		return chat.Link{}, fmt.Errorf("use %s link: %w", kind, chat.ErrUnauthentic)
	}
	// From the writer: a reader's snapshot could be older than our own update.
	row, err := selectOne[linkRow](ctx, db.write, "read link", `SELECT `+list(columnsOf[linkRow]())+` FROM links WHERE hash = ?`, hash)
	return chat.Link{Hash: row.Hash, Kind: row.Kind, User: row.User, ExpiresAt: fromMicros(row.ExpiresAt)}, err
}

// CreateAPIToken stores a token for a program; chat.ErrNotFound if its user is unknown, chat.ErrExists if
// its id or hash is taken.
func (db *DB) CreateAPIToken(ctx context.Context, t chat.APIToken) error {
	return insert(ctx, db, "create API token "+t.ID, "api_tokens",
		apiTokenRow{ID: t.ID, Hash: t.Hash, User: t.User, Name: t.Name, CreatedAt: toMicros(t.CreatedAt)})
}

// UserByAPIToken gives whom a token acts for; chat.ErrNotFound if it is unknown or revoked, or its user disabled.
func (db *DB) UserByAPIToken(ctx context.Context, hash string) (chat.User, error) {
	row, err := selectOne[userRow](ctx, db.read, "read user by API token", selectUsers+`WHERE disabled = 0 AND id =
		(SELECT user_id FROM api_tokens WHERE hash = ? AND revoked_at = 0)`, hash)
	return orZero(row, err, userRow.user)
}

// APITokens gives a user's tokens that are not revoked, oldest first.
func (db *DB) APITokens(ctx context.Context, user string) ([]chat.APIToken, error) {
	rows, err := selectAll[apiTokenRow](ctx, db.read, "read API tokens of "+user, `SELECT `+list(columnsOf[apiTokenRow]())+`
		FROM api_tokens WHERE user_id = ? AND revoked_at = 0 ORDER BY created_at, id`, user)
	return convertAll(rows, err, func(r apiTokenRow) (chat.APIToken, error) {
		return chat.APIToken{ID: r.ID, Hash: r.Hash, User: r.User, Name: r.Name, CreatedAt: fromMicros(r.CreatedAt)}, nil
	})
}

// RevokeAPIToken makes a token useless; chat.ErrNotFound if there is no such token in use.
func (db *DB) RevokeAPIToken(ctx context.Context, id string) error {
	n, err := db.exec(ctx, "revoke API token "+id, `UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at = 0`,
		toMicros(db.now()), id)
	if err == nil && n == 0 {
		return fmt.Errorf("revoke API token %s: %w", id, chat.ErrNotFound)
	}
	return err
}

// FindCtx gives a session's data; found is false if it is unknown or has expired. With CommitCtx and
// DeleteCtx it makes DB a store for sessions in the manner of alexedwards/scs.
func (db *DB) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	row, err := selectOne[sessionRow](ctx, db.read, "read session", `SELECT token, data, expiry FROM sessions
		WHERE token = ? AND expiry > ?`, token, toMicros(db.now()))
	if errors.Is(err, chat.ErrNotFound) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	if data, err = base64.StdEncoding.DecodeString(row.Data); err != nil {
		return nil, false, fmt.Errorf("read session: %w", err)
	}
	return data, true, nil
}

// CommitCtx stores a session, new or changed.
func (db *DB) CommitCtx(ctx context.Context, token string, data []byte, expiry time.Time) error {
	return save(ctx, db, "save session", "sessions",
		sessionRow{Token: token, Data: base64.StdEncoding.EncodeToString(data), Expiry: toMicros(expiry)})
}

// DeleteCtx ends a session; an unknown one is no error.
func (db *DB) DeleteCtx(ctx context.Context, token string) error {
	_, err := db.exec(ctx, "delete session", `DELETE FROM sessions WHERE token = ?`, token)
	return err
}

// Find is FindCtx for callers without a context.
func (db *DB) Find(token string) ([]byte, bool, error) {
	return db.FindCtx(context.Background(), token)
}

// Commit is CommitCtx for callers without a context.
func (db *DB) Commit(token string, data []byte, expiry time.Time) error {
	return db.CommitCtx(context.Background(), token, data, expiry)
}

// Delete is DeleteCtx for callers without a context.
func (db *DB) Delete(token string) error { return db.DeleteCtx(context.Background(), token) }

// DeleteExpired removes the sessions and unused links that had expired at now, and says how many there were.
func (db *DB) DeleteExpired(ctx context.Context, now time.Time) (int64, error) {
	sessions, err := db.exec(ctx, "delete expired sessions", `DELETE FROM sessions WHERE expiry <= ?`, toMicros(now))
	if err != nil {
		return 0, err
	}
	links, err := db.exec(ctx, "delete expired links", `DELETE FROM links WHERE expires_at <= ?`, toMicros(now))
	return sessions + links, err
}

// SavePresence renews an agent's lease; chat.ErrNotFound if the user is unknown.
func (db *DB) SavePresence(ctx context.Context, p chat.Presence) error {
	return save(ctx, db, "save presence of "+p.User, "presence",
		presenceRow{User: p.User, State: p.State, ExpiresAt: toMicros(p.ExpiresAt)})
}

// KeepPresence moves the end of an agent's lease further on, if they are still in that state and it ends earlier. What a
// slow socket knows never shortens what another one said.
func (db *DB) KeepPresence(ctx context.Context, p chat.Presence) error {
	_, err := db.exec(ctx, "keep presence of "+p.User, `UPDATE presence SET expires_at = ? WHERE user_id = ? AND state = ? AND expires_at < ?`,
		toMicros(p.ExpiresAt), p.User, p.State, toMicros(p.ExpiresAt))
	return err
}

// Presences gives the lease of everybody who ever had one, run out or not, in order of user.
func (db *DB) Presences(ctx context.Context) ([]chat.Presence, error) {
	rows, err := selectAll[presenceRow](ctx, db.read, "read presence", `SELECT user_id, state, expires_at
		FROM presence ORDER BY user_id`)
	return convertAll(rows, err, func(r presenceRow) (chat.Presence, error) {
		return chat.Presence{User: r.User, State: r.State, ExpiresAt: fromMicros(r.ExpiresAt)}, nil
	})
}
