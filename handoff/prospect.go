package handoff

import (
	"slices"

	"ombud/chat"
)

// Prospect is how somebody in line stands towards the people who could take them.
type Prospect struct {
	// Position counts from 1, over those in front who need some of the same people. Where nobody on duty fits it is the place in the
	// whole line.
	Position int
	// Free is how many more chats the people who fit can take now, Staff how many they can hold at once; no Staff: nobody fits.
	Free, Staff int
}

// needs is what decides who fits a conversation.
type needs struct {
	level                    int
	skill, language, product string
	without                  string // who has dropped it
}

// Prospects gives the prospects of a line that Rank has ordered. Who has dropped a conversation before is not reckoned with. An
// agent without a limit counts as one who holds usual chats.
func Prospects(line []chat.Conversation, agents []Agent, usual int, dropped func(conversation, agent string) bool) []Prospect {
	of := map[needs]*crowd{}
	var all []*crowd
	out := make([]Prospect, len(line))
	for i, c := range line {
		key := needs{level: c.Level, skill: c.Skill, language: c.Language}
		if c.Level >= chat.LevelExpert {
			key.product = c.Product
		}
		for _, a := range agents {
			if dropped(c.ID, a.ID) {
				key.without += a.ID + " "
			}
		}
		mine := of[key]
		if mine == nil {
			mine = gather(c, agents, usual, dropped)
			for _, other := range all {
				if mine.shares(other) {
					mine.rivals, other.rivals = append(mine.rivals, other), append(other.rivals, mine)
				}
			}
			of[key], all = mine, append(all, mine)
		}
		out[i] = Prospect{Position: i + 1, Free: mine.free, Staff: mine.staff}
		if mine.staff > 0 {
			out[i].Position = 1 + mine.waiting
			for _, r := range mine.rivals {
				out[i].Position += r.waiting
			}
		}
		mine.waiting++
	}
	return out
}

// crowd is those in line who need the same, and who could take them.
type crowd struct {
	fits        []int // places in the list of agents, in order
	free, staff int
	waiting     int
	rivals      []*crowd // others for whom some of the same people could be taken
}

func gather(c chat.Conversation, agents []Agent, usual int, dropped func(conversation, agent string) bool) *crowd {
	var g crowd
	for i, a := range agents {
		if !a.Fits(c) || dropped(c.ID, a.ID) {
			continue
		}
		if a.Capacity <= 0 {
			a.Capacity = usual
		}
		g.fits = append(g.fits, i)
		g.staff += a.Capacity
		g.free += a.Free(a.Capacity)
	}
	return &g
}

func (g *crowd) shares(other *crowd) bool {
	return slices.ContainsFunc(g.fits, func(i int) bool {
		_, found := slices.BinarySearch(other.fits, i)
		return found
	})
}
