package nlu

import "testing"

// Among examples in several languages a word that every example of its language holds is still far from common: what sets it
// apart from a rare one must not shrink for that.
func TestCommonWordsStayCommonAmongSeveralLanguages(t *testing.T) {
	contrast := func(languages int) float64 {
		var documents [][]feature
		const common, rare = 1 << 20, 1 << 30
		for l := range uint64(languages) {
			for n := range uint64(200) {
				d := []feature{{hash: common + l + 1}}
				if n < 2 {
					d = append(d, feature{hash: rare + l + 1})
				}
				documents = append(documents, d)
			}
		}
		v := learnVocabulary(1, documents, languages)
		return float64(v.IDF[v.id(rare+1)] / v.IDF[v.id(common+1)])
	}
	one, five := contrast(1), contrast(5)
	if one < 2 || five < 0.75*one {
		t.Errorf("a rare word counts %.2f of a common one in one language, %.2f in five, want about the same", one, five)
	}
}

// A concept met by chance has room beside it in every vocabulary.
func TestConceptsHaveRoom(t *testing.T) {
	if v := learnVocabulary(1, [][]feature{{{hash: 8}}}, 5); v.Room <= 0 || v.Room >= conceptRoom {
		t.Errorf("room %v, want some, and less than the %v of one language", v.Room, conceptRoom)
	}
}
