package chat

import "time"

// The states of an article's version. The newest version that is no draft decides what the bot knows: approved, it
// draws on that version; retired, on none. A draft above it changes nothing for visitors.
const (
	ArticleDraft    = "draft"
	ArticleApproved = "approved"
	ArticleRetired  = "retired"
)

// Article is the head of a knowledge article in one language, as its newest version has it.
type Article struct {
	ID        string    `json:"id"`
	Slug      string    `json:"slug"`     // unique in its language, e.g. returns/how-long: what an import knows it by
	Language  string    `json:"language"` // ISO 639-1
	Title     string    `json:"title"`
	Topics    []string  `json:"topics"` // topics of the script that it belongs to
	State     string    `json:"state"`  // of the newest version
	Version   int64     `json:"version"`
	Live      int64     `json:"live"` // the version that the bot draws on; 0: none
	UpdatedAt time.Time `json:"updated_at"`
	UpdatedBy string    `json:"updated_by,omitempty"` // User.ID; "" for an import at the start
}

// ArticleVersion is one saved version of an article. Versions count from 1 without gaps and never change.
type ArticleVersion struct {
	Version int64     `json:"version"`
	State   string    `json:"state"`
	Title   string    `json:"title"`
	Body    string    `json:"body,omitempty"` // Markdown; left out of lists
	Topics  []string  `json:"topics"`
	Author  string    `json:"author,omitempty"` // User.ID; "" for an import at the start
	Reason  string    `json:"reason,omitempty"` // why, in the author's words
	At      time.Time `json:"at"`
}

// LiveArticle is what the bot draws on.
type LiveArticle struct {
	Article Article
	Version ArticleVersion // the live one
}

// ArticleFilter chooses articles of a list.
type ArticleFilter struct {
	State    string // of the newest version; "" for all
	Language string // "" for all
	Search   string // stands in title or slug, in any case; "" for all
	Limit    int
	// Before is the UpdatedAt and id of the last article of the page before; zero for the first page.
	Before   time.Time
	BeforeID string
}

// Cited is a passage of an article that a model's words rest on.
type Cited struct {
	Passage string `json:"passage"`           // the article's slug, "#" and the passage's number from 1
	Article string `json:"article,omitempty"` // Article.ID; "" for one that is not stored
	Version int64  `json:"version,omitempty"`
	Title   string `json:"title"`
}
