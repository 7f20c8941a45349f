package bot

import (
	"strings"

	"ombud/bot/nlu"
)

// fakeUnderstanding reads signals and topics from words agreed on in tests: "#angry", "#topic=order_status",
// "#lang=de", "#oos", each with an optional strength as in "#angry=0.9".
type fakeUnderstanding struct{}

func (fakeUnderstanding) Assess(text string, c nlu.Context) nlu.Assessment {
	a := nlu.Assessment{Language: c.Language, LanguageSure: 0.5}
	for _, w := range strings.Fields(text) {
		tag, ok := strings.CutPrefix(w, "#")
		if !ok {
			continue
		}
		name, value, _ := strings.Cut(tag, "=")
		switch name {
		case "topic":
			id, conf, has := strings.Cut(value, ":")
			c := 0.9
			if has {
				c = number(conf)
			}
			a.Topics = append(a.Topics, nlu.TopicScore{Topic: id, Confidence: c})
		case "lang":
			a.Language, a.LanguageSure = value, 0.99
		case "oos":
			a.OutOfScope = 0.95
		default:
			s := nlu.SignalScore{Signal: nlu.Signal(name), Strength: 0.9, Found: true, Evidence: name}
			if value != "" {
				s.Strength = number(value)
				s.Found = s.Strength >= 0.5
			}
			a.Signals = append(a.Signals, s)
		}
	}
	return a
}

func number(s string) float64 {
	v := 0.0
	scale := 1.0
	seen := false
	for _, r := range s {
		if r == '.' {
			seen = true
			continue
		}
		v = v*10 + float64(r-'0')
		if seen {
			scale *= 10
		}
	}
	return v / scale
}
