package main

import (
	"fmt"
	"testing"
	"time"

	"ombud/bot"
	"ombud/chat"
	"ombud/handoff"
)

// TestStaffingByHour has ten days on each of which 30 customers are handed over between nine and ten, for ten
// minutes each, to two people; and one who may or may not be, at three.
func TestStaffingByHour(t *testing.T) {
	day := time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)
	var handed []bot.Handed
	var records []chat.HandoffRecord
	for d := range 10 {
		at := day.AddDate(0, 0, d)
		for i := range 30 {
			asked := at.Add(9*time.Hour + time.Duration(2*i)*time.Minute)
			handed = append(handed, bot.Handed{At: asked, Minutes: 10, Severity: "low", Level: 1, Sure: true})
			records = append(records, chat.HandoffRecord{Agent: fmt.Sprint("a", i%2), RequestedAt: asked, ClaimedAt: asked, EndedAt: asked.Add(10 * time.Minute)})
		}
		handed = append(handed, bot.Handed{At: at.Add(15 * time.Hour), Minutes: 10, Severity: "low", Level: 1})
	}
	got := staffing(handed, records, handoff.DefaultRules(), time.UTC)
	nine, three := got.Hours[9], got.Hours[15]
	// 30 chats of 10 minutes are 5 erlangs: two agents cannot keep up, five can just.
	if nine.Agents != 2 || nine.Low.Handoffs < 29 || nine.Low.Mean < 30 || nine.Low.Needed < 4 || nine.Low.Needed > 6 {
		t.Errorf("nine o'clock: %+v", nine)
	}
	if three.Low.Handoffs != 0 || three.High.Handoffs != 1 || three.Low.Needed != 0 || three.High.Needed != 1 {
		t.Errorf("three o'clock: %+v", three)
	}
	if !got.Handled || got.Cut || got.Zone != "UTC" {
		t.Errorf("%v, %v, %s", got.Handled, got.Cut, got.Zone)
	}
	if none := staffing(handed[:1], nil, handoff.DefaultRules(), time.UTC); none.Hours[9].Agents != 0 || none.Hours[9].Low.Needed != 1 {
		t.Errorf("nobody was seen: %+v", none.Hours[9])
	}
}
