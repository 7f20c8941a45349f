package main

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// inlineCSS makes `import css from "./panel.css?inline"` give the style sheet as text, its imports resolved,
// minified, and with its design tokens folded.
func inlineCSS(root string) api.Plugin {
	return api.Plugin{Name: "inline-css", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `\.css\?inline$`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			// Relative to the root: a chunk's hash is made from such paths, and must not depend on where the checkout lies.
			file, err := filepath.Rel(root, filepath.Join(a.ResolveDir, strings.TrimSuffix(a.Path, "?inline")))
			return api.OnResolveResult{Path: filepath.ToSlash(file), Namespace: "inline-css"}, err
		})
		b.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "inline-css"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			text, err := stylesheet(root, filepath.Join(root, filepath.FromSlash(a.Path)))
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderText}, err
		})
	}}
}

func stylesheet(root, file string) (string, error) {
	whole, err := minifyCSS(root, api.BuildOptions{EntryPoints: []string{file}})
	if err != nil {
		return "", err
	}
	// A second pass removes the rules that losing their tokens has emptied.
	return minifyCSS(root, api.BuildOptions{Stdin: &api.StdinOptions{
		Contents: foldTokens(whole), Loader: api.LoaderCSS, ResolveDir: root,
	}})
}

func minifyCSS(root string, o api.BuildOptions) (string, error) {
	o.AbsWorkingDir, o.Bundle, o.Target, o.Charset = root, true, browsers, api.CharsetUTF8
	o.MinifyWhitespace, o.MinifySyntax = true, true
	result := api.Build(o)
	if err := failure(result.Errors); err != nil {
		return "", err
	}
	return strings.TrimSpace(string(result.OutputFiles[0].Contents)), nil
}

var (
	tokenDeclared = regexp.MustCompile(`([{;])(--[a-z0-9-]+): *([^;{}]*)`)
	tokenUsed     = regexp.MustCompile(`var\((--[a-z0-9-]+)`)
	tokenRead     = regexp.MustCompile(`var\((--[a-z0-9-]+)\)`)
)

// foldTokens makes a style sheet that stands alone as small as it can be: a token that has one value whatever the
// reader prefers is replaced by that value, and a token that nothing reads is dropped, until neither is left to do.
// The text must be minified CSS.
func foldTokens(css string) string {
	css = strings.ReplaceAll(css, ":root,:host{", ":host{")
	for {
		declared, values, used := map[string]int{}, map[string]string{}, map[string]bool{}
		for _, m := range tokenDeclared.FindAllStringSubmatch(css, -1) {
			declared[m[2]]++
			values[m[2]] = m[3]
		}
		next := tokenRead.ReplaceAllStringFunc(css, func(read string) string {
			name := tokenRead.FindStringSubmatch(read)[1]
			if declared[name] == 1 {
				return values[name]
			}
			return read
		})
		for _, m := range tokenUsed.FindAllStringSubmatch(next, -1) {
			used[m[1]] = true
		}
		next = tokenDeclared.ReplaceAllStringFunc(next, func(declaration string) string {
			m := tokenDeclared.FindStringSubmatch(declaration)
			if used[m[2]] {
				return m[1] + m[2] + ":" + m[3]
			}
			return m[1]
		})
		if next == css {
			return css
		}
		css = next
	}
}

// checkTokens refuses a style sheet that reads a token which web/palette.css does not have.
func checkTokens(root, css string) error {
	tokens, err := os.ReadFile(filepath.Join(root, "web", "palette.css"))
	if err != nil {
		return err
	}
	declared := map[string]bool{}
	for _, m := range regexp.MustCompile(`(--[a-z0-9-]+):`).FindAllStringSubmatch(string(tokens)+css, -1) {
		declared[m[1]] = true
	}
	for _, m := range tokenUsed.FindAllStringSubmatch(css, -1) {
		if !declared[m[1]] && !strings.HasPrefix(m[1], "--ombud-") { // a site owner's
			return fmt.Errorf("var(%s) is no token of web/palette.css", m[1])
		}
	}
	return nil
}
