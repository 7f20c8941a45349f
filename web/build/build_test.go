package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// The committed builds are what the sources give, file for file, compressed copies included.
func TestCommittedBuildIsFresh(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(root, "node_modules", "preact")); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("node_modules is missing: run npm ci before this test")
		}
		t.Skip("node_modules is missing: npm ci brings it")
	}
	for _, part := range []string{"widget", "console"} {
		t.Run(part, func(t *testing.T) {
			want, err := build(root, part)
			if err != nil {
				t.Fatal(err)
			}
			have := committed(t, filepath.Join(root, part, "dist"))
			for name, content := range want {
				if !bytes.Equal(have[name], content) {
					t.Errorf("%s/dist/%s is not what the sources give: run go generate ./%s", part, name, part)
				}
				delete(have, name)
				if compressible(name) {
					checkCopies(t, have, name, content)
				}
			}
			for name := range have {
				if first, _, _ := strings.Cut(name, "/"); !released.MatchString(first) {
					t.Errorf("%s/dist/%s comes from no source: run go generate ./%s", part, name, part)
				}
			}
		})
	}
}

// checkCopies unpacks the copies: the packed bytes may differ from one Go release to the next.
func checkCopies(t *testing.T, have map[string][]byte, name string, content []byte) {
	t.Helper()
	zr, err := gzip.NewReader(bytes.NewReader(have[name+".gz"]))
	if err != nil {
		t.Errorf("%s.gz: %v", name, err)
		return
	}
	for suffix, r := range map[string]io.Reader{".gz": zr, ".br": brotli.NewReader(bytes.NewReader(have[name+".br"]))} {
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, content) {
			t.Errorf("%s%s does not unpack to %s (%v)", name, suffix, name, err)
		}
		delete(have, name+suffix)
	}
}

func committed(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		if err != nil {
			return err
		}
		files[filepath.ToSlash(name)], err = os.ReadFile(path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestFoldTokens(t *testing.T) {
	for _, c := range []struct{ name, css, want string }{
		{"one value is put in its place", `:root,:host{--a: var(--b);--b: 1px;--c: 2px}p{margin:var(--a)}`, `:host{;;}p{margin:1px}`},
		{"two values stay a token", `:host{--a: 1px}@media print{:host{--a: 2px}}p{margin:var(--a)}`, `:host{--a:1px}@media print{:host{--a:2px}}p{margin:var(--a)}`},
		{"a fallback keeps what it falls back from", `:host{--a: 1px}p{margin:var(--a, 2px)}`, `:host{--a:1px}p{margin:var(--a, 2px)}`},
	} {
		if got := foldTokens(c.css); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

func TestLocaleMustHaveTheEnglishKeys(t *testing.T) {
	english := map[string]string{"send": "Send", "wait": "Place {0}"}
	for name, have := range map[string]map[string]string{
		"missing": {"send": "Küldés"},
		"empty":   {"send": "", "wait": "{0}."},
		"extra":   {"send": "Küldés", "wait": "{0}.", "more": "x"},
		"hole":    {"send": "Küldés", "wait": "hely"},
	} {
		if sameKeys(english, have) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := sameKeys(english, map[string]string{"send": "Küldés", "wait": "{0}. a sorban"}); err != nil {
		t.Error(err)
	}
}

func TestBudgetFailsTheBuild(t *testing.T) {
	noise := make([]byte, 4000)
	for i := range noise {
		noise[i] = byte(i * i >> 3)
	}
	limit := []budget{{name: "loader", match: `^loader\.js$`, limit: 10}}
	if _, err := (dist{"loader.js": noise}).check(limit); err == nil {
		t.Error("a loader over its budget passed")
	}
	// What the page loads at once counts, through other files too; what comes with a later page does not.
	page := dist{"index.html": nil, "app-A1.js": []byte(`import{a}from"./chunk-B2.js";import("./page-C3.js")`), "chunk-B2.js": []byte(`import"./chunk-D4.js";`),
		"chunk-D4.js": noise, "chunk-E5.js": noise, "page-C3.js": []byte(`import{b}from"./chunk-E5.js"`)}
	first := []budget{{name: "first", match: `^(index\.html|(app|chunk)-.*)$`, first: true, limit: 1 << 20}}
	want := len(gzipped(nil)) + len(gzipped(page["app-A1.js"])) + len(gzipped(page["chunk-B2.js"])) + len(gzipped(noise))
	if sizes, err := page.check(first); err != nil || !slices.Equal(sizes, []size{{"first", want}}) {
		t.Errorf("first load: %v, %v, want %d", sizes, err, want)
	}
	if sizes, err := (dist{"other.js": noise}).check(limit); err != nil || !slices.Equal(sizes, []size{{"loader", 0}}) {
		t.Errorf("a file of no budget was weighed: %v, %v", sizes, err)
	}
}
