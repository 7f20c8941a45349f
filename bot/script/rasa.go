package script

import (
	"fmt"
	"regexp"
	"strings"

	"ombud/bot/nlu"
)

// rasaFile is Rasa's training data, as far as intents go; the other kinds of entry are read and left out.
type rasaFile struct {
	Version  string      `yaml:"version"`
	Language string      `yaml:"language"` // ours: Rasa has one language a bot
	NLU      []rasaEntry `yaml:"nlu"`
}

type rasaEntry struct {
	Intent   string `yaml:"intent"`
	Synonym  string `yaml:"synonym"`
	Regex    string `yaml:"regex"`
	Lookup   string `yaml:"lookup"`
	Examples block  `yaml:"examples"`
}

// entity is Rasa's mark-up: [text](entity) or [text]{"entity": …}.
var entity = regexp.MustCompile(`\[([^\]]*)\](?:\([^)]*\)|\{[^}]*\})`)

// ReadRasa reads the examples of Rasa's nlu.yml. Intents become topics (of a retrieval intent a/b the part
// before the slash), entity mark-up is taken out. language is used where the file does not say one.
func ReadRasa(file string, data []byte, language string) ([]nlu.Example, error) {
	var f rasaFile
	if err := DecodeStrict(file, data, &f); err != nil {
		return nil, err
	}
	if f.Language != "" {
		language = f.Language
	}
	var out []nlu.Example
	for _, e := range f.NLU {
		if e.Intent == "" {
			continue
		}
		topic, _, _ := strings.Cut(e.Intent, "/")
		for i, line := range e.Examples.lines {
			line = strings.TrimSpace(line)
			if line == "" {
				continue
			}
			t, ok := strings.CutPrefix(line, "-")
			if !ok {
				return nil, Findings{{File: file, Line: e.Examples.line + i, Severity: SeverityError, Code: "rasa_example",
					Message: fmt.Sprintf("an example of intent %s does not begin with a dash", e.Intent)}}
			}
			out = append(out, nlu.Example{Language: language, Topic: topic, Text: strings.TrimSpace(entity.ReplaceAllString(t, "$1"))})
		}
	}
	return out, nil
}
