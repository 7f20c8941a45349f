package report

import (
	"time"

	"ombud/chat"
)

// Row is what a report knows of one conversation. Times are UTC; the zero time means never.
type Row struct {
	ID        string     `json:"id"`
	Site      string     `json:"site"`
	Visitor   string     `json:"visitor"`
	Language  string     `json:"language,omitempty"`
	Owner     chat.Owner `json:"owner"`
	Topic     string     `json:"topic,omitempty"`
	Reason    string     `json:"reason,omitempty"` // of the latest handoff
	Skill     string     `json:"skill,omitempty"`  // the department that it is with, or was last
	Cause     string     `json:"cause,omitempty"`
	Product   string     `json:"product,omitempty"`
	Outcome   string     `json:"outcome,omitempty"`
	Label     string     `json:"label,omitempty"`
	Handoff   bool       `json:"handoff"` // a person was asked for, by whomever
	Level     int        `json:"level"`   // of the latest handoff; 0 where the bot was alone with it
	Handovers int        `json:"handovers,omitempty"`
	Rating    int        `json:"rating,omitempty"` // 1 to 5; 0 for none
	LastText  string     `json:"last_text,omitempty"`

	CreatedAt   time.Time `json:"created_at"`
	RequestedAt time.Time `json:"requested_at,omitzero"` // the latest handoff
	ClaimedAt   time.Time `json:"claimed_at,omitzero"`   // its first claim
	RepliedAt   time.Time `json:"replied_at,omitzero"`   // a person's first message after it
	ClosedAt    time.Time `json:"closed_at,omitzero"`
}

// Contained reports whether the bot alone dealt with the conversation.
func (r Row) Contained() bool { return !r.Handoff && r.Owner != chat.OwnerTicket }

// Waited is the time from the request to the first claim; ok is false while nobody has claimed.
func (r Row) Waited() (d time.Duration, ok bool) { return between(r.RequestedAt, r.ClaimedAt) }

// Answered is the time from the request to a person's first message; ok is false while there is none.
func (r Row) Answered() (d time.Duration, ok bool) { return between(r.RequestedAt, r.RepliedAt) }

func between(from, to time.Time) (time.Duration, bool) {
	if from.IsZero() || to.Before(from) {
		return 0, false
	}
	return to.Sub(from), true
}

// None stands in a Filter for rows in which a field is empty, and is the key of the group that gathers them.
const None = "-"

// Values of Filter.Is.
const (
	IsContained  = "contained"
	IsHandedOver = "handed_over"
	IsClaimed    = "claimed"
	IsReplied    = "replied"
	IsSettled    = "settled"
	IsRated      = "rated"
)

// Filter chooses rows: those for which all fields hold that are set. An empty text or nil is not compared.
type Filter struct {
	Site, Language                                string
	Reason, Cause, Product, Topic, Label, Outcome string
	Skill                                         string
	Day                                           string // 2006-01-02 in the report's zone
	Hour                                          *int   // 0 to 23 in the report's zone
	Level, Rating                                 *int
	Handovers                                     *int // of the visitor in all rows together; 3 stands for three and more
	Is                                            string
}

// Known reports whether Is is a value that there is.
func (f Filter) Known() bool {
	switch f.Is {
	case "", IsContained, IsHandedOver, IsClaimed, IsReplied, IsSettled, IsRated:
		return true
	}
	return false
}

// Match reports whether a row passes everything but Handovers, which needs all rows: see [List].
func (f Filter) Match(r Row, zone *time.Location) bool {
	for _, x := range [][2]string{
		{f.Site, r.Site}, {f.Language, r.Language}, {f.Reason, r.Reason}, {f.Cause, r.Cause}, {f.Product, r.Product},
		{f.Topic, r.Topic}, {f.Skill, r.Skill}, {f.Label, r.Label}, {f.Outcome, r.Outcome},
	} {
		if want, got := x[0], x[1]; want != "" && want != orNone(got) {
			return false
		}
	}
	local := r.CreatedAt.In(zone)
	return (f.Day == "" || f.Day == local.Format(time.DateOnly)) && same(f.Hour, local.Hour()) &&
		same(f.Level, r.Level) && same(f.Rating, r.Rating) && f.is(r)
}

func same(want *int, got int) bool { return want == nil || *want == got }

func orNone(s string) string {
	if s == "" {
		return None
	}
	return s
}

func (f Filter) is(r Row) bool {
	switch f.Is {
	case IsContained:
		return r.Contained()
	case IsHandedOver:
		return r.Handoff
	case IsClaimed:
		_, ok := r.Waited()
		return ok
	case IsReplied:
		_, ok := r.Answered()
		return ok
	case IsSettled:
		return r.Outcome == "settled"
	case IsRated:
		return r.Rating > 0
	}
	return true
}

// List gives the rows that pass the filter, newest first.
func List(rows []Row, f Filter, zone *time.Location) []Row {
	var passed map[string]int
	if f.Handovers != nil {
		// Counted over the same rows as the figure: the period's, of the site and language that were chosen.
		passed = handovers(List(rows, Filter{Site: f.Site, Language: f.Language}, zone))
	}
	out := []Row{}
	for i := len(rows) - 1; i >= 0; i-- {
		if f.Match(rows[i], zone) && (passed == nil || min(passed[rows[i].Visitor], most) == *f.Handovers) {
			out = append(out, rows[i])
		}
	}
	return out
}

// most is the number of hand-overs from which customers are counted together.
const most = 3

// handovers counts how often each visitor was passed on.
func handovers(rows []Row) map[string]int {
	passed := map[string]int{}
	for _, r := range rows {
		passed[r.Visitor] += r.Handovers
	}
	return passed
}
