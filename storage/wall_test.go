package storage_test

import (
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func TestConversationsAreCountedByHour(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		add(t, db, "a", at(opened("v1"), -1))
		add(t, db, "b", at(opened("v2"), 0), at(requested("h1"), 1))
		add(t, db, "c", at(opened("v3"), 59))
		add(t, db, "d", at(opened("v4"), 130), at(requested("h2"), 131))
		got := must(db.ConversationsByHour(t.Context(), start))(t)
		same(t, "hours", got, []chat.HourCount{
			{At: start, Conversations: 2, HandedOver: 1}, {At: start.Add(2 * time.Hour), Conversations: 1, HandedOver: 1},
		})
	})
}
