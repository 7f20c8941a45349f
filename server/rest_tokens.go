package server

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/frame"
)

// mostTokens is how many API tokens one user may have.
const mostTokens = 50

type newTokenIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Name string `json:"name" minLength:"1" maxLength:"100" doc:"what it is for"`
	}
}

type tokenIDIn struct {
	ID    string `path:"id" maxLength:"64"`
	Token string `path:"token" maxLength:"64"`
}

type tokensOut struct {
	Body struct {
		Tokens []chat.APIToken `json:"tokens" doc:"those in use, oldest first"`
	}
}

type newTokenOut struct {
	Body struct {
		Made  chat.APIToken `json:"made"`
		Token string        `json:"token" doc:"shown this once; it acts as the user"`
	}
}

func (s *Server) tokenRoutes(api huma.API) {
	register(s, api, op(http.MethodGet, "/users/{id}/tokens", "tokens", tagAdmin, "The API tokens of somebody"), chat.GradeAdmin, s.listTokens)
	register(s, api, op(http.MethodPost, "/users/{id}/tokens", "create-token", tagAdmin, "Let a program act as somebody"), chat.GradeAdmin, s.createToken)
	register(s, api, op(http.MethodDelete, "/users/{id}/tokens/{token}", "revoke-token", tagAdmin, "Make a token useless at once"), chat.GradeAdmin, s.revokeToken)
}

func (s *Server) listTokens(ctx context.Context, _ chat.User, in *userIn) (*tokensOut, error) {
	all, err := s.tokensOf(ctx, in.ID)
	out := &tokensOut{}
	out.Body.Tokens = append([]chat.APIToken{}, all...)
	return out, err
}

// tokensOf gives the tokens of a user who exists.
func (s *Server) tokensOf(ctx context.Context, user string) ([]chat.APIToken, error) {
	a, err := s.admin()
	if err != nil {
		return nil, err
	}
	if _, err := s.o.Store.User(ctx, user); err != nil {
		return nil, err
	}
	return a.APITokens(ctx, user)
}

func (s *Server) createToken(ctx context.Context, by chat.User, in *newTokenIn) (*newTokenOut, error) {
	if p := frame.CheckLine("name", in.Body.Name, 100); p != nil {
		return nil, p
	}
	all, err := s.tokensOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if len(all) >= mostTokens {
		return nil, &chat.InvalidError{Field: "name", Code: "too_many", Hint: fmt.Sprintf("One user has at most %d tokens; revoke one first.", mostTokens)}
	}
	token := NewToken()
	t := chat.APIToken{ID: s.o.NewID(), Hash: HashToken(token), User: in.ID, Name: in.Body.Name, CreatedAt: s.now()}
	if err := s.o.Admin.CreateAPIToken(ctx, t); err != nil {
		return nil, fmt.Errorf("create API token: %w", err)
	}
	s.audit(ctx, by, "token.create", t.ID, t)
	out := &newTokenOut{}
	out.Body.Made, out.Body.Token = t, token
	return out, nil
}

// revokeToken ends a token, and the sockets that came in by it.
func (s *Server) revokeToken(ctx context.Context, by chat.User, in *tokenIDIn) (*struct{}, error) {
	all, err := s.tokensOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(all, func(t chat.APIToken) bool { return t.ID == in.Token }) {
		return nil, fmt.Errorf("token %s of %s: %w", in.Token, in.ID, chat.ErrNotFound)
	}
	if err := s.o.Admin.RevokeAPIToken(ctx, in.Token); err != nil {
		return nil, err
	}
	s.audit(ctx, by, "token.revoke", in.Token, map[string]string{"user": in.ID})
	s.usersChanged(in.ID)
	return nil, nil
}
