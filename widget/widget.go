package widget

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
)

//go:generate go -C ../web/build run . -root ../.. widget

//go:embed dist
var dist embed.FS

// Build describes the embedded build: where a page finds its parts below /w/.
type Build struct {
	// Version is the release; a page that pins it loads Pinned.
	Version string `json:"version"`
	// Panel is the file that the loader fetches at the first click. Its name holds its hash: cache it for ever.
	Panel string `json:"panel"`
	// Forms is the panel's rarely needed part, fetched after it; named by its hash too.
	Forms string `json:"forms"`
	// Pinned holds all of them in one file that never changes.
	Pinned string `json:"pinned"`
	// Integrity is the value of the integrity attribute for Pinned.
	Integrity string `json:"integrity"`
	// Languages are those of the interface: locale/<language>.json each.
	Languages []string `json:"languages"`
}

// Files gives everything to serve below /w/: loader.js, the panel and its forms, locale/, and <version>/widget.js, each with a
// .gz and a .br copy beside it. All of it is public and needs the header Access-Control-Allow-Origin: *, since
// other people's pages fetch it. What is not named by hash or version may change with the next release.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil { // only a path that is no path fails, and "dist" is one
		panic(err)
	}
	return files
}

// Manifest gives the description of the embedded build.
func Manifest() (Build, error) {
	content, err := fs.ReadFile(Files(), "manifest.json")
	if err != nil {
		return Build{}, fmt.Errorf("read the widget's manifest: %w", err)
	}
	var b Build
	if err := json.Unmarshal(content, &b); err != nil {
		return Build{}, fmt.Errorf("read the widget's manifest: %w", err)
	}
	return b, nil
}
