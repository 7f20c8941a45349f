package server

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
)

// mostKeys is how many identity keys of a site are live at once: the new one, and the old one while it is replaced.
const mostKeys = 2

type siteKeysOut struct {
	Body struct {
		Live   int    `json:"live" doc:"keys that are accepted now: none, one, or two while one is replaced"`
		Secret string `json:"secret,omitempty" doc:"of the new key, base64url; shown this once"`
	}
}

type enforceIn struct {
	ID   string `path:"id" maxLength:"64"`
	Body struct {
		Enforce bool `json:"enforce" doc:"turn away visitors who do not say who they are by a signed token"`
	}
}

type sightingsOut struct {
	Body struct {
		Sightings []chat.Sighting `json:"sightings" doc:"newest first"`
	}
}

func (s *Server) siteKeyRoutes(api huma.API) {
	register(s, api, op(http.MethodGet, "/sites/{id}/sightings", "sightings", tagAdmin, "Which pages loaded the widget, opened a chat, or were refused"), chat.GradeAdmin, s.listSightings)
	register(s, api, op(http.MethodPost, "/sites/{id}/keys", "add-key", tagAdmin, "Make a new identity key; the one before stays live until it is removed"), chat.GradeAdmin, s.addKey)
	register(s, api, op(http.MethodDelete, "/sites/{id}/keys", "remove-old-key", tagAdmin, "Remove the older identity key; the only one, too"), chat.GradeAdmin, s.removeKey)
	register(s, api, op(http.MethodPut, "/sites/{id}/enforce", "enforce-identity", tagAdmin, "Let in only visitors with a signed identity, or everybody"), chat.GradeAdmin, s.enforceIdentity)
}

// storedSite reads a site past the memory of the moment: what is changed must be the newest.
func (s *Server) storedSite(ctx context.Context, id string) (chat.Site, error) {
	site, err := s.o.Store.Site(ctx, id)
	if err != nil {
		return site, fmt.Errorf("read site %s: %w", id, err)
	}
	return site, nil
}

func (s *Server) storeSite(ctx context.Context, by chat.User, site chat.Site, what string) error {
	if err := s.o.Store.SaveSite(ctx, site); err != nil {
		return fmt.Errorf("save site %s: %w", site.ID, err)
	}
	s.sites.forget()
	s.audit(ctx, by, what, site.ID, map[string]any{"keys": len(site.Settings.IdentityKeys), "enforce": site.Settings.Enforce})
	return nil
}

func (s *Server) listSightings(ctx context.Context, _ chat.User, in *siteIn) (*sightingsOut, error) {
	a, err := s.admin()
	if err != nil {
		return nil, err
	}
	if _, err := s.storedSite(ctx, in.ID); err != nil {
		return nil, err
	}
	all, err := a.Sightings(ctx, in.ID)
	out := &sightingsOut{}
	out.Body.Sightings = append([]chat.Sighting{}, all...)
	return out, err
}

// addKey makes a new key. Where two are live, the older one goes: a key is never live without anybody having it.
func (s *Server) addKey(ctx context.Context, by chat.User, in *siteIn) (*siteKeysOut, error) {
	site, err := s.storedSite(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	secret := make([]byte, 32)
	rand.Read(secret) // never fails: crypto/rand
	out := &siteKeysOut{}
	out.Body.Secret = base64.RawURLEncoding.EncodeToString(secret)
	keys := append([]string{out.Body.Secret}, site.Settings.IdentityKeys...)
	site.Settings.IdentityKeys = keys[:min(len(keys), mostKeys)]
	out.Body.Live = len(site.Settings.IdentityKeys)
	return out, s.storeSite(ctx, by, site, "site.key.add")
}

func (s *Server) removeKey(ctx context.Context, by chat.User, in *siteIn) (*siteKeysOut, error) {
	site, err := s.storedSite(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	n := len(site.Settings.IdentityKeys)
	if n == 0 {
		return nil, fmt.Errorf("key of %s: %w", in.ID, chat.ErrNotFound)
	}
	if n == 1 && site.Settings.Enforce {
		return nil, &chat.InvalidError{Field: "enforce", Code: "needed", Hint: "Nobody could write any more. Let everybody in first, or make a new key."}
	}
	site.Settings.IdentityKeys = site.Settings.IdentityKeys[:n-1]
	out := &siteKeysOut{}
	out.Body.Live = n - 1
	return out, s.storeSite(ctx, by, site, "site.key.remove")
}

func (s *Server) enforceIdentity(ctx context.Context, by chat.User, in *enforceIn) (*siteKeysOut, error) {
	site, err := s.storedSite(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if in.Body.Enforce && len(site.Settings.IdentityKeys) == 0 {
		return nil, &chat.InvalidError{Field: "enforce", Code: "needed", Hint: "Make a key first, or nobody could write."}
	}
	site.Settings.Enforce = in.Body.Enforce
	out := &siteKeysOut{}
	out.Body.Live = len(site.Settings.IdentityKeys)
	return out, s.storeSite(ctx, by, site, "site.enforce")
}
