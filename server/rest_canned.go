package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/frame"
)

const (
	mostCanned       = 500
	longestCanned    = 2000
	longestCannedKey = 40
)

type cannedIDIn struct {
	ID string `path:"id" maxLength:"64" pattern:"^[a-z0-9][a-z0-9_-]*$"`
}

type saveCannedIn struct {
	ID   string `path:"id" maxLength:"64" pattern:"^[a-z0-9][a-z0-9_-]*$"`
	Body struct {
		Version string `json:"version,omitempty" maxLength:"20" doc:"as it was read, or new: then nothing is saved where somebody else has changed it meanwhile. Left out: whatever is there is replaced"`

		Texts map[string]chat.CannedText `json:"texts" minProperties:"1" maxProperties:"50" doc:"by language code; key is typed after the slash, text may hold {variables}"`
	}
}

type versionedReply struct {
	chat.CannedReply
	Version string `json:"version" doc:"to send along with a change"`
}

const newCanned = "new" // the version of a reply that is not there yet

// cannedVersion names what a reply was when it was last changed.
func cannedVersion(r chat.CannedReply) string {
	if r.UpdatedAt.IsZero() { // Ombud came with it
		return "0"
	}
	return strconv.FormatInt(r.UpdatedAt.UnixMicro(), 10)
}

var errCannedChanged = &apiError{
	status: http.StatusConflict, Code: frame.CodeStale, Message: "Somebody else has changed this ready reply.",
	Hint: "Read it again, and make your change from that.",
}

type cannedOut struct {
	Body struct {
		Replies   []versionedReply `json:"replies" doc:"in order of their ids"`
		Variables []string         `json:"variables" doc:"what a text may hold in braces"`
	}
}

func (s *Server) cannedRoutes(api huma.API) {
	register(s, api, op(http.MethodGet, "/canned", "canned-replies", tagWork, "The ready replies, in all their languages"), chat.GradeAgent, s.listCanned)
	register(s, api, op(http.MethodPut, "/canned/{id}", "save-canned-reply", tagAdmin, "Add or change a ready reply"), chat.GradeAdmin, s.saveCanned)
	register(s, api, op(http.MethodDelete, "/canned/{id}", "remove-canned-reply", tagAdmin, "Take a ready reply away"), chat.GradeAdmin, s.removeCanned)
}

func (s *Server) desk() (DeskStore, error) {
	if s.o.Desk == nil {
		return nil, chat.ErrUnavailable
	}
	return s.o.Desk, nil
}

func (s *Server) listCanned(ctx context.Context, _ chat.User, _ *struct{}) (*cannedOut, error) {
	d, err := s.desk()
	if err != nil {
		return nil, err
	}
	all, err := d.CannedReplies(ctx)
	out := &cannedOut{}
	out.Body.Replies, out.Body.Variables = []versionedReply{}, chat.CannedVariables
	for _, r := range all {
		out.Body.Replies = append(out.Body.Replies, versionedReply{r, cannedVersion(r)})
	}
	return out, err
}

func (s *Server) saveCanned(ctx context.Context, by chat.User, in *saveCannedIn) (*cannedOut, error) {
	d, err := s.desk()
	if err != nil {
		return nil, err
	}
	all, err := d.CannedReplies(ctx)
	if err != nil {
		return nil, err
	}
	others := slices.DeleteFunc(slices.Clone(all), func(r chat.CannedReply) bool { return r.ID == in.ID })
	if len(others) >= mostCanned {
		return nil, &chat.InvalidError{Field: "id", Code: "too_many", Hint: fmt.Sprintf("Keep at most %d ready replies; remove one first.", mostCanned)}
	}
	for language, t := range in.Body.Texts {
		if err := checkCanned(language, t, others); err != nil {
			return nil, err
		}
	}
	r := chat.CannedReply{ID: in.ID, Texts: in.Body.Texts, UpdatedAt: s.now(), UpdatedBy: by.ID}
	switch err := storeCanned(ctx, d, r, all, in.Body.Version); {
	case errors.Is(err, chat.ErrStale):
		return nil, errCannedChanged
	case err != nil:
		return nil, fmt.Errorf("save ready reply %s: %w", in.ID, err)
	}
	s.audit(ctx, by, "canned.save", in.ID, r)
	return s.listCanned(ctx, by, nil)
}

// storeCanned stores a reply, if what is there is still what the admin has read. all is what there was a moment ago.
func storeCanned(ctx context.Context, d DeskStore, r chat.CannedReply, all []chat.CannedReply, version string) error {
	if version == "" {
		return d.SaveCannedReply(ctx, r)
	}
	at := slices.IndexFunc(all, func(o chat.CannedReply) bool { return o.ID == r.ID })
	switch {
	case at < 0 && version == newCanned:
		return d.AddCannedReply(ctx, r)
	case at < 0 || cannedVersion(all[at]) != version:
		return chat.ErrStale
	}
	return d.SwapCannedReply(ctx, r, all[at].UpdatedAt)
}

var (
	languageCode   = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$`)
	cannedVariable = regexp.MustCompile(`\{[^{}]*\}?`)
)

// checkCanned says what is wrong with a ready reply in one language: *chat.InvalidError or *frame.Problem.
func checkCanned(language string, t chat.CannedText, others []chat.CannedReply) error {
	at := func(field string) string { return "texts." + language + "." + field }
	if !languageCode.MatchString(language) {
		return &chat.InvalidError{Field: "texts", Code: "language", Hint: "Give language codes such as en or hu."}
	}
	for _, p := range []*frame.Problem{
		frame.CheckLine(at("key"), t.Key, longestCannedKey), frame.CheckLine(at("title"), t.Title, 100),
		frame.CheckText(at("title"), t.Title, 100), frame.CheckText(at("text"), t.Text, longestCanned),
	} {
		if p != nil {
			return p
		}
	}
	if t.Key == "" || strings.ContainsAny(t.Key, " \t/") {
		return &chat.InvalidError{Field: at("key"), Code: "key", Hint: "Give one word without blanks and slashes."}
	}
	for _, v := range cannedVariable.FindAllString(t.Text, -1) {
		if !slices.Contains(chat.CannedVariables, strings.Trim(v, "{}")) || !strings.HasSuffix(v, "}") {
			return &chat.InvalidError{Field: at("text"), Code: "variable", Hint: "There is no " + v + ". Use {" + strings.Join(chat.CannedVariables, "}, {") + "}."}
		}
	}
	for _, o := range others {
		if strings.EqualFold(o.Texts[language].Key, t.Key) {
			return &chat.InvalidError{Field: at("key"), Code: "taken", Hint: "The ready reply " + o.ID + " has this key already."}
		}
	}
	return nil
}

func (s *Server) removeCanned(ctx context.Context, by chat.User, in *cannedIDIn) (*cannedOut, error) {
	d, err := s.desk()
	if err != nil {
		return nil, err
	}
	if err := d.RemoveCannedReply(ctx, in.ID); err != nil {
		return nil, err
	}
	s.audit(ctx, by, "canned.remove", in.ID, nil)
	return s.listCanned(ctx, by, nil)
}
