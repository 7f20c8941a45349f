package handoff

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ombud/chat"
)

func nobody(_, _ string) bool { return false }

func TestOnlyWhoFitsCountsForAPlaceInLine(t *testing.T) {
	agents := []Agent{
		{ID: "a", Level: 1, Skills: []string{"billing"}, Capacity: 2, Held: 1, Ready: true},
		{ID: "b", Level: 1, Skills: []string{"repairs", "billing"}, Capacity: 3, Ready: true},
		{ID: "c", Level: 2, Languages: []string{"fr"}, Capacity: 0, Held: 1, Ready: true},
		{ID: "d", Level: 1, Skills: []string{"delivery"}, Capacity: 3}, // busy
	}
	waits := func(skill, language string, level int) chat.Conversation {
		return chat.Conversation{Skill: skill, Language: language, Level: level}
	}
	line := []chat.Conversation{
		waits("billing", "en", 1), waits("delivery", "en", 1), waits("repairs", "en", 1), waits("billing", "en", 1),
		waits("billing", "fr", 1), waits("delivery", "en", 1), waits("billing", "en", 3), waits("repairs", "fr", 2),
	}
	want := []Prospect{
		{1, 4, 5}, {1, 0, 3}, {2, 3, 3}, {3, 4, 5}, // the one who waits for a delivery is in nobody's way
		{4, 7, 9}, {2, 0, 3}, {7, 0, 0}, {2, 3, 4}, // of the last one's people only c is there, whom the other who speaks French may get
	}
	for i, got := range Prospects(line, agents, 4, nobody) {
		if got != want[i] {
			t.Errorf("%s: %+v, want %+v", fmt.Sprint(i+1, " ", line[i].Skill, " ", line[i].Language), got, want[i])
		}
	}
}

func TestWhoDroppedItIsNotReckonedWith(t *testing.T) {
	agents := []Agent{{ID: "a", Level: 1, Capacity: 2, Ready: true}, {ID: "b", Level: 1, Capacity: 3, Ready: true}}
	line := []chat.Conversation{{ID: "x", Level: 1}, {ID: "y", Level: 1}, {ID: "z", Level: 1}}
	gone := map[string]string{"x": "a", "y": "ab"}
	got := Prospects(line, agents, 3, func(conversation, agent string) bool { return strings.Contains(gone[conversation], agent) })
	if want := []Prospect{{1, 3, 3}, {2, 0, 0}, {2, 5, 5}}; !slices.Equal(got, want) { // nobody is there for y: it is in nobody's way
		t.Errorf("%+v, want %+v", got, want)
	}
}
