package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"ombud/chat"
	"ombud/chat/report"
)

// reportRow is what reports read of one conversation and its latest handoff.
type reportRow struct {
	ID          string `db:"id"`
	Site        string `db:"site"`
	Visitor     string `db:"visitor"`
	Language    string `db:"language"`
	Owner       string `db:"owner"`
	Topic       string `db:"topic"`
	Cause       string `db:"cause"`
	Product     string `db:"product"`
	Outcome     string `db:"outcome"`
	Label       string `db:"label"`
	Handoff     string `db:"handoff"`
	Handovers   int    `db:"handovers"`
	Rating      int    `db:"rating"`
	CreatedAt   int64  `db:"created_at"`
	RepliedAt   int64  `db:"replied_at"`
	ClosedAt    int64  `db:"closed_at"`
	Reason      string `db:"reason"`
	Skill       string `db:"skill"`
	Level       int    `db:"level"`
	RequestedAt int64  `db:"requested_at"`
	ClaimedAt   int64  `db:"claimed_at"`
}

// ReportRows gives what reports need of the conversations begun at from or later and before to in which the visitor said
// something, in order of their beginning. LastText is left out: see ReportTexts.
func (db *DB) ReportRows(ctx context.Context, from, to time.Time) ([]report.Row, error) {
	rows, err := selectAll[reportRow](ctx, db.slow, "read a report", `SELECT c.id, c.site, c.visitor, c.language, c.owner,
		c.topic, c.skill, c.cause, c.product, c.outcome, c.label, c.handoff, c.handovers, c.rating, c.created_at, c.replied_at, c.closed_at,
		coalesce(h.reason, '') AS reason, coalesce(h.level, 0) AS level, coalesce(h.requested_at, 0) AS requested_at,
		coalesce(h.claimed_at, 0) AS claimed_at FROM conversations c LEFT JOIN handoffs h ON h.id = c.handoff
		WHERE c.created_at >= ? AND c.created_at < ? AND c.visitor_seq > 0 ORDER BY c.created_at, c.id`, toMicros(from), toMicros(to))
	out := make([]report.Row, len(rows))
	for i, r := range rows {
		out[i] = report.Row{
			ID: r.ID, Site: r.Site, Visitor: r.Visitor, Language: r.Language, Owner: chat.Owner(r.Owner), Topic: r.Topic,
			Cause: r.Cause, Product: r.Product, Outcome: r.Outcome, Label: r.Label, Handoff: r.Handoff != "", Handovers: r.Handovers,
			Rating: r.Rating, Reason: r.Reason, Skill: r.Skill, Level: r.Level, CreatedAt: fromMicros(r.CreatedAt), RepliedAt: fromMicros(r.RepliedAt),
			ClosedAt: fromMicros(r.ClosedAt), RequestedAt: fromMicros(r.RequestedAt), ClaimedAt: fromMicros(r.ClaimedAt),
		}
	}
	return out, err
}

// ReportTexts gives what was said last in each of the conversations that exist, by id.
func (db *DB) ReportTexts(ctx context.Context, conversations []string) (map[string]string, error) {
	type textRow struct {
		ID       string `db:"id"`
		LastText string `db:"last_text"`
	}
	rows, err := selectAll[textRow](ctx, db.slow, "read last words", `SELECT id, last_text FROM conversations
		WHERE id`+db.dialect.inList, db.dialect.listOf(conversations))
	texts := make(map[string]string, len(rows))
	for _, r := range rows {
		texts[r.ID] = r.LastText
	}
	return texts, err
}

// PromisesMade gives the promises made at from or later and before to, each as it stands now, with its conversation.
func (db *DB) PromisesMade(ctx context.Context, from, to time.Time) ([]report.Promised, error) {
	rows, err := selectAll[eventRow](ctx, db.slow, "read promises", `SELECT `+list(eventColumns)+` FROM events
		WHERE kind = 'promise' AND at >= ? ORDER BY conversation, seq`, toMicros(from))
	if err != nil {
		return nil, err
	}
	type key struct{ conversation, id string }
	places := map[key]int{}
	out := []report.Promised{}
	for _, r := range rows {
		var p chat.Promise
		if err := json.Unmarshal([]byte(r.Body), &p); err != nil {
			return nil, fmt.Errorf("decode promise %d of %s: %w", r.Seq, r.Conversation, err)
		}
		k := key{r.Conversation, p.ID}
		if place, known := places[k]; known {
			out[place].State = p.State
		} else if p.State == "open" && r.At < toMicros(to) {
			places[k] = len(out)
			out = append(out, report.Promised{Conversation: r.Conversation, ID: p.ID, State: p.State, At: fromMicros(r.At)})
		}
	}
	return out, nil
}
