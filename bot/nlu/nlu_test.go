package nlu

import (
	"reflect"
	"testing"
)

// shop is a small script in two languages.
func shop() []Example {
	var all []Example
	add := func(lang, topic string, signals []Signal, texts ...string) {
		for _, t := range texts {
			all = append(all, Example{Language: lang, Text: t, Topic: topic, Signals: signals})
		}
	}
	add("en", "order_status", nil, "where is my order", "where is my parcel now", "has my order shipped yet", "track my parcel please")
	add("en", "invoice_request", nil, "please send me the invoice", "i need an invoice", "where can i download the invoice", "invoice for my company")
	add("en", "", []Signal{WantsHuman}, "i want to talk to a human", "human please", "connect me to an agent", "give me a real person")
	add("en", "", nil, "what is the weather like", "tell me a joke", "who won the match", "recipe for soup")
	add("hu", "order_status", nil, "hol van a rendelésem", "hol a csomagom", "feladták már a rendelésem", "mikor jön a csomagom")
	add("hu", "invoice_request", nil, "kérem a számlát", "számlát szeretnék", "hol tudom letölteni a számlát", "áfás számla kellene")
	add("hu", "", []Signal{WantsHuman}, "élő emberrel akarok beszélni", "embert kérek", "kapcsoljon egy ügyintézőt", "ügyintézőt kérek")
	add("hu", "", nil, "milyen idő lesz", "mondj egy viccet", "ki nyerte a meccset", "leves recept")
	return all
}

func trained(t testing.TB) *Model {
	t.Helper()
	m, err := Train(shop(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestTheSameExamplesGiveTheSameModel(t *testing.T) {
	one, _ := Train(shop(), Options{Workers: 1})
	many, _ := Train(shop(), Options{Workers: 5})
	if !reflect.DeepEqual(one, many) {
		t.Error("the model depends on the number of workers")
	}
}

func TestAssessReadsTopicSignalAndLanguage(t *testing.T) {
	m := trained(t)
	a := m.Assess("Where is my parcel?", Context{})
	if a.Language != "en" || a.Topics[0].Topic != "order_status" || a.Found(WantsHuman) {
		t.Errorf("unexpected assessment %+v", a)
	}
	a = m.Assess("szamlat kerek", Context{})
	if a.Language != "hu" || a.Topics[0].Topic != "invoice_request" {
		t.Errorf("unexpected assessment %+v", a)
	}
	a = m.Assess("egy élő embert kérek", Context{})
	if !a.Found(WantsHuman) {
		t.Errorf("wants_human not found: %+v", a)
	}
}
