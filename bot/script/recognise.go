package script

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"ombud/bot/nlu"
)

// factKinds are the kinds of fact that a script can name.
var factKinds = []string{"name", "contact", "number", "text", "date", "outcome"}

// maxFact is the length, in characters, to which a fact given in the visitor's own words is cut.
const maxFact = 200

var (
	email  = regexp.MustCompile(`[\p{L}\d._%+-]+@[\p{L}\d-]+(?:\.[\p{L}\d-]+)*\.\p{L}{2,}`)
	phone  = regexp.MustCompile(`(?:\+|\b00|\b0|\b)\d[\d ()/.-]{6,17}\d`)
	number = regexp.MustCompile(`(?:\b[A-Z]{1,4} ?|\b[A-Za-z]{1,4}-)?\d{4,14}(?:-\d{2,8})?`)
	short  = regexp.MustCompile(`(?i)\b[a-z]{0,4}-?\d{3,14}\b`)
	// unit after a number says that it is an amount, a measure or a year and not the number of an order.
	unit = regexp.MustCompile(`(?i)^\s?(?:€|\$|£|%|eur|euro|huf|ft\b|forint|usd|gbp|kg|cm|mm|km|ml|kwh|mah|watts?\b|w\b|元|块|毫|公|年|pounds?|quid|db\b|ezer|evr|m²)`)
	year = regexp.MustCompile(`^(?:19|20)\d\d$`)
	coin = regexp.MustCompile(`[€$£¥]\s?$`)
	// accountWord before a number says whose it is.
	accountWord = regexp.MustCompile(`(?i)(?:account|customer|client|member|subscription|ügyfél|ugyfel|vevő|vevo|stranke|kupca|uporabni|naročni|abonné|abonne|compte|会员|账号|帐号|客户|用户)[\p{L}]*\s*(?:number|no\.?|nr\.?|id|sz[aá]m\p{L}*|azonos[ií]t\p{L}*|[sš]tevilka|num[eé]ro|n°|号|编号)?\s*(?:is|:|az?|je|est|是|：|#)?\s*$`)
)

// pattern is what a fact of this script looks like.
type pattern struct {
	fact, kind string
	re         *regexp.Regexp
}

// compilePattern takes whole words only: a pattern of six digits is not found in the middle of twelve.
func compilePattern(p string) (*regexp.Regexp, error) {
	if _, err := regexp.Compile(p); err != nil {
		return nil, err // by itself: a bracket left open would close within what is put around it
	}
	return regexp.Compile(`(?i)(?:^|[^\p{Latin}\d])(` + p + `)(?:$|[^\p{Latin}\d])`)
}

// Recognise finds facts in a turn's words, as the function of that name does, and those that the script has
// a pattern for by that. A fact that is asked for and has a pattern is taken by it alone.
func (s *Script) Recognise(text, pending string) []nlu.Fact {
	kind := s.FactKind(pending)
	var own []nlu.Fact
	rest := text
	for _, p := range s.patterns {
		if p.fact == pending {
			pending, kind = "", ""
		}
		if at := p.re.FindStringSubmatchIndex(rest); at != nil {
			quote := rest[at[2]:at[3]]
			value := strings.TrimSpace(quote)
			if p.kind == "number" {
				value = compact(quote)
			}
			own = append(own, nlu.Fact{Name: p.fact, Value: clip(value), Quote: clip(quote)})
			rest = rest[:at[2]] + " " + rest[at[3]:]
		}
	}
	out := own
	for _, f := range Recognise(rest, pending, kind) {
		if !slices.ContainsFunc(s.patterns, func(p pattern) bool { return p.fact == f.Name }) {
			out = append(out, f)
		}
	}
	return out
}

// Recognise finds facts in a turn's words. pending is the fact that was just asked for, "" if none was:
// then the words may be the answer as they stand. Values are normalised: an e-mail in lower case, a number
// without spaces, an outcome as its code.
func Recognise(text, pending, pendingKind string) []nlu.Fact {
	var out []nlu.Fact
	add := func(name, value, quote string, inferred bool) {
		if value == "" || slices.ContainsFunc(out, func(f nlu.Fact) bool { return f.Name == name }) {
			return
		}
		out = append(out, nlu.Fact{Name: name, Value: clip(value), Quote: clip(quote), Inferred: inferred})
	}
	rest := text
	if m := email.FindString(rest); m != "" {
		add("contact", strings.ToLower(m), m, false)
		if pending == "account_number" {
			add("account_number", strings.ToLower(m), m, false)
		}
		rest = strings.ReplaceAll(rest, m, " ")
	}
	if m := findPhone(rest); m != "" {
		add("contact", compact(m), m, false)
		rest = strings.ReplaceAll(rest, m, " ")
	}
	name, value := findNumber(rest, pending)
	add(name, compact(value), value, false)
	if m := findName(text); m != "" {
		add("name", m, m, false)
	}
	if m := findDate(rest); m != "" {
		if pending == "callback_time" {
			add("callback_time", m, m, false)
		} else {
			add("since_when", m, m, pending != "since_when")
		}
	}
	if code, quote, sure := findOutcome(text); code != "" {
		add("outcome_wanted", code, quote, !sure && pending != "outcome_wanted")
	}
	if v := takeAnswer(text, pendingKind); v != "" && (pending != "product" || namesProduct(v)) {
		add(pending, v, v, false)
	}
	return out
}

// Valid reports whether a value fits a kind of fact.
func Valid(kind, value string) bool {
	value = strings.TrimSpace(value)
	n := utf8.RuneCountInString(value)
	switch kind {
	case "contact":
		return email.FindString(value) == value && value != "" || findPhone(value) != ""
	case "number":
		return strings.ContainsFunc(value, unicode.IsDigit) && n >= 3 && n <= 40 || email.FindString(value) == value && value != ""
	case "date":
		return findDate(value) != ""
	case "outcome":
		return slices.Contains(outcomes, value)
	case "name":
		return n >= 1 && n <= 60 && !strings.ContainsFunc(value, unicode.IsDigit)
	case "text":
		return n >= 2
	}
	return false
}

// takeAnswer takes a whole message as the answer to a question for a name or for words of one's own.
func takeAnswer(text, kind string) string {
	t := strings.Join(strings.Fields(text), " ")
	if Refuses(t) || Says(t) != "" {
		return ""
	}
	words := len(strings.Fields(t))
	switch kind {
	case "name":
		if words <= 3 && Valid("name", t) {
			return strings.Trim(t, ".!,; ")
		}
	case "text":
		if Valid("text", t) && !strings.HasSuffix(t, "?") && !strings.HasSuffix(t, "？") {
			return t
		}
	}
	return ""
}

// maxProductWords is how many words a product's name has at most.
const maxProductWords = 6

// namesProduct keeps sizes and whole sentences from being taken for the name of a product.
func namesProduct(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r) && len(strings.Fields(s)) <= maxProductWords && !Vague(s)
}

// findPhone takes numbers of seven to fifteen digits that begin with + or 0, or are written in groups.
func findPhone(s string) string {
	for _, m := range phone.FindAllString(s, -1) {
		m = strings.TrimRight(m, " ().-/")
		d := digits(m)
		grouped := strings.ContainsAny(m, " -/") && d >= 9
		if d >= 7 && d <= 15 && (m[0] == '+' || m[0] == '0' && d >= 8 || grouped) {
			return m
		}
	}
	return mobileCN.FindString(s)
}

// mobileCN is a Chinese mobile number.
var mobileCN = regexp.MustCompile(`\b1[3-9]\d{9}\b`)

func findNumber(s, pending string) (name, value string) {
	re := number
	if pending == "order_number" || pending == "account_number" {
		re = short
	}
	for _, at := range re.FindAllStringIndex(s, -1) {
		m := strings.TrimSpace(s[at[0]:at[1]])
		asked := pending == "order_number" || pending == "account_number"
		if unit.MatchString(s[at[1]:]) || coin.MatchString(s[:at[0]]) || year.MatchString(m) && !asked {
			continue
		}
		if pending == "account_number" || accountWord.MatchString(s[:at[0]]) {
			return "account_number", m
		}
		return "order_number", m
	}
	return "", ""
}

func digits(s string) int {
	n := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			n++
		}
	}
	return n
}

// compact takes out spaces and makes letters capital, so that two spellings of a number are one.
func compact(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '(' || r == ')' || r == '/' {
			return -1
		}
		return r
	}, s))
}

func clip(s string) string {
	if utf8.RuneCountInString(s) <= maxFact {
		return s
	}
	return string([]rune(s)[:maxFact-1]) + "…"
}
