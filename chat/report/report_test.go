package report

import (
	"encoding/json"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"

	"ombud/chat"
)

var monday = time.Date(2026, 3, 2, 0, 0, 0, 0, time.UTC)

// week is seven conversations: three with the bot alone, four with people.
func week() []Row {
	at := func(hours float64) time.Time { return monday.Add(time.Duration(hours * float64(time.Hour))) }
	person := func(id string, hours float64, wait, reply time.Duration) Row {
		r := Row{ID: id, Visitor: "v" + id, Language: "en", Site: "shop", Handoff: true, Level: 1, Reason: "anger", Handovers: 1,
			Owner: chat.OwnerClosed, CreatedAt: at(hours), RequestedAt: at(hours)}
		r.ClaimedAt, r.RepliedAt = r.RequestedAt.Add(wait), r.RequestedAt.Add(reply)
		return r
	}
	rows := []Row{
		{ID: "a", Visitor: "v1", Language: "hu", Site: "shop", Owner: chat.OwnerClosed, Topic: "delivery", Outcome: "settled", Rating: 5, CreatedAt: at(9)},
		{ID: "b", Visitor: "v2", Language: "hu", Site: "shop", Owner: chat.OwnerBot, Topic: "delivery", Rating: 2, CreatedAt: at(9.5)},
		{ID: "c", Visitor: "v3", Site: "other", Owner: chat.OwnerBot, CreatedAt: at(23.5)},
		person("d", 25, 10*time.Second, 30*time.Second), person("e", 26, 20*time.Second, 60*time.Second),
		person("f", 27, 90*time.Second, 600*time.Second), person("g", 49, time.Second, time.Second),
	}
	rows[3].Skill, rows[4].Skill = "billing", "billing"
	rows[3].Cause, rows[3].Label, rows[4].Cause, rows[4].Level = "late", "too_late", "late", 2
	rows[5].Visitor, rows[5].Handovers = "v1", 2
	rows[6].ClaimedAt, rows[6].RepliedAt, rows[6].Owner, rows[6].Reason = time.Time{}, time.Time{}, chat.OwnerQueue, ""
	return rows
}

func options(by string) Options {
	return Options{From: monday, To: monday.AddDate(0, 0, 3), Zone: time.UTC, By: by}
}

func made(t *testing.T, rows []Row, o Options) Report {
	t.Helper()
	r, err := Make(rows, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestFiguresOfAWeek(t *testing.T) {
	r := made(t, week(), options(ByDay))
	got, err := json.Marshal(r.Total)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"conversations":7,"contained":3,"handed_over":4,"claimed":3,"settled":1,"handoff_rate":0.5714285714285714,` +
		`"wait_median":20,"wait_p90":90,"reply_median":60,"reply_p90":600,"rated":2,"rating":3.5,"right_time":0,"too_late":1,"not_needed":0}`
	if string(got) != want {
		t.Errorf("total %s\nwant  %s", got, want)
	}
	if !slices.Equal(r.Days, []string{"2026-03-02", "2026-03-03", "2026-03-04"}) {
		t.Errorf("days %v", r.Days)
	}
	for what, x := range map[string]struct {
		groups []Group
		want   []string
	}{
		"days": {r.Groups, []string{"2026-03-02 3", "2026-03-03 3", "2026-03-04 1"}}, "causes": {r.Causes, []string{"late 2"}},
		"reasons": {r.Reasons, []string{"anger 3", "- 1"}}, "levels": {r.Levels, []string{"0 3", "1 3", "2 1"}}, "skills": {r.Skills, []string{"- 2", "billing 2"}},
		"topics": {r.Topics, []string{"delivery 2", "- 1"}},
	} {
		var got []string
		for _, g := range x.groups {
			got = append(got, g.Key+" "+strconv.Itoa(g.Conversations))
		}
		if !slices.Equal(got, x.want) {
			t.Errorf("%s: %v, want %v", what, got, x.want)
		}
	}
	if !slices.Equal(r.Causes[0].Series, []int{0, 2, 0}) {
		t.Errorf("the cause's course is %v", r.Causes[0].Series)
	}
	// v1 was passed on twice; d, e and g once; v2 and v3 never.
	if want := []Customers{{0, 2}, {1, 3}, {2, 1}, {3, 0}}; !slices.Equal(r.Handovers, want) {
		t.Errorf("hand-overs %v, want %v", r.Handovers, want)
	}
}

func TestHoursAreTheZones(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Ljubljana") // an hour ahead in March
	if err != nil {
		t.Fatal(err)
	}
	o := options(ByHour)
	o.Zone = zone
	r := made(t, week(), o)
	if len(r.Groups) != 24 || r.Groups[10].Conversations != 2 || r.Groups[0].Conversations != 1 {
		t.Errorf("10 o'clock has %d conversations, midnight %d", r.Groups[10].Conversations, r.Groups[0].Conversations)
	}
	hour := 0
	if got := List(week(), Filter{Hour: &hour}, zone); len(got) != 1 || got[0].ID != "c" {
		t.Errorf("behind midnight: %v", got)
	}
}

// TestEveryFigureOpensItsConversations draws rows and holds each group's count to what its filter lists.
func TestEveryFigureOpensItsConversations(t *testing.T) {
	text := func(t *rapid.T, what string, more ...string) string {
		return rapid.SampledFrom(append([]string{"", "x", "y"}, more...)).Draw(t, what)
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]Row, rapid.IntRange(0, 30).Draw(t, "rows"))
		for i := range rows {
			at := monday.Add(time.Duration(rapid.IntRange(0, 3*24*60-1).Draw(t, "minute")) * time.Minute)
			rows[i] = Row{ID: strconv.Itoa(i), Visitor: text(t, "visitor"), Language: text(t, "language"), Site: text(t, "site"),
				Reason: text(t, "reason"), Skill: text(t, "skill"), Cause: text(t, "cause"), Topic: text(t, "topic"), Owner: chat.OwnerClosed, CreatedAt: at,
				Handoff: rapid.Bool().Draw(t, "handoff"), Level: rapid.IntRange(0, 4).Draw(t, "level"), Handovers: rapid.IntRange(0, 3).Draw(t, "handovers"),
				Rating: rapid.IntRange(0, 5).Draw(t, "rating"), Outcome: text(t, "outcome", "settled")}
		}
		slices.SortFunc(rows, func(a, b Row) int { return a.CreatedAt.Compare(b.CreatedAt) })
		holds := func(what string, want int, f Filter) {
			if got := len(List(rows, f, time.UTC)); got != want {
				t.Fatalf("%s says %d, behind it are %d", what, want, got)
			}
		}
		r, err := Make(rows, options(ByDay))
		if err != nil {
			t.Fatal(err)
		}
		holds("total", r.Total.Conversations, Filter{})
		holds("contained", r.Total.Contained, Filter{Is: IsContained})
		holds("handed over", r.Total.HandedOver, Filter{Is: IsHandedOver})
		holds("settled", r.Total.Settled, Filter{Is: IsSettled})
		holds("rated", r.Total.Rated, Filter{Is: IsRated})
		for _, g := range r.Groups {
			holds("day "+g.Key, g.Conversations, Filter{Day: g.Key})
		}
		for _, g := range r.Reasons {
			holds("reason "+g.Key, g.Conversations, Filter{Reason: g.Key, Is: IsHandedOver})
		}
		for _, g := range r.Skills {
			holds("skill "+g.Key, g.Conversations, Filter{Skill: g.Key, Is: IsHandedOver})
		}
		for _, g := range r.Topics {
			holds("topic "+g.Key, g.Conversations, Filter{Topic: g.Key, Is: IsContained})
		}
		o := options(ByDay)
		o.Filter.Language = "x"
		of, err := Make(rows, o)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range of.Handovers {
			customers := map[string]bool{}
			for _, row := range List(rows, Filter{Language: "x", Handovers: &h.Handovers}, time.UTC) {
				customers[row.Visitor] = true
			}
			if len(customers) != h.Customers {
				t.Fatalf("%d hand-overs: %d customers, behind it are %d", h.Handovers, h.Customers, len(customers))
			}
		}
		for _, g := range r.Levels {
			level, err := strconv.Atoi(g.Key)
			if err != nil {
				t.Fatal(err)
			}
			holds("level "+g.Key, g.Conversations, Filter{Level: &level})
		}
	})
}

func TestAReportIsBounded(t *testing.T) {
	o := options(ByDay)
	o.To = o.From.AddDate(2, 0, 0)
	if _, err := Make(nil, o); err == nil {
		t.Error("two years have a column for each day")
	}
	if _, err := Make(nil, options("moon")); err == nil {
		t.Error("by moon is taken")
	}
}

func TestTablesHaveEveryGroup(t *testing.T) {
	r := made(t, week(), options(ByLanguage))
	table := Table(r)
	if want := 2 + len(r.Groups) + len(r.Reasons) + len(r.Causes) + len(r.Products) + len(r.Levels) + len(r.Skills) + len(r.Topics); len(table) != want {
		t.Errorf("%d rows, want %d", len(table), want)
	}
	for _, row := range append(table, Rows(week())...) {
		if len(row) != len(table[0]) && len(row) != len(Rows(nil)[0]) {
			t.Errorf("%d cells in %v", len(row), row)
		}
	}
}
