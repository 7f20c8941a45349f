package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/chat/studio"
	"ombud/server/frame"
)

type scriptVersionsIn struct {
	Limit int `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"how many of the newest"`
}

type scriptVersionsOut struct {
	Body struct {
		Versions []chat.ScriptVersion `json:"versions"`
	}
}

type scriptDiffIn struct {
	From int64 `query:"from" minimum:"-1" doc:"version before; 0 is the one that is built in"`
	To   int64 `query:"to" minimum:"-1" default:"-1" doc:"version after; -1 is the draft"`
}

type scriptDiffOut struct {
	Body struct {
		Files []studio.FileDiff `json:"files"`
	}
}

type publishIn struct {
	Body struct {
		Revision int64  `json:"revision" minimum:"1" doc:"of the draft that was read, else conflict"`
		Reason   string `json:"reason" minLength:"1" maxLength:"500" doc:"why it is changed"`
	}
}

type renewIn struct {
	Body struct {
		Revision int64 `json:"revision" minimum:"1" doc:"of the draft that was read, else conflict"`
	}
}

type renewOut struct {
	Body struct {
		Draft chat.ScriptVersion `json:"draft"`
		Both  []string           `json:"both" doc:"files that the draft and the newest version both changed; they are as drafted"`
	}
}

type scriptBackIn struct {
	Body struct {
		Version int64  `json:"version" minimum:"0" doc:"the version to go back to; 0 is the one that is built in"`
		Reason  string `json:"reason" minLength:"1" maxLength:"500" doc:"why"`
	}
}

type rehearsalOut struct{ Body studio.Rehearsal }

type trialIn struct {
	ID string `path:"id" maxLength:"100" doc:"client id of any message in the trial conversation"`
}

type trialOut struct {
	Body struct {
		Decisions []trialDecision `json:"decisions"`
	}
}

// trialDecision is what the bot decided on one burst of a trial conversation.
type trialDecision struct {
	UpTo       int64           `json:"up_to" doc:"seq of the last message that it covers"`
	Assessment json.RawMessage `json:"assessment" doc:"topics with confidence, signals with strength and evidence"`
	Decision   json.RawMessage `json:"decision" doc:"action, reason, rule, and the rules that nearly fired"`
}

func (s *Server) scriptReleaseRoutes(api huma.API, route func(method, path, id, summary string) huma.Operation) {
	register(s, api, route(http.MethodGet, "/script/versions", "script-versions", "The published versions, newest first"), chat.GradeSupervisor, s.scriptVersions)
	register(s, api, route(http.MethodGet, "/script/diff", "diff-scripts", "What differs between two versions, line by line"), chat.GradeSupervisor, s.diffScripts)
	register(s, api, route(http.MethodPost, "/script/publish", "publish-script", "Make the draft live on every node"), chat.GradeAdmin, s.publishScript)
	register(s, api, route(http.MethodPost, "/script/renew", "renew-script", "Bring the draft up to the newest version, over which it can then be published"), chat.GradeAdmin, s.renewScript)
	register(s, api, route(http.MethodPost, "/script/rollback", "roll-back-script", "Make an old version live again, as a new version"), chat.GradeAdmin, s.rollBackScript)
	register(s, api, route(http.MethodGet, "/script/unanswered", "unanswered", "What visitors wrote and the bot did not understand, grouped by likeness"), chat.GradeSupervisor, s.unanswered)
	register(s, api, route(http.MethodPost, "/script/rehearse", "rehearse-script", "Have the sandbox learn the draft, and tell how far that is"), chat.GradeSupervisor, s.rehearse)
	register(s, api, route(http.MethodGet, "/script/trials/{id}", "trial", "What the bot decided in a trial conversation"), chat.GradeSupervisor, s.trial)
}

func (s *Server) scriptVersions(ctx context.Context, _ chat.User, in *scriptVersionsIn) (*scriptVersionsOut, error) {
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	out := &scriptVersionsOut{}
	out.Body.Versions, err = st.Versions(ctx, in.Limit)
	return out, err
}

func (s *Server) diffScripts(ctx context.Context, _ chat.User, in *scriptDiffIn) (*scriptDiffOut, error) {
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	out := &scriptDiffOut{}
	out.Body.Files, err = st.Diff(ctx, in.From, in.To)
	return out, err
}

func (s *Server) renewScript(ctx context.Context, by chat.User, in *renewIn) (*renewOut, error) {
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	out := &renewOut{}
	draft, both, err := st.Renew(ctx, by.ID, in.Body.Revision)
	if err != nil {
		return nil, err
	}
	out.Body.Draft, out.Body.Both = draft, append([]string{}, both...)
	s.audit(ctx, by, "script.renew", fmt.Sprint(draft.Revision), map[string]any{"base": draft.Base, "both": out.Body.Both})
	return out, nil
}

func (s *Server) publishScript(ctx context.Context, by chat.User, in *publishIn) (*draftOut, error) {
	if p := frame.CheckText("reason", in.Body.Reason, 500); p != nil {
		return nil, p
	}
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	v, err := st.Publish(ctx, by.ID, in.Body.Revision, in.Body.Reason)
	if err != nil {
		return nil, unsound(err)
	}
	s.audit(ctx, by, "script.publish", fmt.Sprint(v.Version), map[string]string{"reason": v.Reason})
	return &draftOut{v}, s.released(ctx, v)
}

func (s *Server) rollBackScript(ctx context.Context, by chat.User, in *scriptBackIn) (*draftOut, error) {
	if p := frame.CheckText("reason", in.Body.Reason, 500); p != nil {
		return nil, p
	}
	st, err := s.studio()
	if err != nil {
		return nil, err
	}
	v, err := st.RollBack(ctx, by.ID, in.Body.Version, in.Body.Reason)
	if err != nil {
		return nil, unsound(err)
	}
	s.audit(ctx, by, "script.publish", fmt.Sprint(v.Version), map[string]string{"reason": v.Reason, "back_to": fmt.Sprint(in.Body.Version)})
	return &draftOut{v}, s.released(ctx, v)
}

// released has every node take a version up: the others by the hint, or at their next refresh.
func (s *Server) released(ctx context.Context, v chat.ScriptVersion) error {
	s.publish("script", fmt.Sprint(v.Version))
	if err := s.o.Studio.Refresh(ctx); err != nil {
		s.o.Logger.Warn("take up the new script", "version", v.Version, "error", err) // the next refresh does
	}
	return nil
}

func (s *Server) rehearse(ctx context.Context, _ chat.User, _ *struct{}) (*rehearsalOut, error) {
	if s.o.Sandbox == nil {
		return nil, chat.ErrUnavailable
	}
	r, err := s.o.Sandbox.Rehearse(ctx)
	return &rehearsalOut{r}, err
}

func (s *Server) trial(ctx context.Context, _ chat.User, in *trialIn) (*trialOut, error) {
	if s.o.Sandbox == nil {
		return nil, chat.ErrUnavailable
	}
	events, err := s.o.Sandbox.Decisions(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &trialOut{}
	out.Body.Decisions = []trialDecision{}
	var assessment json.RawMessage
	for _, e := range events {
		if e.Kind == chat.KindAssessment {
			assessment = e.Body
			continue
		}
		var d chat.Decision
		if err := json.Unmarshal(e.Body, &d); err != nil {
			return nil, fmt.Errorf("read decision %d: %w", e.Seq, err)
		}
		out.Body.Decisions = append(out.Body.Decisions, trialDecision{UpTo: d.UpTo, Assessment: assessment, Decision: d.Record})
	}
	return out, nil
}

// trialRoutes serves the widget that talks with the sandbox, to whoever may see a draft.
func (s *Server) trialRoutes(all *http.ServeMux) {
	if s.o.Sandbox == nil {
		return
	}
	inner := http.StripPrefix("/trial", s.o.Sandbox.Handler())
	guarded := func(w http.ResponseWriter, r *http.Request) {
		ctx, err := s.sessions.Load(r.Context(), s.sessionOf(r))
		if err == nil {
			var who chat.User
			if who, err = s.signedIn(ctx); err == nil && !who.Grade.Includes(chat.GradeSupervisor) {
				err = chat.ErrForbidden
			}
		}
		if err != nil {
			writeError(w, s.told(err))
			return
		}
		inner.ServeHTTP(w, r) // hijacks the socket: nothing may wrap it
	}
	all.HandleFunc("GET /trial/w/", guarded)
	all.HandleFunc("GET /trial/ws", guarded)
}

// sessionOf gives the token of a request's session, "" if it has none.
func (s *Server) sessionOf(r *http.Request) string {
	c, err := r.Cookie(s.sessions.Cookie.Name)
	if err != nil {
		return ""
	}
	return c.Value
}
