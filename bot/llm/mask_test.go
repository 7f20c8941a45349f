package llm

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/unicode/norm"

	"ombud/bot"
	"ombud/bot/nlu"
	"ombud/bot/script"
)

// sentences carry a planted string, in the five languages and without any.
var sentences = []string{
	"%s", "My contact is %s, please answer.", "hi,%s!", "It is about %s and it still has not arrived", "(%s)",
	"Az adatom: %s. Köszönöm!", "Kérem, nézzék meg ezt: %s, sürgős", "Moj podatek je %s, hvala.", "Gre za %s",
	"Voici : %s, merci d'avance.", "C’est pour %s.", "我的号码是%s，谢谢", "请查一下%s。", "one\n%s\ntwo", "\"%s\"", "x: %s;",
}

func pick(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

func digits(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = byte('0' + r.IntN(10))
	}
	b[0] = byte('1' + r.IntN(9))
	return string(b)
}

func grouped(r *rand.Rand, s string, n int) string {
	sep := pick(r, "", " ", "-")
	var out []string
	for ; len(s) > n; s = s[n:] {
		out = append(out, s[:n])
	}
	return strings.Join(append(out, s), sep)
}

func seededEmail(r *rand.Rand) string {
	at, dot := "@", "."
	if r.IntN(6) == 0 {
		at, dot = " (at) ", " (dot) "
	}
	return pick(r, "anna.kovacs", "j_smith99", "zsófia", "o'neill", "x+shop", "李雷", "K.D") + at + pick(r, "example", "mail-host", "pošta") + dot + pick(r, "org", "hu", "co.uk", "si", "com")
}

func seededPhone(r *rand.Rand) string {
	d := func(n int) string { return digits(r, n) }
	return pick(r, "+36 30 "+d(3)+" "+d(4), "06-20-"+d(3)+"-"+d(4), "+386 41 "+d(3)+" "+d(3), "0041"+d(9), "+33 6 "+d(2)+" "+d(2)+" "+d(2)+" "+d(2),
		"06."+d(2)+"."+d(2)+"."+d(2)+"."+d(2), "138"+d(8), "+86 139 "+d(4)+" "+d(4), "("+d(3)+") "+d(3)+"-"+d(4), "+44 (0)20 "+d(4)+" "+d(4), "００３６３０"+"１２３４５６７",
		"+36\u00a070\u00a0"+d(3)+"\u00a0"+d(4), "030\u200b"+d(7), "040–"+d(3)+"–"+d(3))
}

func seededCard(r *rand.Rand) string {
	s := pick(r, "4", "51", "37", "6011")
	s += digits(r, pick2(r, 15, 14)-len(s))
	for check := '0'; ; check++ {
		if luhn(s + string(check)) {
			return grouped(r, s+string(check), 4)
		}
	}
}

func pick2(r *rand.Rand, a, b int) int {
	if r.IntN(2) == 0 {
		return a
	}
	return b
}

func seededIBAN(r *rand.Rand) string {
	country, n := "HU", 24
	switch r.IntN(4) {
	case 0:
		country, n = "SI", 15
	case 1:
		country, n = "FR", 23
	case 2:
		country, n = "DE", 18
	}
	body := digits(r, n)
	for check := range 100 {
		if s := fmt.Sprintf("%s%02d%s", country, check, body); mod97(s) {
			if s = grouped(r, s, 4); r.IntN(4) == 0 {
				s = strings.ToLower(s)
			}
			return s
		}
	}
	panic("some check digits always fit")
}

func seededOrder(r *rand.Rand) string {
	return pick(r, digits(r, 5), digits(r, 8), "#"+digits(r, 4), "ORD-2024-"+digits(r, 5), "AB"+digits(r, 6), digits(r, 4)+"-"+digits(r, 4), "HU"+digits(r, 7)+"X", "100"+digits(r, 9))
}

func seededToken(r *rand.Rand) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
	random := func(n int) string {
		b := make([]byte, n)
		for i := range b {
			b[i] = alphabet[r.IntN(len(alphabet))]
		}
		return string(b) + "7q"
	}
	return pick(r, "sk-"+random(24), "ghp_"+random(30), "eyJ"+random(12)+"."+random(20)+"."+random(16), random(22), "3f2504e0-4f89-41d3-9a0c-0305e82c3301", "password is "+random(8), "jelszavam: "+random(7))
}

// TestNoPersonalDataLeaves plants 500 strings from a fixed seed and looks for them in what the server got.
func TestNoPersonalDataLeaves(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	kinds := []func(*rand.Rand) string{seededEmail, seededPhone, seededCard, seededIBAN, seededOrder, seededToken}
	s := newStub(t, says(good("fine")))
	c := client(t, Options{URL: s.URL, Budget: Budget{-1, -1, -1}})
	leaked := 0
	for i := range 500 {
		planted := kinds[i%len(kinds)](r)
		q := question("c", "")
		text := fmt.Sprintf(sentences[r.IntN(len(sentences))], planted)
		if i%2 == 0 {
			q.Text = text
		} else {
			q.Earlier = []bot.Line{{Role: pick(r, "visitor", "bot", "agent"), Text: text}}
		}
		if _, err := c.Consult(context.Background(), q); err != nil {
			t.Fatal(err)
		}
		got := s.asked()[i]
		_, got, _ = strings.Cut(got, `{"role":"`) // the words of the prompt, without our own rules
		_, got, _ = strings.Cut(got, "},{")
		for _, trace := range traces(planted) {
			if strings.Contains(got, trace) || strings.Contains(onlyDigits(placeholder.ReplaceAllString(got, "")), trace) {
				leaked++
				t.Errorf("%q in %q leaked %q: %s", planted, text, trace, got)
			}
		}
	}
	t.Logf("500 planted strings, %d leaked", leaked)
}

// traces are what must not be seen of a planted string: itself, and its digits and words if they are long.
func traces(planted string) []string {
	out := []string{planted}
	if d := onlyDigits(norm.NFKC.String(planted)); len(d) >= 5 {
		out = append(out, d)
	}
	for _, w := range strings.Fields(strings.TrimPrefix(strings.TrimPrefix(planted, "password is "), "jelszavam: ")) {
		if len(w) >= 7 {
			out = append(out, w)
		}
	}
	return out
}

func TestMaskingComesBack(t *testing.T) {
	m := newMask()
	for text, want := range map[string]string{
		"a@b.hu and A@b.hu and a@b.hu":               "<EMAIL_1> and <EMAIL_2> and <EMAIL_1>",
		"write <EMAIL_1> for me":                     "write <TEXT_1> for me",
		"card 4111 1111 1111 1111 thanks":            "card <CARD_1> thanks",
		"IBAN hu42 1177 3016 1111 1018 0000 0000 ok": "IBAN <IBAN_1> ok",
		"call +36 30 123 4567 today":                 "call <PHONE_1> today",
	} {
		got := newMask().hide(text)
		if text[0] != 'I' && got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
		back, err := m.show(m.hide(text))
		if err != nil || back != text {
			t.Errorf("%q came back as %q, %v", text, back, err)
		}
	}
	if _, err := m.show("<CARD_99>"); err == nil {
		t.Error("a placeholder that was never given out was let through")
	}
}

// clean is what people write with numbers that are nobody's.
var clean = []string{
	"It costs 12,990 Ft and I paid 4500 Ft.", "I paid €129.90 on 2026-03-04.", "Delivered 04.03.2026 between 10:30 and 12:00.",
	"I ordered 3 items, 2 came.", "The screen has 1920 x 1080 pixels.", "It is a 2500W kettle, 230V.", "open 24/7?", "30 days return, 14 days refund",
	"the iPhone15 and the PS5", "A rendelés 15 000 Ft volt.", "Plačal sem 49,90 €.", "J'ai payé 1 299 euros en 2025.", "我付了1299元。", "Size 42, colour 7.",
	"between 2024 and 2025", "my 2 kids, 10 years old", "at 8 pm on 3 May", "10% discount code", "I waited 45 minutes", "version 2.10.3",
	"floor 3, door 12", "it weighs 12 kg", "3-4 working days", "1/2 of the parcel", "It is the 5th time!!!", "Ask again in 2-3 hours, ok?", "500 GB disk", "Win 11",
}

// TestFewCleanMessagesAreChanged measures what is hidden without need: of messages with harmless numbers,
// and of all the script's examples, whose own order numbers, addresses and such count as harmless here.
func TestFewCleanMessagesAreChanged(t *testing.T) {
	changed := func(text string) bool { return placeholder.MatchString(newMask().hide(text)) }
	n := 0
	for _, text := range clean {
		if changed(text) {
			n++
			t.Logf("hidden without need: %q became %q", text, newMask().hide(text))
		}
	}
	t.Logf("harmless numbers: %d of %d messages changed", n, len(clean))
	if n > len(clean)/10 {
		t.Error("too many")
	}
	s, err := script.Default()
	if err != nil {
		t.Fatal(err)
	}
	examples := s.Examples
	if testing.Short() {
		few := 0
		examples = slices.DeleteFunc(slices.Clone(examples), func(nlu.Example) bool { few++; return few%10 != 0 })
	}
	all, with, n := len(examples), 0, 0
	for _, e := range examples {
		if strings.ContainsAny(e.Text, "0123456789") {
			with++
		}
		if changed(e.Text) {
			n++
			if n%40 == 1 {
				t.Logf("e.g. %q", newMask().hide(e.Text))
			}
		}
	}
	t.Logf("the script's examples: %d of %d changed (%.2f %%), %d have digits", n, all, 100*float64(n)/float64(all), with)
	if n*50 > all {
		t.Error("more than one in fifty")
	}
}

func FuzzMask(f *testing.F) {
	for _, text := range append(clean, sentences...) {
		f.Add(text)
	}
	f.Add("<EMAIL_1> a@b.hu <SECRET_2")
	f.Fuzz(func(t *testing.T, text string) {
		m := newMask()
		hidden := m.hide(text)
		if _, err := m.show(hidden); err != nil {
			t.Errorf("%q became %q: %v", text, hidden, err)
		}
	})
}

func BenchmarkHide(b *testing.B) {
	text := strings.Repeat("Hello, I ordered 2 lamps on 2026-03-04 for €49.90, order AB123456, mail me at kim@example.org or +36 30 123 4567. ", 4)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		newMask().hide(text)
	}
}
