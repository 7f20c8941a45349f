package handoff

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"

	"ombud/chat"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// round is a staff of so many equal agents around the clock.
func round(agents int) Staffing {
	var n [24]int
	for h := range n {
		n[h] = agents
	}
	return generalists(n, nil, 1)
}

// exponential is a sample of handling times with the mean.
func exponential(mean time.Duration, r *rand.Rand) []Arrival {
	out := make([]Arrival, 50_000)
	for i := range out {
		out[i].Handling = time.Duration(r.ExpFloat64() * float64(mean))
	}
	return out
}

// erlangC is the chance to wait, from its definition: a load in erlangs on so many agents.
func erlangC(agents int, load float64) float64 {
	term, sum := 1.0, 0.0
	for k := range agents {
		sum += term
		term *= load / float64(k+1)
	}
	term *= float64(agents) / (float64(agents) - load)
	return term / (sum + term)
}

// TestSimulationAgreesWithErlangC checks the mean wait, and the share that waits less than a time, of one class of
// chats with exponential gaps and handling. Nearer to full load the waits of a day hang together so much that a run of
// this length is itself a few percent off. Source: Gross and Harris, Fundamentals of Queueing Theory, 2.3.
func TestSimulationAgreesWithErlangC(t *testing.T) {
	const minutes = 6.0
	for _, x := range []struct {
		agents int
		load   float64
	}{{1, 0.6}, {3, 2.1}, {8, 6.4}, {20, 15}} {
		if testing.Short() && x.agents != 3 {
			continue // each simulates 300,000 chats
		}
		t.Run(fmt.Sprintf("%d agents, %.1f erlangs", x.agents, x.load), func(t *testing.T) {
			r := rand.New(rand.NewPCG(uint64(x.agents), 7))
			sample := exponential(minutes*time.Minute, r)
			within := 3 * time.Minute
			for i := range sample {
				sample[i].Within = within
			}
			var rates [24]float64
			for h := range rates {
				rates[h] = x.load / minutes * 60
			}
			days := int(300_000 / (24 * rates[0]))
			arrivals := Poisson(rates, monday, days, sample, nil, r)
			var mean, inTime float64
			for _, f := range Simulate(arrivals, round(x.agents)) {
				mean += f.Waited.Minutes() / float64(len(arrivals))
				if f.Waited < within {
					inTime += 1 / float64(len(arrivals))
				}
			}
			var work float64 // as drawn: close to full load, a percent more work makes much longer waits
			for _, a := range arrivals {
				work += a.Handling.Minutes()
			}
			load, minutes := work/float64(days*24*60), work/float64(len(arrivals))
			free := float64(x.agents) - load
			want := erlangC(x.agents, load) * minutes / free
			if math.Abs(mean/want-1) > 0.05 {
				t.Errorf("mean wait %.3f minutes, Erlang C says %.3f", mean, want)
			}
			wantIn := 1 - erlangC(x.agents, load)*math.Exp(-free*within.Minutes()/minutes)
			if math.Abs(inTime-wantIn) > 0.01 {
				t.Errorf("%.4f in time, Erlang C says %.4f", inTime, wantIn)
			}
		})
	}
}

func TestTheSevereAreServedFirstAndSkillsAreKept(t *testing.T) {
	at := func(minute int) time.Time { return monday.Add(9*time.Hour + time.Duration(minute)*time.Minute) }
	arrivals := []Arrival{
		{At: at(0), Handling: 10 * time.Minute, Severity: chat.SeverityLow},
		{At: at(1), Handling: 10 * time.Minute, Severity: chat.SeverityLow},
		{At: at(2), Handling: 10 * time.Minute, Severity: chat.SeverityCritical},
		{At: at(3), Handling: time.Minute, Severity: chat.SeverityLow, Skill: "legal"},
		{At: at(4), Handling: time.Minute, Severity: chat.SeverityLow, Level: 3},
	}
	var s Staffing
	ann := Agent{ID: "ann", Level: 1, Skills: []string{"sales"}, Capacity: 1}
	bea := Agent{ID: "bea", Level: 1, Skills: []string{"legal"}, Capacity: 1}
	s.Hours[9] = []Agent{ann}
	s.Hours[10] = []Agent{bea}
	got := Simulate(arrivals, s)
	end := at(4).Add(lingers)
	want := []Fate{{0, true}, {19 * time.Minute, true}, {8 * time.Minute, true}, {57 * time.Minute, true}, {end.Sub(at(4)), false}}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// TestFirstIsNext holds the forecast's one pass to the line that agents are served from.
func TestFirstIsNext(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	severities := []chat.Severity{chat.SeverityLow, chat.SeverityMedium, chat.SeverityHigh, chat.SeverityCritical}
	for range 500 {
		var line []chat.Conversation
		for i := range r.IntN(12) {
			line = append(line, waiting(Arrival{
				At: monday.Add(time.Duration(r.IntN(6)) * time.Minute), Within: time.Duration(r.IntN(4)) * time.Minute,
				Severity: severities[r.IntN(4)], Level: 1 + r.IntN(3), Skill: []string{"", "legal", "sales"}[r.IntN(3)],
			}, i))
		}
		a := Agent{ID: "ann", Level: 1 + r.IntN(3), Skills: [][]string{nil, {"legal"}}[r.IntN(2)]}
		now := monday.Add(time.Duration(r.IntN(8)) * time.Minute)
		want, ok := Next(a, line, func(string) bool { return false }, now)
		if at := first(a, line, now); ok != (at >= 0) || ok && line[at].ID != want.ID {
			t.Fatalf("place %d, but Next gives %s of %+v", at, want.ID, line)
		}
	}
}

func TestNobodyTakesMoreThanTheirCapacity(t *testing.T) {
	arrivals := make([]Arrival, 5)
	for i := range arrivals {
		arrivals[i] = Arrival{At: monday, Handling: time.Hour}
	}
	s := round(1)
	for h := range s.Hours {
		s.Hours[h][0].Capacity = 2
	}
	hours := map[time.Duration]int{}
	for _, f := range Simulate(arrivals, s) {
		hours[f.Waited]++
	}
	if want := map[time.Duration]int{0: 2, time.Hour: 2, 2 * time.Hour: 1}; !reflect.DeepEqual(hours, want) {
		t.Errorf("got %v, want %v", hours, want)
	}
}

func TestForecastCountsByTheHourOfTheirZone(t *testing.T) {
	zone := time.FixedZone("", 5*3600+1800)
	arrivals := []Arrival{ // 09:30 and 10:10 there
		{At: monday.Add(4 * time.Hour), Handling: 20 * time.Minute, Within: 5 * time.Minute},
		{At: monday.Add(4 * time.Hour), Handling: 20 * time.Minute, Within: 5 * time.Minute},
		{At: monday.Add(4*time.Hour + 40*time.Minute), Handling: time.Minute},
	}
	s := Staffing{Zone: zone}
	s.Hours[9] = []Agent{{ID: "ann", Level: 1, Capacity: 1}}
	got := Forecast(arrivals, s, Target{Within: 1})
	nine := HourForecast{Hour: 9, Handoffs: 2, Agents: 1, Within: 0.5, Untaken: 0, Needed: 2}
	nine.Mean, nine.Median, nine.P90 = got[9].Mean, got[9].Median, got[9].P90
	// The second is held up until its hour has gone, and taken the next morning.
	if got[9] != nine || nine.Median != 0 || nine.P90 != 20 {
		t.Errorf("at nine %+v", got[9])
	}
	if ten := got[10]; ten.Agents != 0 || ten.Handoffs != 1 || ten.Needed != 1 || ten.Mean < 60 {
		t.Errorf("at ten %+v", ten)
	}
	if got[11] != (HourForecast{Hour: 11, Within: 1}) {
		t.Errorf("at eleven %+v", got[11])
	}
}

// TestNeededIsEnough staffs as the forecast asks, and in the busiest hour with one less.
func TestNeededIsEnough(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	sample := exponential(8*time.Minute, r)
	for i := range sample {
		sample[i].Within = 2 * time.Minute
	}
	rates := [24]float64{8: 20, 9: 60, 10: 90, 11: 60, 12: 20}
	arrivals := Poisson(rates, monday, 20, sample, nil, r)
	target := Target{Within: 0.9}
	needed := need(arrivals, nil, target)
	enough := Forecast(arrivals, generalists(needed, nil, 1), target)
	for h := 8; h <= 12; h++ {
		if enough[h].Within < target.Within {
			t.Errorf("hour %d: %.2f in time with the %d agents needed", h, enough[h].Within, needed[h])
		}
	}
	fewer := needed
	fewer[10]--
	if got := Forecast(arrivals, generalists(fewer, nil, 1), target); got[10].Within >= target.Within {
		t.Errorf("one fewer than the %d needed does at ten as well", needed[10])
	}
	if load := 90.0 * 8 / 60; float64(needed[10]) <= load || needed[10] > 18 || needed[3] != 0 {
		t.Errorf("needed %v for %v erlangs at ten", needed, load)
	}
}

func TestRecordedHandoffsBecomeArrivals(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	asked := monday.Add(9 * time.Hour)
	records := []chat.HandoffRecord{
		{RequestedAt: asked.Add(time.Hour), Severity: chat.SeverityHigh, Level: 2, Skill: "legal", Language: "hu"},
		{RequestedAt: asked, ClaimedAt: asked.Add(time.Minute), EndedAt: asked.Add(13 * time.Minute), Severity: chat.SeverityLow, Level: 1},
	}
	got := Recorded(records, DefaultRules(), r)
	want := []Arrival{
		{At: asked, Handling: 12 * time.Minute, Within: 10 * time.Minute, Severity: chat.SeverityLow, Level: 1},
		{At: asked.Add(time.Hour), Handling: 12 * time.Minute, Within: 5 * time.Minute, Severity: chat.SeverityHigh, Level: 2, Skill: "legal", Language: "hu"},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
	if rates := Rates(got, nil, 2); rates[9] != 0.5 || rates[10] != 0.5 || rates[11] != 0 {
		t.Errorf("rates %v", rates)
	}
	if got := Recorded(records[:1], DefaultRules(), r); got != nil {
		t.Errorf("nothing was ever handled, and yet %v", got)
	}
	if f := Forecast(nil, round(1), Target{Within: 0.8}); f[9].Needed != 0 || f[9].Within != 1 {
		t.Errorf("nothing comes: %+v", f[9])
	}
}

// BenchmarkForecast is a month of a busy shop: 30 days, 600 handoffs a day, with the search for the staff.
func BenchmarkForecast(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	sample := exponential(8*time.Minute, r)
	for i := range sample {
		sample[i].Within = 3 * time.Minute
	}
	var rates [24]float64
	for h := 8; h < 20; h++ {
		rates[h] = 50
	}
	arrivals := Poisson(rates, monday, 30, sample, nil, r)
	for b.Loop() {
		Forecast(arrivals, round(12), Target{Within: 0.9})
	}
	b.ReportMetric(float64(len(arrivals)), "handoffs")
}
