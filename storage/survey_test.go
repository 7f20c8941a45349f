package storage_test

import (
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

func TestSurveyAnswersStandInTheOrderTheyWereGiven(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		rated := func(visitor string, rating, minutes int) chat.Event {
			return at(event(chat.KindSurvey, chat.RoleVisitor, visitor, chat.Survey{ID: "s-" + visitor, State: "answered", Rating: rating}), minutes)
		}
		add(t, db, "late", at(opened("v1"), 1), rated("v1", 5, 90)) // stored first, given last
		add(t, db, "early", at(opened("v2"), 2), rated("v2", 2, 30))
		add(t, db, "between", at(opened("v3"), 3), rated("v3", 4, 60))
		first := must(db.SurveyAnswers(t.Context(), chat.SurveyAnswer{At: start.Add(24 * time.Hour)}, 2))(t)
		if len(first) != 2 || first[0].Conversation != "late" || first[1].Conversation != "between" || !first[0].At.Equal(start.Add(90*time.Minute).Truncate(time.Microsecond)) {
			t.Fatalf("the newest: %+v", first)
		}
		if rest := must(db.SurveyAnswers(t.Context(), first[1], 2))(t); len(rest) != 1 || rest[0].Rating != 2 {
			t.Errorf("those before: %+v", rest)
		}
	})
}
