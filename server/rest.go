package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"ombud/chat"
	"ombud/server/frame"
)

const (
	prefix       = "/api/v1"
	bodyLimit    = 64 << 10
	largestBody  = 1 << 20 // of a policy
	tagSession   = "Signing in"
	tagWork      = "Conversations"
	tagAdmin     = "Administration"
	tagVisitors  = "Widget"
	anonymous    = chat.Grade("")
	contentTypes = "application/json"
)

// apiError is the body of every REST error.
type apiError struct {
	status  int
	Code    string        `json:"code" doc:"stable, for machines"`
	Message string        `json:"message" doc:"one sentence for people"`
	Hint    string        `json:"hint,omitempty" doc:"what to do about it"`
	Field   string        `json:"field,omitempty" doc:"which field is wrong"`
	Why     string        `json:"why,omitempty" doc:"stable code of what is wrong with it, or of why it failed, where there is one"`
	Agent   *frame.Person `json:"agent,omitempty" doc:"taken: who holds it"`
	retry   int64         // seconds; 0: none
}

func (e *apiError) Error() string { return e.Code + ": " + e.Message }

// GetStatus is for huma.
func (e *apiError) GetStatus() int { return e.status }

// GetHeaders is for huma.
func (e *apiError) GetHeaders() http.Header {
	if e.retry == 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.FormatInt(e.retry, 10)}}
}

func asAPIError(err error) *apiError {
	var out *apiError
	if errors.As(err, &out) {
		return out
	}
	status, a := answer(err)
	out = &apiError{status: status, Code: a.Code, Message: a.Message, Field: a.Field, Why: a.Why, Agent: a.Agent}
	if a.Field != "" {
		out.Message, out.Hint = "The field "+a.Field+" is not right.", a.Message
	}
	switch {
	case a.RetryMS > 0:
		out.retry = (a.RetryMS + 999) / 1000
	case a.Temporary:
		out.retry = 1
	}
	return out
}

// writeError answers with an error outside of huma.
func writeError(w http.ResponseWriter, err error) {
	e := asAPIError(err)
	for name, values := range e.GetHeaders() {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Type", contentTypes)
	w.WriteHeader(e.status)
	_ = json.NewEncoder(w).Encode(e)
}

// huma has its errors made by a variable of its package; there is no other way to give them our body.
func init() {
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return newError(status, message, errs)
	}
}

func newError(status int, message string, errs []error) *apiError {
	for _, err := range errs {
		var detail *huma.ErrorDetail
		if err == nil {
			continue
		}
		if !errors.As(err, &detail) {
			if status < http.StatusInternalServerError {
				break // huma's own words about a request
			}
			return asAPIError(err)
		}
		out := &apiError{status: http.StatusUnprocessableEntity, Code: frame.CodeInvalid, Hint: sentence(detail.Message)}
		out.Field = strings.TrimPrefix(strings.TrimPrefix(detail.Location, "body"), ".")
		if detail.Message == "unexpected property" {
			out.Code = frame.CodeUnknownField
		}
		out.Message = "The field " + out.Field + " is not right."
		return out
	}
	return &apiError{status: status, Code: codeOf(status), Message: sentence(message)}
}

func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + strings.TrimSuffix(s[1:], ".") + "."
}

func codeOf(status int) string {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity:
		return frame.CodeInvalid
	case http.StatusUnauthorized:
		return frame.CodeUnauthentic
	case http.StatusForbidden:
		return frame.CodeForbidden
	case http.StatusNotFound:
		return frame.CodeNotFound
	case http.StatusRequestEntityTooLarge:
		return frame.CodeTooLarge
	case http.StatusUnsupportedMediaType, http.StatusNotAcceptable:
		return frame.CodeBadFrame
	}
	return frame.CodeInternal
}

// api builds the REST interface on the mux.
func (s *Server) api(mux *http.ServeMux) huma.API {
	registry := huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)
	api := humago.New(mux, huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{Title: "Ombud", Version: s.o.Version,
				Description: "REST interface of Ombud. Conversations live on the websocket; see docs/protocol.md."},
			Components: &huma.Components{Schemas: registry, SecuritySchemes: map[string]*huma.SecurityScheme{
				"session": {Type: "apiKey", In: "cookie", Name: s.sessions.Cookie.Name},
				"token":   {Type: "http", Scheme: "bearer"},
			}},
		},
		OpenAPIPath: "/openapi", Formats: map[string]huma.Format{contentTypes: huma.DefaultJSONFormat}, DefaultFormat: contentTypes,
	})
	s.sessionRoutes(api)
	s.conversationRoutes(api)
	s.userRoutes(api)
	s.siteRoutes(api)
	s.fileRoutes(api)
	s.transcriptRoutes(api)
	s.surveyRoutes(api)
	s.openerRoutes(api)
	s.policyRoutes(api)
	s.scriptRoutes(api)
	s.careRoutes(api)
	s.choiceRoutes(api)
	s.deskRoutes(api)
	s.reportRoutes(api)
	s.adminRoutes(api)
	s.ruleRoutes(api)
	s.siteKeyRoutes(api)
	s.articleRoutes(api)
	s.eraseRoutes(api)
	return api
}

// op describes a route; need is the least grade that may call it, anonymous for everybody.
func op(method, path, id, tag, summary string) huma.Operation {
	return huma.Operation{
		Method: method, Path: prefix + path, OperationID: id, Tags: []string{tag}, Summary: summary, MaxBodyBytes: bodyLimit,
	}
}

// register adds a route for users of at least that grade; the handler gets who asks. Who may not call it is told so
// before the request is looked at; first runs between the two.
func register[I, O any](s *Server, api huma.API, o huma.Operation, need chat.Grade, do func(context.Context, chat.User, *I) (*O, error),
	first ...func(huma.Context, func(huma.Context)),
) {
	o.Errors = append(o.Errors, http.StatusUnprocessableEntity)
	if need != anonymous {
		o.Errors = append(o.Errors, http.StatusUnauthorized, http.StatusForbidden)
		o.Security = []map[string][]string{{"session": {}}, {"token": {}}}
		o.Metadata = map[string]any{"need": need}
		o.Middlewares = append(o.Middlewares, s.guard(need))
	}
	o.Middlewares = append(o.Middlewares, first...)
	huma.Register(api, o, func(ctx context.Context, in *I) (*O, error) {
		who, _ := ctx.Value(whoKey{}).(chat.User)
		out, err := do(ctx, who, in)
		if err != nil {
			return nil, s.told(err)
		}
		return out, nil
	})
}

// whoKey carries the user from guard to the handler's argument; nothing else reads it.
type whoKey struct{}

func (s *Server) guard(need chat.Grade) func(huma.Context, func(huma.Context)) {
	return func(c huma.Context, next func(huma.Context)) {
		who, err := s.whoAsks(c.Context())
		if err == nil && !who.Grade.Includes(need) {
			err = chat.ErrForbidden
		}
		if err != nil {
			_, w := humago.Unwrap(c)
			writeError(w, s.told(err))
			return
		}
		next(huma.WithValue(c, whoKey{}, who))
	}
}

// told turns an error into the answer, and logs it where it is our own.
func (s *Server) told(err error) error {
	e := asAPIError(err)
	s.m.errored(e.Code)
	if e.Code == frame.CodeInternal {
		s.o.Logger.Error("request", "error", err)
	}
	return e
}

type bearerKey struct{}

// whoAsks gives the user behind the session cookie or the API token of a request.
func (s *Server) whoAsks(ctx context.Context) (chat.User, error) {
	if hash, ok := ctx.Value(bearerKey{}).(string); ok {
		return s.byKey(ctx, hash)
	}
	return s.signedIn(ctx)
}

// vouchedKey carries the token by which a site vouches for its visitor, as it came.
type vouchedKey struct{}

// identityHeader carries that token in requests.
const identityHeader = "Ombud-Identity"

// bearer notes the API token of a request, hashed, and who the site says its visitor is.
func bearer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if text := r.Header.Get(identityHeader); text != "" {
			r = r.WithContext(context.WithValue(r.Context(), vouchedKey{}, text))
		}
		if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
			r = r.WithContext(context.WithValue(r.Context(), bearerKey{}, HashToken(token)))
		}
		next.ServeHTTP(w, r)
	})
}

type peerKey struct{}

// withPeer notes where a request comes from, for the routes that care.
func (s *Server) withPeer(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from := origins{ip: s.address(r).String(), local: peer(r).IsLoopback() && r.Header.Get("X-Forwarded-For") == ""}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), peerKey{}, from)))
	})
}

// origins is where a request comes from.
type origins struct {
	ip    string
	local bool // from this machine, and not through a proxy
}

func comesFrom(ctx context.Context) origins {
	from, _ := ctx.Value(peerKey{}).(origins)
	return from
}
