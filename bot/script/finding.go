package script

import (
	"bytes"
	"errors"
	"fmt"
	"sort"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/token"
)

// Severities of a Finding.
const (
	SeverityError   = "error"   // the script is not usable
	SeverityWarning = "warning" // it is usable, and worse than it could be
)

// Finding is one thing that is wrong with a script or a policy.
type Finding struct {
	File     string `json:"file"`
	Line     int    `json:"line,omitempty"` // from 1; 0 if it is about the whole file
	Severity string `json:"severity"`
	Code     string `json:"code"` // stable, for machines
	// Field is the value of a policy that it is about, as keys joined by dots; "" if it is about none.
	Field   string `json:"field,omitempty"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"` // what to do about it
}

func (f Finding) String() string {
	where := f.File
	if f.Line > 0 {
		where = fmt.Sprintf("%s:%d", f.File, f.Line)
	}
	s := fmt.Sprintf("%s: %s: %s", where, f.Severity, f.Message)
	if f.Hint != "" {
		s += " (" + f.Hint + ")"
	}
	return s
}

// Findings is an error that lists all that is wrong, not only the first.
type Findings []Finding

func (fs Findings) Error() string {
	lines := make([]string, len(fs))
	for i, f := range fs {
		lines[i] = f.String()
	}
	return strings.Join(lines, "\n")
}

// errors returns the findings of severity error, nil if there are none.
func (fs Findings) errors() Findings {
	var out Findings
	for _, f := range fs {
		if f.Severity == SeverityError {
			out = append(out, f)
		}
	}
	return out
}

func (fs Findings) sorted() Findings {
	sort.SliceStable(fs, func(i, j int) bool {
		if fs[i].File != fs[j].File {
			return fs[i].File < fs[j].File
		}
		return fs[i].Line < fs[j].Line
	})
	return fs
}

// DecodeStrict decodes YAML (or JSON, which is YAML) into v. An unknown key, a doubled key and a wrong
// type are errors; the error is Findings with file and line. Anchors and aliases are refused: a few bytes
// of them can become gigabytes.
func DecodeStrict(file string, data []byte, v any) (err error) {
	// The decoder panics on some malformed input. What an administrator types must not stop the server.
	defer func() {
		if r := recover(); r != nil {
			err = Findings{{File: file, Severity: SeverityError, Code: "yaml", Message: "this is not YAML that can be read", Hint: fmt.Sprint(r)}}
		}
	}()
	if line := aliased(data); line > 0 {
		return Findings{{File: file, Line: line, Severity: SeverityError, Code: "alias", Message: "anchors and aliases are not used here", Hint: "write it out, or put the text in quotes"}}
	}
	if len(strings.TrimSpace(string(data))) == 0 {
		return Findings{{File: file, Severity: SeverityError, Code: "empty", Message: "the file is empty"}}
	}
	err = yaml.UnmarshalWithOptions(data, v, yaml.Strict())
	if err == nil {
		return nil
	}
	f := Finding{File: file, Severity: SeverityError, Code: "yaml", Message: err.Error()}
	var located yaml.Error
	if errors.As(err, &located) {
		f.Message = located.GetMessage()
		if t := located.GetToken(); t != nil && t.Position != nil {
			f.Line = t.Position.Line
		}
	}
	var unknown *yaml.UnknownFieldError
	var double *yaml.DuplicateKeyError
	switch {
	case errors.As(err, &unknown):
		f.Code, f.Hint = "unknown_key", "check the spelling; keys that nobody reads are not allowed"
	case errors.As(err, &double):
		f.Code, f.Hint = "duplicate_key", "keep one of them"
	}
	return Findings{f}
}

// maybeAlias tells whether an anchor or an alias could stand anywhere: most files have none, and need no second look.
func maybeAlias(data []byte) bool {
	const space = " \t\n\f\r"
	for from := 0; ; {
		i := bytes.IndexAny(data[from:], "&*")
		if i < 0 {
			return false
		}
		i += from
		begins := i == 0 || strings.IndexByte(space+"[{,:-", data[i-1]) >= 0
		if begins && i+1 < len(data) && strings.IndexByte(space+"&*", data[i+1]) < 0 {
			return true
		}
		from = i + 1
	}
}

// aliased gives the line of the first anchor or alias, 0 if there is none.
func aliased(data []byte) int {
	if !maybeAlias(data) {
		return 0
	}
	for _, t := range lexer.Tokenize(string(data)) {
		if t.Type == token.AnchorType || t.Type == token.AliasType {
			return t.Position.Line
		}
	}
	return 0
}
