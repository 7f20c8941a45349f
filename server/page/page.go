package page

import (
	_ "embed"
	"html/template"
	"io"
	"time"

	"ombud/chat"
)

//go:embed page.html
var source string

// Style is the page's style sheet.
//
//go:embed page.css
var Style []byte

var page = template.Must(template.New("page").Parse(source))

// Conversation is one of the customer's, with what they may see of its log.
type Conversation struct {
	chat.Conversation
	Lines []Line
	Zone  string // IANA time zone that the customer told; "" for UTC
	Rated bool   // the customer has said how it went since the last close
	// Questions are asked beside the rating, in the conversation's language.
	Questions []Question
}

// Question is one of the company's own: a scale from 1 to 5, a choice, or one to be answered in words.
type Question struct {
	ID, Kind, Text string
	Choices        []Choice
}

// Choice is one answer to a question of that kind.
type Choice struct{ ID, Text string }

// Line is one thing that was said.
type Line struct {
	Role chat.Role
	Name string // of an agent
	Text string
	At   time.Time
}

type shown struct {
	Lang, Token   string
	Words         map[string]string
	Conversations []shownConversation
	Ratings       []int
}

type shownConversation struct {
	ID, Begun, Day, State string
	Lines                 []shownLine
	Questions             []Question
	Ask, Rated            bool
}

type shownLine struct{ Role, Who, At, Day, Text string }

// Language gives the first of the wanted languages that the page speaks, else English.
func Language(wanted ...string) string {
	for _, w := range wanted {
		if len(w) >= 2 && words[w[:2]] != nil {
			return w[:2]
		}
	}
	return "en"
}

// Write writes the page in a language that [Language] gave.
func Write(w io.Writer, lang, token string, all []Conversation) error {
	text := words[lang]
	out := shown{Lang: lang, Token: token, Words: text, Ratings: []int{1, 2, 3, 4, 5}}
	for _, c := range all {
		zone, err := time.LoadLocation(c.Zone)
		if err != nil {
			zone = time.UTC
		}
		s := shownConversation{ID: c.ID, Begun: c.CreatedAt.Format(time.RFC3339), Day: day(lang, c.CreatedAt, zone), State: text[string(c.Owner)],
			Ask: c.Owner == chat.OwnerClosed && !c.Rated, Rated: c.Rated, Questions: c.Questions}
		for _, l := range c.Lines {
			who := l.Name
			if who == "" {
				who = text["by_"+string(l.Role)]
			}
			s.Lines = append(s.Lines, shownLine{Role: string(l.Role), Who: who, At: l.At.Format(time.RFC3339), Day: day(lang, l.At, zone), Text: l.Text})
		}
		out.Conversations = append(out.Conversations, s)
	}
	return page.Execute(w, out)
}

func day(lang string, t time.Time, zone *time.Location) string {
	return t.In(zone).Format(words[lang]["date"] + " MST")
}

// words holds the page's texts, by language.
var words = map[string]map[string]string{
	"en": {"title": "Your conversations with us", "none": "There are none yet.", "bot": "with our assistant", "queue": "waiting for a colleague", "agent": "with a colleague",
		"ticket": "we will answer", "closed": "closed", "by_visitor": "You", "by_bot": "Assistant", "by_agent": "Colleague", "by_system": "Notice",
		"ask": "How did it go? 1 is bad, 5 is good.", "comment": "What should we know? (optional)", "thanks": "Thank you for your answer.", "date": "2 January 2006, 15:04"},
	"hu": {"title": "Beszélgetései velünk", "none": "Még nincs egy sem.", "bot": "az asszisztensünknél", "queue": "kollégára vár", "agent": "egy kollégánál",
		"ticket": "válaszolni fogunk", "closed": "lezárva", "by_visitor": "Ön", "by_bot": "Asszisztens", "by_agent": "Kolléga", "by_system": "Értesítés",
		"ask": "Hogy sikerült? Az 1 rossz, az 5 jó.", "comment": "Mit érdemes tudnunk? (nem kötelező)", "thanks": "Köszönjük a válaszát.", "date": "2006.01.02. 15:04"},
	"sl": {"title": "Vaši pogovori z nami", "none": "Zaenkrat jih ni.", "bot": "pri našem pomočniku", "queue": "čaka na sodelavca", "agent": "pri sodelavcu",
		"ticket": "odgovorili bomo", "closed": "zaprto", "by_visitor": "Vi", "by_bot": "Pomočnik", "by_agent": "Sodelavec", "by_system": "Obvestilo",
		"ask": "Kako je šlo? 1 je slabo, 5 je dobro.", "comment": "Kaj bi morali vedeti? (neobvezno)", "thanks": "Hvala za vaš odgovor.", "date": "2. 1. 2006, 15:04"},
	"fr": {"title": "Vos conversations avec nous", "none": "Il n'y en a pas encore.", "bot": "avec notre assistant", "queue": "en attente d'un collègue", "agent": "avec un collègue",
		"ticket": "nous allons répondre", "closed": "terminée", "by_visitor": "Vous", "by_bot": "Assistant", "by_agent": "Collègue", "by_system": "Avis",
		"ask": "Comment cela s'est-il passé ? 1 : mal, 5 : bien.", "comment": "Que devrions-nous savoir ? (facultatif)", "thanks": "Merci de votre réponse.", "date": "02/01/2006 15:04"},
	"zh": {"title": "您与我们的对话", "none": "目前还没有。", "bot": "智能助手处理中", "queue": "等待人工客服", "agent": "人工客服处理中",
		"ticket": "我们会回复您", "closed": "已结束", "by_visitor": "您", "by_bot": "助手", "by_agent": "客服", "by_system": "通知",
		"ask": "您满意吗？1 为差，5 为好。", "comment": "还有什么要告诉我们的？（选填）", "thanks": "感谢您的回答。", "date": "2006年1月2日 15:04"},
}
