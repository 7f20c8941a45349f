package handoff

import (
	"math"
	"sort"
	"time"
)

// MaxMinutes is the longest wait that is ever announced: beyond it a range says nothing.
const MaxMinutes = 120

// DefaultHandling is how long a chat holds an agent before there is any history.
const DefaultHandling = 6 * time.Minute

// Estimate gives an honest range of minutes for somebody at a place in line.
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
func Estimate(position, free, staff int, handling []time.Duration) (minutes [2]int, ok bool) {
	if staff <= 0 || position <= 0 {
		return minutes, false
	}
	if position <= free {
		return [2]int{0, 1}, true
	}
	ends := float64(position-free) / float64(staff)
	low, high := quartiles(handling)
	minutes[0] = clampMinutes(math.Floor(ends * low.Minutes()))
	minutes[1] = clampMinutes(math.Ceil(ends * high.Minutes()))
	if minutes[1] <= minutes[0] {
		minutes[1] = minutes[0] + 1
	}
	return minutes, true
}

func clampMinutes(m float64) int { return int(max(0, min(m, MaxMinutes))) }

func quartiles(d []time.Duration) (low, high time.Duration) {
	if len(d) < 4 {
		return DefaultHandling / 2, DefaultHandling * 3 / 2
	}
	s := append([]time.Duration(nil), d...)
	sort.Slice(s, func(i, j int) bool { return s[i] < s[j] })
	return s[len(s)/4], s[len(s)*3/4]
}
