package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/chat"
	"ombud/handoff"
	"ombud/server"
	"ombud/storage"
)

const (
	// historyDays is how far back the demo's history reaches.
	historyDays = 60
	// historyWriters append at the same time, so that they share commits.
	historyWriters = 8
	settingHistory = "demo.history"
)

// demoHistory fills the demo with conversations of the last two months, once in the life of a database, beside the
// running server. What visitors say is taken from the script's examples, in part muddled, what the bot answers is what it
// decides, and the events are appended like any others: only their times are of the past.
func (a *app) demoHistory(ctx context.Context) error {
	if a.c.DemoHistory <= 0 {
		return nil
	}
	mine, err := json.Marshal(newID())
	if err != nil {
		return err
	}
	decided, err := a.db.SettingOnce(ctx, settingHistory, mine)
	if err != nil || string(decided) != string(mine) {
		return err // another node fills it, or an earlier start did
	}
	if _, err := a.db.SettingOnce(ctx, server.SettingProducts, json.RawMessage(demoProducts)); err != nil {
		return err
	}
	engine, err := a.engine.Copy() // without a model: nobody waits for these answers
	if err != nil {
		return fmt.Errorf("copy the bot: %w", err)
	}
	people, err := a.db.Users(ctx)
	if err != nil {
		return fmt.Errorf("read the demo's people: %w", err)
	}
	if newHistorian(a.db, engine, a.rules(), people, 0).language() == "" {
		return nil // a script without examples in these languages has nothing for visitors to say
	}
	begun := time.Now()
	var wg sync.WaitGroup
	for writer := range historyWriters {
		wg.Go(func() {
			h := newHistorian(a.db, engine, a.rules(), people, uint64(writer))
			for n := writer; n < a.c.DemoHistory && ctx.Err() == nil; n += historyWriters {
				if err := h.conversation(ctx, h.moment(now(), n)); err != nil {
					a.logger.Warn("write the demo's history", "error", err)
					return
				}
			}
		})
	}
	wg.Wait()
	a.logger.Info("the demo has a history", "conversations", a.c.DemoHistory, "took", time.Since(begun).Round(time.Millisecond))
	return nil
}

// historian writes conversations of the past.
type historian struct {
	db     *storage.DB
	engine *bot.Engine
	rules  handoff.Rules
	people map[int][]chat.User                 // by level
	said   map[string]map[string][]nlu.Example // by language and topic; "" holds those of no topic
	topics []string
	draw   *rand.Rand
}

func newHistorian(db *storage.DB, engine *bot.Engine, rules handoff.Rules, people []chat.User, seed uint64) *historian {
	h := &historian{db: db, engine: engine, rules: rules, people: map[int][]chat.User{}, said: map[string]map[string][]nlu.Example{},
		draw: rand.New(rand.NewPCG(7, seed))}
	for _, u := range people {
		for level := chat.LevelAgent; level <= u.Level; level++ {
			h.people[level] = append(h.people[level], u)
		}
	}
	s := engine.Script()
	for _, e := range s.Examples {
		if h.said[e.Language] == nil {
			h.said[e.Language] = map[string][]nlu.Example{}
		}
		h.said[e.Language][e.Topic] = append(h.said[e.Language][e.Topic], e)
	}
	for _, t := range s.Topics {
		if !t.SmallTalk {
			h.topics = append(h.topics, t.ID)
		}
	}
	return h
}

// moment is when the n-th conversation begins: on a shop's hours, more often of late, on fewer weekends.
func (h *historian) moment(now time.Time, n int) time.Time {
	for {
		day := int(float64(historyDays) * (1 - h.draw.Float64()*h.draw.Float64()) * h.draw.Float64())
		at := now.AddDate(0, 0, -day-1).Truncate(24 * time.Hour).Add(time.Duration((13.5 + 3.2*h.draw.NormFloat64()) * float64(time.Hour)))
		weekend := at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
		if at.Before(now.Add(-time.Hour)) && (!weekend || h.draw.IntN(3) == 0) {
			return at.Add(time.Duration(n) * time.Microsecond)
		}
	}
}

// weighted draws one of the names by its weight; "" where there are none.
func (h *historian) weighted(names []string, weights []float64) string {
	if len(names) == 0 {
		return ""
	}
	var sum float64
	for _, w := range weights {
		sum += w
	}
	for at, i := h.draw.Float64()*sum, 0; ; i++ {
		if at -= weights[i]; at < 0 || i == len(names)-1 {
			return names[i]
		}
	}
}

// language draws one of the languages in which the script has examples.
func (h *historian) language() string {
	var spoken []string
	var weights []float64
	for i, language := range []string{"en", "hu", "sl", "fr", "zh"} {
		if len(h.said[language]) > 0 {
			spoken, weights = append(spoken, language), append(weights, []float64{35, 20, 15, 15, 15}[i])
		}
	}
	return h.weighted(spoken, weights)
}

// topic draws a topic; the first ones of the script are what people write about most.
func (h *historian) topic() string {
	weights := make([]float64, len(h.topics))
	for i := range weights {
		weights[i] = 1 / float64(i+2)
	}
	return h.weighted(h.topics, weights)
}
