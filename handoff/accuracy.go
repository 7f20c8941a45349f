package handoff

import (
	"slices"
	"time"

	"ombud/chat"
)

// Accuracy says how good the announced waits were.
type Accuracy struct {
	Count       int           `json:"count"`
	Covered     float64       `json:"covered"`      // share of waits that ended within the announced range
	MedianError time.Duration `json:"median_error"` // median distance of the wait from the middle of the range
}

// Measure compares announced waits with what they came to; minute is how long an announced minute lasts.
func Measure(waits []chat.EstimatedWait, minute time.Duration) Accuracy {
	a := Accuracy{Count: len(waits)}
	if len(waits) == 0 {
		return a
	}
	covered := 0
	var off []time.Duration
	for _, w := range waits {
		low, high := time.Duration(w.Minutes[0])*minute, time.Duration(w.Minutes[1])*minute
		if low <= w.Waited && w.Waited <= high {
			covered++
		}
		off = append(off, (w.Waited - (low+high)/2).Abs())
	}
	slices.Sort(off)
	a.Covered = float64(covered) / float64(len(waits))
	a.MedianError = off[len(off)/2]
	return a
}

// The choices offered to somebody who waits long.
const (
	OfferKeepWaiting  = "keep_waiting"
	OfferLeaveMessage = "leave_message"
	OfferCallback     = "call_back"
)

// Offers gives what to offer somebody who has waited since c.RequestedAt and is told to wait these minutes more; nil
// minutes mean that nobody can tell. While the wait is short it is nothing.
func (r Rules) Offers(c chat.Conversation, minutes *[2]int, now time.Time) []string {
	limit := time.Duration(r.OfferAfter)
	if minutes != nil && now.Sub(c.RequestedAt) < limit && time.Duration(minutes[1])*r.Estimate.Minute() <= limit {
		return nil
	}
	return []string{OfferKeepWaiting, OfferLeaveMessage, OfferCallback}
}
