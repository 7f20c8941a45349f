package handoff

import (
	"cmp"
	"slices"
	"time"

	"ombud/chat"
)

// Agent is somebody who could take a chat, as the waiting line sees them.
type Agent struct {
	ID        string
	Name      string
	Level     int      // highest level they settle
	Skills    []string // empty: every skill
	Languages []string // empty: every language
	Products  []string // that they are an expert in, by id
	Capacity  int      // most chats at once; 0: no limit
	Held      int      // chats held now
	Ready     bool     // present and taking chats
}

// Fits reports whether the agent may take the conversation: level, skill or product, and language.
func (a Agent) Fits(c chat.Conversation) bool { return a.Misfit(c) == nil }

// Expert reports whether the conversation asks for an expert, and the agent is one in its product. Who knows the product
// may take it whatever skill it asks for: from level 2 on, either is enough.
func (a Agent) Expert(c chat.Conversation) bool {
	return c.Level >= chat.LevelExpert && c.Product != "" && slices.Contains(a.Products, c.Product)
}

// Free gives how many more chats the agent can hold; at most many for an agent without a limit.
func (a Agent) Free(many int) int {
	if !a.Ready {
		return 0
	}
	if a.Capacity <= 0 {
		return many
	}
	return min(many, max(0, a.Capacity-a.Held))
}

// Less orders two waiting conversations: the more severe first, then one whose clock has run out,
// then the one that has waited longer. Ids break ties, so that the order is total.
func Less(a, b chat.Conversation, now time.Time) bool { return compare(&a, &b, now) < 0 }

func compare(a, b *chat.Conversation, now time.Time) int {
	if c := cmp.Compare(b.Severity.Rank(), a.Severity.Rank()); c != 0 {
		return c
	}
	if x, y := breached(a, now), breached(b, now); x != y {
		if x {
			return -1
		}
		return 1
	}
	return cmp.Or(a.RequestedAt.Compare(b.RequestedAt), cmp.Compare(a.ID, b.ID))
}

// Breached reports whether the answer-within clock of a waiting conversation has run out.
func Breached(c chat.Conversation, now time.Time) bool { return breached(&c, now) }

func breached(c *chat.Conversation, now time.Time) bool {
	return !c.DueAt.IsZero() && !now.Before(c.DueAt)
}

// Rank gives the waiting conversations in the order in which they are to be served. It does not
// change its input. Tickets come after all that wait live; among them calls whose time has come are first, and those that
// are for later last.
func Rank(waiting []chat.Conversation, now time.Time) []chat.Conversation {
	order := make([]*chat.Conversation, len(waiting)) // conversations are too large to be moved about while sorting
	for i := range waiting {
		order[i] = &waiting[i]
	}
	slices.SortStableFunc(order, func(a, b *chat.Conversation) int {
		if x, y := turn(a, now), turn(b, now); x != y {
			return x - y
		}
		return compare(a, b, now)
	})
	line := make([]chat.Conversation, len(order))
	for i, c := range order {
		line[i] = *c
	}
	return line
}

// turn puts tickets after whoever waits live: calls whose time has come, then what can be answered now, then calls that are for
// later.
func turn(c *chat.Conversation, now time.Time) int {
	switch {
	case c.Owner != chat.OwnerTicket:
		return -1
	case c.CallbackAt.IsZero():
		return 1
	case c.CallbackAt.After(now):
		return 2
	}
	return 0
}

// Next gives the first conversation of the line that fits the agent, leaving out those that this
// agent has dropped before. It reports false where there is none.
func Next(a Agent, waiting []chat.Conversation, dropped func(conversation string) bool, now time.Time) (chat.Conversation, bool) {
	for _, c := range Rank(waiting, now) {
		if a.Fits(c) && !dropped(c.ID) {
			return c, true
		}
	}
	return chat.Conversation{}, false
}
