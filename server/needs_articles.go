package server

import (
	"context"

	"ombud/bot/knowledge"
	"ombud/chat"
)

// Articles keeps the knowledge articles with all their versions. Implemented by *storage.DB.
type Articles interface {
	Articles(ctx context.Context, f chat.ArticleFilter) ([]chat.Article, error)
	Article(ctx context.Context, id string) (chat.Article, error)
	ArticleBySlug(ctx context.Context, language, slug string) (chat.Article, error)
	ArticleVersions(ctx context.Context, id string, limit int) ([]chat.ArticleVersion, error)
	ArticleVersion(ctx context.Context, id string, version int64) (chat.ArticleVersion, error)
	// SaveArticle fails with chat.ErrConflict where somebody else saved meanwhile, with chat.ErrExists where the slug is taken.
	SaveArticle(ctx context.Context, a chat.Article, v chat.ArticleVersion) (chat.Article, error)
}

// Library is what the bot finds in the live articles on this node.
type Library interface {
	// Search gives at most k passages, the best first.
	Search(q knowledge.Question, k int) []knowledge.Passage
	// Topics lists the script's topics.
	Topics() []string
	// Changed has this node take the live articles up anew.
	Changed()
}
