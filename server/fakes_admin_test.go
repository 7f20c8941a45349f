package server

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"ombud/chat"
)

// office is an AdminStore on the memory of a world: what *storage.DB promises, without a database.
type office struct {
	*memory
	mu      sync.Mutex
	tokens  []chat.APIToken
	seen    []chat.Sighting
	answers []chat.SurveyAnswer
	saw     chan struct{} // a sighting was noted
}

func (o *office) AuditPage(_ context.Context, q chat.AuditQuery) ([]chat.AuditEntry, error) {
	o.memory.mu.Lock()
	defer o.memory.mu.Unlock()
	var out []chat.AuditEntry
	for i, e := range o.memory.audit {
		e.ID = fmt.Sprintf("%06d", i)
		prefix := strings.HasSuffix(q.What, ".") && strings.HasPrefix(e.What, q.What)
		older := q.Before.ID == "" || e.ID < q.Before.ID
		if older && (q.By == "" || q.By == e.By) && (q.What == "" || q.What == e.What || prefix) && (q.Object == "" || q.Object == e.Object) {
			out = append(out, e)
		}
	}
	slices.Reverse(out)
	return out[:min(len(out), q.Limit)], nil
}

func (o *office) AuditKinds(context.Context) ([]string, error) {
	o.memory.mu.Lock()
	defer o.memory.mu.Unlock()
	var out []string
	for _, e := range o.memory.audit {
		out = append(out, e.What)
	}
	slices.Sort(out)
	return slices.Compact(out), nil
}

func (o *office) CreateAPIToken(_ context.Context, t chat.APIToken) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.tokens = append(o.tokens, t)
	o.memory.mu.Lock()
	defer o.memory.mu.Unlock()
	o.memory.tokens[t.Hash] = t.User
	return nil
}

func (o *office) APITokens(_ context.Context, user string) ([]chat.APIToken, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.tokens), func(t chat.APIToken) bool { return t.User != user }), nil
}

func (o *office) RevokeAPIToken(_ context.Context, id string) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	i := slices.IndexFunc(o.tokens, func(t chat.APIToken) bool { return t.ID == id })
	if i < 0 {
		return chat.ErrNotFound
	}
	o.memory.mu.Lock()
	delete(o.memory.tokens, o.tokens[i].Hash)
	o.memory.mu.Unlock()
	o.tokens = slices.Delete(o.tokens, i, i+1)
	return nil
}

func (o *office) VoidLinks(_ context.Context, user string, _ time.Time) error {
	o.memory.mu.Lock()
	defer o.memory.mu.Unlock()
	for hash, l := range o.memory.links {
		if l.User == user {
			delete(o.memory.links, hash)
		}
	}
	return nil
}

func (o *office) Sighted(_ context.Context, s chat.Sighting) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen = append(o.seen, s)
	o.saw <- struct{}{}
	return nil
}

func (o *office) Sightings(_ context.Context, site string) ([]chat.Sighting, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.DeleteFunc(slices.Clone(o.seen), func(s chat.Sighting) bool { return s.Site != site }), nil
}

func (o *office) SurveyAnswers(_ context.Context, before chat.SurveyAnswer, limit int) ([]chat.SurveyAnswer, error) {
	all := slices.DeleteFunc(slices.Clone(o.answers), func(a chat.SurveyAnswer) bool {
		return cmp.Or(a.At.Compare(before.At), cmp.Compare(a.Conversation, before.Conversation)) >= 0
	})
	return all[:min(len(all), limit)], nil
}

// keeps is an Upkeep on the same memory, with one alert.
type keeps struct{ *memory }

func (k keeps) SaveSetting(_ context.Context, name string, value json.RawMessage) error {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.settings[name] = value
	return nil
}

func (k keeps) SwapSetting(ctx context.Context, name string, was, value json.RawMessage) error {
	k.meanwhile()
	if old, _ := k.Setting(ctx, name); string(old) != string(was) {
		return chat.ErrStale
	}
	return k.SaveSetting(ctx, name, value)
}

func (k keeps) Alerts(context.Context, int) ([]chat.Alert, error) {
	return []chat.Alert{{ID: "the-alert", Subject: "topic:order_status"}}, nil
}

func (k keeps) NoteAlert(context.Context, string, json.RawMessage) error { return nil }

func (k keeps) Resolution(context.Context, time.Time, time.Time, time.Time) (chat.Resolution, error) {
	return chat.Resolution{}, nil
}

// grave holds one dead job.
type grave struct{}

func (grave) Dead(context.Context, int) ([]chat.DeadJob, error) { return []chat.DeadJob{{ID: 1}}, nil }
func (grave) Retry(context.Context, int64) error                { return nil }

// letters is a mailer that keeps what it sends.
type letters struct {
	mu   sync.Mutex
	sent []chat.Mail
	err  error
}

func (l *letters) Send(_ context.Context, m chat.Mail) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sent = append(l.sent, m)
	return l.err
}
