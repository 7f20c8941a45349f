package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"
)

// The ways to divide a period: values of Options.By.
const (
	ByDay      = "day"
	ByHour     = "hour" // of the day
	ByLanguage = "language"
	BySite     = "site"
)

// Options say what a report shows.
type Options struct {
	From, To time.Time
	Zone     *time.Location // in which days and hours are told
	By       string
	Filter   Filter
}

// Group is the figures of the conversations that share a key: a day, a reason, a cause … Key is [None] where they have none.
type Group struct {
	Key string `json:"key"`
	Figures
	// Series is Conversations for each of the report's days, in the order of Report.Days.
	Series []int `json:"series,omitempty"`
}

// Customers is how many customers were passed on so often.
type Customers struct {
	Handovers int `json:"handovers" doc:"3 stands for three and more"`
	Customers int `json:"customers"`
}

// Report is the figures of a period.
type Report struct {
	From      time.Time   `json:"from"`
	To        time.Time   `json:"to"`
	Zone      string      `json:"zone"`
	By        string      `json:"by"`
	Total     Figures     `json:"total"`
	Days      []string    `json:"days" doc:"all days of the period"`
	Groups    []Group     `json:"groups" doc:"the period divided as asked for"`
	Reasons   []Group     `json:"reasons" doc:"why a person was asked for"`
	Causes    []Group     `json:"causes"`
	Products  []Group     `json:"products"`
	Levels    []Group     `json:"levels" doc:"0 is the bot"`
	Skills    []Group     `json:"skills" doc:"the department that it is with, or was last, where a person was asked for"`
	Topics    []Group     `json:"topics" doc:"of what the bot dealt with alone"`
	Handovers []Customers `json:"handovers"`
}

// daysLimit bounds the days of a period, which has a column for each.
const daysLimit = 366

// Make sums up the rows that pass the filter. Rows must be in order of their beginning.
func Make(rows []Row, o Options) (Report, error) {
	r := Report{From: o.From, To: o.To, Zone: o.Zone.String(), By: o.By}
	var err error
	if r.Days, err = days(o.From, o.To, o.Zone); err != nil {
		return r, err
	}
	chosen := List(rows, o.Filter, o.Zone)
	slices.Reverse(chosen)
	total := tally{}
	for _, row := range chosen {
		total.add(row)
	}
	r.Total = total.figures()
	d := divider{zone: o.Zone, days: r.Days}
	if r.Groups, err = d.period(chosen, o.By); err != nil {
		return r, err
	}
	r.Reasons = d.divide(chosen, func(row Row) (string, bool) { return row.Reason, row.Handoff })
	r.Causes = d.divide(chosen, func(row Row) (string, bool) { return row.Cause, row.Cause != "" })
	r.Products = d.divide(chosen, func(row Row) (string, bool) { return row.Product, row.Product != "" })
	r.Topics = d.divide(chosen, func(row Row) (string, bool) { return row.Topic, row.Contained() })
	r.Levels = d.divide(chosen, func(row Row) (string, bool) { return strconv.Itoa(row.Level), true })
	slices.SortFunc(r.Levels, byKey)
	r.Skills = d.divide(chosen, func(row Row) (string, bool) { return row.Skill, row.Handoff })
	r.Handovers = customers(chosen)
	return r, nil
}

func byKey(a, b Group) int { return cmp.Compare(a.Key, b.Key) }

// days lists the days from from to to.
func days(from, to time.Time, zone *time.Location) ([]string, error) {
	out := []string{}
	first := from.In(zone)
	for d := time.Date(first.Year(), first.Month(), first.Day(), 12, 0, 0, 0, zone); ; d = d.AddDate(0, 0, 1) {
		begins := time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, zone)
		if !begins.Before(to) {
			return out, nil
		}
		if len(out) == daysLimit {
			return nil, fmt.Errorf("a report covers at most %d days", daysLimit)
		}
		out = append(out, d.Format(time.DateOnly))
	}
}

// divider divides rows into groups.
type divider struct {
	zone *time.Location
	days []string
}

// period divides the rows as asked for. Days and hours without a conversation are there too, with zeros.
func (d divider) period(rows []Row, by string) ([]Group, error) {
	var keys []string
	key := func(row Row) (string, bool) { return row.CreatedAt.In(d.zone).Format(time.DateOnly), true }
	switch by {
	case ByDay:
		keys = d.days
	case ByHour:
		key = func(row Row) (string, bool) { return row.CreatedAt.In(d.zone).Format("15"), true }
		for h := range 24 {
			keys = append(keys, fmt.Sprintf("%02d", h))
		}
	case ByLanguage:
		key = func(row Row) (string, bool) { return row.Language, true }
	case BySite:
		key = func(row Row) (string, bool) { return row.Site, true }
	default:
		return nil, fmt.Errorf("by %q: use day, hour, language or site", by)
	}
	tallies := tallyBy(rows, key)
	for _, k := range keys {
		if tallies[k] == nil {
			tallies[k] = &tally{}
		}
	}
	groups := groupsOf(tallies)
	if keys != nil {
		slices.SortFunc(groups, byKey)
	}
	return groups, nil
}

// divide groups the rows that belong by key, largest group first, each with its course over the days.
func (d divider) divide(rows []Row, key func(Row) (string, bool)) []Group {
	groups := groupsOf(tallyBy(rows, key))
	place := make(map[string]int, len(d.days))
	for i, day := range d.days {
		place[day] = i
	}
	series := map[string][]int{}
	for _, row := range rows {
		k, ok := key(row)
		if !ok {
			continue
		}
		k = orNone(k)
		if series[k] == nil {
			series[k] = make([]int, len(d.days))
		}
		if i, ok := place[row.CreatedAt.In(d.zone).Format(time.DateOnly)]; ok {
			series[k][i]++
		}
	}
	for i := range groups {
		groups[i].Series = series[groups[i].Key]
	}
	return groups
}

func tallyBy(rows []Row, key func(Row) (string, bool)) map[string]*tally {
	tallies := map[string]*tally{}
	for _, row := range rows {
		k, ok := key(row)
		if !ok {
			continue
		}
		k = orNone(k)
		if tallies[k] == nil {
			tallies[k] = &tally{}
		}
		tallies[k].add(row)
	}
	return tallies
}

// groupsOf gives the groups, largest first.
func groupsOf(tallies map[string]*tally) []Group {
	groups := []Group{}
	for _, k := range slices.Sorted(maps.Keys(tallies)) {
		groups = append(groups, Group{Key: k, Figures: tallies[k].figures()})
	}
	slices.SortStableFunc(groups, func(a, b Group) int { return b.Conversations - a.Conversations })
	return groups
}

func customers(rows []Row) []Customers {
	out := make([]Customers, most+1)
	for i := range out {
		out[i].Handovers = i
	}
	for _, n := range handovers(rows) {
		out[min(n, most)].Customers++
	}
	return out
}
