package bot

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"

	"ombud/bot/script"
)

// maxWording is the longest wording, in characters, that is taken from a model.
const maxWording = 700

var (
	figures  = regexp.MustCompile(`\d+(?:[.,:/ -]?\d+)*`)
	sentence = regexp.MustCompile(`[.!?…:;。！？：；\n]["'”»“)\]]*\s*`)
	// counted are numbers in words. Those that mean something else as well are left out: a false alarm costs only the wording.
	counted = regexp.MustCompile(`\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|fifty|hundred|thousand` +
		`|(?:ketto|ket|harom|negy|ot|nyolc|kilenc|tiz|tizenegy|tizenket|husz|harminc|szaz|ezer)(?:szor|szer)?` +
		`|dva|dve|dveh|tri|treh|stiri|stirih|pet|petih|sest|sedem|osem|devet|deset|dvajset|trideset|tisoc` +
		`|deux|trois|quatre|cinq|sept|huit|dix|onze|douze|quinze|vingt|trente|cinquante|mille)\b` +
		`|[两二三四五六七八九十百千万]+(?:天|日|周|个|年|月|次|件|元|块|点|小时|分钟|倍)`)
	latin = regexp.MustCompile(`[\p{Latin}][\p{Latin}\d]+`)
	// Chinese names cannot be told by capitals, but by the words of respect after them.
	titled = regexp.MustCompile(`\p{Han}{1,3}(?:先生|女士|小姐|太太|经理|主管|总监)`)
)

// inFigures are the numbers in words as figures, where the facts may have those.
var inFigures = map[string]string{
	"two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
	"ketto": "2", "ket": "2", "harom": "3", "negy": "4", "ot": "5", "nyolc": "8", "kilenc": "9", "tiz": "10",
	"dva": "2", "dve": "2", "dveh": "2", "tri": "3", "treh": "3", "stiri": "4", "stirih": "4", "pet": "5", "petih": "5", "sest": "6", "sedem": "7", "osem": "8", "devet": "9", "deset": "10",
	"deux": "2", "trois": "3", "quatre": "4", "cinq": "5", "sept": "7", "huit": "8", "dix": "10",
	"两": "2", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8", "九": "9", "十": "10",
}

// openers may begin a sentence with a capital though no fact says them.
var openers = func() map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(`the a an this that these those he she they it his her their its customer customers since after before when while because so but
		and also according in on at for from by with no not there nothing nobody what who which how both however although still as now despite due one
		a az ez azt ezt o ugyfel vevo mivel miutan mert de es is szerinte meg mar nem nincs egy ezert keri szeretne eddig jelenleg korabban elobb kozben ugy
		stranka kupec kupka ona on to ta ti ker ko po pred in ali vendar zeli pravi ni se ze zato od za pri v na doslej zdaj ceprav narocilo
		le la les l un une il elle ils client cliente ce cet cette cela c depuis apres avant car mais et selon aucun aucune rien n pas en au aux dans pour par sur avec malgre sa son ses`) {
		set[w] = true
	}
	return set
}()

// CheckWording tells why a model's wording of facts must not be used, nil if it may: it holds a number, a name, a promise, an
// accusation or an address that no fact holds, or is not plain text in the language asked for. It errs on the side of
// refusing, since the facts are there to be read. What it cannot tell is whether the facts are put together rightly:
// a wording therefore stands beside them, and never in their place.
func CheckWording(text, language string, facts []string) error {
	refuse := func(why, what string) error { return &draftError{why, what} }
	switch {
	case strings.TrimSpace(text) == "":
		return refuse("empty", "")
	case !utf8.ValidString(text):
		return refuse("not UTF-8", "")
	case utf8.RuneCountInString(text) > maxWording:
		return refuse("too long", fmt.Sprint(utf8.RuneCountInString(text)))
	case strings.IndexFunc(text, badRune) >= 0:
		return refuse("control character", "")
	case !inLanguage(text, language):
		return refuse("another script of writing", language)
	}
	known := strings.Join(facts, "\n")
	lower, knownLower := strings.ToLower(text), strings.ToLower(known)
	for _, c := range draftChecks {
		for _, m := range c.re.FindAllString(lower, -1) {
			if !strings.Contains(knownLower, m) {
				return refuse(c.why, m)
			}
		}
	}
	folded, knownFolded := script.Fold(text), script.Fold(known)
	for _, c := range draftWords {
		for _, m := range c.re.FindAllString(folded, -1) {
			if !strings.Contains(knownFolded, m) {
				return refuse(c.why, m)
			}
		}
	}
	if n := strangeNumber(text, folded, known, knownFolded); n != "" {
		return refuse("a number that no fact holds", n)
	}
	if n := strangeName(text, language, known, knownFolded); n != "" {
		return refuse("a name that no fact holds", n)
	}
	return nil
}

// strangeNumber gives a number, in figures or words, that the facts do not hold; "" if there is none.
func strangeNumber(text, folded, known, knownFolded string) string {
	have := map[string]bool{}
	for _, n := range figures.FindAllString(known, -1) {
		have[bare(n)] = true
		for part := range strings.FieldsFuncSeq(n, func(r rune) bool { return !unicode.IsDigit(r) }) {
			have[bare(part)] = true
		}
	}
	for _, n := range figures.FindAllString(text, -1) {
		if !have[bare(n)] {
			return n
		}
	}
	for _, n := range counted.FindAllString(folded, -1) {
		figure := inFigures[n]
		if r, size := utf8.DecodeRuneInString(n); figure == "" && size > 1 {
			figure = inFigures[string(r)]
		}
		if !strings.Contains(" "+knownFolded+" ", edge(n)+n+edge(n)) && (figure == "" || !have[figure]) {
			return n
		}
	}
	return ""
}

// edge is what stands around a word: nothing in Chinese, which is written without spaces.
func edge(word string) string {
	if r, _ := utf8.DecodeRuneInString(word); unicode.Is(unicode.Han, r) {
		return ""
	}
	return " "
}

// bare gives the digits of a number, without what people write between them and without cents that are none.
func bare(number string) string {
	digits := strings.Map(func(r rune) rune {
		if unicode.IsDigit(r) {
			return r
		}
		return -1
	}, number)
	if strings.HasSuffix(number, ",00") || strings.HasSuffix(number, ".00") {
		digits = strings.TrimSuffix(digits, "00")
	}
	return strings.TrimLeft(digits, "0")
}

// strangeName gives a word with a capital that the facts do not hold, or a Chinese name by its title; "" if there is none.
func strangeName(text, language, known, knownFolded string) string {
	for _, m := range titled.FindAllString(text, -1) {
		if !strings.Contains(known, m) {
			return m
		}
	}
	if language == "zh" {
		for _, word := range latin.FindAllString(text, -1) {
			if !strings.Contains(knownFolded, script.Fold(word)) {
				return word
			}
		}
		return ""
	}
	words := strings.Fields(knownFolded)
	begin := 0
	for _, end := range append(sentence.FindAllStringIndex(text, -1), []int{len(text), len(text)}) {
		first := true
		for word := range strings.FieldsFuncSeq(text[begin:end[0]], func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
			head, _ := utf8.DecodeRuneInString(word)
			if folded := script.Fold(word); unicode.IsUpper(head) && !(first && openers[folded]) && !holds(words, folded, language) {
				return word
			}
			first = false
		}
		begin = end[1]
	}
	return ""
}

// holds reports whether a word is among those of the facts; in languages that bend names at their end, up to that end.
func holds(words []string, word, language string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
		if language != "hu" && language != "sl" {
			continue
		}
		same := 0
		for same < min(len(w), len(word)) && w[same] == word[same] {
			same++
		}
		if same >= max(2, len(w)-2) && len(word)-same <= 6 {
			return true
		}
	}
	return false
}
