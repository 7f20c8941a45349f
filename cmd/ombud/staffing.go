package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/handoff"
)

// inTime is the share of an hour's handoffs that the staff told of as needed takes within their clocks.
const inTime = 0.9

// mostForecast bounds what one forecast simulates: a period with more handoffs is cut to its first so many.
const mostForecast = 50_000

// hourStaff is one hour of the day: Low reckons with the handoffs that are sure, High also with those where
// it is not known how the conversation would have gone on.
type hourStaff struct {
	Hour   int       `json:"hour"`   // 0 to 23
	Agents int       `json:"agents"` // who held a chat in this hour, on a usual day of the period
	Low    hourBound `json:"low"`
	High   hourBound `json:"high"`
}

type hourBound struct {
	Handoffs float64 `json:"handoffs"` // a day
	Mean     float64 `json:"mean"`     // minutes until an agent takes the chat
	P90      float64 `json:"p90"`
	Needed   int     `json:"needed"` // agents that take 90 % within their clocks; -1 for more than handoff.MostNeeded
}

type staffReport struct {
	Zone  string      `json:"zone"` // that the hours are in
	Hours []hourStaff `json:"hours"`
	// Handled is unset where no handoff of the period has ended: without its length nothing can be forecast.
	Handled bool `json:"handled"`
	Cut     bool `json:"cut"` // the period has more handoffs than are simulated
}

// Staffing tells for each hour of the day how long customers would wait under a policy with the staff of the
// period, and how many agents it takes. Everybody is reckoned to be able to take every chat.
func (p *policies) Staffing(ctx context.Context, policy json.RawMessage, from, to time.Time) (json.RawMessage, error) {
	parsed, err := parsePolicy(policy)
	if err != nil {
		return nil, err
	}
	r, err := p.recording(ctx, from, to)
	if err != nil {
		return nil, err
	}
	handed, err := bot.Handoffs(ctx, r, parsed)
	if err != nil {
		return nil, err
	}
	records, err := p.db.HandoffsBetween(ctx, from, to, mostForecast)
	if err != nil {
		return nil, err
	}
	zone, rules := time.UTC, handoff.DefaultRules()
	if p.rules != nil {
		rules = p.rules()
		if z, err := time.LoadLocation(rules.Skill("").Hours.Zone); err == nil {
			zone = z
		}
	}
	return json.Marshal(staffing(handed, records, rules, zone))
}

// staffing forecasts both ends of what is known.
func staffing(handed []bot.Handed, records []chat.HandoffRecord, rules handoff.Rules, zone *time.Location) staffReport {
	out := staffReport{Zone: zone.String(), Hours: make([]hourStaff, 24)}
	staff := seenStaff(records, zone)
	target := handoff.Target{Within: inTime, Capacity: 1}
	bounds := [2][24]handoff.HourForecast{}
	for i, all := range []bool{false, true} {
		var list []chat.HandoffRecord
		for _, h := range handed {
			if !h.Sure && !all {
				continue
			}
			if len(list) == mostForecast {
				out.Cut = true
				break
			}
			rec := chat.HandoffRecord{RequestedAt: h.At, Severity: chat.Severity(h.Severity), Level: h.Level}
			if h.Minutes > 0 {
				rec.ClaimedAt, rec.EndedAt = h.At, h.At.Add(time.Duration(h.Minutes*float64(time.Minute)))
			}
			list = append(list, rec)
		}
		// The seed is fixed: the same period gives the same forecast.
		arrivals := handoff.Recorded(list, rules, rand.New(rand.NewPCG(1, 1)))
		out.Handled = out.Handled || arrivals != nil
		bounds[i] = handoff.Forecast(arrivals, staff, target)
	}
	for h := range out.Hours {
		out.Hours[h] = hourStaff{Hour: h, Agents: len(staff.Hours[h]), Low: bound(bounds[0][h]), High: bound(bounds[1][h])}
	}
	return out
}

func bound(f handoff.HourForecast) hourBound {
	return hourBound{Handoffs: f.Handoffs, Mean: f.Mean, P90: f.P90, Needed: f.Needed}
}

// seenStaff tells from recorded handoffs how many people held a chat in each hour of the day, on the mean of
// the days on which anybody did in that hour, rounded up.
func seenStaff(records []chat.HandoffRecord, zone *time.Location) handoff.Staffing {
	type slot struct {
		day  string
		hour int
	}
	seen := map[slot]map[string]bool{}
	for _, r := range records {
		if r.ClaimedAt.IsZero() || r.Agent == "" {
			continue
		}
		end := r.EndedAt
		if end.IsZero() || end.Sub(r.ClaimedAt) > 24*time.Hour {
			end = r.ClaimedAt // one that was never closed says nothing about the hours after
		}
		for at := r.ClaimedAt.In(zone); !at.Truncate(time.Hour).After(end); at = at.Add(time.Hour) {
			k := slot{at.Format(time.DateOnly), at.Hour()}
			if seen[k] == nil {
				seen[k] = map[string]bool{}
			}
			seen[k][r.Agent] = true
		}
	}
	var people, days [24]float64
	for k, who := range seen {
		people[k.hour] += float64(len(who))
		days[k.hour]++
	}
	s := handoff.Staffing{Zone: zone}
	for h := range s.Hours {
		n := 0
		if days[h] > 0 {
			n = int(math.Ceil(people[h] / days[h]))
		}
		for i := range n {
			s.Hours[h] = append(s.Hours[h], handoff.Agent{ID: fmt.Sprint("agent ", i), Level: chat.LevelExecutive, Capacity: 1})
		}
	}
	return s
}
