package server

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"ombud/chat"
)

// mostKeys is how many identity keys of a site are good at once: the new one, and the old one while it is replaced.
const mostKeys = 2

// keyedSite is a site as admins see it.
type keyedSite struct {
	chat.Site
	Keys []string `json:"keys" doc:"fingerprints of the identity keys, newest first; a key itself is shown once, when it is made"`
}

func keyed(site chat.Site) keyedSite {
	out := keyedSite{site, []string{}}
	for _, key := range site.Settings.IdentityKeys {
		out.Keys = append(out.Keys, fingerprint(key))
	}
	return out
}

// fingerprint names a key without giving it away: 12 hex digits of its SHA-256.
func fingerprint(key string) string {
	sum := sha256.Sum256([]byte(key))
	return hex.EncodeToString(sum[:6])
}

type keyedSiteOut struct{ Body keyedSite }

type newKeyOut struct {
	Body struct {
		Key  string   `json:"key" doc:"the new key; shown this once"`
		Keys []string `json:"keys" doc:"fingerprints of the keys that are good now, newest first"`
	}
}

type siteKeyIn struct {
	ID  string `path:"id" maxLength:"64"`
	Key string `path:"key" maxLength:"64" doc:"its fingerprint"`
}

func (s *Server) siteKeyRoutes(api huma.API) {
	register(s, api, op(http.MethodPost, "/sites/{id}/keys", "add-key", tagAdmin, "Make an identity key; of three the oldest goes"), chat.GradeAdmin, s.addKey)
	register(s, api, op(http.MethodDelete, "/sites/{id}/keys/{key}", "remove-key", tagAdmin, "Remove an identity key"), chat.GradeAdmin, s.removeKey)
}

// storeSite saves the next version of a site, has this node read it anew, and writes down who changed what.
func (s *Server) storeSite(ctx context.Context, by chat.User, site chat.Site, what string) (chat.Site, error) {
	if err := s.o.Store.SaveSite(ctx, site); err != nil {
		return site, fmt.Errorf("save site %s: %w", site.ID, changedMeanwhile(err))
	}
	site.Version++
	s.sites.forget()
	s.audit(ctx, by, what, site.ID, keyed(site))
	return site, nil
}

func (s *Server) addKey(ctx context.Context, by chat.User, in *siteIn) (*newKeyOut, error) {
	site, err := s.o.Store.Site(ctx, in.ID) // past the memory of the moment: what is changed must be the newest
	if err != nil {
		return nil, err
	}
	secret := make([]byte, 32)
	_, _ = rand.Read(secret) // never fails: crypto/rand
	out := &newKeyOut{}
	out.Body.Key = base64.RawURLEncoding.EncodeToString(secret)
	keys := append([]string{out.Body.Key}, site.Settings.IdentityKeys...)
	site.Settings.IdentityKeys = keys[:min(len(keys), mostKeys)]
	out.Body.Keys = keyed(site).Keys
	_, err = s.storeSite(ctx, by, site, "site.key.add")
	return out, err
}

func (s *Server) removeKey(ctx context.Context, by chat.User, in *siteKeyIn) (*keyedSiteOut, error) {
	site, err := s.o.Store.Site(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	left := slices.DeleteFunc(slices.Clone(site.Settings.IdentityKeys), func(key string) bool { return fingerprint(key) == in.Key })
	if len(left) == len(site.Settings.IdentityKeys) {
		return nil, fmt.Errorf("key %s of %s: %w", in.Key, in.ID, chat.ErrNotFound)
	}
	if len(left) == 0 && site.Settings.Enforce {
		return nil, &chat.InvalidError{Field: "key", Code: "needed", Hint: "Nobody could write any more. Let everybody in first, or make a new key."}
	}
	site.Settings.IdentityKeys = left
	site, err = s.storeSite(ctx, by, site, "site.key.remove")
	return &keyedSiteOut{keyed(site)}, err
}
