package care

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
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

// SurveySetting says when and how customers are asked how it went, and which answers open the matter again.
type SurveySetting struct {
	Hours int `json:"hours"` // after the close: 24 to 48
	// Reopen is the best rating that opens the matter again, 1 to 4; 0: SurveyReopen.
	Reopen int `json:"reopen,omitempty"`
	// Texts is what is asked, by language; a language without one asks in the widget's and the script's words.
	Texts map[string]string `json:"texts,omitempty"`
	// Questions are asked beside the rating, in their order.
	Questions []SurveyQuestion `json:"questions,omitempty"`
}

// languages are those that surveys are written in.
var languages = []string{"en", "hu", "sl", "fr", "zh"}

// SurveyReopen is the best rating that opens a matter again, until an admin says otherwise.
const SurveyReopen = 2

// LongestSurveyText bounds each of SurveySetting.Texts, in characters.
const LongestSurveyText = 500

// Check says what is wrong: *chat.InvalidError.
func (s SurveySetting) Check() error {
	switch {
	case s.Hours < 24 || s.Hours > 48:
		return &chat.InvalidError{Field: "hours", Code: "range", Hint: "Give 24 to 48 hours."}
	case s.Reopen < 0 || s.Reopen > 4:
		return &chat.InvalidError{Field: "reopen", Code: "range", Hint: "Give a rating from 1 to 4."}
	}
	if err := checkLanguages("texts", s.Texts); err != nil {
		return err
	}
	return checkQuestions(s.Questions)
}

func checkLanguages(field string, by map[string]string) error {
	for language := range by {
		if !slices.Contains(languages, language) {
			return &chat.InvalidError{Field: field + "." + language, Code: "language", Hint: "Customers are asked in en, hu, sl, fr or zh."}
		}
	}
	return nil
}

// text gives what to ask in a language, "" for the script's words. One that no survey is written in gets English.
func (s SurveySetting) text(language string) string {
	if !slices.Contains(languages, language) {
		language = "en"
	}
	return s.Texts[language]
}

// surveyed gives the setting, with what was never set filled in.
func (s *settings) surveyed(ctx context.Context) (SurveySetting, error) {
	set, err := decoded[SurveySetting](ctx, s, SettingSurvey)
	if set.Hours < 24 || set.Hours > 48 {
		set.Hours = SurveyHours
	}
	if set.Reopen == 0 {
		set.Reopen = SurveyReopen
	}
	return set, err
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
	set, err := s.surveyed(ctx)
	return time.Duration(set.Hours) * time.Hour, err
}
