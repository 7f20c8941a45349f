package handoff

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ombud/chat"
)

// BotRules are the mandate of the bot and what it offers within it. Without any, which is how they begin, the bot offers nothing.
type BotRules struct {
	// Remedies and UpTo are its mandate: see Mandate.
	Remedies []string `json:"remedies,omitempty"`
	UpTo     int64    `json:"up_to,omitempty"`
	// Offers is what it offers to people whom the matter of a topic has upset, best first.
	Offers map[string][]BotOffer `json:"offers,omitempty"`
}

// BotOffer is one remedy that the bot offers by itself.
type BotOffer struct {
	Remedy   string `json:"remedy"`
	Worth    int64  `json:"worth,omitempty"`    // in minor units of Currency
	Currency string `json:"currency,omitempty"` // ISO 4217
}

var currency = regexp.MustCompile(`^[A-Z]{3}$`)

// BotRemedies lists the remedies that the bot can put into words, and so may be allowed to offer, in the order of Remedies.
func BotRemedies() []string {
	var out []string
	for _, remedy := range Remedies {
		if botWords["en"][remedy] != "" {
			out = append(out, remedy)
		}
	}
	return out
}

// check holds every offer to the mandate.
func (r BotRules) check() error {
	if r.UpTo < 0 {
		return invalid("bot.up_to", "Give an amount from 0.")
	}
	for _, remedy := range r.Remedies {
		if !slices.Contains(BotRemedies(), remedy) {
			return invalid("bot.remedies", "The bot cannot offer %q.", remedy)
		}
	}
	m := Mandate{Remedies: r.Remedies, UpTo: r.UpTo}
	for topic, offers := range r.Offers {
		at := "bot.offers." + topic
		for _, o := range offers {
			switch {
			case o.Worth < 0 || !m.Allows(o.Remedy, o.Worth):
				return refuse(at, "mandate", "%q is not within the bot's mandate: see bot.remedies and bot.up_to.", o.Remedy)
			case o.Worth > 0 && !currency.MatchString(o.Currency):
				return refuse(at, "currency", "Give the worth a currency such as EUR.")
			case strings.Contains(botWords["en"][o.Remedy], "{worth}") && o.Worth == 0:
				return refuse(at, "worth", "Say what the %s is worth.", o.Remedy)
			}
		}
	}
	return nil
}

// Pick gives what the bot offers on a topic to somebody who wants a remedy: that one if the rules have it, and none if they have
// others only. To somebody who has not said what they want it offers the first, once that has been asked. What is beyond the
// mandate is not offered, whatever the rules say.
func (r BotRules) Pick(topic, wanted string, askedFor bool) (BotOffer, bool) {
	m := Mandate{Remedies: r.Remedies, UpTo: r.UpTo}
	for _, o := range r.Offers[topic] {
		if fits := o.Remedy == wanted || wanted == "" && askedFor; fits && m.Allows(o.Remedy, o.Worth) {
			return o, true
		}
	}
	return BotOffer{}, false
}

// Words words the offer in a language; English where we do not speak it.
func (o BotOffer) Words(language string) string {
	words := botWords[language]
	if words == nil {
		words = botWords["en"]
	}
	return strings.ReplaceAll(words[o.Remedy], "{worth}", o.worth(language))
}

// worth writes the amount as a language does.
func (o BotOffer) worth(language string) string {
	point := "."
	if language == "hu" || language == "sl" || language == "fr" {
		point = ","
	}
	whole := fmt.Sprintf("%d%s%02d", o.Worth/100, point, o.Worth%100)
	return strings.TrimSuffix(whole, point+"00") + " " + o.Currency
}

// OfferTaken says that a person will carry out what was accepted.
func OfferTaken(language string) string {
	if words := botWords[language]; words != nil {
		return words["taken"]
	}
	return botWords["en"]["taken"]
}

// ReasonOfferTaken is the reason of a handoff by which a person carries out what the bot offered.
const ReasonOfferTaken = "offer_accepted"

// OfferTakenSeverity is that of such a handoff: the customer has what they wanted.
const OfferTakenSeverity = chat.SeverityLow

// botWords are the offers of the bot. Remedies that nobody can word without knowing the matter are not among them.
var botWords = map[string]map[string]string{
	"en": {
		"replacement":  "We would like to put this right: may we send you a replacement, at no cost to you?",
		"refund":       "We would like to put this right: may we refund you {worth}?",
		"exchange":     "We would like to put this right: may we exchange it for you?",
		"store_credit": "To make up for the trouble, may we add {worth} to your account?",
		"discount":     "To make up for the trouble, may we take {worth} off your next order?",
		"repair":       "We would like to put this right: may we have it repaired for you?",
		"callback":     "Would you like one of us to call you about this?",
		"taken":        "Thank you. A colleague will now see to it, so you need not do anything more.",
	},
	"hu": {
		"replacement":  "Szeretnénk rendbe hozni: küldhetünk Önnek egy újat, díjmentesen?",
		"refund":       "Szeretnénk rendbe hozni: visszatéríthetünk Önnek {worth} összeget?",
		"exchange":     "Szeretnénk rendbe hozni: kicserélhetjük Önnek?",
		"store_credit": "A kellemetlenségért cserébe jóváírhatunk {worth} összeget a fiókjában?",
		"discount":     "A kellemetlenségért cserébe adhatunk {worth} kedvezményt a következő rendeléséből?",
		"repair":       "Szeretnénk rendbe hozni: megjavíttathatjuk Önnek?",
		"callback":     "Szeretné, hogy valamelyikünk felhívja ez ügyben?",
		"taken":        "Köszönjük. Egy kollégánk most elintézi, Önnek nincs több teendője.",
	},
	"sl": {
		"replacement":  "Radi bi to popravili: vam lahko brezplačno pošljemo novega?",
		"refund":       "Radi bi to popravili: vam lahko vrnemo {worth}?",
		"exchange":     "Radi bi to popravili: vam ga lahko zamenjamo?",
		"store_credit": "V opravičilo za nevšečnosti: vam lahko na račun dodamo {worth} dobroimetja?",
		"discount":     "V opravičilo za nevšečnosti: vam lahko pri naslednjem naročilu priznamo {worth} popusta?",
		"repair":       "Radi bi to popravili: ga lahko damo za vas v popravilo?",
		"callback":     "Želite, da vas glede tega kdo od nas pokliče?",
		"taken":        "Hvala. Za to bo zdaj poskrbel sodelavec, vam ni treba storiti ničesar več.",
	},
	"fr": {
		"replacement":  "Nous voulons réparer cela : pouvons-nous vous envoyer un remplacement, sans frais pour vous ?",
		"refund":       "Nous voulons réparer cela : pouvons-nous vous rembourser {worth} ?",
		"exchange":     "Nous voulons réparer cela : pouvons-nous procéder à un échange ?",
		"store_credit": "Pour nous faire pardonner ce désagrément, pouvons-nous créditer {worth} sur votre compte ?",
		"discount":     "Pour nous faire pardonner ce désagrément, pouvons-nous vous accorder {worth} de remise sur votre prochaine commande ?",
		"repair":       "Nous voulons arranger cela : pouvons-nous le faire réparer pour vous ?",
		"callback":     "Souhaitez-vous que l'un de nous vous appelle à ce sujet ?",
		"taken":        "Merci. Un collègue s'en occupe maintenant, vous n'avez plus rien à faire.",
	},
	"zh": {
		"replacement":  "我们想把这件事处理好：免费给您补寄一件，可以吗？",
		"refund":       "我们想把这件事处理好：给您退 {worth}，可以吗？",
		"exchange":     "我们想把这件事处理好：给您换一件，可以吗？",
		"store_credit": "给您添麻烦了，我们往您的账户里补 {worth}，可以吗？",
		"discount":     "给您添麻烦了，下次下单给您减 {worth}，可以吗？",
		"repair":       "我们想把这件事处理好：帮您送修，可以吗？",
		"callback":     "这件事需要我们给您打个电话吗？",
		"taken":        "谢谢您。同事这就去办，您不用再做什么了。",
	},
}
