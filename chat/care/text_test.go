package care_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"ombud/bot/script"
	"ombud/chat"
	"ombud/storage/storagetest"
)

// A text of the company's that an admin publishes is what the next customer reads, in the chat and by e-mail; what people wrote stays as
// they wrote it.
func TestAPublishedTextIsWhatTheNextCustomerReads(t *testing.T) {
	w := newWorld(t, storagetest.Open(t, storagetest.SQLiteURL(t)))
	promised := func(id, language, what string) {
		w.held(id)
		w.add(id, chat.KindLanguageChanged, chat.RoleSystem, "", "", chat.LanguageChanged{Language: language})
		w.add(id, chat.KindPromise, chat.RoleAgent, "ann", "", chat.Promise{ID: "p", Text: what, DueAt: w.now().Add(4 * time.Hour), State: "open"})
		w.pass(3 * time.Hour)
	}
	said := func(id string) string {
		all := bodies[chat.Message](w, id, chat.KindMessage)
		if len(all) != 1 {
			t.Fatalf("%s: %+v", id, all)
		}
		return all[0].Language + ": " + all[0].Text
	}
	promised("before", "hu", "egy {promise}")
	want(t, "as it is built in", strings.HasPrefix(said("before"), "hu: Ezt ígértük Önnek: „egy {promise}”. Közeleg"), true)

	w.publish(map[string]string{
		`promise.near: ["Ezt`:              `promise.near: ["Figyelünk rá: {promise}", "Ezt`,
		`complaint.registered: ["Hiv`:      `complaint.registered: ["{number}, eddig: {time}", "Hiv`,
		`mail.complaint.subject: ["Panasz`: `mail.complaint.subject: ["Figyelünk", "Panasz`,
		`mail.page: ["Az`:                  `mail.page: ["Itt: {link}", "Az`,
	})
	promised("after", "hu", "egy {number}")
	want(t, "as it was published", said("after"), "hu: Figyelünk rá: egy {number}")
	// Whom the script does not speak to in their own language is spoken to in its fallback, dates and all.
	promised("foreign", "en", "a word")
	want(t, "in the script's language", said("foreign"), "hu: Figyelünk rá: a word")
	w.held("c")
	w.add("c", chat.KindLeftMessage, chat.RoleVisitor, "v", "m", chat.LeftMessage{Text: "help", Email: "zoe@example.com"})
	x, err := w.care.Complain(t.Context(), "ann", "c")
	w.must(err)
	want(t, "a complaint", said("c"), fmt.Sprintf("hu: %s, eddig: %s", x.Number, x.DueAt.Format("2006.01.02.")))
	w.pass(time.Minute)
	m := w.mails[len(w.mails)-1]
	want(t, "its mail", m.Subject+strings.Split(m.Text, "\n\n")[1][:10], "FigyelünkItt: https")
}

// publish has a script of Hungarian alone go live, with other words.
func (w *world) publish(changes map[string]string) {
	w.t.Helper()
	files, err := script.ReadFiles(script.Embedded())
	w.must(err)
	only := script.Files{"texts/hu.yaml": files["texts/hu.yaml"], "forbidden/hu.yaml": files["forbidden/hu.yaml"]}
	only["script.yaml"] = edit(w.t, files["script.yaml"], map[string]string{"languages: [en, hu, sl, fr, zh]": "languages: [hu]", "fallback: en": "fallback: hu"})
	only["texts/hu.yaml"] = edit(w.t, files["texts/hu.yaml"], changes)
	w.script, err = script.LoadStored(only)
	w.must(err)
}

func edit(t *testing.T, text string, changes map[string]string) string {
	t.Helper()
	for from, to := range changes {
		if strings.Count(text, from) != 1 {
			t.Fatalf("%q is not there once", from)
		}
		text = strings.Replace(text, from, to, 1)
	}
	return text
}
