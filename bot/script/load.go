package script

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"sort"
	"strings"
	"sync"

	"github.com/goccy/go-yaml/ast"
)

//go:embed default
var embedded embed.FS

// Embedded gives the files of the default script, to copy and to edit.
func Embedded() fs.FS {
	sub, err := fs.Sub(embedded, "default")
	if err != nil {
		panic(err) // the folder is compiled in
	}
	return sub
}

// Default gives the script that is compiled in: an ordinary shop. It is read once and shared: nobody may change it.
func Default() (*Script, error) { return shop() }

var shop = sync.OnceValues(func() (*Script, error) { return sound(readOver(Embedded(), lendNone)) })

// Load reads and checks a script: script.yaml, texts/<lang>.yaml, forbidden/<lang>.yaml and the examples
// examples/<lang>.yaml, examples/*.jsonl, examples/nlu.yml (Rasa). The error is Findings, all that is
// wrong at once; a script with an error is never returned.
func Load(fsys fs.FS) (*Script, error) { return sound(read(fsys)) }

func sound(s *Script, found Findings) (*Script, error) {
	if bad := found.errors(); len(bad) > 0 {
		return nil, bad.sorted()
	}
	return s, nil
}

// Check reads a script and tells all that is wrong or could be better, in order of file and line.
func Check(fsys fs.FS) []Finding {
	s, found := read(fsys)
	if len(found.errors()) == 0 {
		found = append(found, s.Lint()...)
	}
	return found.sorted()
}

// Sketch reads as much of a script as can be read, for its author to look at while it is written: it may lack texts and
// refer to what is not there, so that no bot may use it. The script is nil where script.yaml cannot be read.
func Sketch(fsys fs.FS) (*Script, Findings) {
	s, found := readOver(fsys, lendNone)
	return s, found.sorted()
}

type scriptFile struct {
	Version      int      `yaml:"version"`
	Languages    []string `yaml:"languages"`
	Fallback     string   `yaml:"fallback"`
	Facts        []Fact   `yaml:"facts"`
	QuickReplies []string `yaml:"quick_replies"`
	Topics       []Topic  `yaml:"topics"`
}

// variants is a list of wordings that remembers its line.
type variants struct{ text }

// UnmarshalYAML takes a list of strings, or one string.
func (v *variants) UnmarshalYAML(n ast.Node) error {
	v.line = n.GetToken().Position.Line
	list := []ast.Node{n}
	if seq, ok := n.(*ast.SequenceNode); ok {
		list = seq.Values
		if len(list) > 0 {
			v.line = list[0].GetToken().Position.Line
		}
	}
	for _, x := range list {
		switch t := x.(type) {
		case *ast.StringNode:
			v.variants = append(v.variants, strings.TrimSpace(t.Value))
		case *ast.LiteralNode:
			v.variants = append(v.variants, strings.TrimSpace(t.Value.Value))
		default:
			return fmt.Errorf("[%d] a text must be a string in quotes, or a list of them", x.GetToken().Position.Line)
		}
	}
	return nil
}

type textFile struct {
	Language string              `yaml:"language"`
	Texts    map[string]variants `yaml:"texts"`
}

type forbiddenFile struct {
	Language string   `yaml:"language"`
	Phrases  []string `yaml:"phrases"`
}

type reader struct {
	fsys  fs.FS
	s     *Script
	found Findings
	lends lending
}

const structureFile = "script.yaml"

// wrong reports an error in script.yaml at the place that at names (see lines).
func (r *reader) wrong(at, code, hint, format string, args ...any) {
	r.fail(structureFile, r.s.lines[at], code, hint, format, args...)
}

func (r *reader) fail(file string, line int, code, hint, format string, args ...any) {
	r.found = append(r.found, Finding{
		File: file, Line: line, Severity: SeverityError, Code: code, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// decode reads one file strictly; it reports and returns false if that fails.
func (r *reader) decode(file string, v any) bool {
	data, err := fs.ReadFile(r.fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		r.fail(file, 0, "missing_file", "every language of script.yaml needs it", "there is no such file")
		return false
	}
	if err != nil {
		r.fail(file, 0, "unreadable", "", "read: %v", err)
		return false
	}
	if err := DecodeStrict(file, data, v); err != nil {
		var list Findings
		errors.As(err, &list)
		r.found = append(r.found, list...)
		return false
	}
	return true
}

func read(fsys fs.FS) (*Script, Findings) { return readOver(fsys, lendCompany) }

func readOver(fsys fs.FS, lends lending) (*Script, Findings) {
	r := &reader{fsys: fsys, lends: lends, s: &Script{
		texts: map[string]map[string]text{}, forbidden: map[string][]phrase{},
		topics: map[string]int{}, facts: map[string]int{},
	}}
	var f scriptFile
	if !r.decode("script.yaml", &f) {
		return nil, r.found
	}
	r.s.lines = linesOf(fsys, structureFile)
	r.s.Languages, r.s.Fallback, r.s.Topics, r.s.Facts, r.s.Quick = f.Languages, f.Fallback, f.Topics, f.Facts, f.QuickReplies
	r.structure(f)
	wanted := r.s.wanted()
	for _, lang := range r.s.Languages {
		r.texts(lang, wanted)
		r.phrases(lang)
	}
	r.examples()
	return r.s, r.found
}

// structure checks that ids are unique and that all that is referred to exists.
func (r *reader) structure(f scriptFile) {
	if f.Version != 1 {
		r.wrong("version", "version", "write version: 1", "version %d of the format is not known", f.Version)
	}
	if len(f.Languages) == 0 {
		r.wrong("languages", "no_language", "list at least one under languages", "the script has no language")
	}
	if !slices.Contains(f.Languages, f.Fallback) {
		r.wrong("fallback", "fallback", "fallback must be one of languages", "fallback %q is not a language of the script", f.Fallback)
	}
	for i, x := range f.Facts {
		r.fact(x)
		r.s.facts[x.ID] = i
	}
	for i, t := range f.Topics {
		if at, ok := doubled(r.s.topics, "topics", t.ID); ok {
			r.wrong(at, "topic_id", "", "topic %q is there twice, or has no id", t.ID)
		}
		r.s.topics[t.ID] = i
		r.topic(t)
	}
}

// doubled names the place of an id that is known already, or that is none.
func doubled(known map[string]int, list, id string) (at string, wrong bool) {
	if _, ok := known[id]; ok {
		return list + "." + id + " again", true
	}
	return list, id == ""
}

func (r *reader) fact(x Fact) {
	if at, ok := doubled(r.s.facts, "facts", x.ID); ok {
		r.wrong(at, "fact_id", "", "fact %q is there twice, or has no id", x.ID)
	}
	at := "facts." + x.ID
	if !slices.Contains(factKinds, x.Kind) {
		r.wrong(at, "fact_kind", "one of "+strings.Join(factKinds, ", "), "fact %s has an unknown kind %q", x.ID, x.Kind)
	}
	if x.Pattern == "" {
		return
	}
	re, err := compilePattern(x.Pattern)
	switch {
	case x.Kind != "number" && x.Kind != "text":
		r.wrong(at, "fact_pattern", "leave the pattern out, or make it a number or a text", "fact %s of kind %s cannot have a pattern", x.ID, x.Kind)
	case err != nil:
		r.wrong(at, "fact_pattern", "see https://golang.org/s/re2syntax", "the pattern of fact %s cannot be read: %v", x.ID, err)
	case re.MatchString(""):
		r.wrong(at, "fact_pattern", "ask for at least one character", "the pattern of fact %s fits no words at all", x.ID)
	default:
		r.s.patterns = append(r.s.patterns, pattern{x.ID, x.Kind, re})
	}
}

func (r *reader) topic(t Topic) {
	at := "topics." + t.ID
	if len(t.Answers) == 0 {
		r.wrong(at, "no_answer", "give it at least {text: answer}", "topic %s has no answer", t.ID)
	}
	place := func(list string, i int) string { return fmt.Sprintf("%s.%s.%d", at, list, i) }
	unknown := func(at string, facts ...string) {
		for _, id := range facts {
			if r.s.FactKind(id) == "" {
				r.wrong(at, "unknown_fact", "list it under facts", "topic %s refers to fact %q", t.ID, id)
			}
		}
	}
	for i, a := range t.Ask {
		unknown(place("ask", i), append([]string{a.Fact}, a.Unless...)...)
	}
	for i, a := range t.Answers {
		unknown(place("answers", i), slices.Concat(a.When.Known, a.When.Missing)...)
		if slices.Contains(topicParts, a.Text) || a.Text == "" {
			r.wrong(place("answers", i), "answer_text", "choose another name", "topic %s: an answer cannot be called %q", t.ID, a.Text)
		}
	}
	for i, q := range t.QuickReplies {
		if !slices.Contains(r.s.Quick, q) {
			r.wrong(place("quick_replies", i), "unknown_quick_reply", "list it under quick_replies", "topic %s refers to tap %q", t.ID, q)
		}
	}
}

func (r *reader) texts(lang string, wanted map[string][]string) {
	file := "texts/" + lang + ".yaml"
	var f textFile
	if !r.decode(file, &f) {
		return
	}
	if f.Language != lang {
		r.fail(file, 1, "language", "", "the file says language %q", f.Language)
	}
	r.s.texts[lang] = make(map[string]text, len(f.Texts))
	for key, v := range f.Texts {
		allowed, ok := wanted[key]
		if !ok && retired[key] {
			r.found = append(r.found, Finding{File: file, Line: v.line, Severity: SeverityWarning, Code: "retired_text",
				Message: "nobody says the text " + key + " any more", Hint: "take it out"})
			continue
		}
		if !ok {
			r.fail(file, v.line, "unknown_text", "check the spelling, or add what uses it to script.yaml", "nothing uses the text %s", key)
			continue
		}
		r.s.texts[lang][key] = v.text
		r.variants(file, key, v.text, allowed)
	}
	for _, key := range slices.Sorted(maps.Keys(wanted)) {
		if len(f.Texts[key].variants) > 0 {
			continue
		}
		t, lent := r.lends.text(lang, key)
		if !lent {
			r.fail(file, 0, "missing_text", "add it", "the text %s is missing", key)
			continue
		}
		r.s.texts[lang][key] = t
		r.found = append(r.found, Finding{File: file, Severity: SeverityWarning, Code: "missing_text",
			Message: "the text " + key + " is missing", Hint: "until it is added, the words that are built in are said"})
	}
}

func (r *reader) variants(file, key string, t text, allowed []string) {
	for _, s := range t.variants {
		if s == "" {
			r.fail(file, t.line, "empty_text", "", "%s has an empty wording", key)
		}
		if _, ok := ofCompany[key]; ok && strings.HasSuffix(key, ".subject") && strings.ContainsAny(s, "\r\n") {
			r.fail(file, t.line, "long_subject", "a subject is one line", "%s has more lines than one", key)
		}
		for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
			if !slices.Contains(allowed, m[1]) {
				hint := "it has none"
				if len(allowed) > 0 {
					hint = "it may use: {" + strings.Join(allowed, "}, {") + "}"
				}
				r.fail(file, t.line, "unknown_placeholder", hint, "%s uses the unknown placeholder {%s}", key, m[1])
			}
		}
		for _, p := range allowed {
			if !strings.Contains(s, "{"+p+"}") {
				r.fail(file, t.line, "missing_placeholder", "", "a wording of %s lacks {%s}", key, p)
			}
		}
	}
}

func (r *reader) phrases(lang string) {
	file := "forbidden/" + lang + ".yaml"
	var f forbiddenFile
	if !r.decode(file, &f) {
		return
	}
	if f.Language != lang {
		r.fail(file, 1, "language", "", "the file says language %q", f.Language)
	}
	for _, p := range f.Phrases {
		ph := newPhrase(p)
		if ph.folded == "" {
			r.fail(file, 0, "empty_phrase", "", "the phrase %q has no letters", p)
			continue
		}
		r.s.forbidden[lang] = append(r.s.forbidden[lang], ph)
	}
}

func sortedStrings(xs []string) []string {
	sort.Strings(xs)
	return xs
}
