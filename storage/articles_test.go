package storage_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func TestArticles(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx, day := open(), t.Context(), start.Truncate(time.Microsecond)
		a := chat.Article{ID: "a1", Slug: "returns/how-long", Language: "hu"}
		version := func(n int64, state, body string) chat.ArticleVersion {
			return chat.ArticleVersion{Version: n, State: state, Title: "Visszaküldés " + body, Body: body, Topics: []string{"return_refund"}, Author: "u1", Reason: "r", At: day.Add(time.Duration(n) * time.Minute)}
		}
		live := func() string {
			all := must(db.LiveArticles(ctx, 10))(t)
			if len(all) == 0 {
				return ""
			}
			return fmt.Sprint(len(all), " ", all[0].Version.Version, " ", all[0].Version.Body, " ", all[0].Version.Title, " ", all[0].Article.Slug, all[0].Version.Topics)
		}
		head := must(db.SaveArticle(ctx, a, version(1, chat.ArticleDraft, "one")))(t)
		same(t, "new", head, chat.Article{ID: "a1", Slug: a.Slug, Language: "hu", Title: "Visszaküldés one", Topics: []string{"return_refund"}, State: "draft", Version: 1, UpdatedAt: day.Add(time.Minute), UpdatedBy: "u1"})
		same(t, "a draft is not live", live(), "")
		before := must(db.ArticlesRevision(ctx))(t)
		must(db.SaveArticle(ctx, a, version(2, chat.ArticleApproved, "two")))(t)
		want := "1 2 two Visszaküldés two returns/how-long[return_refund]"
		same(t, "approved", live(), want)
		if after := must(db.ArticlesRevision(ctx))(t); after <= before {
			t.Errorf("revision %d after %d", after, before)
		}
		head = must(db.SaveArticle(ctx, a, version(3, chat.ArticleDraft, "three")))(t)
		same(t, "a draft above keeps it live", live(), want)
		same(t, "head", []any{head.Live, head.Version, head.State}, []any{int64(2), int64(3), "draft"})
		_, err := db.SaveArticle(ctx, a, version(3, chat.ArticleApproved, "late"))
		refused(t, "second of two at once", err, chat.ErrConflict)
		_, err = db.SaveArticle(ctx, chat.Article{ID: "a2", Slug: a.Slug, Language: "hu"}, version(1, chat.ArticleDraft, "x"))
		refused(t, "slug twice", err, chat.ErrExists)
		must(db.SaveArticle(ctx, chat.Article{ID: "a2", Slug: a.Slug, Language: "en"}, version(1, chat.ArticleApproved, "en")))(t)
		must(db.SaveArticle(ctx, a, version(4, chat.ArticleRetired, "two")))(t)
		same(t, "retired", len(must(db.LiveArticles(ctx, 10))(t)), 1)
		list := must(db.ArticleVersions(ctx, "a1", 3))(t)
		same(t, "versions", []any{len(list), list[0].Version, list[0].Body, list[2].State}, []any{3, int64(4), "", "approved"})
		same(t, "version", must(db.ArticleVersion(ctx, "a1", 2))(t), version(2, chat.ArticleApproved, "two"))
		same(t, "by slug", must(db.ArticleBySlug(ctx, "hu", a.Slug))(t).ID, "a1")
		_, err = db.LastImport(ctx, "a1")
		refused(t, "never imported", err, chat.ErrNotFound)
		v := version(5, chat.ArticleApproved, "from a folder")
		v.Author = ""
		must(db.SaveArticle(ctx, a, v))(t)
		same(t, "import", must(db.LastImport(ctx, "a1"))(t), v)
		for _, err := range []error{second(db.Article(ctx, "none")), second(db.ArticleVersion(ctx, "a1", 9)), second(db.ArticleBySlug(ctx, "fr", a.Slug))} {
			refused(t, "none", err, chat.ErrNotFound)
		}
	})
}

func second[T any](_ T, err error) error { return err }

// TestTitlesAreFoundAlike looks for letters that the databases fold in different ways.
func TestTitlesAreFoundAlike(t *testing.T) {
	titles := map[string]string{"a1": "Árvíztűrő VISSZAKÜLDÉS", "a2": "Straße und Maß", "a3": "退货 Rückgabe 100%", "a4": "ČŠŽ Vračilo", "a5": "Ordinary_title"}
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		for id, title := range titles {
			must(db.SaveArticle(ctx, chat.Article{ID: id, Slug: "slug/" + id, Language: "en"}, chat.ArticleVersion{Version: 1, State: "draft", Title: title, Body: "b", At: start}))(t)
		}
		for search, want := range map[string]string{
			"ÁRVÍZTŰRŐ": "a1", "arvizturo vissza": "a1", "küldés": "a1", "STRASSE": "a2", "maß": "a2", "退货": "a3", "0%": "a3", "čšž": "a4", "csz v": "a4",
			"_": "a5", "%": "a3", "SLUG/A2": "a2", "nothing": "",
		} {
			got := ""
			for _, a := range must(db.Articles(ctx, chat.ArticleFilter{Search: search, Limit: 10}))(t) {
				got += a.ID
			}
			same(t, search, got, want)
		}
		same(t, "a page of many", len(must(db.Articles(ctx, chat.ArticleFilter{Search: "slug", Limit: 3}))(t)), 3)
	})
}

func TestArticlesAreListedByPages(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx, day := open(), t.Context(), start.Truncate(time.Microsecond)
		for i := range 7 {
			a := chat.Article{ID: fmt.Sprint("a", i), Slug: fmt.Sprint("slug_", i), Language: map[bool]string{true: "en", false: "hu"}[i%2 == 0]}
			v := chat.ArticleVersion{Version: 1, State: map[bool]string{true: "draft", false: "approved"}[i < 3], Title: fmt.Sprint("Title 100% ", i), Body: "b", At: day.Add(time.Duration(i/2) * time.Minute)}
			must(db.SaveArticle(ctx, a, v))(t)
		}
		seen := ""
		f := chat.ArticleFilter{Limit: 2}
		for {
			page := must(db.Articles(ctx, f))(t)
			if len(page) == 0 {
				break
			}
			for _, a := range page {
				seen += a.ID
			}
			f.Before, f.BeforeID = page[len(page)-1].UpdatedAt, page[len(page)-1].ID
		}
		same(t, "pages", seen, "a6a5a4a3a2a1a0")
		for want, f := range map[int]chat.ArticleFilter{
			3: {State: "draft"}, 4: {Language: "en"}, 2: {Language: "en", State: "draft"}, 1: {Search: "TITLE 100% 3"}, 7: {Search: "lug_"}, 0: {Search: "slugx"},
		} {
			f.Limit = 10
			same(t, fmt.Sprint(f), len(must(db.Articles(ctx, f))(t)), want)
		}
		var wg sync.WaitGroup
		wins := make(chan error, 8)
		for range 8 {
			wg.Go(func() {
				_, err := db.SaveArticle(ctx, chat.Article{ID: "a0"}, chat.ArticleVersion{Version: 2, State: "approved", Title: "t", Body: "b", At: day})
				wins <- err
			})
		}
		wg.Wait()
		close(wins)
		won := 0
		for err := range wins {
			if err == nil {
				won++
			} else {
				refused(t, "late", err, chat.ErrConflict)
			}
		}
		same(t, "winners", won, 1)
	})
}
