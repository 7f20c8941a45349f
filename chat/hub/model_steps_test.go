package hub_test

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/handoff"
)

// takeOver has the supervisor take whatever is not closed, and now and then let go of it.
func (l *life) takeOver(*rapid.T) {
	c := l.chat()
	if c.Agent == l.boss.ID && rapid.Bool().Draw(l.r, "lets go") {
		l.after("release by the boss", c, l.hub().Release(l.t.Context(), as(l.boss), c.ID), nil, give(l.back(c), ""))
		return
	}
	var want error
	if c.Owner == chat.OwnerClosed {
		want = chat.ErrStale
	}
	l.after("take-over", c, l.hub().TakeOver(l.t.Context(), l.boss, c.ID), want, give(chat.OwnerAgent, l.boss.ID))
}

// handedAt is the level to which the bot of these tests gives what is left.
const handedAt = 2

// leave has the visitor leave a message instead of waiting: nobody is live any more, and it is answered later.
func (l *life) leave(*rapid.T) {
	c := l.chat()
	var want error
	if c.Owner == chat.OwnerAgent || c.Owner == chat.OwnerClosed {
		want = chat.ErrStale
	}
	who := chat.Identity{Role: chat.RoleVisitor, ID: c.Visitor}
	err := l.hub().LeaveMessage(l.t.Context(), who, c.ID, fmt.Sprint("left-", c.LastSeq), chat.LeftMessage{Text: "call me", Phone: "1"})
	l.after("left message", c, err, want, func(row *chat.Conversation) {
		if row.Owner, row.Agent = chat.OwnerTicket, ""; c.Owner == chat.OwnerBot { // a handoff like any other
			row.Level, l.drops[c.ID] = handedAt, map[string]bool{}
		}
	})
	if row := l.prior[c.ID]; want == nil && c.Owner == chat.OwnerBot && (row.Handoff == c.Handoff || row.Severity == "" || row.Reason == "") {
		l.r.Fatalf("%s was left from the bot as %+v", c.ID, row)
	}
	l.left[c.ID] = l.left[c.ID] || want == nil
}

// speak has the visitor say something, which reopens what is closed, with the bot.
func (l *life) speak(*rapid.T) {
	c := l.chat()
	who := chat.Identity{Role: chat.RoleVisitor, ID: c.Visitor}
	_, _, err := l.hub().Say(l.t.Context(), who, c.ID, fmt.Sprint("said-", c.LastSeq), "hello")
	l.after("word", c, err, nil, func(c *chat.Conversation) {
		if c.Owner == chat.OwnerClosed {
			c.Owner, c.Agent = chat.OwnerBot, ""
		}
	})
	if c.Owner == chat.OwnerAgent || c.Owner == chat.OwnerClosed {
		l.left[c.ID] = false
	}
}

// push has both nodes give the line to those who are there. Nobody gets what does not fit, what they let go of, or more than they
// have room for; nothing waits for which there was somebody.
func (l *life) push(*rapid.T) {
	var line []chat.Conversation
	held := map[string]int{}
	for _, id := range l.of {
		switch c := l.prior[id]; c.Owner {
		case chat.OwnerQueue:
			line = append(line, c)
		case chat.OwnerAgent:
			held[c.Agent]++
		}
	}
	line = handoff.Rank(line, l.line.now())
	rules := quick(handoff.Push)
	l.both(func(h *hub.Hub) { h.PushNow(line, held, rules) })
	for _, c := range line {
		row, err := l.db.Conversation(l.t.Context(), c.ID)
		must(l.t, err)
		at := slices.IndexFunc(l.all, func(u chat.User) bool { return u.ID == row.Agent })
		if row.Owner == chat.OwnerAgent && (at < 0 || l.away[row.Agent] || l.all[at].Level < c.Level || l.drops[c.ID][row.Agent] || row.Handovers != c.Handovers+1) {
			l.r.Fatalf("%s at level %d was pushed to %s, away %v, who dropped it %v", c.ID, c.Level, row.Agent, l.away, l.drops[c.ID])
		}
		l.prior[c.ID] = row
	}
	for _, c := range line {
		for _, u := range l.all {
			n := l.held(u.ID)
			if n > modelCapacity && n > held[u.ID] {
				l.r.Fatalf("%s was pushed chat %d", u.ID, n)
			}
			if l.prior[c.ID].Owner == chat.OwnerQueue && n < modelCapacity && !l.away[u.ID] && u.Level >= c.Level && !l.drops[c.ID][u.ID] {
				l.r.Fatalf("%s waits, though %s has room", c.ID, u.ID)
			}
		}
	}
}
