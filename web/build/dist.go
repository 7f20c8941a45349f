package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"

	"github.com/andybalholm/brotli"
)

// dist is a built folder in memory: slash-separated path to content, without the compressed copies.
type dist map[string][]byte

// budget limits what a pattern of files may weigh together, in gzipped bytes (gzip -9, 1 KB = 1,000).
type budget struct {
	name string
	// match is a regular expression over paths; each locale file has its own budget, hence single.
	match  string
	single bool
	// first weighs only what the console's page loads before it can be used, whatever the files are called.
	first bool
	limit int
}

// budgets hold what a visitor or an agent has to download. Exceeding one fails the build.
var budgets = map[string][]budget{
	"widget": {
		{name: "loader", match: `^loader\.js$`, limit: 3000},
		{name: "locale", match: `^locale/`, single: true, limit: 1000},
		// Together 15,000 to type. The rarely needed part and its words come after.
		{name: "loader+panel", match: `^(loader|panel-.*)\.js$`, limit: 14280},
		{name: "words to type", match: `^locale/[a-z]+\.json$`, single: true, limit: 720},
	},
	"console": {
		{name: "first load", match: `^(index\.html|(app|chunk)-[^/]*\.(js|css))$`, first: true, limit: 60000},
		{name: "script editor", match: `^editor-[^/]*\.js$`, limit: 140000},
	},
}

// size is what one budget's files weigh.
type size struct {
	name string
	gz   int
}

// check weighs the files against the budgets.
func (d dist) check(budgets []budget) ([]size, error) {
	var sizes []size
	first := d.firstLoad()
	for _, b := range budgets {
		match, total := regexp.MustCompile(b.match), 0
		for _, name := range slices.Sorted(maps.Keys(d)) {
			if !match.MatchString(name) || b.first && !first[name] {
				continue
			}
			gz := len(gzipped(d[name]))
			if b.single {
				total = max(total, gz)
			} else {
				total += gz
			}
		}
		if total > b.limit {
			return nil, fmt.Errorf("%s weighs %d gz bytes, more than its budget of %d", b.name, total, b.limit)
		}
		sizes = append(sizes, size{b.name, total})
	}
	return sizes, nil
}

// released are the folders of earlier versions: pages that pinned one keep loading it, so they are never removed.
var released = regexp.MustCompile(`^\d+\.\d+\.\d+$`)

// write replaces the folder's content, released versions excepted, and adds .gz and .br copies.
func (d dist) write(dir string) error {
	old, err := os.ReadDir(dir)
	if err != nil && !os.IsNotExist(err) {
		return err
	}
	for _, entry := range old {
		if released.MatchString(entry.Name()) {
			continue
		}
		if err := os.RemoveAll(filepath.Join(dir, entry.Name())); err != nil {
			return err
		}
	}
	for name, content := range d {
		copies := map[string][]byte{"": content}
		if compressible(name) {
			copies[".gz"], copies[".br"] = gzipped(content), brotlied(content)
		}
		for suffix, body := range copies {
			file := filepath.Join(dir, filepath.FromSlash(name)) + suffix
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				return err
			}
			if err := os.WriteFile(file, body, 0o644); err != nil {
				return err
			}
		}
	}
	return nil
}

// compressible leaves out what is read by Go only, and formats that are compressed already.
func compressible(name string) bool {
	if name == "manifest.json" {
		return false
	}
	return slices.Contains([]string{".js", ".css", ".json", ".html", ".svg"}, path.Ext(name))
}

func gzipped(b []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is valid, so there is no error
	w.Write(b)                                              // a bytes.Buffer does not fail
	w.Close()
	return out.Bytes()
}

func brotlied(b []byte) []byte {
	var out bytes.Buffer
	w := brotli.NewWriterLevel(&out, brotli.BestCompression)
	w.Write(b) // a bytes.Buffer does not fail
	w.Close()
	return out.Bytes()
}

// contentHash names a file after its content, so that it can be cached for ever.
func contentHash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])[:10]
}

// integrity gives the value of a script tag's integrity attribute.
func integrity(b []byte) string {
	sum := sha512.Sum384(b)
	return "sha384-" + base64.StdEncoding.EncodeToString(sum[:])
}
