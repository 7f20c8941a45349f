package ombud

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// allowed is the picture in ARCHITECTURE.md: for each package those of this module that it may import.
// Imports go down, never sideways, never up; cmd/ombud alone sees two edges.
var allowed = map[string][]string{
	"":              {},
	"chat":          {},
	"bot":           {"bot/knowledge", "bot/nlu", "bot/script"},
	"bot/dialogue":  {"bot", "bot/nlu", "bot/script"},
	"bot/nlu":       {},
	"bot/nlu/eval":  {"bot/nlu"},
	"bot/script":    {"bot/nlu"},
	"bot/llm":       {"bot", "bot/knowledge", "bot/nlu"},
	"bot/knowledge": {},
	"handoff":       {"chat"},
	"chat/hub":      {"chat", "bot", "bot/nlu", "handoff"},
	"chat/care":     {"chat", "bot", "handoff"},
	"chat/studio":   {"chat", "bot", "bot/nlu", "bot/nlu/eval", "bot/script"},
	"server":        {"chat", "chat/care", "chat/hub", "chat/report", "chat/studio", "bot", "bot/knowledge", "bot/nlu", "bot/script", "handoff", "server/frame", "server/password", "server/page", "server/demo", "server/sheet", "server/upload", "server/identity", "server/look", "server/transcript"},
	"chat/report":   {"chat"},

	"server/frame":      {"chat"},
	"server/password":   {},
	"server/upload":     {"chat"},
	"server/identity":   {"chat"},
	"server/page":       {"chat"},
	"server/client":     {},
	"server/look":       {"chat"},
	"server/demo":       {},
	"server/sheet":      {},
	"server/transcript": {"chat"},

	"storage":             {"chat", "chat/report", "migrations", "storage/words"},
	"storage/storagetest": {"chat", "storage"},
	"storage/words":       {},
	"migrations":          {},
	"bus":                 {"chat"},
	"jobs":                {"chat"},
	"notify":              {"chat"},
	"widget":              {},
	"console":             {},
	"tools/longtests":     {},
	"tools/vectors":       {},

	"cmd/ombud": {"*"},
}

// soleImporters holds each library to the one part that may know it. A part includes its subfolders.
var soleImporters = map[string]string{
	"github.com/gorilla/websocket":    "server",
	"github.com/danielgtaylor/huma":   "server",
	"github.com/alexedwards/scs":      "server",
	"golang.org/x/image":              "server/upload",
	"github.com/golang-jwt/jwt":       "server/identity",
	"github.com/jmoiron/sqlx":         "storage",
	"github.com/lib/pq":               "storage",
	"modernc.org/sqlite":              "storage",
	"github.com/nats-io":              "bus",
	"github.com/goccy/go-yaml":        "bot",
	"github.com/pemistahl/lingua-go":  "bot/nlu",
	"github.com/sashabaranov":         "bot/llm",
	"github.com/blevesearch":          "bot/knowledge",
	"github.com/riverqueue/river":     "jobs",
	"github.com/wneessen/go-mail":     "notify",
	"github.com/alecthomas/kong":      "cmd/ombud",
	"github.com/standard-webhooks":    "notify",
	"github.com/prometheus":           "server",
	"pgregory.net/rapid":              "",
	"github.com/anishathalye/porcupi": "",
}

type listed struct {
	ImportPath string
	Name       string
	Doc        string
	Imports    []string
}

func list(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Name,Doc,Imports", "./...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var all []listed
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

func short(path string) string {
	return strings.TrimPrefix(strings.TrimPrefix(path, "ombud"), "/")
}

func TestImportsGoDown(t *testing.T) {
	for _, p := range list(t) {
		name := short(p.ImportPath)
		may, known := allowed[name]
		if !known {
			t.Errorf("package %s is not in the picture: add it to the map and to ARCHITECTURE.md", name)
			continue
		}
		for _, i := range p.Imports {
			if i != "ombud" && !strings.HasPrefix(i, "ombud/") {
				continue
			}
			if !slices.Contains(may, "*") && !slices.Contains(may, short(i)) {
				t.Errorf("%s imports %s: the picture does not allow it", name, short(i))
			}
		}
	}
}

func TestEachLibraryHasOneImporter(t *testing.T) {
	for _, p := range list(t) {
		for _, i := range p.Imports {
			for library, owner := range soleImporters {
				name := short(p.ImportPath)
				if strings.HasPrefix(i, library) && name != owner && (owner == "" || !strings.HasPrefix(name, owner+"/")) {
					t.Errorf("%s imports %s, which only %q may", name, i, owner)
				}
			}
		}
	}
}

// TestPackagesSayWhatTheyAre holds the first sentence of every package's doc against ARCHITECTURE.md.
func TestPackagesSayWhatTheyAre(t *testing.T) {
	data, err := os.ReadFile("ARCHITECTURE.md")
	if err != nil {
		t.Fatal(err)
	}
	text := strings.Join(strings.Fields(string(data)), " ")
	for _, p := range list(t) {
		if p.ImportPath == "ombud" {
			continue
		}
		sentence := strings.Join(strings.Fields(p.Doc), " ")
		if sentence == "" {
			t.Errorf("%s has no package comment", p.ImportPath)
			continue
		}
		// "Package chat holds …" stands in the table as "holds …".
		_, sentence, _ = strings.Cut(strings.TrimPrefix(strings.TrimPrefix(sentence, "Package "), "Command "), " ")
		if !strings.Contains(text, sentence) {
			t.Errorf("ARCHITECTURE.md does not say of %s: %q", short(p.ImportPath), sentence)
		}
	}
}
