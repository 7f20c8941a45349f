package handoff_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ombud/chat"
	"ombud/handoff"
)

func hours(t interface{ Fatal(...any) }, text string) handoff.Hours {
	var h handoff.Hours
	if err := json.Unmarshal([]byte(text), &h); err != nil {
		t.Fatal(err)
	}
	return h
}

func at(t *testing.T, text string) time.Time {
	t.Helper()
	when, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return when
}

const budapest = `{"zone":"Europe/Budapest","week":{"mon":["09:00-12:00","13:00-17:00"],"tue":["09:00-17:00"],
	"fri":["09:00-17:00"],"sat":["22:00-24:00"],"sun":["00:00-06:00"]},"holidays":["2026-12-25"]}`

func TestClocksRunInBusinessHours(t *testing.T) {
	h := hours(t, budapest)
	for name, x := range map[string]struct {
		from string
		d    time.Duration
		want string
	}{
		"within a span":                  {"2026-03-02T09:00:00+01:00", time.Hour, "2026-03-02T10:00:00+01:00"},
		"over lunch":                     {"2026-03-02T11:30:00+01:00", time.Hour, "2026-03-02T13:30:00+01:00"},
		"from lunch":                     {"2026-03-02T12:15:00+01:00", time.Hour, "2026-03-02T14:00:00+01:00"},
		"over night":                     {"2026-03-02T16:30:00+01:00", time.Hour, "2026-03-03T09:30:00+01:00"},
		"over closed days":               {"2026-03-03T16:30:00+01:00", time.Hour, "2026-03-06T09:30:00+01:00"},
		"over a holiday":                 {"2026-12-22T16:30:00+01:00", time.Hour, "2026-12-26T22:30:00+01:00"},
		"through midnight":               {"2026-03-07T23:30:00+01:00", time.Hour, "2026-03-08T00:30:00+01:00"},
		"exactly to the end":             {"2026-03-02T09:00:00+01:00", 3 * time.Hour, "2026-03-02T12:00:00+01:00"},
		"the night that is an hour less": {"2026-03-29T00:00:00+01:00", 5 * time.Hour, "2026-03-29T06:00:00+02:00"},
		"the night that is an hour more": {"2026-10-25T00:00:00+02:00", 7 * time.Hour, "2026-10-25T06:00:00+01:00"},
		"monday after the change":        {"2026-03-28T10:00:00+01:00", 2*time.Hour + 5*time.Hour + 30*time.Minute, "2026-03-30T09:30:00+02:00"},
	} {
		if got := h.Add(at(t, x.from), x.d); !got.Equal(at(t, x.want)) {
			t.Errorf("%s: got %s, want %s", name, got.In(at(t, x.want).Location()), x.want)
		}
	}
	if h.Open(at(t, "2026-12-25T10:00:00+01:00")) || !h.Open(at(t, "2026-12-18T10:00:00+01:00")) {
		t.Error("a holiday is open, or the friday before is closed")
	}
	if next, ok := h.Next(at(t, "2026-03-02T12:30:00+01:00")); !ok || !next.Equal(at(t, "2026-03-02T13:00:00+01:00")) {
		t.Errorf("after lunch begins at %s, %v", next, ok)
	}
}

func TestNoHoursAreAlwaysOpen(t *testing.T) {
	var h handoff.Hours
	if !h.Open(noon) || !h.Add(noon, time.Hour).Equal(noon.Add(time.Hour)) || h.Between(noon, noon.Add(time.Hour)) != time.Hour {
		t.Error("the zero hours are not always open")
	}
}

func TestHoursThatNeverComeStopTheClock(t *testing.T) {
	h := hours(t, `{"week":{"thu":["09:00-09:01"]}}`)
	if got := h.Add(noon, 100*time.Hour); !got.IsZero() {
		t.Errorf("a clock that cannot run out within a year runs out at %s", got)
	}
}

// Whatever the hours, the zone and the season: the open time between a moment and when a clock runs out is the clock.
func TestAddAndBetweenAgree(t *testing.T) {
	zones := []string{"", "Europe/Budapest", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "America/Sao_Paulo"}
	weeks := []string{
		`{"mon":["09:00-12:00","13:00-17:00"],"thu":["00:00-24:00"]}`, `{"sun":["01:30-03:30"],"wed":["23:00-24:00"]}`,
		`{"sat":["00:00-24:00"],"sun":["00:00-24:00"]}`, `{"fri":["02:00-02:01"]}`,
	}
	rapid.Check(t, func(r *rapid.T) {
		h := hours(t, `{"zone":"`+rapid.SampledFrom(zones).Draw(r, "zone")+`","week":`+rapid.SampledFrom(weeks).Draw(r, "week")+`}`)
		from := noon.Add(time.Duration(rapid.IntRange(0, 2*365*24*60).Draw(r, "from")) * time.Minute)
		d := time.Duration(rapid.IntRange(1, 40).Draw(r, "minutes")) * time.Minute
		due := h.Add(from, d)
		if got := h.Between(from, due); got != d {
			r.Fatalf("%s of open time from %s ends at %s, which is %s", d, from, due, got)
		}
		if !h.Open(due.Add(-time.Nanosecond)) {
			r.Fatalf("the clock ran out at %s, when nobody works", due)
		}
	})
}

func TestRulesAreReadStrictly(t *testing.T) {
	good, err := json.Marshal(handoff.DefaultRules())
	if err != nil {
		t.Fatal(err)
	}
	again, err := handoff.ParseRules(good)
	if err != nil {
		t.Fatalf("the default rules do not read back: %v", err)
	}
	if text, _ := json.Marshal(again); string(text) != string(good) {
		t.Errorf("read back as %s", text)
	}
	for name, change := range map[string]func(map[string]any){
		"unknown field":    func(m map[string]any) { m["leves"] = 1 },
		"three levels":     func(m map[string]any) { m["levels"] = m["levels"].([]any)[:3] },
		"levels in a mess": func(m map[string]any) { l := m["levels"].([]any); l[0], l[1] = l[1], l[0] },
		"unknown severity": func(m map[string]any) {
			m["levels"].([]any)[0].(map[string]any)["answer"] = map[string]any{"urgent": "1m"}
		},
		"unknown remedy": func(m map[string]any) { m["levels"].([]any)[0].(map[string]any)["remedies"] = []any{"yacht"} },
		"negative worth": func(m map[string]any) { m["levels"].([]any)[0].(map[string]any)["up_to"] = -1 },
		"no time":        func(m map[string]any) { m["recent"] = "soon" },
		"a number":       func(m map[string]any) { m["recent"] = 5 },
		"negative time":  func(m map[string]any) { m["recent"] = "-5s" },
		"share of one":   func(m map[string]any) { m["warn_share"] = 1 },
		"no default":     func(m map[string]any) { m["skills"] = map[string]any{"x": map[string]any{"mode": "pull"}} },
		"unknown mode":   func(m map[string]any) { m["skills"] = map[string]any{"": map[string]any{"mode": "shove"}} },
		"bad zone":       func(m map[string]any) { m["skills"] = skillHours(map[string]any{"zone": "Mars/Olympus"}) },
		"bad day":        func(m map[string]any) { m["skills"] = skillHours(week("monday", "09:00-17:00")) },
		"backwards":      func(m map[string]any) { m["skills"] = skillHours(week("mon", "17:00-09:00")) },
		"25 hours":       func(m map[string]any) { m["skills"] = skillHours(week("mon", "00:00-25:00")) },
		"overlap":        func(m map[string]any) { m["skills"] = skillHours(week("mon", "09:00-12:00", "11:00-13:00")) },
		"empty week":     func(m map[string]any) { m["skills"] = skillHours(week("mon")) },
		"unknown hours":  func(m map[string]any) { m["skills"] = skillHours(map[string]any{"weeks": 1}) },
		"bad holiday":    func(m map[string]any) { m["skills"] = skillHours(map[string]any{"holidays": []any{"25.12."}}) },
	} {
		var m map[string]any
		if err := json.Unmarshal(good, &m); err != nil {
			t.Fatal(err)
		}
		change(m)
		text, _ := json.Marshal(m)
		var invalid *chat.InvalidError
		if _, err := handoff.ParseRules(text); !errors.As(err, &invalid) || invalid.Hint == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func skillHours(h map[string]any) map[string]any {
	return map[string]any{"": map[string]any{"mode": "pull", "hours": h}}
}

func week(day string, spans ...any) map[string]any {
	return map[string]any{"week": map[string]any{day: append([]any{}, spans...)}}
}
