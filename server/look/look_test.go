package look

import (
	"errors"
	"strings"
	"testing"

	"ombud/chat"
)

var plum = &chat.Palette{Accent: "#5b2a86", Hover: "#47206a", OnAccent: "#ffffff", Soft: "#f1e8f8", OnSoft: "#4a2070"}

func TestOnlyColoursAndKnownSettingsGetOntoAPage(t *testing.T) {
	broken := func(change func(*chat.Palette)) chat.Look {
		p := *plum
		change(&p)
		return chat.Look{Light: plum, Dark: &p}
	}
	for name, c := range map[string]struct {
		look  chat.Look
		field string
	}{
		"nothing":       {chat.Look{}, ""},
		"all":           {chat.Look{Position: "left", Theme: "dark", Bubble: "hide", Light: plum, Dark: plum}, ""},
		"a strange one": {chat.Look{Position: "top"}, "look.position"},
		"a theme":       {chat.Look{Theme: `dark"}`}, "look.theme"},
		"a name":        {broken(func(p *chat.Palette) { p.Accent = "red" }), "look.dark.accent"},
		"a way out":     {broken(func(p *chat.Palette) { p.Soft = "#fff}*{display:none" }), "look.dark.soft"},
		"a second line": {broken(func(p *chat.Palette) { p.OnSoft = "#ffffff\n" }), "look.dark.on_soft"},
		"capitals":      {broken(func(p *chat.Palette) { p.OnAccent = "#FFFFFF" }), "look.dark.on_accent"},
		"one alone":     {chat.Look{Light: plum}, "look.dark"},
	} {
		err := Check(c.look)
		var invalid *chat.InvalidError
		if (err == nil) != (c.field == "") || err != nil && (!errors.As(err, &invalid) || invalid.Field != c.field) {
			t.Errorf("%s: %v, want %q", name, err, c.field)
		}
	}
}

func TestAScriptSetsOnlyWhatDiffers(t *testing.T) {
	for _, l := range []chat.Look{{}, {Position: "right", Theme: "auto", Bubble: "show"}} {
		if got := Script(l); got != "" {
			t.Errorf("%+v: %s", l, got)
		}
	}
	got := Script(chat.Look{Position: "left", Theme: "auto", Light: plum, Dark: plum})
	for _, want := range []string{`{"position":"left"}`, `:where(ombud-chat){--ombud-accent:light-dark(#5b2a86,#5b2a86);--ombud-accent-hover:`, `--ombud-on-accent-soft:light-dark(#4a2070,#4a2070);}"`} {
		if !strings.Contains(got, want) {
			t.Errorf("%s\nlacks %s", got, want)
		}
	}
	if strings.Contains(got, "theme") || len(got) > 700 {
		t.Errorf("%d bytes: %s", len(got), got)
	}
}
