package storage_test

import (
	"fmt"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// Two tabs of one visitor tell different things at once: none undoes the other's.
func TestWhatTabsTellOfAVisitorIsKeptTogether(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		want := chat.Visitor{ID: "v1", Site: "demo", TokenHash: "h1", Name: "Ada", Email: "ada@example.com",
			Unverified: map[string]string{"cart": "3"}, CreatedAt: start.Truncate(time.Microsecond)}
		refused(t, "create", db.CreateVisitor(ctx, chat.Visitor{ID: want.ID, Site: want.Site, TokenHash: want.TokenHash, CreatedAt: want.CreatedAt}), nil)
		tabs := []chat.VisitorChange{{Name: &want.Name}, {Email: &want.Email}, {Unverified: &want.Unverified}}
		errs := make(chan error)
		for _, told := range tabs {
			go func() {
				_, err := db.ChangeVisitor(ctx, "v1", told)
				errs <- err
			}()
		}
		for range tabs {
			refused(t, "tell", <-errs, nil)
		}
		same(t, "all of it", must(db.Visitor(ctx, "v1"))(t), want)
		same(t, "nothing to change", must(db.ChangeVisitor(ctx, "v1", chat.VisitorChange{}))(t), want)
	})
}

func TestAVerifiedVisitorIsOneOfTheirSubject(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx, at := open(), t.Context(), start.Truncate(time.Microsecond)
		ada := chat.Visitor{ID: "v1", Site: "demo", TokenHash: "h1", Subject: "ada", Verified: true, Attrs: map[string]string{"plan": "gold"},
			Unverified: map[string]string{"cart": "3"}, CreatedAt: at}
		refused(t, "create", db.CreateVisitor(ctx, ada), nil)
		twin := ada
		twin.ID, twin.TokenHash = "v2", "h2"
		refused(t, "create a twin", db.CreateVisitor(ctx, twin), chat.ErrExists)
		twin.Site = "other"
		refused(t, "create on another site", db.CreateVisitor(ctx, twin), nil)
		for i := range 3 {
			refused(t, "create somebody", db.CreateVisitor(ctx, chat.Visitor{ID: fmt.Sprint("a", i), Site: "demo", TokenHash: fmt.Sprint("ah", i)}), nil)
		}
		same(t, "by subject", must(db.VisitorBySubject(ctx, "demo", "ada"))(t), ada)
		_, err := db.VisitorBySubject(ctx, "demo", "")
		refused(t, "nobody by no subject", err, chat.ErrNotFound)
		for i := range 25 {
			refused(t, "let in", db.AddVisitorToken(ctx, "v1", fmt.Sprint("device", i), at.Add(time.Duration(i)*time.Second)), nil)
		}
		same(t, "by the first token", must(db.VisitorByToken(ctx, "h1"))(t), ada)
		same(t, "by the newest device", must(db.VisitorByToken(ctx, "device24"))(t), ada)
		same(t, "by the twentieth", must(db.VisitorByToken(ctx, "device5"))(t), ada)
		_, err = db.VisitorByToken(ctx, "device4")
		refused(t, "by one too many", err, chat.ErrNotFound)
	})
}
