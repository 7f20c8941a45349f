package hub

import (
	"time"

	"ombud/chat"
)

// draft is what may be seen of the bot's words while it thinks. It is not stored and has no seq.
type draft struct {
	conv chat.Conversation // as it was when the bot began to think
	text string            // all so far; "" takes it back
}

// onDraft shows a draft as long as the bot still answers these words. As soon as the conversation has moved
// on, what was shown is taken back.
func (l *live) onDraft(d draft) {
	current := l.turn && l.conv.Owner == chat.OwnerBot && l.conv.Epoch == d.conv.Epoch &&
		l.conv.Answered == d.conv.Answered && l.conv.VisitorSeq == d.conv.VisitorSeq
	if !current {
		d.text = ""
	}
	l.showDraft(d.text)
}

// showDraft tells who listens here, if it is news. The other nodes are not told: each that has a listener
// thinks for itself, and what one of them stores takes the place of every draft.
func (l *live) showDraft(text string) {
	if text == l.drafted {
		return
	}
	l.drafted = text
	l.onNotice(Notice{Type: "draft", Conversation: l.id, Role: chat.RoleBot, Text: text})
}

// outdate is called when events were passed on: the bot's message takes the draft's place, and whatever else
// ends the bot's turn takes it back.
func (l *live) outdate(events []chat.Event) {
	if l.drafted == "" {
		return
	}
	for _, e := range events {
		if e.Kind == chat.KindMessage && e.Role == chat.RoleBot {
			l.drafted = ""
			return
		}
	}
	l.showDraft("")
}

// slowThought is how long the bot may think before the visitor is told that it writes.
const slowThought = 300 * time.Millisecond

// typesAfter has it said that the bot is writing once it has thought for a while.
func (h *Hub) typesAfter(conversation string) *time.Timer {
	return time.AfterFunc(slowThought, func() { h.postIfLive(conversation, message{slow: true}) })
}

// onSlow says that the bot is writing, unless what it writes is to be seen.
func (l *live) onSlow() {
	if l.turn && l.drafted == "" && l.conv.Owner == chat.OwnerBot {
		l.onNotice(Notice{Type: "typing", Conversation: l.id, Role: chat.RoleBot, On: true})
	}
}
