package main

import (
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"ombud/handoff"
	"ombud/storage/storagetest"
)

func TestRulesGoLiveAndBadOnesDoNot(t *testing.T) {
	a := &app{db: storagetest.SQLite(t), logger: slog.New(slog.DiscardHandler)}
	use := func() handoff.Rules {
		t.Helper()
		if err := a.useRules(t.Context()); err != nil {
			t.Fatal(err)
		}
		return a.rules()
	}
	save := func(change func(*handoff.Rules)) {
		t.Helper()
		r := handoff.DefaultRules()
		change(&r)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if err := a.db.SaveSetting(t.Context(), handoff.SettingRules, text); err != nil {
			t.Fatal(err)
		}
	}
	if use().Handovers != handoff.DefaultRules().Handovers {
		t.Error("without a setting the rules are not the default ones")
	}
	save(func(r *handoff.Rules) { r.Handovers = 7 })
	if use().Handovers != 7 {
		t.Error("what an admin saved is not live")
	}
	save(func(r *handoff.Rules) { r.Handovers = -1 })
	if use().Handovers != 7 {
		t.Error("rules that do not validate went live")
	}
}

func TestTheDatabasesClockCounts(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		a := &app{db: storagetest.Open(t, url), logger: slog.New(slog.DiscardHandler)}
		a.shared.ahead.Store(int64(time.Hour)) // as if this node's clock had just been set forward by an hour
		if err := a.useTime(t.Context()); err != nil {
			t.Fatal(err)
		}
		if off := time.Duration(a.shared.ahead.Load()); off != 0 {
			t.Errorf("on the same machine the clocks differ by %s", off)
		}
	})
}
