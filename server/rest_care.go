package server

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/chat/care"
	"ombud/server/frame"
)

type alertsOut struct {
	Body struct {
		Alerts []chat.Alert `json:"alerts"`
	}
}

type noticeIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Topic string            `json:"topic,omitempty" maxLength:"64" doc:"needed for the alert of a cause: what the customers write about"`
		Texts map[string]string `json:"texts" doc:"what the bot says first, by language"`
	}
}

type noticesOut struct {
	Body struct {
		Notices []care.Notice `json:"notices"`
	}
}

type topicIn struct {
	Topic string `path:"id" maxLength:"64"`
}

type hooksIn struct {
	Body struct {
		Webhooks []hookIn `json:"webhooks" maxItems:"20"`
	}
}

type hookIn struct {
	ID    string   `json:"id,omitempty" maxLength:"64" doc:"of one that exists; left out for a new one"`
	URL   string   `json:"url" maxLength:"2000"`
	Kinds []string `json:"kinds,omitempty" doc:"left out: all of them"`
}

type hooksOut struct {
	Body struct {
		Webhooks []care.Webhook `json:"webhooks" doc:"secret is shown once, when it is made"`
		Kinds    []string       `json:"kinds" doc:"what a webhook can tell of"`
	}
}

type surveyIn struct{ Body versionedSurvey }

type versionedSurvey struct {
	Version string `json:"version,omitempty" maxLength:"20" doc:"as it was read: then nothing is saved where somebody else has changed it meanwhile. Left out: whatever is there is replaced"`
	care.SurveySetting
}

type deadOut struct {
	Body struct {
		Jobs []chat.DeadJob `json:"jobs"`
	}
}

type jobIn struct {
	ID int64 `path:"id"`
}

type spanIn struct {
	From time.Time `query:"from" doc:"default 30 days ago"`
	To   time.Time `query:"to" doc:"default now"`
}

type resolutionOut struct{ Body chat.Resolution }

type complaintOut struct{ Body chat.Complaint }

func (s *Server) careRoutes(api huma.API) {
	admin, supervisor := chat.GradeAdmin, chat.GradeSupervisor
	register(s, api, op(http.MethodGet, "/alerts", "alerts", tagAdmin, "What grew against its own history, newest first"), supervisor, s.listAlerts)
	register(s, api, op(http.MethodPost, "/alerts/{id}/notice", "make-notice", tagAdmin, "Have the bot say first that this is known"), admin, s.makeNotice)
	register(s, api, op(http.MethodGet, "/notices", "notices", tagAdmin, "Known issues that the bot says first"), supervisor, s.listNotices)
	register(s, api, op(http.MethodDelete, "/notices/{id}", "remove-notice", tagAdmin, "Stop saying it; id is the topic"), admin, s.removeNotice)
	register(s, api, op(http.MethodGet, "/webhooks", "webhooks", tagAdmin, "Who is told of events"), admin, s.listHooks)
	register(s, api, op(http.MethodPut, "/webhooks", "save-webhooks", tagAdmin, "Replace the list"), admin, s.saveHooks)
	register(s, api, op(http.MethodPut, "/survey", "save-survey", tagAdmin, "How long after the close customers are asked"), admin, s.saveSurvey)
	register(s, api, op(http.MethodGet, "/jobs/dead", "dead-jobs", tagAdmin, "Timers and deliveries that were given up"), admin, s.listDead)
	register(s, api, op(http.MethodPost, "/jobs/{id}/retry", "retry-job", tagAdmin, "Try one of them again"), admin, s.retryJob)
	register(s, api, op(http.MethodGet, "/reports/resolution", "resolution", tagAdmin, "How many closes lasted seven days"), supervisor, s.resolution)
	register(s, api, op(http.MethodPost, "/conversations/{id}/complaint", "complain", tagWork, "Register a formal complaint"), chat.GradeAgent, s.complain)
}

func (s *Server) upkeep() (Upkeep, error) {
	if s.o.Upkeep == nil {
		return nil, chat.ErrUnavailable
	}
	return s.o.Upkeep, nil
}

// list reads a setting that is a list; none where it was never saved.
func list[T any](ctx context.Context, s *Server, name string) ([]T, error) {
	out := []T{}
	data, err := s.o.Store.Setting(ctx, name)
	if errors.Is(err, chat.ErrNotFound) {
		return out, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if err := json.Unmarshal(data, &out); err != nil {
		return nil, fmt.Errorf("decode %s: %w", name, err)
	}
	return out, nil
}

// changeTries is how often a change to a list is made anew because somebody else changed it meanwhile.
const changeTries = 5

// changeList changes a setting that is a list, and gives it. change gets what is stored, nil where nothing ever was, and may be
// called again: two admins who change the list at the same moment both find their change in it.
func changeList[T any](ctx context.Context, s *Server, by chat.User, name, what, object string, change func([]T) ([]T, error)) ([]T, error) {
	u, err := s.upkeep()
	if err != nil {
		return nil, err
	}
	for range changeTries {
		var all []T
		was, err := s.o.Store.Setting(ctx, name)
		if errors.Is(err, chat.ErrNotFound) {
			was, err = nil, nil
		} else if err == nil {
			err = json.Unmarshal(was, &all)
		}
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		if all, err = change(all); err != nil {
			return nil, err
		}
		data, err := json.Marshal(all)
		if err != nil {
			return nil, fmt.Errorf("encode %s: %w", name, err)
		}
		switch err := u.SwapSetting(ctx, name, was, data); {
		case errors.Is(err, chat.ErrStale):
			continue
		case err != nil:
			return nil, fmt.Errorf("save %s: %w", name, err)
		}
		s.audit(ctx, by, what, object, nil)
		return all, nil
	}
	return nil, fmt.Errorf("save %s: %w", name, chat.ErrStale)
}

// saveHooks replaces the list; what the form has no secret of keeps the one that it has.
func (s *Server) saveHooks(ctx context.Context, by chat.User, in *hooksIn) (*hooksOut, error) {
	out := &hooksOut{}
	out.Body.Kinds = care.HookKinds
	_, err := changeList(ctx, s, by, care.SettingWebhooks, "webhooks.save", fmt.Sprint(len(in.Body.Webhooks)), func(old []care.Webhook) (kept []care.Webhook, err error) {
		kept, out.Body.Webhooks, err = s.hooksOf(in, old)
		return kept, err
	})
	return out, err
}

// hooksOf gives the webhooks as they are stored, and as they are shown: with their secret only where it is new.
func (s *Server) hooksOf(in *hooksIn, old []care.Webhook) (kept, shown []care.Webhook, err error) {
	kept, shown = []care.Webhook{}, []care.Webhook{}
	for i, h := range in.Body.Webhooks {
		w := care.Webhook{ID: h.ID, URL: h.URL, Kinds: append([]string{}, h.Kinds...)}
		if err := checkHook(i, w); err != nil {
			return nil, nil, err
		}
		j := slices.IndexFunc(old, func(x care.Webhook) bool { return x.ID == h.ID })
		switch {
		case h.ID == "":
			key := make([]byte, 32)
			if _, err := rand.Read(key); err != nil {
				return nil, nil, fmt.Errorf("make webhook secret: %w", err)
			}
			w.ID, w.Secret = s.o.NewID(), "whsec_"+base64.StdEncoding.EncodeToString(key)
			shown = append(shown, w)
		case j < 0:
			return nil, nil, &chat.InvalidError{Field: fmt.Sprintf("webhooks[%d].id", i), Code: "unknown", Hint: "Leave the id out for a new one."}
		default:
			shown = append(shown, w)
			w.Secret = old[j].Secret
		}
		kept = append(kept, w)
	}
	return kept, shown, nil
}

func checkHook(i int, w care.Webhook) error {
	u, err := url.Parse(w.URL)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "https" && u.Scheme != "http") {
		return &chat.InvalidError{Field: fmt.Sprintf("webhooks[%d].url", i), Code: "url", Hint: "Give https://host/path."}
	}
	for _, k := range w.Kinds {
		if !slices.Contains(care.HookKinds, k) {
			return &chat.InvalidError{Field: fmt.Sprintf("webhooks[%d].kinds", i), Code: "unknown", Hint: "Use the kinds that GET lists."}
		}
	}
	return nil
}

func (s *Server) listHooks(ctx context.Context, _ chat.User, _ *struct{}) (*hooksOut, error) {
	all, err := list[care.Webhook](ctx, s, care.SettingWebhooks)
	out := &hooksOut{}
	for i := range all {
		all[i].Secret = ""
	}
	out.Body.Webhooks, out.Body.Kinds = all, care.HookKinds
	return out, err
}

func (s *Server) saveSurvey(ctx context.Context, by chat.User, in *surveyIn) (*surveyIn, error) {
	if err := in.Body.Check(); err != nil {
		return nil, err
	}
	if err := checkSurveyWords(in.Body.SurveySetting); err != nil {
		return nil, err
	}
	u, err := s.upkeep()
	if err != nil {
		return nil, err
	}
	was, err := s.o.Store.Setting(ctx, care.SettingSurvey)
	if errors.Is(err, chat.ErrNotFound) {
		was, err = nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read the survey: %w", err)
	}
	if in.Body.Version != "" && in.Body.Version != ruleVersion(was) {
		return nil, errSurveyChanged
	}
	data, err := json.Marshal(in.Body.SurveySetting)
	if err != nil {
		return nil, fmt.Errorf("encode the survey: %w", err)
	}
	switch err := u.SwapSetting(ctx, care.SettingSurvey, was, data); {
	case errors.Is(err, chat.ErrStale):
		return nil, errSurveyChanged
	case err != nil:
		return nil, fmt.Errorf("save the survey: %w", err)
	}
	s.audit(ctx, by, "survey.save", fmt.Sprint(in.Body.Hours), nil)
	return &surveyIn{Body: versionedSurvey{ruleVersion(data), in.Body.SurveySetting}}, nil
}

var errSurveyChanged = &apiError{
	status: http.StatusConflict, Code: frame.CodeStale, Message: "Somebody else has changed the survey.",
	Hint: "Read it again, and make your change from that.",
}

func (s *Server) listDead(ctx context.Context, _ chat.User, _ *struct{}) (*deadOut, error) {
	if s.o.Dead == nil {
		return nil, chat.ErrUnavailable
	}
	all, err := s.o.Dead.Dead(ctx, 200)
	out := &deadOut{}
	out.Body.Jobs = append([]chat.DeadJob{}, all...)
	return out, err
}

func (s *Server) retryJob(ctx context.Context, by chat.User, in *jobIn) (*struct{}, error) {
	if s.o.Dead == nil {
		return nil, chat.ErrUnavailable
	}
	if err := s.o.Dead.Retry(ctx, in.ID); err != nil {
		return nil, err
	}
	s.audit(ctx, by, "job.retry", fmt.Sprint(in.ID), nil)
	return nil, nil
}

func (s *Server) resolution(ctx context.Context, _ chat.User, in *spanIn) (*resolutionOut, error) {
	u, err := s.upkeep()
	if err != nil {
		return nil, err
	}
	now := s.now()
	if in.To.IsZero() {
		in.To = now
	}
	if in.From.IsZero() {
		in.From = in.To.AddDate(0, 0, -30)
	}
	r, err := u.Resolution(ctx, in.From.UTC(), in.To.UTC(), now)
	return &resolutionOut{r}, err
}

func (s *Server) complain(ctx context.Context, by chat.User, in *ConversationIn) (*complaintOut, error) {
	if _, err := s.visible(ctx, by, in.ID); err != nil {
		return nil, err
	}
	c, err := s.care()
	if err != nil {
		return nil, err
	}
	x, err := c.Complain(ctx, by.ID, in.ID)
	return &complaintOut{x}, err
}
