package script

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestRecognise(t *testing.T) {
	for _, c := range []struct{ text, pending, want string }{
		{"has order 71882 gone out yet?", "", "order_number=71882"},
		{"jó napot merre jár az 50291-es?", "", "order_number=50291"},
		{"kdaj pride 61204, smučarska čelada", "", "order_number=61204"},
		{"bjr la poussette 22018 c'est parti ?", "", "order_number=22018"},
		{"订单号20251234帮我查一下", "", "order_number=20251234"},
		{"AB-123456 please", "", "order_number=AB-123456"},
		{"a fűkaszáért kétszer vontátok le a 89 900-at", "", ""},
		{"it cost 1200 euros in 2024", "", ""},
		{"it cost €1200", "", ""},
		{"4500 Ft volt", "", ""},
		{"123", "order_number", "order_number=123"},
		{"my account number is 99887766", "", "account_number=99887766"},
		{"ügyfélszámom: 4455667", "", "account_number=4455667"},
		{"write to Anna.Kovacs@Example.com", "", "contact=anna.kovacs@example.com"},
		{"call me on +36 30 123 4567", "", "contact=+36301234567"},
		{"06 20 123 4567", "contact", "contact=06201234567"},
		{"电话13912345678", "", "contact=13912345678"},
		{"since monday", "since_when", "since_when=since monday"},
		{"3 napja", "since_when", "since_when=3 napja"},
		{"tegnap óta", "since_when", "since_when=tegnap"},
		{"že dva tedna", "since_when", "since_when=že dva tedna"},
		{"depuis trois semaines", "since_when", "since_when=depuis trois semaines"},
		{"三天了", "since_when", "since_when=三天了"},
		{"after 5 pm", "callback_time", "callback_time=after 5 pm"},
		{"I want my money back", "", "outcome_wanted=refund"},
		{"új darabot kérek", "outcome_wanted", "outcome_wanted=replacement"},
		{"rad bi popravilo", "outcome_wanted", "outcome_wanted=repair"},
		{"je voudrais un échange", "outcome_wanted", "outcome_wanted=exchange"},
		{"我要退款", "outcome_wanted", "outcome_wanted=refund"},
		{"the blue kettle", "product", "product=the blue kettle"},
		{"I don't know", "product", ""},
		{"yes", "product", ""},
		{"what do you mean?", "product", ""},
		{"61, 140 and 58 wide", "product", ""},
		{"restarted it twice and changed the cable", "tried", "tried=restarted it twice and changed the cable"},
		{"my name is Anna Kovács", "", "name=Anna Kovács"},
		{"我叫小雨", "", "name=小雨"},
		{"this is terrible", "", ""},
		{"this is the THIRD time", "", ""},
		{"this is OUTRAGEOUS", "", ""},
		{"hello, this is Anna", "", "name=Anna"},
	} {
		kind := map[string]string{"order_number": "number", "product": "text", "tried": "text", "since_when": "date", "callback_time": "date", "outcome_wanted": "outcome", "contact": "contact"}[c.pending]
		var got []string
		for _, f := range Recognise(c.text, c.pending, kind) {
			got = append(got, f.Name+"="+f.Value)
		}
		if c.want == "" && c.pending != "" {
			// What was asked for must not be there; other facts may.
			for _, g := range got {
				if strings.HasPrefix(g, c.pending+"=") {
					t.Errorf("%q: got %v, want no %s", c.text, got, c.pending)
				}
			}
			continue
		}
		if c.want == "" && len(got) > 0 && !strings.HasPrefix(got[0], "since_when=") || c.want != "" && !strings.Contains("|"+strings.Join(got, "|")+"|", "|"+c.want+"|") {
			t.Errorf("%q (asked for %q): got %v, want %q", c.text, c.pending, got, c.want)
		}
	}
}

func TestValid(t *testing.T) {
	for _, c := range []struct {
		kind, value string
		want        bool
	}{
		{"contact", "a@b.hu", true}, {"contact", "+36301234567", true}, {"contact", "my house", false}, {"number", "71882", true}, {"number", "a@b.hu", true},
		{"number", "soon", false}, {"date", "yesterday", true}, {"date", "blue", false}, {"outcome", "refund", true}, {"outcome", "world peace", false},
		{"name", "Anna", true}, {"name", "R2D2", false}, {"name", "", false}, {"text", "it broke", true}, {"text", "", false}, {"riddle", "x", false},
	} {
		if got := Valid(c.kind, c.value); got != c.want {
			t.Errorf("Valid(%s, %q) = %v", c.kind, c.value, got)
		}
	}
}

func TestRepliesInFiveLanguages(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Yes", "yes"}, {"yes please", "yes"}, {"igen", "yes"}, {"da, seveda", "yes"}, {"oui", "yes"}, {"d'accord", "yes"}, {"好的", "yes"}, {"是的", "yes"},
		{"no", "no"}, {"Nem.", "no"}, {"ne", "no"}, {"non merci", "no"}, {"不用", "no"}, {"yes but only the blue one and soon", ""}, {"", ""}, {"👍", ""},
	} {
		if got := Says(c.text); got != c.want {
			t.Errorf("Says(%q) = %q", c.text, got)
		}
	}
	for _, s := range []string{"I don't know", "nincs meg", "Ne vem.", "je ne sais pas", "不知道", "I don't have it with me"} {
		if !Refuses(s) {
			t.Errorf("Refuses(%q) is false", s)
		}
	}
	for language, s := range skips {
		if !Refuses(s) || Skip(language) != s {
			t.Errorf("the tap %q is not understood as a refusal", s)
		}
	}
	for _, s := range []string{"no need to connect me", "nem kell kapcsolni", "ni treba nikogar motit", "pas besoin d'un conseiller", "不用转人工哈"} {
		if !Declines(s) {
			t.Errorf("Declines(%q) is false", s)
		}
	}
	for _, s := range []string{"I need a person", "embert kérek", "človeka prosim", "un conseiller svp", "转人工"} {
		if Declines(s) {
			t.Errorf("Declines(%q) is true", s)
		}
	}
	for _, s := range []string{"you told me the same thing again", "ugyanezt írtad", "spet isto", "vous me redites la même chose", "跟刚才说的一样啊"} {
		if !SaysAgain(s) {
			t.Errorf("SaysAgain(%q) is false", s)
		}
	}
	for _, s := range []string{"who looks at applications?", "kihez küldhetem?", "komu pošljem?", "qui s'occupe de ça ?", "谁管这块"} {
		if !AsksWho(s) {
			t.Errorf("AsksWho(%q) is false", s)
		}
	}
	for _, s := range []string{"nem venni szeretnénk, hanem adni", "jaz ne kupujem, oddajam", "Ce n'est pas une commande", "不是买东西，是加盟"} {
		if !Corrects(s) {
			t.Errorf("Corrects(%q) is false", s)
		}
	}
	for _, s := range []string{"the thingy", "a zizés na", "c pour le bidule", "那个啥"} {
		if !Vague(s) {
			t.Errorf("Vague(%q) is false", s)
		}
	}
}

func FuzzRecognise(f *testing.F) {
	f.Add("order 71882 since monday, call +36 30 123 4567", "product")
	f.Fuzz(func(t *testing.T, text, pending string) {
		for _, fact := range Recognise(text, pending, "text") {
			if fact.Value == "" {
				t.Errorf("%q gives %s without a value", text, fact.Name)
			}
		}
	})
}

func TestAFactOfTheShopIsRecognisedByItsPattern(t *testing.T) {
	fsys := small()
	edit := func(from, to string) {
		old := string(fsys["script.yaml"].Data)
		if !strings.Contains(old, from) {
			t.Fatalf("no %q", from)
		}
		fsys["script.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(old, from, to, 1))}
	}
	edit("kind: text}", "kind: number, pattern: \"WS-[0-9]{6}\"}")
	s, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"it is ws-123456, thanks": "WS-123456", "订单号WS-123456": "WS-123456", "WS-1234567": "", "number 123456": "", "XWS-123456": "",
	} {
		got := ""
		for _, f := range s.Recognise(text, "product") {
			if f.Name == "product" {
				got = f.Value
			}
		}
		if got != want {
			t.Errorf("%q gives %q, want %q", text, got, want)
		}
	}
	for _, bad := range []string{"[", "x*"} {
		fsys := small()
		fsys["script.yaml"] = &fstest.MapFile{Data: []byte(strings.Replace(string(fsys["script.yaml"].Data), "kind: text}", "kind: text, pattern: \""+bad+"\"}", 1))}
		if _, err := Load(fsys); err == nil || !strings.Contains(err.Error(), "script.yaml:5: error: the pattern of fact product") {
			t.Errorf("pattern %q: %v", bad, err)
		}
	}
}

func TestTheHeadOfTheCompanyIsAskedFor(t *testing.T) {
	for _, s := range []string{"I want to speak to your CEO!", "Az ügyvezetővel akarok beszélni", "Povežite me z direktorjem", "Passez-moi le directeur", "叫你们总经理来"} {
		if !AsksExecutive(s) {
			t.Errorf("%q does not", s)
		}
	}
	for _, s := range []string{"Let me talk to a manager", "Kérem a felettesét", "Želim govoriti z nadrejenim", "Je veux un responsable", "找你们主管"} {
		if AsksExecutive(s) {
			t.Errorf("%q does", s)
		}
	}
}
