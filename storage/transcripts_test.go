package storage_test

import (
	"fmt"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func TestTranscriptCodesAreFewAndShortLived(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx, now := open(), t.Context(), start.Truncate(time.Microsecond)
		code := func(n int, visitor, email string, at time.Time) chat.TranscriptCode {
			return chat.TranscriptCode{ID: fmt.Sprint("c", n), Visitor: visitor, Conversation: "x", Email: email, Hash: fmt.Sprint("h", n), CreatedAt: at}
		}
		for i := range chat.TranscriptPerHour {
			refused(t, "add", db.AddTranscriptCode(ctx, code(i, "v", "a@example.com", now.Add(time.Duration(i)*time.Minute))), nil)
		}
		refused(t, "one too many in the hour", db.AddTranscriptCode(ctx, code(10, "v", "b@example.com", now.Add(4*time.Minute))), chat.ErrRateLimited)
		for i := range chat.TranscriptPerEmail - chat.TranscriptPerHour {
			refused(t, "others", db.AddTranscriptCode(ctx, code(20+i, fmt.Sprint("w", i), "a@example.com", now)), nil)
		}
		refused(t, "one too many to the address", db.AddTranscriptCode(ctx, code(30, "u", "a@example.com", now)), chat.ErrRateLimited)
		refused(t, "a day later", db.AddTranscriptCode(ctx, code(31, "u", "a@example.com", now.Add(25*time.Hour))), nil)
	})
}

func TestATranscriptCodeIsTriedAFewTimes(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx, now := open(), t.Context(), start.Truncate(time.Microsecond)
		c := chat.TranscriptCode{ID: "c", Visitor: "v", Conversation: "x", Email: "a@example.com", Hash: "h", CreatedAt: now}
		refused(t, "add", db.AddTranscriptCode(ctx, c), nil)
		for _, of := range [][3]string{{"w", "x", c.Email}, {"v", "y", c.Email}, {"v", "x", "b@example.com"}} {
			_, err := db.TryTranscriptCode(ctx, of[0], of[1], of[2], now)
			refused(t, "somebody else's", err, chat.ErrNotFound)
		}
		_, err := db.TryTranscriptCode(ctx, "v", "x", c.Email, now.Add(chat.TranscriptCodeLife))
		refused(t, "too late", err, chat.ErrNotFound)
		for range chat.TranscriptTries {
			same(t, "a try", must(db.TryTranscriptCode(ctx, "v", "x", c.Email, now))(t), c)
		}
		_, err = db.TryTranscriptCode(ctx, "v", "x", c.Email, now)
		refused(t, "one try too many", err, chat.ErrNotFound)
		c.ID, c.CreatedAt = "d", now.Add(time.Second)
		refused(t, "add another", db.AddTranscriptCode(ctx, c), nil)
		same(t, "the newest counts", must(db.TryTranscriptCode(ctx, "v", "x", c.Email, c.CreatedAt))(t), c)
		refused(t, "void", db.VoidTranscriptCode(ctx, "d"), nil)
		_, err = db.TryTranscriptCode(ctx, "v", "x", c.Email, c.CreatedAt)
		refused(t, "a void one", err, chat.ErrNotFound)
	})
}
