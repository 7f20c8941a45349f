package storage

import (
	"context"
	"fmt"
	"reflect"

	"ombud/chat"
)

// derivePage is how many events are read at a time.
const derivePage = 1000

// Rederive applies a conversation's whole log anew and gives what its row and its handoffs, by id, should be.
// It reads the log only. A gap in the log is an error.
func (db *DB) Rederive(ctx context.Context, id string) (chat.Conversation, map[string]chat.HandoffRecord, error) {
	d := derivation{handoffs: map[string]chat.HandoffRecord{}}
	for {
		events, err := db.Events(ctx, id, d.c.LastSeq, derivePage)
		if err == nil {
			err = d.apply(events)
		}
		if err != nil {
			return d.c, nil, fmt.Errorf("derive %s: %w", id, err)
		}
		if len(events) < derivePage {
			return d.c, d.handoffs, nil
		}
	}
}

// derivation is what a log gives so far.
type derivation struct {
	c        chat.Conversation
	handoff  chat.HandoffRecord
	handoffs map[string]chat.HandoffRecord
}

func (d *derivation) apply(events []chat.Event) (err error) {
	for _, e := range events {
		if d.c, err = chat.Apply(d.c, e); err != nil {
			return err
		}
		d.c = stored(d.c)
		if d.handoff, err = chat.ApplyHandoff(d.handoff, d.c, e); err != nil {
			return err
		}
		if e.Kind.ForHandoff() && d.handoff.ID != "" {
			d.handoffs[d.handoff.ID] = storedHandoff(d.handoff)
		}
	}
	return nil
}

// derived is Rederive for a log that was read already.
func derived(events []chat.Event) (chat.Conversation, map[string]chat.HandoffRecord, error) {
	d := derivation{handoffs: map[string]chat.HandoffRecord{}}
	err := d.apply(events)
	return d.c, d.handoffs, err
}

// Verify compares the stored rows of a conversation with its log. Nobody may append meanwhile.
func (db *DB) Verify(ctx context.Context, id string) error {
	c, handoffs, err := db.Rederive(ctx, id)
	if err != nil {
		return err
	}
	row, err := db.Conversation(ctx, id)
	if err != nil {
		return err
	}
	if !reflect.DeepEqual(row, c) {
		return fmt.Errorf("verify %s: the row is %+v, the log gives %+v", id, row, c)
	}
	rows, err := db.Handoffs(ctx, id)
	if err != nil {
		return err
	}
	if len(rows) != len(handoffs) {
		return fmt.Errorf("verify %s: %d handoffs are stored, the log gives %d", id, len(rows), len(handoffs))
	}
	for _, h := range rows {
		if h != handoffs[h.ID] {
			return fmt.Errorf("verify %s: the handoff is %+v, the log gives %+v", id, h, handoffs[h.ID])
		}
	}
	return nil
}
