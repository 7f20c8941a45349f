package bot

import (
	"context"
	"fmt"
	"slices"

	"ombud/bot/knowledge"
	"ombud/bot/nlu"
)

// passages is how many passages of articles a model is given.
const passages = 4

// ask asks the model, and lets its draft be seen while it grows if somebody looks on. The stream is nil if
// nobody does; else it must be closed with what is said in the end.
func (e *Engine) ask(ctx context.Context, p *parts, s State, in TurnInput, turn Turn, language string) (Opinion, *stream, error) {
	ctx, cancel := context.WithTimeout(ctx, e.budget)
	defer cancel()
	q := Question{
		Conversation: in.Conversation, Visitor: in.Visitor, Language: language, Text: joined(in.New), Earlier: in.Earlier,
		Knowledge: p.knowledge(turn.Assessment, language), Passages: e.passages(turn.Assessment, joined(in.New), language), Topics: p.topicIDs(),
	}
	if in.Draft == nil {
		o, err := e.consult(ctx, q)
		o.given = q.Passages
		return o, nil, err
	}
	x := &stream{show: in.Draft, p: p, s: s, turn: turn, stop: cancel}
	q.Grow = x.grow
	o, err := e.consult(ctx, q)
	if early, refused := x.refused(); refused != nil {
		return early, x, refused
	}
	o.given = q.Passages
	return o, x, err
}

// Cite names a passage that a model's words rest on, for the staff to look up.
type Cite struct {
	Passage string `json:"passage"`
	Article string `json:"article,omitempty"` // the store's id of the article; "" for one that is not stored
	Version int64  `json:"version,omitempty"`
	Title   string `json:"title"`
}

// cited gives the passages that an opinion's draft rests on, each once.
func (o Opinion) cited() []Cite {
	var out []Cite
	for _, p := range o.given {
		if slices.Contains(o.Cites, p.ID) {
			out = append(out, Cite{p.ID, p.Key, p.Version, p.Title})
		}
	}
	return out
}

// consult waits for the model's opinion, at most as long as the context: a model that does not keep to it
// is left behind.
func (e *Engine) consult(ctx context.Context, q Question) (Opinion, error) {
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
