package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"sync"
	"time"

	"ombud/bot"
	"ombud/bot/knowledge"
	"ombud/chat"
)

// liveArticles is how many articles the bot draws on at most. Their index is in memory.
const liveArticles = 5000

// library is what the bot finds on this node: the live articles, and the script's topics.
type library struct {
	*knowledge.Index
	engine  *bot.Engine
	changed func()

	once     sync.Mutex // one reader of the stored articles at a time
	revision int64      // of what is indexed; -1 before the first
}

// openBot makes the bot and what it draws on.
func (a *app) openBot(ctx context.Context) error {
	index, err := knowledge.NewIndex(nil)
	if err != nil {
		return err
	}
	a.library = &library{Index: index, revision: -1, changed: func() { a.articlesChanged(context.Background()) }}
	if err := a.openScript(ctx); err != nil {
		return err
	}
	a.library.engine = a.engine
	if err := a.importArticles(ctx); err != nil {
		return err
	}
	return a.useArticles(ctx)
}

// Topics lists the script's topics.
func (l *library) Topics() []string {
	out := []string{}
	for _, t := range l.engine.Script().Topics {
		out = append(out, t.ID)
	}
	return out
}

// Changed has the live articles read anew.
func (l *library) Changed() { l.changed() }

// useArticles makes the stored live articles what the bot draws on, where they changed.
func (a *app) useArticles(ctx context.Context) error {
	l := a.library
	l.once.Lock()
	defer l.once.Unlock()
	revision, err := a.db.ArticlesRevision(ctx)
	if err != nil || revision == l.revision {
		return err
	}
	stored, err := a.db.LiveArticles(ctx, liveArticles)
	if err != nil {
		return err
	}
	articles := make([]knowledge.Article, len(stored))
	for i, s := range stored {
		k := knowledge.New(s.Article.Slug, s.Article.Language, s.Version.Title, s.Version.Body)
		k.Key, k.Version, k.Topics, k.UpdatedAt = s.Article.ID, s.Version.Version, s.Version.Topics, s.Version.At
		articles[i] = k
	}
	if err := l.Use(articles); err != nil {
		return err
	}
	l.revision = revision
	if len(articles) == liveArticles {
		a.logger.Warn("only some of the approved articles are used", "most", liveArticles)
	}
	a.logger.Info("articles are live", "count", len(articles))
	return nil
}

// articlesChanged takes up articles that were just saved. Where that goes wrong the next refresh tries again.
func (a *app) articlesChanged(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if err := a.useArticles(ctx); err != nil && !errors.Is(err, context.Canceled) {
		a.logger.Warn("take up the articles", "error", err)
	}
}

// importArticles stores the articles of the folder as approved ones. A file is stored once: as long as it stays as it
// was imported, what admins made of it in the meantime stands.
func (a *app) importArticles(ctx context.Context) error {
	if a.c.Knowledge == "" {
		return nil
	}
	found, err := knowledge.Import(os.DirFS(a.c.Knowledge), a.engine.Script().Fallback)
	if err != nil {
		return err
	}
	saved := 0
	for _, k := range found {
		fresh, err := a.importArticle(ctx, k)
		if err != nil {
			return fmt.Errorf("import article %s: %w", k.ID, err)
		}
		if fresh {
			saved++
		}
	}
	a.logger.Info("articles of the folder", "count", len(found), "saved", saved, "folder", a.c.Knowledge)
	return nil
}

func (a *app) importArticle(ctx context.Context, k knowledge.Article) (saved bool, err error) {
	v := chat.ArticleVersion{Version: 1, State: chat.ArticleApproved, Title: k.Title, Body: k.Markdown, Topics: k.Topics, Reason: "import", At: a.now()}
	head, err := a.db.ArticleBySlug(ctx, k.Language, k.ID)
	switch {
	case errors.Is(err, chat.ErrNotFound):
		head = chat.Article{ID: newID(), Slug: k.ID, Language: k.Language}
	case err != nil:
		return false, err
	default:
		last, err := a.db.LastImport(ctx, head.ID)
		if err != nil && !errors.Is(err, chat.ErrNotFound) {
			return false, err
		}
		if err == nil && last.Title == v.Title && last.Body == v.Body && slices.Equal(last.Topics, v.Topics) {
			return false, nil
		}
		v.Version = head.Version + 1
	}
	_, err = a.db.SaveArticle(ctx, head, v)
	if errors.Is(err, chat.ErrConflict) || errors.Is(err, chat.ErrExists) {
		return false, nil // another node imports the same folder
	}
	return err == nil, err
}
