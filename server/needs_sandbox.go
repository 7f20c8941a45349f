package server

import (
	"context"
	"net/http"

	"ombud/chat"
	"ombud/chat/studio"
)

// Sandbox is where a draft of the script is tried out: the real panel talks with a bot that works by the draft, and
// nothing of it is kept among the real conversations.
type Sandbox interface {
	// Rehearse has the sandbox take up the draft, and tells how far that is.
	Rehearse(ctx context.Context) (studio.Rehearsal, error)
	// Handler serves the widget's files under /w/ and its socket at /ws; the site is studio.TrialSite.
	Handler() http.Handler
	// Decisions gives the decisions on the newest conversation that the messages of this id are in, oldest first;
	// chat.ErrNotFound if there is none.
	Decisions(ctx context.Context, message string) ([]chat.Event, error)
}
