package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/frame"
	"ombud/server/password"
)

// FirstSite is the id of the site that the set-up makes.
const FirstSite = "main"

type meOut struct{ Body frame.Me }

type signInIn struct {
	Body struct {
		Email    string `json:"email" maxLength:"254" minLength:"3"`
		Password string `json:"password" maxLength:"1024"`
	}
}

type linkIn struct {
	Body struct {
		Token string `json:"token" maxLength:"128" minLength:"1" doc:"what stands behind /link/ in the address"`
	}
}

type setupIn struct {
	Body struct {
		Token    string `json:"token" maxLength:"128" minLength:"1" doc:"what stands behind /setup/ in the address"`
		Name     string `json:"name" maxLength:"100" minLength:"1"`
		Email    string `json:"email" maxLength:"254" minLength:"3"`
		Password string `json:"password" maxLength:"1024"`
		Origin   string `json:"origin,omitempty" maxLength:"300" doc:"origin of the website that will carry the widget"`
	}
}

type setupOut struct {
	Body struct {
		Needed bool `json:"needed" doc:"nobody has an account yet"`
	}
}

type passwordIn struct {
	Body struct {
		Old string `json:"old" maxLength:"1024"`
		New string `json:"new" maxLength:"1024"`
	}
}

func (s *Server) sessionRoutes(api huma.API) {
	register(s, api, op(http.MethodPost, "/session", "sign-in", tagSession, "Sign in"), anonymous, s.signIn)
	register(s, api, op(http.MethodDelete, "/session", "sign-out", tagSession, "Sign out"), anonymous, s.signOut)
	register(s, api, op(http.MethodPost, "/session/link", "use-link", tagSession, "Sign in by a one-time link"), anonymous, s.useLink)
	register(s, api, op(http.MethodGet, "/setup", "setup-needed", tagSession, "Is the first account still to be made?"), anonymous, s.setupNeeded)
	register(s, api, op(http.MethodPost, "/setup", "setup", tagSession, "Make the first account and site"), anonymous, s.setup)
	register(s, api, op(http.MethodGet, "/me", "me", tagSession, "Who is signed in"), chat.GradeAgent,
		func(_ context.Context, u chat.User, _ *struct{}) (*meOut, error) { return &meOut{me(u)}, nil })
	register(s, api, op(http.MethodPost, "/me/password", "change-password", tagSession, "Change the password; ends all other sessions"), chat.GradeAgent, s.changePassword)
}

// signIn answers an unknown account, a wrong password and a disabled account alike, in the same time.
func (s *Server) signIn(ctx context.Context, _ chat.User, in *signInIn) (*meOut, error) {
	email, ip := normal(in.Body.Email), comesFrom(ctx).ip
	if err := s.guesses.allowed(email, ip); err != nil {
		return nil, err
	}
	u, err := s.o.Store.UserByEmail(ctx, email)
	if err != nil && !errors.Is(err, chat.ErrNotFound) {
		return nil, err
	}
	if errors.Is(err, chat.ErrNotFound) || u.Disabled {
		u = chat.User{}
	}
	ok, err := s.hasher.Verify(ctx, u.PasswordHash, in.Body.Password)
	if err != nil {
		return nil, fmt.Errorf("verify password of %s: %w", u.ID, err)
	}
	if !ok {
		return nil, &apiError{status: http.StatusUnauthorized, Code: frame.CodeUnauthentic,
			Message: "E-mail address and password do not go together."}
	}
	s.guesses.right(email, ip)
	if err := s.begin(ctx, u); err != nil {
		return nil, err
	}
	return &meOut{me(u)}, nil
}

func normal(email string) string { return strings.ToLower(strings.TrimSpace(email)) }

func (s *Server) signOut(ctx context.Context, _ chat.User, _ *struct{}) (*struct{}, error) {
	user := s.sessions.GetString(ctx, keyUser)
	if err := s.sessions.Destroy(ctx); err != nil {
		return nil, fmt.Errorf("end session: %w", err)
	}
	if user != "" {
		s.usersChanged(user)
	}
	return nil, nil
}

func (s *Server) useLink(ctx context.Context, _ chat.User, in *linkIn) (*meOut, error) {
	ip := comesFrom(ctx).ip
	if err := s.guesses.allowed("link", ip); err != nil {
		return nil, err
	}
	l, err := s.o.Store.UseLink(ctx, HashToken(in.Body.Token), chat.LinkSignin, s.now())
	if errors.Is(err, chat.ErrNotFound) {
		return nil, usedUp()
	}
	if err != nil {
		return nil, err
	}
	u, err := s.o.Store.User(ctx, l.User)
	if errors.Is(err, chat.ErrNotFound) || err == nil && u.Disabled {
		return nil, usedUp()
	}
	if err != nil {
		return nil, err
	}
	s.guesses.right("link", ip)
	if err := s.begin(ctx, u); err != nil {
		return nil, err
	}
	return &meOut{me(u)}, nil
}

func usedUp() error {
	return &apiError{status: http.StatusForbidden, Code: frame.CodeForbidden,
		Message: "The link was used before, or its time is over.", Hint: "Ask for a new one."}
}

func (s *Server) setupNeeded(ctx context.Context, _ chat.User, _ *struct{}) (*setupOut, error) {
	n, err := s.o.Store.CountUsers(ctx)
	if err != nil {
		return nil, err
	}
	out := &setupOut{}
	out.Body.Needed = n == 0
	return out, nil
}

// setup makes the first admin and the first site. Everything is checked before the link is used up: of many at once one
// wins, and a mistake does not cost the link. Should the process die in between, the next start makes a new link.
func (s *Server) setup(ctx context.Context, _ chat.User, in *setupIn) (*meOut, error) {
	if !comesFrom(ctx).local && !s.o.RemoteSetup {
		return nil, &apiError{status: http.StatusForbidden, Code: frame.CodeForbidden,
			Message: "The first set-up is done on the machine itself.", Hint: "Open the link there, or allow remote set-up in the configuration."}
	}
	u, site, err := s.firstUser(in)
	if err != nil {
		return nil, err
	}
	if err := s.claimSetup(ctx, in.Body.Token); err != nil {
		return nil, err
	}
	kept := context.WithoutCancel(ctx) // the link is used: whoever hangs up now still gets the account
	if u.PasswordHash, err = s.hash(kept, "password", in.Body.Password); err != nil {
		return nil, err
	}
	if err := s.o.Store.CreateUser(kept, u); err != nil {
		return nil, fmt.Errorf("create the first user: %w", err)
	}
	if err := s.o.Store.SaveSite(kept, site); err != nil {
		return nil, fmt.Errorf("create the first site: %w", err)
	}
	s.sites.forget()
	s.audit(kept, u, "setup", u.ID, nil)
	if err := s.begin(ctx, u); err != nil {
		return nil, err
	}
	return &meOut{me(u)}, nil
}

// claimSetup uses the set-up link up.
func (s *Server) claimSetup(ctx context.Context, token string) error {
	ip := comesFrom(ctx).ip
	if err := s.guesses.allowed("setup", ip); err != nil {
		return err
	}
	n, err := s.o.Store.CountUsers(ctx)
	if err != nil {
		return err
	}
	if n > 0 {
		return usedUp()
	}
	_, err = s.o.Store.UseLink(ctx, HashToken(token), chat.LinkSetup, s.now())
	if errors.Is(err, chat.ErrNotFound) {
		return usedUp()
	}
	if err != nil {
		return err
	}
	s.guesses.right("setup", ip)
	return nil
}

func (s *Server) firstUser(in *setupIn) (chat.User, chat.Site, error) {
	// The widget's header shows the site's name above a bot: it must not be a person's.
	site := chat.Site{ID: FirstSite}
	if in.Body.Origin != "" {
		origin, err := exactOrigin(in.Body.Origin)
		if err != nil {
			return chat.User{}, site, err
		}
		site.Origins = []string{origin}
		if at, err := url.Parse(origin); err == nil {
			site.Name = at.Hostname()
		}
	}
	u := chat.User{
		ID: s.o.NewID(), Email: normal(in.Body.Email), Name: strings.TrimSpace(in.Body.Name), Grade: chat.GradeAdmin,
		Level: chat.LevelExecutive, CreatedAt: s.now(),
	}
	if err := checkUser(u); err != nil {
		return u, site, err
	}
	return u, site, badPassword("password", password.Check(in.Body.Password))
}

func (s *Server) hash(ctx context.Context, field, word string) (string, error) {
	hash, err := s.hasher.Hash(ctx, word)
	return hash, badPassword(field, err)
}

// badPassword names the field of a password that is too short or too long.
func badPassword(field string, err error) error {
	if errors.Is(err, password.ErrLength) {
		return &chat.InvalidError{Field: field, Code: "length", Hint: sentence(err.Error())}
	}
	return err
}

// exactOrigin gives an origin as browsers spell it: scheme://host[:port], in lower case, without the usual port.
func exactOrigin(s string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(s))
	bad := &chat.InvalidError{Field: "origin", Code: "origin", Hint: "Give scheme and host, such as https://shop.example.com."}
	if err != nil || u.Hostname() == "" || u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return "", bad
	}
	scheme, host := strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	switch scheme {
	case "https":
		host = strings.TrimSuffix(host, ":443")
	case "http":
		host = strings.TrimSuffix(host, ":80")
	default:
		return "", bad
	}
	if strings.ContainsAny(host, "*%\\ ") || strings.HasSuffix(host, ":") {
		return "", bad
	}
	for _, c := range []byte(host) {
		if c >= 0x80 {
			return "", &chat.InvalidError{Field: "origin", Code: "origin", Hint: "Write the host in its ASCII form (xn--…)."}
		}
	}
	return scheme + "://" + host, nil
}

func (s *Server) changePassword(ctx context.Context, u chat.User, in *passwordIn) (*meOut, error) {
	ip := comesFrom(ctx).ip
	if err := s.guesses.allowed(u.Email, ip); err != nil {
		return nil, err
	}
	if u.PasswordHash != "" {
		ok, err := s.hasher.Verify(ctx, u.PasswordHash, in.Body.Old)
		if err != nil {
			return nil, err
		}
		if !ok {
			return nil, &chat.InvalidError{Field: "old", Code: "wrong", Hint: "That is not the password."}
		}
	}
	s.guesses.right(u.Email, ip)
	hash, err := s.hash(ctx, "new", in.Body.New)
	if err != nil {
		return nil, err
	}
	id := u.ID
	u, err = s.o.Store.SetPassword(ctx, id, hash)
	if errors.Is(err, chat.ErrNotFound) { // disabled at this very moment
		return nil, chat.ErrUnauthentic
	}
	if err != nil {
		return nil, fmt.Errorf("change password of %s: %w", id, err)
	}
	s.audit(ctx, u, "user.password", u.ID, nil)
	if s.sessions.GetString(ctx, keyUser) == u.ID { // not where an API token asks
		if err := s.begin(ctx, u); err != nil {
			return nil, err
		}
	}
	s.usersChanged(u.ID)
	return &meOut{me(u)}, nil
}

// audit notes what a user did. A line that cannot be stored is logged; what was done stays done.
func (s *Server) audit(ctx context.Context, by chat.User, what, object string, detail any) {
	e := chat.AuditEntry{At: s.now(), By: by.ID, What: what, Object: object}
	var err error
	if detail != nil {
		e.Detail, err = json.Marshal(detail)
	}
	if err = errors.Join(err, s.o.Store.Audit(ctx, e)); err != nil {
		s.o.Logger.Error("write audit log", "what", what, "object", object, "by", by.ID, "error", err)
	}
}
