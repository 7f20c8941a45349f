package transcript

// words are the texts of one language; {1} is the site's name, in joined the agent's.
type words struct {
	codeSubject, codeText string // {2} is the code
	subject, intro        string // {2} is the time zone
	you, bot, agent       string
	notice                string
	joined, closed        string
	at                    string // how a time is written
}

// wordsOf gives the texts of a language, English where it has none.
func wordsOf(language string) words {
	if len(language) > 2 {
		language = language[:2]
	}
	if w, ok := texts[language]; ok {
		return w
	}
	return texts["en"]
}

var texts = map[string]words{
	"en": {
		codeSubject: "{2} is your code", codeText: "Somebody asked {1} to send a chat to this address. If it was you, enter this code in the chat:\n\n{2}\n\nIt is good for 15 minutes. If it was not you, there is nothing to do.",
		subject: "Your chat with {1}", intro: "Your chat with {1}. Times are in the zone {2}.",
		you: "You", bot: "Assistant", agent: "Colleague", notice: "Notice", joined: "{1} has joined the chat.", closed: "The chat has ended.", at: "2 January 2006, 15:04",
	},
	"hu": {
		codeSubject: "Az Ön kódja: {2}", codeText: "Valaki azt kérte, hogy egy csevegést erre a címre küldjünk ({1}). Ha Ön volt az, írja be ezt a kódot a csevegésbe:\n\n{2}\n\nA kód 15 percig érvényes. Ha nem Ön kérte, nincs teendője.",
		subject: "Csevegése velünk: {1}", intro: "Csevegése velünk ({1}). Az időpontok időzónája: {2}.",
		you: "Ön", bot: "Asszisztens", agent: "Munkatárs", notice: "Értesítés", joined: "{1} csatlakozott a csevegéshez.", closed: "A csevegés véget ért.", at: "2006.01.02. 15:04",
	},
	"sl": {
		codeSubject: "Vaša koda: {2}", codeText: "Nekdo je prosil, naj klepet pošljemo na ta naslov ({1}). Če ste bili to vi, v klepet vpišite to kodo:\n\n{2}\n\nVelja 15 minut. Če to niste bili vi, vam ni treba storiti ničesar.",
		subject: "Vaš klepet: {1}", intro: "Vaš klepet z nami ({1}). Časi so v časovnem pasu {2}.",
		you: "Vi", bot: "Pomočnik", agent: "Sodelavec", notice: "Obvestilo", joined: "Klepetu se je pridružil/-a {1}.", closed: "Klepet je končan.", at: "2. 1. 2006, 15:04",
	},
	"fr": {
		codeSubject: "{2} est votre code", codeText: "Quelqu’un a demandé à {1} d’envoyer une conversation à cette adresse. Si c’est vous, saisissez ce code dans le chat :\n\n{2}\n\nIl est valable 15 minutes. Si ce n’est pas vous, vous n’avez rien à faire.",
		subject: "Votre conversation avec {1}", intro: "Votre conversation avec {1}. Les heures sont celles du fuseau {2}.",
		you: "Vous", bot: "Assistant", agent: "Collègue", notice: "Avis", joined: "{1} a rejoint la conversation.", closed: "La conversation est terminée.", at: "02/01/2006 15:04",
	},
	"zh": {
		codeSubject: "您的验证码：{2}", codeText: "有人请求{1}将一段对话发送到此邮箱。如果是您本人，请在对话窗口中输入以下验证码：\n\n{2}\n\n验证码 15 分钟内有效。如非本人操作，请忽略此邮件。",
		subject: "您与{1}的对话", intro: "您与{1}的对话。时间按 {2} 时区显示。",
		you: "您", bot: "助手", agent: "客服", notice: "通知", joined: "{1} 已加入对话。", closed: "对话已结束。", at: "2006年1月2日 15:04",
	},
}
