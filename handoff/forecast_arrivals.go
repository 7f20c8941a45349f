package handoff

import (
	"math/rand/v2"
	"time"

	"ombud/chat"
)

// Recorded makes arrivals of recorded handoffs: when they were asked for, how long they were handled and the clock that
// the rules give them. Handoffs that have not ended, or that nobody took, have their handling drawn from the others;
// without any that ended there is nothing to go by, and it gives nil.
func Recorded(records []chat.HandoffRecord, rules Rules, r *rand.Rand) []Arrival {
	var took []time.Duration
	for _, h := range records {
		if d, ok := handled(h); ok {
			took = append(took, d)
		}
	}
	if len(took) == 0 {
		return nil
	}
	out := make([]Arrival, len(records))
	for i, h := range records {
		d, ok := handled(h)
		if !ok {
			d = took[r.IntN(len(took))]
		}
		a := Arrival{At: h.RequestedAt, Handling: d, Severity: h.Severity, Level: h.Level, Skill: h.Skill, Language: h.Language}
		if due, _ := rules.AnswerBy(waiting(a, i), a.At); !due.IsZero() {
			a.Within = due.Sub(a.At)
		}
		out[i] = a
	}
	return inOrder(out)
}

func handled(h chat.HandoffRecord) (time.Duration, bool) {
	return h.EndedAt.Sub(h.ClaimedAt), !h.ClaimedAt.IsZero() && h.EndedAt.After(h.ClaimedAt)
}

// Rates gives how many arrivals an hour there were in each hour of the day, over so many days.
func Rates(arrivals []Arrival, zone *time.Location, days float64) [24]float64 {
	var out [24]float64
	for _, a := range arrivals {
		out[hourOf(a.At, zone)] += 1 / days
	}
	return out
}

// Poisson draws the arrivals of so many days from a start on: they come at random with the rate of their hour, and each
// is like one of the sample. The generator's seed decides all of it. It gives nil for an empty sample.
func Poisson(rates [24]float64, start time.Time, days int, sample []Arrival, zone *time.Location, r *rand.Rand) []Arrival {
	if len(sample) == 0 {
		return nil
	}
	var out []Arrival
	for h := range days * 24 {
		from := start.Add(time.Duration(h) * time.Hour)
		rate := rates[hourOf(from, zone)]
		if rate <= 0 {
			continue
		}
		// The gaps of a Poisson process are exponential, and it forgets: each hour can begin afresh.
		for at := r.ExpFloat64() / rate; at < 1; at += r.ExpFloat64() / rate {
			a := sample[r.IntN(len(sample))]
			a.At = from.Add(time.Duration(at * float64(time.Hour)))
			out = append(out, a)
		}
	}
	return out
}
