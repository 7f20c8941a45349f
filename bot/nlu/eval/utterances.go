package eval

import (
	"fmt"
	"io"
	"slices"

	"ombud/bot/nlu"
)

// UtteranceResult is how well the signals and topics of customers' messages are told.
type UtteranceResult struct {
	Messages  int              `json:"messages"`
	Folds     int              `json:"folds,omitempty"` // of the cross-validation; 0 if one model was measured
	Languages []LanguageResult `json:"languages"`
}

// LanguageResult is the result in one language.
type LanguageResult struct {
	Language string         `json:"language"`
	Messages int            `json:"messages"`
	Signals  []SignalResult `json:"signals"`
	// SignalsF1 is the mean F1 of the signals that the messages have.
	SignalsF1 float64 `json:"signals_macro_f1"`
	// TopicAccuracy is the share of all messages given their topic, no topic (out-of-scope probability of one half
	// or more) counted as one; TopicInScope that of the messages with a topic given it as the likeliest.
	TopicAccuracy float64     `json:"topic_accuracy"`
	TopicInScope  float64     `json:"topic_in_scope_accuracy"`
	TopicF1       float64     `json:"topic_macro_f1"` // no topic counted as one
	OutOfScope    Count       `json:"out_of_scope"`
	Detected      float64     `json:"language_detected"` // share of messages whose language was told, nothing being known before
	ECE           float64     `json:"signals_ece"`       // calibration error of the signals' strengths
	Plot          []Bin       `json:"calibration"`
	Confusions    []Confusion `json:"confusions"`
}

// SignalResult is the result for one signal.
type SignalResult struct {
	Signal nlu.Signal `json:"signal"`
	Count
	Precision float64 `json:"precision"`
	Recall    float64 `json:"recall"`
	F1        float64 `json:"f1"`
}

// Confusion is a pair of topics of which one was taken for the other; "" is no topic.
type Confusion struct {
	Is    string `json:"is"`
	Said  string `json:"said"`
	Count int    `json:"count"`
}

// Utterances measures a model on labelled messages. Each is assessed in a conversation whose language is known to
// be the message's, except for the measure of the language detection itself.
func Utterances(m *nlu.Model, messages []nlu.Example) UtteranceResult {
	said := make([]spoken, len(messages))
	for i, e := range messages {
		said[i] = listen(m, e)
	}
	return judge(messages, said)
}

// CrossValidate measures what is learnt from the messages themselves and from extra examples: k times it learns from all but one
// fold (see Folds) and from extra, and measures on that fold.
func CrossValidate(messages, extra []nlu.Example, k int, o nlu.Options) (UtteranceResult, error) {
	first, err := nlu.Train(messages, o)
	if err != nil {
		return UtteranceResult{}, fmt.Errorf("deal messages into folds: %w", err)
	}
	fold := Folds(first, messages, k)
	said := make([]spoken, len(messages))
	for f := range k {
		train := slices.Clone(extra)
		for i, e := range messages {
			if fold[i] != f {
				train = append(train, e)
			}
		}
		m, err := nlu.Train(train, o)
		if err != nil {
			return UtteranceResult{}, fmt.Errorf("learn without fold %d: %w", f, err)
		}
		for i, e := range messages {
			if fold[i] == f {
				said[i] = listen(m, e)
			}
		}
	}
	r := judge(messages, said)
	r.Folds = k
	return r, nil
}

// spoken is what a model said about one message.
type spoken struct {
	nlu.Assessment
	detected string
}

func listen(m *nlu.Model, e nlu.Example) spoken {
	return spoken{
		Assessment: m.Assess(e.Text, nlu.Context{Language: e.Language}),
		detected:   m.Assess(e.Text, nlu.Context{}).Language,
	}
}

func judge(messages []nlu.Example, said []spoken) UtteranceResult {
	r := UtteranceResult{Messages: len(messages)}
	var languages []string
	for _, e := range messages {
		if !slices.Contains(languages, e.Language) {
			languages = append(languages, e.Language)
		}
	}
	for _, l := range languages {
		var es []nlu.Example
		var as []spoken
		for i, e := range messages {
			if e.Language == l {
				es, as = append(es, e), append(as, said[i])
			}
		}
		x := LanguageResult{Language: l, Messages: len(es)}
		x.judgeSignals(es, as)
		x.judgeTopics(es, as)
		r.Languages = append(r.Languages, x)
	}
	return r
}

func (r *LanguageResult) judgeSignals(messages []nlu.Example, said []spoken) {
	var strength []float64
	var right []bool
	present := 0
	for _, s := range nlu.Signals {
		x := SignalResult{Signal: s}
		for i, e := range messages {
			is := slices.Contains(e.Signals, s)
			x.add(is, said[i].Found(s))
			if p := said[i].Strength(s); p > 0 {
				strength, right = append(strength, p), append(right, is)
			}
		}
		x.Precision, x.Recall, x.F1 = x.Count.Precision(), x.Count.Recall(), x.Count.F1()
		if x.Right+x.Missed > 0 {
			present++
			r.SignalsF1 += x.F1
		}
		r.Signals = append(r.Signals, x)
	}
	r.SignalsF1 /= float64(max(present, 1))
	r.ECE, r.Plot = calibrate(strength, right)
}

func (r *LanguageResult) judgeTopics(messages []nlu.Example, said []spoken) {
	counts, confused := map[string]*Count{}, map[[2]string]int{}
	at := func(topic string) *Count {
		if counts[topic] == nil {
			counts[topic] = &Count{}
		}
		return counts[topic]
	}
	right, rightIn, in, detected := 0, 0, 0, 0
	for i, e := range messages {
		likeliest, topic := "", ""
		if len(said[i].Topics) > 0 {
			likeliest = said[i].Topics[0].Topic
		}
		if said[i].OutOfScope < 0.5 {
			topic = likeliest
		}
		if said[i].detected == e.Language {
			detected++
		}
		if e.Topic != "" {
			in++
			if likeliest == e.Topic {
				rightIn++
			}
		}
		r.OutOfScope.add(e.Topic == "", topic == "")
		if topic == e.Topic {
			right++
			at(topic).Right++
			continue
		}
		at(topic).Wrong++
		at(e.Topic).Missed++
		confused[[2]string{e.Topic, topic}]++
	}
	r.TopicAccuracy, r.TopicInScope = share(right, len(messages)), share(rightIn, in)
	r.Detected = share(detected, len(messages))
	r.averageTopics(counts)
	for pair, n := range confused {
		r.Confusions = append(r.Confusions, Confusion{Is: pair[0], Said: pair[1], Count: n})
	}
	slices.SortFunc(r.Confusions, byCount)
}

// averageTopics gives the mean F1 of the topics that the messages have.
func (r *LanguageResult) averageTopics(counts map[string]*Count) {
	present := 0
	for _, t := range sortedKeys(counts) {
		if c := counts[t]; c.Right+c.Missed > 0 {
			present++
			r.TopicF1 += c.F1()
		}
	}
	r.TopicF1 /= float64(max(present, 1))
}

// WriteText renders the result for people.
func (r UtteranceResult) WriteText(w io.Writer) error {
	p := printer{w: w}
	p.printf("%d messages", r.Messages)
	if r.Folds > 0 {
		p.printf(", cross-validation with %d folds by meaning", r.Folds)
	}
	p.printf("\nprecision, recall, F1\n%-28s", "")
	for _, l := range r.Languages {
		p.printf("%-17s", l.Language)
	}
	for i, s := range nlu.Signals {
		p.printf("\n%-28s", s)
		for _, l := range r.Languages {
			x := l.Signals[i]
			p.printf("%.2f %.2f %.2f   ", x.Precision, x.Recall, x.F1)
		}
	}
	for _, row := range textRows {
		p.printf("\n%-28s", row.name)
		for _, l := range r.Languages {
			p.printf("%-17s", fmt.Sprintf("%.3f", row.of(l)))
		}
	}
	p.printf("\ncommonest confusions of topics\n")
	for _, l := range r.Languages {
		p.printf("%-4s", l.Language)
		for _, c := range l.Confusions[:min(len(l.Confusions), 5)] {
			p.printf("%s taken for %s %d×; ", named(c.Is), named(c.Said), c.Count)
		}
		p.printf("\n")
	}
	return p.err
}

var textRows = []struct {
	name string
	of   func(LanguageResult) float64
}{
	{"signals macro-F1", func(l LanguageResult) float64 { return l.SignalsF1 }},
	{"signals calibration error", func(l LanguageResult) float64 { return l.ECE }},
	{"topic accuracy", func(l LanguageResult) float64 { return l.TopicAccuracy }},
	{"topic accuracy in scope", func(l LanguageResult) float64 { return l.TopicInScope }},
	{"topic macro-F1", func(l LanguageResult) float64 { return l.TopicF1 }},
	{"out of scope, precision", func(l LanguageResult) float64 { return l.OutOfScope.Precision() }},
	{"out of scope, recall", func(l LanguageResult) float64 { return l.OutOfScope.Recall() }},
	{"language told", func(l LanguageResult) float64 { return l.Detected }},
}
