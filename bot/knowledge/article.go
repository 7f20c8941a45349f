package knowledge

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml"
)

// Article is one text that the bot may draft from, once it is approved.
type Article struct {
	ID        string   // unique in its language, e.g. "returns/how-long"
	Key       string   // the store's id, "" for one that is not stored
	Version   int64    // the store's
	Language  string   // ISO 639-1
	Topics    []string // topics of the script that it belongs to
	Title     string
	Markdown  string // as it was written, without front matter
	Text      string // plain text: paragraphs between empty lines, a heading on a line of its own after "# "
	UpdatedAt time.Time
}

// New makes an article of Markdown that has no front matter. Check tells whether it may be kept.
func New(id, language, title, markdown string) Article {
	return Article{ID: id, Language: language, Title: title, Markdown: markdown, Text: plain(markdown)}
}

// maxArticle is the size of a file, in bytes, above which it is no article.
const maxArticle = 256 << 10

// ErrArticle is why a text is no article; the file and the reason stand around it. ErrSlug is one of the reasons.
var (
	ErrArticle = errors.New("not an article")
	ErrSlug    = fmt.Errorf("%w: its id", ErrArticle)
)

// Import reads every *.md file below fsys, in order of path. A file that begins with a dot or is named
// README.md is left out. The error joins all that is wrong; then nothing is imported.
func Import(fsys fs.FS, defaultLanguage string) ([]Article, error) {
	var all []Article
	var bad []error
	seen := map[string]string{}
	err := fs.WalkDir(fsys, ".", func(name string, e fs.DirEntry, err error) error {
		base := path.Base(name)
		switch {
		case err != nil:
			return err
		case strings.HasPrefix(base, ".") && base != "." && e.IsDir():
			return fs.SkipDir
		case e.IsDir(), strings.HasPrefix(base, "."), base == "README.md", path.Ext(base) != ".md":
			return nil
		}
		a, err := read(fsys, name, defaultLanguage)
		if err != nil {
			bad = append(bad, fmt.Errorf("%s: %w", name, err))
			return nil
		}
		key := a.Language + " " + a.ID
		if other, taken := seen[key]; taken {
			bad = append(bad, fmt.Errorf("%s: %w: %s has the id %q in %q already", name, ErrArticle, other, a.ID, a.Language))
		}
		seen[key] = name
		all = append(all, a)
		return nil
	})
	if err = errors.Join(append(bad, err)...); err != nil {
		return nil, fmt.Errorf("import articles: %w", err)
	}
	return all, nil
}

func read(fsys fs.FS, name, defaultLanguage string) (Article, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil {
		return Article{}, err
	}
	if info.Size() > maxArticle {
		return Article{}, fmt.Errorf("%w: %d bytes are more than %d", ErrArticle, info.Size(), maxArticle)
	}
	data, err := fs.ReadFile(fsys, name)
	if err != nil {
		return Article{}, err
	}
	a, err := Parse(name, data)
	if err != nil {
		return Article{}, err
	}
	if a.Language == "" {
		a.Language = defaultLanguage
	}
	if a.UpdatedAt.IsZero() {
		a.UpdatedAt = info.ModTime().UTC()
	}
	return a, nil
}

// front is the optional block between two lines of three dashes. An unknown key is an error.
type front struct {
	ID       string   `yaml:"id"`
	Language string   `yaml:"language"`
	Topic    string   `yaml:"topic"`
	Topics   []string `yaml:"topics"`
	Title    string   `yaml:"title"`
	Updated  string   `yaml:"updated"` // 2026-03-04 or RFC 3339
}

var (
	idShape   = regexp.MustCompile(`^[a-z0-9][a-z0-9._/-]{0,119}$`)
	langShape = regexp.MustCompile(`^[a-z]{2}$`)
	notID     = regexp.MustCompile(`[^a-z0-9._/-]+`)
)

// Parse reads one article. Without front matter the id is the path without its extension, the language is
// the last two letters of "name.hu.md" and the title is the first heading; what is not said stays empty.
func Parse(name string, data []byte) (Article, error) {
	if !utf8.Valid(data) || bytes.IndexByte(data, 0) >= 0 {
		return Article{}, fmt.Errorf("%w: it is not UTF-8 text", ErrArticle)
	}
	text := strings.ReplaceAll(strings.TrimPrefix(string(data), "\ufeff"), "\r\n", "\n")
	var f front
	if rest, ok := strings.CutPrefix(text, "---\n"); ok {
		block, body, closed := strings.Cut("\n"+rest, "\n---\n")
		if !closed {
			return Article{}, fmt.Errorf("%w: the front matter has no end", ErrArticle)
		}
		if err := yaml.UnmarshalWithOptions([]byte(block), &f, yaml.Strict()); err != nil {
			return Article{}, fmt.Errorf("%w: front matter: %w", ErrArticle, err)
		}
		text = body
	}
	stem := strings.ToLower(strings.TrimSuffix(name, path.Ext(name)))
	if lang := strings.TrimPrefix(path.Ext(stem), "."); langShape.MatchString(lang) {
		stem = strings.TrimSuffix(stem, path.Ext(stem))
		f.Language = first(f.Language, lang)
	}
	a := New(first(f.ID, strings.Trim(notID.ReplaceAllString(stem, "-"), "-/.")), f.Language, "", strings.TrimSpace(text))
	a.Title = first(f.Title, heading(a.Text), a.ID)
	a.Topics = f.Topics
	if f.Topic != "" && !slices.Contains(f.Topics, f.Topic) {
		a.Topics = append([]string{f.Topic}, f.Topics...)
	}
	if err := a.Check(); err != nil {
		return a, err
	}
	return a, a.dated(f.Updated)
}

// Slug makes an id of a title: its letters and digits without accents, "" if that leaves nothing.
func Slug(title string) string {
	slug := notID.ReplaceAllString(fold(title), "-")
	return strings.Trim(slug[:min(len(slug), 100)], "-/.")
}

// Check tells why an article may not be kept: ErrArticle, or ErrSlug.
func (a Article) Check() error {
	switch {
	case !idShape.MatchString(a.ID):
		return fmt.Errorf("%w %q is not of lower-case letters, digits and . _ / -", ErrSlug, a.ID)
	case len(a.Markdown) > maxArticle:
		return fmt.Errorf("%w: %d bytes are more than %d", ErrArticle, len(a.Markdown), maxArticle)
	case a.Language != "" && !langShape.MatchString(a.Language):
		return fmt.Errorf("%w: the language %q is no code of two letters", ErrArticle, a.Language)
	case !slices.ContainsFunc(strings.Split(a.Text, "\n"), isBody):
		return fmt.Errorf("%w: it has no text", ErrArticle)
	}
	return nil
}

// dated takes up when an article was last changed, where it says so.
func (a *Article) dated(updated string) error {
	if updated == "" {
		return nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, updated); err == nil {
			a.UpdatedAt = t.UTC()
			return nil
		}
	}
	return fmt.Errorf("%w: updated: %q is no date such as 2026-03-04", ErrArticle, updated)
}

func isBody(line string) bool { return strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "# ") }

func heading(text string) string {
	for _, line := range strings.Split(text, "\n") {
		if h, ok := strings.CutPrefix(line, "# "); ok {
			return h
		}
	}
	return ""
}

func first(texts ...string) string {
	for _, s := range texts {
		if s != "" {
			return s
		}
	}
	return ""
}
