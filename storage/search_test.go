package storage_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"sort"
	"strings"
	"testing"
	"time"

	"ombud/chat"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// ask gives the ids that a search finds, in its order, over all its pages.
func ask(t testing.TB, db *storage.DB, q chat.Search) []string {
	t.Helper()
	ids := []string{}
	for range 1000 {
		found, err := db.Search(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range found.Hits {
			if !slices.Contains(ids, h.Conversation.ID) {
				ids = append(ids, h.Conversation.ID)
			}
		}
		if q.After = found.Next; q.After == "" {
			return ids
		}
	}
	t.Fatal("a search without an end")
	return nil
}

// shop stores five conversations. ann holds c1; c2 waits at level 3; c3 waits with the skill billing; bea closed c4, of
// c1's visitor; the bot has c5.
func shop(t *testing.T, db *storage.DB) {
	t.Helper()
	named := func(name, email string) chat.Event {
		return event(chat.KindVisitorIdentified, chat.RoleSystem, "", chat.Identified{Name: name, Email: email})
	}
	wait := func(level int, skill string) chat.Event {
		return event(chat.KindHandoffRequested, chat.RoleBot, "", chat.Handoff{ID: "h", Reason: "asked_for_human", Severity: "low", Level: level, Skill: skill})
	}
	language := func(code string) chat.Event {
		return event(chat.KindLanguageChanged, chat.RoleSystem, "", chat.LanguageChanged{Language: code})
	}
	note := event(chat.KindNote, chat.RoleAgent, "bea", chat.Note{Text: "bank says: duplicate capture"})
	closed := event(chat.KindClosed, chat.RoleAgent, "bea", chat.Closed{By: "bea", Cause: "wrong_bill", Outcome: "settled"})
	text := func(words string) chat.Event { return say("v", "", words) }
	add(t, db, "c4", at(opened("v1"), 0), at(named("Judit", "judit@example.com"), 0), at(text("They charged me twice for the boots"), 1), at(wait(1, ""), 2), at(claimed("bea"), 3), at(note, 4), at(closed, 5))
	add(t, db, "c1", at(opened("v1"), 10), at(text("Kétszer vonták le a RENDELÉST"), 11), at(language("hu"), 11), at(wait(1, ""), 12), at(claimed("ann"), 13))
	add(t, db, "c2", at(opened("v2"), 20), at(named("Marc", ""), 20), at(text("The boots caught fire"), 21), at(wait(3, ""), 22))
	add(t, db, "c3", at(opened("v3"), 30), at(text("A second invoice for boots, and boots again"), 31), at(wait(1, "billing"), 32))
	add(t, db, "c5", at(opened("v4"), 40), at(text("显示已签收，但我根本没收到！boots"), 41), at(language("zh"), 41))
}

func TestSearchFindsWhatWasAskedFor(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		shop(t, db)
		ann := chat.User{ID: "ann", Grade: chat.GradeAgent, Level: 1, Skills: []string{"delivery"}}
		bea := chat.User{ID: "bea", Grade: chat.GradeAgent, Level: 3}
		for name, c := range map[string]struct {
			q    chat.Search
			want string
		}{
			"a word, newest first":              {chat.Search{Words: "BOOTS"}, "c5 c3 c2 c4"},
			"all words":                         {chat.Search{Words: "boots fire"}, "c2"},
			"a beginning":                       {chat.Search{Words: "rendeles"}, "c1"},
			"pairs of characters":               {chat.Search{Words: "签收"}, "c5"},
			"a note":                            {chat.Search{Words: "duplicate"}, "c4"},
			"a name":                            {chat.Search{Words: "judit"}, "c4"},
			"nothing but punctuation":           {chat.Search{Words: "?!"}, ""},
			"no such word":                      {chat.Search{Words: "slippers"}, ""},
			"what looks like syntax":            {chat.Search{Words: `boots" OR 'fire & | ! ( NEAR`}, ""},
			"a customer":                        {chat.Search{Customer: "JUDIT@example"}, "c1 c4"},
			"a customer is not what was said":   {chat.Search{Customer: "boots"}, ""},
			"a customer's words":                {chat.Search{Customer: "judit", Words: "boots"}, "c4"},
			"a cause":                           {chat.Search{Cause: "wrong_bill"}, "c4"},
			"a language":                        {chat.Search{Language: "zh", Words: "boots"}, "c5"},
			"who took part":                     {chat.Search{Agent: "bea"}, "c4"},
			"a time":                            {chat.Search{Words: "boots", From: start.Add(15 * time.Minute), To: start.Add(31 * time.Minute)}, "c2"},
			"when it began":                     {chat.Search{From: start.Add(10 * time.Minute), To: start.Add(30 * time.Minute)}, "c2 c1"},
			"all":                               {chat.Search{}, "c5 c3 c2 c1 c4"},
			"one hit a page":                    {chat.Search{Words: "boots", Limit: 1}, "c5 c3 c2 c4"},
			"two conversations a page":          {chat.Search{Limit: 2}, "c5 c3 c2 c1 c4"},
			"ann: hers, and its visitor's":      {chat.Search{Viewer: &ann}, "c1 c4"},
			"ann: words of what she may see":    {chat.Search{Words: "boots", Viewer: &ann}, "c4"},
			"bea: what waits, and where from":   {chat.Search{Viewer: &bea}, "c3 c2 c4"},
			"bea: not another's, not the bot's": {chat.Search{Words: "boots", Viewer: &bea}, "c3 c2 c4"},
		} {
			if got := strings.Join(ask(t, db, c.q), " "); got != c.want {
				t.Errorf("%s: found %q, want %q", name, got, c.want)
			}
		}
		kay := chat.User{ID: "kay", Grade: chat.GradeAgent, Level: 3, Skills: []string{"repairs"}, Products: []string{"kettle"}}
		about := chat.Handoff{ID: "h", Severity: "low", Level: 2, Skill: "technical", Product: "kettle"}
		add(t, db, "c6", at(opened("v6"), 50), at(event(chat.KindHandoffRequested, chat.RoleBot, "", about), 51))
		if got := strings.Join(ask(t, db, chat.Search{Viewer: &kay}), " "); got != "c6 c2" {
			t.Errorf("kay, an expert in kettles, found %q", got)
		}
		hit := must(db.Search(t.Context(), chat.Search{Words: "boot", Language: "", Cause: "wrong_bill"}))(t).Hits[0]
		if hit.Text != "They charged me twice for the boots" || fmt.Sprint(hit.Marks) != "[[30 35]]" || hit.Customer != "" || hit.Seq != 3 || hit.Role != chat.RoleVisitor {
			t.Errorf("%+v", hit)
		}
		add(t, db, "c2", say("v", "", "Slippers! "+strings.Repeat("so long ", 60)+"burnt slippers"))
		hit = must(db.Search(t.Context(), chat.Search{Words: "burnt"}))(t).Hits[0]
		marked := []rune(hit.Text)[hit.Marks[0][0]:hit.Marks[0][1]]
		if string(marked) != "burnt" || len([]rune(hit.Text)) > 165 || !strings.HasPrefix(hit.Text, "…") {
			t.Errorf("a long text: %q marks %q", hit.Text, string(marked))
		}
	})
}

// TestSearchFindsWhatWasStoredBefore takes the index away, as a database has it that is older than search, and runs the
// migration's code again.
func TestSearchFindsWhatWasStoredBefore(t *testing.T) {
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		shop(t, db)
		queries := []chat.Search{{Words: "boots"}, {Customer: "judit"}, {Agent: "bea"}, {Words: "签收"}}
		var before []string
		for _, q := range queries {
			before = append(before, strings.Join(ask(t, db, q), " "))
		}
		drop := []string{`DELETE FROM search_texts`, `DELETE FROM took_part`}
		if db.Dialect() == "sqlite" {
			drop = append(drop, `DELETE FROM search_words`)
		}
		for _, statement := range drop {
			if _, err := db.Pool().ExecContext(t.Context(), statement); err != nil {
				t.Fatal(err)
			}
		}
		if got := ask(t, db, queries[0]); len(got) > 0 {
			t.Fatalf("without an index: %v", got)
		}
		if err := db.FillSearch(t.Context()); err != nil {
			t.Fatal(err)
		}
		for i, q := range queries {
			if got := strings.Join(ask(t, db, q), " "); got != before[i] {
				t.Errorf("%+v finds %q, before %q", q, got, before[i])
			}
		}
	})
}

// vocabulary has words of falling frequency, as languages have.
func vocabulary(r *rand.Rand) func() string {
	z := rand.NewZipf(r, 1.07, 2, 40_000)
	return func() string {
		n := z.Uint64()
		b := []byte{}
		for n += 27; n > 0; n /= 23 {
			b = append(b, "bcdfghjklmnprstvwxaeiou"[n%23])
		}
		return string(b)
	}
}

// TestSearchIsQuickInALargeDatabase prints the 99th percentile of a page's time. OMBUD_SEARCH_MESSAGES sets the size, and
// OMBUD_HOLD_TIMES holds it to the goal of 200 ms.
func TestSearchIsQuickInALargeDatabase(t *testing.T) {
	if testing.Short() {
		t.Skip("stores many messages")
	}
	messages := 20_000
	if n := os.Getenv("OMBUD_SEARCH_MESSAGES"); n != "" {
		if _, err := fmt.Sscan(n, &messages); err != nil {
			t.Fatal(err)
		}
	}
	storagetest.Each(t, func(t *testing.T, open func() *storage.DB) {
		db := open()
		r := rand.New(rand.NewPCG(1, 2))
		word := vocabulary(r)
		fillLarge(t, db, r, word, messages)
		var took []time.Duration
		ann := chat.User{ID: "agent-3", Grade: chat.GradeAgent, Level: 1, Skills: []string{"billing"}}
		for i := range 300 {
			q := chat.Search{Words: word(), Limit: 20}
			switch i % 6 {
			case 1:
				q.Words += " " + word()
			case 2:
				q.Language = []string{"en", "hu", "xx"}[i%3]
			case 3:
				q.Viewer = &ann
			case 4:
				q.Customer = fmt.Sprintf("customer%d", r.IntN(messages/10))
			case 5:
				q.Words, q.Cause = "", "cause-7"
			}
			begun := time.Now()
			if _, err := db.Search(t.Context(), q); err != nil {
				t.Fatal(err)
			}
			took = append(took, time.Since(begun))
			if last := took[len(took)-1]; last > 150*time.Millisecond {
				t.Logf("%v for %+v", last.Round(time.Millisecond), q)
			}
		}
		sort.Slice(took, func(i, j int) bool { return took[i] < took[j] })
		p50, p99 := took[len(took)/2], took[len(took)*99/100]
		t.Logf("search over %d messages, 300 pages: median %v, p99 %v", messages, p50.Round(10*time.Microsecond), p99.Round(10*time.Microsecond))
		limit := 2 * time.Second // a machine with other work to do is not held to the goal
		if os.Getenv("OMBUD_HOLD_TIMES") != "" {
			limit = 200 * time.Millisecond
		}
		if p99 > limit {
			t.Errorf("p99 is %v, want at most %v", p99, limit)
		}
	})
}

// fillLarge stores conversations of ten messages with eight words each.
func fillLarge(t *testing.T, db *storage.DB, r *rand.Rand, word func() string, messages int) {
	t.Helper()
	const senders = 64
	jobs := make(chan chat.Append, senders)
	done := make(chan error, senders)
	for range senders {
		go func() {
			for a := range jobs {
				if _, err := db.Append(context.Background(), a); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for c := range messages / 10 {
		minute := func(e chat.Event, i int) chat.Event { return at(e, c*10+i) }
		a := chat.Append{Conversation: fmt.Sprintf("large-%07d", c)}
		visitor := fmt.Sprintf("v%d", c)
		agent := fmt.Sprintf("agent-%d", c%40)
		a.Events = append(a.Events, minute(opened(visitor), 0),
			minute(event(chat.KindVisitorIdentified, chat.RoleSystem, "", chat.Identified{Name: fmt.Sprintf("Customer%d %s", c, word())}), 0),
			minute(event(chat.KindLanguageChanged, chat.RoleSystem, "", chat.LanguageChanged{Language: []string{"en", "hu"}[c%2]}), 0),
			minute(requested(fmt.Sprintf("h%d", c)), 0), minute(claimed(agent), 0))
		for i := range 10 {
			text := make([]string, 8)
			for k := range text {
				text[k] = word()
			}
			a.Events = append(a.Events, minute(say(visitor, "", strings.Join(text, " ")), i))
		}
		a.Events = append(a.Events, minute(event(chat.KindClosed, chat.RoleAgent, agent, chat.Closed{By: agent, Cause: fmt.Sprintf("cause-%d", r.IntN(200)), Outcome: "settled"}), 9))
		jobs <- a
	}
	close(jobs)
	for range senders {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
}
