package handoff

import (
	"container/heap"
	"fmt"
	"slices"
	"time"

	"ombud/chat"
)

// Arrival is one handoff that is asked for, in a forecast.
type Arrival struct {
	At       time.Time
	Handling time.Duration // from the claim to the end
	Within   time.Duration // its clock; 0: none
	Severity chat.Severity
	Level    int
	Skill    string
	Language string
}

// Fate is what became of an arrival.
type Fate struct {
	Waited time.Duration
	Taken  bool // false: it still waited a day after the last arrival, and Waited is the time until then
}

// lingers is how long after the last arrival the line is still served.
const lingers = 24 * time.Hour

// Simulate lets the staff serve the arrivals, which are in order of time: whoever has room takes the chat that Next
// would give, the least busy first. Agents whose hour ends finish what they hold and take nothing new. The fates are in
// the order of the arrivals. It is a discrete-event simulation: nothing happens between two events.
func Simulate(arrivals []Arrival, s Staffing) []Fate {
	sim := newSimulation(arrivals, s)
	if len(arrivals) == 0 {
		return sim.fates
	}
	last := arrivals[len(arrivals)-1].At
	end := last.Add(lingers)
	sim.now = arrivals[0].At
	sim.changeShift()
	for came := 0; ; {
		next := sim.shiftEnds
		if came < len(arrivals) && arrivals[came].At.Before(next) {
			next = arrivals[came].At
		}
		if len(sim.busy) > 0 && sim.busy[0].until.Before(next) {
			next = sim.busy[0].until
		}
		if next.After(end) || came == len(arrivals) && len(sim.line) == 0 {
			break
		}
		sim.now = next
		for len(sim.busy) > 0 && !sim.busy[0].until.After(next) {
			done := heap.Pop(&sim.busy).(work)
			sim.agents[done.agent].Held--
		}
		if !next.Before(sim.shiftEnds) {
			sim.changeShift()
		}
		for ; came < len(arrivals) && !arrivals[came].At.After(next); came++ {
			c := waiting(arrivals[came], came)
			sim.line, sim.index[c.ID] = append(sim.line, c), came
			sim.fates[came] = Fate{Waited: end.Sub(arrivals[came].At)}
		}
		sim.serve()
	}
	return sim.fates
}

type simulation struct {
	arrivals  []Arrival
	staff     Staffing
	places    map[string]int // in agents, by ID
	agents    []Agent        // all, on duty or not
	tried     []bool         // by agent: finds nothing in the line that fits
	line      []chat.Conversation
	index     map[string]int // in arrivals, of what waits
	busy      busy
	fates     []Fate
	now       time.Time
	shiftEnds time.Time
}

func newSimulation(arrivals []Arrival, s Staffing) *simulation {
	sim := &simulation{
		arrivals: arrivals, staff: s, places: map[string]int{}, index: map[string]int{}, fates: make([]Fate, len(arrivals)),
	}
	for _, hour := range s.Hours {
		for _, a := range hour {
			if _, known := sim.places[a.ID]; !known {
				sim.places[a.ID] = len(sim.agents)
				a.Held, a.Ready = 0, false
				sim.agents = append(sim.agents, a)
			}
		}
	}
	sim.tried = make([]bool, len(sim.agents))
	return sim
}

func number(i int) string { return fmt.Sprintf("%09d", i) }

func waiting(a Arrival, i int) chat.Conversation {
	c := chat.Conversation{
		ID: number(i), Owner: chat.OwnerQueue, Severity: a.Severity, Level: a.Level, Skill: a.Skill, Language: a.Language, RequestedAt: a.At,
	}
	if a.Within > 0 {
		c.DueAt = a.At.Add(a.Within)
	}
	return c
}

func hourOf(t time.Time, zone *time.Location) int {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone).Hour()
}

// changeShift sets who is on duty from now to the end of the hour.
func (s *simulation) changeShift() {
	for i := range s.agents {
		s.agents[i].Ready = false
	}
	for _, a := range s.staff.Hours[hourOf(s.now, s.staff.Zone)] {
		s.agents[s.places[a.ID]].Ready = true
	}
	local := s.now
	if s.staff.Zone != nil {
		local = s.now.In(s.staff.Zone)
	}
	into := time.Duration(local.Minute())*time.Minute + time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	s.shiftEnds = s.now.Add(time.Hour - into)
}

// serve gives out what waits as far as somebody has room for it.
func (s *simulation) serve() {
	clear(s.tried)
	for len(s.line) > 0 {
		best := -1
		for i := range s.agents {
			if !s.tried[i] && s.agents[i].Free(1) > 0 && (best < 0 || lessBusy(s.agents[i], s.agents[best])) {
				best = i
			}
		}
		if best < 0 {
			return
		}
		at := first(s.agents[best], s.line, s.now)
		if at < 0 {
			s.tried[best] = true
			continue
		}
		s.take(best, at)
	}
}

// first is Next in one pass: the place of the first conversation of the line that fits the agent, -1 if none does. A
// long line is looked at once for every claim, and sorting it each time would take most of a forecast.
func first(a Agent, line []chat.Conversation, now time.Time) int {
	best := -1
	for i := range line {
		if (best < 0 || Less(line[i], line[best], now)) && a.Fits(line[i]) {
			best = i
		}
	}
	return best
}

func (s *simulation) take(agent, place int) {
	at := s.index[s.line[place].ID]
	delete(s.index, s.line[place].ID)
	s.line = slices.Delete(s.line, place, place+1)
	s.fates[at] = Fate{Waited: s.now.Sub(s.arrivals[at].At), Taken: true}
	s.agents[agent].Held++
	heap.Push(&s.busy, work{s.now.Add(s.arrivals[at].Handling), agent})
}

// work is a chat that an agent holds.
type work struct {
	until time.Time
	agent int
}

// busy is a heap of work, what ends first on top.
type busy []work

func (b busy) Len() int           { return len(b) }
func (b busy) Less(i, j int) bool { return b[i].until.Before(b[j].until) }
func (b busy) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

// Push implements heap.Interface.
func (b *busy) Push(x any) { *b = append(*b, x.(work)) }

// Pop implements heap.Interface.
func (b *busy) Pop() any {
	old := *b
	last := old[len(old)-1]
	*b = old[:len(old)-1]
	return last
}
