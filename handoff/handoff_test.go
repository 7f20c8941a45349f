package handoff_test

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ombud/chat"
	"ombud/handoff"
)

var noon = time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)

func waiting(id string, s chat.Severity, since, due time.Duration) chat.Conversation {
	c := chat.Conversation{ID: id, Owner: chat.OwnerQueue, Severity: s, RequestedAt: noon.Add(-since)}
	if due != 0 {
		c.DueAt = noon.Add(due)
	}
	return c
}

func ids(line []chat.Conversation) []string {
	var out []string
	for _, c := range line {
		out = append(out, c.ID)
	}
	return out
}

func TestRankServesSeverityThenBrokenClocksThenPatience(t *testing.T) {
	ticket := waiting("ticket", chat.SeverityCritical, time.Hour, 0)
	ticket.Owner = chat.OwnerTicket
	got := ids(handoff.Rank([]chat.Conversation{
		waiting("patient", chat.SeverityLow, 30*time.Minute, 0),
		ticket,
		waiting("late", chat.SeverityLow, time.Minute, -time.Second),
		waiting("new", chat.SeverityLow, time.Second, time.Minute),
		waiting("danger", chat.SeverityCritical, 0, 0),
		waiting("lawyer", chat.SeverityHigh, time.Hour, 0),
	}, noon))
	want := []string{"danger", "lawyer", "late", "patient", "new", "ticket"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestRankIsATotalOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		severities := []chat.Severity{"", chat.SeverityLow, chat.SeverityMedium, chat.SeverityHigh, chat.SeverityCritical}
		line := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) chat.Conversation {
			return waiting(
				rapid.StringMatching(`[a-z]{1,4}`).Draw(t, "id"), rapid.SampledFrom(severities).Draw(t, "severity"),
				time.Duration(rapid.IntRange(0, 3).Draw(t, "since"))*time.Minute,
				time.Duration(rapid.IntRange(-2, 2).Draw(t, "due"))*time.Minute,
			)
		}), 0, 12, func(c chat.Conversation) string { return c.ID }).Draw(t, "line")
		first := ids(handoff.Rank(line, noon))
		shuffled := slices.Clone(line)
		slices.Reverse(shuffled)
		if again := ids(handoff.Rank(shuffled, noon)); !slices.Equal(first, again) {
			t.Fatalf("the order depends on the input's: %v and %v", first, again)
		}
	})
}

func TestFitsAsksForLevelSkillAndLanguage(t *testing.T) {
	anna := handoff.Agent{Level: 2, Skills: []string{"billing"}, Languages: []string{"hu", "en"}}
	for name, x := range map[string]struct {
		c    chat.Conversation
		want bool
	}{
		"fits":             {chat.Conversation{Level: 2, Skill: "billing", Language: "hu"}, true},
		"no skill asked":   {chat.Conversation{Level: 1, Language: "en"}, true},
		"level too high":   {chat.Conversation{Level: 3, Skill: "billing", Language: "hu"}, false},
		"other skill":      {chat.Conversation{Level: 1, Skill: "repairs", Language: "hu"}, false},
		"other language":   {chat.Conversation{Level: 1, Skill: "billing", Language: "fr"}, false},
		"language unknown": {chat.Conversation{Level: 1, Skill: "billing"}, true},
	} {
		if got := anna.Fits(x.c); got != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if !(handoff.Agent{Level: 1}).Fits(chat.Conversation{Level: 1, Skill: "x", Language: "fr"}) {
		t.Error("an agent without lists takes every skill and language")
	}
}

func TestNextLeavesOutWhoDroppedIt(t *testing.T) {
	line := []chat.Conversation{waiting("a", chat.SeverityHigh, 0, 0), waiting("b", chat.SeverityLow, 0, 0)}
	got, ok := handoff.Next(handoff.Agent{Level: 1}, line, func(id string) bool { return id == "a" }, noon)
	if !ok || got.ID != "b" {
		t.Errorf("got %q, %v", got.ID, ok)
	}
}

func TestEstimateIsARangeThatGrowsWithThePlaceInLine(t *testing.T) {
	handling := []time.Duration{4 * time.Minute, 6 * time.Minute, 8 * time.Minute, 12 * time.Minute}
	if _, ok := handoff.DefaultEstimate.Range(1, 0, 0, handling); ok {
		t.Error("a range was given with nobody on duty")
	}
	last := [2]int{}
	for place := 1; place <= 40; place++ {
		got, ok := handoff.DefaultEstimate.Range(place, 1, 3, handling)
		if !ok || got[0] >= got[1] && got[1] < handoff.DefaultEstimate.Most {
			t.Fatalf("place %d: %v, %v", place, got, ok)
		}
		if got[0] < last[0] || got[1] < last[1] {
			t.Fatalf("place %d waits %v, the one before %v", place, got, last)
		}
		last = got
	}
}

func TestBriefPointsToTheMessages(t *testing.T) {
	b := handoff.Summarise(handoff.Case{
		Handoff: chat.Handoff{
			Reason: "company_fault", Severity: chat.SeverityHigh, Level: 2, Topic: "billing_problem",
			Evidence: []chat.Evidence{{Signal: "company_fault", Seq: 3, Quote: "charged twice"}},
		},
		Said: []handoff.Line{{Text: "hi", Seq: 2}, {Text: "you charged   me twice for order 71882", Seq: 3}},
		Facts: []handoff.Fact{
			{Name: "order_number", Value: "71882", Seq: 3}, {Name: "outcome_wanted", Value: "refund", Seq: 5, Inferred: true},
			{Name: "order_number", Value: "71883", Seq: 5},
		},
		Needed:  []string{"order_number", "contact"},
		Signals: []handoff.Line{{Text: "damn", Seq: 4, Signal: "angry"}, {Text: "twice", Seq: 3, Signal: "company_fault"}},
		Mood:    "calm", Trend: "falling",
	})
	if b.Matter.Seq != 3 || b.Matter.Text != "you charged me twice for order 71882" {
		t.Errorf("matter %+v", b.Matter)
	}
	if len(b.Facts) != 2 || b.Facts[0].Value != "71883" || b.Facts[0].Seq != 5 {
		t.Errorf("facts %+v", b.Facts)
	}
	if !slices.Equal(b.Missing, []string{"contact"}) {
		t.Errorf("missing %v", b.Missing)
	}
	if b.Wanted == nil || !b.Wanted.Inferred || b.Wanted.Seq != 5 {
		t.Errorf("wanted %+v", b.Wanted)
	}
	if len(b.Why) != 2 || b.Why[0].Seq != 3 || b.Why[1].Signal != "angry" {
		t.Errorf("why %+v", b.Why)
	}
	if b.Mood != "upset" {
		t.Errorf("mood %s", b.Mood)
	}
	if len(b.Proposals) == 0 || b.Proposals[0].Remedy != "refund" || !b.Proposals[0].Wanted {
		t.Errorf("proposals %+v", b.Proposals)
	}
}

func TestProposalsStayWithinTheMandate(t *testing.T) {
	for level := chat.LevelAgent; level <= chat.LevelExecutive; level++ {
		m := handoff.MandateOf(level, handoff.DefaultMandates)
		for _, wanted := range append([]string{"", "a yacht"}, handoff.Remedies...) {
			b := handoff.Summarise(handoff.Case{
				Handoff: chat.Handoff{Level: level, Topic: "return_refund"},
				Facts:   []handoff.Fact{{Name: "outcome_wanted", Value: wanted}},
			})
			if len(b.Proposals) > 3 {
				t.Errorf("level %d: %d proposals", level, len(b.Proposals))
			}
			for _, p := range b.Proposals {
				if !m.Allows(p.Remedy, p.UpTo) {
					t.Errorf("level %d offers %s up to %d", level, p.Remedy, p.UpTo)
				}
			}
		}
	}
}
