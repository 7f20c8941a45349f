package transcript

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"ombud/chat"
)

func event(t *testing.T, kind chat.Kind, role chat.Role, body any) chat.Event {
	t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return chat.Event{Kind: kind, Role: role, At: time.Date(2026, 5, 4, 10, 30, 0, 0, time.UTC), Body: b}
}

func TestAConversationIsWrittenAsItsVisitorSawIt(t *testing.T) {
	budapest, err := time.LoadLocation("Europe/Budapest")
	if err != nil {
		t.Fatal(err)
	}
	events := []chat.Event{
		event(t, chat.KindMessage, chat.RoleVisitor, chat.Message{Text: "Where is {1}?"}),
		event(t, chat.KindNote, chat.RoleAgent, chat.Note{Text: "secret"}),
		event(t, chat.KindBrief, chat.RoleBot, map[string]string{"text": "secret"}),
		event(t, chat.KindHandoffClaimed, chat.RoleAgent, chat.Claimed{Name: "Ann"}),
		event(t, chat.KindMessage, chat.RoleAgent, chat.Message{Text: "On its way.", Name: "Ann"}),
		event(t, chat.KindFile, chat.RoleAgent, chat.Attached{FileName: "label.pdf", Name: "Ann"}),
		event(t, chat.KindClosed, chat.RoleAgent, chat.Closed{Cause: "secret"}),
	}
	got := Conversation("en-GB", "Pine", events, budapest)
	want := "Your chat with Pine. Times are in the zone Europe/Budapest.\n\n" +
		"4 May 2026, 12:30 – You:\nWhere is {1}?\n\n" +
		"4 May 2026, 12:30 – Notice:\nAnn has joined the chat.\n\n" +
		"4 May 2026, 12:30 – Ann:\nOn its way.\n\n" +
		"4 May 2026, 12:30 – Ann:\n[label.pdf]\n\n" +
		"4 May 2026, 12:30 – Notice:\nThe chat has ended.\n"
	if got.Text != want || got.Subject != "Your chat with Pine" {
		t.Errorf("%q\n%s", got.Subject, got.Text)
	}
}

func TestALongConversationKeepsItsEnd(t *testing.T) {
	var events []chat.Event
	for range 200 {
		events = append(events, event(t, chat.KindMessage, chat.RoleVisitor, chat.Message{Text: strings.Repeat("x", 4000)}))
	}
	events = append(events, event(t, chat.KindMessage, chat.RoleAgent, chat.Message{Text: "the end", Name: "Ann"}))
	got := Conversation("en", "Pine", events, time.UTC)
	if len(got.Text) > MostBytes+1000 || !strings.Contains(got.Text, "the end") || !strings.Contains(got.Text, "\n…\n") {
		t.Errorf("%d bytes", len(got.Text))
	}
}

func TestEveryLanguageHasEveryText(t *testing.T) {
	for language, w := range texts {
		for name, text := range map[string][2]string{
			"code subject": {w.codeSubject, "{2}"}, "code text": {w.codeText, "{1} {2}"}, "subject": {w.subject, "{1}"}, "intro": {w.intro, "{1} {2}"},
			"joined": {w.joined, "{1}"}, "closed": {w.closed, ""}, "you": {w.you, ""}, "bot": {w.bot, ""}, "agent": {w.agent, ""}, "notice": {w.notice, ""}, "at": {w.at, "2006"},
		} {
			for hole := range strings.FieldsSeq(text[1]) {
				if !strings.Contains(text[0], hole) {
					t.Errorf("%s, %s: %q lacks %s", language, name, text[0], hole)
				}
			}
			if text[0] == "" {
				t.Errorf("%s has no %s", language, name)
			}
		}
	}
	if code := Code("fi", "Pine", "123456"); !strings.Contains(code.Text, "123456") || !strings.Contains(code.Subject, "123456") {
		t.Errorf("%+v", code)
	}
}
