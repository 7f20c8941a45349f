package handoff_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"ombud/chat"
	"ombud/handoff"
)

func officeRules(t *testing.T) handoff.Rules {
	t.Helper()
	r := handoff.DefaultRules()
	var s handoff.SkillRules
	text := `{"mode":"pull","hours":{"zone":"Europe/Ljubljana","week":{"fri":["09:00-12:30","13:00-17:00"],"mon":["09:00-17:00"]},"holidays":["2026-05-08"]}}`
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		t.Fatal(err)
	}
	r.Skills["billing"] = s
	return r
}

// 1 May 2026 is a Friday; Ljubljana is two hours ahead of UTC then, New York four behind.
func TestSlotsAreWholeHoursInWhichSomebodyWorks(t *testing.T) {
	r := officeRules(t)
	at := func(day, hour, minute int) time.Time { return time.Date(2026, 5, day, hour, minute, 0, 0, time.UTC) }
	var got []string
	full := func(from time.Time) bool { return from.Equal(at(4, 8, 0)) }
	for _, s := range r.Slots("billing", time.UTC, at(1, 10, 5), full) {
		if s.Until.Sub(s.From) != time.Hour {
			t.Errorf("%v", s)
		}
		got = append(got, s.From.Format("2 15:04"))
	}
	// Fri: not before 10:35, the lunch break from 10:30 to 11:00 UTC; Mon: 7 to 15 UTC, one of them full. Tue to Thu are closed.
	want := []string{"1 11:00", "1 12:00", "1 13:00", "1 14:00", "4 07:00", "4 09:00", "4 10:00", "4 11:00", "4 12:00", "4 13:00", "4 14:00"}
	if len(got) != len(want) {
		t.Fatalf("%q, want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("slot %d: %s, want %s", i, got[i], want[i])
		}
	}
}

func TestSlotsBeginAtARoundTimeOfTheCustomersClock(t *testing.T) {
	r := handoff.DefaultRules()                      // never closed
	zone, err := time.LoadLocation("Asia/Kathmandu") // UTC+5:45
	if err != nil {
		t.Fatal(err)
	}
	slots := r.Slots("", zone, time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC), nil)
	if len(slots) != 60 { // five days from eight to twenty
		t.Errorf("%d slots", len(slots))
	}
	for _, s := range slots {
		if local := s.From.In(zone); local.Minute() != 0 || local.Hour() < 8 || local.Hour() > 19 {
			t.Errorf("%s", local)
		}
	}
}

func TestASlotMustBeOneOfThem(t *testing.T) {
	r := officeRules(t)
	now := time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	for from, good := range map[string]bool{
		"2026-05-01T11:00:00Z": true, "2026-05-04T07:00:00Z": true, // within hours, at a full hour
		"2026-05-01T11:15:00Z": false, "2026-05-04T07:00:01Z": false, // no slot begins then
		"2026-05-01T09:00:00Z": false, "2026-05-01T14:30:00Z": false, "2026-05-02T10:00:00Z": false, "2026-05-15T10:00:00Z": false,
	} {
		at, _ := time.Parse(time.RFC3339, from)
		s, err := r.SlotAt("billing", time.UTC, now, at)
		var invalid *chat.InvalidError
		if good != (err == nil) || (!good && !errors.As(err, &invalid)) || (good && !s.From.Equal(at)) {
			t.Errorf("%s: %v, %v", from, s, err)
		}
	}
}

// A slot that was on the list stays good for as long as somebody takes to pick it, and not until it begins.
func TestASlotIsToBePickedInTime(t *testing.T) {
	r := handoff.DefaultRules() // half an hour ahead
	from := time.Date(2026, 5, 1, 11, 0, 0, 0, time.UTC)
	for before, good := range map[time.Duration]bool{30 * time.Minute: true, 21 * time.Minute: true, 19 * time.Minute: false, time.Minute: false} {
		if _, err := r.SlotAt("", time.UTC, from.Add(-before), from); good != (err == nil) {
			t.Errorf("%s before: %v", before, err)
		}
	}
	r.Callback = handoff.CallbackRules{Slot: handoff.Span(2 * time.Hour), Lead: handoff.Span(time.Minute), Days: 1}
	for _, s := range r.Slots("", time.UTC, from.Add(-5*time.Minute), nil) {
		if got, err := r.SlotAt("", time.UTC, from.Add(-5*time.Minute), s.From); err != nil || got != s {
			t.Errorf("%v is on the list: %v, %v", s, got, err)
		}
	}
}
