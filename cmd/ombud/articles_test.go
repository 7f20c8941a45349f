package main

import (
	"log/slog"
	"testing"

	"ombud/bot/knowledge"
	"ombud/chat"
	"ombud/storage/storagetest"
)

// TestArticlesOfAFolderGoLiveAndEditsStand imports one file again and again, as every start does, on two nodes.
func TestArticlesOfAFolderGoLiveAndEditsStand(t *testing.T) {
	db := storagetest.SQLite(t)
	node := func() *app {
		x, err := knowledge.NewIndex(nil)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { x.Close() })
		return &app{db: db, logger: slog.New(slog.DiscardHandler), library: &library{Index: x, revision: -1}}
	}
	one, two := node(), node()
	found := func() string {
		t.Helper()
		text := ""
		for _, a := range []*app{one, two} {
			if err := a.useArticles(t.Context()); err != nil {
				t.Fatal(err)
			}
			ps := a.library.Search(knowledge.Question{Text: "when does my parcel come", Language: "en"}, 1)
			if len(ps) == 0 {
				text += "- "
				continue
			}
			text += ps[0].Text + " "
		}
		return text
	}
	file := func(body string) bool {
		t.Helper()
		k, err := knowledge.Parse("parcels.en.md", []byte("# Parcels\n\n"+body))
		if err != nil {
			t.Fatal(err)
		}
		saved, err := one.importArticle(t.Context(), k)
		if err != nil {
			t.Fatal(err)
		}
		return saved
	}
	edit := func(state, body string) {
		t.Helper()
		head, err := db.ArticleBySlug(t.Context(), "en", "parcels")
		if err != nil {
			t.Fatal(err)
		}
		v := chat.ArticleVersion{Version: head.Version + 1, State: state, Title: "Parcels", Body: body, Author: "u1", At: now()}
		if _, err := db.SaveArticle(t.Context(), head, v); err != nil {
			t.Fatal(err)
		}
	}
	if !file("A parcel comes in days.") || file("A parcel comes in days.") || found() != "A parcel comes in days. A parcel comes in days. " {
		t.Errorf("imported: %q", found())
	}
	edit(chat.ArticleApproved, "A parcel comes soon.")
	if file("A parcel comes in days.") || found() != "A parcel comes soon. A parcel comes soon. " {
		t.Errorf("an edit does not stand over the same file: %q", found())
	}
	edit(chat.ArticleRetired, "A parcel comes soon.")
	if file("A parcel comes in days.") || found() != "- - " {
		t.Errorf("retired: %q", found())
	}
	if !file("A parcel comes in a week.") || found() != "A parcel comes in a week. A parcel comes in a week. " {
		t.Errorf("a changed file: %q", found())
	}
}
