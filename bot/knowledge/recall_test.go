package knowledge_test

import (
	"testing"

	"ombud/bot/knowledge"
	"ombud/bot/script"
)

// TestRecall takes the default script's answers as articles, one a topic and language, and its labelled
// messages as questions: how often is the passage of the right topic the first, or among three? The
// answers were not written to share words with the questions, so this is a hard test of words alone.
func TestRecall(t *testing.T) {
	s, err := script.Default()
	if err != nil {
		t.Fatal(err)
	}
	var articles []knowledge.Article
	for _, lang := range s.Languages {
		for _, topic := range s.Topics {
			text := s.Text("topic."+topic.ID+".name", lang, 0, nil) + "."
			for _, a := range topic.Answers {
				key := "topic." + topic.ID + "." + a.Text
				for n := range s.Variants(key, lang) {
					text += " " + s.Text(key, lang, n, nil)
				}
			}
			articles = append(articles, knowledge.Article{ID: topic.ID, Topic: topic.ID, Language: lang, Title: topic.ID, Text: text})
		}
	}
	x := knowledge.NewIndex(articles)
	first, three, all := map[string]int{}, map[string]int{}, map[string]int{}
	for _, e := range s.Examples {
		topic, ok := s.Topic(e.Topic)
		if !ok || topic.SmallTalk {
			continue
		}
		all[e.Language]++
		seen := map[string]bool{}
		for i, p := range x.Search(knowledge.Question{Text: e.Text, Language: e.Language}, 3) {
			if p.Topic == e.Topic && !seen[p.Topic] {
				three[e.Language]++
				if i == 0 {
					first[e.Language]++
				}
			}
			seen[p.Topic] = true
		}
	}
	for _, lang := range s.Languages {
		one, some := float64(first[lang])/float64(all[lang]), float64(three[lang])/float64(all[lang])
		t.Logf("%s: %d questions, %d topics, right topic first %.2f, among three %.2f", lang, all[lang], len(s.Topics), one, some)
		if one < 0.25 || some < 0.43 { // whole words instead of parts: 0.14 and 0.25 in Hungarian
			t.Errorf("%s: the right topic is first in %.2f and among three in %.2f", lang, one, some)
		}
	}
}
