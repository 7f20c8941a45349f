package server

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"ombud/chat"
	"ombud/chat/care"
	"ombud/server/frame"
)

// mostAlerts is how many alerts are listed.
const mostAlerts = 200

func (s *Server) listAlerts(ctx context.Context, _ chat.User, _ *struct{}) (*alertsOut, error) {
	u, err := s.upkeep()
	if err != nil {
		return nil, err
	}
	all, err := u.Alerts(ctx, mostAlerts)
	out := &alertsOut{}
	out.Body.Alerts = append([]chat.Alert{}, all...)
	return out, err
}

// makeNotice makes a known-issue notice of an alert. It replaces the one that the topic had.
func (s *Server) makeNotice(ctx context.Context, by chat.User, in *noticeIn) (*noticesOut, error) {
	u, err := s.upkeep()
	if err != nil {
		return nil, err
	}
	alerts, err := u.Alerts(ctx, mostAlerts)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(alerts, func(a chat.Alert) bool { return a.ID == in.ID })
	if i < 0 {
		return nil, fmt.Errorf("alert %s: %w", in.ID, chat.ErrNotFound)
	}
	n := care.Notice{Topic: in.Body.Topic, Texts: in.Body.Texts, By: by.ID, At: s.now()}
	if topic, ok := strings.CutPrefix(alerts[i].Subject, "topic:"); ok && n.Topic == "" {
		n.Topic = topic
	}
	for _, lang := range slices.Sorted(maps.Keys(n.Texts)) {
		if p := frame.CheckText("texts."+lang, n.Texts[lang], 1000); p != nil {
			return nil, p
		}
	}
	if err := n.Check(); err != nil {
		return nil, err
	}
	all, err := changeList(ctx, s, by, care.SettingNotices, "notice.save", n.Topic, func(all []care.Notice) ([]care.Notice, error) {
		return append(slices.DeleteFunc(all, func(x care.Notice) bool { return x.Topic == n.Topic }), n), nil
	})
	if err != nil {
		return nil, err
	}
	texts, err := json.Marshal(n.Texts)
	if err != nil {
		return nil, fmt.Errorf("encode notice: %w", err)
	}
	out := &noticesOut{}
	out.Body.Notices = all
	return out, u.NoteAlert(ctx, in.ID, texts)
}

func (s *Server) listNotices(ctx context.Context, _ chat.User, _ *struct{}) (*noticesOut, error) {
	all, err := list[care.Notice](ctx, s, care.SettingNotices)
	out := &noticesOut{}
	out.Body.Notices = all
	return out, err
}

func (s *Server) removeNotice(ctx context.Context, by chat.User, in *topicIn) (*noticesOut, error) {
	out := &noticesOut{}
	var err error
	out.Body.Notices, err = changeList(ctx, s, by, care.SettingNotices, "notice.remove", in.Topic, func(all []care.Notice) ([]care.Notice, error) {
		left := slices.DeleteFunc(slices.Clone(all), func(x care.Notice) bool { return x.Topic == in.Topic })
		if len(left) == len(all) {
			return nil, chat.ErrNotFound
		}
		return left, nil
	})
	return out, err
}
