package handoff

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"ombud/chat"
)

// Hours are the times at which people work: weekly hours and holidays in one time zone. The zero Hours are always open.
type Hours struct {
	// Zone is an IANA time zone such as Europe/Ljubljana; "" is UTC.
	Zone string `json:"zone,omitempty"`
	// Week maps mon to sun to spans such as "09:00-12:30"; 24:00 is the end of a day. A day that is not named is closed;
	// without any day they are always open.
	Week map[string][]string `json:"week,omitempty"`
	// Holidays are the days, such as 2026-12-25, on which everything is closed.
	Holidays []string `json:"holidays,omitempty"`

	zone *time.Location
	days [7][]span // by time.Weekday, in order, apart from each other
	ever bool      // there is any span at all
}

// span is a part of a day, in minutes of the clock on the wall.
type span struct{ from, to int }

var weekdays = [7]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

// horizon is how many days are searched for open time: beyond it a rule is taken for closed for good.
const horizon = 400

// UnmarshalJSON reads and checks hours; it fails with *chat.InvalidError.
func (h *Hours) UnmarshalJSON(data []byte) error {
	type plain Hours
	var p plain
	if err := strict(data, &p); err != nil {
		return err
	}
	*h = Hours(p)
	return h.prepare()
}

func (h *Hours) prepare() error {
	zone, err := time.LoadLocation(h.Zone)
	if err != nil || h.Zone == "Local" {
		return invalid("zone", "Give an IANA time zone such as Europe/Ljubljana, not %q.", h.Zone)
	}
	h.zone, h.days, h.ever = zone, [7][]span{}, false
	for name, texts := range h.Week {
		day := slices.Index(weekdays[:], name)
		if day < 0 {
			return invalid("week", "Name days mon, tue, wed, thu, fri, sat and sun, not %q.", name)
		}
		for _, text := range texts {
			s, ok := parseSpan(text)
			if !ok {
				return invalid("week", "Give spans such as 09:00-17:30, not %q.", text)
			}
			h.days[day] = append(h.days[day], s)
			h.ever = true
		}
		slices.SortFunc(h.days[day], func(a, b span) int { return a.from - b.from })
		for i := 1; i < len(h.days[day]); i++ {
			if h.days[day][i].from < h.days[day][i-1].to {
				return invalid("week", "The spans of %s overlap.", name)
			}
		}
	}
	if len(h.Week) > 0 && !h.ever {
		return invalid("week", "Name at least one span, or leave the week out to be always open.")
	}
	for _, d := range h.Holidays {
		if _, err := time.Parse(time.DateOnly, d); err != nil {
			return invalid("holidays", "Give days such as 2026-12-25, not %q.", d)
		}
	}
	return nil
}

func parseSpan(text string) (span, bool) {
	from, to, ok := strings.Cut(text, "-")
	a, okA := parseMinute(from)
	b, okB := parseMinute(to)
	return span{a, b}, ok && okA && okB && a < b
}

// parseMinute reads 00:00 to 24:00.
func parseMinute(text string) (int, bool) {
	if len(text) != 5 || text[2] != ':' {
		return 0, false
	}
	hours, err := strconv.ParseUint(text[:2], 10, 8)
	minutes, err2 := strconv.ParseUint(text[3:], 10, 8)
	m := int(hours)*60 + int(minutes)
	return m, err == nil && err2 == nil && minutes < 60 && m <= 24*60
}

// walk calls each with the open times that end after t, in order, until it returns false. A day whose clocks change has
// the spans that its clock on the wall shows: an hour that is skipped is not worked, one that comes twice is worked twice.
func (h Hours) walk(t time.Time, each func(from, to time.Time) bool) {
	year, month, day := t.In(h.zone).Date()
	for i := range horizon {
		date := time.Date(year, month, day+i, 12, 0, 0, 0, h.zone)
		if slices.Contains(h.Holidays, date.Format(time.DateOnly)) {
			continue
		}
		for _, s := range h.days[date.Weekday()] {
			from := time.Date(year, month, day+i, 0, s.from, 0, 0, h.zone)
			to := time.Date(year, month, day+i, 0, s.to, 0, 0, h.zone)
			if to.After(t) && to.After(from) && !each(from, to) {
				return
			}
		}
	}
}

// Open reports whether people work at t.
func (h Hours) Open(t time.Time) bool {
	if !h.ever {
		return true
	}
	open := false
	h.walk(t, func(from, _ time.Time) bool {
		open = !from.After(t)
		return false
	})
	return open
}

// Next gives the first moment at or after t at which people work. It reports false where they never do again.
func (h Hours) Next(t time.Time) (time.Time, bool) {
	if !h.ever {
		return t, true
	}
	var next time.Time
	h.walk(t, func(from, _ time.Time) bool {
		if next = t; from.After(t) {
			next = from
		}
		return false
	})
	return next.UTC(), !next.IsZero()
}

// Add gives the moment at which d of open time has passed since t, in UTC; the zero time where it never will have.
func (h Hours) Add(t time.Time, d time.Duration) time.Time {
	if !h.ever {
		return t.Add(d).UTC()
	}
	var at time.Time
	h.walk(t, func(from, to time.Time) bool {
		if from.Before(t) {
			from = t
		}
		if room := to.Sub(from); d > room {
			d -= room
			return true
		}
		at = from.Add(d)
		return false
	})
	return at.UTC()
}

// Between gives how much open time passes from a to b.
func (h Hours) Between(a, b time.Time) time.Duration {
	if !a.Before(b) {
		return 0
	}
	if !h.ever {
		return b.Sub(a)
	}
	var sum time.Duration
	h.walk(a, func(from, to time.Time) bool {
		if from.Before(a) {
			from = a
		}
		if to.After(b) {
			to = b
		}
		if from.Before(to) {
			sum += to.Sub(from)
		}
		return to.Before(b)
	})
	return sum
}

func invalid(field, hint string, args ...any) error { return refuse(field, "invalid", hint, args...) }

func refuse(field, code, hint string, args ...any) error {
	return &chat.InvalidError{Field: field, Code: code, Hint: fmt.Sprintf(hint, args...)}
}

// strict decodes one JSON value and refuses fields that it does not know.
func strict(data []byte, to any) error {
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return asInvalid(err)
	}
	if d.More() {
		return invalid("rules", "Send one JSON value.")
	}
	return nil
}
