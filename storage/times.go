package storage

import (
	"time"

	"ombud/chat"
)

// Times are stored as microseconds since 1970-01-01 UTC in both databases; 0 is the zero time.

func toMicros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixMicro()
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return time.UnixMicro(us).UTC()
}

func truncate(t time.Time) time.Time { return fromMicros(toMicros(t)) }

// stored gives c as it will read back: times in UTC, cut to microseconds.
func stored(c chat.Conversation) chat.Conversation {
	for _, t := range []*time.Time{
		&c.CreatedAt, &c.UpdatedAt, &c.TurnDue, &c.RequestedAt, &c.DueAt, &c.ClockAt, &c.ClaimedAt, &c.ClosedAt, &c.RepliedAt,
	} {
		*t = truncate(*t)
	}
	if len(c.State) == 0 {
		c.State = nil
	}
	return c
}

func storedHandoff(h chat.HandoffRecord) chat.HandoffRecord {
	for _, t := range []*time.Time{&h.RequestedAt, &h.DueAt, &h.ClaimedAt, &h.EndedAt} {
		*t = truncate(*t)
	}
	return h
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
