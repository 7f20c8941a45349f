package care

import (
	"strings"
	"time"
)

// Voice has the texts of the script that is live; *bot.Engine is one.
type Voice interface {
	// Speaks gives the language in which a customer of one is written to.
	Speaks(language string) string
	// Text words a text of the script in a language that it speaks; args fill its placeholders, and are not searched for others.
	Text(key, language string, args map[string]string) string
}

// args fill the placeholders of a text.
type args = map[string]string

// day writes a date as the language does, in the zone of t.
func day(language string, t time.Time) string {
	format, ok := map[string]string{"hu": "2006.01.02.", "sl": "2. 1. 2006", "fr": "02/01/2006", "zh": "2006年1月2日"}[language]
	if !ok {
		format = "2 January 2006"
	}
	return t.Format(format)
}

// moment writes a day and time as the language does, with its time zone.
func moment(language string, t time.Time) string {
	return day(language, t) + " " + t.Format("15:04") + zoneOf(t)
}

func zoneOf(t time.Time) string {
	return " (" + strings.ReplaceAll(t.Location().String(), "_", " ") + ")"
}

// span writes a span of a day as the language does, in its own time zone.
func span(language string, from, until time.Time) string {
	return day(language, from) + " " + from.Format("15:04") + "–" + until.Format("15:04") + zoneOf(from)
}
