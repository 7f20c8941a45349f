package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"ombud/bot/script"
)

// fewExamples is how many examples of one label in one language the small script keeps.
const fewExamples = 3

// small is the shop's script with few of its examples: a server that starts for the twentieth time to be killed again need not
// read fifty thousand. What it understands is no test's business there.
var small struct {
	sync.Mutex
	dir string
}

func smallScript(t *testing.T) string {
	t.Helper()
	small.Lock()
	defer small.Unlock()
	if small.dir != "" {
		return small.dir
	}
	dir, err := os.MkdirTemp("", "ombud-small-script-")
	if err != nil {
		t.Fatal(err)
	}
	small.dir = dir // removed by TestMain
	examples, err := someExamples()
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{"examples/some.jsonl": examples}
	shop := script.Embedded()
	err = fs.WalkDir(shop, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(name, "examples/") {
			return err
		}
		files[name], err = fs.ReadFile(shop, name)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for name, raw := range files {
		to := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, raw, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// someExamples gives JSON lines of the first examples of each label in each language.
func someExamples() ([]byte, error) {
	s, err := script.Default()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	e := json.NewEncoder(&out)
	seen := map[string]int{}
	for _, x := range s.Examples {
		label := x.Language + " " + x.Topic + fmt.Sprint(x.Signals)
		if len(x.Signals) > 1 || seen[label] == fewExamples {
			continue
		}
		seen[label]++
		topic := &x.Topic
		if x.Topic == "" {
			topic = nil
		}
		if err := e.Encode(map[string]any{"lang": x.Language, "text": x.Text, "signals": x.Signals, "topic": topic}); err != nil {
			return nil, err
		}
	}
	return out.Bytes(), nil
}
