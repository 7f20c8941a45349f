package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
)

type openerIn struct {
	ID     string `path:"id" maxLength:"64"`
	Origin string `query:"origin" required:"true" maxLength:"300" doc:"of the page that opened the chat's own window, as the browser gave it"`
}

func (s *Server) openerRoutes(api huma.API) {
	o := op(http.MethodGet, "/sites/{id}/opener", "site-opener", tagVisitors, "May this page open the chat in a window of its own?")
	o.Description = "The window has our origin, whoever opened it: it asks before it believes what the page hands over. Forbidden for a page that the site does not list."
	register(s, api, o, anonymous, s.mayOpen)
}

// mayOpen answers 204 for a page that may, and is asked by our own window alone.
func (s *Server) mayOpen(ctx context.Context, _ chat.User, in *openerIn) (*struct{}, error) {
	site, err := s.sites.site(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !originAllowed(site, in.Origin, "") {
		return nil, chat.ErrForbidden
	}
	return nil, nil
}
