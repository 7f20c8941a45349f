package storage_test

import (
	"slices"
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
		again.Data = []byte("1234") // as long, and another
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
	})
}

func TestAFileThatNobodyIsToldOfIsRemoved(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, ctx := open(), t.Context()
		send := func(id string, at time.Time) {
			t.Helper()
			must(db.AddFile(ctx, chat.File{ID: id, Conversation: "c1", Role: chat.RoleVisitor, Sender: "v1", ClientID: id, Name: "a.pdf", Type: "application/pdf",
				Size: 1, CreatedAt: at, Data: []byte("x")}, chat.Quota{Files: 9, Bytes: 99}))(t)
		}
		there := func(ids ...string) {
			t.Helper()
			for _, id := range []string{"told", "untold", "again", "new"} {
				_, err := db.File(ctx, "c1", id)
				refused(t, id, err, map[bool]error{false: chat.ErrNotFound}[slices.Contains(ids, id)])
			}
		}
		send("told", start)
		send("untold", start)
		send("again", start)
		send("again", start.Add(48*time.Hour)) // the same request, two days later
		send("new", start.Add(48*time.Hour))
		told := withID(event(chat.KindFile, chat.RoleVisitor, "v1", chat.Attached{File: "told"}), "told")
		add(t, db, "c1", opened("v1"), told)
		looked, removed, err := db.RemoveUntoldFiles(ctx, start.Add(24*time.Hour), 100)
		if refused(t, "remove", err, nil); looked != 2 || removed != 1 {
			t.Errorf("looked at %d, removed %d", looked, removed)
		}
		there("told", "again", "new")
		if looked, _, err := db.RemoveUntoldFiles(ctx, start.Add(24*time.Hour), 100); err != nil || looked != 0 {
			t.Errorf("looked at %d again: %v", looked, err)
		}
		_, removed, err = db.RemoveUntoldFiles(ctx, start.Add(72*time.Hour), 100)
		if refused(t, "remove the others", err, nil); removed != 2 {
			t.Errorf("removed %d later", removed)
		}
		there("told")
		// What names another file than the event of before is another request.
		told.Body = []byte(`{"file":"other"}`)
		_, err = db.Append(ctx, chat.Append{Conversation: "c1", Events: []chat.Event{told}})
		refused(t, "another file by the same id", err, chat.ErrConflict)
	})
}
