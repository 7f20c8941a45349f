package storage

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/lib/pq/pqerror"
	sqlite3 "modernc.org/sqlite/lib"

	"ombud/chat"
)

type siteRow struct {
	ID           string `db:"id"`
	Name         string `db:"name"`
	Origins      string `db:"origins"`
	Settings     string `db:"settings"`
	IdentityKeys string `db:"identity_keys"`
	Version      int64  `db:"version"`
}

type userRow struct {
	ID           string `db:"id"`
	Email        string `db:"email"`
	Name         string `db:"name"`
	Grade        string `db:"grade"`
	Level        int64  `db:"level"`
	Skills       string `db:"skills"`
	Products     string `db:"products"`
	Languages    string `db:"languages"`
	Capacity     int64  `db:"capacity"`
	PasswordHash string `db:"password_hash"`
	Disabled     int64  `db:"disabled"`
	SessionEpoch int64  `db:"session_epoch"`
	CreatedAt    int64  `db:"created_at"`
	Version      int64  `db:"version"`
}

var (
	selectSites = `SELECT ` + list(columnsOf[siteRow]()) + ` FROM sites `
	selectUsers = `SELECT ` + list(columnsOf[userRow]()) + ` FROM users `
)

// insert adds a row; chat.ErrExists if its key is taken.
func insert[Row any](ctx context.Context, db *DB, what, table string, row Row) error {
	columns := columnsOf[Row]()
	_, err := db.exec(ctx, what, `INSERT INTO `+table+` (`+list(columns)+`) VALUES (`+places(len(columns))+`)`, valuesOf(row)...)
	return err
}

// save inserts the row or overwrites the one with the same first column.
func save[Row any](ctx context.Context, db *DB, what, table string, row Row) error {
	columns := columnsOf[Row]()
	_, err := db.exec(ctx, what, `INSERT INTO `+table+` (`+list(columns)+`) VALUES (`+places(len(columns))+`)
		ON CONFLICT (`+columns[0]+`) DO UPDATE SET `+excluded(columns), valuesOf(row)...)
	return err
}

// exec writes with ? parameters and gives the number of rows. Text that only one of the two databases would
// take is refused before either sees it.
func (db *DB) exec(ctx context.Context, what, query string, args ...any) (int64, error) {
	for _, arg := range args {
		if text, ok := arg.(string); ok {
			if err := plain("text", text); err != nil {
				return 0, fmt.Errorf("%s: %w", what, err)
			}
		}
	}
	result, err := db.write.ExecContext(ctx, db.write.Rebind(query), args...)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", what, writeError(err))
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("%s: %w", what, err)
	}
	return n, nil
}

// writeError names the refusals that a caller can act on.
func writeError(err error) error {
	switch {
	case isUnique(err):
		return fmt.Errorf("%w: %w", chat.ErrExists, err)
	case isPostgres(err, pqerror.ForeignKeyViolation), isSQLite(err, sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY):
		return fmt.Errorf("%w: %w", chat.ErrNotFound, err)
	}
	return unavailable(err)
}

// isUnique reports whether a unique index refused a row.
func isUnique(err error) bool {
	return isPostgres(err, pqerror.UniqueViolation) ||
		isSQLite(err, sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY)
}

func decode[T any](text string) (value T, err error) {
	if text == "" {
		return value, nil
	}
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		return value, fmt.Errorf("decode %T: %w", value, err)
	}
	return value, nil
}

// orZero converts a row that was read without error.
func orZero[Row, T any](row Row, err error, convert func(Row) (T, error)) (value T, _ error) {
	if err != nil {
		return value, err
	}
	return convert(row)
}

func convertAll[Row, T any](rows []Row, err error, convert func(Row) (T, error)) ([]T, error) {
	if err != nil {
		return nil, err
	}
	values := make([]T, len(rows))
	for i, row := range rows {
		if values[i], err = convert(row); err != nil {
			return nil, err
		}
	}
	return values, nil
}

func (r siteRow) site() (chat.Site, error) {
	origins, err1 := decode[[]string](r.Origins)
	rules, err2 := decode[chat.SiteRules](r.Settings)
	keys, err3 := decode[[]string](r.IdentityKeys)
	rules.IdentityKeys = keys
	return chat.Site{ID: r.ID, Name: r.Name, Origins: origins, Settings: rules, Version: r.Version}, errors.Join(err1, err2, err3)
}

// SaveSite stores the next version of a site: s.Version is the one that was read, 0 for a new site. chat.ErrConflict says that
// somebody else saved meanwhile.
func (db *DB) SaveSite(ctx context.Context, s chat.Site) error {
	what := "save site " + s.ID
	row := siteRow{
		ID: s.ID, Name: s.Name, Origins: jsonList(s.Origins), Settings: jsonList(s.Settings),
		IdentityKeys: jsonList(s.Settings.IdentityKeys), Version: s.Version + 1,
	}
	if s.Version == 0 {
		err := insert(ctx, db, what, "sites", row)
		if errors.Is(err, chat.ErrExists) {
			return fmt.Errorf("%s: %w", what, chat.ErrConflict)
		}
		return err
	}
	n, err := db.exec(ctx, what, `UPDATE sites SET name = ?, origins = ?, settings = ?, identity_keys = ?, version = ?
		WHERE id = ? AND version = ?`, row.Name, row.Origins, row.Settings, row.IdentityKeys, row.Version, row.ID, s.Version)
	if err == nil && n == 0 {
		return fmt.Errorf("%s, version %d: %w", what, s.Version, chat.ErrConflict)
	}
	return err
}

// Site reads a site by id.
func (db *DB) Site(ctx context.Context, id string) (chat.Site, error) {
	row, err := selectOne[siteRow](ctx, db.read, "read site "+id, selectSites+`WHERE id = ?`, id)
	return orZero(row, err, siteRow.site)
}

// Sites reads all sites in order of id.
func (db *DB) Sites(ctx context.Context) ([]chat.Site, error) {
	rows, err := selectAll[siteRow](ctx, db.read, "read sites", selectSites+`ORDER BY id`)
	return convertAll(rows, err, siteRow.site)
}

func (r userRow) user() (chat.User, error) {
	skills, err1 := decode[[]string](r.Skills)
	languages, err2 := decode[[]string](r.Languages)
	products, err3 := decode[[]string](r.Products)
	return chat.User{
		ID: r.ID, Email: r.Email, Name: r.Name, Grade: chat.Grade(r.Grade), Level: int(r.Level), Skills: skills,
		Languages: languages, Products: products, Capacity: int(r.Capacity), PasswordHash: r.PasswordHash, Disabled: r.Disabled == 1,
		SessionEpoch: r.SessionEpoch, CreatedAt: fromMicros(r.CreatedAt), Version: r.Version,
	}, errors.Join(err1, err2, err3)
}

func userToRow(u chat.User) userRow {
	return userRow{
		ID: u.ID, Email: foldEmail(u.Email), Name: u.Name, Grade: string(u.Grade), Level: int64(u.Level),
		Skills: jsonList(u.Skills), Languages: jsonList(u.Languages), Products: jsonList(u.Products), Capacity: int64(u.Capacity),
		PasswordHash: u.PasswordHash, Disabled: flag(u.Disabled), SessionEpoch: u.SessionEpoch,
		CreatedAt: toMicros(u.CreatedAt), Version: max(u.Version, 1),
	}
}

// foldEmail makes addresses comparable; it is how they are stored.
func foldEmail(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

// CreateUser stores a new user; chat.ErrExists if the id or the e-mail address is taken.
func (db *DB) CreateUser(ctx context.Context, u chat.User) error {
	return insert(ctx, db, "create user "+u.ID, "users", userToRow(u))
}

// UpdateUser stores what an admin sets of a user, on the condition that u.Version is the one that is stored, and gives the user
// after it. The password stays as it is; the session epoch is raised where the grade changes, or whether they are disabled.
// chat.ErrConflict says that somebody else saved meanwhile, chat.ErrNotFound that there is no such user, chat.ErrExists that the
// address is taken.
func (db *DB) UpdateUser(ctx context.Context, u chat.User) (chat.User, error) {
	what, r := "update user "+u.ID, userToRow(u)
	n, err := db.exec(ctx, what, `UPDATE users SET session_epoch = session_epoch + CASE WHEN grade <> ? OR disabled <> ? THEN 1 ELSE 0 END,
		email = ?, name = ?, grade = ?, level = ?, skills = ?, languages = ?, products = ?, capacity = ?, disabled = ?, version = version + 1
		WHERE id = ? AND version = ?`,
		r.Grade, r.Disabled, r.Email, r.Name, r.Grade, r.Level, r.Skills, r.Languages, r.Products, r.Capacity, r.Disabled, r.ID, u.Version)
	if err != nil {
		return chat.User{}, err
	}
	now, err := db.userNow(ctx, u.ID)
	if err == nil && n == 0 {
		err = fmt.Errorf("%s, version %d: %w", what, u.Version, chat.ErrConflict)
	}
	return now, err
}

// SetPassword changes the password of a user who is not disabled, and nothing else: it ends their sessions and gives the user after
// it. chat.ErrNotFound if there is none, or if they are disabled, be it at this very moment.
func (db *DB) SetPassword(ctx context.Context, id, hash string) (chat.User, error) {
	what := "set password of " + id
	n, err := db.exec(ctx, what, `UPDATE users SET password_hash = ?, session_epoch = session_epoch + 1 WHERE id = ? AND disabled = 0`, hash, id)
	if err != nil {
		return chat.User{}, err
	}
	if n == 0 {
		return chat.User{}, fmt.Errorf("%s: %w", what, chat.ErrNotFound)
	}
	return db.userNow(ctx, id)
}

// userNow reads a user from the writer: a reader's snapshot could be older than our own update.
func (db *DB) userNow(ctx context.Context, id string) (chat.User, error) {
	row, err := selectOne[userRow](ctx, db.write, "read user "+id, selectUsers+`WHERE id = ?`, id)
	return orZero(row, err, userRow.user)
}

// User reads a user by id.
func (db *DB) User(ctx context.Context, id string) (chat.User, error) {
	row, err := selectOne[userRow](ctx, db.read, "read user "+id, selectUsers+`WHERE id = ?`, id)
	return orZero(row, err, userRow.user)
}

// UserByEmail reads a user by e-mail address, whose case does not matter.
func (db *DB) UserByEmail(ctx context.Context, email string) (chat.User, error) {
	row, err := selectOne[userRow](ctx, db.read, "read user by e-mail", selectUsers+`WHERE email = ?`, foldEmail(email))
	return orZero(row, err, userRow.user)
}

// Users reads all users in order of name.
func (db *DB) Users(ctx context.Context) ([]chat.User, error) {
	rows, err := selectAll[userRow](ctx, db.read, "read users", selectUsers+`ORDER BY name, id`)
	return convertAll(rows, err, userRow.user)
}

// CountUsers says how many users there are: 0 means that the first admin is still to be made.
func (db *DB) CountUsers(ctx context.Context) (int, error) {
	return selectOne[int](ctx, db.read, "count users", `SELECT count(*) FROM users`)
}
