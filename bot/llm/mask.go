package llm

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// mask puts placeholders such as <EMAIL_1> in place of personal data, and the data back in place of them.
// It belongs to one question: the same value has the same placeholder throughout it. Where it is not sure
// it hides too much, since what it hides comes back.
type mask struct {
	value  map[string]string // by placeholder
	holder map[string]string // by kind and value
	count  map[string]int    // by kind
}

func newMask() *mask {
	return &mask{map[string]string{}, map[string]string{}, map[string]int{}}
}

func (m *mask) put(kind, value string) string {
	key := kind + " " + value
	if h, ok := m.holder[key]; ok {
		return h
	}
	m.count[kind]++
	h := fmt.Sprintf("<%s_%d>", kind, m.count[kind])
	m.holder[key], m.value[h] = h, value
	return h
}

var (
	placeholder = regexp.MustCompile(`<[A-Z]+_\d+>`)
	email       = regexp.MustCompile(`(?i)[\p{L}\d._%+'-]+(?:@|\s?[(\[{]\s?(?:at|kukac|afna|arobase)\s?[)\]}]\s?)[\p{L}\d-]+(?:(?:\.|\s?[(\[{]\s?(?:dot|pont|pika|point)\s?[)\]}]\s?)[\p{L}\d-]+)+`)
	// secret is a word that only a machine makes: a key with a known beginning, three dotted parts in
	// base64, hexadecimal, or sixteen and more of letters and digits.
	secret = regexp.MustCompile(`\b(?:(?:sk|pk|rk|ghp|gho|xox[abp]|AKIA|Bearer)[-_ ]?[A-Za-z0-9_-]{12,}|eyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{20,}|[A-Za-z0-9_]{16,})`)
	// password is the word after one that announces it.
	password = regexp.MustCompile(`(?i)((?:\b(?:password|passcode|pin(?: code)?|cvv|cvc)|jelsz[oóaá]\p{L}*|pin[- ]?k[oó]d\p{L}*|\bgesl[oa]|mot de passe|code secret|密码|验证码)\s?(?:(?:is|was|az?|je|est|是|为)\s|[:=：是为])\s?)(\S+)`)
	iban     = regexp.MustCompile(`(?i)\b[a-z]{2}\d{2}(?:[ -]?[a-z\d]){11,34}`)
	// run is digits and what people write between them; code is letters and digits in one word.
	run  = regexp.MustCompile(`[+(#]{0,2}\d(?:[\d ()./-]*\d)?`)
	code = regexp.MustCompile(`\b[A-Za-z\d]+(?:[-_/][A-Za-z\d]+)*\b`)

	date   = regexp.MustCompile(`^(?:(?:19|20)\d\d[./-] ?\d{1,2}[./-] ?\d{1,2}|\d{1,2}[./-] ?\d{1,2}[./-] ?(?:19|20)\d\d|(?:19|20)\d\d(?:[ /-]{1,3}(?:(?:19|20)\d\d|\d\d))?)$`)
	unit   = regexp.MustCompile(`^(?i)[ ]?(?:€|\$|£|¥|%|(?:eur|euros?|evrov?|evra|huf|ft|forint\p{L}*|usd|gbp|dollars?|pounds?|quid|kg|cm|mm|km|ml|mb|gb|tb|kwh|mah|watts?|w|v|db|dpi|rpm|hz|mhz|ghz|ezer|db|kos\p{L}*|people|items?|days?|hours?|units)\b|元|块|毫|公|千|万|年|月|天|个)`)
	coin   = regexp.MustCompile(`(?i)(?:[€$£¥]|eur|usd|huf|gbp)[ ]?$`)
	mobile = regexp.MustCompile(`^(?:86)?1[3-9]\d{9}$`)
)

// shortest is how many digits in a row make a number that points to somebody or to an order.
const shortest = 5

// hide gives a text in normal form (NFKC, without invisible characters) and without personal data.
func (m *mask) hide(text string) string {
	text = norm.NFKC.String(strings.Map(visible, text))
	text = placeholder.ReplaceAllStringFunc(text, func(s string) string { return m.put("TEXT", s) })
	if strings.ContainsAny(text, "@([{") {
		text = email.ReplaceAllStringFunc(text, func(s string) string { return m.put("EMAIL", s) })
	}
	text = password.ReplaceAllStringFunc(text, func(s string) string {
		parts := password.FindStringSubmatch(s)
		if placeholder.MatchString(parts[2]) {
			return s
		}
		return parts[1] + m.put("SECRET", parts[2])
	})
	if !strings.ContainsAny(text, "0123456789") {
		return text
	}
	text = m.hideIBANs(text)
	text = secret.ReplaceAllStringFunc(text, func(s string) string {
		if strings.ContainsAny(s, "0123456789") && strings.ContainsFunc(s, unicode.IsLetter) {
			return m.put("SECRET", s)
		}
		return s
	})
	text = each(text, code, m.hideCode)
	return each(text, run, m.hideRun)
}

// visible drops what cannot be seen and would break a number in two, and makes all dashes one.
func visible(r rune) rune {
	switch {
	case unicode.Is(unicode.Cf, r):
		return -1
	case unicode.Is(unicode.Pd, r):
		return '-'
	}
	return r
}

// each replaces matches with a look at what stands around them.
func each(text string, re *regexp.Regexp, f func(before, s, after string) string) string {
	var out strings.Builder
	end := 0
	for _, at := range re.FindAllStringIndex(text, -1) {
		out.WriteString(text[end:at[0]])
		if at[0] > 0 && text[at[0]-1] == '<' { // the inside of a placeholder
			out.WriteString(text[at[0]:at[1]])
		} else {
			out.WriteString(f(text[:at[0]], text[at[0]:at[1]], text[at[1]:]))
		}
		end = at[1]
	}
	out.WriteString(text[end:])
	return out.String()
}

// hideCode hides words of letters and digits: AB-12345, 2024X000123.
func (m *mask) hideCode(_, s, _ string) string {
	digits, letters := count(s)
	if digits < 4 || letters == 0 || measure.MatchString(s) {
		return s
	}
	return m.put("ORDER", s)
}

// measure is a number that has its unit without a space.
var measure = regexp.MustCompile(`(?i)^\d{1,7}(?:eur|huf|ft|usd|gbp|kg|g|cm|mm|km|m|ml|l|mb|gb|tb|kwh|mah|w|v|hz|px|k|s|h|p)$`)

// hideRun hides numbers of cards, of telephones, and all others that are long.
func (m *mask) hideRun(before, s, after string) string {
	digits := onlyDigits(s)
	n := len(digits)
	before, after = before[max(0, len(before)-8):], after[:min(len(after), 24)] // of a long text only what is near
	money := n <= 7 && !strings.HasPrefix(s, "+") && (unit.MatchString(after) || coin.MatchString(before))
	switch {
	case n >= 13 && n <= 19 && luhn(digits):
		return m.put("CARD", s)
	case date.MatchString(s):
		return s
	case n >= 7 && n <= 15 && (s[0] == '+' || s[0] == '(' || s[0] == '0' && !money) || mobile.MatchString(digits):
		return m.put("PHONE", s)
	case strings.Contains(s, "#") && n >= 3:
		return m.put("ORDER", s)
	case money || n < shortest:
		return s
	}
	return m.put("ORDER", s)
}

// hideIBANs hides what has the shape of an IBAN. What follows one in the same breath ("… 0000 thanks") has
// its shape too, so that the longest part with the right check digits is taken; if none has them (a slip
// of the finger), all up to the last group with a digit.
func (m *mask) hideIBANs(text string) string {
	return each(text, iban, func(_, s, _ string) string {
		if digits, _ := count(s); digits < 8 {
			return s
		}
		best, lastDigit := 0, 0
		for i := 1; i <= len(s); i++ {
			if s[i-1] >= '0' && s[i-1] <= '9' {
				lastDigit = i
			}
			if mod97(s[:i]) {
				best = i
			}
		}
		if best == 0 {
			best = lastDigit
		}
		return m.put("IBAN", s[:best]) + s[best:]
	})
}

var blanks = strings.NewReplacer(" ", "", "-", "")

// mod97 checks an IBAN as ISO 13616 says: of 15 to 34 letters and digits, the first four moved to the end.
func mod97(s string) bool {
	if len(s) < 15 {
		return false
	}
	s = strings.ToUpper(blanks.Replace(s))
	if len(s) < 15 || len(s) > 34 {
		return false
	}
	rest := 0
	for _, r := range s[4:] + s[:4] {
		switch {
		case r >= '0' && r <= '9':
			rest = (rest*10 + int(r-'0')) % 97
		case r >= 'A' && r <= 'Z':
			rest = (rest*100 + int(r-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

// luhn checks the number of a card (ISO/IEC 7812).
func luhn(digits string) bool {
	sum := 0
	for i := range digits {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return sum%10 == 0
}

func onlyDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

func count(s string) (digits, letters int) {
	for _, r := range s {
		switch {
		case r >= '0' && r <= '9':
			digits++
		case unicode.IsLetter(r):
			letters++
		}
	}
	return digits, letters
}

// show puts the data back. A placeholder that was never given out is an error: the model made it up.
func (m *mask) show(text string) (string, error) {
	made := false
	text = placeholder.ReplaceAllStringFunc(text, func(h string) string {
		v, ok := m.value[h]
		made = made || !ok
		return v
	})
	if made {
		return "", fmt.Errorf("%w: it names data that nobody gave", ErrAnswer)
	}
	return text, nil
}
