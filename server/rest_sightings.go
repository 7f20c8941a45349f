package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
)

type sightingsOut struct {
	Body struct {
		Sightings []chat.Sighting `json:"sightings" doc:"newest first"`
	}
}

func (s *Server) sightingRoutes(api huma.API) {
	register(s, api, op(http.MethodGet, "/sites/{id}/sightings", "sightings", tagAdmin, "Which pages loaded the widget, opened a chat, or were refused"), chat.GradeAdmin, s.listSightings)
}

func (s *Server) listSightings(ctx context.Context, _ chat.User, in *siteIn) (*sightingsOut, error) {
	a, err := s.admin()
	if err != nil {
		return nil, err
	}
	if _, err := s.o.Store.Site(ctx, in.ID); err != nil {
		return nil, err
	}
	all, err := a.Sightings(ctx, in.ID)
	out := &sightingsOut{}
	out.Body.Sightings = append([]chat.Sighting{}, all...)
	return out, err
}
