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
	var c chat.Conversation
	var handoff chat.HandoffRecord
	handoffs := map[string]chat.HandoffRecord{}
	for {
		events, err := db.Events(ctx, id, c.LastSeq, derivePage)
		if err != nil {
			return c, nil, err
		}
		for _, e := range events {
			if c, err = chat.Apply(c, e); err != nil {
				return c, nil, fmt.Errorf("derive %s: %w", id, err)
			}
			c = stored(c)
			if handoff, err = chat.ApplyHandoff(handoff, c, e); err != nil {
				return c, nil, fmt.Errorf("derive %s: %w", id, err)
			}
			if e.Kind.ForHandoff() && handoff.ID != "" {
				handoffs[handoff.ID] = storedHandoff(handoff)
			}
		}
		if len(events) < derivePage {
			return c, handoffs, nil
		}
	}
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
