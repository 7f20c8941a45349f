package handoff_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"ombud/chat"
	"ombud/handoff"
)

func pushing() handoff.Rules {
	r := handoff.DefaultRules()
	r.Skills = map[string]handoff.SkillRules{"": {Mode: handoff.Push}, "repairs": {Mode: handoff.Pull}}
	return r
}

func TestPushGivesTheNextToTheLeastBusyWhoFits(t *testing.T) {
	agents := []handoff.Agent{
		{ID: "busy", Level: 2, Capacity: 3, Held: 2, Ready: true}, {ID: "idle", Level: 1, Capacity: 3, Ready: true},
		{ID: "away", Level: 4, Capacity: 3}, {ID: "full", Level: 4, Capacity: 1, Held: 1, Ready: true},
	}
	one, two, repairs := waiting("one", "", 0, 0), waiting("two", "", 0, 0), waiting("repairs", "", 0, 0)
	one.Level, two.Level, repairs.Level, repairs.Skill = 1, 2, 1, "repairs"
	ticket := waiting("ticket", "", 0, 0)
	ticket.Owner = chat.OwnerTicket
	got := map[string]string{}
	for _, a := range handoff.Assign([]chat.Conversation{one, two, repairs, ticket}, agents, pushing(), func(_, _ string) bool { return false }) {
		got[a.Conversation.ID] = a.Agent.ID
	}
	if len(got) != 2 || got["one"] != "idle" || got["two"] != "busy" {
		t.Errorf("got %v", got)
	}
	if agents[1].Held != 0 {
		t.Error("the input was changed")
	}
}

func TestPushNeverExceedsRoomNorAsksWhoDroppedIt(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var agents []handoff.Agent
		room := map[string]int{}
		for _, id := range []string{"a", "b", "c"} {
			a := handoff.Agent{ID: id, Level: 1, Capacity: rapid.IntRange(1, 3).Draw(r, id), Held: rapid.IntRange(0, 4).Draw(r, id+" held"), Ready: true}
			agents = append(agents, a)
			room[id] = max(0, a.Capacity-a.Held)
		}
		var line []chat.Conversation
		for _, id := range rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z]{2}`), 0, 12, rapid.ID[string]).Draw(r, "line") {
			line = append(line, waiting(id, "", 0, 0))
		}
		dropper := rapid.SampledFrom([]string{"a", "b", "c"}).Draw(r, "dropper")
		dropped := func(conversation, agent string) bool { return agent == dropper && conversation < "m" }
		given := 0
		for _, x := range handoff.Assign(line, agents, pushing(), dropped) {
			if dropped(x.Conversation.ID, x.Agent.ID) {
				r.Fatalf("%s went back to %s, who dropped it", x.Conversation.ID, x.Agent.ID)
			}
			if room[x.Agent.ID]--; room[x.Agent.ID] < 0 {
				r.Fatalf("%s was given too many", x.Agent.ID)
			}
			given++
		}
		if free := room[dropper] > 0; free && given == 0 && len(line) > 0 && !dropped(line[0].ID, dropper) {
			r.Fatalf("%s waits while %s is free", line[0].ID, dropper)
		}
	})
}

func TestClocksFollowLevelAndSeverity(t *testing.T) {
	r := handoff.DefaultRules()
	c := chat.Conversation{Level: 1, Severity: chat.SeverityCritical}
	due, warn := r.AnswerBy(c, noon)
	if due.Sub(noon) != time.Minute || warn.Sub(noon) != 45*time.Second {
		t.Errorf("critical: due after %s, warned after %s", due.Sub(noon), warn.Sub(noon))
	}
	r.Levels[0].Answer = map[chat.Severity]handoff.Span{"": handoff.Span(time.Hour)}
	if due, _ := r.AnswerBy(c, noon); due.Sub(noon) != time.Hour {
		t.Errorf("a severity that is not named: due after %s", due.Sub(noon))
	}
	r.Levels[0].Settle = nil
	if due, warn := r.SettleBy(c, noon); !due.IsZero() || !warn.IsZero() {
		t.Errorf("without a clock: due %s, warned %s", due, warn)
	}
}

func TestAccuracyCountsWhatTheRangesCovered(t *testing.T) {
	got := handoff.Measure([]chat.EstimatedWait{
		{Minutes: [2]int{0, 4}, Waited: 3 * time.Minute}, {Minutes: [2]int{2, 4}, Waited: 3 * time.Minute},
		{Minutes: [2]int{1, 3}, Waited: 12 * time.Minute}, {Minutes: [2]int{5, 7}, Waited: time.Minute},
	}, time.Minute)
	if got.Count != 4 || got.Covered != 0.5 || got.MedianError != 5*time.Minute {
		t.Errorf("got %+v", got)
	}
	if empty := handoff.Measure(nil, time.Minute); empty.Count != 0 || empty.Covered != 0 {
		t.Errorf("of nothing: %+v", empty)
	}
}

func TestOffersComeWithALongWait(t *testing.T) {
	r, c := handoff.DefaultRules(), chat.Conversation{RequestedAt: noon}
	short, long := &[2]int{0, 2}, &[2]int{3, 9}
	for name, x := range map[string]struct {
		minutes *[2]int
		waited  time.Duration
		want    int
	}{
		"short":           {short, time.Minute, 0},
		"long ahead":      {long, 0, 3},
		"long already":    {short, 3 * time.Minute, 3},
		"nobody can tell": {nil, 0, 3},
	} {
		if got := r.Offers(c, x.minutes, noon.Add(x.waited)); len(got) != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}
