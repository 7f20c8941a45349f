package migrations

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
)

//go:embed *.sql
var files embed.FS

// Files gives the migrations as one database is to run them: dialect is "sqlite" or "postgres".
func Files(dialect string) fs.FS { return opened{dialect: dialect} }

// opened is the embedded directory with the comments for one dialect opened up.
type opened struct{ dialect string }

var special = regexp.MustCompile(`(?s)/\*(sqlite|postgres):(.*?)\*/`)

// Open reads a file; a migration comes back rewritten.
func (o opened) Open(name string) (fs.File, error) {
	f, err := files.Open(name)
	if err != nil || path.Ext(name) != ".sql" {
		return f, err
	}
	defer f.Close()
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, fmt.Errorf("read migration %s: %w", name, err)
	}
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("read migration %s: %w", name, err)
	}
	return &script{Reader: bytes.NewReader(o.rewrite(text)), info: info}, nil
}

func (o opened) rewrite(text []byte) []byte {
	return special.ReplaceAllFunc(text, func(comment []byte) []byte {
		parts := special.FindSubmatch(comment)
		if string(parts[1]) == o.dialect {
			return parts[2]
		}
		return nil
	})
}

// script is one rewritten migration, open for reading.
type script struct {
	*bytes.Reader
	info fs.FileInfo
}

// Stat describes the embedded file; its size is that of the text before rewriting.
func (s *script) Stat() (fs.FileInfo, error) { return s.info, nil }

// Close does nothing.
func (s *script) Close() error { return nil }
