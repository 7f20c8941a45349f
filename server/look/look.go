package look

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ombud/chat"
)

// colour is what a colour must look like: nothing else gets into a style sheet on somebody's page.
var colour = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// choices are the values of the settings that a site can have of its own; the first is the widget's own.
var choices = map[string][]string{"position": {"right", "left"}, "theme": {"auto", "light", "dark"}, "bubble": {"show", "hide"}}

// Check says what is wrong with a look, as *chat.InvalidError under the field "look".
func Check(l chat.Look) error {
	for _, s := range settings(l) {
		if s.value != "" && !slices.Contains(choices[s.name], s.value) {
			return &chat.InvalidError{Field: "look." + s.name, Code: "unknown", Hint: "Choose one of: " + strings.Join(choices[s.name], ", ") + "."}
		}
	}
	for side, p := range map[string]*chat.Palette{"light": l.Light, "dark": l.Dark} {
		if p == nil {
			continue
		}
		for _, c := range colours(*p) {
			if !colour.MatchString(c.value) {
				return &chat.InvalidError{Field: "look." + side + "." + c.name, Code: "colour", Hint: "Give a colour such as #1d6a5c, in small letters."}
			}
		}
	}
	if (l.Light == nil) != (l.Dark == nil) {
		return &chat.InvalidError{Field: "look.dark", Code: "needed", Hint: "Give the colours of both, light and dark, or of neither."}
	}
	return nil
}

// Script gives the lines to put before the widget's loader, "" for a look that changes nothing. They set what the page
// itself does not: a data attribute or a style of the page's own wins. The look must have passed Check.
func Script(l chat.Look) string {
	set := map[string]string{}
	for _, s := range settings(l) {
		if s.value != "" && s.value != choices[s.name][0] {
			set[s.name] = s.value
		}
	}
	var b strings.Builder
	if len(set) > 0 {
		data, _ := json.Marshal(set) // strings to strings: it cannot fail
		fmt.Fprintf(&b, "(function(s,d,k){for(k in d)k in s||(s[k]=d[k])})(document.currentScript.dataset,%s);\n", data)
	}
	if l.Light != nil && l.Dark != nil {
		// :where weighs nothing, so that the page's own rule for ombud-chat wins.
		css := ":where(ombud-chat){"
		dark := colours(*l.Dark)
		for i, c := range colours(*l.Light) {
			css += fmt.Sprintf("--ombud-%s:light-dark(%s,%s);", c.property, c.value, dark[i].value)
		}
		fmt.Fprintf(&b, "(function(c){c.replaceSync(%q);document.adoptedStyleSheets=[].concat(Array.from(document.adoptedStyleSheets),c)})(new CSSStyleSheet);\n", css+"}")
	}
	return b.String()
}

type setting struct{ name, value string }

func settings(l chat.Look) []setting {
	return []setting{{"position", l.Position}, {"theme", l.Theme}, {"bubble", l.Bubble}}
}

type part struct{ name, property, value string }

func colours(p chat.Palette) []part {
	return []part{
		{"accent", "accent", p.Accent}, {"hover", "accent-hover", p.Hover}, {"on_accent", "on-accent", p.OnAccent},
		{"soft", "accent-soft", p.Soft}, {"on_soft", "on-accent-soft", p.OnSoft},
	}
}
