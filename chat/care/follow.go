package care

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"ombud/chat"
	"ombud/handoff"
)

// The kinds of job that follow events.
const (
	JobReplyMail  = "mail_reply"
	JobLeft       = "left"
	JobLeftMail   = "mail_left"
	JobLaterMail  = "mail_later"
	JobSurveyMail = "mail_survey"
	JobSurvey     = "survey"
	JobPromise    = "promise"
	JobComplaint  = "complaint"
	JobWebhook    = "webhook"
	JobAlerts     = "alerts"
	JobWording    = "wording"
	JobBotOffer   = "bot_offer"
)

// Outside are the kinds whose jobs wait for machines of others: receivers of webhooks, mail servers, language models. Each group is to be
// held up by nobody but its own.
var Outside = [][]string{{JobWebhook}, {JobReplyMail, JobLeftMail, JobLaterMail, JobSurveyMail, JobComplaintMail}, {JobWording}}

// Log is where appends go.
type Log interface {
	Append(ctx context.Context, a chat.Append) (chat.Appended, error)
	Conversation(ctx context.Context, id string) (chat.Conversation, error)
	LastOf(ctx context.Context, conversation string, kind chat.Kind) (chat.Event, error)
	Setting(ctx context.Context, name string) (json.RawMessage, error)
}

// Follow stands before the log and adds to every append what must follow from it, in the same transaction: the timers and
// deliveries, and the reopening after a bad answer. Whoever writes need not think of it, and cannot forget it.
type Follow struct {
	log      Log
	newID    func() string
	now      func() time.Time
	rules    func() handoff.Rules
	settings *settings
	voice    Voice
	writer   Writer // nil: briefs are not worded
}

// NewFollow makes a Follow before the log. rules are those in force; voice words what is promised.
func NewFollow(log Log, newID func() string, now func() time.Time, rules func() handoff.Rules, voice Voice) *Follow {
	return &Follow{log: log, newID: newID, now: now, rules: rules, voice: voice, settings: &settings{read: log.Setting, now: now}}
}

// WithWriter has briefs worded, where the writer has a model.
func (f *Follow) WithWriter(w Writer) *Follow {
	f.writer = w
	return f
}

// Append is the log's Append, with what follows.
func (f *Follow) Append(ctx context.Context, a chat.Append) (chat.Appended, error) {
	a, err := f.callback(ctx, a)
	if err != nil {
		return chat.Appended{}, err
	}
	jobs, err := f.jobs(ctx, a)
	if err != nil {
		return chat.Appended{}, err
	}
	a.Jobs = append(slices.Clone(a.Jobs), jobs...)
	if better, ok, err := f.reopening(ctx, a); err != nil {
		return chat.Appended{}, err
	} else if ok {
		out, err := f.log.Append(ctx, better)
		if !errors.Is(err, chat.ErrStale) {
			return out, err
		}
	}
	return f.log.Append(ctx, a)
}

func (f *Follow) jobs(ctx context.Context, a chat.Append) ([]chat.Job, error) {
	var out []chat.Job
	for _, e := range a.Events {
		jobs, err := f.of(ctx, a.Conversation, e)
		if err != nil {
			return nil, err
		}
		hooks, err := f.hooks(ctx, a.Conversation, e)
		if err != nil {
			return nil, err
		}
		out = append(append(out, jobs...), hooks...)
	}
	return out, nil
}

// of gives the timers and mails that follow one event.
func (f *Follow) of(ctx context.Context, conversation string, e chat.Event) ([]chat.Job, error) {
	switch e.Kind {
	case chat.KindMessage:
		if e.Role != chat.RoleAgent || e.ClientID == "" {
			return nil, nil
		}
		left, err := f.log.LastOf(ctx, conversation, chat.KindLeftMessage)
		if errors.Is(err, chat.ErrNotFound) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if bodyOf[chat.LeftMessage](left).Email == "" {
			return nil, nil
		}
		return []chat.Job{job(JobReplyMail, time.Time{}, replyArgs{conversation, e.Sender, e.ClientID})}, nil
	case chat.KindLeftMessage:
		m := bodyOf[chat.LeftMessage](e)
		jobs := watchLeft(conversation, e.At, m)
		if m.Email != "" {
			jobs = append(jobs, job(JobLeftMail, time.Time{}, replyArgs{conversation, e.Sender, e.ClientID}))
		}
		return jobs, nil
	case chat.KindClosed:
		if bodyOf[chat.Closed](e).Outcome == "duplicate" {
			return nil, nil
		}
		after, err := f.settings.surveyAfter(ctx)
		if err != nil {
			return nil, err
		}
		at := e.At.UTC().Truncate(time.Microsecond)
		return []chat.Job{job(JobSurvey, at.Add(after), surveyArgs{conversation, at.UnixMicro()})}, nil
	case chat.KindPromise:
		return watch(conversation, e), nil
	case chat.KindBrief:
		return f.wording(conversation, e), nil
	case chat.KindHandoffRequested:
		if bodyOf[chat.Handoff](e).Reason == "formal_complaint" {
			return []chat.Job{job(JobComplaint, time.Time{}, conversationArgs{conversation})}, nil
		}
	}
	return nil, nil
}

// reopening gives the append with the conversation reopened one level up, where it holds a bad answer to the question how
// it went and the matter is closed.
func (f *Follow) reopening(ctx context.Context, a chat.Append) (chat.Append, bool, error) {
	answered := slices.ContainsFunc(a.Events, func(e chat.Event) bool { return e.Kind == chat.KindSurvey })
	if !answered {
		return a, false, nil
	}
	set, err := f.settings.surveyed(ctx)
	if err != nil {
		return a, false, err
	}
	bad := slices.ContainsFunc(a.Events, func(e chat.Event) bool {
		s := bodyOf[chat.Survey](e)
		return e.Kind == chat.KindSurvey && s.State == "answered" && s.Rating <= set.Reopen
	})
	if !bad {
		return a, false, nil
	}
	conv, err := f.log.Conversation(ctx, a.Conversation)
	if err != nil || conv.Owner != chat.OwnerClosed {
		return a, false, err
	}
	level := min(conv.Level+1, chat.LevelExecutive)
	due, warn := answerBy(f.rules(), conv, level, f.now().UTC())
	body, err := json.Marshal(chat.Reopened{Owner: chat.OwnerQueue, Level: level, Reason: "bad_rating", DueAt: due, WarnAt: warn})
	if err != nil {
		return a, false, err
	}
	a.Events = append(slices.Clone(a.Events), chat.Event{Kind: chat.KindReopened, Role: chat.RoleSystem, At: a.Events[len(a.Events)-1].At, Body: body})
	a.Expect.Owners, a.Expect.Epoch = []chat.Owner{chat.OwnerClosed}, &conv.Epoch
	more, err := f.hooks(ctx, a.Conversation, a.Events[len(a.Events)-1])
	a.Jobs = append(a.Jobs, more...)
	return a, true, err
}

// bodyOf decodes a body; one that does not fit its kind is refused by the log, not here.
func bodyOf[B any](e chat.Event) B {
	var b B
	_ = json.Unmarshal(e.Body, &b)
	return b
}

func job(kind string, at time.Time, args any) chat.Job {
	data, err := json.Marshal(args)
	if err != nil {
		panic("care: encode job " + kind + ": " + err.Error()) // structs of strings and numbers
	}
	j := chat.Job{Kind: kind, Args: data}
	if !at.IsZero() {
		j.At = at.UnixMicro()
	}
	return j
}

type conversationArgs struct {
	Conversation string `json:"conversation"`
}

type replyArgs struct {
	Conversation string `json:"conversation"`
	Sender       string `json:"sender"`
	ClientID     string `json:"client_id"`
}

type surveyArgs struct {
	Conversation string `json:"conversation"`
	ClosedAt     int64  `json:"closed_at"` // microseconds: the close that is asked about
}
