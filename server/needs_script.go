package server

import (
	"context"
	"time"

	"ombud/bot/script"
	"ombud/chat"
	"ombud/chat/studio"
)

// ScriptFiles keeps the script's draft and versions. Implemented by *studio.Studio, like the next two.
type ScriptFiles interface {
	Overview(ctx context.Context) (studio.Overview, error)
	Draft(ctx context.Context) (chat.ScriptVersion, script.Files, error)
	Files(ctx context.Context, version int64) (script.Files, error)
	Edit(ctx context.Context, by string, revision, base int64, c studio.Changes) (chat.ScriptVersion, error)
	Discard(ctx context.Context, revision int64) error
}

// ScriptReview looks at a draft.
type ScriptReview interface {
	Check(ctx context.Context, c studio.Changes) ([]script.Finding, error)
	Outline(ctx context.Context, c studio.Changes) (studio.Outline, error)
	Diff(ctx context.Context, from, to int64) ([]studio.FileDiff, error)
	Unanswered(ctx context.Context, from, to time.Time) ([]studio.Unanswered, error)
	AddExample(ctx context.Context, by string, revision int64, language, topic, text string) (chat.ScriptVersion, error)
}

// ScriptReleases publishes.
type ScriptReleases interface {
	Versions(ctx context.Context, limit int) ([]chat.ScriptVersion, error)
	Publish(ctx context.Context, by string, revision int64, reason string) (chat.ScriptVersion, error)
	Renew(ctx context.Context, by string, revision int64) (draft chat.ScriptVersion, both []string, err error)
	RollBack(ctx context.Context, by string, version int64, reason string) (chat.ScriptVersion, error)
	// Refresh has this node take up the newest version; it returns at once.
	Refresh(ctx context.Context) error
}

// Studio is where the script is written.
type Studio interface {
	ScriptFiles
	ScriptReview
	ScriptReleases
}
