package script

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"ombud/bot/nlu"
)

func TestDefaultScriptIsSound(t *testing.T) {
	for _, f := range Check(Embedded()) {
		if f.Severity == SeverityError {
			t.Error(f)
		}
	}
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Languages) != 5 || len(s.Topics) != 19 || len(s.Examples) < 2000 {
		t.Errorf("%d languages, %d topics, %d examples", len(s.Languages), len(s.Topics), len(s.Examples))
	}
	for _, lang := range s.Languages {
		if s.Variants("acknowledge.angry", lang) < 2 || len(s.ForbiddenPhrases(lang)) < 20 {
			t.Errorf("%s: %d wordings, %d forbidden phrases", lang, s.Variants("acknowledge.angry", lang), len(s.ForbiddenPhrases(lang)))
		}
	}
}

// small is the least sound script, for tests to break.
func small() fstest.MapFS {
	var texts strings.Builder
	s := &Script{Topics: []Topic{{ID: "greeting", Answers: []Answer{{Text: "answer"}}}}, Facts: []Fact{{ID: "product", Kind: "text"}}, Quick: []string{"yes"}}
	texts.WriteString("language: en\ntexts:\n")
	wanted := s.wanted()
	for _, k := range s.Keys() {
		words := "text"
		for _, p := range wanted[k] {
			words += " {" + p + "}"
		}
		fmt.Fprintf(&texts, "  %s: [%q]\n", k, words)
	}
	file := func(s string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(s)} }
	return fstest.MapFS{
		"script.yaml": file("version: 1\nlanguages: [en]\nfallback: en\nfacts:\n  - {id: product, kind: text}\nquick_replies: [\"yes\"]\n" +
			"topics:\n  - id: greeting\n    answers:\n      - {text: answer}\n"),
		"texts/en.yaml":     file(texts.String()),
		"forbidden/en.yaml": file("language: en\nphrases: [calm down]\n"),
		"examples/en.yaml":  file("language: en\nexamples:\n  - topic: greeting\n    texts: |\n      hello\n      hi there\n"),
	}
}

// A script that was published when more texts were asked for stays sound.
func TestRetiredTextsAreOnlyWarnedOf(t *testing.T) {
	fsys := small()
	fsys["texts/en.yaml"].Data = append(fsys["texts/en.yaml"].Data, "  agent.joined: [\"{agent} is here\"]\n"...)
	s, err := Load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Contains(s.Keys(), "agent.joined") {
		t.Error("the text is still asked for")
	}
	found := Check(fsys)
	if !slices.ContainsFunc(found, func(f Finding) bool { return f.Code == "retired_text" && f.Severity == SeverityWarning && f.Line > 0 }) {
		t.Errorf("found %v", found)
	}
}

// A script that was written before the company's texts were asked for is sound, and says those that are built in; what it says of its own
// is held to the same rules as any text.
func TestTheCompanysTextsAreLentUntilTheyAreWritten(t *testing.T) {
	shop, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	without := func(more string) fstest.MapFS {
		fsys := small()
		kept := slices.DeleteFunc(strings.SplitAfter(string(fsys["texts/en.yaml"].Data), "\n"), func(line string) bool {
			key, _, _ := strings.Cut(strings.TrimSpace(line), ":")
			_, company := ofCompany[key]
			return company
		})
		fsys["texts/en.yaml"].Data = []byte(strings.Join(kept, "") + more)
		return fsys
	}
	for name, load := range map[string]func(fs.FS) (*Script, error){"written": Load, "published": LoadStored} {
		s, err := load(without("  promise.near: [\"Soon: {promise}\"]\n"))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		arg := map[string]string{"promise": "{time}"}
		if got := s.Text("promise.near", "en", 0, arg); got != "Soon: {time}" {
			t.Errorf("%s: its own words are %q", name, got)
		}
		if got := s.Text("promise.broken", "en", 0, arg); got != shop.Text("promise.broken", "en", 0, arg) || !strings.Contains(got, "“{time}”") {
			t.Errorf("%s: lent words are %q", name, got)
		}
	}
	for name, c := range map[string]struct{ more, want string }{
		"missing":             {"", "texts/en.yaml: warning: the text promise.near is missing"},
		"unknown placeholder": {"  mail.reply.body: [\"{name}: {text} {mail}\"]\n", "error: mail.reply.body uses the unknown placeholder {mail}"},
		"lost placeholder":    {"  complaint.registered: [\"registered as {number}\"]\n", "error: a wording of complaint.registered lacks {time}"},
		"forbidden":           {"  promise.missed: [\"{promise}? Calm down.\"]\n", "error: promise.missed says \"calm down\""},
		"two lines":           {"  mail.left.subject: [\"a\\nb\"]\n", "error: mail.left.subject has more lines than one"},
	} {
		if found := fmt.Sprint(Check(without(c.more))); !strings.Contains(found, c.want) {
			t.Errorf("%s: %s, want %s", name, found, c.want)
		}
	}
	// In a language that is not built in there is nothing to lend.
	fsys := without("")
	for _, file := range []string{"texts", "forbidden"} {
		data := strings.Replace(string(fsys[file+"/en.yaml"].Data), "language: en", "language: de", 1)
		fsys[file+"/de.yaml"] = &fstest.MapFile{Data: []byte(data)}
	}
	fsys["script.yaml"].Data = bytes.Replace(fsys["script.yaml"].Data, []byte("[en]"), []byte("[en, de]"), 1)
	if _, err := Load(fsys); err == nil || !strings.Contains(err.Error(), "texts/de.yaml: error: the text mail.page is missing") {
		t.Errorf("a new language without them: %v", err)
	}
}

func TestLoadNamesFileAndLine(t *testing.T) {
	if _, err := Load(small()); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ file, from, to, want string }{
		"unknown key":         {"script.yaml", "fallback: en", "fallback: en\nfallbak: hu", "script.yaml:4: error: unknown field \"fallbak\""},
		"unknown key inside":  {"script.yaml", "    answers:", "    skil: x\n    answers:", "script.yaml:9"},
		"doubled key":         {"script.yaml", "version: 1", "version: 1\nversion: 1", "script.yaml:2"},
		"unknown fact":        {"script.yaml", "      - {text: answer}", "      - {text: answer}\n    ask: [{fact: colour}]", "script.yaml:11: error: topic greeting refers to fact \"colour\""},
		"unknown tap":         {"script.yaml", "      - {text: answer}", "      - {text: answer}\n    quick_replies: [maybe]", "script.yaml:11: error: topic greeting refers to tap \"maybe\""},
		"unknown kind":        {"script.yaml", "kind: text", "kind: poem", "script.yaml:5: error: fact product has an unknown kind \"poem\""},
		"no language":         {"script.yaml", "fallback: en", "fallback: fr", "script.yaml:3: error: fallback \"fr\""},
		"missing language":    {"script.yaml", "[en]", "[en, hu]", "texts/hu.yaml: error: there is no such file"},
		"format":              {"script.yaml", "version: 1", "version: 9", "version 9"},
		"missing text":        {"texts/en.yaml", "  greeting: [\"text\"]\n", "", "the text greeting is missing"},
		"unknown text":        {"texts/en.yaml", "  greeting: [", "  greetin: [a]\n  greeting: [", "texts/en.yaml:"},
		"unknown placeholder": {"texts/en.yaml", "  resolved: [\"text\"]", "  resolved: [\"text {nmae}\"]", "unknown placeholder {nmae}"},
		"lost placeholder":    {"texts/en.yaml", "text {name}", "text", "lacks {name}"},
		"doubled text":        {"texts/en.yaml", "  resolved: [\"text\"]", "  resolved: [a]\n  resolved: [b]", "texts/en.yaml:"},
		"number for a text":   {"texts/en.yaml", "  resolved: [\"text\"]", "  resolved: [1]", "must be a string"},
		"unknown topic":       {"examples/en.yaml", "topic: greeting", "topic: weather", "examples/en.yaml:5: error: an example is about topic \"weather\""},
		"unknown signal":      {"examples/en.yaml", "    texts:", "    signals: [bored]\n    texts:", "signal \"bored\""},
		"unknown example key": {"examples/en.yaml", "    texts:", "    text:", "examples/en.yaml:4"},
	} {
		fsys := small()
		old := string(fsys[c.file].Data)
		changed := strings.Replace(old, c.from, c.to, 1)
		if changed == old {
			t.Fatalf("%s: nothing changed", name)
		}
		fsys[c.file] = &fstest.MapFile{Data: []byte(changed)}
		_, err := Load(fsys)
		var list Findings
		if !errors.As(err, &list) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

func TestLintFindsWhatASoundScriptDoesBadly(t *testing.T) {
	fsys := small()
	change := func(file, from, to string) {
		s := string(fsys[file].Data)
		if !strings.Contains(s, from) {
			t.Fatalf("%s has no %q", file, from)
		}
		fsys[file] = &fstest.MapFile{Data: []byte(strings.Replace(s, from, to, 1))}
	}
	change("texts/en.yaml", "  resolved: [\"text\"]", "  resolved: [\"Please, CALM - down!\", \"<b>bye</b>\"]")
	change("script.yaml", "      - {text: answer}", "      - {text: answer}\n      - {text: answer, when: {open: true}}")
	change("script.yaml", "topics:\n", "topics:\n  - id: weather\n    answers: [{text: answer}]\n")
	var more strings.Builder
	for _, k := range []string{"name", "next", "question", "answer"} {
		fmt.Fprintf(&more, "  topic.weather.%s: [text]\n", k)
	}
	change("texts/en.yaml", "texts:\n", "texts:\n"+more.String())
	change("examples/en.yaml", "      hi there\n", "      hi there\n      good morning to you all\n  - topic: weather\n    texts: |\n      Hello!\n      to you all good morning friends\n")
	codes := map[string]string{}
	for _, f := range Check(fsys) {
		codes[f.Code] = f.String()
	}
	for _, want := range []string{"forbidden_phrase", "markup", "unreachable_answer", "no_last_answer", "topic_overlap", "few_examples"} {
		if codes[want] == "" {
			t.Errorf("lint does not find %s: %v", want, codes)
		}
	}
	if want := "script.yaml:13: warning: topic greeting never gives"; !strings.HasPrefix(codes["unreachable_answer"], want) {
		t.Errorf("%s, want %s", codes["unreachable_answer"], want)
	}
	if !strings.Contains(codes["topic_overlap"], "examples/en.yaml:1") {
		t.Errorf("overlap without its line: %s", codes["topic_overlap"])
	}
}

func TestForbiddenPhrasesAreFoundHoweverTheyAreWritten(t *testing.T) {
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	for _, bad := range []string{
		"CALM DOWN!!", "calm-down", "It's our policy", "There’s nothing I can do", "nyugodjon meg", "NYUGODJON MEG", "Szabalyzatunk szerint nem",
		"Pomirite se.", "kot sem ze rekel", "Calmez vous", "vous auriez du le dire", "请 冷静 一下", "按照公司规定，不行",
	} {
		if s.Forbidden(bad) == "" {
			t.Errorf("%q is not found", bad)
		}
	}
	for _, good := range []string{"It calms downy birds", "policy holders welcome", "Becalm downwind", "nyugodt szívvel", "您好"} {
		if p := s.Forbidden(good); p != "" {
			t.Errorf("%q is taken for %q", good, p)
		}
	}
}

func TestTextFillsPlaceholdersInOnePass(t *testing.T) {
	s, err := Default()
	if err != nil {
		t.Fatal(err)
	}
	got := s.Text("greeting_named", "en", 0, map[string]string{"name": "{name}{x}"})
	if !strings.HasPrefix(got, "Hello {name}{x},") {
		t.Errorf("got %q", got)
	}
	if s.Text("greeting", "de", 0, nil) != s.Text("greeting", "en", 0, nil) {
		t.Error("an unknown language does not fall back")
	}
	if s.Text("greeting", "en", 0, nil) != s.Text("greeting", "en", s.Variants("greeting", "en"), nil) {
		t.Error("wordings do not go round")
	}
	if s.Text("nonsense", "en", 0, nil) != "" {
		t.Error("an unknown key says something")
	}
}

func TestDecodeStrictSurvivesWhatTheDecoderDoesNot(t *testing.T) {
	var v struct {
		Languages []string `yaml:"languages"`
	}
	if err := DecodeStrict("f.yaml", []byte("languages: !000\n0000000000000"), &v); err == nil {
		t.Error("malformed input is taken")
	}
	bomb := "a: &a [x, x]\nlanguages: *a\n"
	if err := DecodeStrict("f.yaml", []byte(bomb), &v); err == nil || !strings.Contains(err.Error(), "f.yaml:1: error: anchors") {
		t.Errorf("got %v", err)
	}
	if err := DecodeStrict("f.yaml", []byte("languages: [\"*a\", b*]\n"), &v); err != nil {
		t.Error(err)
	}
}

func TestReadRasa(t *testing.T) {
	in := "version: \"3.1\"\nnlu:\n- intent: order_status\n  examples: |\n    - where is [71882](order_number)\n    - and [this one]{\"entity\": \"order\"}?\n" +
		"- synonym: refund\n  examples: |\n    - money back\n- intent: faq/hours\n  examples: |\n    - when do you open\n"
	got, err := ReadRasa("nlu.yml", []byte(in), "en")
	if err != nil {
		t.Fatal(err)
	}
	want := []nlu.Example{
		{Language: "en", Topic: "order_status", Text: "where is 71882"}, {Language: "en", Topic: "order_status", Text: "and this one?"},
		{Language: "en", Topic: "faq", Text: "when do you open"},
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got %v", got)
	}
	if _, err := ReadRasa("nlu.yml", []byte("nlu:\n- intent: a\n  examples: |\n    no dash\n"), "en"); err == nil || !strings.Contains(err.Error(), "nlu.yml:4") {
		t.Errorf("got %v", err)
	}
}

func TestLoadReadsAFolderOnDisk(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, small()); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(fs.FS(os.DirFS(t.TempDir()))); err == nil || !strings.Contains(err.Error(), "script.yaml") {
		t.Errorf("an empty folder: %v", err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("version: 1\nlanguages: [en]\nfallback: en\n")
	f.Add("topics: [{id: [1]}]")
	f.Add("&a [*a]")
	f.Fuzz(func(t *testing.T, s string) {
		fsys := small()
		fsys["script.yaml"] = &fstest.MapFile{Data: []byte(s)}
		if sc, err := Load(fsys); err == nil && len(sc.Languages) == 0 {
			t.Error("a script without a language is loaded")
		}
	})
}
