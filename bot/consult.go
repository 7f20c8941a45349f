package bot

import (
	"context"
	"fmt"

	"ombud/bot/knowledge"
	"ombud/bot/nlu"
)

// passages is how many passages of articles a model is given.
const passages = 4

// consult asks the model and waits for its opinion, at most for the budget: a model that does not keep to
// its context is left behind.
func (e *Engine) consult(ctx context.Context, p *parts, in TurnInput, a nlu.Assessment, language string) (Opinion, error) {
	ctx, cancel := context.WithTimeout(ctx, e.budget)
	defer cancel()
	q := Question{
		Conversation: in.Conversation, Visitor: in.Visitor, Language: language, Text: joined(in.New), Earlier: in.Earlier,
		Knowledge: p.knowledge(a, language), Passages: e.passages(a, joined(in.New), language), Topics: p.topicIDs(),
	}
	type result struct {
		o   Opinion
		err error
	}
	done := make(chan result, 1)
	go func() {
		o, err := e.model.Consult(ctx, q)
		done <- result{o, err}
	}()
	select {
	case r := <-done:
		return r.o, r.err
	case <-ctx.Done():
		return Opinion{}, fmt.Errorf("consult the model: %w", ctx.Err())
	}
}

// knowledge gives the script's answers on the likely topics, the likeliest first; on all where none is likely.
func (p *parts) knowledge(a nlu.Assessment, language string) []string {
	var out []string
	for _, t := range a.Topics {
		out = append(out, p.answers(t.Topic, language)...)
	}
	if len(out) > 0 {
		return out
	}
	for _, t := range p.script.Topics {
		out = append(out, p.answers(t.ID, language)...)
	}
	return out
}

func (p *parts) answers(topic, language string) []string {
	t, _ := p.script.Topic(topic)
	var out []string
	for _, a := range t.Answers {
		out = append(out, p.script.Text("topic."+t.ID+"."+a.Text, language, 0, nil))
	}
	return out
}

func (e *Engine) passages(a nlu.Assessment, text, language string) []knowledge.Passage {
	if e.articles == nil {
		return nil
	}
	likely := map[string]float64{}
	for _, t := range a.Topics {
		likely[t.Topic] = t.Confidence
	}
	return e.articles.Search(knowledge.Question{Text: text, Language: language, Topics: likely}, passages)
}

func (p *parts) topicIDs() []string {
	var out []string
	for _, t := range p.script.Topics {
		out = append(out, t.ID)
	}
	return out
}
