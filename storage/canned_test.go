package storage_test

import (
	"slices"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func TestCannedRepliesAreKeptPerLanguage(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		first := must(db.CannedReplies(ctx))(t)
		if len(first) != 9 {
			t.Fatalf("a new database has %d ready replies, want the nine that it comes with", len(first))
		}
		for _, r := range first {
			for _, language := range []string{"en", "hu", "sl", "fr", "zh"} {
				if x := r.Texts[language]; x.Key == "" || x.Title == "" || x.Text == "" {
					t.Errorf("%s has no words in %s: %+v", r.ID, language, x)
				}
			}
		}
		mine := chat.CannedReply{ID: "late", UpdatedBy: "u1", UpdatedAt: start.Truncate(time.Microsecond), Texts: map[string]chat.CannedText{
			"en": {Key: "late", Title: "It's late", Text: "Order {order} is late; I'm sorry.\nI'll see to it."}, "zh": {Key: "wan", Title: "晚", Text: "抱歉"},
		}}
		refused(t, "add", db.AddCannedReply(ctx, mine), nil)
		faster := mine
		faster.Texts = map[string]chat.CannedText{"en": {Key: "slow", Title: "Slow", Text: "I was slower."}}
		refused(t, "add what somebody has just added", db.AddCannedReply(ctx, faster), chat.ErrStale)
		at := slices.IndexFunc(must(db.CannedReplies(ctx))(t), func(r chat.CannedReply) bool { return r.ID == "late" })
		same(t, "the first stays", must(db.CannedReplies(ctx))(t)[at], mine)
		mine.Texts["hu"] = chat.CannedText{Key: "keso", Title: "Késik", Text: "Elnézést."}
		refused(t, "save again", db.SaveCannedReply(ctx, mine), nil)
		changed, was := mine, mine.UpdatedAt
		changed.UpdatedAt, changed.UpdatedBy = was.Add(time.Microsecond), "u2"
		refused(t, "change", db.SwapCannedReply(ctx, changed, was), nil)
		refused(t, "change from an old form", db.SwapCannedReply(ctx, mine, was), chat.ErrStale)
		refused(t, "change what is not there", db.SwapCannedReply(ctx, chat.CannedReply{ID: "none"}, was), chat.ErrStale)
		refused(t, "change one that came along", db.SwapCannedReply(ctx, first[0], time.Time{}), nil)
		mine = changed
		all := must(db.CannedReplies(ctx))(t)
		at = slices.IndexFunc(all, func(r chat.CannedReply) bool { return r.ID == "late" })
		if len(all) != 10 || at < 0 {
			t.Fatalf("%d ready replies, late at %d", len(all), at)
		}
		same(t, "saved", all[at], mine)
		refused(t, "remove", db.RemoveCannedReply(ctx, "late"), nil)
		refused(t, "remove again", db.RemoveCannedReply(ctx, "late"), chat.ErrNotFound)
		same(t, "left", must(db.CannedReplies(ctx))(t), first)
	})
}
