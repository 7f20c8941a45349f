package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"

	"github.com/evanw/esbuild/pkg/api"
)

// onTheApp makes every part that the console imports lazily import the app as well, which is there by then. The bundler gives
// each set of parts that share a module a chunk for it; all of them sharing all of the app, the first load is one chunk and
// not thirty, which weighs 7 KB less.
func onTheApp(root string) api.Plugin {
	app := filepath.Join(root, "console", "src", "app.tsx")
	return api.Plugin{Name: "on-the-app", Setup: func(b api.PluginBuild) {
		b.OnResolve(api.OnResolveOptions{Filter: `\.tsx?$`}, func(a api.OnResolveArgs) (api.OnResolveResult, error) {
			if a.Kind != api.ResolveJSDynamicImport {
				return api.OnResolveResult{}, nil
			}
			// Relative to the root, for the sake of the chunk's hash, as for style sheets.
			file, err := filepath.Rel(root, filepath.Join(a.ResolveDir, filepath.FromSlash(a.Path)))
			return api.OnResolveResult{Path: filepath.ToSlash(file), Namespace: "on-the-app"}, err
		})
		b.OnLoad(api.OnLoadOptions{Filter: `.*`, Namespace: "on-the-app"}, func(a api.OnLoadArgs) (api.OnLoadResult, error) {
			part := filepath.Join(root, filepath.FromSlash(a.Path))
			source, err := os.ReadFile(part)
			if err != nil {
				return api.OnLoadResult{}, err
			}
			text := fmt.Sprintf("import %q;\nexport * from %q;\n", app, part)
			if bytes.Contains(source, []byte("\nexport default ")) {
				text += fmt.Sprintf("export { default } from %q;\n", part)
			}
			return api.OnLoadResult{Contents: &text, Loader: api.LoaderTS, ResolveDir: root}, nil
		})
	}}
}
