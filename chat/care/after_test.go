package care_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"ombud/chat"
)

func (w *world) rates(id string, rating int) {
	w.add(id, chat.KindSurvey, chat.RoleVisitor, "v", "", chat.Survey{ID: "s", State: "answered", Rating: rating})
}

func (w *world) asked(id string) (n int) {
	for _, s := range bodies[chat.Survey](w, id, chat.KindSurvey) {
		if s.State == "asked" {
			n++
		}
	}
	return n
}

func TestTheSurveyComesADayAfterTheClose(t *testing.T) {
	each(t, func(w *world) {
		for _, id := range []string{"plain", "reopened", "told"} {
			w.held(id)
			w.closes(id)
		}
		w.pass(time.Hour)
		w.add("reopened", chat.KindReopened, chat.RoleSystem, "", "", chat.Reopened{Owner: chat.OwnerBot, Reason: "visitor_wrote"})
		w.rates("told", 5)
		w.pass(22 * time.Hour)
		want(w.t, "too early", w.asked("plain"), 0)
		w.pass(2 * time.Hour)
		want(w.t, "asked once", w.asked("plain"), 1)
		want(w.t, "not settled after all", w.asked("reopened"), 0)
		want(w.t, "has said so already", w.asked("told"), 0)
		w.must(w.db.SaveSetting(w.t.Context(), "survey", json.RawMessage(`{"hours":48}`)))
		w.held("later")
		w.closes("later")
		w.pass(47 * time.Hour)
		want(w.t, "after 47 hours", w.asked("later"), 0)
		w.pass(2 * time.Hour)
		want(w.t, "after 49 hours", w.asked("later"), 1)
	})
}

func TestABadAnswerReopensOneLevelUp(t *testing.T) {
	each(t, func(w *world) {
		for rating := 1; rating <= 5; rating++ {
			id := fmt.Sprint("c", rating)
			w.held(id)
			w.closes(id)
			w.rates(id, rating)
			wanted := "closed1"
			if rating <= 2 {
				wanted = "queue2"
			}
			c := w.conv(id)
			want(w.t, fmt.Sprint("rated ", rating), fmt.Sprint(c.Owner, c.Level), wanted)
		}
		w.held("open")
		w.rates("open", 1)
		want(w.t, "a bad answer while somebody is at it", w.conv("open").Agent, "ann")
	})
}

func TestSettledForGoodMeansSevenDays(t *testing.T) {
	each(t, func(w *world) {
		for _, id := range []string{"good", "back", "late"} {
			w.held(id)
			w.closes(id)
		}
		reopen := func(id string) {
			w.add(id, chat.KindReopened, chat.RoleSystem, "", "", chat.Reopened{Owner: chat.OwnerBot, Reason: "visitor_wrote"})
		}
		w.clock = w.clock.Add(6 * 24 * time.Hour)
		reopen("back")
		always := [2]time.Time{time.Now().Add(-time.Hour), time.Now().Add(time.Hour)} // the database's clock
		r, err := w.db.Resolution(w.t.Context(), always[0], always[1], w.now())
		w.must(err)
		want(w.t, "after six days", r, chat.Resolution{Closed: 3, Pending: 2})
		w.clock = w.clock.Add(2 * 24 * time.Hour)
		reopen("late")
		r, err = w.db.Resolution(w.t.Context(), always[0], always[1], w.now())
		w.must(err)
		want(w.t, "after eight", r, chat.Resolution{Closed: 3, Durable: 2})
		r, err = w.db.Resolution(w.t.Context(), always[1], always[1].Add(time.Hour), w.now())
		w.must(err)
		want(w.t, "of another time", r, chat.Resolution{})
	})
}

func TestWhoLeftAMessageIsAnsweredByMail(t *testing.T) {
	each(t, func(w *world) {
		w.add("c", chat.KindOpened, chat.RoleSystem, "", "", chat.Opened{Site: "demo", Visitor: "v"})
		w.add("c", chat.KindLanguageChanged, chat.RoleSystem, "", "", chat.LanguageChanged{Language: "sl"})
		w.add("c", chat.KindLeftMessage, chat.RoleVisitor, "v", "m1", chat.LeftMessage{Text: "help", Email: "zoe@example.com"})
		want(w.t, "a ticket", w.conv("c").Owner, chat.OwnerTicket)
		w.pass(time.Hour)
		want(w.t, "acknowledged", len(w.mails), 1)
		w.add("c", chat.KindHandoffClaimed, chat.RoleAgent, "ann", "", chat.Claimed{Agent: "ann", Name: "Ann"})
		w.add("c", chat.KindMessage, chat.RoleAgent, "ann", "r1", chat.Message{Text: "It is {2} on its way.", Name: "Ann"})
		w.pass(time.Minute)
		want(w.t, "mails", len(w.mails), 2)
		m := w.mails[1]
		want(w.t, "to", m.To+" "+m.Subject, "zoe@example.com Odgovorili smo vam")
		want(w.t, "words and link", strings.HasPrefix(m.Text, "Ann piše:\n\nIt is {2} on its way.") && strings.Contains(m.Text, "https://chat.example.com/my/"), true)
		w.add("c", chat.KindMessage, chat.RoleVisitor, "v", "m2", chat.Message{Text: "I am here"})
		w.add("c", chat.KindMessage, chat.RoleAgent, "ann", "r2", chat.Message{Text: "Good.", Name: "Ann"})
		w.pass(time.Minute)
		want(w.t, "no mail to somebody who is here", len(w.mails), 2)
		w.closes("c")
		w.pass(25 * time.Hour)
		want(w.t, "the survey comes by mail too", len(w.mails), 3)
	})
}

func TestEveryMessageLeftIsAcknowledgedByAMailOfItsOwn(t *testing.T) {
	each(t, func(w *world) {
		w.add("c", chat.KindOpened, chat.RoleSystem, "", "", chat.Opened{Site: "demo", Visitor: "v"})
		for _, id := range []string{"m1", "m2"} {
			w.add("c", chat.KindLeftMessage, chat.RoleVisitor, "v", id, chat.LeftMessage{Text: id, Email: "zoe@example.com"})
		}
		w.pass(time.Minute)
		want(w.t, "mails", len(w.mails), 2)
		want(w.t, "named after the messages", w.mails[0].ID+" "+w.mails[1].ID, "c.left.2 c.left.3")
	})
}

func TestWithoutAnAddressNothingIsMailed(t *testing.T) {
	each(t, func(w *world) {
		w.add("c", chat.KindOpened, chat.RoleSystem, "", "", chat.Opened{Site: "demo", Visitor: "v"})
		w.add("c", chat.KindLeftMessage, chat.RoleVisitor, "v", "m1", chat.LeftMessage{Text: "call me", Phone: "1"})
		w.add("c", chat.KindHandoffClaimed, chat.RoleAgent, "ann", "", chat.Claimed{Agent: "ann", Name: "Ann"})
		w.add("c", chat.KindMessage, chat.RoleAgent, "ann", "r1", chat.Message{Text: "Hello", Name: "Ann"})
		w.closes("c")
		w.pass(30 * time.Hour)
		want(w.t, "mails", len(w.mails), 0)
	})
}

func TestWebhooksTellWhatHappened(t *testing.T) {
	each(t, func(w *world) {
		w.must(w.db.SaveSetting(w.t.Context(), "webhooks", json.RawMessage(`[
			{"id":"a","url":"https://a.example/","secret":"whsec_YQ==","kinds":["closed"]},{"id":"b","url":"https://b.example/","secret":"whsec_Yg=="}]`)))
		w.clock = w.clock.Add(time.Minute)
		w.held("c")
		w.closes("c")
		w.pass(time.Minute)
		var got []string
		for _, p := range w.posts {
			var h struct {
				Type string
				Data struct{ Conversation, Outcome, Reason string }
			}
			at := strings.Index(p, "{")
			w.must(json.Unmarshal([]byte(p[at:]), &h))
			got = append(got, strings.Fields(p)[0][8:9]+" "+h.Type+" "+h.Data.Outcome+h.Data.Reason)
		}
		want(w.t, "posts", strings.Join(got, ";"), "b handoff_requested asked_for_human;b handoff_claimed ;a closed settled;b closed settled")
		w.held("d")
		w.must(w.db.SaveSetting(w.t.Context(), "webhooks", json.RawMessage(`[]`)))
		w.pass(time.Minute)
		want(w.t, "after the removal", len(w.posts), len(got))
	})
}

func TestTheSurveyAsksAndReopensAsTheAdminSet(t *testing.T) {
	each(t, func(w *world) {
		w.must(w.db.SaveSetting(w.t.Context(), "survey", json.RawMessage(`{"hours":24,"reopen":3,"texts":{"en":"Did we keep our word?"}}`)))
		w.held("c")
		w.closes("c")
		w.pass(25 * time.Hour)
		all := bodies[chat.Survey](w, "c", chat.KindSurvey)
		want(w.t, "asked", len(all), 1)
		want(w.t, "in the company's words", all[0].Text, "Did we keep our word?")
		w.rates("c", 3)
		want(w.t, "a three opens it again", w.conv("c").Owner, chat.OwnerQueue)
	})
}
