package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ombud/bot"
	"ombud/bot/script"
)

type scriptCmd struct {
	Check scriptCheckCmd `cmd:"" help:"Say what is wrong with a script, and what could be better."`
	Try   scriptTryCmd   `cmd:"" help:"Talk to a script; each answer comes with the decision behind it."`
}

// folder opens a script: a folder, or the script.yaml in one; "" is the script that is built in.
func folder(path string) (fs.FS, error) {
	if path == "" {
		return script.Embedded(), nil
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("open script: %w", err)
	}
	if !info.IsDir() {
		path = filepath.Dir(path)
	}
	return os.DirFS(path), nil
}

type scriptCheckCmd struct {
	File string `arg:"" optional:"" help:"The script's folder, or its script.yaml (default: the one built in)."`
}

func (c *scriptCheckCmd) Run(s streams) error {
	files, err := folder(c.File)
	if err != nil {
		return err
	}
	wrong, better := 0, 0
	for _, f := range script.Check(files) {
		fmt.Fprintln(s.out, f)
		if f.Severity == script.SeverityError {
			wrong++
		} else {
			better++
		}
	}
	if wrong > 0 {
		return fmt.Errorf("the script is not sound: %d to mend", wrong)
	}
	_, err = fmt.Fprintf(s.out, "the script is sound; %d could be better\n", better)
	return err
}

type scriptTryCmd struct {
	Cache    string `env:"OMBUD_CACHE" placeholder:"DIR" help:"Folder for trained models (default: the user's cache folder)."`
	File     string `arg:"" optional:"" help:"The script's folder, or its script.yaml (default: the one built in)."`
	Language string `help:"Language to begin in." default:"en"`
	Policy   string `type:"existingfile" help:"Policy to decide by (default: the one a new server begins with)."`
}

func (c *scriptTryCmd) Run(ctx context.Context, s streams) error {
	files, err := folder(c.File)
	if err != nil {
		return err
	}
	loaded, err := script.Load(files)
	if err != nil {
		return err
	}
	policy, err := policyFrom(c.Policy)
	if err != nil {
		return err
	}
	log := logging{LogFormat: "text"}.logger(s.err)
	m, err := understanding{Cache: c.Cache}.learn(loaded, log, nil)
	if err != nil {
		return err
	}
	e, err := bot.New(bot.Options{Script: loaded, Understanding: m, Policy: policy, Logger: log})
	if err != nil {
		return err
	}
	return c.talk(ctx, e, s)
}

// talk reads a line, answers it and shows why, until the input ends.
func (c *scriptTryCmd) talk(ctx context.Context, e *bot.Engine, s streams) error {
	fmt.Fprintf(s.out, "bot  %s\n", e.Greeting(c.Language, "").Text)
	in := bot.TurnInput{Conversation: "try", SiteLanguage: c.Language, Open: true}
	lines := bufio.NewScanner(s.in)
	var seq int64
	for {
		fmt.Fprint(s.out, "you  ")
		if !lines.Scan() {
			fmt.Fprintln(s.out)
			return lines.Err()
		}
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		seq++
		in.New, in.Now = []bot.Line{{Seq: seq, Role: "visitor", Text: lines.Text(), At: now()}}, now()
		out, err := e.Turn(ctx, in)
		if err != nil {
			return err
		}
		for _, u := range out.Say {
			fmt.Fprintf(s.out, "bot  %s\n", u.Text)
		}
		fmt.Fprintf(s.out, "     %s\n", why(out))
		in.State, in.Language, in.Earlier = out.State, out.Language, append(in.Earlier, in.New...)
		if out.Decision.Action == bot.Handoff {
			_, err := fmt.Fprintln(s.out, "     (a person takes over here)")
			return err
		}
	}
}

func why(out bot.TurnOutput) string {
	d := out.Decision
	parts := []string{"[" + string(d.Action)}
	add := func(name, value string) {
		if value != "" {
			parts = append(parts, name+" "+value)
		}
	}
	add("reason", d.Reason)
	add("rule", d.Rule)
	add("topic", d.Topic)
	add("severity", d.Severity)
	for _, x := range out.Assessment.Signals {
		if x.Found {
			add(string(x.Signal), fmt.Sprintf("%.2f", x.Strength))
		}
	}
	return strings.Join(parts, " · ") + "]"
}

type policyCmd struct {
	Check  policyCheckCmd  `cmd:"" help:"Say what is wrong with a policy."`
	Show   policyShowCmd   `cmd:"" help:"Print the policy that a new server begins with."`
	Replay policyReplayCmd `cmd:"" help:"Say what a policy would have done to recorded conversations."`
}

// policyFrom reads a policy; "" is the default one.
func policyFrom(path string) (bot.Policy, error) {
	if path == "" {
		return bot.DefaultPolicy(), nil
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return bot.Policy{}, fmt.Errorf("read policy: %w", err)
	}
	return bot.ParsePolicyFile(path, data)
}

type policyCheckCmd struct {
	File string `arg:"" type:"existingfile" help:"Policy, as YAML or JSON."`
}

func (c *policyCheckCmd) Run(s streams) error {
	if _, err := policyFrom(c.File); err != nil {
		return errors.Join(errors.New("the policy is not sound"), err)
	}
	_, err := fmt.Fprintln(s.out, "the policy is sound")
	return err
}

type policyShowCmd struct{}

func (policyShowCmd) Run(s streams) error {
	e := json.NewEncoder(s.out)
	e.SetIndent("", "  ")
	return e.Encode(bot.DefaultPolicy())
}
