package storage

import (
	"context"
	"time"

	"ombud/chat"
)

// ConversationsByHour counts the conversations that began at since or later, by hours counted from since, in order.
// Hours in which none began are left out.
func (db *DB) ConversationsByHour(ctx context.Context, since time.Time) ([]chat.HourCount, error) {
	type hourRow struct {
		Hour       int64 `db:"hour"`
		Many       int64 `db:"many"`
		HandedOver int64 `db:"handed_over"`
	}
	from := toMicros(since)
	rows, err := selectAll[hourRow](ctx, db.slow, "count conversations by hour", `SELECT x.hour, count(*) AS many, sum(x.handed) AS handed_over FROM (
		SELECT (c.created_at - CAST(? AS BIGINT)) / 3600000000 AS hour,
			CASE WHEN EXISTS (SELECT 1 FROM handoffs h WHERE h.conversation = c.id) THEN 1 ELSE 0 END AS handed
		FROM conversations c WHERE c.created_at >= ?) x GROUP BY x.hour ORDER BY x.hour`, from, from)
	hours := make([]chat.HourCount, len(rows))
	for i, r := range rows {
		hours[i] = chat.HourCount{At: since.Add(time.Duration(r.Hour) * time.Hour), Conversations: int(r.Many), HandedOver: int(r.HandedOver)}
	}
	return hours, err
}
