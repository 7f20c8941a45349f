package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"

	"ombud/chat"
	"ombud/storage/words"
)

type articleRow struct {
	ID        string `db:"id"`
	Slug      string `db:"slug"`
	Language  string `db:"language"`
	Title     string `db:"title"`
	Topics    string `db:"topics"`
	State     string `db:"state"`
	Version   int64  `db:"version"`
	Live      int64  `db:"live"`
	UpdatedAt int64  `db:"updated_at"`
	UpdatedBy string `db:"updated_by"`
}

type articleVersionRow struct {
	Article string `db:"article"`
	Version int64  `db:"version"`
	State   string `db:"state"`
	Title   string `db:"title"`
	Body    string `db:"body"`
	Topics  string `db:"topics"`
	Author  string `db:"author"`
	Reason  string `db:"reason"`
	At      int64  `db:"at"`
}

var selectArticles = `SELECT ` + list(columnsOf[articleRow]()) + ` FROM articles `

func (r articleRow) article() (chat.Article, error) {
	topics, err := decode[[]string](r.Topics)
	return chat.Article{
		ID: r.ID, Slug: r.Slug, Language: r.Language, Title: r.Title, Topics: topics, State: r.State, Version: r.Version,
		Live: r.Live, UpdatedAt: fromMicros(r.UpdatedAt), UpdatedBy: r.UpdatedBy,
	}, err
}

func (r articleVersionRow) version() (chat.ArticleVersion, error) {
	topics, err := decode[[]string](r.Topics)
	return chat.ArticleVersion{
		Version: r.Version, State: r.State, Title: r.Title, Body: r.Body, Topics: topics, Author: r.Author, Reason: r.Reason,
		At: fromMicros(r.At),
	}, err
}

// searchedAtOnce is how many articles are read at once while a title is looked for.
const searchedAtOnce = 500

// Articles gives a page of a list, last changed first. A search finds titles and slugs that hold the words as typed, whatever their
// case and accents; it is done here, since the databases fold letters in ways of their own.
func (db *DB) Articles(ctx context.Context, f chat.ArticleFilter) ([]chat.Article, error) {
	if f.Search == "" {
		return db.articles(ctx, f)
	}
	out, wanted := []chat.Article{}, words.Fold(f.Search)
	for page := f; ; {
		page.Limit = searchedAtOnce
		all, err := db.articles(ctx, page)
		if err != nil {
			return nil, err
		}
		for _, a := range all {
			if !strings.Contains(words.Fold(a.Title), wanted) && !strings.Contains(words.Fold(a.Slug), wanted) {
				continue
			}
			if out = append(out, a); len(out) == f.Limit {
				return out, nil
			}
		}
		if len(all) < searchedAtOnce {
			return out, nil
		}
		page.Before, page.BeforeID = all[len(all)-1].UpdatedAt, all[len(all)-1].ID
	}
}

// articles is Articles for every title.
func (db *DB) articles(ctx context.Context, f chat.ArticleFilter) ([]chat.Article, error) {
	query, args := selectArticles+`WHERE 1 = 1`, []any{}
	where := func(condition string, values ...any) {
		query += ` AND ` + condition
		args = append(args, values...)
	}
	if f.State != "" {
		where(`state = ?`, f.State)
	}
	if f.Language != "" {
		where(`language = ?`, f.Language)
	}
	if !f.Before.IsZero() {
		at := toMicros(f.Before)
		where(`(updated_at < ? OR updated_at = ? AND id < ?)`, at, at, f.BeforeID)
	}
	rows, err := selectAll[articleRow](ctx, db.read, "list articles", query+` ORDER BY updated_at DESC, id DESC LIMIT ?`, append(args, f.Limit)...)
	return convertAll(rows, err, articleRow.article)
}

// Article gives one article; chat.ErrNotFound if there is none.
func (db *DB) Article(ctx context.Context, id string) (chat.Article, error) {
	row, err := selectOne[articleRow](ctx, db.read, "read article "+id, selectArticles+`WHERE id = ?`, id)
	return orZero(row, err, articleRow.article)
}

// ArticleBySlug gives the article that an import knows by that name; chat.ErrNotFound if there is none.
func (db *DB) ArticleBySlug(ctx context.Context, language, slug string) (chat.Article, error) {
	row, err := selectOne[articleRow](ctx, db.read, "find article "+slug, selectArticles+`WHERE language = ? AND slug = ?`, language, slug)
	return orZero(row, err, articleRow.article)
}

// ArticleVersions gives up to limit versions without their bodies, newest first.
func (db *DB) ArticleVersions(ctx context.Context, id string, limit int) ([]chat.ArticleVersion, error) {
	columns := strings.Replace(list(columnsOf[articleVersionRow]()), "body", "'' AS body", 1)
	rows, err := selectAll[articleVersionRow](ctx, db.read, "read versions of article "+id, `SELECT `+columns+`
		FROM article_versions WHERE article = ? ORDER BY version DESC LIMIT ?`, id, limit)
	return convertAll(rows, err, articleVersionRow.version)
}

// ArticleVersion gives one version with its body; chat.ErrNotFound if there is none.
func (db *DB) ArticleVersion(ctx context.Context, id string, version int64) (chat.ArticleVersion, error) {
	row, err := selectOne[articleVersionRow](ctx, db.read, fmt.Sprintf("read version %d of article %s", version, id),
		`SELECT `+list(columnsOf[articleVersionRow]())+` FROM article_versions WHERE article = ? AND version = ?`, id, version)
	return orZero(row, err, articleVersionRow.version)
}

// LastImport gives the newest version that came without an author, so from a folder at the start; chat.ErrNotFound
// if there is none.
func (db *DB) LastImport(ctx context.Context, id string) (chat.ArticleVersion, error) {
	row, err := selectOne[articleVersionRow](ctx, db.read, "read last import of article "+id,
		`SELECT `+list(columnsOf[articleVersionRow]())+` FROM article_versions WHERE article = ? AND author = '' ORDER BY version DESC LIMIT 1`, id)
	return orZero(row, err, articleVersionRow.version)
}

// LiveArticles gives up to limit of what the bot draws on, in order of language and slug.
func (db *DB) LiveArticles(ctx context.Context, limit int) ([]chat.LiveArticle, error) {
	type both struct {
		articleRow
		Body   string `db:"body"`
		Title  string `db:"live_title"`
		Topics string `db:"live_topics"`
		At     int64  `db:"at"`
	}
	rows, err := selectAll[both](ctx, db.slow, "read live articles", `SELECT a.`+strings.ReplaceAll(list(columnsOf[articleRow]()), ", ", ", a.")+`,
		v.body AS body, v.title AS live_title, v.topics AS live_topics, v.at AS at
		FROM articles a JOIN article_versions v ON v.article = a.id AND v.version = a.live
		WHERE a.live > 0 ORDER BY a.language, a.slug LIMIT ?`, limit)
	return convertAll(rows, err, func(r both) (chat.LiveArticle, error) {
		head, err := r.article()
		if err != nil {
			return chat.LiveArticle{}, err
		}
		v, err := articleVersionRow{Version: r.Live, State: chat.ArticleApproved, Title: r.Title, Body: r.Body, Topics: r.Topics, At: r.At}.version()
		return chat.LiveArticle{Article: head, Version: v}, err
	})
}

// ArticlesRevision gives a number that grows with every version that is no draft: the same number, the same live articles.
func (db *DB) ArticlesRevision(ctx context.Context) (int64, error) {
	type counted struct {
		N int64 `db:"n"`
	}
	row, err := selectOne[counted](ctx, db.read, "count what articles said", `SELECT count(*) AS n FROM article_versions WHERE state <> 'draft'`)
	return row.N, err
}

// SaveArticle stores an article's next version and gives its head. a names id, slug and language; v.Version is one more
// than the newest, 1 for a new article. chat.ErrConflict says that somebody else saved meanwhile, chat.ErrExists that
// another article has the slug in that language.
func (db *DB) SaveArticle(ctx context.Context, a chat.Article, v chat.ArticleVersion) (chat.Article, error) {
	what := fmt.Sprintf("save version %d of article %s", v.Version, a.ID)
	for _, text := range []string{a.Slug, v.Title, v.Body, v.Reason} {
		if err := plain("text", text); err != nil {
			return a, fmt.Errorf("%s: %w", what, err)
		}
	}
	topics, err := json.Marshal(append([]string{}, v.Topics...))
	if err != nil {
		return a, fmt.Errorf("%s: %w", what, err)
	}
	row := articleVersionRow{Article: a.ID, Version: v.Version, State: v.State, Title: v.Title, Body: v.Body, Topics: string(topics),
		Author: v.Author, Reason: v.Reason, At: toMicros(v.At)}
	tx, err := db.write.BeginTxx(ctx, nil)
	if err != nil {
		return a, unavailable(fmt.Errorf("%s: %w", what, err))
	}
	defer tx.Rollback() //nolint:errcheck // after a commit it does nothing, and else the error before it counts
	if err := saveHead(ctx, tx, a, row); err != nil {
		return a, fmt.Errorf("%s: %w", what, err)
	}
	insert := `INSERT INTO article_versions (` + list(columnsOf[articleVersionRow]()) + `) VALUES (` + places(len(columnsOf[articleVersionRow]())) + `)`
	if _, err := tx.ExecContext(ctx, tx.Rebind(insert), valuesOf(row)...); err != nil {
		return a, fmt.Errorf("%s: %w", what, writeError(err))
	}
	var head articleRow
	if err := tx.GetContext(ctx, &head, tx.Rebind(selectArticles+`WHERE id = ?`), a.ID); err != nil {
		return a, unavailable(fmt.Errorf("%s: %w", what, err))
	}
	if err := tx.Commit(); err != nil {
		return a, unavailable(fmt.Errorf("%s: %w", what, err))
	}
	return head.article()
}

// saveHead makes the head of the version, on the condition that the one before is the newest.
func saveHead(ctx context.Context, tx *sqlx.Tx, a chat.Article, v articleVersionRow) error {
	live := map[string]int64{chat.ArticleApproved: v.Version}[v.State]
	if v.Version == 1 {
		head := articleRow{ID: a.ID, Slug: a.Slug, Language: a.Language, Title: v.Title, Topics: v.Topics, State: v.State, Version: 1,
			Live: live, UpdatedAt: v.At, UpdatedBy: v.Author}
		_, err := tx.ExecContext(ctx, tx.Rebind(`INSERT INTO articles (`+list(columnsOf[articleRow]())+`) VALUES (`+places(len(columnsOf[articleRow]()))+`)`), valuesOf(head)...)
		if err != nil {
			return writeError(err)
		}
		return nil
	}
	keep := `CAST(? AS BIGINT)`
	if v.State == chat.ArticleDraft {
		keep = `live + 0 * CAST(? AS BIGINT)`
	}
	r, err := tx.ExecContext(ctx, tx.Rebind(`UPDATE articles SET title = ?, topics = ?, state = ?, version = ?, live = `+keep+`,
		updated_at = ?, updated_by = ? WHERE id = ? AND version = ?`),
		v.Title, v.Topics, v.State, v.Version, live, v.At, v.Author, a.ID, v.Version-1)
	if err != nil {
		return writeError(err)
	}
	n, err := r.RowsAffected()
	if err == nil && n == 0 {
		return chat.ErrConflict
	}
	return err
}
