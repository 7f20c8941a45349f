package console

import (
	"embed"
	"io/fs"
)

//go:generate go -C ../web/build run . -root ../.. console

//go:embed dist
var dist embed.FS

// Files gives everything to serve below /console/: index.html, which must not be cached, and the bundle's parts,
// whose names hold their hashes, so that they can be cached for ever. Each has a .gz and a .br copy beside it.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil { // only a path that is no path fails, and "dist" is one
		panic(err)
	}
	return files
}
