package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
	"ombud/server/frame"
	"ombud/server/look"
	"ombud/server/upload"
)

type siteIn struct {
	ID string `path:"id" maxLength:"64"`
}

type widgetOut struct {
	CORS  string `header:"Access-Control-Allow-Origin"`
	Cache string `header:"Cache-Control"`
	Body  struct {
		Site struct {
			ID     string `json:"id"`
			Name   string `json:"name"`
			Locale string `json:"locale,omitempty" doc:"the site's own language"`
		} `json:"site"`
		Limits frame.Limits `json:"limits"`
	}
}

type siteFields struct {
	Name    string   `json:"name" minLength:"1" maxLength:"100"`
	Origins []string `json:"origins" maxItems:"100" doc:"exact origins that may carry the widget: scheme://host[:port]"`
	Locale  string   `json:"locale,omitempty" maxLength:"35"`
	Version int64    `json:"version,omitempty" minimum:"0" doc:"the version that the change was made from: if there is a newer one, the answer is 409; 0: whatever it is"`
	// What is left out stays as it is.
	Enforce *bool      `json:"enforce,omitempty" doc:"turn away visitors for whom the site does not vouch by a signed token"`
	Files   *bool      `json:"files,omitempty" doc:"let visitors and agents send pictures and PDFs"`
	Ask     *[]string  `json:"ask,omitempty" maxItems:"2" enum:"name,email" doc:"what to ask visitors for before the first message, where it is not known"`
	Look    *chat.Look `json:"look,omitempty" doc:"how the widget looks: position right or left, theme auto, light or dark, bubble show or hide, and colours; {} for as it comes"`
}

type putSiteIn struct {
	ID   string `path:"id" maxLength:"64" pattern:"^[a-z0-9][a-z0-9-]*$"`
	Body siteFields
}

// switches sets what was given.
func (f siteFields) switches(r *chat.SiteRules) error {
	if f.Enforce != nil {
		if *f.Enforce && len(r.IdentityKeys) == 0 {
			return &chat.InvalidError{Field: "enforce", Code: "needed", Hint: "Make a key first, or nobody could write."}
		}
		r.Enforce = *f.Enforce
	}
	if f.Files != nil {
		r.Files = *f.Files
	}
	if f.Look != nil {
		if err := look.Check(*f.Look); err != nil {
			return err
		}
		r.Look = f.Look
		if *f.Look == (chat.Look{}) {
			r.Look = nil
		}
	}
	if f.Ask != nil {
		r.Ask = slices.Compact(slices.Sorted(slices.Values(*f.Ask)))
		slices.Reverse(r.Ask) // name before email
	}
	return nil
}

type sitesOut struct {
	Body struct {
		Sites  []keyedSite `json:"sites"`
		Widget struct {
			Pinned    string `json:"pinned" doc:"path of the file that never changes, /w/VERSION/widget.js"`
			Integrity string `json:"integrity" doc:"value of the script tag's integrity attribute for it"`
		} `json:"widget"`
	}
}

func (s *Server) siteRoutes(api huma.API) {
	register(s, api, op(http.MethodGet, "/sites/{id}/widget", "widget-config", tagVisitors, "What the widget may know of its site"), anonymous, s.widgetConfig)
	register(s, api, op(http.MethodGet, "/sites", "sites", tagAdmin, "The websites that carry the widget"), chat.GradeAdmin, s.listSites)
	register(s, api, op(http.MethodPut, "/sites/{id}", "save-site", tagAdmin, "Add or change a website"), chat.GradeAdmin, s.saveSite)
}

func (s *Server) widgetConfig(ctx context.Context, _ chat.User, in *siteIn) (*widgetOut, error) {
	site, err := s.sites.site(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	out := &widgetOut{CORS: "*", Cache: "public, max-age=60"}
	out.Body.Site.ID, out.Body.Site.Name, out.Body.Site.Locale = site.ID, site.Name, site.Settings.Locale
	out.Body.Limits = limitsOf(site)
	return out, nil
}

// limitsOf gives what a client of that site should keep to.
func limitsOf(site chat.Site) frame.Limits {
	l := frame.Limits{Text: frame.MaxText}
	if site.Settings.Files {
		l.File, l.FileTypes = upload.MaxBytes, upload.Types
	}
	return l
}

func (s *Server) listSites(ctx context.Context, _ chat.User, _ *struct{}) (*sitesOut, error) {
	all, err := s.o.Store.Sites(ctx)
	out := &sitesOut{}
	out.Body.Sites = []keyedSite{}
	for _, site := range all {
		out.Body.Sites = append(out.Body.Sites, keyed(site))
	}
	out.Body.Widget.Pinned, out.Body.Widget.Integrity = s.o.Pinned.Path, s.o.Pinned.Integrity
	return out, err
}

func (s *Server) saveSite(ctx context.Context, by chat.User, in *putSiteIn) (*keyedSiteOut, error) {
	site, err := s.o.Store.Site(ctx, in.ID) // its keys and switches stay, as they are now
	if errors.Is(err, chat.ErrNotFound) {
		site, err = chat.Site{ID: in.ID}, nil
	}
	if err != nil {
		return nil, err
	}
	if p := frame.CheckLine("name", in.Body.Name, 100); p != nil {
		return nil, p
	}
	if in.Body.Version != 0 {
		site.Version = in.Body.Version
	}
	site.Name, site.Settings.Locale, site.Origins = in.Body.Name, in.Body.Locale, []string{}
	if err := in.Body.switches(&site.Settings); err != nil {
		return nil, err
	}
	for i, o := range in.Body.Origins {
		origin, err := exactOrigin(o)
		if err != nil {
			return nil, &chat.InvalidError{Field: fmt.Sprintf("origins[%d]", i), Code: "origin",
				Hint: "Give scheme and host, such as https://shop.example.com."}
		}
		site.Origins = append(site.Origins, origin)
	}
	site, err = s.storeSite(ctx, by, site, "site.save")
	return &keyedSiteOut{keyed(site)}, err
}
