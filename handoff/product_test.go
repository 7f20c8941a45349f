package handoff

import (
	"testing"

	"ombud/chat"
)

func TestAnExpertInTheProductMayTakeItToo(t *testing.T) {
	c := chat.Conversation{ID: "c", Owner: chat.OwnerQueue, Level: 2, Skill: "technical", Language: "en", Product: "kettle"}
	knows := Agent{ID: "z-knows", Level: 2, Skills: []string{"sales"}, Products: []string{"cup", "kettle"}, Capacity: 3, Held: 2, Ready: true}
	skilled := Agent{ID: "a-skilled", Level: 2, Skills: []string{"technical"}, Capacity: 3, Ready: true}
	neither := Agent{ID: "neither", Level: 2, Skills: []string{"sales"}, Products: []string{"cup"}, Capacity: 3, Ready: true}
	first, french, other := c, c, c
	first.Level, french.Language, other.Product = 1, "fr", ""
	english := knows
	english.Languages = []string{"en"}
	for name, x := range map[string]struct {
		a    Agent
		c    chat.Conversation
		want bool
	}{
		"the skill":                        {skilled, c, true},
		"the product":                      {knows, c, true},
		"neither":                          {neither, c, false},
		"the product, where none is asked": {knows, first, false},
		"another product":                  {knows, other, false},
		"the product, but no language":     {english, french, false},
	} {
		if got := x.a.Fits(x.c); got != x.want {
			t.Errorf("%s: fits %v", name, got)
		}
	}
	rules := DefaultRules()
	rules.Skills = map[string]SkillRules{"": {Mode: Push}}
	given := Assign([]chat.Conversation{c, other}, []Agent{neither, skilled, knows}, rules, nobody)
	if len(given) != 2 || given[0].Agent.ID != knows.ID || given[1].Agent.ID != skilled.ID {
		t.Errorf("pushed to %+v", given)
	}
	if got := Prospects([]chat.Conversation{c, other}, []Agent{neither, skilled, knows}, 3, nobody); got[0] != (Prospect{1, 4, 6}) || got[1] != (Prospect{2, 3, 3}) {
		t.Errorf("prospects %+v", got)
	}
}

func TestAProductIsFoundByItsName(t *testing.T) {
	all := []Product{{"k", "Kettle"}, {"k2", "Kettle 2000"}, {"p", "Ivóvíz-szűrő"}, {"h", "热水壶"}, {"none", " "}, {"g", "Go"}}
	for _, x := range []struct{ text, language, want string }{
		{"My KETTLE leaks", "en", "k"},
		{"my kettle 2000 leaks", "en", "k2"},
		{"the kettle 20001", "en", "k"},
		{"a drumkettle", "en", ""},
		{"two kettles", "en", ""},
		{"my mango is gone, gooing", "en", ""},
		{"let it (Go)!", "en", "g"},
		{"A kettlelel van baj", "hu", "k"},
		{"az ivóvíz-szűrőmet kérem", "hu", "p"},
		{"s kettleom", "sl", "k"},
		{"a kettlemachine", "hu", ""},
		{"我的热水壶坏了", "zh", "h"},
		{"", "en", ""},
	} {
		if got := ProductIn(x.text, x.language, all); got != x.want {
			t.Errorf("%q names %q, want %q", x.text, got, x.want)
		}
	}
}

func TestAProductIsFoundWhereItsNameIsDeclined(t *testing.T) {
	hu := []Product{{"pot", "Teáskanna"}, {"cup", "Csésze"}, {"apple", "Alma"}, {"set", "Bögre Family"}}
	sl := []Product{{"coffee", "Kava"}, {"window", "Okno"}, {"white", "Bela skodelica"}, {"robot", "Kuhinjski robot"}, {"go", "Go"}, {"new", "Novi Set"}}
	for _, x := range []struct {
		text, language string
		all            []Product
		want           string
	}{
		{"A teáskannát kérem vissza", "hu", hu, "pot"},
		{"a teáskannával van baj", "hu", hu, "pot"},
		{"két teáskannánk, teáskannáinkról", "hu", hu, "pot"},
		{"TEÁSKANNÁMMAL", "hu", hu, "pot"},
		{"a csészéket kérem", "hu", hu, "cup"},
		{"az almás lepény", "hu", hu, ""},
		{"az almáriumot kérem", "hu", hu, ""},
		{"almák nélkül", "hu", hu, "apple"},
		{"a teáskanná", "hu", hu, ""},
		{"bögrét family", "hu", hu, ""},
		{"je voudrais une teáskannát", "fr", hu, ""},
		{"naročil sem kavo", "sl", sl, "coffee"},
		{"s kavami in kave", "sl", sl, "coffee"},
		{"v kavarni je kavč", "sl", sl, ""},
		{"kavarna", "sl", sl, ""},
		{"pri oknu", "sl", sl, "window"},
		{"belo skodelico, prosim", "sl", sl, "white"},
		{"belo veliko skodelico", "sl", sl, ""},
		{"belo, skodelico", "sl", sl, ""},
		{"za kuhinjskega robota", "sl", sl, "robot"},
		{"ga, gu, gi", "sl", sl, ""},
		{"novega seta", "sl", sl, "new"},
		{"novegaseta", "sl", sl, ""},
		{"I had kavo", "en", sl, ""},
	} {
		if got := ProductIn(x.text, x.language, x.all); got != x.want {
			t.Errorf("%q names %q, want %q", x.text, got, x.want)
		}
	}
}
