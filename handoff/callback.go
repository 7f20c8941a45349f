package handoff

import (
	"cmp"
	"time"

	"ombud/chat"
)

// CallbackRules say when customers can be called back. Values of zero are those of DefaultCallback, but for Most.
type CallbackRules struct {
	// Slot is how long the time lasts within which the call comes.
	Slot Span `json:"slot"`
	// Lead is how long from now the first slot begins at the earliest.
	Lead Span `json:"lead"`
	// Days is how far ahead slots are offered.
	Days int `json:"days"`
	// Most is how many calls may be asked for at a time, slots that overlap taken together; 0: no limit.
	Most int `json:"most,omitempty"`
}

// DefaultCallback is in force before an admin sets others.
var DefaultCallback = CallbackRules{Slot: Span(time.Hour), Lead: Span(30 * time.Minute), Days: 5}

func (r *CallbackRules) fill() {
	d := DefaultCallback
	r.Slot, r.Lead, r.Days = cmp.Or(r.Slot, d.Slot), cmp.Or(r.Lead, d.Lead), cmp.Or(r.Days, d.Days)
}

func (r CallbackRules) check() error {
	switch slot := time.Duration(r.Slot); {
	case slot < 15*time.Minute || slot > 12*time.Hour || slot%(15*time.Minute) != 0:
		return invalid("callback.slot", "Give quarters of an hour, from 15m to 12h.")
	case time.Duration(r.Lead) > 7*24*time.Hour:
		return invalid("callback.lead", "Give at most 168h.")
	case r.Days < 1 || r.Days > 30:
		return invalid("callback.days", "Give 1 to 30 days.")
	case r.Most < 0:
		return invalid("callback.most", "Give a number from 0.")
	}
	return nil
}

// CallSlot is how long a slot lasts.
func (r Rules) CallSlot() time.Duration {
	r.Callback.fill()
	return time.Duration(r.Callback.Slot)
}

// Slot is a time in which a call can come.
type Slot struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// mostSlots is the longest list of slots that anybody is to choose from.
const mostSlots = 200

// The hours of the customer's day at which a company that never closes calls.
const (
	callsFrom  = 8
	callsUntil = 20
)

// Slots lists the times at which a customer in a zone can be called about a skill, in order: whole slots within business
// hours, begun at a round time of the customer's clock and not full. full may be nil. A company that never closes
// calls between eight and twenty o'clock of the customer's day.
func (r Rules) Slots(skill string, zone *time.Location, now time.Time, full func(from time.Time) bool) []Slot {
	c := r.Callback
	c.fill()
	hours, length := r.Skill(skill).Hours, time.Duration(c.Slot)
	end := now.Add(time.Duration(c.Days) * 24 * time.Hour)
	var out []Slot
	for at := onTheHour(now.Add(time.Duration(c.Lead)), length, zone); at.Before(end) && len(out) < mostSlots; at = at.Add(length) {
		if r.calls(hours, zone, at, at.Add(length)) && (full == nil || !full(at)) {
			out = append(out, Slot{From: at.UTC(), Until: at.Add(length).UTC()})
		}
	}
	return out
}

// pickWithin is how long somebody may take to pick one of the slots that they were shown.
const pickWithin = 10 * time.Minute

// SlotAt gives the slot that begins at a time which somebody asks for: one that Slots would list now, or listed a few minutes
// ago. *chat.InvalidError says why there is none.
func (r Rules) SlotAt(skill string, zone *time.Location, now, from time.Time) (Slot, error) {
	c := r.Callback
	c.fill()
	until := from.Add(time.Duration(c.Slot))
	no := func(hint string) (Slot, error) {
		return Slot{}, &chat.InvalidError{Field: "callback", Code: "slot", Hint: hint}
	}
	switch {
	case !from.After(now):
		return no("That time has passed. Pick another one.")
	case from.Before(now.Add(time.Duration(c.Lead) - pickWithin)):
		return no("That is too soon for us to call. Pick a later time.")
	case !onTheHour(from, time.Duration(c.Slot), zone).Equal(from):
		return no("No slot begins at that time. Pick one of those that are offered.")
	case from.After(now.Add(time.Duration(c.Days) * 24 * time.Hour)):
		return no("That is too far ahead. Pick an earlier time.")
	case !r.calls(r.Skill(skill).Hours, zone, from, until):
		return no("Nobody is there to call at that time. Pick another one.")
	}
	return Slot{From: from.UTC(), Until: until.UTC()}, nil
}

// calls reports whether somebody can call during all of a slot.
func (r Rules) calls(hours Hours, zone *time.Location, from, until time.Time) bool {
	if hours.ever {
		return hours.Between(from, until) == until.Sub(from)
	}
	begin, end := from.In(zone), until.In(zone)
	minutes := func(t time.Time) int { return t.Hour()*60 + t.Minute() }
	return minutes(begin) >= callsFrom*60 && minutes(end) <= callsUntil*60 && begin.YearDay() == end.YearDay()
}

// onTheHour gives the first moment from t on that is a whole number of slots into an hour or a day of the zone's clock.
func onTheHour(t time.Time, slot time.Duration, zone *time.Location) time.Time {
	local := t.In(zone)
	step := min(slot, time.Hour) // longer slots begin at any full hour
	if time.Hour%step != 0 {
		step = 15 * time.Minute
	}
	_, offset := local.Zone()
	shift := time.Duration(offset) * time.Second
	up := t.Add(shift).Truncate(step)
	if up.Before(t.Add(shift)) {
		up = up.Add(step)
	}
	return up.Add(-shift)
}

// Zone reads an IANA time zone; one that is unknown or empty is the fallback's, or UTC where that is none either.
func Zone(name, fallback string) *time.Location {
	for _, n := range []string{name, fallback} {
		if n == "" || n == "Local" {
			continue
		}
		if z, err := time.LoadLocation(n); err == nil {
			return z
		}
	}
	return time.UTC
}
