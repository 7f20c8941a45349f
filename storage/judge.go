package storage

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"ombud/chat"
)

// judge decides one append by what the batch knows so far, and adds it to what will be written if it
// stands. Its error is the append's own and concerns no other.
func (b *batch) judge(a chat.Append) (chat.Appended, error) {
	row := b.rows[a.Conversation]
	prior, err := b.earlier(a)
	if err != nil {
		return chat.Appended{}, err
	}
	if prior != nil {
		return chat.Appended{Conversation: row.now, Events: []chat.Event{*prior}, Duplicate: true}, nil
	}
	exists, opens := row.now.LastSeq > 0, a.Events[0].Kind == chat.KindOpened
	if !exists && !opens {
		return chat.Appended{}, chat.ErrNotFound
	}
	if exists && opens {
		return chat.Appended{}, chat.ErrExists
	}
	if b.erased[b.wordsFrom(a)] {
		return chat.Appended{}, chat.ErrClosed
	}
	if err := unexpected(row.now, a); err != nil {
		return chat.Appended{}, err
	}
	agent := receiver(a.Events)
	if a.Capacity > 0 && agent != "" && row.now.Agent != agent && b.held[agent] >= a.Capacity {
		return chat.Appended{}, chat.ErrCapacity
	}
	if a.Call != nil && b.callsAt(*a.Call, a.Conversation) >= a.Call.Most {
		return chat.Appended{}, chat.ErrCapacity
	}
	return b.apply(row, a)
}

// earlier finds the event that an id of the append was used for before.
func (b *batch) earlier(a chat.Append) (*chat.Event, error) {
	for _, e := range a.Events {
		key, ok := keyOf(e)
		if !ok {
			continue
		}
		prior, ok := b.prior[key]
		if !ok {
			continue
		}
		same, err := sameContent(prior, e)
		if err != nil {
			return nil, err
		}
		if !same {
			return nil, fmt.Errorf("id %s of event %d: %w", e.ClientID, prior.Seq, chat.ErrConflict)
		}
		return &prior, nil
	}
	return nil, nil
}

// unexpected says how the conversation differs from what the writer saw.
func unexpected(c chat.Conversation, a chat.Append) error {
	x := a.Expect
	stale := (len(x.Owners) > 0 && !slices.Contains(x.Owners, c.Owner)) ||
		(x.Epoch != nil && *x.Epoch != c.Epoch) ||
		(x.Answered != nil && *x.Answered != c.Answered) ||
		(x.Seq != nil && *x.Seq != c.LastSeq) ||
		(x.Holder != "" && x.Holder != c.Agent)
	if !stale {
		return nil
	}
	actor := actingAgent(a)
	if actor == "" || c.Owner != chat.OwnerAgent || c.Agent == actor {
		return chat.ErrStale
	}
	return &chat.TakenError{AgentID: c.Agent, Name: c.AgentName}
}

// actingAgent is the agent an append acts for, or "": only an agent can lose a chat to another one.
func actingAgent(a chat.Append) string {
	if a.Expect.Holder != "" {
		return a.Expect.Holder
	}
	for _, e := range a.Events {
		if e.Kind == chat.KindHandoffClaimed {
			return receiver([]chat.Event{e})
		}
	}
	if e := a.Events[0]; e.Role == chat.RoleAgent {
		return e.Sender
	}
	return ""
}

// receiver is the agent who holds the conversation after the events, if they hand it to one.
func receiver(events []chat.Event) string {
	var agent string
	for _, e := range events {
		var body struct {
			Agent string `json:"agent"`
			To    string `json:"to"`
		}
		switch e.Kind {
		case chat.KindHandoffClaimed, chat.KindHandoffTransferred:
			if json.Unmarshal(e.Body, &body) != nil {
				continue // chat.Apply refuses it
			}
			agent = body.Agent
			if e.Kind == chat.KindHandoffTransferred {
				agent = body.To
			}
		}
	}
	return agent
}

// apply derives the conversation and its handoffs from the new events, all or none.
func (b *batch) apply(row *change, a chat.Append) (chat.Appended, error) {
	c, events := row.now, slices.Clone(a.Events)
	handoff := b.current[a.Conversation]
	changed := map[string]chat.HandoffRecord{}
	for i := range events {
		e := &events[i]
		e.Seq = c.LastSeq + 1
		var err error
		if c, err = chat.Apply(c, *e); err != nil {
			return chat.Appended{}, fmt.Errorf("%w: %w", chat.ErrInvalid, err)
		}
		c = stored(c)
		if handoff, err = chat.ApplyHandoff(handoff, c, *e); err != nil {
			return chat.Appended{}, fmt.Errorf("%w: %w", chat.ErrInvalid, err)
		}
		if e.Kind.ForHandoff() && handoff.ID != "" {
			changed[handoff.ID] = handoff
		}
	}
	b.accept(row, c, events, a.Jobs)
	b.current[a.Conversation] = handoff
	maps.Copy(b.handoffs, changed)
	return chat.Appended{Conversation: c, Events: events}, nil
}

// accept makes the append part of what the batch writes, and of what later appends are judged by.
func (b *batch) accept(row *change, c chat.Conversation, events []chat.Event, jobs []chat.Job) {
	if was, is := row.now.Agent, c.Agent; was != is {
		if _, counted := b.held[was]; counted {
			b.held[was]--
		}
		if _, counted := b.held[is]; counted {
			b.held[is]++
		}
	}
	if b.calls != nil {
		b.calls[c.ID] = toMicros(c.CallbackAt)
	}
	row.now = c
	for _, e := range events {
		if key, ok := keyOf(e); ok {
			b.prior[key] = e
		}
	}
	b.events = append(b.events, events...)
	b.jobs = append(b.jobs, jobs...)
}
