package studio

import (
	"context"

	"ombud/bot/script"
)

// Outline is a script as its author looks at it: what is asked and answered, and every text in every language.
type Outline struct {
	Languages []string       `json:"languages"`
	Fallback  string         `json:"fallback"`
	Topics    []TopicOutline `json:"topics"`
	Facts     []script.Fact  `json:"facts"`
	Quick     []string       `json:"quick_replies"`
	Texts     []TextRow      `json:"texts"` // in order of key
}

// TopicOutline is a topic and how many examples it has, by language.
type TopicOutline struct {
	script.Topic
	Examples map[string]int `json:"examples"`
}

// TextRow is one text in all languages. A language that lacks it is not in Wordings.
type TextRow struct {
	Key      string              `json:"key"`
	Wordings map[string][]string `json:"wordings"`
	Lines    map[string]int      `json:"lines"` // where it stands in texts/<language>.yaml
}

// Outline reads the draft, with changes that are not saved laid over it, as far as it can be read: texts may be
// missing, and what is missing is told by Check.
func (s *Studio) Outline(ctx context.Context, c Changes) (Outline, error) {
	_, files, err := s.Draft(ctx)
	if err != nil {
		return Outline{}, err
	}
	if files, err = c.over(files); err != nil {
		return Outline{}, err
	}
	sketch, found := script.Sketch(files)
	if sketch == nil {
		return Outline{}, &UnsoundError{found}
	}
	out := Outline{Languages: sketch.Languages, Fallback: sketch.Fallback, Facts: sketch.Facts, Quick: sketch.Quick}
	counts := map[string]map[string]int{}
	for _, e := range sketch.Examples {
		if counts[e.Topic] == nil {
			counts[e.Topic] = map[string]int{}
		}
		counts[e.Topic][e.Language]++
	}
	for _, t := range sketch.Topics {
		n := counts[t.ID]
		if n == nil {
			n = map[string]int{}
		}
		out.Topics = append(out.Topics, TopicOutline{t, n})
	}
	for _, key := range sketch.Keys() {
		row := TextRow{Key: key, Wordings: map[string][]string{}, Lines: map[string]int{}}
		for _, lang := range sketch.Languages {
			if w := sketch.Wordings(key, lang); len(w) > 0 {
				row.Wordings[lang], row.Lines[lang] = w, sketch.Line(key, lang)
			}
		}
		out.Texts = append(out.Texts, row)
	}
	return out, nil
}
