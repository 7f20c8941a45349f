package frame

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"
)

// maxDepth is how deep values may be nested; frames need two.
const maxDepth = 16

// parser walks over one JSON text that is known to be UTF-8.
type parser struct {
	b []byte
	i int
}

func badJSON(message string) *Problem { return problem(CodeBadJSON, "", message) }

func (p *parser) peek() byte {
	if p.i < len(p.b) {
		return p.b[p.i]
	}
	return 0
}

func (p *parser) blanks() {
	for p.i < len(p.b) {
		switch p.b[p.i] {
		case ' ', '\t', '\n', '\r':
			p.i++
		default:
			return
		}
	}
}

// end fails unless only blanks are left.
func (p *parser) end() *Problem {
	if p.blanks(); p.i != len(p.b) {
		return badJSON("One JSON value a frame.")
	}
	return nil
}

// object walks over an object; member is called for each key with the parser before the value, which it must consume.
// The key is valid until then.
func (p *parser) object(member func(key []byte) *Problem) *Problem {
	p.i++ // {
	p.blanks()
	if p.peek() == '}' {
		p.i++
		return nil
	}
	for {
		if p.peek() != '"' {
			return badJSON("A key is a string.")
		}
		key, prob := p.text()
		if prob != nil {
			return prob
		}
		if p.blanks(); p.peek() != ':' {
			return badJSON("A colon follows the key.")
		}
		p.i++
		p.blanks()
		if prob := member(key); prob != nil {
			return prob
		}
		switch p.blanks(); p.peek() {
		case ',':
			p.i++
			p.blanks()
		case '}':
			p.i++
			return nil
		default:
			return badJSON("The object is not closed.")
		}
	}
}

// skip walks over any value that stands depth levels deep.
func (p *parser) skip(depth int) *Problem {
	if depth > maxDepth {
		return badJSON("Nested too deep.")
	}
	switch c := p.peek(); {
	case c == '{':
		return p.object(func([]byte) *Problem { return p.skip(depth + 1) })
	case c == '[':
		return p.array(depth)
	case c == '"':
		_, prob := p.text()
		return prob
	case c == '-' || '0' <= c && c <= '9':
		return p.number()
	}
	for _, word := range []string{"true", "false", "null"} {
		if bytes.HasPrefix(p.b[p.i:], []byte(word)) {
			p.i += len(word)
			return nil
		}
	}
	return badJSON("That is no JSON value.")
}

func (p *parser) array(depth int) *Problem {
	p.i++ // [
	if p.blanks(); p.peek() == ']' {
		p.i++
		return nil
	}
	for {
		p.blanks()
		if prob := p.skip(depth + 1); prob != nil {
			return prob
		}
		switch p.blanks(); p.peek() {
		case ',':
			p.i++
		case ']':
			p.i++
			return nil
		default:
			return badJSON("The array is not closed.")
		}
	}
}

// number walks over a number as RFC 8259, section 6, has it.
func (p *parser) number() *Problem {
	if p.peek() == '-' {
		p.i++
	}
	if p.peek() == '0' {
		p.i++
	} else if !p.digits() {
		return badJSON("That is no number.")
	}
	if p.peek() == '.' {
		if p.i++; !p.digits() {
			return badJSON("That is no number.")
		}
	}
	if c := p.peek(); c == 'e' || c == 'E' {
		p.i++
		if c := p.peek(); c == '+' || c == '-' {
			p.i++
		}
		if !p.digits() {
			return badJSON("That is no number.")
		}
	}
	return nil
}

func (p *parser) digits() bool {
	from := p.i
	for c := p.peek(); '0' <= c && c <= '9'; c = p.peek() {
		p.i++
	}
	return p.i > from
}

// text reads a string. Without escapes the answer is a part of the input, with them a copy.
func (p *parser) text() ([]byte, *Problem) {
	p.i++ // "
	from := p.i
	for p.i < len(p.b) {
		switch c := p.b[p.i]; {
		case c == '"':
			p.i++
			return p.b[from : p.i-1], nil
		case c == '\\':
			return p.escaped(append([]byte(nil), p.b[from:p.i]...))
		case c < 0x20:
			return nil, badJSON("Escape control characters in strings.")
		}
		p.i++
	}
	return nil, badJSON("The string is not closed.")
}

// escaped goes on with a string at its first backslash.
func (p *parser) escaped(out []byte) ([]byte, *Problem) {
	for p.i < len(p.b) {
		c := p.b[p.i]
		switch {
		case c == '"':
			p.i++
			return out, nil
		case c < 0x20:
			return nil, badJSON("Escape control characters in strings.")
		case c != '\\':
			out = append(out, c)
			p.i++
			continue
		}
		p.i++
		if p.peek() == 'u' {
			r, prob := p.unicode()
			if prob != nil {
				return nil, prob
			}
			out = utf8.AppendRune(out, r)
			continue
		}
		at := bytes.IndexByte([]byte(`"\/bfnrt`), p.peek())
		if at < 0 {
			return nil, badJSON("That is no escape.")
		}
		out = append(out, "\"\\/\b\f\n\r\t"[at])
		p.i++
	}
	return nil, badJSON("The string is not closed.")
}

// unicode reads uXXXX, and the second half where it is the first half of a surrogate pair.
func (p *parser) unicode() (rune, *Problem) {
	r, ok := p.hex()
	if !ok {
		return 0, badJSON("Four hex digits follow \\u.")
	}
	if !utf16.IsSurrogate(r) {
		return r, nil
	}
	if p.peek() == '\\' && p.i+1 < len(p.b) && p.b[p.i+1] == 'u' {
		p.i++
		low, ok := p.hex()
		if !ok {
			return 0, badJSON("Four hex digits follow \\u.")
		}
		if whole := utf16.DecodeRune(r, low); whole != utf8.RuneError {
			return whole, nil
		}
	}
	return 0, problem(CodeUTF8, "", "Surrogates come in pairs.")
}

func (p *parser) hex() (rune, bool) {
	if p.i+5 > len(p.b) {
		return 0, false
	}
	var r rune
	for _, c := range p.b[p.i+1 : p.i+5] {
		switch {
		case '0' <= c && c <= '9':
			r = r<<4 | rune(c-'0')
		case 'a' <= c && c <= 'f':
			r = r<<4 | rune(c-'a'+10)
		case 'A' <= c && c <= 'F':
			r = r<<4 | rune(c-'A'+10)
		default:
			return 0, false
		}
	}
	p.i += 5
	return r, true
}
