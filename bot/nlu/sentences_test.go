package nlu

import (
	"slices"
	"testing"
)

func TestSentencesEndWhereTheyShould(t *testing.T) {
	for _, c := range []struct {
		message string
		want    []string
	}{
		{"where is it", []string{"where is it"}},
		{"It cost 3.50. Get me a person!", []string{"It cost 3.50.", " Get me a person!"}},
		{"等了一周。转人工！谢谢", []string{"等了一周。", "转人工！", "谢谢"}},
		{`He said "I want a person. Now!" and left. Any news?`, []string{`He said "I want a person. Now!" and left.`, " Any news?"}},
		{"„Embert kérek! Most!” – mondta. Megvan?", []string{"„Embert kérek! Most!” – mondta.", " Megvan?"}},
		{"one\ntwo\n\n", []string{"one\n", "two\n", "\n"}},
		{"", nil},
	} {
		if got := sentences(nil, c.message); !slices.Equal(got, c.want) {
			t.Errorf("%q is cut into %q, want %q", c.message, got, c.want)
		}
	}
}

// rambling are messages in which one sentence among many shows the signal.
var rambling = []struct {
	lang, text string
	signal     Signal
}{
	{"en", "I bought the bench for my wife's sixtieth. The slats were fine, the legs were fine, the weather was fine. Then the bolts came and none of them fit. I have tried every spanner in the shed. Would one of your colleagues talk to me? The cushions are lovely by the way.", WantsHuman},
	{"hu", "A kisunokámnak vettem a hintát a névnapjára. A kötél jó, a deszka jó, az idő is jó volt. Aztán kiderült, hogy a kampó nem fér rá a gerendára. Próbáltuk reszelni is. Adnának egy ügyintézőt? A színe amúgy nagyon szép.", WantsHuman},
	{"zh", "给孙子买的秋千，绳子挺好，木板也挺好，天气也好。后来发现挂钩套不上横梁。拿锉刀磨了半天也不行。能换个真人跟我讲讲吗？颜色倒是很漂亮。", WantsHuman},
	{"en", "The wardrobe came in April. Two doors, four shelves, one mirror. My brother in law helped me carry it up. One hinge gave way in May and another one in June. I am taking you to court. The mirror is still in its film.", LegalThreat},
}

func TestASignalInOneSentenceIsHeard(t *testing.T) {
	m := shippedModel(t)
	for _, c := range rambling {
		if a := m.Assess(c.text, Context{Language: c.lang}); !a.Found(c.signal) {
			t.Errorf("%s %q: %s is %.2f, want it found", c.lang, c.text, c.signal, a.Strength(c.signal))
		}
	}
}
