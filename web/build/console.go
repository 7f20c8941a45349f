package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"regexp"

	"github.com/evanw/esbuild/pkg/api"
)

// buildConsole makes app-<hash>.js and app-<hash>.css from console/src/main.tsx and the style sheets it imports, one
// chunk for each part that is imported lazily, and index.html with app.js and app.css replaced by those names.
func buildConsole(root string) (dist, error) {
	out := filepath.Join(root, "console", "dist")
	result := api.Build(api.BuildOptions{
		AbsWorkingDir: root,
		EntryPointsAdvanced: []api.EntryPoint{{
			InputPath: filepath.Join(root, "console", "src", "main.tsx"), OutputPath: "app",
		}},
		Outdir:            out,
		EntryNames:        "[name]-[hash]",
		ChunkNames:        "[name]-[hash]",
		AssetNames:        "[name]-[hash]",
		Bundle:            true,
		Splitting:         true,
		Format:            api.FormatESModule,
		Target:            browsers,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		JSX:               api.JSXAutomatic,
		JSXImportSource:   "preact",
		Loader:            map[string]api.Loader{".svg": api.LoaderFile, ".woff2": api.LoaderFile},
		Plugins:           []api.Plugin{inlineCSS(root), onTheApp(root)},
	})
	if err := failure(result.Errors); err != nil {
		return nil, err
	}
	d := dist{}
	for _, f := range result.OutputFiles {
		name, err := filepath.Rel(out, f.Path)
		if err != nil {
			return nil, err
		}
		if filepath.Ext(name) == ".css" && !appStyle.MatchString(name) {
			continue // of a lazy part: the app's style sheet once more
		}
		d[filepath.ToSlash(name)] = f.Contents
	}
	index, err := consoleIndex(root, d)
	if err != nil {
		return nil, err
	}
	d["index.html"] = index
	return d, d.checkStyles(root)
}

var appFile = regexp.MustCompile(`\bapp\.(js|css)\b`)

// consoleIndex puts the hashed names into the page.
func consoleIndex(root string, d dist) ([]byte, error) {
	page, err := os.ReadFile(filepath.Join(root, "console", "src", "index.html"))
	if err != nil {
		return nil, err
	}
	var missing error
	page = appFile.ReplaceAllFunc(page, func(found []byte) []byte {
		hashed := regexp.MustCompile(`^app-[A-Z0-9]+\` + filepath.Ext(string(found)) + `$`)
		for name := range d {
			if hashed.MatchString(name) {
				return []byte(name)
			}
		}
		missing = fmt.Errorf("index.html names %s, which the bundle does not have", found)
		return found
	})
	return preloadChunks(page, d), missing
}

var (
	appModule   = regexp.MustCompile(`^app-[A-Z0-9]+\.js$`)
	appStyle    = regexp.MustCompile(`^app-[A-Z0-9]+\.css$`)
	sharedChunk = regexp.MustCompile(`(?:from|import)"\./(chunk-[A-Z0-9]+\.js)"`)
)

// preloadChunks names what app.js imports at once, so that the browser does not learn of it only from app.js: the lazy
// pages share most of the app's code, which the bundler therefore puts into files of its own.
func preloadChunks(page []byte, d dist) []byte {
	var links bytes.Buffer
	for name, content := range d {
		if !appModule.MatchString(name) {
			continue
		}
		for _, m := range sharedChunk.FindAllSubmatch(content, -1) {
			fmt.Fprintf(&links, "<link rel=\"modulepreload\" href=\"%s\">\n", m[1])
		}
	}
	return bytes.Replace(page, []byte("</head>"), append(links.Bytes(), "</head>"...), 1)
}

// firstLoad names the page, its style sheet and its module, and the chunks that this module imports at once, directly or
// through others. A chunk that only pages of the administration share comes with the first of them.
func (d dist) firstLoad() map[string]bool {
	named := map[string]bool{}
	var follow func(name string)
	follow = func(name string) {
		if named[name] {
			return
		}
		named[name] = true
		for _, m := range sharedChunk.FindAllSubmatch(d[name], -1) {
			follow(string(m[1]))
		}
	}
	for name := range d {
		if name == "index.html" || appModule.MatchString(name) || appStyle.MatchString(name) {
			follow(name)
		}
	}
	return named
}

// checkStyles looks for tokens that do not exist: a browser would pass over them in silence.
func (d dist) checkStyles(root string) error {
	for name, content := range d {
		if filepath.Ext(name) != ".css" {
			continue
		}
		if err := checkTokens(root, string(content)); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}
