package care_test

import (
	"slices"
	"testing"

	"ombud/chat"
)

func TestWhatTheBotOffersIsAnsweredLikeAnAgentsOffer(t *testing.T) {
	each(t, func(w *world) {
		visitor := chat.Identity{Role: chat.RoleVisitor, ID: "v"}
		for id, accept := range map[string]bool{"yes": true, "no": false} {
			w.add(id, chat.KindOpened, chat.RoleSystem, "", "", chat.Opened{Site: "demo", Visitor: "v"})
			w.add(id, chat.KindOffer, chat.RoleBot, "", "", chat.Offer{ID: "o", Remedy: "discount", Worth: 500, Currency: "EUR", State: "offered"})
			w.must(w.care.AnswerOffer(t.Context(), visitor, id, "1", "o", accept))
			w.must(w.care.AnswerOffer(t.Context(), visitor, id, "2", "o", accept)) // again
			wantErr(t, "a change of mind", w.care.AnswerOffer(t.Context(), visitor, id, "3", "o", !accept), chat.ErrStale)
			state := map[bool]string{true: "accepted", false: "declined"}[accept]
			got := bodies[chat.Offer](w, id, chat.KindOffer)
			if len(got) != 2 || got[1].State != state || got[1].Worth != 500 {
				t.Errorf("%+v", got)
			}
		}
		w.pass(0)
		slices.Sort(w.handed)
		if !slices.Equal(w.handed, []string{"no dissatisfied", "yes offer_accepted"}) {
			t.Errorf("%q", w.handed)
		}
		w.handed = nil
		w.held("ann's")
		w.must(w.care.Offer(t.Context(), ann, "ann's", "1", chat.Offer{Remedy: "discount", Worth: 500, Currency: "EUR", Text: "x"}))
		made := bodies[chat.Offer](w, "ann's", chat.KindOffer)[0]
		w.must(w.care.AnswerOffer(t.Context(), visitor, "ann's", "2", made.ID, true))
		w.pass(0)
		want(t, "handed over from ann", len(w.handed), 0)
	})
}
