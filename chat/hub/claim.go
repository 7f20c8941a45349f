package hub

import (
	"context"
	"errors"
	"fmt"

	"ombud/chat"
	"ombud/handoff"
)

// agentOf is a user as the waiting line sees them.
func agentOf(u chat.User) handoff.Agent {
	return handoff.Agent{
		ID: u.ID, Name: u.Name, Level: u.Level, Skills: u.Skills, Languages: u.Languages, Products: u.Products, Capacity: u.Capacity, Ready: true,
	}
}

func (d Duty) agent() handoff.Agent {
	return handoff.Agent{
		ID: d.Agent, Name: d.Name, Level: d.Level, Skills: d.Skills, Languages: d.Languages, Products: d.Products, Capacity: d.Capacity, Ready: d.Ready,
	}
}

func (h *Hub) onDuty() []Duty {
	if h.o.OnDuty == nil {
		return nil
	}
	return h.o.OnDuty()
}

// present lists who is on duty, as the waiting line sees them, without the chats they hold.
func (h *Hub) present() []handoff.Agent {
	var out []handoff.Agent
	for _, d := range h.onDuty() {
		out = append(out, d.agent())
	}
	return out
}

// attended reports whether somebody other than the holder could take the conversation at a level.
func (h *Hub) attended(c chat.Conversation, level int) bool {
	return h.o.OnDuty == nil || handoff.Attended(h.present(), c, level, c.Agent)
}

// claimed is the body of a claim, with the settle-within clock.
func (h *Hub) claimed(c chat.Conversation, agent, name string) chat.Claimed {
	due, warn := h.o.Rules().SettleBy(c, h.now())
	return chat.Claimed{Handoff: c.Handoff, Agent: agent, Name: name, DueAt: due, WarnAt: warn}
}

// released is the body of a release, with the clock that runs anew.
func (h *Hub) released(ctx context.Context, c chat.Conversation, reason string) (chat.Released, error) {
	r := chat.Released{Handoff: c.Handoff, Agent: c.Agent, Reason: reason}
	var err error
	r.Owner, r.DueAt, r.WarnAt, err = h.waitsOn(ctx, c, c)
	return r, err
}

// Claim takes a waiting conversation. Of many at once one wins; the others get a *chat.TakenError that
// names the winner. It fails with chat.ErrForbidden, and a *chat.InvalidError that says why, where level, skill or
// language do not fit; with chat.ErrCapacity where the agent holds as many as they may; and with
// chat.ErrStale where nobody is waiting in it any more.
func (h *Hub) Claim(ctx context.Context, who chat.User, conversation string) error {
	c, err := h.o.Store.Conversation(ctx, conversation)
	if err != nil {
		return fmt.Errorf("claim %s: %w", conversation, err)
	}
	waits := c.Owner == chat.OwnerQueue || c.Owner == chat.OwnerTicket
	if misfit := agentOf(who).Misfit(c); waits && misfit != nil {
		return fmt.Errorf("claim %s: %w: %w", conversation, chat.ErrForbidden, misfit)
	}
	b := h.batch(chat.RoleAgent, who.ID)
	b.add(chat.KindHandoffClaimed, h.claimed(c, who.ID, who.Name))
	// The epoch: what was found to fit must still be what is claimed.
	expect := chat.Expect{Owners: []chat.Owner{chat.OwnerQueue, chat.OwnerTicket}, Epoch: &c.Epoch}
	if _, err := h.write(ctx, conversation, expect, who.Capacity, b); err != nil {
		return fmt.Errorf("claim %s: %w", conversation, err)
	}
	return nil
}

// TakeOver gives a conversation to a supervisor, whoever has it and whatever it asks for.
func (h *Hub) TakeOver(ctx context.Context, who chat.User, conversation string) error {
	if !who.Grade.Includes(chat.GradeSupervisor) {
		return fmt.Errorf("take over %s: %w", conversation, chat.ErrForbidden)
	}
	c, err := h.o.Store.Conversation(ctx, conversation)
	if err != nil {
		return fmt.Errorf("take over %s: %w", conversation, err)
	}
	b := h.batch(chat.RoleAgent, who.ID)
	body := h.claimed(c, who.ID, who.Name)
	body.TakenFrom = c.Agent
	b.add(chat.KindHandoffClaimed, body)
	if _, err := h.write(ctx, conversation, chat.Expect{Epoch: &c.Epoch, Owners: writable}, 0, b); err != nil {
		return fmt.Errorf("take over %s: %w", conversation, err)
	}
	return nil
}

// Whisper stores a supervisor's remark to the agent who holds the conversation; the visitor never sees it. It fails with
// chat.ErrStale where no agent holds it.
func (h *Hub) Whisper(ctx context.Context, who chat.Identity, conversation, clientID, text string) (chat.Event, bool, error) {
	if !who.Grade.Includes(chat.GradeSupervisor) {
		return chat.Event{}, false, fmt.Errorf("whisper in %s: %w", conversation, chat.ErrForbidden)
	}
	b := h.batch(chat.RoleAgent, who.ID)
	b.add(chat.KindNote, chat.Note{Text: text, Name: who.Name, Whisper: true}).ClientID = clientID
	a, err := h.write(ctx, conversation, chat.Expect{Owners: []chat.Owner{chat.OwnerAgent}}, 0, b)
	if err != nil {
		return chat.Event{}, false, fmt.Errorf("whisper in %s: %w", conversation, err)
	}
	return a.Events[0], a.Duplicate, nil
}

// Release puts a held conversation back at its old place in line.
func (h *Hub) Release(ctx context.Context, who chat.Identity, conversation string) error {
	return h.stillTrue(ctx, conversation, func(c chat.Conversation) error { return h.release(ctx, who, c) })
}

func (h *Hub) release(ctx context.Context, who chat.Identity, c chat.Conversation) error {
	b := h.batch(chat.RoleAgent, who.ID)
	body, err := h.released(ctx, c, "released")
	if err != nil {
		return fmt.Errorf("release %s: %w", c.ID, err)
	}
	body.Agent = who.ID
	b.add(chat.KindHandoffReleased, body)
	if _, err := h.write(ctx, c.ID, asLeft(holding(who), c, body.Owner), 0, b); err != nil {
		return fmt.Errorf("release %s: %w", c.ID, err)
	}
	return nil
}

// Transfer sends a conversation on: to a person who is here and fits, or to the queue. Agents send on what they hold,
// supervisors also what waits or what somebody else holds. Past the limit of hand-overs it goes up a level instead, if
// somebody is there: nobody is passed around.
//
// It fails with a *chat.InvalidError where the person is away or does not fit, and with chat.ErrCapacity where they hold
// as many chats as they may.
func (h *Hub) Transfer(ctx context.Context, who chat.Identity, conversation string, t chat.Transferred) error {
	return h.stillTrue(ctx, conversation, func(c chat.Conversation) error { return h.transfer(ctx, who, c, t) })
}

func (h *Hub) transfer(ctx context.Context, who chat.Identity, c chat.Conversation, t chat.Transferred) error {
	expect, anyone := holding(who), who.Grade.Includes(chat.GradeSupervisor)
	if anyone {
		expect = chat.Expect{Owners: []chat.Owner{chat.OwnerQueue, chat.OwnerTicket, chat.OwnerAgent}}
	}
	b := h.batch(chat.RoleAgent, who.ID)
	t.By, t.Handoff = who.ID, c.Handoff
	var to handoff.Agent
	var err error
	if anyone || c.Owner == chat.OwnerAgent && c.Agent == who.ID { // else the condition says what is the matter
		expect.Epoch = &c.Epoch
		if to, err = h.receiver(ctx, c, &t); err != nil {
			return fmt.Errorf("transfer %s: %w", c.ID, err)
		}
	}
	if c.Owner == chat.OwnerAgent && h.goesUp(c, t, to) {
		up, err := h.Escalated(ctx, c, chat.Escalated{By: who.ID, Level: c.Level + 1, Skill: t.Skill, Reason: "handover_limit"})
		if err != nil {
			return fmt.Errorf("transfer %s: %w", c.ID, err)
		}
		expect = asLeft(expect, c, up.Owner)
		b.add(chat.KindHandoffEscalated, up)
		if t.Word != "" {
			b.add(chat.KindNote, chat.Note{Text: t.Word, Name: who.Name})
		}
		to.Capacity = 0
	} else {
		expect = asLeft(expect, c, t.Owner)
		b.add(chat.KindHandoffTransferred, t)
	}
	_, err = h.write(ctx, c.ID, expect, to.Capacity, b)
	if errors.Is(err, chat.ErrCapacity) {
		err = fmt.Errorf("%w: %w", err, &chat.InvalidError{Field: "to", Code: "capacity", Hint: to.Name + " holds as many chats as they may."})
	}
	if err != nil {
		return fmt.Errorf("transfer %s: %w", c.ID, err)
	}
	return nil
}

// receiver checks where a transfer goes and starts its clock. It gives the person, or nobody for the queue.
func (h *Hub) receiver(ctx context.Context, c chat.Conversation, t *chat.Transferred) (handoff.Agent, error) {
	if t.Level < 0 || t.Level > chat.LevelExecutive {
		return handoff.Agent{}, &chat.InvalidError{Field: "level", Code: "range", Hint: fmt.Sprintf("Give a level from 1 to %d.", chat.LevelExecutive)}
	}
	then := c
	if t.Skill != "" {
		then.Skill = t.Skill
	}
	if t.Level > 0 {
		then.Level = t.Level
	}
	if t.To == "" {
		var err error
		t.Owner, t.DueAt, t.WarnAt, err = h.waitsOn(ctx, c, then)
		return handoff.Agent{}, err
	}
	t.DueAt, t.WarnAt = h.o.Rules().SettleBy(then, h.now())
	if t.To == c.Agent {
		return handoff.Agent{}, &chat.InvalidError{Field: "to", Code: "self", Hint: "They hold this chat already."}
	}
	if h.o.OnDuty == nil {
		return handoff.Agent{ID: t.To, Name: t.ToName, Level: then.Level}, nil
	}
	for _, a := range h.present() {
		if a.ID != t.To {
			continue
		}
		if misfit := a.Misfit(then); misfit != nil {
			misfit.Field = "to"
			return a, misfit
		}
		t.ToName = a.Name
		return a, nil
	}
	return handoff.Agent{}, &chat.InvalidError{Field: "to", Code: "away", Hint: "They are not here now. Pick somebody who is, or the queue."}
}

// goesUp reports whether a transfer is one too many: it would go sideways past the limit of hand-overs, and somebody is
// there one level up.
func (h *Hub) goesUp(c chat.Conversation, t chat.Transferred, to handoff.Agent) bool {
	limit := h.o.Rules().Handovers
	sideways := t.Level <= c.Level && to.Level <= c.Level
	return limit > 0 && c.Handovers >= limit && sideways && c.Level < chat.LevelExecutive && h.attended(c, c.Level+1)
}

// Escalated completes an escalation with how it waits at its new level, and the clock for that.
func (h *Hub) Escalated(ctx context.Context, c chat.Conversation, e chat.Escalated) (chat.Escalated, error) {
	then := c
	then.Level = e.Level
	if e.Skill != "" {
		then.Skill = e.Skill
	}
	if e.Severity != "" {
		then.Severity = e.Severity
	}
	e.Handoff = c.Handoff
	var err error
	e.Owner, e.DueAt, e.WarnAt, err = h.waitsOn(ctx, c, then)
	return e, err
}

// Escalate queues a held or waiting conversation one or more levels up.
func (h *Hub) Escalate(ctx context.Context, who chat.Identity, conversation string, e chat.Escalated) error {
	return h.stillTrue(ctx, conversation, func(c chat.Conversation) error { return h.escalate(ctx, who, c, e) })
}

func (h *Hub) escalate(ctx context.Context, who chat.Identity, c chat.Conversation, e chat.Escalated) error {
	if e.Level == 0 {
		e.Level = c.Level + 1
	}
	if e.Level <= c.Level || e.Level > chat.LevelExecutive {
		return &chat.InvalidError{Field: "level", Code: "range", Hint: fmt.Sprintf("Give a level above %d and at most %d.", c.Level, chat.LevelExecutive)}
	}
	e.By = who.ID
	b := h.batch(chat.RoleAgent, who.ID)
	e, err := h.Escalated(ctx, c, e)
	if err != nil {
		return fmt.Errorf("escalate %s: %w", c.ID, err)
	}
	b.add(chat.KindHandoffEscalated, e)
	expect := chat.Expect{Owners: []chat.Owner{chat.OwnerAgent, chat.OwnerQueue, chat.OwnerTicket}, Epoch: &c.Epoch}
	if c.Owner == chat.OwnerAgent && !who.Grade.Includes(chat.GradeSupervisor) {
		expect.Holder = who.ID
	}
	if _, err := h.write(ctx, c.ID, asLeft(expect, c, e.Owner), 0, b); err != nil {
		return fmt.Errorf("escalate %s: %w", c.ID, err)
	}
	return nil
}

// Return gives a held conversation back to the bot, with a fresh budget of turns.
func (h *Hub) Return(ctx context.Context, who chat.Identity, conversation string) error {
	c, err := h.o.Store.Conversation(ctx, conversation)
	if err != nil {
		return fmt.Errorf("return %s to the bot: %w", conversation, err)
	}
	b := h.batch(chat.RoleAgent, who.ID)
	b.add(chat.KindReturnedToBot, chat.Returned{By: who.ID, State: h.o.Bot.Returned(c.State)})
	if _, err := h.write(ctx, conversation, holding(who), 0, b); err != nil {
		return fmt.Errorf("return %s to the bot: %w", conversation, err)
	}
	return nil
}
