package server

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"regexp"
	"strings"
)

// static serves a tree of files from memory. Beside a file x, x.br and x.gz hold it compressed.
type static struct {
	files map[string]*file
	panel *file // under the name of another version: asked for anew each time
}

type file struct {
	kind, etag, cache string
	plain, gz, br     []byte
}

// lasting matches the names of files that never change: a hash in the name, or a version as the first folder.
var lasting = regexp.MustCompile(`(^v?[0-9]+\.[0-9][^/]*/)|(-[0-9A-Za-z_]{8,}\.[a-z0-9]+(\.map)?$)`)

// briefly is how long a file is kept that changes with the version. For a day more, a browser shows the old one at once and asks for
// the new one meanwhile, and shows it where we cannot be reached: a page that is loaded during an outage has its chat.
const briefly = "public, max-age=300, stale-while-revalidate=86400, stale-if-error=86400"

// panelName matches the panel of any version.
var panelName = regexp.MustCompile(`^panel-[0-9a-f]{10}\.js$`)

func newStatic(tree fs.FS) (*static, error) {
	s := &static{files: map[string]*file{}}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		if ext := path.Ext(name); ext == ".br" || ext == ".gz" {
			return nil
		}
		f, err := readFile(tree, name)
		s.files[name] = f
		if err == nil && panelName.MatchString(name) {
			p := *f
			p.cache, s.panel = "no-cache", &p
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read static files: %w", err)
	}
	return s, nil
}

func readFile(tree fs.FS, name string) (*file, error) {
	body, err := fs.ReadFile(tree, name)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(body)
	f := &file{plain: body, kind: kindOf(name), etag: base64.RawURLEncoding.EncodeToString(sum[:12])}
	switch {
	case lasting.MatchString(name):
		f.cache = "public, max-age=31536000, immutable"
	case strings.HasSuffix(name, ".html"):
		f.cache = "no-cache"
	default:
		f.cache = briefly
	}
	if gz, err := fs.ReadFile(tree, name+".gz"); err == nil {
		f.gz = gz
	}
	if br, err := fs.ReadFile(tree, name+".br"); err == nil {
		f.br = br
	}
	return f, nil
}

// kindOf gives the content type; the system's own table is not asked, because it differs from machine to machine.
func kindOf(name string) string {
	switch path.Ext(name) {
	case ".html":
		return "text/html; charset=utf-8"
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".css":
		return "text/css; charset=utf-8"
	case ".json", ".map":
		return "application/json"
	case ".svg":
		return "image/svg+xml"
	case ".webmanifest":
		return "application/manifest+json"
	case ".txt":
		return "text/plain; charset=utf-8"
	}
	if kind := mime.TypeByExtension(path.Ext(name)); kind != "" {
		return kind
	}
	return "application/octet-stream"
}

func (s *static) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" {
		name = "index.html"
	}
	f := s.files[name]
	if f == nil && panelName.MatchString(name) {
		f = s.panel // a kept loader names the panel of the version before
	}
	if f == nil {
		http.NotFound(w, r)
		return
	}
	body, encoding := f.plain, ""
	switch accepted := r.Header.Get("Accept-Encoding"); {
	case f.br != nil && accepts(accepted, "br"):
		body, encoding = f.br, "br"
	case f.gz != nil && accepts(accepted, "gzip"):
		body, encoding = f.gz, "gzip"
	}
	h := w.Header()
	h.Set("Content-Type", f.kind)
	h.Set("Cache-Control", f.cache)
	h.Set("Vary", "Accept-Encoding")
	etag := `"` + f.etag + encoding + `"`
	h.Set("Etag", etag)
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	h.Set("Content-Length", fmt.Sprint(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body)
	}
}

// accepts reports whether an Accept-Encoding header lists a coding, and not with weight 0.
func accepts(header, coding string) bool {
	for part := range strings.SplitSeq(header, ",") {
		name, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), coding) {
			weight = strings.TrimRight(strings.ReplaceAll(weight, " ", ""), "0")
			return weight != "q=" && weight != "q=0."
		}
	}
	return false
}
