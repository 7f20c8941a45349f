package server

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
	"ombud/server/frame"
)

// mostListed is how many conversations the queue frames of one socket list: more than a person can look through.
const mostListed = 1000

// claim takes a waiting chat. Who comes too late learns who has it, if they could have taken it themselves; to
// everybody else a chat that they may not see does not exist.
func (a *agent) claim(ctx context.Context, in frame.In) (bool, error) {
	err := a.c.s.o.Hub.Claim(ctx, a.user(), in.Conversation)
	switch {
	case err == nil:
		a.hold(ctx, in.Conversation)
		return false, nil
	case errors.Is(err, chat.ErrTaken) && a.couldTake(ctx, in.Conversation):
		return false, err
	}
	if hidden := a.let(ctx, in.Conversation); hidden != nil {
		return false, hidden
	}
	return false, err
}

// couldTake reports whether the chat's level and skill are the agent's.
func (a *agent) couldTake(ctx context.Context, conversation string) bool {
	c, err := a.c.s.o.Store.Conversation(ctx, conversation)
	if err != nil {
		return false
	}
	c.Owner = chat.OwnerQueue
	return sees(a.user(), c)
}

// next takes the first of the line that fits; the ack names it.
func (a *agent) next(ctx context.Context, in frame.In) (bool, error) {
	conversation, err := a.c.s.o.Hub.Next(ctx, a.user())
	if err != nil {
		return false, err
	}
	a.hold(ctx, conversation)
	a.c.send(frame.EncodeAck(0, time.Time{}, in.ID, conversation))
	return true, nil
}

func (a *agent) correct(ctx context.Context, in frame.In) (bool, error) {
	return false, a.c.s.o.Hub.Correct(ctx, a.who(), in.Conversation, in.ID, in.Field, in.Text)
}

func (a *agent) reclassify(ctx context.Context, in frame.In) (bool, error) {
	r := chat.Reclassified{Severity: chat.Severity(in.Severity), Skill: in.Skill, Topic: in.Topic}
	return false, a.c.s.o.Hub.Reclassify(ctx, a.who(), in.Conversation, r)
}

func (a *agent) takeOver(ctx context.Context, in frame.In) (bool, error) {
	if err := a.c.s.o.Hub.TakeOver(ctx, a.user(), in.Conversation); err != nil {
		return false, err
	}
	a.hold(ctx, in.Conversation)
	return false, nil
}

// hold is what follows from a claim: its events come without a further frame, and whoever takes chats is on duty
// from now on, though they never said so. A failure is logged only: the claim stands.
func (a *agent) hold(ctx context.Context, conversation string) {
	s := a.c.s
	a.granted[conversation] = struct{}{}
	if a.follows[conversation] == nil {
		if _, err := a.open(ctx, frame.In{Conversation: conversation}); err != nil {
			s.o.Logger.Warn("follow a claimed chat", "conversation", conversation, "error", err)
		}
	}
	if s.o.Duty == nil || a.lease.Load() != nil {
		return
	}
	state := "online"
	if err := s.o.Duty.Renew(ctx, a.user().ID, state); err != nil {
		s.o.Logger.Warn("begin a lease", "user", a.user().ID, "error", err)
		return
	}
	a.lease.Store(&state)
}

func (a *agent) release(ctx context.Context, in frame.In) (bool, error) {
	return false, a.c.s.o.Hub.Release(ctx, a.who(), in.Conversation)
}

func (a *agent) transfer(ctx context.Context, in frame.In) (bool, error) {
	t := chat.Transferred{To: in.To, Skill: in.Skill, Level: int(in.Level), Word: in.Word}
	if in.To != "" {
		u, err := a.c.s.o.Store.User(ctx, in.To)
		switch {
		case errors.Is(err, chat.ErrNotFound), err == nil && u.Disabled:
			return false, &chat.InvalidError{Field: "to", Code: "unknown", Hint: "Nobody by that id works here."}
		case err != nil:
			return false, err
		}
		t.ToName = u.Name
	}
	return false, a.c.s.o.Hub.Transfer(ctx, a.who(), in.Conversation, t)
}

func (a *agent) escalate(ctx context.Context, in frame.In) (bool, error) {
	e := chat.Escalated{Level: int(in.Level), Skill: in.Skill, Reason: in.Reason}
	return false, a.c.s.o.Hub.Escalate(ctx, a.who(), in.Conversation, e)
}

func (a *agent) giveBack(ctx context.Context, in frame.In) (bool, error) {
	return false, a.c.s.o.Hub.Return(ctx, a.who(), in.Conversation)
}

func (a *agent) close(ctx context.Context, in frame.In) (bool, error) {
	product, err := a.c.s.productOf(ctx, in.Product)
	if err == nil && product == "" {
		product, err = a.c.s.productKnown(ctx, in.Conversation)
	}
	if err != nil {
		return false, err
	}
	c := chat.Closed{Cause: in.Cause, Product: product, Outcome: in.Outcome, Label: in.Label}
	return false, a.c.s.o.Hub.CloseConversation(ctx, a.who(), in.Conversation, c)
}

func (a *agent) label(ctx context.Context, in frame.In) (bool, error) {
	return false, a.c.s.o.Hub.Label(ctx, a.who(), in.Conversation, in.Label)
}

// Board passes the queue on, as far as this agent may see it. It is the hub's board listener.
func (a *agent) Board(changed []hub.BoardItem, removed []string, snapshot bool) bool {
	u := a.user()
	a.mu.Lock()
	defer a.mu.Unlock()
	if snapshot {
		clear(a.shown)
	}
	var out [][]byte
	var gone []string
	for _, it := range changed {
		_, shown := a.shown[it.Conversation]
		switch {
		case listed(u, it) && (shown || len(a.shown) < mostListed):
			a.shown[it.Conversation] = struct{}{}
			out = append(out, it.Form(a.c.s.queueForm))
		case shown:
			delete(a.shown, it.Conversation)
			gone = append(gone, it.Conversation)
		}
	}
	for _, id := range removed {
		if _, shown := a.shown[id]; shown {
			delete(a.shown, id)
			gone = append(gone, id)
		}
	}
	switch {
	case snapshot:
		return a.c.send(frame.EncodeQueueSnapshot(out))
	case len(out)+len(gone) > 0:
		return a.c.send(frame.EncodeQueue(out, gone))
	}
	return true
}

// queueForm writes an item of the board as queue frames list it.
func (s *Server) queueForm(it hub.BoardItem) []byte {
	b, err := json.Marshal(queueItem(it))
	if err != nil { // strings, numbers and times
		s.o.Logger.Error("encode queue item", "conversation", it.Conversation, "error", err)
		return []byte(`{}`)
	}
	return b
}

func queueItem(it hub.BoardItem) frame.QueueItem {
	out := frame.QueueItem{
		Conversation: it.Conversation, Visitor: frame.Person(it.Visitor), Site: it.Site, Language: it.Language,
		Owner: string(it.Owner), Reason: it.Reason, Severity: string(it.Severity), Level: it.Level, Skill: it.Skill,
		Topic: it.Topic, Product: it.Product, Label: it.Label, RequestedAt: it.RequestedAt, DueAt: it.DueAt, Warned: it.Warned, CallbackAt: it.CallbackAt, Handovers: it.Handovers,
		LastText: it.LastText, LastRole: string(it.LastRole), LastSeq: it.LastSeq, UpdatedAt: it.UpdatedAt, Rank: it.Rank,
	}
	if it.Agent != nil {
		agent := frame.Person(*it.Agent)
		out.Agent = &agent
	}
	return out
}
