package knowledge_test

import (
	"math"
	"os"
	"testing"

	"ombud/bot/knowledge"
	"ombud/bot/script"
)

// step is how many of the questions are left out between two: OMBUD_RECALL=all asks all of them.
var step = map[bool]int{true: 1, false: 5}[os.Getenv("OMBUD_RECALL") == "all"]

type finder interface {
	Search(q knowledge.Question, k int) []knowledge.Passage
}

// recall tells in how many of a hundred questions the right topic is first, and among the first three.
func recall(s *script.Script, x finder, language string) (first, three float64, questions int) {
	for i, e := range s.Examples {
		topic, ok := s.Topic(e.Topic)
		if !ok || topic.SmallTalk || e.Language != language || i%step != 0 {
			continue
		}
		questions++
		for i, p := range x.Search(knowledge.Question{Text: e.Text, Language: e.Language}, 3) {
			if p.Topics[0] == e.Topic {
				three++
				if i == 0 {
					first++
				}
				break
			}
		}
	}
	return 100 * first / float64(questions), 100 * three / float64(questions), questions
}

// TestRecall takes the default script's answers as articles, one a topic and language, and its labelled
// messages as questions: how often is the passage of the right topic the first, or among three? The
// answers were not written to share words with the questions, so this is a hard test of words alone. It holds
// the library against the search of our own that it replaced.
func TestRecall(t *testing.T) {
	if testing.Short() {
		t.Skip("asks thousands of questions")
	}
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
			articles = append(articles, knowledge.Article{ID: topic.ID, Topics: []string{topic.ID}, Language: lang, Title: topic.ID, Text: text})
		}
	}
	x, err := knowledge.NewIndex(articles)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	old := knowledge.NewOldIndex(articles)
	var sum, sumOld float64
	for _, lang := range s.Languages {
		one, some, n := recall(s, x, lang)
		oneOld, someOld, _ := recall(s, old, lang)
		t.Logf("%s: %d questions, right topic first %.1f %% (before %.1f), among three %.1f %% (before %.1f)", lang, n, one, oneOld, some, someOld)
		sum, sumOld = sum+one+some, sumOld+oneOld+someOld
		// Chance alone moves the share of 2,700 questions by two points, that of a fifth of them by four.
		if may := 2 * math.Sqrt(float64(min(step, 4))); one < oneOld-may || some < someOld-may {
			t.Errorf("%s: the library finds less than our own search did", lang)
		}
	}
	if sum < sumOld {
		t.Errorf("over all languages the library finds less: %.1f against %.1f", sum/10, sumOld/10)
	}
}
