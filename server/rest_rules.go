package server

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/chat/care"
	"ombud/handoff"
	"ombud/server/frame"
)

type rulesIn struct {
	Body struct {
		Version string          `json:"version" maxLength:"64" doc:"the version that the change was made from"`
		Reason  string          `json:"reason" minLength:"1" maxLength:"500" doc:"why they are changed; the audit log keeps it with the rules"`
		Rules   json.RawMessage `json:"rules" doc:"all of them, as GET gives them"`
	}
}

type rulesOut struct {
	Body struct {
		Version  string          `json:"version" doc:"of these rules; give it back with a change"`
		Rules    handoff.Rules   `json:"rules" doc:"in force on every node within seconds"`
		Usual    handoff.Rules   `json:"usual" doc:"the rules before an admin set others"`
		Remedies []string        `json:"remedies" doc:"what a mandate may name"`
		Bots     []string        `json:"bot_remedies" doc:"those of them that the bot can put into words, so that its mandate may name them"`
		Modes    []handoff.Mode  `json:"modes" doc:"how a skill's chats find their agent"`
		Severity []chat.Severity `json:"severities" doc:"what clocks may be named by, lowest first"`
	}
}

type waitsIn struct {
	From time.Time `query:"from" doc:"first claimed from then on; default 7 days ago"`
}

type waitsOut struct {
	Body struct {
		Count   int     `json:"count" doc:"waits that were announced and have ended"`
		Covered float64 `json:"covered" doc:"share of them that ended within the announced range"`
		Median  float64 `json:"median_error_seconds" doc:"median distance of the wait from the middle of the range"`
	}
}

func (s *Server) ruleRoutes(api huma.API) {
	save := op(http.MethodPut, "/rules", "save-rules", tagAdmin, "Replace the rules of the handoff")
	save.Errors = append(save.Errors, http.StatusConflict)
	register(s, api, op(http.MethodGet, "/rules", "rules", tagAdmin, "Skills with their hours, levels with mandates and clocks, limits, waits and callbacks"), chat.GradeAgent, s.rules)
	register(s, api, save, chat.GradeAdmin, s.saveRules)
	register(s, api, op(http.MethodGet, "/survey", "survey", tagAdmin, "How long after the close customers are asked, and what: agents read the answers in the log"), chat.GradeAgent, s.survey)
	register(s, api, op(http.MethodGet, "/reports/waits", "waits", tagAdmin, "How good the announced waits were"), chat.GradeSupervisor, s.waits)
}

// savedRules is what the audit log says of a change: with the rules before, every version can be had back.
type savedRules struct {
	Reason string        `json:"reason"`
	Rules  handoff.Rules `json:"rules"`
}

// storedRules gives the rules as stored, and what is in force by them; no text where none were ever saved.
func (s *Server) storedRules(ctx context.Context) (json.RawMessage, handoff.Rules, error) {
	data, err := s.o.Store.Setting(ctx, handoff.SettingRules)
	if errors.Is(err, chat.ErrNotFound) {
		return nil, handoff.DefaultRules(), nil
	}
	if err != nil {
		return nil, handoff.Rules{}, fmt.Errorf("read handoff rules: %w", err)
	}
	r, err := handoff.ParseRules(data)
	if err != nil { // written by other hands: nodes go without them, and the next change replaces them
		s.o.Logger.Error("stored handoff rules do not validate", "error", err)
		r = handoff.DefaultRules()
	}
	return data, r, nil
}

// ruleVersion names a stored text; that of none is "0".
func ruleVersion(data json.RawMessage) string {
	if data == nil {
		return "0"
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:8])
}

func (s *Server) rules(ctx context.Context, _ chat.User, _ *struct{}) (*rulesOut, error) {
	data, r, err := s.storedRules(ctx)
	if err != nil {
		return nil, err
	}
	return rulesAnswer(data, r), nil
}

var errRulesChanged = &apiError{
	status: http.StatusConflict, Code: frame.CodeStale, Message: "Somebody else has changed the rules.",
	Hint: "Read them again, and make your change from those.",
}

func rulesAnswer(data json.RawMessage, r handoff.Rules) *rulesOut {
	out := &rulesOut{}
	out.Body.Version, out.Body.Rules, out.Body.Usual = ruleVersion(data), r, handoff.DefaultRules()
	out.Body.Remedies, out.Body.Bots = handoff.Remedies, handoff.BotRemedies()
	out.Body.Modes = []handoff.Mode{handoff.Pull, handoff.Push}
	out.Body.Severity = []chat.Severity{chat.SeverityLow, chat.SeverityMedium, chat.SeverityHigh, chat.SeverityCritical}
	return out
}

// saveRules replaces the rules, unless somebody else has changed them since they were read.
func (s *Server) saveRules(ctx context.Context, by chat.User, in *rulesIn) (*rulesOut, error) {
	u, err := s.upkeep()
	if err != nil {
		return nil, err
	}
	if p := frame.CheckText("reason", in.Body.Reason, 500); p != nil {
		return nil, p
	}
	r, err := handoff.ParseRules(in.Body.Rules)
	if err != nil {
		return nil, err
	}
	was, _, err := s.storedRules(ctx)
	if err != nil {
		return nil, err
	}
	if ruleVersion(was) != in.Body.Version {
		return nil, errRulesChanged
	}
	data, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("encode handoff rules: %w", err)
	}
	switch err := u.SwapSetting(ctx, handoff.SettingRules, was, data); {
	case errors.Is(err, chat.ErrStale):
		return nil, errRulesChanged
	case err != nil:
		return nil, fmt.Errorf("save handoff rules: %w", err)
	}
	s.audit(ctx, by, "rules.save", ruleVersion(data), savedRules{in.Body.Reason, r})
	return rulesAnswer(data, r), nil
}

func (s *Server) survey(ctx context.Context, _ chat.User, _ *struct{}) (*surveyIn, error) {
	out := &surveyIn{Body: versionedSurvey{ruleVersion(nil), care.SurveySetting{Hours: care.SurveyHours, Reopen: care.SurveyReopen}}}
	data, err := s.o.Store.Setting(ctx, care.SettingSurvey)
	if errors.Is(err, chat.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the survey's time: %w", err)
	}
	if err := json.Unmarshal(data, &out.Body.SurveySetting); err != nil {
		return nil, fmt.Errorf("decode the survey's time: %w", err)
	}
	out.Body.Version = ruleVersion(data)
	return out, nil
}

func (s *Server) waits(ctx context.Context, _ chat.User, in *waitsIn) (*waitsOut, error) {
	if in.From.IsZero() {
		in.From = s.now().AddDate(0, 0, -7)
	}
	a, err := s.o.Hub.WaitAccuracy(ctx, in.From.UTC())
	out := &waitsOut{}
	out.Body.Count, out.Body.Covered, out.Body.Median = a.Count, a.Covered, a.MedianError.Seconds()
	return out, err
}
