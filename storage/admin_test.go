package storage_test

import (
	"fmt"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// nameless leaves out the ids that storage makes.
func nameless(all []chat.AuditEntry) []chat.AuditEntry {
	for i := range all {
		all[i].ID = ""
	}
	return all
}

func objects(all []chat.AuditEntry) string {
	out := ""
	for _, e := range all {
		out += e.Object
	}
	return out
}

func TestTheAuditLogIsReadByPageAndByWhoWhatAndWhen(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) { readAuditLog(t, open()) })
	t.Run("postgres, letters in order", func(t *testing.T) { readAuditLog(t, storagetest.Collated(t)) })
}

func readAuditLog(t *testing.T, db *storage.DB) {
	ctx := t.Context()
	for i, e := range []chat.AuditEntry{
		{By: "ann", What: "user.change", Object: "a"}, {By: "bea", What: "user.create", Object: "b"}, {By: "ann", What: "users", Object: "c"},
		{By: "ann", What: "site.save", Object: "d"}, {By: "bea", What: "user.change", Object: "e"}, {By: "bea", What: "user.change", Object: "f"},
	} {
		e.At = start.Add(time.Duration(i/2) * time.Hour) // two of each hour share their time
		refused(t, "audit", db.Audit(ctx, e), nil)
	}
	for what, q := range map[string]chat.AuditQuery{
		"fedcba": {}, "dca": {By: "ann"}, "feba": {What: "user."}, "fea": {What: "user.change"}, "d": {Object: "d"},
		"fedc": {From: start.Add(time.Hour)}, "ba": {To: start.Add(time.Hour)}, "fe": {By: "bea", What: "user.change", From: start.Add(time.Hour)},
		"": {By: "nobody"},
	} {
		q.Limit = 10
		if got := objects(must(db.AuditPage(ctx, q))(t)); got != what {
			t.Errorf("%+v: %s, want %s", q, got, what)
		}
	}
	got, q := "", chat.AuditQuery{Limit: 1}
	for range 7 {
		page := must(db.AuditPage(ctx, q))(t)
		if len(page) == 0 {
			break
		}
		got += objects(page)
		q.Before = page[0]
	}
	same(t, "page by page", got, "fedcba")
	same(t, "kinds", must(db.AuditKinds(ctx))(t), []string{"site.save", "user.change", "user.create", "users"})
}

func TestSightingsAreTheLastOfTheirKindAndBounded(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		see := func(origin string, kind chat.SightingKind, minute int) chat.Sighting {
			s := chat.Sighting{Site: "main", Origin: origin, Kind: kind, At: start.Truncate(time.Microsecond).Add(time.Duration(minute) * time.Minute)}
			refused(t, "note", db.Sighted(ctx, s), nil)
			return s
		}
		see("https://a.example", chat.SightingLoaded, 1)
		opened := see("https://a.example", chat.SightingOpened, 2)
		loaded := see("https://a.example", chat.SightingLoaded, 3)
		same(t, "seen", must(db.Sightings(ctx, "main"))(t), []chat.Sighting{loaded, opened})
		for i := range 80 {
			see(fmt.Sprintf("https://x%d.example", i), chat.SightingRefused, 10+i)
		}
		all := must(db.Sightings(ctx, "main"))(t)
		if len(all) != 60 || all[0].Origin != "https://x79.example" {
			t.Errorf("%d are kept, the first is %+v", len(all), all[0])
		}
		same(t, "of another site", must(db.Sightings(ctx, "other"))(t), []chat.Sighting{})
	})
}

func TestNodesTellThatTheyAreThere(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		node := func(id string, began, seen time.Duration) chat.Node {
			n := chat.Node{ID: id, Name: "host", Version: "1", StartedAt: start.Truncate(time.Microsecond).Add(began), SeenAt: start.Truncate(time.Microsecond).Add(seen)}
			refused(t, "note", db.SaveNode(ctx, n), nil)
			return n
		}
		node("gone", -48*time.Hour, -47*time.Hour)
		node("late", -time.Hour, -time.Minute)
		b := node("b", 0, time.Second)
		a := node("a", -time.Minute, time.Second)
		same(t, "here", must(db.Nodes(ctx, start.Add(-30*time.Second)))(t), []chat.Node{a, b})
		same(t, "a day later the old one is forgotten", len(must(db.Nodes(ctx, start.Add(-100*time.Hour)))(t)), 3)
		refused(t, "remove", db.RemoveNode(ctx, "a"), nil)
		same(t, "left", must(db.Nodes(ctx, start.Add(-30*time.Second)))(t), []chat.Node{b})
	})
}

func TestLinksOfAUserAreVoidedTogether(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		for _, l := range []chat.Link{{Hash: "h1", Kind: chat.LinkPassword, User: "u1"}, {Hash: "h2", Kind: chat.LinkSignin, User: "u1"}, {Hash: "h3", Kind: chat.LinkPassword, User: "u2"}} {
			l.ExpiresAt = start.Add(time.Hour)
			refused(t, "create", db.CreateLink(ctx, l), nil)
		}
		refused(t, "void", db.VoidLinks(ctx, "u1", start), nil)
		for hash, want := range map[string]error{"h1": chat.ErrUnauthentic, "h3": nil} {
			_, err := db.UseLink(ctx, hash, chat.LinkPassword, start)
			refused(t, "use "+hash, err, want)
		}
		_, err := db.UseLink(ctx, "h2", chat.LinkSignin, start)
		refused(t, "use h2", err, chat.ErrUnauthentic)
	})
}
