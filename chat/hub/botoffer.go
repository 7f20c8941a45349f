package hub

import (
	"context"
	"encoding/json"
	"fmt"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/chat"
	"ombud/handoff"
)

// upset are the signals upon which the bot may offer what the rules let it.
var upset = map[nlu.Signal]bool{nlu.CompanyFault: true, nlu.Dissatisfied: true, nlu.Angry: true}

// botOffer adds to a turn what the bot offers by the rules: once in a conversation, to somebody whom the matter has upset, and not
// where a person takes over, whose offer it then is.
func (h *Hub) botOffer(b *batch, t thought) {
	d := t.out.Decision
	if d.Action == bot.Handoff || d.Action == bot.Close {
		return
	}
	rules := h.o.Rules().Bot
	if len(rules.Offers[d.Topic]) == 0 {
		return
	}
	shows := false
	for _, e := range d.Evidence {
		shows = shows || upset[e.Signal]
	}
	for _, e := range t.seen {
		if !shows || e.Kind == chat.KindOffer {
			return
		}
	}
	wanted, asked := wants(t.out.State, h.o.Bot.Needed(d.Topic))
	o, ok := rules.Pick(d.Topic, wanted, asked)
	if !ok {
		return
	}
	words := o.Words(t.out.Language)
	b.add(chat.KindMessage, chat.Message{Text: words, Part: "offer", Source: "script", Language: t.out.Language})
	b.add(chat.KindOffer, chat.Offer{ID: h.o.NewID(), Remedy: o.Remedy, Worth: o.Worth, Currency: o.Currency, Text: words, State: "offered"})
}

// wants gives the outcome that somebody wants, as the bot knows it, and whether there is no more to ask about it.
func wants(state json.RawMessage, needed []string) (outcome string, asked bool) {
	const fact = "outcome_wanted"
	var s bot.State
	if json.Unmarshal(state, &s) != nil {
		return "", false
	}
	for _, f := range s.Facts {
		if f.Name == fact {
			outcome = f.Value
		}
	}
	asks := false
	for _, name := range needed {
		asks = asks || name == fact
	}
	return outcome, !asks || s.Asked[fact] > 0 && s.Pending != fact
}

// HandOver gives a conversation that the bot has to a person, for a reason that is not in its words: an offer was taken or
// declined. One that the bot no longer has stays where it is.
func (h *Hub) HandOver(ctx context.Context, conversation, reason string) error {
	conv, err := h.o.Store.Conversation(ctx, conversation)
	if err != nil {
		return fmt.Errorf("hand over %s: %w", conversation, err)
	}
	if conv.Owner != chat.OwnerBot {
		return nil
	}
	t := thought{conv: conv}
	if t.seen, err = h.recent(ctx, conv, nil); err != nil {
		return fmt.Errorf("hand over %s: %w", conversation, err)
	}
	t.out = bot.TurnOutput{
		Language: conv.Language, State: conv.State,
		Decision: bot.Decision{
			Action: bot.Handoff, Reason: reason, Rule: reason, Topic: conv.Topic, Skill: h.o.Bot.Skill(reason, conv.Language, conv.Topic),
			Severity: string(chat.SeverityMedium), Level: chat.LevelAgent, Emotion: emotion(conv.State),
		},
	}
	say := h.o.Bot.Text("handoff."+reason, conv.Language, nil)
	if reason == handoff.ReasonOfferTaken {
		t.out.Decision.Severity, say = string(handoff.OfferTakenSeverity), handoff.OfferTaken(conv.Language)
	}
	t.out.Say = []bot.Utterance{{Text: say, Part: chat.PartHandoff}}
	if s := h.settle(t); s.err != nil {
		return fmt.Errorf("hand over %s: %w", conversation, s.err)
	}
	return nil
}
