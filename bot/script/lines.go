package script

import (
	"io/fs"
	"strconv"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// lines tells where the parts of a YAML file stand, from 1: "topics.order_status" for the topic of that id,
// "topics.order_status.answers.0" for its first answer, "fallback" for a key of the top.
type lines map[string]int

// linesOf reads where the parts of a file stand; a file that cannot be read has none. Findings are told the
// line by it, which the decoder keeps only for what it refuses itself.
func linesOf(fsys fs.FS, file string) (l lines) {
	l = lines{}
	// The parser is the decoder's, and panics where that does.
	defer func() {
		if recover() != nil {
			l = lines{}
		}
	}()
	data, err := fs.ReadFile(fsys, file)
	if err != nil {
		return l
	}
	parsed, err := parser.ParseBytes(data, 0)
	if err != nil || len(parsed.Docs) == 0 {
		return l
	}
	l.walk("", parsed.Docs[0].Body)
	return l
}

func (l lines) walk(at string, n ast.Node) {
	under := func(key string) string {
		if at == "" {
			return key
		}
		return at + "." + key
	}
	switch t := n.(type) {
	case *ast.MappingNode:
		for _, v := range t.Values {
			l.walk(at, v)
		}
	case *ast.MappingValueNode:
		key := under(t.Key.String())
		l.note(key, t.Key)
		l.walk(key, t.Value)
	case *ast.SequenceNode:
		for i, v := range t.Values {
			key := under(strconv.Itoa(i))
			if id := idOf(v); id != "" {
				key = under(id)
			}
			l.note(key, v)
			l.walk(key, v)
		}
	}
}

// note keeps the first place of a name: a doubled id is reported where it is doubled by who finds it.
func (l lines) note(key string, n ast.Node) {
	if m, ok := n.(*ast.MappingNode); ok && len(m.Values) > 0 {
		n = m.Values[0].Key
	}
	if v, ok := n.(*ast.MappingValueNode); ok {
		n = v.Key
	}
	if t := n.GetToken(); t != nil && t.Position != nil {
		if _, known := l[key]; known {
			key += " again"
		}
		l[key] = t.Position.Line
	}
}

// idOf gives the value of the key id in an item of a list, "" if it has none.
func idOf(n ast.Node) string {
	var values []*ast.MappingValueNode
	switch t := n.(type) {
	case *ast.MappingNode:
		values = t.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{t}
	}
	for _, v := range values {
		if v.Key.String() != "id" {
			continue
		}
		if s, ok := v.Value.(*ast.StringNode); ok {
			return s.Value
		}
	}
	return ""
}
