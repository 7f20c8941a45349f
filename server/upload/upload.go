package upload

import (
	"bytes"
	"context"
	"fmt"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"ombud/chat"
)

const (
	// MaxBytes is the largest file that is taken in.
	MaxBytes = 8 << 20
	// maxPixels bounds what a small file may unpack to: a picture of 25 megapixels takes 100 MB while it is drawn.
	maxPixels = 25_000_000
	// longestSide is the size to which larger pictures are drawn.
	longestSide = 2560
	nameRunes   = 100
)

// Types are the kinds of file that are taken in, as a browser's file input wants them. GIF and WebP become PNG.
var Types = []string{"image/jpeg", "image/png", "image/gif", "image/webp", "application/pdf"}

// Checker takes files in, a few at a time: drawing a picture takes much memory.
type Checker struct{ turns chan struct{} }

// NewChecker makes a checker that works on at most that many files at once.
func NewChecker(atOnce int) *Checker { return &Checker{turns: make(chan struct{}, atOnce)} }

// File gives what may be stored of a file: its kind by its content, a picture drawn anew (which drops metadata and whatever was
// hidden in it, and turns it upright), and a name without tricks. It fails with *chat.InvalidError, or with the context's error
// while it waits for its turn.
func (c *Checker) File(ctx context.Context, name string, data []byte) (chat.File, error) {
	if len(data) == 0 {
		return chat.File{}, refused("empty", "The file is empty.")
	}
	if len(data) > MaxBytes {
		return chat.File{}, refused("too_large", fmt.Sprintf("Send at most %d MB.", MaxBytes>>20))
	}
	select {
	case c.turns <- struct{}{}:
		defer func() { <-c.turns }()
	case <-ctx.Done():
		return chat.File{}, ctx.Err()
	}
	f, err := check(data)
	if err != nil {
		return chat.File{}, err
	}
	f.Name, f.Size = cleanName(name, f.Type), len(f.Data)
	return f, nil
}

func check(data []byte) (chat.File, error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")), bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")),
		bytes.HasPrefix(data, []byte("GIF87a")), bytes.HasPrefix(data, []byte("GIF89a")),
		len(data) > 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		return redraw(data)
	case bytes.HasPrefix(data, []byte("%PDF-")):
		return checkPDF(data)
	}
	return chat.File{}, refused("type", "Send a picture (JPEG, PNG, GIF, WebP) or a PDF.")
}

func refused(code, hint string) error {
	return &chat.InvalidError{Field: "file", Code: code, Hint: hint}
}

var endings = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "application/pdf": ".pdf"}

// cleanName gives the last part of a path without control characters and without those that turn the direction of writing
// ("gpj.exe" must not look like "exe.jpg"), with the ending of the file's kind.
func cleanName(name, kind string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, ""), `\`, "/"))
	name = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u2028' || r == '\u2029' || strings.ContainsRune(`"<>|:*?%;`, r) {
			return -1
		}
		return r
	}, name)
	ending := endings[kind]
	if at := strings.LastIndexByte(name, '.'); at >= 0 {
		name = name[:at]
	}
	name = strings.Trim(name, ". ")
	for utf8.RuneCountInString(name) > nameRunes {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name == "" || name == "/" {
		name = "file"
	}
	return name + ending
}
