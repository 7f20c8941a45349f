package script

import (
	"bytes"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// Files is a script's folder in memory: path to text. It is an fs.FS.
type Files map[string]string

// filePath matches the files that a script is made of.
var filePath = regexp.MustCompile(`^(?:script\.yaml|(?:texts|forbidden)/[a-z]{2,3}\.yaml|examples/[a-z0-9][a-z0-9_-]{0,60}\.(?:yaml|jsonl)|examples/nlu\.yml)$`)

// FileAllowed reports whether a script may have a file of this name.
func FileAllowed(name string) bool { return filePath.MatchString(name) }

// ReadFiles reads the files of a folder that belong to a script.
func ReadFiles(fsys fs.FS) (Files, error) {
	out := Files{}
	err := fs.WalkDir(fsys, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !FileAllowed(name) {
			return err
		}
		data, err := fs.ReadFile(fsys, name)
		out[name] = string(data)
		return err
	})
	return out, err
}

// ReadFile implements fs.ReadFileFS.
func (f Files) ReadFile(name string) ([]byte, error) {
	text, ok := f[name]
	if !ok {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	return []byte(text), nil
}

// ReadDir implements fs.ReadDirFS: the files in a folder, in order of name.
func (f Files) ReadDir(name string) ([]fs.DirEntry, error) {
	var out []fs.DirEntry
	for file, text := range f {
		if path.Dir(file) == name {
			out = append(out, fs.FileInfoToDirEntry(&inMemory{name: path.Base(file), size: int64(len(text))}))
		}
	}
	if out == nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: fs.ErrNotExist}
	}
	slices.SortFunc(out, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return out, nil
}

// Open implements fs.FS for files; folders are read by ReadDir.
func (f Files) Open(name string) (fs.File, error) {
	data, err := f.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return &inMemory{name: path.Base(name), size: int64(len(data)), Reader: bytes.NewReader(data)}, nil
}

// inMemory is a file and what there is to know of it.
type inMemory struct {
	io.Reader
	name string
	size int64
}

func (m *inMemory) Stat() (fs.FileInfo, error) { return m, nil }
func (m *inMemory) Close() error               { return nil }
func (m *inMemory) Name() string               { return m.name }
func (m *inMemory) Size() int64                { return m.size }
func (m *inMemory) Mode() fs.FileMode          { return 0o444 }
func (m *inMemory) ModTime() time.Time         { return time.Time{} }
func (m *inMemory) IsDir() bool                { return false }
func (m *inMemory) Sys() any                   { return nil }

// LoadStored loads a script that was sound when it was published. A text that only a newer program asks for is
// taken from the script that is built in, in the same language or else in English, so that an upgrade never
// leaves the bot without its script.
func LoadStored(fsys fs.FS) (*Script, error) { return sound(readOver(fsys, lendAll)) }

// lending says which texts the script that is built in lends to one that lacks them.
type lending int

const (
	lendNone    lending = iota
	lendCompany         // those of the company, in the language that is asked for
	lendAll             // any, in English where need be
)

// builtInTexts are the texts that are compiled in, by language: reading them takes far less than the whole script.
var builtInTexts = sync.OnceValue(func() map[string]map[string]variants {
	files, _ := fs.Glob(Embedded(), "texts/*.yaml") // the pattern is sound
	all := make(map[string]map[string]variants, len(files))
	for _, file := range files {
		var f textFile
		data, err := fs.ReadFile(Embedded(), file)
		if err == nil {
			err = DecodeStrict(file, data, &f)
		}
		if err != nil {
			panic(err) // the files are compiled in, and tested
		}
		all[f.Language] = f.Texts
	}
	return all
})

// text gives the wordings of a text, which stand nowhere in the script that borrows them; false if there are none to lend.
func (l lending) text(lang, key string) (text, bool) {
	if _, company := ofCompany[key]; l == lendNone || l == lendCompany && !company {
		return text{}, false
	}
	t, ok := builtInTexts()[lang][key]
	if !ok && l == lendAll {
		t, ok = builtInTexts()["en"][key]
	}
	return text{variants: t.variants}, ok
}
