package script

import (
	"regexp"
	"strings"
)

// outcomes are what a customer may want, as in the company's list of remedies.
var outcomes = []string{"replacement", "refund", "exchange", "store_credit", "discount", "repair", "callback", "apology", "other"}

// outcomeWords are matched against folded words; the first that is found counts.
var outcomeWords = []struct {
	code string
	re   *regexp.Regexp
}{
	{"refund", regexp.MustCompile(`\b(?:refund\w*|money back|my money|reimburs\w*|penzvisszat\w*|vissza(?:ter|fizet|kap|utal)\w*|a penzem\w*|penz vissza\w*|vracil\w* (?:denar|kupnin)\w*|denar nazaj|vrn\w* denar\w*|povrac\w*|rembours\w*|mon argent|recuperer l ?argent)|退款|退钱|退錢|把钱退`)},
	{"replacement", regexp.MustCompile(`\b(?:replacement|replace it|new one|send (?:me )?another|uj darabot|masik(?:at| darabot)|ujat (?:kerek|szeretnek|kuld\w*)|nadomest\w*|nov(?:ega|o) (?:kos|izdelek|kom\w*)|remplac\w*|un neuf|une neuve|un nouveau|renvoyez m en)\b|换新|补发|補發|重新发|重发|新的给我`)},
	{"exchange", regexp.MustCompile(`\b(?:exchange|swap|other size|different size|cserel\w*|kicserel\w*|mas meret\w*|zamenja\w*|menjav\w*|drug[ao] velikost\w*|echang\w*|autre taille)\b|换货|换一个|换个|调换`)},
	{"repair", regexp.MustCompile(`\b(?:repair\w*|fix it|mend\w*|javit\w*|megjavit\w*|szereljek meg|poprav\w*|repar\w*)\b|维修|修好|修一下|修理`)},
	{"store_credit", regexp.MustCompile(`\b(?:store credit|voucher|gift card|utalvany\w*|bon|dobropis\w*|avoir|bon d ?achat)\b|代金券|购物券|礼品卡`)},
	{"discount", regexp.MustCompile(`\b(?:discount|money off|price reduction|kedvezmeny\w*|arengedmeny\w*|popust\w*|reduction|remise|geste commercial)\b|打折|优惠|补差价|减免`)},
	{"callback", regexp.MustCompile(`\b(?:call me|ring me|call back|hivjanak|visszahiv\w*|poklic\w*|rappel\w*)\b|回电|打给我|给我打电话`)},
	{"apology", regexp.MustCompile(`\b(?:an? apology|say sorry|bocsanatkeres\w*|kerjenek (?:bocsanatot|elnezest)|opravicil\w*|des excuses)\b|道歉`)},
}

// wantWords make a wish of it.
var wantWords = regexp.MustCompile(`\b(?:i (?:just )?(?:want|would like|d like|need)|i ?d like|please|can i (?:get|have)|could i (?:get|have)|give me|send me|szeretne\w*|kerem|kerek|kernek|akarom|akarok|adjatok|adjak|zelim|hocem|rad(?:a)? bi|prosim|rabim|je veux|je voudrais|je souhaite|j ?aimerais|svp|rendez|il me faut)\b|我要|我想|请|麻烦|给我|要求|希望`)

// findOutcome gives the outcome a customer names, the words, and whether it is plainly wished for.
func findOutcome(text string) (code, quote string, sure bool) {
	folded := Fold(text)
	for _, o := range outcomeWords {
		if m := o.re.FindString(folded); m != "" {
			return o.code, m, wantWords.MatchString(folded)
		}
	}
	return "", "", false
}

// dates finds points and spans of time in the five languages; the words are taken as written.
var dates = []*regexp.Regexp{
	regexp.MustCompile(`\b20\d\d[-./]\s?\d{1,2}[-./]\s?\d{1,2}\b`),
	regexp.MustCompile(`\b\d{1,2}[./-]\s?\d{1,2}[./-]\s?20\d\d\b`),
	regexp.MustCompile(`\d{1,2}\s?月\s?\d{1,2}\s?[号日]?|\d{1,2}\s?月`),
	regexp.MustCompile(`\b\d{1,2}(?:\.|st|nd|rd|th|er)?\s+(?:of\s+)?(?:` + months + `)\p{L}*`),
	regexp.MustCompile(`\b(?:` + months + `)\p{L}*\.?\s+\d{1,2}(?:st|nd|rd|th)?\b`),
	// spans
	regexp.MustCompile(`\b(?:since|for|about|over)?\s?(?:` + counts + `)\s+(?:minutes?|hours?|days?|weeks?|months?|years?)(?:\s+(?:ago|now|already))?`),
	regexp.MustCompile(`(?:` + counts + `)\s*(?:napja|hete|h[oó]napja|[eé]ve|[oó]r[aá]ja|perce|napon|nap |h[eé]t |h[oó]nap)`),
	regexp.MustCompile(`(?:[zž]e |pred )?(?:` + counts + `)\s+(?:dni|dneva?|dan|tedn\p{L}*|mesec\p{L}*|let[oai]?|ur[oaei]?)(?:\s|$|[.,!?])`),
	regexp.MustCompile(`(?:depuis|il y a|[çc]a fait|voil[àa])\s+(?:` + counts + `|le|la|l')\s*(?:jours?|semaines?|mois|ans?|heures?|\p{L}+)`),
	regexp.MustCompile(`(?:\d+|[一二两三四五六七八九十几半]+)(?:个)?(?:多)?(?:天|周|星期|礼拜|月|年|小时|钟头)(?:前|了)?`),
	// days
	regexp.MustCompile(`\b(?:since |last |this |on |from |tomorrow at |tomorrow )?(?:` + days + `)\b(?:\s+(?:morning|afternoon|evening|night))?`),
	regexp.MustCompile(`\b(?:since|in|last|early|late)\s+(?:` + months + `)\p{L}*`),
	regexp.MustCompile(`(?:` + wordsHU + `)`),
	regexp.MustCompile(`(?:` + wordsSL + `)`),
	regexp.MustCompile(`(?:` + wordsFR + `)`),
	regexp.MustCompile(`前天|昨天|今天|明天|后天|上(?:个)?(?:周|星期|礼拜|月)[一二三四五六日天]?|下(?:个)?(?:周|星期|礼拜|月)[一二三四五六日天]?|(?:周|星期|礼拜)[一二三四五六日天]|去年|早上|上午|下午|晚上|傍晚`),
	regexp.MustCompile(`\b(?:after|before|around|at|by)\s+\d{1,2}(?:[:.]\d\d)?\s?(?:am|pm|o'clock)?\b|\b\d{1,2}(?:[:.]\d\d)\s?(?:am|pm|h)?\b|\b\d{1,2}\s?(?:am|pm|h|[oó]ra\p{L}*|heures?|uri)\b|[一二三四五六七八九十\d]{1,3}点`),
}

const (
	months = `jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|` +
		`m[aá]rc|[aá]pr|m[aá]j|j[uú]n|j[uú]l|szept|okt|maj|avg|janv|f[eé]vr|mars|avril|mai|juin|juil|ao[uû]t|d[eé]c`
	counts = `\d+|an?|one|two|three|four|five|six|seven|ten|couple of|few|several|half a|` +
		`egy|k[eé]t|kett[oő]|h[aá]rom|n[eé]gy|[oö]t|hat|f[eé]l|p[aá]r|t[oö]bb|` +
		`en[oa]?|dv[ae]|tri|[sš]tiri|pet|[sš]est|pol|nekaj|` +
		`un|une|deux|trois|quatre|cinq|six|quelques|plusieurs`
	days    = `yesterday|today|tonight|tomorrow|last night|this morning|this week|last week|last month|last year|monday|tuesday|wednesday|thursday|friday|saturday|sunday|christmas|easter`
	wordsHU = `tegnapel[oő]tt|tegnap|\bma\b(?: (?:reggel|d[eé]lut[aá]n|este))?|holnaput[aá]n|holnap|m[uú]lt (?:h[eé]t\p{L}*|h[oó]nap\p{L}*|[eé]v\p{L}*)|h[eé]tf[oő]\p{L}*|kedd\p{L}*|szerd[aá]\p{L}*|cs[uü]t[oö]rt[oö]k\p{L}*|p[eé]ntek\p{L}*|szombat\p{L}*|vas[aá]rnap\p{L}*|(?:janu[aá]r|febru[aá]r|m[aá]rcius|[aá]prilis|m[aá]jus|j[uú]nius|j[uú]lius|augusztus|szeptember|okt[oó]ber|november|december)(?:ban|ben|ban|t[oó]l|t[oő]l|i)?|tavaly|\beste\b|d[eé]lut[aá]n|reggel`
	wordsSL = `predv[cč]eraj(?:[sš]njim)?|v[cč]eraj|\bdanes\b|pojutri[sš]njem|jutri|\bjutr\b|prej[sš]nj\p{L}* (?:teden|mesec|leto)|ponedelj\p{L}*|\btor(?:ek|ka)\b|\bsred[aoe]\b|[cč]etrt(?:ek|ka)|\bpet(?:ek|ka)\b|\bsobot[aoe]\b|\bnedelj[aoe]\b|\blani\b|zve[cč]er|popoldne|zjutraj|(?:januar|februar|marec|marc|april|maj|junij|julij|avgust|september|septemb|oktober|oktobr|november|novemb|december|decemb)[aou]?\b`
	wordsFR = `avant-hier|\bhier\b(?: soir| matin)?|aujourd'?hui|apr[eè]s-demain|\bdemain\b(?: matin| soir)?|ce (?:matin|soir)|(?:la semaine|le mois|l'ann[eé]e) derni[eè]re?|(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)(?: dernier| prochain)?|(?:en |depuis )?(?:janvier|f[eé]vrier|avril|juin|juillet|ao[uû]t|septembre|octobre|novembre|d[eé]cembre)|apr[eè]s \d{1,2} ?h`
)

// findDate gives the words that name a time, as written; "" if there are none.
func findDate(text string) string {
	lower := strings.ToLower(text)
	for _, re := range dates {
		if m := re.FindString(lower); m != "" {
			return strings.Trim(m, " .,!?")
		}
	}
	return ""
}

// names finds who says what they are called.
var names = []*regexp.Regexp{
	regexp.MustCompile(`(?i:my name is|my name's|i am called|call me|this is)\s+(\p{Lu}\p{Ll}[\p{L}'-]*(?: \p{Lu}[\p{L}'-]+)?)`),
	regexp.MustCompile(`(?i:a nevem|engem|h[ií]vnak:?|nevem:)\s+(\p{Lu}[\p{L}-]+(?: \p{Lu}[\p{L}-]+)?)`),
	regexp.MustCompile(`(?i:ime mi je|sem|moje ime je|pi[sš]em se|jaz sem)\s+(\p{Lu}[\p{L}-]+(?: \p{Lu}[\p{L}-]+)?)`),
	regexp.MustCompile(`(?i:je m'appelle|je m’appelle|mon nom est|je suis (?:m\.|mme|madame|monsieur))\s+(\p{Lu}[\p{L}'-]+(?: \p{Lu}[\p{L}'-]+)?)`),
	regexp.MustCompile(`(?:我叫|我的名字是|我姓)(\p{Han}{1,4})`),
}

func findName(text string) string {
	for _, re := range names {
		m := re.FindStringSubmatch(text)
		if m != nil && strings.ToLower(m[1]) != m[1] || m != nil && strings.ContainsFunc(m[1], isHan) {
			return m[1]
		}
	}
	return ""
}

var (
	yesWords = words(`yes yeah yep yup sure ok okay please right correct exactly igen ja jo jó persze aha helyes rendben pontosan da seveda tako drzi ja lahko oui ouais ok exact exactement "d accord" daccord voila volontiers 是 是的 对 对的 好 好的 嗯 行 可以 没错 要`)
	noWords  = words(`no nope nah "not really" wrong nem dehogy "nem igazan" ne nikakor "ne hvala" "no thanks" non "pas du tout" "non merci" 不 不是 不用 不要 不对 没有 否`)
	refusals = words(`"i dont know" "dont know" "i do not know" "i do not have it" "do not know" dunno "no idea" "i dont have it" "dont have it" "dont have one" "i dont have one" "not at hand" "cant find it" "i cant find it" "lost it" none nothing` +
		` "nem tudom" "nincs meg" "nincs nalam" "nem talalom" "fogalmam sincs" "nincs" semmit "nincs ilyen" "ne vem" "nimam" "nimam pri roki" "ne najdem" "pojma nimam" nic` +
		` "je ne sais pas" "je sais pas" "sais pas" "jsp" "je ne l ai pas" "je l ai pas" "je ne lai pas" "je lai pas" "aucune idee" "je ne trouve pas" rien` +
		` 不知道 不清楚 没有 找不到 忘了 不记得 没`)
)

// skips are what a visitor can tap who does not know what is asked for: each is one of refusals.
var skips = map[string]string{"en": "I don't have it", "hu": "Nem tudom", "sl": "Ne vem", "fr": "Je ne sais pas", "zh": "不知道"}

// Skip gives words in a language by which a visitor says that they do not know a fact, and which [Refuses] understands; "" for
// another language than those of the script that is built in.
func Skip(language string) string { return skips[language] }

// words reads a list of words, with phrases in quotes, into a set of folded ones.
func words(list string) map[string]bool {
	set := map[string]bool{}
	for i, part := range strings.Split(list, `"`) {
		if i%2 == 1 {
			set[Fold(part)] = true
			continue
		}
		for _, w := range strings.Fields(part) {
			set[Fold(w)] = true
		}
	}
	return set
}

// Says reads a short reply: "yes", "no", or "" if it is neither or more than that.
func Says(text string) string {
	f := Fold(text)
	fields := strings.Fields(f)
	if len(fields) == 0 || len(fields) > 3 {
		return ""
	}
	switch {
	case yesWords[f], len(fields) > 1 && yesWords[fields[0]] && yesWords[fields[1]]:
		return "yes"
	case noWords[f], len(fields) > 1 && noWords[fields[0]] && noWords[fields[1]]:
		return "no"
	}
	return ""
}

// Refuses reports whether a reply says that the visitor does not know or have what was asked for.
func Refuses(text string) bool {
	f := Fold(text)
	if refusals[f] {
		return true
	}
	for phrase := range refusals {
		if strings.Contains(phrase, " ") && strings.HasPrefix(f, phrase+" ") && len(f) < 60 {
			return true
		}
	}
	return false
}

var (
	asksWho = regexp.MustCompile(`\b(?:who (?:looks|deals|handles|is responsible|do i|should i|can i|takes|would i)|whom (?:do|should|can)|kihez|kinek (?:kuldhet|irhat|szolhat|kell)\w*|ki (?:foglalkozik|intezi|az illetekes|felel)|kit (?:keressek|kereshetek)|komu|na koga|kdo (?:je odgovoren|se ukvarja|skrbi|odloca)|pri kom|a qui|qui s ?(?:occupe|en occupe)|qui (?:est charge|gere)|quel service)\b|谁管|谁负责|找谁|哪个部门|跟谁联系`)
	correct = regexp.MustCompile(`^(?:no |not that |hat )?(?:im not|i am not|this is not|this isnt|its not|it is not|thats not|that is not) \w+|\bnot (?:as a customer|an order|a purchase|about (?:an|my|the) order)\b|\bnem \w+ (?:szeretne|akar|kivan)\w* hanem\b|\bnem (?:rendeles|vasarl|venn|veszek)\w*|^ez nem (?:rendeles|vasarlas|panasz)\w*|\b(?:jaz )?ne kupujem\b|^(?:to )?ni (?:narocilo|nakup|vprasanje)\b|^(?:ce n ?est pas|c ?est pas|il ne s ?agit pas|je ne suis pas|je n ?achete)\b|^不是.{1,8}[，, ]?是|不是(?:买东西|下单|购物|订单)`)
)

var (
	vague    = regexp.MustCompile(`\b(?:thingy|thingie|thingamajig|whatsit|whatchamacallit|doodah|doohickey|gizmo|the thing with the|that thing from|you know the one|z?izes?|z?ize|bigyo\w*|izebizet?|valami izet?|cucc\w*|mutyur\w*|una|uni|un[oa] ta|tisti una|stos\w*|zadevscin\w*|bidule\w*|machin|truc|bazar|chose qui)\b|那个啥|那啥|(?:就|上回|上次)?那个.{0,6}那个|那玩意|那东西`)
	again    = regexp.MustCompile(`\b(?:same (?:thing|answer|text|reply|advice|stuff)|(?:said|told|wrote) (?:me )?(?:that|this|it) (?:already|before)|already (?:said|told|wrote)|ugyanez\w*|ugyanaz\w*|mar (?:irtad|irta|mondtad|mondta)|(?:eno in )?isto|spet isto|ze (?:rekli|povedali|napisali)|(?:la )?meme (?:chose|reponse|texte)|deja (?:dit|repondu|ecrit))\b|一样|重复|刚才(?:就)?说|说过了|又是这`)
	declines = regexp.MustCompile(`\b(?:no need (?:to|for) (?:a |an )?(?:connect|transfer|person|human|agent|put)\w*|(?:dont|do not) (?:put me through|connect|transfer|need (?:a |an )?(?:person|human|agent))\w*|nem kell (?:kapcsol\w*|ember|ugyintezo|senki)|ne kapcsolj\w*|ember nem kell|ugyintezo nem (?:kell|szukseges)|ni treba (?:nikogar|cloveka|povezovati|prevezati|klicati)|ne rabim (?:cloveka|agenta|nikogar)|ne vezi\w*|pas besoin (?:d ?un |de |d ?)?(?:conseiller|humain|personne|agent)|inutile de (?:me )?(?:passer|transferer)|ne me (?:passez|transferez) (?:pas|personne))\b|(?:不用|不要|别|不需要|无需)(?:给我|帮我|再)?(?:转|找|接)?(?:人工|客服|真人)`)
)

// executive finds who asks for the head of the company, or for the office that answers for it.
var executive = regexp.MustCompile(`\b(?:ceo|c e o|managing director|chief executive|company director|director of (?:the|your) company|head of the company|president of the company|executive office|owner of (?:the|your) (?:company|shop|business)|complaints office|ugyvezeto\w*|vezerigazgato\w*|igazgato\w*|cegvezet\w*|tulajdonos\w*|direktor(?:ja|ju|jem|ica|ico|ici)?|generaln\w* direktor\w*|lastnik(?:a|u|om)?|pdg|p d g|directeur general|directrice generale|le directeur|la directrice|la direction generale|(?:le|la) (?:patron|patronne|gerant|gerante))\b|总经理|总裁|首席执行官|董事长|老板|你们老总`)

// AsksExecutive reports whether a message names the head of the company: of a request for a supervisor it says
// which level was asked for.
func AsksExecutive(text string) bool { return executive.MatchString(Fold(text)) }

// Vague reports whether a message names what it is about by words for anything at all.
func Vague(text string) bool { return vague.MatchString(Fold(text)) }

// SaysAgain reports whether a message says that it was told the same before.
func SaysAgain(text string) bool { return again.MatchString(Fold(text)) }

// Declines reports whether a message says that no person is needed.
func Declines(text string) bool { return declines.MatchString(Fold(text)) }

// AsksWho reports whether a message asks who is responsible for something.
func AsksWho(text string) bool { return asksWho.MatchString(Fold(text)) }

// Corrects reports whether a message says that it is not about what it was taken for.
func Corrects(text string) bool {
	f := Fold(text)
	return correct.MatchString(f) || correct.MatchString(strings.ReplaceAll(f, " ", ""))
}
