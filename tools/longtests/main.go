package main

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	skipped := flag.Bool("skipped", false, "name only the tests that -short leaves out altogether")
	flag.Parse()
	folders := map[string][]string{}
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (d.Name() == "node_modules" || d.Name() == "testdata" || path == filepath.Join("web", "build")) {
			return filepath.SkipDir
		}
		if strings.HasSuffix(path, "_test.go") {
			folders[filepath.Dir(path)] = append(folders[filepath.Dir(path)], path)
		}
		return nil
	})
	if err != nil {
		fail(err)
	}
	for _, folder := range slices.Sorted(maps.Keys(folders)) {
		tests, err := long(folders[folder], *skipped)
		if err != nil {
			fail(err)
		}
		if len(tests) > 0 {
			fmt.Printf("./%s\t^(%s)$\n", filepath.ToSlash(folder), strings.Join(tests, "|"))
		}
	}
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "longtests:", err)
	os.Exit(1)
}

// long gives the names of the tests in the files that reach testing.Short, sorted; or of those alone that ask it whether to
// skip. A function is known by its name alone, so that methods of one name count as one: rather one test too many than one
// too few.
func long(files []string, skipped bool) ([]string, error) {
	calls := map[string]map[string]bool{}
	reach := map[string]bool{"Short": !skipped}
	for _, file := range files {
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, err
		}
		for _, d := range parsed.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			if calls[f.Name.Name] == nil {
				calls[f.Name.Name] = map[string]bool{}
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.Ident:
					calls[f.Name.Name][n.Name] = true
				case *ast.IfStmt:
					if skipped && names(n.Cond, "Short") && names(n.Body, "Skip") {
						reach[f.Name.Name] = true
					}
				}
				return true
			})
		}
	}
	for grown := true; grown; {
		grown = false
		for name, uses := range calls {
			for used := range uses {
				if reach[used] && !reach[name] {
					reach[name], grown = true, true
				}
			}
		}
	}
	var tests []string
	for name := range calls {
		if reach[name] && strings.HasPrefix(name, "Test") && name != "TestMain" {
			tests = append(tests, name)
		}
	}
	slices.Sort(tests)
	return tests, nil
}

// names reports whether an identifier of that name, or one that begins with it, occurs below a node.
func names(below ast.Node, name string) (found bool) {
	ast.Inspect(below, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			found = found || strings.HasPrefix(id.Name, name)
		}
		return !found
	})
	return found
}
