package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"ombud/bot"
	"ombud/bot/dialogue"
	"ombud/bot/nlu"
	"ombud/bot/nlu/eval"
)

type evalCmd struct {
	Utterances evalUtterancesCmd `cmd:"" help:"Signals and topics on labelled messages: precision, recall, F1 by language."`
	Dialogues  evalDialoguesCmd  `cmd:"" help:"Whole conversations: expected against actual decisions."`
	Intents    evalIntentsCmd    `cmd:"" help:"Intents: accuracy, out-of-scope recall, AUROC, calibration error, time a message."`
}

// result is what an evaluation prints: text for people, JSON for machines.
type result interface{ WriteText(w io.Writer) error }

func report(s streams, r result, asJSON bool) error {
	if asJSON {
		e := json.NewEncoder(s.out)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	return r.WriteText(s.out)
}

// readFile opens a file for one of the readers of labelled lines.
func readFile[T any](name string, read func(string, io.Reader) ([]T, error)) ([]T, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, fmt.Errorf("read labelled data: %w", err)
	}
	defer f.Close()
	return read(name, f)
}

type evalUtterancesCmd struct {
	understanding
	File  string `arg:"" help:"JSON lines: {\"lang\",\"text\",\"signals\":[…],\"topic\"}."`
	Cross int    `placeholder:"K" help:"Cross-validate over K folds, split by meaning: what is measured is never learnt from, also where the script holds the same messages."`
	JSON  bool   `name:"json" help:"Print JSON."`
	SVG   string `name:"svg" placeholder:"FILE" help:"Write the calibration plot of the first language here."`

	Near float64 `placeholder:"SIMILARITY" help:"Instead of measuring, list the script's examples that are at least this like one of the messages (0 to 1; the messages themselves are left out)."`
}

func (c *evalUtterancesCmd) Run(s streams) error {
	messages, err := readFile(c.File, eval.ReadUtterances)
	if err != nil {
		return err
	}
	loaded, err := c.loadScript()
	if err != nil {
		return err
	}
	if c.Near > 0 {
		m, err := c.learn(loaded, logging{}.logger(s.err), nil)
		if err != nil {
			return err
		}
		return report(s, eval.FindNear(m, messages, without(loaded.Examples, messages), c.Near), c.JSON)
	}
	var r eval.UtteranceResult
	if c.Cross > 1 {
		r, err = eval.CrossValidate(messages, without(loaded.Examples, messages), c.Cross, nlu.Options{})
	} else {
		var m *nlu.Model
		if m, err = c.learn(loaded, logging{}.logger(s.err), nil); err == nil {
			r = eval.Utterances(m, messages)
		}
	}
	if err != nil {
		return err
	}
	if c.SVG != "" && len(r.Languages) > 0 {
		if err := plot(c.SVG, "Signals, "+r.Languages[0].Language, r.Languages[0].Plot); err != nil {
			return err
		}
	}
	return report(s, r, c.JSON)
}

// without leaves out of the script's examples the messages that are to be measured.
func without(examples, messages []nlu.Example) []nlu.Example {
	key := func(e nlu.Example) string {
		return e.Language + " " + strings.Join(strings.Fields(strings.ToLower(e.Text)), " ")
	}
	held := map[string]bool{}
	for _, m := range messages {
		held[key(m)] = true
	}
	return slices.DeleteFunc(slices.Clone(examples), func(e nlu.Example) bool { return held[key(e)] })
}

func plot(name, title string, bins []eval.Bin) (err error) {
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("write plot: %w", err)
	}
	defer func() {
		if closing := f.Close(); err == nil {
			err = closing
		}
	}()
	return eval.WriteSVG(f, title, bins)
}

type evalIntentsCmd struct {
	Train []string `required:"" help:"Messages to learn from: JSON lines {\"text\",\"label\"}, label oos for out of scope. May be given more than once."`
	Val   []string `help:"Messages that set the threshold: the one with the highest accuracy over all intents, out of scope counted as one."`
	Test  []string `required:"" help:"Messages to measure on."`
	JSON  bool     `name:"json" help:"Print JSON."`
	SVG   string   `name:"svg" placeholder:"FILE" help:"Write the calibration plot here."`
}

func (c *evalIntentsCmd) Run(s streams) error {
	var sets [3][]eval.Message
	for i, files := range [][]string{c.Train, c.Val, c.Test} {
		for _, name := range files {
			m, err := readFile(name, eval.ReadIntents)
			if err != nil {
				return err
			}
			sets[i] = append(sets[i], m...)
		}
	}
	r, err := eval.Intents(sets[0], sets[1], sets[2], nlu.Options{})
	if err != nil {
		return err
	}
	if c.SVG != "" {
		if err := plot(c.SVG, "Intents", r.Plot); err != nil {
			return err
		}
	}
	return report(s, r, c.JSON)
}

type evalDialoguesCmd struct {
	understanding
	File   string `arg:"" help:"Dialogues as YAML: id, lang, why, turns with visitor and expect."`
	Policy string `type:"existingfile" help:"Policy to decide by (default: the one a new server begins with)."`
	JSON   bool   `name:"json" help:"Print JSON."`
	All    bool   `help:"Print every turn, not only those that were not as expected."`
}

func (c *evalDialoguesCmd) Run(ctx context.Context, s streams) error {
	data, err := os.ReadFile(c.File)
	if err != nil {
		return fmt.Errorf("read dialogues: %w", err)
	}
	list, err := dialogue.Read(c.File, data)
	if err != nil {
		return err
	}
	loaded, err := c.loadScript()
	if err != nil {
		return err
	}
	policy, err := policyFrom(c.Policy)
	if err != nil {
		return err
	}
	m, err := c.learn(loaded, logging{}.logger(s.err), nil)
	if err != nil {
		return err
	}
	e, err := bot.New(bot.Options{Script: loaded, Understanding: m, Policy: policy})
	if err != nil {
		return err
	}
	r, err := dialogue.Run(ctx, e, list)
	if err != nil {
		return err
	}
	return report(s, dialogueReport{r, c.All}, c.JSON)
}

// dialogueReport prints a dialogue.Report.
type dialogueReport struct {
	dialogue.Report
	all bool
}

// WriteText prints a table by language, then the turns.
func (r dialogueReport) WriteText(w io.Writer) error {
	fmt.Fprintf(w, "%-10s %6s %12s %7s %10s %7s %9s\n", "language", "turns", "as expected", "rate", "dialogues", "missed", "needless")
	languages := make([]string, 0, len(r.Languages))
	for l := range r.Languages {
		languages = append(languages, l)
	}
	slices.Sort(languages)
	for _, l := range append(languages, "all") {
		x, ok := r.Languages[l]
		if !ok {
			x = r.Report.All
		}
		fmt.Fprintf(w, "%-10s %6d %12d %6.1f%% %5d/%-4d %7d %9d\n", l, x.Turns, x.AsExpected, 100*x.Rate, x.WholeDialogue, x.Dialogues, x.Missed, x.Needless)
	}
	for _, t := range r.Results {
		if t.OK && !r.all {
			continue
		}
		_, err := fmt.Fprintf(w, "\n%s turn %d: %s\n  expected %v %v %s %d\n  got      %s %s %s %d (rule %q) %s\n",
			t.Dialogue, t.Turn, strings.Join(t.Visitor, " / "), t.Expect.Action, t.Expect.Reason, t.Expect.Severity, t.Expect.Level,
			t.Action, t.Reason, t.Severity, t.Level, t.Rule, strings.Join(t.Wrong, ", "))
		if err != nil {
			return err
		}
	}
	return nil
}
