package server

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"ombud/bot/knowledge"
	"ombud/chat"
	"ombud/server/frame"
)

const (
	longestArticle  = 100_000 // characters of Markdown
	longestTitle    = 200
	versionsShown   = 100
	importBody      = 8 << 20 // of all files of one import
	passagesOfATry  = 8
	articlePageSize = 50
)

type articlesIn struct {
	State    string `query:"state" enum:"draft,approved,retired" doc:"of the newest version; default all"`
	Language string `query:"language" maxLength:"2" doc:"default all"`
	Search   string `query:"search" maxLength:"100" doc:"words of the title, or a part of the slug"`
	After    string `query:"after" maxLength:"120" doc:"next, as the page before gave it"`
	Limit    int    `query:"limit" minimum:"1" maximum:"100" doc:"default 50"`
}

type articlesOut struct {
	Body struct {
		Articles []chat.Article `json:"articles" doc:"last changed first"`
		Next     string         `json:"next,omitempty" doc:"after, for the page that follows; left out on the last"`
		Topics   []string       `json:"topics" doc:"topics of the script, to choose from"`
	}
}

type articleIn struct {
	ID string `path:"id" maxLength:"64"`
}

type articleVersionIn struct {
	ID      string `path:"id" maxLength:"64"`
	Version int64  `path:"version" minimum:"1"`
}

type articleOut struct {
	Body struct {
		Article  chat.Article          `json:"article"`
		Newest   chat.ArticleVersion   `json:"newest" doc:"with its body"`
		Versions []chat.ArticleVersion `json:"versions" doc:"the last 100 without their bodies, newest first"`
	}
}

type articleVersionOut struct{ Body chat.ArticleVersion }

// ArticleText is what an admin writes: one version of an article. It is exported for the schema alone.
type ArticleText struct {
	Title  string   `json:"title" minLength:"1" maxLength:"200"`
	Body   string   `json:"body" minLength:"1" maxLength:"100000" doc:"Markdown"`
	Topics []string `json:"topics,omitempty" maxItems:"20" doc:"topics of the script that it belongs to"`
	State  string   `json:"state" enum:"draft,approved,retired" doc:"approved: the bot draws on it from the next turn on; retired: on no version"`
	Reason string   `json:"reason,omitempty" maxLength:"500" doc:"why"`
}

type newArticleIn struct {
	Body struct {
		Slug     string `json:"slug,omitempty" maxLength:"120" doc:"what an import knows it by; made from the title where left out"`
		Language string `json:"language" pattern:"^[a-z]{2}$" doc:"ISO 639-1; it stays"`
		ArticleText
	}
}

type saveArticleIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Version int64 `json:"version" minimum:"2" doc:"the number it shall have: one above the newest, else conflict"`
		ArticleText
	}
}

type tryIn struct {
	Body struct {
		Text     string `json:"text" minLength:"1" maxLength:"1000" doc:"a question as a customer would ask it"`
		Language string `json:"language" pattern:"^[a-z]{2}$"`
	}
}

type tryOut struct {
	Body struct {
		Passages []knowledge.Passage `json:"passages" doc:"the best first; of live articles only"`
	}
}

func (s *Server) articleRoutes(api huma.API) {
	agent, admin := chat.GradeAgent, chat.GradeAdmin
	large := func(path, id, summary string, most int64) huma.Operation {
		o := op(http.MethodPost, path, id, tagAdmin, summary)
		o.MaxBodyBytes = most
		return o
	}
	save := op(http.MethodPut, "/articles/{id}", "save-article", tagAdmin, "Save an article's next version: a draft, an approved one, or its retirement")
	save.MaxBodyBytes = largestBody
	register(s, api, op(http.MethodGet, "/articles", "articles", tagWork, "The knowledge articles, last changed first"), agent, s.listArticles)
	register(s, api, op(http.MethodGet, "/articles/{id}", "article", tagWork, "An article with its newest version and its history"), agent, s.article)
	register(s, api, op(http.MethodGet, "/articles/{id}/versions/{version}", "article-version", tagWork, "One version of an article"), agent, s.articleVersion)
	register(s, api, large("/articles", "new-article", "Write a new article", largestBody), admin, s.newArticle)
	register(s, api, save, admin, s.saveArticle)
	register(s, api, large("/articles/import", "import-articles", "Import Markdown files, each an article", importBody), admin, s.importArticles)
	register(s, api, op(http.MethodPost, "/articles/try", "try-articles", tagWork, "Which passages the bot finds for a question"), agent, s.tryArticles)
}

func (s *Server) articles() (Articles, error) {
	if s.o.Articles == nil {
		return nil, chat.ErrUnavailable
	}
	return s.o.Articles, nil
}

func (s *Server) listArticles(ctx context.Context, _ chat.User, in *articlesIn) (*articlesOut, error) {
	store, err := s.articles()
	if err != nil {
		return nil, err
	}
	f := chat.ArticleFilter{State: in.State, Language: in.Language, Search: strings.TrimSpace(in.Search), Limit: in.Limit}
	if f.Limit == 0 {
		f.Limit = articlePageSize
	}
	if in.After != "" {
		if f.Before, f.BeforeID, err = fromCursor("after", in.After); err != nil {
			return nil, err
		}
	}
	f.Limit++
	all, err := store.Articles(ctx, f)
	out := &articlesOut{}
	if len(all) == f.Limit {
		all = all[:f.Limit-1]
		last := all[len(all)-1]
		out.Body.Next = cursor(last.UpdatedAt, last.ID)
	}
	out.Body.Articles, out.Body.Topics = append([]chat.Article{}, all...), []string{}
	if s.o.Library != nil {
		out.Body.Topics = s.o.Library.Topics()
	}
	return out, err
}

func (s *Server) article(ctx context.Context, _ chat.User, in *articleIn) (*articleOut, error) {
	store, err := s.articles()
	if err != nil {
		return nil, err
	}
	a, err := store.Article(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.shownArticle(ctx, store, a)
}

func (s *Server) shownArticle(ctx context.Context, store Articles, a chat.Article) (*articleOut, error) {
	out := &articleOut{}
	out.Body.Article = a
	var err error
	if out.Body.Newest, err = store.ArticleVersion(ctx, a.ID, a.Version); err != nil {
		return nil, err
	}
	versions, err := store.ArticleVersions(ctx, a.ID, versionsShown)
	out.Body.Versions = append([]chat.ArticleVersion{}, versions...)
	return out, err
}

func (s *Server) articleVersion(ctx context.Context, _ chat.User, in *articleVersionIn) (*articleVersionOut, error) {
	store, err := s.articles()
	if err != nil {
		return nil, err
	}
	v, err := store.ArticleVersion(ctx, in.ID, in.Version)
	return &articleVersionOut{v}, err
}

func (s *Server) newArticle(ctx context.Context, by chat.User, in *newArticleIn) (*articleOut, error) {
	store, err := s.articles()
	if err != nil {
		return nil, err
	}
	if in.Body.State == chat.ArticleRetired {
		return nil, &chat.InvalidError{Field: "state", Code: "invalid", Hint: "Begin with a draft or an approved version."}
	}
	a := chat.Article{ID: s.o.NewID(), Slug: in.Body.Slug, Language: in.Body.Language}
	if a.Slug == "" {
		a.Slug = knowledge.Slug(in.Body.Title)
		if a.Slug == "" { // of a title that has no letters for it
			a.Slug = "article-" + a.ID
		}
	}
	return s.keepArticle(ctx, by, store, a, 1, in.Body.ArticleText)
}

func (s *Server) saveArticle(ctx context.Context, by chat.User, in *saveArticleIn) (*articleOut, error) {
	store, err := s.articles()
	if err != nil {
		return nil, err
	}
	a, err := store.Article(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return s.keepArticle(ctx, by, store, a, in.Body.Version, in.Body.ArticleText)
}

// keepArticle checks and saves a version, and has every node take it up if visitors may notice.
func (s *Server) keepArticle(ctx context.Context, by chat.User, store Articles, a chat.Article, version int64, t ArticleText) (*articleOut, error) {
	head, err := s.storeArticle(ctx, by, store, a, version, t)
	if err != nil {
		return nil, err
	}
	if t.State != chat.ArticleDraft {
		s.articlesChanged(head.ID)
	}
	return s.shownArticle(ctx, store, head)
}

func (s *Server) articlesChanged(id string) {
	s.publish("articles", id)
	if s.o.Library != nil {
		s.o.Library.Changed()
	}
}

func (s *Server) storeArticle(ctx context.Context, by chat.User, store Articles, a chat.Article, version int64, t ArticleText) (chat.Article, error) {
	if err := checkArticle(a, t); err != nil {
		return a, err
	}
	head, err := store.SaveArticle(ctx, a, chat.ArticleVersion{
		Version: version, State: t.State, Title: t.Title, Body: t.Body, Topics: t.Topics, Author: by.ID, Reason: t.Reason, At: s.now(),
	})
	switch {
	case errors.Is(err, chat.ErrConflict):
		return a, &chat.InvalidError{Field: "version", Code: "conflict", Hint: "Somebody saved it meanwhile: look at the newest version, then save yours above it."}
	case errors.Is(err, chat.ErrExists):
		return a, &chat.InvalidError{Field: "slug", Code: "taken", Hint: "Another article has that slug in this language: choose another."}
	case err != nil:
		return a, err
	}
	s.audit(ctx, by, "article."+map[string]string{chat.ArticleDraft: "save", chat.ArticleApproved: "approve", chat.ArticleRetired: "retire"}[t.State],
		head.ID, map[string]any{"version": version, "slug": head.Slug, "language": head.Language, "title": t.Title, "reason": t.Reason})
	return head, nil
}

var topicShape = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,63}$`)

// checkArticle says what is wrong with what an admin wrote: *chat.InvalidError or *frame.Problem.
func checkArticle(a chat.Article, t ArticleText) error {
	for _, p := range []*frame.Problem{
		frame.CheckText("title", t.Title, longestTitle), frame.CheckLine("title", t.Title, longestTitle),
		frame.CheckText("body", t.Body, longestArticle), frame.CheckLine("reason", t.Reason, 500),
	} {
		if p != nil {
			return p
		}
	}
	for _, topic := range t.Topics {
		if !topicShape.MatchString(topic) {
			return &chat.InvalidError{Field: "topics", Code: "topic", Hint: "Use topics of the script, such as return_refund."}
		}
	}
	if err := knowledge.New(a.Slug, a.Language, t.Title, t.Body).Check(); err != nil {
		field := "body"
		if errors.Is(err, knowledge.ErrSlug) {
			field = "slug"
		}
		return &chat.InvalidError{Field: field, Code: "article", Hint: sentence(strings.TrimPrefix(err.Error(), knowledge.ErrArticle.Error()+": "))}
	}
	return nil
}

func (s *Server) tryArticles(_ context.Context, _ chat.User, in *tryIn) (*tryOut, error) {
	if s.o.Library == nil {
		return nil, chat.ErrUnavailable
	}
	if p := frame.CheckText("text", in.Body.Text, 1000); p != nil {
		return nil, p
	}
	out := &tryOut{}
	found := s.o.Library.Search(knowledge.Question{Text: in.Body.Text, Language: in.Body.Language}, passagesOfATry)
	out.Body.Passages = append([]knowledge.Passage{}, found...)
	return out, nil
}

type importIn struct {
	Body struct {
		Language string `json:"language" pattern:"^[a-z]{2}$" doc:"of files that do not say theirs in front matter or name (returns.hu.md)"`
		State    string `json:"state" enum:"draft,approved"`
		Files    []struct {
			Name string `json:"name" minLength:"1" maxLength:"200" doc:"with its path, such as returns/how-long.hu.md"`
			Text string `json:"text" maxLength:"262144" doc:"Markdown, with or without front matter"`
		} `json:"files" minItems:"1" maxItems:"200"`
	}
}

type importOut struct {
	Body struct {
		Files []importedFile `json:"files" doc:"what became of each, in the same order"`
	}
}

type importedFile struct {
	Name    string `json:"name"`
	Article string `json:"article,omitempty" doc:"id, where there is an article now"`
	Outcome string `json:"outcome" enum:"new,changed,same,refused"`
	Error   string `json:"error,omitempty" doc:"why it was refused"`
}

// importArticles saves every file that is an article; one that is not keeps no other from being saved.
func (s *Server) importArticles(ctx context.Context, by chat.User, in *importIn) (*importOut, error) {
	store, err := s.articles()
	if err != nil {
		return nil, err
	}
	out := &importOut{}
	for _, f := range in.Body.Files {
		a, outcome, err := s.importArticle(ctx, by, store, f.Name, f.Text, in.Body.Language, in.Body.State)
		if errors.Is(err, chat.ErrUnavailable) {
			return nil, err
		}
		file := importedFile{Name: f.Name, Article: a.ID, Outcome: outcome}
		if err != nil {
			e := asAPIError(err)
			file.Outcome, file.Article, file.Error = "refused", "", strings.TrimSpace(e.Message+" "+e.Hint)
		}
		out.Body.Files = append(out.Body.Files, file)
	}
	changed := func(f importedFile) bool { return f.Outcome == "new" || f.Outcome == "changed" }
	if in.Body.State == chat.ArticleApproved && slices.ContainsFunc(out.Body.Files, changed) {
		s.articlesChanged("import")
	}
	return out, nil
}

func (s *Server) importArticle(ctx context.Context, by chat.User, store Articles, name, text, language, state string) (chat.Article, string, error) {
	k, err := knowledge.Parse(name, []byte(text))
	if err != nil {
		return chat.Article{}, "", &chat.InvalidError{Field: name, Code: "article", Hint: sentence(err.Error())}
	}
	if k.Language == "" {
		k.Language = language
	}
	t := ArticleText{Title: k.Title, Body: k.Markdown, Topics: k.Topics, State: state, Reason: "import"}
	a, err := store.ArticleBySlug(ctx, k.Language, k.ID)
	if errors.Is(err, chat.ErrNotFound) {
		a, err = s.storeArticle(ctx, by, store, chat.Article{ID: s.o.NewID(), Slug: k.ID, Language: k.Language}, 1, t)
		return a, "new", err
	}
	if err != nil {
		return a, "", err
	}
	v, err := store.ArticleVersion(ctx, a.ID, a.Version)
	if err != nil {
		return a, "", err
	}
	if v.Title == t.Title && v.Body == t.Body && slices.Equal(v.Topics, t.Topics) && (v.State == state || state == chat.ArticleDraft) {
		return a, "same", nil
	}
	a, err = s.storeArticle(ctx, by, store, a, a.Version+1, t)
	return a, "changed", err
}
