package report

import (
	"strconv"
	"time"
)

var figureNames = []string{"conversations", "contained", "handed_over", "claimed", "settled", "handoff_rate", "wait_median_s", "wait_p90_s",
	"reply_median_s", "reply_p90_s", "rated", "rating", "right_time", "too_late", "not_needed"}

// Table gives a report as rows of cells, a header first: the total, then every group of every section.
func Table(r Report) [][]string {
	rows := [][]string{append([]string{"section", "key"}, figureNames...)}
	add := func(section, key string, f Figures) {
		rows = append(rows, append([]string{section, key}, f.cells()...))
	}
	add("total", "", r.Total)
	for _, section := range []struct {
		name   string
		groups []Group
	}{{r.By, r.Groups}, {"reason", r.Reasons}, {"cause", r.Causes}, {"product", r.Products}, {"level", r.Levels}, {"skill", r.Skills}, {"topic", r.Topics}} {
		for _, g := range section.groups {
			add(section.name, g.Key, g.Figures)
		}
	}
	return rows
}

func (f Figures) cells() []string {
	return []string{
		strconv.Itoa(f.Conversations), strconv.Itoa(f.Contained), strconv.Itoa(f.HandedOver), strconv.Itoa(f.Claimed), strconv.Itoa(f.Settled),
		share(f.HandoffRate), seconds(f.WaitMedian), seconds(f.WaitP90), seconds(f.ReplyMedian), seconds(f.ReplyP90),
		strconv.Itoa(f.Rated), share(f.Rating), strconv.Itoa(f.RightTime), strconv.Itoa(f.TooLate), strconv.Itoa(f.NotNeeded),
	}
}

func share(x *float64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatFloat(*x, 'f', 4, 64)
}

func seconds(x *int64) string {
	if x == nil {
		return ""
	}
	return strconv.FormatInt(*x, 10)
}

// Rows gives conversations as rows of cells, a header first. Times are RFC 3339 in UTC.
func Rows(rows []Row) [][]string {
	out := [][]string{{"id", "site", "language", "owner", "topic", "reason", "skill", "level", "cause", "product", "outcome", "label", "rating",
		"handovers", "created_at", "requested_at", "claimed_at", "replied_at", "closed_at"}}
	for _, r := range rows {
		out = append(out, []string{
			r.ID, r.Site, r.Language, string(r.Owner), r.Topic, r.Reason, r.Skill, strconv.Itoa(r.Level), r.Cause, r.Product, r.Outcome, r.Label,
			strconv.Itoa(r.Rating), strconv.Itoa(r.Handovers), stamp(r.CreatedAt), stamp(r.RequestedAt), stamp(r.ClaimedAt),
			stamp(r.RepliedAt), stamp(r.ClosedAt),
		})
	}
	return out
}

func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
