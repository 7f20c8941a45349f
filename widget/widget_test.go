package widget

import (
	"crypto/sha512"
	"encoding/base64"
	"io/fs"
	"testing"
)

// Whatever the manifest names is embedded, and the integrity value is that of the pinned file.
func TestManifestMatchesFiles(t *testing.T) {
	b, err := Manifest()
	if err != nil {
		t.Fatal(err)
	}
	names := []string{"loader.js", b.Panel, b.Forms, b.Pinned}
	for _, language := range b.Languages {
		names = append(names, "locale/"+language+".json")
	}
	for _, name := range names {
		for _, suffix := range []string{"", ".gz", ".br"} {
			if info, err := fs.Stat(Files(), name+suffix); err != nil || info.Size() == 0 {
				t.Errorf("%s%s: %v", name, suffix, err)
			}
		}
	}
	pinned, err := fs.ReadFile(Files(), b.Pinned)
	if err != nil {
		t.Fatal(err)
	}
	sum := sha512.Sum384(pinned)
	if want := "sha384-" + base64.StdEncoding.EncodeToString(sum[:]); b.Integrity != want {
		t.Errorf("integrity is %s, the file's is %s", b.Integrity, want)
	}
	if len(b.Languages) < 40 {
		t.Errorf("%d interface languages, fewer than 40", len(b.Languages))
	}
}
