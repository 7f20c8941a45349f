package script

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"ombud/bot/nlu"
)

// examples reads every file under examples/, in order of name.
func (r *reader) examples() {
	files, err := fs.ReadDir(r.fsys, "examples")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		r.fail("examples", 0, "unreadable", "", "read: %v", err)
	}
	for _, f := range files {
		name := "examples/" + f.Name()
		switch {
		case strings.HasSuffix(name, ".jsonl"):
			r.lines(name)
		case f.Name() == "nlu.yml":
			r.rasa(name)
		case strings.HasSuffix(name, ".yaml"):
			r.exampleFile(name)
		}
	}
}

type exampleFile struct {
	Language string         `yaml:"language"`
	Examples []exampleGroup `yaml:"examples"`
}

type exampleGroup struct {
	Topic   string       `yaml:"topic"`
	Signals []nlu.Signal `yaml:"signals"`
	Texts   block        `yaml:"texts"`
}

// block is a literal of one message a line that remembers where it begins.
type block struct {
	lines []string
	line  int
}

// UnmarshalYAML takes a literal block or a plain string.
func (b *block) UnmarshalYAML(n ast.Node) error {
	b.line = n.GetToken().Position.Line
	switch t := n.(type) {
	case *ast.LiteralNode:
		b.line++
		b.lines = strings.Split(t.Value.Value, "\n")
	case *ast.StringNode:
		b.lines = strings.Split(t.Value, "\n")
	default:
		return fmt.Errorf("[%d] texts must be a block: texts: |", b.line)
	}
	return nil
}

func (r *reader) exampleFile(file string) {
	var f exampleFile
	if !r.decode(file, &f) {
		return
	}
	if !slices.Contains(r.s.Languages, f.Language) {
		r.found = append(r.found, Finding{File: file, Line: 1, Severity: SeverityWarning, Code: "unused_language",
			Message: fmt.Sprintf("the script does not list the language %q, so these examples are not used", f.Language)})
		return
	}
	for _, g := range f.Examples {
		for i, line := range g.Texts.lines {
			r.example(file, g.Texts.line+i, nlu.Example{Language: f.Language, Text: line, Topic: g.Topic, Signals: g.Signals})
		}
	}
}

// example takes one example if it is sound; an empty text is passed over.
func (r *reader) example(file string, line int, e nlu.Example) {
	e.Text = strings.TrimSpace(e.Text)
	if e.Text == "" {
		return
	}
	if e.Topic != "" && r.s.TopicIndex(e.Topic) < 0 {
		r.fail(file, line, "unknown_topic", "add it to script.yaml, or check the spelling", "an example is about topic %q", e.Topic)
		return
	}
	for _, sig := range e.Signals {
		if !slices.Contains(nlu.Signals, sig) {
			r.fail(file, line, "unknown_signal", "", "an example has the signal %q", sig)
			return
		}
	}
	r.s.Examples = append(r.s.Examples, e)
	r.s.sources = append(r.s.sources, source{file, line})
}

// labelled is one line of a labelled set; topic null means none of the script's.
type labelled struct {
	Lang    string       `json:"lang"`
	Text    string       `json:"text"`
	Signals []nlu.Signal `json:"signals"`
	Topic   *string      `json:"topic"`
}

func (r *reader) lines(file string) {
	data, err := fs.ReadFile(r.fsys, file)
	if err != nil {
		r.fail(file, 0, "unreadable", "", "read: %v", err)
		return
	}
	sc := bufio.NewScanner(bytes.NewReader(data))
	sc.Buffer(nil, 1<<20)
	for n := 1; sc.Scan(); n++ {
		if len(bytes.TrimSpace(sc.Bytes())) == 0 {
			continue
		}
		var l labelled
		dec := json.NewDecoder(bytes.NewReader(sc.Bytes()))
		dec.DisallowUnknownFields()
		if err := dec.Decode(&l); err != nil {
			r.fail(file, n, "json", "", "%v", err)
			continue
		}
		if !slices.Contains(r.s.Languages, l.Lang) {
			continue
		}
		e := nlu.Example{Language: l.Lang, Text: l.Text, Signals: l.Signals}
		if l.Topic != nil {
			e.Topic = *l.Topic
		}
		r.example(file, n, e)
	}
	if err := sc.Err(); err != nil {
		r.fail(file, 0, "unreadable", "", "read: %v", err)
	}
}

// rasa takes the examples of a Rasa file whose intents are topics of the script.
func (r *reader) rasa(file string) {
	data, err := fs.ReadFile(r.fsys, file)
	if err != nil {
		r.fail(file, 0, "unreadable", "", "read: %v", err)
		return
	}
	examples, err := ReadRasa(file, data, r.s.Fallback)
	if err != nil {
		var list Findings
		if errors.As(err, &list) {
			r.found = append(r.found, list...)
		}
		return
	}
	for _, e := range examples {
		r.example(file, 0, e)
	}
}
