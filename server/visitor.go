package server

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ombud/chat"
	"ombud/server/frame"
)

// typingEvery is the least time between two notices of the same kind that somebody is writing.
const typingEvery = 500 * time.Millisecond

// visitor is the side of a visitor's socket.
type visitor struct {
	c            *conn
	site         chat.Site
	v            chat.Visitor
	locale, page string
	conversation string
	follow       *follower
	leave        func()
	typed        time.Time
	typing       bool
}

func (v *visitor) who() chat.Identity {
	return chat.Identity{Role: chat.RoleVisitor, ID: v.v.ID, Name: v.v.Name, Site: v.site.ID}
}

// enter welcomes the visitor to a conversation and follows it.
func (v *visitor) enter(ctx context.Context, conv chat.Conversation, since int64, token string, reset bool) error {
	v.gone()
	v.conversation = conv.ID
	w := frame.VisitorWelcome{
		Conversation: conv.ID, Token: token, Owner: string(conv.Owner), Reset: reset, Language: conv.Language,
		Visitor: frame.Person{ID: v.v.ID, Name: v.v.Name},
		Site:    frame.SiteInfo{Name: v.site.Name, Locale: v.site.Settings.Locale},
		Limits:  limitsOf(v.site), Ask: asked(v.site, v.v), Mail: v.c.s.mailsTranscripts(),
	}
	if conv.Owner == chat.OwnerAgent {
		if u, err := v.c.s.o.Store.User(ctx, conv.Agent); err == nil {
			w.Agent = &frame.Person{Name: u.Name}
		}
	}
	v.c.sendFrame(frame.TypeWelcome, conv.LastSeq, w)
	v.follow = &follower{
		c: v.c, conversation: conv.ID, to: frame.Visitor, self: v.v.ID, at: since, holder: conv.Agent, sent: map[string]*sent{},
	}
	join := v.follow.follow
	if conv.LastSeq-since < historyPage {
		join = v.follow.join // the usual case takes no look into the database
	}
	leave, err := join()
	v.leave = leave
	if n, waits := v.c.s.o.Hub.Waiting(conv.ID); err == nil && waits {
		v.follow.Notice(n) // whoever comes back learns at once where they stand
	}
	return err
}

func (v *visitor) gone() {
	if v.leave != nil {
		v.leave()
		v.leave = nil
	}
}

func (v *visitor) handle(ctx context.Context, in frame.In) (bool, error) {
	do := visitorActs[in.Type]
	if do == nil {
		return false, fmt.Errorf("no act for frame type %q", in.Type)
	}
	return do(v, ctx, in)
}

// visitorActs holds what to do for each type of frame; a test holds it against frame.Shapes.
var visitorActs = map[string]func(*visitor, context.Context, frame.In) (bool, error){
	"ping":          func(v *visitor, _ context.Context, in frame.In) (bool, error) { return v.c.pong(in) },
	"say":           (*visitor).say,
	"typing":        (*visitor).onTyping,
	"read":          (*visitor).read,
	"end":           (*visitor).end,
	"new":           (*visitor).begin,
	"leave_message": (*visitor).leaveMessage,
	"slots":         (*visitor).slots,
	"rate":          (*visitor).rate,
	"introduce":     (*visitor).introduce,
	"answer_offer":  (*visitor).answerOffer,
}

func (c *conn) pong(in frame.In) (bool, error) {
	c.sendFrame(frame.TypePong, 0, frame.Pong{ID: in.ID})
	return true, nil
}

func (v *visitor) say(ctx context.Context, in frame.In) (bool, error) {
	if err := v.c.spend(); err != nil {
		return false, err
	}
	err := v.follow.say(in.ID, func() (chat.Event, bool, error) {
		return v.c.s.o.Hub.Say(ctx, v.who(), v.conversation, in.ID, in.Text)
	})
	if errors.Is(err, chat.ErrNotFound) { // the database was put back to a time before this conversation: the next hello begins anew
		v.c.close(CloseUnavailable, "come back in a moment")
		err = errors.Join(chat.ErrUnavailable, err)
	}
	return true, err
}

func (v *visitor) onTyping(_ context.Context, in frame.In) (bool, error) {
	if now := time.Now(); v.typing != in.On || now.Sub(v.typed) >= typingEvery {
		v.typing, v.typed = in.On, now
		v.c.s.o.Hub.Typing(v.conversation, v.who(), in.On)
	}
	return false, nil
}

func (v *visitor) read(_ context.Context, in frame.In) (bool, error) {
	v.c.s.o.Hub.Read(v.conversation, v.who(), in.Seq)
	return false, nil
}

func (v *visitor) end(ctx context.Context, _ frame.In) (bool, error) {
	if err := v.c.spend(); err != nil {
		return false, err
	}
	return false, v.c.s.o.Hub.CloseConversation(ctx, v.who(), v.conversation, chat.Closed{})
}

// begin starts a new conversation after a close.
func (v *visitor) begin(ctx context.Context, _ frame.In) (bool, error) {
	if err := v.c.spend(); err != nil {
		return false, err
	}
	conv, err := v.c.s.o.Store.Conversation(ctx, v.conversation)
	if err != nil {
		return false, err
	}
	if conv.Owner != chat.OwnerClosed {
		return false, fmt.Errorf("begin anew beside %s: %w", conv.ID, chat.ErrStale)
	}
	conv, err = v.c.s.o.Hub.Begin(ctx, v.site, v.v, v.locale, v.page)
	if err != nil {
		return false, err
	}
	if err := v.enter(ctx, conv, 0, "", true); err != nil {
		v.c.close(CloseUnavailable, "come back in a moment")
		return false, err
	}
	return false, nil
}

func (v *visitor) leaveMessage(ctx context.Context, in frame.In) (bool, error) {
	if err := v.c.spend(); err != nil {
		return false, err
	}
	if in.Text == "" && in.Email == "" && in.Phone == "" {
		return false, &chat.InvalidError{Field: "text", Code: frame.CodeEmpty, Hint: "Leave a word, an e-mail address or a number."}
	}
	m := chat.LeftMessage{Text: in.Text, Email: in.Email, Phone: in.Phone, Callback: in.Callback, Zone: in.Zone}
	return false, v.c.s.o.Hub.LeaveMessage(ctx, v.who(), v.conversation, in.ID, m)
}

func (v *visitor) slots(ctx context.Context, in frame.In) (bool, error) {
	if err := v.c.spend(); err != nil {
		return false, err
	}
	slots, zone, err := v.c.s.o.Hub.Slots(ctx, v.conversation, in.Zone)
	if err != nil {
		return false, err
	}
	out := frame.Slots{ID: in.ID, Conversation: v.conversation, Zone: zone, Slots: []frame.Slot{}}
	for _, s := range slots {
		out.Slots = append(out.Slots, frame.Slot(s))
	}
	v.c.sendFrame(frame.TypeSlots, 0, out)
	return true, nil
}

func (v *visitor) rate(ctx context.Context, in frame.In) (bool, error) {
	if err := v.c.spend(); err != nil {
		return false, err
	}
	answers, err := v.c.s.surveyAnswered(ctx, in.Answers)
	if err != nil {
		return false, err
	}
	return false, v.c.s.o.Hub.Rate(ctx, v.who(), v.conversation, chat.Survey{Rating: int(in.Rating), Text: in.Text, Answers: answers})
}
