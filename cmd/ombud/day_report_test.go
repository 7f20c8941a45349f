package main

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"ombud/chat"
)

// dayFigures is what a rehearsed day came to. Times are those of life.
type dayFigures struct {
	Chats, Events, Messages, Acknowledged      int
	Handoffs, Claims, Pushed, Ranked, MostHeld int
	Transferred, Escalated, ByClock, Released  int
	Returned, Tickets, Settled                 int
	WaitMedian, WaitP90, WaitMost              float64 // minutes
	Announced                                  int
	Covered                                    float64
	MedianError                                float64 // seconds
}

func (f *dayFigures) passed(kind chat.Kind, clock, _ bool) {
	switch {
	case kind == chat.KindHandoffReleased:
		f.Released++
	case kind == chat.KindHandoffTransferred:
		f.Transferred++
	case clock:
		f.ByClock++
	default:
		f.Escalated++
	}
}

func (f dayFigures) rows(plan dayPlan, down []time.Duration) [][2]string {
	n := func(format string, args ...any) string { return fmt.Sprintf(format, args...) }
	var downs string
	for i, d := range down {
		if i > 0 {
			downs += ", "
		}
		downs += d.Round(10 * time.Millisecond).String()
	}
	return [][2]string{
		{"conversations, agents", n("%d, %d", f.Chats, len(plan.Agents))},
		{"events, of them messages", n("%d, %d", f.Events, f.Messages)},
		{"customers' messages acknowledged", n("%d: none lost, none twice", f.Acknowledged)},
		{"handoffs, claims (pushed)", n("%d, %d (%d)", f.Handoffs, f.Claims, f.Pushed)},
		{"claims held against the ranking", n("%d: nobody passed over", f.Ranked)},
		{"most chats of one agent at once", n("%d", f.MostHeld)},
		{"passed on: transferred, escalated, by a clock, released, returned to the bot", n("%d, %d, %d, %d, %d", f.Transferred, f.Escalated, f.ByClock, f.Released, f.Returned)},
		{"messages left", n("%d", f.Tickets)},
		{"settled by an agent", n("%d", f.Settled)},
		{"wait for an agent: median, 90 %, longest", n("%.1f, %.1f, %.1f minutes", f.WaitMedian, f.WaitP90, f.WaitMost)},
		{"announced waits: within the range, median distance from its middle", n("%d: %.0f %%, %.0f s", f.Announced, 100*f.Covered, f.MedianError)},
		{"crashes of the server, each down for (not hastened)", n("%d: %s", len(down), downs)},
	}
}

func (f dayFigures) print(t *testing.T, plan dayPlan, down []time.Duration) {
	t.Helper()
	for _, r := range f.rows(plan, down) {
		t.Logf("%-78s %s", r[0], r[1])
	}
}

// report is the page docs/measurements-day.md.
func (f dayFigures) report(plan dayPlan, down []time.Duration) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `# A rehearsed day

A day of a busy shop over the public protocol, at %d times its pace, against the real binary on SQLite: %d customers over %.0f hours come as
the hours of a day bring them, %d agents work in shifts and take breaks, and the server is killed with SIGKILL %d times. Six customers in ten
want a person, the others ask the bot. Agents take what is next, or are given it (delivery and billing are pushed); they answer,
offer, transfer, escalate, release, return and close. Times below are those of the rehearsed day.

What must hold is read from the log when the server is down, and fails the test: every conversation's row follows from its log; nobody who
asked for a person is left waiting at the end; no chat is taken that somebody has, and only its holder speaks in it; what was acknowledged is stored
once; each customer was shown every event once and in order; nobody who had waited visibly for two seconds was passed over by a claim.

| what | figure |
|---|---|
`, dayPace, f.Chats, plan.Length.Hours(), len(plan.Agents), len(down))
	for _, r := range f.rows(plan, down) {
		fmt.Fprintf(&b, "| %s | %s |\n", r[0], r[1])
	}
	b.WriteString("\nTaken on two cores under other load. `make day` takes it again.\n")
	return b.Bytes()
}
