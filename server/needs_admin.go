package server

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
)

// AuditLog is read page by page. Implemented by *storage.DB, like the next three.
type AuditLog interface {
	AuditPage(ctx context.Context, q chat.AuditQuery) ([]chat.AuditEntry, error)
	AuditKinds(ctx context.Context) ([]string, error)
}

// Tokens keeps API tokens, and makes one-time links useless. RevokeAPIToken fails with chat.ErrNotFound.
type Tokens interface {
	CreateAPIToken(ctx context.Context, t chat.APIToken) error
	APITokens(ctx context.Context, user string) ([]chat.APIToken, error)
	RevokeAPIToken(ctx context.Context, id string) error
	VoidLinks(ctx context.Context, user string, now time.Time) error
}

// Sightings keeps where a site's widget was seen.
type Sightings interface {
	Sighted(ctx context.Context, s chat.Sighting) error
	Sightings(ctx context.Context, site string) ([]chat.Sighting, error)
}

// AdminStore keeps what administrators look at.
type AdminStore interface {
	AuditLog
	Tokens
	Sightings
	SurveyAnswers(ctx context.Context, before chat.SurveyAnswer, limit int) ([]chat.SurveyAnswer, error)
}

// Mailer sends one e-mail, without retries. Implemented by *notify.Mailer.
type Mailer interface {
	Send(ctx context.Context, m chat.Mail) error
}

// Operations tells how this installation runs. Implemented by cmd/ombud.
type Operations interface {
	Operations(ctx context.Context) (Running, error)
}

// Running is how an installation runs. No secret is in it.
type Running struct {
	Version   string      `json:"version"`
	StartedAt time.Time   `json:"started_at" doc:"this node"`
	Database  string      `json:"database" doc:"sqlite or postgres"`
	PublicURL string      `json:"public_url" doc:"where people reach it"`
	Mail      string      `json:"mail,omitempty" doc:"sender of e-mail; left out where e-mail is off"`
	Model     string      `json:"model,omitempty" doc:"name of the language model; left out where the script answers alone"`
	ModelHost string      `json:"model_host,omitempty"`
	Bus       string      `json:"bus" doc:"inside or cluster"`
	Nodes     []chat.Node `json:"nodes" doc:"those that are running now"`
	Demo      bool        `json:"demo,omitempty"`
}

// adminRoutes are the routes of what administrators look after.
func (s *Server) adminRoutes(api huma.API) {
	s.auditRoutes(api)
	s.tokenRoutes(api)
	s.inviteRoutes(api)
	s.sightingRoutes(api)
	s.operationsRoutes(api)
}

// admin gives what administrators look at; chat.ErrUnavailable where the server runs without it.
func (s *Server) admin() (AdminStore, error) {
	if s.o.Admin == nil {
		return nil, chat.ErrUnavailable
	}
	return s.o.Admin, nil
}
