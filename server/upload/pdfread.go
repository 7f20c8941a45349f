package upload

import (
	"bytes"
	"errors"
	"strconv"
)

// kind is what a value of a PDF is.
type kind byte

const (
	kindOther kind = iota // true, false, null, a number with a fraction
	kindInt
	kindName
	kindString
	kindArray
	kindDict
	kindRef
)

// value is one value of a PDF, or as much of it as the check needs: of arrays only that they are there, of a dictionary the
// keys in kept.
type value struct {
	kind kind
	name string           // of a name, its escapes undone
	num  int64            // of a whole number; of a reference, the number of the object
	keys map[string]value // of a dictionary
	one  *value           // of an array with one member
}

// kept are the keys of a dictionary that say how a stream is packed, and what an action does.
var kept = map[string]bool{
	"Type": true, "Length": true, "Filter": true, "DecodeParms": true, "DP": true, "N": true, "First": true, "F": true, "FFilter": true,
	"S": true, "Next": true,
}

const (
	// deepest is how far values may lie inside each other.
	deepest = 64
	// longestName is in bytes; the standard (ISO 32000-1, annex C) has 127.
	longestName = 256
)

// These say what is wrong with a PDF.
var (
	errBroken = errors.New("not written as the standard says")
	errActive = errors.New("does something by itself, or carries other files")
	errLocked = errors.New("encrypted")
)

// reader reads values one after the other. After an error it reads nothing more.
type reader struct {
	data []byte
	at   int
	err  error
	// opens are the values of /OpenAction: they may only show a page.
	opens []value
}

func (r *reader) fail(err error) {
	if r.err == nil {
		r.err = err
	}
	r.at = len(r.data)
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return bytes.IndexByte([]byte("()<>[]{}/%"), c) >= 0 }

// space goes over white space and comments.
func (r *reader) space() {
	for r.at < len(r.data) {
		switch c := r.data[r.at]; {
		case isSpace(c):
			r.at++
		case c == '%':
			end := bytes.IndexAny(r.data[r.at:], "\r\n")
			if end < 0 {
				r.at = len(r.data)
				return
			}
			r.at += end
		default:
			return
		}
	}
}

// word reads what goes on until white space or a delimiter.
func (r *reader) word() string {
	from := r.at
	for r.at < len(r.data) && !isSpace(r.data[r.at]) && !isDelimiter(r.data[r.at]) {
		r.at++
	}
	return string(r.data[from:r.at])
}

// next is word without going on.
func (r *reader) next() string {
	at := r.at
	defer func() { r.at = at }()
	return r.word()
}

// whole gives a word as a whole number that is not negative.
func whole(word string) (int64, bool) {
	if len(word) == 0 || len(word) > 10 {
		return 0, false
	}
	n, err := strconv.ParseUint(word, 10, 40)
	return int64(n), err == nil
}

// value reads one value.
func (r *reader) value(depth int) value {
	r.space()
	if r.at >= len(r.data) || depth > deepest {
		r.fail(errBroken)
		return value{}
	}
	rest := r.data[r.at:]
	switch {
	case rest[0] == '/':
		return value{kind: kindName, name: r.readName()}
	case rest[0] == '(':
		return r.text()
	case bytes.HasPrefix(rest, []byte("<<")):
		r.at += 2
		return r.dict(depth)
	case rest[0] == '<':
		return r.hex()
	case rest[0] == '[':
		r.at++
		return r.array(depth)
	}
	word := r.word()
	if n, ok := whole(word); ok {
		return r.numberOrRef(n)
	}
	if _, err := strconv.ParseFloat(word, 64); err != nil && word != "true" && word != "false" && word != "null" {
		r.fail(errBroken)
	}
	return value{}
}

// numberOrRef reads on after a whole number: "12 0 R" is one value.
func (r *reader) numberOrRef(n int64) value {
	at := r.at
	r.space()
	if _, ok := whole(r.word()); ok {
		if r.space(); r.word() == "R" {
			return value{kind: kindRef, num: n}
		}
	}
	r.at = at
	return value{kind: kindInt, num: n}
}

// readName reads a name, and refuses those of what is active. #xx stands for a byte (ISO 32000-1, 7.3.5).
func (r *reader) readName() string {
	r.at++
	raw := r.word()
	name := make([]byte, 0, len(raw))
	for i := 0; i < len(raw); i++ {
		if raw[i] != '#' {
			name = append(name, raw[i])
			continue
		}
		if i+2 >= len(raw) {
			r.fail(errBroken)
			return ""
		}
		b, err := strconv.ParseUint(raw[i+1:i+3], 16, 8)
		if err != nil {
			r.fail(errBroken)
			return ""
		}
		name, i = append(name, byte(b)), i+2
	}
	switch {
	case len(name) > longestName:
		r.fail(errBroken)
	case active[string(name)]:
		r.fail(errActive)
	}
	return string(name)
}

// text reads a string in parentheses, which may hold pairs of them.
func (r *reader) text() value {
	for open := 0; r.at < len(r.data); r.at++ {
		switch r.data[r.at] {
		case '\\':
			r.at++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				r.at++
				return value{kind: kindString}
			}
		}
	}
	r.fail(errBroken)
	return value{}
}

// hex reads a string of hexadecimal digits.
func (r *reader) hex() value {
	for r.at++; r.at < len(r.data); r.at++ {
		c := r.data[r.at]
		if c == '>' {
			r.at++
			return value{kind: kindString}
		}
		if !isSpace(c) && bytes.IndexByte([]byte("0123456789abcdefABCDEF"), c) < 0 {
			break
		}
	}
	r.fail(errBroken)
	return value{}
}

func (r *reader) array(depth int) value {
	out := value{kind: kindArray}
	for n := 1; r.err == nil; n++ {
		if r.space(); r.at < len(r.data) && r.data[r.at] == ']' {
			r.at++
			return out
		}
		switch v := r.value(depth + 1); n {
		case 1:
			out.one = &value{kind: v.kind, name: v.name}
		case 2:
			out.one = nil
		}
	}
	return out
}

// dict reads what follows <<. A key that is kept and comes twice is refused: readers do not agree on which one counts.
func (r *reader) dict(depth int) value {
	out := value{kind: kindDict}
	for r.err == nil {
		if r.space(); bytes.HasPrefix(r.data[r.at:], []byte(">>")) {
			r.at += 2
			return out
		}
		if r.at >= len(r.data) || r.data[r.at] != '/' {
			r.fail(errBroken)
			return out
		}
		key := r.readName()
		v := r.value(depth + 1)
		switch {
		case activeKeys[key]:
			r.fail(errActive)
		case key == "Encrypt":
			r.fail(errLocked)
		case key == "OpenAction":
			r.opens = append(r.opens, v)
		case kept[key]:
			if _, twice := out.keys[key]; twice {
				r.fail(errBroken)
			}
			if out.keys == nil {
				out.keys = map[string]value{}
			}
			out.keys[key] = v
		}
	}
	return out
}
