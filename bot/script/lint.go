package script

import (
	"fmt"
	"slices"
	"strings"

	"ombud/bot/nlu"
)

// enoughExamples is how many examples of a topic in one language Lint asks for.
const enoughExamples = 5

// Lint tells what a sound script could do better: forbidden phrases in its own texts, answers that can
// never be given, examples that pull two ways, topics with few examples.
func (s *Script) Lint() []Finding {
	var out Findings
	out = append(out, s.lintTexts()...)
	out = append(out, s.lintAnswers()...)
	out = append(out, s.lintExamples()...)
	out = append(out, s.lintCounts()...)
	return out.sorted()
}

func (s *Script) lintTexts() Findings {
	var out Findings
	for _, lang := range s.Languages {
		for _, key := range s.Keys() {
			t := s.texts[lang][key]
			for _, v := range t.variants {
				f := Finding{File: "texts/" + lang + ".yaml", Line: t.line}
				if p := s.Forbidden(v); p != "" {
					f.Severity, f.Code = SeverityError, "forbidden_phrase"
					f.Message, f.Hint = fmt.Sprintf("%s says %q", key, p), "say what can be done, not what cannot"
					out = append(out, f)
				}
				if strings.ContainsAny(v, "<>") {
					f.Severity, f.Code = SeverityWarning, "markup"
					f.Message, f.Hint = key+" looks like HTML", "texts are shown as they are, as plain text"
					out = append(out, f)
				}
			}
		}
	}
	return out
}

func (s *Script) lintAnswers() Findings {
	var out Findings
	for _, t := range s.Topics {
		line := func(answer int) int { return s.lines[fmt.Sprintf("topics.%s.answers.%d", t.ID, answer)] }
		for i, a := range t.Answers {
			for _, earlier := range t.Answers[:i] {
				if earlier.When.implied(a.When) {
					out = append(out, Finding{File: structureFile, Line: line(i), Severity: SeverityWarning, Code: "unreachable_answer",
						Message: fmt.Sprintf("topic %s never gives the answer %s: %s always comes first", t.ID, a.Text, earlier.Text),
						Hint:    "put the narrower condition first"})
					break
				}
			}
			if both := overlap(a.When.Known, a.When.Missing); both != "" {
				out = append(out, Finding{File: structureFile, Line: line(i), Severity: SeverityWarning, Code: "unreachable_answer",
					Message: fmt.Sprintf("topic %s never gives the answer %s: %s cannot be known and missing", t.ID, a.Text, both)})
			}
		}
		if len(t.Answers) > 0 && !t.Answers[len(t.Answers)-1].When.Always() {
			out = append(out, Finding{File: structureFile, Line: line(len(t.Answers) - 1), Severity: SeverityWarning, Code: "no_last_answer",
				Message: fmt.Sprintf("topic %s has no answer for all other cases", t.ID), Hint: "end with an answer that has no condition"})
		}
	}
	return out
}

// implied reports whether c holds wherever d does.
func (c Condition) implied(d Condition) bool {
	within := func(xs, ys []string) bool {
		return !slices.ContainsFunc(xs, func(x string) bool { return !slices.Contains(ys, x) })
	}
	open := c.Open == nil || d.Open != nil && *c.Open == *d.Open
	return within(c.Known, d.Known) && within(c.Missing, d.Missing) && open
}

func overlap(xs, ys []string) string {
	for _, x := range xs {
		if slices.Contains(ys, x) {
			return x
		}
	}
	return ""
}

// lintExamples finds the same or nearly the same words under two topics, or with different signals.
// Nearly the same means: the same set of words, or one word more or less among four or more.
func (s *Script) lintExamples() Findings {
	var out Findings
	seen := map[string]int{}
	for i, e := range s.Examples {
		reported := false
		for n, key := range wordKeys(e.Language, e.Text) {
			j, ok := seen[key]
			if !ok {
				seen[key] = i
				continue
			}
			if reported || j == i {
				continue
			}
			if f, bad := s.clash(i, j, n == 0); bad {
				out = append(out, f)
				reported = true
			}
		}
	}
	return out
}

func (s *Script) clash(i, j int, same bool) (Finding, bool) {
	a, b := s.Examples[i], s.Examples[j]
	src, other := s.sources[i], s.sources[j]
	f := Finding{File: src.file, Line: src.line, Severity: SeverityWarning, Hint: "decide which of them it is, or make the difference plain"}
	switch {
	case a.Topic != b.Topic:
		f.Code = "topic_overlap"
		f.Message = fmt.Sprintf("%q is under %s, and %q (%s:%d) under %s", a.Text, topicName(a), b.Text, other.file, other.line, topicName(b))
		return f, true
	case same && !sameSignals(a.Signals, b.Signals):
		f.Code = "signal_conflict"
		f.Message = fmt.Sprintf("%q has signals %v here and %v at %s:%d", a.Text, a.Signals, b.Signals, other.file, other.line)
		return f, true
	}
	return f, false
}

func topicName(e nlu.Example) string {
	if e.Topic == "" {
		return "no topic"
	}
	return e.Topic
}

func sameSignals(a, b []nlu.Signal) bool {
	x, y := slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	return slices.Equal(x, y)
}

// wordKeys gives a key of the set of words, and for four words or more also one for each word left out.
func wordKeys(lang, text string) []string {
	words := strings.Fields(Fold(text))
	slices.Sort(words)
	words = slices.Compact(words)
	keys := []string{lang + ":" + strings.Join(words, " ")}
	if len(words) < 4 || len(words) > 12 {
		return keys
	}
	for i := range words {
		keys = append(keys, lang+":"+strings.Join(slices.Concat(words[:i], words[i+1:]), " "))
	}
	return keys
}

func (s *Script) lintCounts() Findings {
	counts := map[[2]string]int{}
	for _, e := range s.Examples {
		counts[[2]string{e.Topic, e.Language}]++
	}
	var out Findings
	for _, t := range s.Topics {
		for _, lang := range s.Languages {
			if n := counts[[2]string{t.ID, lang}]; n < enoughExamples {
				out = append(out, Finding{File: "examples/" + lang + ".yaml", Severity: SeverityWarning, Code: "few_examples",
					Message: fmt.Sprintf("topic %s has %d examples in %s", t.ID, n, lang), Hint: fmt.Sprintf("write at least %d", enoughExamples)})
			}
		}
	}
	return out
}
