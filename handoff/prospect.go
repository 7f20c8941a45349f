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
}

// Prospects gives the prospects of a line that Rank has ordered. An agent without a limit counts as one who holds usual chats.
func Prospects(line []chat.Conversation, agents []Agent, usual int) []Prospect {
	of := map[needs]*crowd{}
	var all []*crowd
	out := make([]Prospect, len(line))
	for i, c := range line {
		key := needs{c.Level, c.Skill, c.Language, ""}
		if c.Level >= chat.LevelExpert {
			key.product = c.Product
		}
		mine := of[key]
		if mine == nil {
			mine = gather(c, agents, usual)
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

func gather(c chat.Conversation, agents []Agent, usual int) *crowd {
	var g crowd
	for i, a := range agents {
		if !a.Fits(c) {
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
