package care

import (
	"fmt"
	"strings"
	"time"
)

// text words one of our texts; {1}, {2} … are replaced by args. A language that we do not speak gets English.
func text(language, key string, args ...string) string {
	t, ok := texts[language][key]
	if !ok {
		t = texts["en"][key]
	}
	var pairs []string
	for i, a := range args {
		pairs = append(pairs, fmt.Sprintf("{%d}", i+1), a)
	}
	return strings.NewReplacer(pairs...).Replace(t) // once: what people wrote is not searched again
}

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

var texts = map[string]map[string]string{
	"en": {
		"callback.promise":  "A call back on {1}",
		"promise.broken":    "We promised you: “{1}”. We have not kept it in time, and we are sorry. A senior colleague is looking into it now.",
		"promise.missed":    "We promised you: “{1}”. We have not kept it in time, and we are sorry. A senior colleague takes it up as soon as one is here.",
		"promise.near":      "We promised you: “{1}”. The time for it is nearly up. We have not forgotten it, and our team has just been reminded.",
		"complaint":         "Your formal complaint is registered under the number {1}. You will have our written answer by {2}.",
		"complaint.promise": "A written answer to complaint {1}",
		"complaint.subject": "Your complaint is registered",
		"complaint.mail":    "Your formal complaint is registered under the number {1}. You will have our written answer by {2}.",
		"reply.subject":     "We have answered you",
		"reply.mail":        "{1} writes:\n\n{2}",
		"left.subject":      "We have your message",
		"left.mail":         "Thank you. We have your message and will answer you here and by e-mail.",
		"left.by":           "Thank you. We have your message and will answer you by {1}, here and by e-mail.",
		"left.call":         "Thank you. We have your number and will call you on {1}.",
		"left.later":        "We said that we would answer you by {1}. That may take longer, and we are sorry: you will have our answer by {2}.",
		"later.subject":     "Your answer may take longer",
		"survey.subject":    "How did it go?",
		"survey.mail":       "We would like to know whether your matter is really settled. It takes one tap.",
		"page.link":         "All your conversations with us: {1}",
	},
	"hu": {
		"callback.promise":  "Visszahívás: {1}",
		"promise.broken":    "Ezt ígértük Önnek: „{1}”. Nem tartottuk be időben, elnézést kérünk. Most egy vezető kollégánk foglalkozik vele.",
		"promise.missed":    "Ezt ígértük Önnek: „{1}”. Nem tartottuk be időben, elnézést kérünk. Amint egy vezető kollégánk itt lesz, ő foglalkozik vele.",
		"promise.near":      "Ezt ígértük Önnek: „{1}”. Közeleg a határideje. Nem felejtettük el, kollégáinkat most emlékeztettük rá.",
		"complaint":         "Hivatalos panaszát a {1} számon nyilvántartásba vettük. Írásbeli válaszunkat eddig kapja meg: {2}",
		"complaint.promise": "Írásbeli válasz a(z) {1} számú panaszra",
		"complaint.subject": "Panaszát nyilvántartásba vettük",
		"complaint.mail":    "Hivatalos panaszát a {1} számon nyilvántartásba vettük. Írásbeli válaszunkat eddig kapja meg: {2}",
		"reply.subject":     "Válaszoltunk Önnek",
		"reply.mail":        "{1} ezt írja:\n\n{2}",
		"left.subject":      "Megkaptuk az üzenetét",
		"left.mail":         "Köszönjük. Megkaptuk az üzenetét, itt és e-mailben is válaszolunk.",
		"left.by":           "Köszönjük. Megkaptuk az üzenetét. Eddig válaszolunk itt és e-mailben: {1}",
		"left.call":         "Köszönjük. Megkaptuk a számát, ekkor hívjuk: {1}",
		"left.later":        "Azt mondtuk, eddig válaszolunk: {1}. Ez tovább tarthat, elnézést kérünk. Válaszunkat eddig kapja meg: {2}",
		"later.subject":     "Válaszunk tovább tarthat",
		"survey.subject":    "Hogy sikerült?",
		"survey.mail":       "Szeretnénk tudni, valóban megoldódott-e az ügye. Egyetlen koppintás.",
		"page.link":         "Az összes beszélgetése velünk: {1}",
	},
	"sl": {
		"callback.promise":  "Povratni klic {1}",
		"promise.broken":    "Obljubili smo vam: »{1}«. Tega nismo izpolnili pravočasno in se opravičujemo. Zdaj se s tem ukvarja višji sodelavec.",
		"promise.missed":    "Obljubili smo vam: »{1}«. Tega nismo izpolnili pravočasno in se opravičujemo. S tem se bo ukvarjal višji sodelavec, takoj ko bo kdo na voljo.",
		"promise.near":      "Obljubili smo vam: »{1}«. Rok se izteka. Na to nismo pozabili, sodelavce smo pravkar opomnili.",
		"complaint":         "Vaša uradna pritožba je zavedena pod številko {1}. Naš pisni odgovor boste prejeli do {2}.",
		"complaint.promise": "Pisni odgovor na pritožbo {1}",
		"complaint.subject": "Vaša pritožba je zavedena",
		"complaint.mail":    "Vaša uradna pritožba je zavedena pod številko {1}. Naš pisni odgovor boste prejeli do {2}.",
		"reply.subject":     "Odgovorili smo vam",
		"reply.mail":        "{1} piše:\n\n{2}",
		"left.subject":      "Prejeli smo vaše sporočilo",
		"left.mail":         "Hvala. Prejeli smo vaše sporočilo in vam bomo odgovorili tukaj in po e-pošti.",
		"left.by":           "Hvala. Prejeli smo vaše sporočilo in vam bomo odgovorili tukaj in po e-pošti najpozneje do: {1}",
		"left.call":         "Hvala. Vašo številko imamo, poklicali vas bomo: {1}",
		"left.later":        "Rekli smo, da vam bomo odgovorili do: {1}. To lahko traja dlje, opravičujemo se. Naš odgovor boste prejeli do: {2}",
		"later.subject":     "Naš odgovor bo morda trajal dlje",
		"survey.subject":    "Kako je šlo?",
		"survey.mail":       "Radi bi vedeli, ali je vaša zadeva res rešena. Dovolj je en dotik.",
		"page.link":         "Vsi vaši pogovori z nami: {1}",
	},
	"fr": {
		"callback.promise":  "Vous rappeler le {1}",
		"promise.broken":    "Nous vous avions promis : « {1} ». Nous ne l'avons pas fait à temps et nous vous prions de nous en excuser. Un responsable s'en occupe maintenant.",
		"promise.missed":    "Nous vous avions promis : « {1} ». Nous ne l'avons pas fait à temps et nous vous prions de nous en excuser. Un responsable s'en occupera dès que l'un d'eux sera là.",
		"promise.near":      "Nous vous avons promis : « {1} ». L'échéance approche. Nous ne l'avons pas oublié et venons de le rappeler à notre équipe.",
		"complaint":         "Votre réclamation officielle est enregistrée sous le numéro {1}. Vous recevrez notre réponse écrite au plus tard le {2}.",
		"complaint.promise": "Une réponse écrite à la réclamation {1}",
		"complaint.subject": "Votre réclamation est enregistrée",
		"complaint.mail":    "Votre réclamation officielle est enregistrée sous le numéro {1}. Vous recevrez notre réponse écrite au plus tard le {2}.",
		"reply.subject":     "Nous vous avons répondu",
		"reply.mail":        "{1} vous écrit :\n\n{2}",
		"left.subject":      "Nous avons bien reçu votre message",
		"left.mail":         "Merci. Nous avons bien reçu votre message et vous répondrons ici et par e-mail.",
		"left.by":           "Merci. Nous avons bien reçu votre message et vous répondrons ici et par e-mail au plus tard le {1}.",
		"left.call":         "Merci. Nous avons votre numéro et vous appellerons le {1}.",
		"left.later":        "Nous vous avions annoncé une réponse au plus tard le {1}. Cela peut prendre plus de temps et nous vous prions de nous en excuser : vous aurez notre réponse au plus tard le {2}.",
		"later.subject":     "Notre réponse peut prendre plus de temps",
		"survey.subject":    "Comment cela s'est-il passé ?",
		"survey.mail":       "Nous aimerions savoir si votre demande est vraiment réglée. Un seul geste suffit.",
		"page.link":         "Toutes vos conversations avec nous : {1}",
	},
	"zh": {
		"callback.promise":  "回电时间：{1}",
		"promise.broken":    "我们曾向您承诺：“{1}”。我们未能按时兑现，非常抱歉。现在由更高级别的同事为您处理。",
		"promise.missed":    "我们曾向您承诺：“{1}”。我们未能按时兑现，非常抱歉。更高级别的同事一上线就会为您处理。",
		"promise.near":      "我们曾向您承诺：“{1}”。时限快到了，我们没有忘记，刚刚已提醒同事。",
		"complaint":         "您的正式投诉已登记，编号为 {1}。我们将在 {2} 之前给您书面答复。",
		"complaint.promise": "对投诉 {1} 的书面答复",
		"complaint.subject": "您的投诉已登记",
		"complaint.mail":    "您的正式投诉已登记，编号为 {1}。我们将在 {2} 之前给您书面答复。",
		"reply.subject":     "我们已回复您",
		"reply.mail":        "{1} 写道：\n\n{2}",
		"left.subject":      "我们已收到您的留言",
		"left.mail":         "谢谢。我们已收到您的留言，将在这里并通过电子邮件回复您。",
		"left.by":           "谢谢。我们已收到您的留言，将在 {1} 之前在这里并通过电子邮件回复您。",
		"left.call":         "谢谢。我们已收到您的电话号码，将在以下时间给您打电话：{1}",
		"left.later":        "我们说过会在 {1} 之前回复您。可能需要更长时间，非常抱歉：您将在 {2} 之前收到我们的回复。",
		"later.subject":     "回复可能需要更长时间",
		"survey.subject":    "您对我们的服务满意吗？",
		"survey.mail":       "我们想知道您的问题是否真正解决了，只需点一下。",
		"page.link":         "您与我们的全部对话：{1}",
	},
}
