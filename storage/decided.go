package storage

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"time"

	"ombud/chat"
)

// decidedPage is how many decisions are looked at in one statement, and decidedMost how many in all: the older
// ones of a busy month are not worth the wait.
const (
	decidedPage = 400
	decidedMost = 40_000
)

// DecidedTurns gives the newest turns that the bot decided at from or later and before to, and that keep wants, newest
// first, up to limit: each with the visitor's words that it covers. It looks at the newest 40,000 decisions.
func (db *DB) DecidedTurns(ctx context.Context, from, to time.Time, limit int, keep func(chat.Decision) bool) ([]chat.DecidedTurn, error) {
	var out []chat.DecidedTurn
	type decidedRow struct {
		eventRow
		StoredAt int64 `db:"stored_at"`
	}
	before, beforeID, beforeSeq := int64(math.MaxInt64), "", int64(0)
	for seen := 0; seen < decidedMost && len(out) < limit; seen += decidedPage {
		rows, err := selectAll[decidedRow](ctx, db.slow, "read decisions", `SELECT `+list(eventColumns)+`, stored_at FROM events
			WHERE kind = 'decision' AND at >= ? AND at < ? AND (stored_at, conversation, seq) < (?, ?, ?)
			ORDER BY stored_at DESC, conversation DESC, seq DESC LIMIT ?`,
			toMicros(from), toMicros(to), before, beforeID, beforeSeq, decidedPage)
		if err != nil {
			return nil, err
		}
		var page []chat.DecidedTurn
		for _, r := range rows {
			t := chat.DecidedTurn{Conversation: r.Conversation, Seq: r.Seq, At: fromMicros(r.At)}
			if err := json.Unmarshal([]byte(r.Body), &t.Decision); err != nil {
				return nil, fmt.Errorf("read decision %d of %s: %w", r.Seq, r.Conversation, err)
			}
			if len(out)+len(page) < limit && keep(t.Decision) {
				page = append(page, t)
			}
		}
		if err := db.addWords(ctx, page); err != nil {
			return nil, err
		}
		out = append(out, page...)
		if len(rows) < decidedPage {
			break
		}
		last := rows[len(rows)-1]
		before, beforeID, beforeSeq = last.StoredAt, last.Conversation, last.Seq
	}
	return out, nil
}

// addWords gives each turn the visitor's messages since the decision before it.
func (db *DB) addWords(ctx context.Context, turns []chat.DecidedTurn) error {
	if len(turns) == 0 {
		return nil
	}
	var ids []string
	known := map[string]bool{}
	for _, t := range turns {
		if !known[t.Conversation] {
			known[t.Conversation] = true
			ids = append(ids, t.Conversation)
		}
	}
	events, err := selectAll[eventRow](ctx, db.slow, "read the words of decisions", `SELECT `+list(eventColumns)+` FROM events
		WHERE conversation`+db.dialect.inList+` AND kind IN ('message', 'decision') ORDER BY conversation, seq`, db.dialect.listOf(ids))
	if err != nil {
		return err
	}
	words := map[string]map[int64]string{}
	var burst []string
	for i, r := range events {
		if i == 0 || events[i-1].Conversation != r.Conversation {
			words[r.Conversation], burst = map[int64]string{}, nil
		}
		if r.Kind == string(chat.KindDecision) {
			words[r.Conversation][r.Seq], burst = strings.Join(burst, "\n"), nil
			continue
		}
		var m chat.Message
		if r.Role == string(chat.RoleVisitor) && json.Unmarshal([]byte(r.Body), &m) == nil {
			burst = append(burst, m.Text)
		}
	}
	for i := range turns {
		turns[i].Words = words[turns[i].Conversation][turns[i].Seq]
	}
	return nil
}
