package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/frame"
)

type searchIn struct {
	Words    string    `query:"words" maxLength:"200" doc:"all must occur in one message, note or name; from three letters on a word's beginning is enough"`
	Customer string    `query:"customer" maxLength:"200" doc:"words of the customer's name or e-mail address"`
	Cause    string    `query:"cause" maxLength:"64" doc:"id of the cause it was closed with"`
	Language string    `query:"language" maxLength:"35"`
	Agent    string    `query:"agent" maxLength:"64" doc:"id of a user who took part"`
	From     time.Time `query:"from" doc:"said at this time or later; without words, begun then"`
	To       time.Time `query:"to" doc:"and before this time"`
	Limit    int       `query:"limit" minimum:"1" maximum:"100" default:"20"`
	After    string    `query:"after" maxLength:"100" doc:"next of the page before"`
}

type searchOut struct{ Body chat.Found }

type toneOut struct {
	Body struct {
		Phrases map[string][]string `json:"phrases" doc:"by language: what the running script forbids, since it makes upset customers angrier; a star stands for any ending"`
	}
}

type wallIn struct {
	Since time.Time `query:"since" doc:"when the viewer's day began; default 24 hours ago"`
}

type wallOut struct {
	Body struct {
		Waiting     int              `json:"waiting" doc:"in the queue now"`
		Tickets     int              `json:"tickets" doc:"messages left, not answered yet"`
		LongestFrom time.Time        `json:"longest_from,omitzero" doc:"since when the one waits who waits longest"`
		InChat      int              `json:"in_chat" doc:"with an agent now"`
		Staffed     map[string]int   `json:"staffed" doc:"agents by state: online, busy, away, wrapping_up"`
		Today       chat.HourCount   `json:"today" doc:"all since the beginning of the day"`
		Hours       []chat.HourCount `json:"hours" doc:"the same by hours; hours without any are left out"`
		Claimed     int              `json:"claimed" doc:"handoffs answered since then"`
		MedianWait  float64          `json:"median_wait" doc:"seconds that half of them waited at most; 0 without any"`
	}
}

func (s *Server) deskRoutes(api huma.API) {
	s.cannedRoutes(api)
	register(s, api, op(http.MethodGet, "/search", "search", tagWork, "Find conversations by words, customer, cause, language, agent and time, as far as you may see them"), chat.GradeAgent, s.search)
	register(s, api, op(http.MethodGet, "/tone", "tone", tagWork, "Phrases to warn of while an agent types"), chat.GradeAgent, s.tone)
	register(s, api, op(http.MethodGet, "/wall", "wall", tagAdmin, "How it stands now and how the day went, in numbers"), chat.GradeSupervisor, s.wall)
}

// search looks among what the user may see. Storage narrows to that already, for the paging's sake; what it finds is
// judged once more by the rule that every other route goes by.
func (s *Server) search(ctx context.Context, u chat.User, in *searchIn) (*searchOut, error) {
	d, err := s.desk()
	if err != nil {
		return nil, err
	}
	for field, value := range map[string]string{"words": in.Words, "customer": in.Customer, "cause": in.Cause, "language": in.Language, "agent": in.Agent, "after": in.After} {
		if p := frame.CheckLine(field, value, 200); p != nil {
			return nil, p
		}
	}
	q := chat.Search{
		Words: in.Words, Customer: in.Customer, Cause: in.Cause, Language: in.Language, Agent: in.Agent,
		From: in.From.UTC(), To: in.To.UTC(), Limit: in.Limit, After: in.After,
	}
	if !u.Grade.Includes(chat.GradeSupervisor) {
		q.Viewer = &u
	}
	found, err := d.Search(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("search: %w", err)
	}
	out := &searchOut{Body: chat.Found{Hits: []chat.Hit{}, Next: found.Next}}
	for _, h := range found.Hits {
		if q.Viewer != nil {
			switch _, err := s.visible(ctx, u, h.Conversation.ID); {
			case errors.Is(err, chat.ErrNotFound):
				continue
			case err != nil:
				return nil, err
			}
		}
		h.Conversation.State = nil // the bot's own memory
		out.Body.Hits = append(out.Body.Hits, h)
	}
	return out, nil
}

func (s *Server) tone(context.Context, chat.User, *struct{}) (*toneOut, error) {
	if s.o.Tone == nil {
		return nil, chat.ErrUnavailable
	}
	out := &toneOut{}
	out.Body.Phrases = s.o.Tone()
	return out, nil
}

func (s *Server) wall(ctx context.Context, _ chat.User, in *wallIn) (*wallOut, error) {
	d, err := s.desk()
	if err != nil {
		return nil, err
	}
	since := in.Since.UTC()
	if earliest := s.now().Add(-48 * time.Hour); in.Since.IsZero() || since.Before(earliest) {
		since = s.now().Add(-24 * time.Hour)
	}
	out := &wallOut{}
	b := &out.Body
	b.Waiting, b.Tickets, b.InChat, b.LongestFrom = s.floor.standing()
	b.Staffed = map[string]int{}
	if s.o.Duty != nil {
		present, err := s.o.Duty.Present(ctx)
		if err != nil {
			return nil, fmt.Errorf("list who is present: %w", err)
		}
		for _, p := range present {
			b.Staffed[p.State]++
		}
	}
	hours, err := d.ConversationsByHour(ctx, since)
	if err != nil {
		return nil, err
	}
	b.Hours, b.Today.At = append([]chat.HourCount{}, hours...), since
	for _, h := range hours {
		b.Today.Conversations += h.Conversations
		b.Today.HandedOver += h.HandedOver
	}
	waits, err := d.RecentWaits(ctx, since)
	if err != nil {
		return nil, err
	}
	b.Claimed, b.MedianWait = len(waits), medianWait(waits)
	return out, nil
}

// medianWait gives the lower median in seconds; 0 of none.
func medianWait(waits []chat.Wait) float64 {
	if len(waits) == 0 {
		return 0
	}
	took := make([]time.Duration, len(waits))
	for i, w := range waits {
		took[i] = w.Waited
	}
	slices.Sort(took)
	return took[(len(took)-1)/2].Seconds()
}
