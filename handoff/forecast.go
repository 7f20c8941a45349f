package handoff

import (
	"math"
	"slices"
	"time"
)

// Staffing is who is on duty.
type Staffing struct {
	// Hours lists the agents on duty in each hour of the day. The same ID in two hours is the same person;
	// Held and Ready are not looked at.
	Hours [24][]Agent
	Zone  *time.Location // that the hours are in; nil: UTC
}

// HourForecast is what handoffs that are asked for in one hour of the day meet with.
type HourForecast struct {
	Hour     int     `json:"hour"`     // 0 to 23
	Handoffs float64 `json:"handoffs"` // a day
	Agents   int     `json:"agents"`   // on duty
	// Mean, Median and P90 are minutes until an agent takes the chat. Who was never taken counts with the
	// time until the forecast's end.
	Mean   float64 `json:"mean"`
	Median float64 `json:"median"`
	P90    float64 `json:"p90"`
	// Within is the share that was taken before its clock ran out; a chat without a clock only has to be
	// taken. It is 1 where nothing came.
	Within  float64 `json:"within"`
	Untaken int     `json:"untaken"` // never taken, over all days
	// Needed is a number of agents that reaches the target, if each can take every chat; in quiet hours it may be a few
	// above the fewest. -1 if MostNeeded are too few.
	Needed int `json:"needed"`
}

// MostNeeded bounds the search for the agents that a target needs.
const MostNeeded = 200

// Target is what the staff should reach.
type Target struct {
	Within   float64 // share of each hour's handoffs taken in time, up to 1
	Capacity int     // chats that one of the agents needed holds at once; below 1: one
}

// Forecast tells for each hour of the day how long handoffs wait under this staffing, by letting the real
// Rank and Next serve them, and how many agents the target needs. Two chats at once are assumed to take no
// longer than one. The arrivals need not be in order.
func Forecast(arrivals []Arrival, s Staffing, t Target) [24]HourForecast {
	arrivals = inOrder(arrivals)
	out := byHour(arrivals, Simulate(arrivals, s), s.Zone)
	needed := need(arrivals, s.Zone, t)
	for h := range out {
		out[h].Agents, out[h].Needed = len(s.Hours[h]), needed[h]
	}
	return out
}

func inOrder(arrivals []Arrival) []Arrival {
	return slices.SortedStableFunc(slices.Values(arrivals), func(a, b Arrival) int { return a.At.Compare(b.At) })
}

func byHour(arrivals []Arrival, fates []Fate, zone *time.Location) [24]HourForecast {
	var out [24]HourForecast
	var waits [24][]float64
	var inTime [24]int
	for i, f := range fates {
		h := hourOf(arrivals[i].At, zone)
		waits[h] = append(waits[h], f.Waited.Minutes())
		if !f.Taken {
			out[h].Untaken++
		} else if within := arrivals[i].Within; within <= 0 || f.Waited < within {
			inTime[h]++
		}
	}
	days := daysOf(arrivals)
	for h := range out {
		o := &out[h]
		o.Hour, o.Within = h, 1
		n := len(waits[h])
		if n == 0 {
			continue
		}
		slices.Sort(waits[h])
		for _, w := range waits[h] {
			o.Mean += w / float64(n)
		}
		o.Median, o.P90 = waits[h][(n-1)/2], waits[h][(n*9+9)/10-1]
		o.Within, o.Handoffs = float64(inTime[h])/float64(n), float64(n)/days
	}
	return out
}

// daysOf gives how many days the arrivals span, at least one.
func daysOf(arrivals []Arrival) float64 {
	if len(arrivals) == 0 {
		return 1
	}
	return math.Max(1, math.Ceil(arrivals[len(arrivals)-1].At.Sub(arrivals[0].At).Hours()/24))
}

// need searches for the agents hour by hour; in quiet hours it may find a few more than the fewest. It starts with one more than the work of the hour keeps busy, and
// adds one where the target is missed. A queue that one hour leaves to the next is the fault of the first, so
// that of hours in a row that miss it only the first gets help.
func need(arrivals []Arrival, zone *time.Location, t Target) [24]int {
	var n [24]int
	var work [24]time.Duration
	for _, a := range arrivals {
		work[hourOf(a.At, zone)] += a.Handling
	}
	for h, w := range byHour(arrivals, make([]Fate, len(arrivals)), zone) {
		if w.Handoffs > 0 {
			busy := work[h].Hours() / daysOf(arrivals) / float64(max(1, t.Capacity))
			n[h] = min(MostNeeded, int(busy)+1)
		}
	}
	for {
		found := byHour(arrivals, Simulate(arrivals, generalists(n, zone, t.Capacity)), zone)
		missed := func(h int) bool { return found[h].Within < t.Within && n[h] >= 0 }
		var help []int
		for h := range n {
			if missed(h) && !missed((h+23)%24) {
				help = append(help, h)
			}
		}
		if help == nil { // all hours or none
			for h := range n {
				if missed(h) {
					help = append(help, h)
				}
			}
		}
		if help == nil {
			return n
		}
		for _, h := range help {
			if n[h]++; n[h] > MostNeeded {
				n[h] = -1
			}
		}
	}
}

// generalists is a staff of so many agents in each hour, who can take everything.
func generalists(n [24]int, zone *time.Location, capacity int) Staffing {
	s := Staffing{Zone: zone}
	for h := range n {
		many := n[h]
		if many < 0 {
			many = MostNeeded
		}
		for i := range many {
			s.Hours[h] = append(s.Hours[h], Agent{ID: number(i), Level: math.MaxInt, Capacity: max(1, capacity)})
		}
	}
	return s
}
