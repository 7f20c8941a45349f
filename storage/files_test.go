package storage_test

import (
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func TestFilesAreKeptOnceAndWithinTheirQuota(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		quota := chat.Quota{Files: 2, Bytes: 10}
		f := chat.File{ID: "f1", Conversation: "c1", Role: chat.RoleVisitor, Sender: "v1", ClientID: "x", Name: "számla.pdf", Type: "application/pdf",
			Size: 4, CreatedAt: start.Truncate(time.Microsecond), Data: []byte("\x00\xff'\\")}
		same(t, "stored", must(db.AddFile(ctx, f, quota))(t), f)
		again := f
		again.ID = "f2"
		same(t, "stored again", must(db.AddFile(ctx, again, quota))(t), f)
		again.Size, again.Data = 5, []byte("12345")
		_, err := db.AddFile(ctx, again, quota)
		refused(t, "the id of another", err, chat.ErrConflict)
		again.ClientID, again.Size, again.Data = "y", 7, []byte("1234567")
		_, err = db.AddFile(ctx, again, quota)
		refused(t, "too many bytes", err, chat.ErrTooLarge)
		again.Size, again.Data = 6, []byte("123456")
		same(t, "a second", must(db.AddFile(ctx, again, quota))(t), again)
		third := again
		third.ID, third.ClientID, third.Size, third.Data = "f3", "z", 0, []byte{}
		_, err = db.AddFile(ctx, third, quota)
		refused(t, "too many", err, chat.ErrTooLarge)
		third.Conversation = "c2"
		_, err = db.AddFile(ctx, third, quota)
		refused(t, "another conversation's", err, nil)
		same(t, "read", must(db.File(ctx, "c1", "f1"))(t), f)
		_, err = db.File(ctx, "c2", "f1")
		refused(t, "read from elsewhere", err, chat.ErrNotFound)
		refused(t, "remove", db.RemoveFile(ctx, "f1"), nil)
		_, err = db.File(ctx, "c1", "f1")
		refused(t, "read what was removed", err, chat.ErrNotFound)
	})
}
