package storage_test

import (
	"context"
	"errors"
	"testing"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func TestAppendNumbersEvents(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		first := add(t, db, "c1", opened("v1"), say("v1", "a", "hello"))
		if got := first.Events[1].Seq; got != 2 {
			t.Fatalf("second event has seq %d", got)
		}
		second := add(t, db, "c1", say("v1", "b", "again"))
		if second.Conversation.LastSeq != 3 || second.Conversation.LastText != "again" {
			t.Fatalf("conversation after three events: %+v", second.Conversation)
		}
		read, err := db.Conversation(t.Context(), "c1")
		if err != nil {
			t.Fatal(err)
		}
		if read.LastSeq != 3 || !read.UpdatedAt.Equal(start.Truncate(1000)) || read.Visitor != "v1" {
			t.Fatalf("read back %+v", read)
		}
		events := checkLog(t, db, "c1", 3)
		if events[1].ClientID != "a" || string(events[1].Body) != `{"text":"hello"}` {
			t.Fatalf("event read back: %+v", events[1])
		}
	})
}

func TestAppendRefuses(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		addUser(t, db, "ann")
		add(t, db, "c1", opened("v1"), say("v1", "a", "hello"), requested("h1"), claimed("ann"))
		epoch, answered := int64(1), int64(7)
		hello := []chat.Event{say("v1", "x", "hi")}
		for name, test := range map[string]struct {
			append chat.Append
			want   error
		}{
			"unknown conversation": {chat.Append{Conversation: "none", Events: hello}, chat.ErrNotFound},
			"opened twice":         {chat.Append{Conversation: "c1", Events: []chat.Event{opened("v1")}}, chat.ErrExists},
			"other text under id":  {chat.Append{Conversation: "c1", Events: []chat.Event{say("v1", "a", "bye")}}, chat.ErrConflict},
			"owner":                {chat.Append{Conversation: "c1", Events: hello, Expect: chat.Expect{Owners: []chat.Owner{chat.OwnerBot}}}, chat.ErrStale},
			"epoch":                {chat.Append{Conversation: "c1", Events: hello, Expect: chat.Expect{Epoch: &epoch}}, chat.ErrStale},
			"answered":             {chat.Append{Conversation: "c1", Events: hello, Expect: chat.Expect{Answered: &answered}}, chat.ErrStale},
			"other holder":         {chat.Append{Conversation: "c1", Events: hello, Expect: chat.Expect{Holder: "bob"}}, chat.ErrTaken},
			"claimed by another":   {claim("c1", "bob", 0), chat.ErrTaken},
			"claimed by oneself":   {claim("c1", "ann", 0), chat.ErrStale},
			"no event":             {chat.Append{Conversation: "c1"}, chat.ErrInvalid},
			"broken body":          {chat.Append{Conversation: "c1", Events: []chat.Event{{Kind: chat.KindMessage, Body: []byte(`[1]`)}}}, chat.ErrInvalid},
		} {
			_, err := db.Append(t.Context(), test.append)
			if !errors.Is(err, test.want) {
				t.Errorf("%s: got %v, want %v", name, err, test.want)
			}
		}
		_, err := db.Append(t.Context(), claim("c1", "bob", 0))
		var taken *chat.TakenError
		if !errors.As(err, &taken) || taken.AgentID != "ann" || taken.Name != "Agent ann" {
			t.Errorf("a taken chat names its holder as %+v", taken)
		}
		checkLog(t, db, "c1", 4)
	})
}

func TestAppendAnswersRetryWithTheStoredEvent(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		add(t, db, "c1", opened("v1"), say("v1", "a", "hello"), say("v1", "b", "more"))
		again := add(t, db, "c1", say("v1", "a", "hello"))
		if !again.Duplicate || len(again.Events) != 1 || again.Events[0].Seq != 2 || again.Conversation.LastSeq != 3 {
			t.Fatalf("retry was answered with %+v", again)
		}
		other := add(t, db, "c1", say("v2", "a", "hello"))
		if other.Duplicate {
			t.Fatal("the same id of another sender counted as a retry")
		}
		checkLog(t, db, "c1", 4)
	})
}

func TestAppendAfterCloseIsUnavailable(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		add(t, db, "c1", opened("v1"))
		if err := errors.Join(db.Close(), db.Close()); err != nil {
			t.Fatal(err)
		}
		_, err := db.Append(context.Background(), chat.Append{Conversation: "c1", Events: []chat.Event{say("v1", "a", "x")}})
		if !errors.Is(err, chat.ErrUnavailable) {
			t.Fatalf("append after close: %v", err)
		}
	})
}

// A retry whose condition no longer holds, because the first try made it so, is answered as a retry.
func TestRetryOfAClaimIsNoRefusal(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db, other := open(), open()
		add(t, db, "c1", opened("v1"), requested("h1"))
		a := claim("c1", "ann", 1)
		a.Events[0].ClientID = "claim-1"
		for i, node := range []*storage.DB{db, db, other} {
			got, err := node.Append(t.Context(), a)
			if err != nil || got.Duplicate != (i > 0) || got.Events[0].Seq != 3 {
				t.Fatalf("try %d: %+v, %v", i, got, err)
			}
		}
	})
}
