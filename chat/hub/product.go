package hub

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"ombud/chat"
	"ombud/handoff"
)

// products lists what the company sells. Where it cannot be read nobody waits for it: the matter is about no product then.
func (h *Hub) products(ctx context.Context) []handoff.Product {
	if h.o.Products == nil {
		return nil
	}
	all, err := h.o.Products(ctx)
	if err != nil {
		h.o.Logger.Warn("read the products", "error", err)
	}
	return all
}

// productOf gives the id of the listed product that the matter is about: the one that the visitor named last, or the one that was
// known before the bot had the conversation back; or "".
func (h *Hub) productOf(t thought) string {
	ctx, cancel := h.call()
	defer cancel()
	language := cmp.Or(t.out.Language, t.conv.Language)
	all := h.products(ctx)
	for _, e := range slices.Backward(ofMatter(t.seen)) {
		var m chat.Message
		if e.Kind != chat.KindMessage || e.Role != chat.RoleVisitor || json.Unmarshal(e.Body, &m) != nil {
			continue
		}
		if id := handoff.ProductIn(m.Text, language, all); id != "" {
			return id
		}
	}
	if begun := ofMatter(t.seen); len(begun) < len(t.seen) && !slices.ContainsFunc(begun, requests) {
		return "" // what is known is of the matter that was closed
	}
	return t.conv.Product
}

func requests(e chat.Event) bool { return e.Kind == chat.KindHandoffRequested }

// ofMatter gives the events from where the visitor came back to the bot after a close: what they want then is a matter of its own.
func ofMatter(events []chat.Event) []chat.Event {
	for i, e := range slices.Backward(events) {
		if anew(e) {
			return events[i:]
		}
	}
	return events
}

// anew reports whether a closed conversation goes on with the bot.
func anew(e chat.Event) bool {
	var r chat.Reopened
	return e.Kind == chat.KindReopened && json.Unmarshal(e.Body, &r) == nil && r.Owner == chat.OwnerBot
}

// addProduct notes the product that a brief names since it was put right, or since the customer said more while waiting.
func (h *Hub) addProduct(ctx context.Context, b *batch, c chat.Conversation, brief handoff.Brief, by string) {
	i := slices.IndexFunc(brief.Facts, func(f handoff.Fact) bool { return f.Name == handoff.FactProduct })
	if i < 0 {
		return
	}
	if id := handoff.ProductIn(brief.Facts[i].Value, c.Language, h.products(ctx)); id != "" && id != c.Product {
		b.add(chat.KindHandoffReclassified, chat.Reclassified{Handoff: c.Handoff, Product: id, Name: by})
	}
}
