package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/bot/script"
	"ombud/chat"
	"ombud/chat/studio"
	"ombud/server/frame"
)

const tagScript = "Script"

// largestScript bounds what one request may change of a draft.
const largestScript = 8 << 20

type overviewOut struct{ Body studio.Overview }

type scriptFileIn struct {
	Path    string `query:"path" required:"true" doc:"script.yaml, texts/en.yaml …"`
	Version int64  `query:"version" minimum:"-1" default:"-1" doc:"-1 is the draft, 0 the script that is built in"`
}

type scriptFileOut struct {
	Body struct {
		Text string `json:"text"`
	}
}

// overlayIn is a draft with changes that are not saved.
type overlayIn struct {
	Body struct {
		Files studio.Changes `json:"files,omitempty" doc:"path to text, laid over the draft; null takes a file away"`
	}
}

type findingsOut struct {
	Body struct {
		Findings []script.Finding `json:"findings"`
	}
}

type outlineOut struct{ Body studio.Outline }

type editIn struct {
	Body struct {
		Revision int64          `json:"revision" minimum:"0" doc:"of the draft that was read; 0 where there was none"`
		Base     int64          `json:"base" minimum:"0" doc:"the version that the draft was made from; where there was none, the newest"`
		Files    studio.Changes `json:"files" doc:"path to text; null takes a file away"`
	}
}

type draftOut struct{ Body chat.ScriptVersion }

type discardIn struct {
	Revision int64 `query:"revision" minimum:"1" required:"true" doc:"of the draft that was read"`
}

type exampleIn struct {
	Body struct {
		Revision int64  `json:"revision" minimum:"0" doc:"of the draft that was read"`
		Language string `json:"language" minLength:"2" maxLength:"3"`
		Topic    string `json:"topic" minLength:"1" maxLength:"100"`
		Text     string `json:"text" minLength:"1" maxLength:"2000" doc:"addresses and long numbers are replaced"`
	}
}

func (s *Server) scriptRoutes(api huma.API) {
	route := func(method, path, id, summary string) huma.Operation {
		o := op(method, path, id, tagScript, summary)
		o.MaxBodyBytes = largestScript
		return o
	}
	register(s, api, route(http.MethodGet, "/script", "script", "What is live, published and drafted"), chat.GradeSupervisor, s.scriptOverview)
	register(s, api, route(http.MethodGet, "/script/file", "script-file", "One file of a version, or of the draft"), chat.GradeSupervisor, s.scriptFile)
	register(s, api, route(http.MethodPost, "/script/check", "check-script", "What is wrong with the draft, or could be better"), chat.GradeSupervisor, s.checkScript)
	register(s, api, route(http.MethodPost, "/script/outline", "script-outline", "Topics, questions and all texts of the draft"), chat.GradeSupervisor, s.outlineScript)
	register(s, api, route(http.MethodPut, "/script/draft", "edit-script", "Lay changed files over the draft, and store it"), chat.GradeAdmin, s.editScript)
	register(s, api, route(http.MethodDelete, "/script/draft", "discard-script-draft", "Forget the draft"), chat.GradeAdmin, s.discardScript)
	register(s, api, route(http.MethodPost, "/script/examples", "add-script-example", "Make a visitor's words an example of a topic, in the draft"), chat.GradeAdmin, s.addExample)
	s.scriptReleaseRoutes(api, route)
}

// studio gives where the script is written; chat.ErrUnavailable where the server runs without.
func (s *Server) studio() (Studio, error) {
	if s.o.Studio == nil {
		return nil, chat.ErrUnavailable
	}
	return s.o.Studio, nil
}

func (s *Server) scriptOverview(ctx context.Context, _ chat.User, _ *struct{}) (*overviewOut, error) {
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	all, err := st.Overview(ctx)
	return &overviewOut{all}, err
}

func (s *Server) scriptFile(ctx context.Context, _ chat.User, in *scriptFileIn) (*scriptFileOut, error) {
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	var files script.Files
	if in.Version == studio.DraftVersion {
		_, files, err = st.Draft(ctx)
	} else {
		files, err = st.Files(ctx, in.Version)
	}
	if err != nil {
		return nil, err
	}
	out := &scriptFileOut{}
	var ok bool
	if out.Body.Text, ok = files[in.Path]; !ok {
		return nil, fmt.Errorf("read %s of script %d: %w", in.Path, in.Version, chat.ErrNotFound)
	}
	return out, nil
}

func (s *Server) checkScript(ctx context.Context, _ chat.User, in *overlayIn) (*findingsOut, error) {
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	out := &findingsOut{}
	found, err := st.Check(ctx, in.Body.Files)
	out.Body.Findings = append([]script.Finding{}, found...)
	return out, unsound(err)
}

func (s *Server) outlineScript(ctx context.Context, _ chat.User, in *overlayIn) (*outlineOut, error) {
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	all, err := st.Outline(ctx, in.Body.Files)
	return &outlineOut{all}, unsound(err)
}

func (s *Server) editScript(ctx context.Context, by chat.User, in *editIn) (*draftOut, error) {
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	d, err := st.Edit(ctx, by.ID, in.Body.Revision, in.Body.Base, in.Body.Files)
	if err != nil {
		return nil, unsound(err)
	}
	paths := []string{}
	for path := range in.Body.Files {
		paths = append(paths, path)
	}
	s.audit(ctx, by, "script.edit", fmt.Sprint(d.Revision), map[string][]string{"files": paths})
	return &draftOut{d}, nil
}

func (s *Server) discardScript(ctx context.Context, by chat.User, in *discardIn) (*struct{}, error) {
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	if err := st.Discard(ctx, in.Revision); err != nil {
		return nil, err
	}
	s.audit(ctx, by, "script.discard", fmt.Sprint(in.Revision), nil)
	return nil, nil
}

func (s *Server) addExample(ctx context.Context, by chat.User, in *exampleIn) (*draftOut, error) {
	if p := frame.CheckText("text", in.Body.Text, 2000); p != nil {
		return nil, p
	}
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	d, err := st.AddExample(ctx, by.ID, in.Body.Revision, in.Body.Language, in.Body.Topic, in.Body.Text)
	if err != nil {
		return nil, unsound(err)
	}
	s.audit(ctx, by, "script.example", fmt.Sprint(d.Revision), map[string]string{"topic": in.Body.Topic, "language": in.Body.Language})
	return &draftOut{d}, nil
}

// unsound says what is wrong with a script as an invalid field, so that the first finding reaches whoever asks.
func unsound(err error) error {
	var why *studio.UnsoundError
	if !errors.As(err, &why) {
		return err
	}
	const most = 5
	var hints []string
	for _, f := range why.Findings[:min(len(why.Findings), most)] {
		hints = append(hints, f.String())
	}
	if n := len(why.Findings) - most; n > 0 {
		hints = append(hints, fmt.Sprintf("and %d more", n))
	}
	return &chat.InvalidError{Field: "script", Code: "unsound", Hint: strings.Join(hints, "\n")}
}

type unansweredIn struct {
	From time.Time `query:"from" doc:"turns from then; default 30 days ago"`
	To   time.Time `query:"to" doc:"and before then; default now"`
}

type unansweredOut struct {
	Body struct {
		Groups []studio.Unanswered `json:"groups"`
	}
}

func (s *Server) unanswered(ctx context.Context, _ chat.User, in *unansweredIn) (*unansweredOut, error) {
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	from, to, err := s.period(in.From, in.To)
	if err != nil {
		return nil, err
	}
	out := &unansweredOut{}
	out.Body.Groups, err = st.Unanswered(ctx, from, to)
	return out, err
}
