package report

import (
	"slices"
	"time"
)

// Figures sums up some conversations. Times are in seconds; nil where nothing was there to measure.
type Figures struct {
	Conversations int      `json:"conversations"`
	Contained     int      `json:"contained" doc:"the bot alone dealt with them"`
	HandedOver    int      `json:"handed_over"`
	Claimed       int      `json:"claimed"`
	Settled       int      `json:"settled" doc:"closed with the outcome settled"`
	HandoffRate   *float64 `json:"handoff_rate" doc:"handed over / conversations"`
	WaitMedian    *int64   `json:"wait_median" doc:"seconds from the request to the first claim"`
	WaitP90       *int64   `json:"wait_p90"`
	ReplyMedian   *int64   `json:"reply_median" doc:"seconds from the request to a person's first message"`
	ReplyP90      *int64   `json:"reply_p90"`
	Rated         int      `json:"rated"`
	Rating        *float64 `json:"rating" doc:"mean of 1 to 5"`
	RightTime     int      `json:"right_time"`
	TooLate       int      `json:"too_late"`
	NotNeeded     int      `json:"not_needed"`
}

// tally gathers what Figures are made of.
type tally struct {
	f              Figures
	stars          int
	waits, replies []time.Duration
}

func (t *tally) add(r Row) {
	t.f.Conversations++
	if r.Contained() {
		t.f.Contained++
	}
	if r.Handoff {
		t.f.HandedOver++
	}
	if d, ok := r.Waited(); ok {
		t.f.Claimed++
		t.waits = append(t.waits, d)
	}
	if d, ok := r.Answered(); ok {
		t.replies = append(t.replies, d)
	}
	if r.Outcome == "settled" {
		t.f.Settled++
	}
	if r.Rating > 0 {
		t.f.Rated++
		t.stars += r.Rating
	}
	switch r.Label {
	case "right_time":
		t.f.RightTime++
	case "too_late":
		t.f.TooLate++
	case "not_needed":
		t.f.NotNeeded++
	}
}

func (t *tally) figures() Figures {
	f := t.f
	if f.Conversations > 0 {
		rate := float64(f.HandedOver) / float64(f.Conversations)
		f.HandoffRate = &rate
	}
	if f.Rated > 0 {
		mean := float64(t.stars) / float64(f.Rated)
		f.Rating = &mean
	}
	f.WaitMedian, f.WaitP90 = quantile(t.waits, 50), quantile(t.waits, 90)
	f.ReplyMedian, f.ReplyP90 = quantile(t.replies, 50), quantile(t.replies, 90)
	return f
}

// quantile is the nearest-rank percentile in seconds: the smallest value that at least percent of all do not exceed.
func quantile(ds []time.Duration, percent int) *int64 {
	if len(ds) == 0 {
		return nil
	}
	slices.Sort(ds)
	rank := (len(ds)*percent + 99) / 100
	seconds := int64(ds[max(rank, 1)-1].Round(time.Second) / time.Second)
	return &seconds
}
