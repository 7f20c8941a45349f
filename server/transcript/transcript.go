package transcript

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"ombud/chat"
)

// MostBytes is how long the text of a transcript gets; what came before is left out, and the text says so.
const MostBytes = 256 << 10

// Letter is one e-mail to be.
type Letter struct{ Subject, Text string }

// Code gives the letter that brings a code to whoever owns an address. Nothing in it was written by a visitor.
func Code(language, site, code string) Letter {
	w := wordsOf(language)
	return Letter{fill(w.codeSubject, site, code), fill(w.codeText, site, code)}
}

// Conversation gives the letter with everything of a log that its visitor may see, oldest first, its times in a zone.
func Conversation(language, site string, events []chat.Event, in *time.Location) Letter {
	w := wordsOf(language)
	var lines []string
	size := 0
	for i := len(events) - 1; i >= 0; i-- {
		line := w.line(events[i], in)
		if line == "" {
			continue
		}
		if size += len(line); size > MostBytes {
			lines = append(lines, "…")
			break
		}
		lines = append(lines, line)
	}
	var b strings.Builder
	b.WriteString(fill(w.intro, site, in.String()) + "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		b.WriteString("\n" + lines[i] + "\n")
	}
	return Letter{fill(w.subject, site), b.String()}
}

// line writes one event, "" where there is nothing in it to read.
func (w words) line(e chat.Event, in *time.Location) string {
	if !e.Kind.ForVisitor() {
		return ""
	}
	var body struct {
		Text     string `json:"text"`
		Name     string `json:"name"`
		FileName string `json:"file_name"`
		Number   string `json:"number"`
	}
	if json.Unmarshal(e.Body, &body) != nil {
		return ""
	}
	text, who := body.Text, body.Name
	switch e.Kind {
	case chat.KindMessage, chat.KindLeftMessage, chat.KindOffer, chat.KindPromise:
	case chat.KindFile:
		text = "[" + body.FileName + "]"
	case chat.KindComplaint:
		text = body.Number
	case chat.KindHandoffClaimed:
		text, who = fill(w.joined, body.Name), w.notice
	case chat.KindClosed:
		text, who = w.closed, w.notice
	default:
		return ""
	}
	if text == "" {
		return ""
	}
	if who == "" {
		who = map[chat.Role]string{chat.RoleVisitor: w.you, chat.RoleBot: w.bot, chat.RoleAgent: w.agent, chat.RoleSystem: w.notice}[e.Role]
	}
	return fmt.Sprintf("%s – %s:\n%s", e.At.In(in).Format(w.at), who, text)
}

// fill puts args in place of {1}, {2} …, once: what people wrote is not searched again.
func fill(text string, args ...string) string {
	var pairs []string
	for i, a := range args {
		pairs = append(pairs, fmt.Sprintf("{%d}", i+1), a)
	}
	return strings.NewReplacer(pairs...).Replace(text)
}
