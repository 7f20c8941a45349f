package storage_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/scs/v2"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

var (
	_ scs.Store    = (*storage.DB)(nil)
	_ scs.CtxStore = (*storage.DB)(nil)
)

func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %+v, want %+v", what, got, want)
	}
}

func refused(t *testing.T, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("%s: got %v, want %v", what, err, want)
	}
}

func TestVisitorsSitesAndUsers(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx, day := open(), t.Context(), start.Truncate(time.Microsecond)
		visitor := chat.Visitor{
			ID: "v1", Site: "demo", TokenHash: "t1", Name: "Zoë", Email: "z@example.org", Subject: "s", Verified: true,
			Attrs: map[string]string{"plan": "gold"}, CreatedAt: day,
		}
		refused(t, "create", db.CreateVisitor(ctx, visitor), nil)
		refused(t, "create again", db.CreateVisitor(ctx, visitor), chat.ErrExists)
		same(t, "by token", must(db.VisitorByToken(ctx, "t1"))(t), visitor)
		visitor.Name, visitor.Attrs = "", nil
		same(t, "changed", must(db.ChangeVisitor(ctx, "v1", chat.VisitorChange{Name: &visitor.Name, Attrs: &visitor.Attrs}))(t), visitor)
		same(t, "read again", must(db.Visitor(ctx, "v1"))(t), visitor)
		_, err := db.ChangeVisitor(ctx, "v2", chat.VisitorChange{Name: &visitor.Name})
		refused(t, "change unknown", err, chat.ErrNotFound)
		_, err = db.VisitorByToken(ctx, "t2")
		refused(t, "unknown token", err, chat.ErrNotFound)

		site := chat.Site{ID: "demo", Name: "Shop", Origins: []string{"https://shop.example"},
			Settings: chat.SiteRules{Locale: "hu", IdentityKeys: []string{"k2", "k1"}, Enforce: true}}
		refused(t, "save site", db.SaveSite(ctx, chat.Site{ID: "demo", Name: "Old"}), nil)
		refused(t, "a new site by an old id", db.SaveSite(ctx, site), chat.ErrConflict)
		site.Version = 1
		refused(t, "save site again", db.SaveSite(ctx, site), nil)
		refused(t, "save site from an older version", db.SaveSite(ctx, site), chat.ErrConflict)
		site.Version = 2
		same(t, "site", must(db.Site(ctx, "demo"))(t), site)
		same(t, "sites", must(db.Sites(ctx))(t), []chat.Site{site})

		same(t, "no users", must(db.CountUsers(ctx))(t), 0)
		user := chat.User{
			ID: "u1", Email: "ann@example.org", Name: "Ann", Grade: chat.GradeAdmin, Level: 3, Skills: []string{"billing"},
			Languages: []string{"sl", "zh"}, Products: []string{"kettle"}, Capacity: 4, PasswordHash: "p", Disabled: true, SessionEpoch: 2, CreatedAt: day, Version: 1,
		}
		refused(t, "create user", db.CreateUser(ctx, user), nil)
		refused(t, "same address", db.CreateUser(ctx, chat.User{ID: "u2", Email: " Ann@Example.org "}), chat.ErrExists)
		same(t, "by e-mail", must(db.UserByEmail(ctx, "ANN@example.org"))(t), user)
		user.Products = []string{"cup", "kettle"}
		user.Disabled, user.PasswordHash = false, "an old form"
		same(t, "update user", must(db.UpdateUser(ctx, user))(t).PasswordHash, "p")
		_, err = db.UpdateUser(ctx, user)
		refused(t, "update user from an older version", err, chat.ErrConflict)
		_, err = db.UpdateUser(ctx, chat.User{ID: "nobody"})
		refused(t, "update nobody", err, chat.ErrNotFound)
		user.SessionEpoch, user.PasswordHash, user.Version = 3, "p", 2
		same(t, "user", must(db.User(ctx, "u1"))(t), user)
		same(t, "users", must(db.Users(ctx))(t), []chat.User{user})
		same(t, "one user", must(db.CountUsers(ctx))(t), 1)
	})
}

func TestLinksWorkOnce(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		nodes, ctx := []*storage.DB{open(), open()}, t.Context()
		link := chat.Link{Hash: "l1", Kind: chat.LinkSignin, User: "u1", ExpiresAt: start.Add(time.Hour).Truncate(time.Microsecond)}
		refused(t, "create", nodes[0].CreateLink(ctx, link), nil)
		refused(t, "create again", nodes[0].CreateLink(ctx, link), chat.ErrExists)
		_, err := nodes[0].UseLink(ctx, "l1", chat.LinkSetup, start)
		refused(t, "other kind", err, chat.ErrUnauthentic)
		_, err = nodes[0].UseLink(ctx, "l1", chat.LinkSignin, start.Add(time.Hour))
		refused(t, "expired", err, chat.ErrUnauthentic)
		var used atomic.Int64
		atOnce(20, func(i int) {
			got, err := nodes[i%2].UseLink(ctx, "l1", chat.LinkSignin, start)
			if err == nil {
				used.Add(1)
				same(t, "link", got, link)
				return
			}
			refused(t, "used", err, chat.ErrUnauthentic)
		})
		same(t, "successful uses", used.Load(), int64(1))
	})
}

func TestAPITokens(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		addUser(t, db, "ann")
		token := chat.APIToken{ID: "t1", Hash: "h1", User: "ann", Name: "export", CreatedAt: start.Truncate(time.Microsecond)}
		refused(t, "create", db.CreateAPIToken(ctx, token), nil)
		refused(t, "unknown user", db.CreateAPIToken(ctx, chat.APIToken{ID: "t2", Hash: "h2", User: "nobody"}), chat.ErrNotFound)
		user := must(db.UserByAPIToken(ctx, "h1"))(t)
		same(t, "user", user.ID, "ann")
		same(t, "tokens", must(db.APITokens(ctx, "ann"))(t), []chat.APIToken{token})
		user.Disabled = true
		user = must(db.UpdateUser(ctx, user))(t)
		_, err := db.UserByAPIToken(ctx, "h1")
		refused(t, "disabled user", err, chat.ErrNotFound)
		user.Disabled = false
		must(db.UpdateUser(ctx, user))(t)
		refused(t, "revoke", db.RevokeAPIToken(ctx, "t1"), nil)
		refused(t, "revoke again", db.RevokeAPIToken(ctx, "t1"), chat.ErrNotFound)
		_, err = db.UserByAPIToken(ctx, "h1")
		refused(t, "revoked", err, chat.ErrNotFound)
	})
}

// TestAPasswordAndADisableDoNotUndoEachOther has an admin and a user write at the same moment.
func TestAPasswordAndADisableDoNotUndoEachOther(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		for round := range 20 {
			id := id("u", round)
			addUser(t, db, id)
			u := must(db.User(ctx, id))(t)
			u.Disabled = true
			var word error
			atOnce(2, func(i int) {
				if i == 0 {
					_, word = db.SetPassword(ctx, id, "new")
				} else {
					must(db.UpdateUser(ctx, u))(t)
				}
			})
			now := must(db.User(ctx, id))(t)
			if !now.Disabled || word == nil && now.PasswordHash != "new" || word != nil && (!errors.Is(word, chat.ErrNotFound) || now.PasswordHash == "new") {
				t.Fatalf("password: %v; now %+v", word, now)
			}
			if _, err := db.SetPassword(ctx, id, "later"); !errors.Is(err, chat.ErrNotFound) {
				t.Fatalf("a password for who is disabled: %v", err)
			}
		}
	})
}

func TestSessionsExpire(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx, now := open(), t.Context(), time.Now()
		data := []byte{0, 255, 1}
		refused(t, "commit", db.Commit("s1", []byte("old"), now.Add(time.Hour)), nil)
		refused(t, "commit again", db.Commit("s1", data, now.Add(time.Hour)), nil)
		refused(t, "commit expired", db.Commit("s2", data, now.Add(-time.Second)), nil)
		got, found, err := db.Find("s1")
		if err != nil || !found {
			t.Fatalf("session not found: %v", err)
		}
		same(t, "session", got, data)
		if _, found, err := db.Find("s2"); found || err != nil {
			t.Errorf("expired session: found %v, %v", found, err)
		}
		same(t, "expired ones", must(db.DeleteExpired(ctx, now))(t), int64(1))
		refused(t, "delete", db.Delete("s1"), nil)
		if _, found, err := db.Find("s1"); found || err != nil {
			t.Errorf("deleted session: found %v, %v", found, err)
		}
	})
}

func TestPolicyVersionsHaveNoGap(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		nodes, ctx := []*storage.DB{open(), open()}, t.Context()
		_, err := nodes[0].LivePolicy(ctx)
		refused(t, "no policy yet", err, chat.ErrNotFound)
		version := func(n int64) chat.PolicyVersion {
			return chat.PolicyVersion{Version: n, Author: "ann", Reason: "calmer", At: start.Truncate(time.Microsecond), Data: []byte(`{"answer_at":0.7}`)}
		}
		refused(t, "skip one", nodes[0].SavePolicy(ctx, version(2)), chat.ErrConflict)
		for n := range int64(3) {
			var saved atomic.Int64
			atOnce(6, func(i int) {
				err := nodes[i%2].SavePolicy(ctx, version(n+1))
				if err == nil {
					saved.Add(1)
					return
				}
				refused(t, "saved by another", err, chat.ErrConflict)
			})
			same(t, "saves that won", saved.Load(), int64(1))
		}
		same(t, "live", must(nodes[0].LivePolicy(ctx))(t), version(3))
		same(t, "all", must(nodes[1].Policies(ctx))(t), []chat.PolicyVersion{version(3), version(2), version(1)})
		refused(t, "no JSON", nodes[0].SavePolicy(ctx, chat.PolicyVersion{Version: 4}), chat.ErrInvalid)
	})
}

func TestAuditSettingsAndPresence(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx, day := open(), t.Context(), start.Truncate(time.Microsecond)
		first := chat.AuditEntry{At: day, By: "ann", What: "user.disable", Object: "u1"}
		second := chat.AuditEntry{At: day.Add(time.Second), What: "link.use", Object: "l1", Detail: []byte(`{"from":"setup"}`)}
		refused(t, "audit", errors.Join(db.Audit(ctx, first), db.Audit(ctx, second)), nil)
		same(t, "audit log", nameless(must(db.AuditPage(ctx, chat.AuditQuery{Limit: 10}))(t)), []chat.AuditEntry{second, first})
		same(t, "latest entry", nameless(must(db.AuditPage(ctx, chat.AuditQuery{Limit: 1}))(t)), []chat.AuditEntry{second})

		_, err := db.Setting(ctx, "hours")
		refused(t, "no setting", err, chat.ErrNotFound)
		refused(t, "save", errors.Join(db.SaveSetting(ctx, "hours", []byte(`[]`)), db.SaveSetting(ctx, "hours", []byte(`[1]`))), nil)
		same(t, "setting", string(must(db.Setting(ctx, "hours"))(t)), `[1]`)

		addUser(t, db, "ann")
		lease := chat.Presence{User: "ann", State: "online", ExpiresAt: day}
		refused(t, "presence", db.SavePresence(ctx, lease), nil)
		lease.State, lease.ExpiresAt = "away", day.Add(time.Minute)
		refused(t, "renew", db.SavePresence(ctx, lease), nil)
		same(t, "presences", must(db.Presences(ctx))(t), []chat.Presence{lease})
		refused(t, "nobody's", db.SavePresence(ctx, chat.Presence{User: "nobody"}), chat.ErrNotFound)
	})
}

func TestASettingIsSwappedByOne(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		for _, was := range []json.RawMessage{nil, []byte(`{"n":1}`)} {
			next := []byte(`{"n":1}`)
			if was != nil {
				next = []byte(`{"n":2}`)
			}
			var won atomic.Int64
			var group sync.WaitGroup
			for range 8 {
				group.Go(func() {
					switch err := db.SwapSetting(ctx, "rules", was, next); {
					case err == nil:
						won.Add(1)
					case !errors.Is(err, chat.ErrStale):
						t.Error(err)
					}
				})
			}
			group.Wait()
			if got := must(db.Setting(ctx, "rules"))(t); won.Load() != 1 || string(got) != string(next) {
				t.Errorf("%d won, now %s", won.Load(), got)
			}
		}
	})
}

func TestKeepingALeaseNeverShortensIt(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		refused(t, "user", db.CreateUser(ctx, chat.User{ID: "ann", Email: "a@example.com", Name: "Ann", Grade: chat.GradeAgent}), nil)
		at := time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)
		lease := func(state string, minutes int) chat.Presence {
			return chat.Presence{User: "ann", State: state, ExpiresAt: at.Add(time.Duration(minutes) * time.Minute)}
		}
		refused(t, "renew", db.SavePresence(ctx, lease("online", 10)), nil)
		for _, step := range []struct {
			keep chat.Presence
			want int
		}{{lease("online", 5), 10}, {lease("online", 12), 12}, {lease("away", 20), 12}} {
			refused(t, "keep", db.KeepPresence(ctx, step.keep), nil)
			same(t, "leases", must(db.Presences(ctx))(t), []chat.Presence{lease("online", step.want)})
		}
	})
}
