package server

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"ombud/bot/knowledge"
	"ombud/chat"
)

// bookcase keeps articles in memory, as *storage.DB does on disk, and is the library that finds in them.
type bookcase struct {
	*knowledge.Index
	mu       sync.Mutex
	heads    []chat.Article
	versions map[string][]chat.ArticleVersion
	taken    int // how often the live ones were taken up
}

func newBookcase(t *testing.T) *bookcase {
	t.Helper()
	x, err := knowledge.NewIndex(nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := x.Close(); err != nil {
			t.Error(err)
		}
	})
	return &bookcase{Index: x, versions: map[string][]chat.ArticleVersion{}}
}

func (b *bookcase) Topics() []string { return []string{"return_refund"} }

func (b *bookcase) Changed() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.taken++
	var live []knowledge.Article
	for _, a := range b.heads {
		if a.Live > 0 {
			v := b.versions[a.ID][a.Live-1]
			k := knowledge.New(a.Slug, a.Language, v.Title, v.Body)
			k.Key, k.Version = a.ID, v.Version
			live = append(live, k)
		}
	}
	if err := b.Use(live); err != nil {
		panic(err) // of an index in memory
	}
}

func (b *bookcase) find(match func(chat.Article) bool) (chat.Article, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if i := slices.IndexFunc(b.heads, match); i >= 0 {
		return b.heads[i], nil
	}
	return chat.Article{}, chat.ErrNotFound
}

func (b *bookcase) Articles(_ context.Context, f chat.ArticleFilter) ([]chat.Article, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := slices.DeleteFunc(slices.Clone(b.heads), func(a chat.Article) bool {
		return f.State != "" && a.State != f.State || f.Language != "" && a.Language != f.Language || !strings.Contains(a.Title, f.Search) ||
			!f.Before.IsZero() && (a.UpdatedAt.After(f.Before) || a.UpdatedAt.Equal(f.Before) && a.ID >= f.BeforeID)
	})
	slices.SortFunc(out, func(x, y chat.Article) int {
		return cmp.Or(y.UpdatedAt.Compare(x.UpdatedAt), cmp.Compare(y.ID, x.ID))
	})
	return out[:min(len(out), f.Limit)], nil
}

func (b *bookcase) Article(_ context.Context, id string) (chat.Article, error) {
	return b.find(func(a chat.Article) bool { return a.ID == id })
}

func (b *bookcase) ArticleBySlug(_ context.Context, language, slug string) (chat.Article, error) {
	return b.find(func(a chat.Article) bool { return a.Language == language && a.Slug == slug })
}

func (b *bookcase) ArticleVersions(_ context.Context, id string, limit int) ([]chat.ArticleVersion, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := slices.Clone(b.versions[id])
	slices.Reverse(out)
	return out[:min(len(out), limit)], nil
}

func (b *bookcase) ArticleVersion(_ context.Context, id string, version int64) (chat.ArticleVersion, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if all := b.versions[id]; version >= 1 && version <= int64(len(all)) {
		return all[version-1], nil
	}
	return chat.ArticleVersion{}, chat.ErrNotFound
}

func (b *bookcase) SaveArticle(_ context.Context, a chat.Article, v chat.ArticleVersion) (chat.Article, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if v.Version != int64(len(b.versions[a.ID])+1) {
		return a, chat.ErrConflict
	}
	i := slices.IndexFunc(b.heads, func(x chat.Article) bool { return x.ID == a.ID })
	if i < 0 {
		if slices.ContainsFunc(b.heads, func(x chat.Article) bool { return x.Slug == a.Slug && x.Language == a.Language }) {
			return a, chat.ErrExists
		}
		b.heads = append(b.heads, a)
		i = len(b.heads) - 1
	}
	b.versions[a.ID] = append(b.versions[a.ID], v)
	h := &b.heads[i]
	h.Title, h.Topics, h.State, h.Version, h.UpdatedAt, h.UpdatedBy = v.Title, v.Topics, v.State, v.Version, v.At, v.Author
	switch v.State {
	case chat.ArticleApproved:
		h.Live = v.Version
	case chat.ArticleRetired:
		h.Live = 0
	}
	return *h, nil
}

// librarians gives an admin and an agent at a server with articles.
func librarians(t *testing.T) (w *world, b *bookcase, admin, agent *browser) {
	t.Helper()
	b = newBookcase(t)
	w = newNode(t, newMemory(), &wire{}, func(o *Options) { o.Articles, o.Library = b, b })
	as := func(id string, grade chat.Grade) *browser {
		w.addUser(id, grade)
		x := w.browser()
		x.header = http.Header{"Authorization": {"Bearer " + w.addKey(id)}}
		return x
	}
	return w, b, as("boss", chat.GradeAdmin), as("ann", chat.GradeAgent)
}

// field walks into an answer: "article.live".
func field(out map[string]any, path string) any {
	var v any = out
	for _, key := range strings.Split(path, ".") {
		m, ok := v.(map[string]any)
		if !ok {
			return nil
		}
		v = m[key]
	}
	return v
}

func TestAnArticleIsWrittenApprovedFoundAndRetired(t *testing.T) {
	w, b, admin, agent := librarians(t)
	finds := func() int {
		status, out := agent.do("POST", "/api/v1/articles/try", map[string]any{"text": "how long do I have to send it back", "language": "en"})
		if status != 200 {
			t.Fatal(status, out)
		}
		return len(out["passages"].([]any))
	}
	text := map[string]any{"title": "Sending back", "body": "You can **send it back** for 30 days.", "topics": []string{"return_refund"}, "language": "en", "state": "draft"}
	status, out := admin.do("POST", "/api/v1/articles", text)
	id, _ := field(out, "article.id").(string)
	if status != 200 || field(out, "article.slug") != "sending-back" || field(out, "article.live") != 0.0 || finds() != 0 || b.taken != 0 {
		t.Fatalf("draft: %d %v", status, out)
	}
	delete(text, "language")
	text["version"], text["state"], text["reason"] = 2, "approved", "checked"
	if status, out = admin.do("PUT", "/api/v1/articles/"+id, text); status != 200 || field(out, "article.live") != 2.0 || finds() != 1 {
		t.Fatalf("approved: %d %v", status, out)
	}
	if status, out = admin.do("PUT", "/api/v1/articles/"+id, text); status != 422 && status != 400 || out["field"] != "version" {
		t.Errorf("the same version again: %d %v", status, out)
	}
	text["version"], text["state"] = 3, "retired"
	if status, out = admin.do("PUT", "/api/v1/articles/"+id, text); status != 200 || field(out, "article.live") != 0.0 || finds() != 0 {
		t.Errorf("retired: %d %v", status, out)
	}
	if status, out = agent.do("GET", "/api/v1/articles/"+id, nil); status != 200 || len(out["versions"].([]any)) != 3 || field(out, "newest.body") != text["body"] {
		t.Errorf("read: %d %v", status, out)
	}
	if status, out = agent.do("GET", "/api/v1/articles/"+id+"/versions/1", nil); status != 200 || out["state"] != "draft" {
		t.Errorf("version: %d %v", status, out)
	}
	var what []string
	w.mem.mu.Lock()
	for _, e := range w.mem.audit {
		what = append(what, e.What)
	}
	w.mem.mu.Unlock()
	if got := strings.Join(what, " "); !strings.Contains(got, "article.save article.approve article.retire") {
		t.Errorf("audited %s", got)
	}
}

func TestArticlesThatAreNoneAreRefused(t *testing.T) {
	_, b, admin, _ := librarians(t)
	good := func() map[string]any {
		return map[string]any{"title": "T", "body": "words", "language": "en", "state": "approved"}
	}
	admin.do("POST", "/api/v1/articles", good())
	for what, c := range map[string]struct {
		key   string
		value any
		field string
	}{
		"no words":          {"body", "# only a heading", "body"},
		"blank":             {"body", " \n ", "body"},
		"control":           {"body", "a\x00b", "body"},
		"bidi in the title": {"title", "a\u202eb", "title"},
		"a bad slug":        {"slug", "../x", "slug"},
		"the slug is taken": {"slug", "t", "slug"},
		"a bad topic":       {"topics", []string{"No Topic"}, "topics"},
		"retired at once":   {"state", "retired", "state"},
		"no such state":     {"state", "live", "state"},
		"unknown field":     {"author", "x", "author"},
		"language":          {"language", "english", "language"},
	} {
		body := good()
		body[c.key] = c.value
		status, out := admin.do("POST", "/api/v1/articles", body)
		if status < 400 || status >= 500 || out["field"] != c.field {
			t.Errorf("%s: %d %v", what, status, out)
		}
	}
	if len(b.heads) != 1 {
		t.Errorf("%d articles are stored", len(b.heads))
	}
}

func TestSeveralFilesAreImportedAndOneBadOneKeepsNoOtherOut(t *testing.T) {
	_, b, admin, agent := librarians(t)
	files := []map[string]any{
		{"name": "help/returns.hu.md", "text": "---\ntopic: return_refund\n---\n# Visszaküldés\n\nHarminc napig küldheti vissza."},
		{"name": "shipping.md", "text": "# Shipping\n\nParcels come within days."},
		{"name": "bad.md", "text": "---\ntitel: typo\n---\nx"},
	}
	send := func() []any {
		status, out := admin.do("POST", "/api/v1/articles/import", map[string]any{"language": "en", "state": "approved", "files": files})
		if status != 200 {
			t.Fatal(status, out)
		}
		return out["files"].([]any)
	}
	outcomes := func(all []any) string {
		var got []string
		for _, f := range all {
			got = append(got, f.(map[string]any)["outcome"].(string))
		}
		return strings.Join(got, " ")
	}
	first := send()
	if got := outcomes(first); got != "new new refused" || first[2].(map[string]any)["error"] == "" || b.taken != 1 {
		t.Errorf("%s %v", got, first)
	}
	if got := outcomes(send()); got != "same same refused" || b.taken != 1 {
		t.Errorf("again: %s", got)
	}
	files[1]["text"] = "# Shipping\n\nParcels come within two days."
	if got := outcomes(send()); got != "same changed refused" {
		t.Errorf("changed: %s", got)
	}
	hu, err := b.ArticleBySlug(context.Background(), "hu", "help/returns")
	if err != nil || hu.Live != 1 || !slices.Equal(hu.Topics, []string{"return_refund"}) {
		t.Errorf("%+v %v", hu, err)
	}
	_, out := agent.do("GET", "/api/v1/articles?limit=1", nil)
	seen := len(out["articles"].([]any))
	for next, _ := out["next"].(string); next != ""; next, _ = out["next"].(string) {
		_, out = agent.do("GET", "/api/v1/articles?limit=1&after="+strings.ReplaceAll(next, " ", "%20"), nil)
		seen += len(out["articles"].([]any))
	}
	if seen != 2 {
		t.Errorf("%d articles in pages of one", seen)
	}
}
