package handoff

import (
	"cmp"
	"math"
	"sort"
	"time"
)

// EstimateRules say how waits are estimated and announced. Values of zero are those of DefaultEstimate.
type EstimateRules struct {
	// Window is how far back handling times count as recent.
	Window Span `json:"window"`
	// Handling is how long a chat holds an agent, before there is any history.
	Handling Span `json:"handling"`
	// Most is the longest wait in minutes that is ever announced: beyond it a range says nothing.
	Most int `json:"most"`
	// Pace is 1 in life. A rehearsal in which everything happens 60 times as fast says 60, and is told waits in its own
	// minutes.
	Pace int `json:"pace,omitempty"`
}

// DefaultEstimate is in force before an admin sets others.
var DefaultEstimate = EstimateRules{Window: Span(3 * time.Hour), Handling: Span(6 * time.Minute), Most: 120, Pace: 1}

// fill puts the defaults where nothing was set.
func (r *EstimateRules) fill() {
	d := DefaultEstimate
	r.Window, r.Handling = cmp.Or(r.Window, d.Window), cmp.Or(r.Handling, d.Handling)
	r.Most, r.Pace = cmp.Or(r.Most, d.Most), cmp.Or(r.Pace, d.Pace)
}

func (r EstimateRules) check() error {
	switch {
	case time.Duration(r.Window) < time.Minute || time.Duration(r.Window) > 30*24*time.Hour:
		return invalid("estimate.window", "Give a time from 1m to 720h.")
	case time.Duration(r.Handling) < time.Second || time.Duration(r.Handling) > 24*time.Hour:
		return invalid("estimate.handling", "Give a time from 1s to 24h.")
	case r.Most < 1 || r.Most > 24*60:
		return invalid("estimate.most", "Give 1 to 1440 minutes.")
	case r.Pace < 1 || r.Pace > 3600:
		return invalid("estimate.pace", "Give 1, or up to 3600 for a rehearsal.")
	}
	return nil
}

// Since gives the time from which on handling times count as recent.
func (r EstimateRules) Since(now time.Time) time.Time {
	r.fill()
	return now.Add(-time.Duration(r.Window))
}

// Minute is how long an announced minute lasts: a minute in life, a second at a pace of 60.
func (r EstimateRules) Minute() time.Duration { return time.Minute / time.Duration(max(1, r.Pace)) }

// Range gives an honest range of minutes for somebody at a place in line.
//
//	position  1 for the next to be served
//	free      how many more chats the people on duty can take now
//	staff     how many chats they can hold at once
//	handling  recent handling times, in any order; may be empty
//
// With n places in front and staff s, the wait is the time until n−free+1 chats end while s are held:
// each end takes handling/s on average. The range runs from the lower to the upper quartile of recent
// handling, and is never narrower than a minute. With nobody on duty there is no honest range: it
// reports false.
func (r EstimateRules) Range(position, free, staff int, handling []time.Duration) (minutes [2]int, ok bool) {
	r.fill()
	if staff <= 0 || position <= 0 {
		return minutes, false
	}
	if position <= free {
		return [2]int{0, 1}, true
	}
	ends := float64(position-free) / float64(staff)
	low, high := r.quartiles(handling)
	minutes[0] = r.clamp(math.Floor(ends * float64(low) / float64(r.Minute())))
	minutes[1] = r.clamp(math.Ceil(ends * float64(high) / float64(r.Minute())))
	if minutes[1] <= minutes[0] {
		minutes[1] = minutes[0] + 1
	}
	return minutes, true
}

func (r EstimateRules) clamp(m float64) int { return int(max(0, min(m, float64(r.Most)))) }

func (r EstimateRules) quartiles(d []time.Duration) (low, high time.Duration) {
	if len(d) < 4 {
		usual := time.Duration(r.Handling)
		return usual / 2, usual * 3 / 2
	}
	s := append([]time.Duration(nil), d...)
	sort.Slice(s, func(i, j int) bool { return s[i] < s[j] })
	return s[len(s)/4], s[len(s)*3/4]
}
