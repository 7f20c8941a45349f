package care

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"time"

	"ombud/chat"
)

// The names of the settings that admins change.
const (
	SettingSurvey   = "survey"   // SurveySetting
	SettingWebhooks = "webhooks" // []Webhook
	SettingNotices  = "notices"  // []Notice
	SettingPageKey  = "page_key"
)

// SurveyHours is how many hours after the close customers are asked, until an admin says otherwise.
const SurveyHours = 24

// SurveySetting says when customers are asked how it went.
type SurveySetting struct {
	Hours int `json:"hours"` // after the close: 24 to 48
}

// fresh is how old a setting may be: an admin waits no longer for a change to be felt on every node.
const fresh = 5 * time.Second

// settings reads small settings and keeps them for a moment.
type settings struct {
	read func(ctx context.Context, name string) (json.RawMessage, error)
	now  func() time.Time

	mu   sync.Mutex
	kept map[string]kept
}

type kept struct {
	value json.RawMessage
	at    time.Time
}

// value gives nil for a setting that was never saved.
func (s *settings) value(ctx context.Context, name string) (json.RawMessage, error) {
	now := s.now()
	s.mu.Lock()
	k, ok := s.kept[name]
	s.mu.Unlock()
	if ok && now.Sub(k.at) < fresh && !now.Before(k.at) {
		return k.value, nil
	}
	value, err := s.read(ctx, name)
	if err != nil && !errors.Is(err, chat.ErrNotFound) {
		return nil, fmt.Errorf("read setting %s: %w", name, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[string]kept{}
	}
	s.kept[name] = kept{value: value, at: now}
	return value, nil
}

func decoded[T any](ctx context.Context, s *settings, name string) (T, error) {
	var out T
	value, err := s.value(ctx, name)
	if err != nil || value == nil {
		return out, err
	}
	if err := json.Unmarshal(value, &out); err != nil {
		return out, fmt.Errorf("decode setting %s: %w", name, err)
	}
	return out, nil
}

func (s *settings) surveyAfter(ctx context.Context) (time.Duration, error) {
	set, err := decoded[SurveySetting](ctx, s, SettingSurvey)
	if set.Hours < 24 || set.Hours > 48 {
		set.Hours = SurveyHours
	}
	return time.Duration(set.Hours) * time.Hour, err
}
