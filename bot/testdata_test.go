package bot

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/*.txt anew")

// TestDialogues plays testdata/*.txt: a comment, settings, and turns. A line that begins with > is what the
// visitor writes (its #tags are what the understanding sees); the lines below it are what the bot did.
func TestDialogues(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no dialogues: %v", err)
	}
	e := testEngine(t, nil)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			old, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			got := playText(t, e, string(old))
			if *update {
				if err := os.WriteFile(file, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != string(old) {
				t.Errorf("the bot does something else now; if it is meant, run with -update and read the difference\n%s", got)
			}
		})
	}
}

func playText(t *testing.T, e *Engine, text string) string {
	t.Helper()
	var b strings.Builder
	in := TurnInput{Conversation: "c", SiteLanguage: "en", Now: noon, Open: true}
	turn := func() {
		if len(in.New) == 0 {
			return
		}
		out, err := e.Turn(context.Background(), in)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString(outcome(out) + "\n")
		in.Earlier, in.New = append(in.Earlier, in.New...), nil
		in.State, in.Language = out.State, out.Language
	}
	for _, line := range strings.Split(text, "\n") {
		key, value, _ := strings.Cut(line, ": ")
		switch {
		case strings.HasPrefix(line, "#"):
			b.WriteString(line + "\n")
		case key == "site" || key == "name" || key == "closed" || key == "returned":
			turn()
			b.WriteString(line + "\n")
			switch key {
			case "site":
				in.SiteLanguage = value
				b.WriteString("\n")
			case "name":
				in.Name = value
				b.WriteString("\n")
			case "closed":
				in.Open = false
				b.WriteString("\n")
			case "returned":
				in.State = e.Returned(in.State)
				b.WriteString("\n")
			}
		case strings.HasPrefix(line, "> "):
			b.WriteString(line + "\n")
			in.New = append(in.New, Line{Role: "visitor", Text: strings.TrimPrefix(line, "> "), At: noon})
		default:
			turn()
		}
	}
	turn()
	return b.String()
}

// outcome writes a turn's outcome for people to read in review.
func outcome(out TurnOutput) string {
	d := out.Decision
	var b strings.Builder
	fmt.Fprintf(&b, "  %s", d.Action)
	if d.Reason != "" {
		fmt.Fprintf(&b, " %s: %s, level %d, skill %q", d.Reason, d.Severity, d.Level, d.Skill)
	}
	if d.Rule != "" {
		fmt.Fprintf(&b, " (rule %s)", d.Rule)
	}
	if d.Topic != "" {
		fmt.Fprintf(&b, " about %s", d.Topic)
	}
	if d.Ask != "" {
		fmt.Fprintf(&b, ", asks for %s", d.Ask)
	}
	b.WriteString("\n")
	for _, r := range d.Rules {
		if !r.Fired {
			fmt.Fprintf(&b, "  nearly: %s %.2f of %.2f\n", r.Rule, r.Value, r.Bar)
		}
	}
	for _, u := range out.Say {
		fmt.Fprintf(&b, "  %s: %s\n", u.Part, u.Text)
		for _, q := range u.QuickReplies {
			fmt.Fprintf(&b, "    [%s]\n", q.Label)
		}
	}
	return b.String()
}
