package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// browsers is the oldest each front end is built for: those that know light-dark() and adoptedStyleSheets.
const browsers = api.ES2022

// buildWidget makes the loader, the panel it fetches, one file per language, and the pinned all-in-one.
func buildWidget(root string) (dist, error) {
	src := filepath.Join(root, "widget", "src")
	d, err := buildLocales(filepath.Join(src, "locale"))
	if err != nil {
		return nil, err
	}
	same, names, err := titles(d)
	if err != nil {
		return nil, err
	}
	defines := map[string]string{
		"LOCALE_HASH": strconv.Quote(contentHash(localeBytes(d))),
		"LANGUAGES":   strconv.Quote(strings.Join(same, " ")),
		"TITLES":      names,
		"PANEL_FILE":  `""`,
		"FORMS_FILE":  `""`,
	}
	// The pinned file holds everything in one, so that one integrity hash covers all that runs.
	pinned, err := bundle(root, filepath.Join(src, "pinned.ts"), api.FormatIIFE, defines)
	if err != nil {
		return nil, err
	}
	loader, panelFile, formsFile, err := d.addParts(root, src, defines)
	if err != nil {
		return nil, err
	}
	version, err := packageVersion(root)
	if err != nil {
		return nil, err
	}
	d["loader.js"] = loader
	d[version+"/widget.js"] = pinned
	d["manifest.json"], err = json.MarshalIndent(map[string]any{
		"version":   version,
		"panel":     panelFile,
		"forms":     formsFile,
		"pinned":    version + "/widget.js",
		"integrity": integrity(pinned),
		"languages": languages(d),
	}, "", "  ")
	return d, err
}

// addParts adds what is fetched one after the other, each named by its hash, and gives the loader, which names the panel.
func (d dist) addParts(root, src string, defines map[string]string) (loader []byte, panelFile, formsFile string, err error) {
	part := func(name, entry string) (string, error) {
		code, err := bundle(root, filepath.Join(src, filepath.FromSlash(entry)), api.FormatESModule, defines)
		file := name + "-" + contentHash(code) + ".js"
		d[file] = code
		return file, err
	}
	windowFile, err := part("window", "window/main.ts")
	if err != nil {
		return nil, "", "", err
	}
	page, err := os.ReadFile(filepath.Join(src, "window", "window.html"))
	if err != nil {
		return nil, "", "", err
	}
	d["window.html"] = bytes.ReplaceAll(page, []byte("WINDOW_FILE"), []byte(windowFile))
	if formsFile, err = part("forms", "panel/forms/main.tsx"); err != nil {
		return nil, "", "", err
	}
	defines["FORMS_FILE"] = strconv.Quote(formsFile)
	if panelFile, err = part("panel", "panel/main.tsx"); err != nil {
		return nil, "", "", err
	}
	defines["PANEL_FILE"] = strconv.Quote(panelFile)
	loader, err = bundle(root, filepath.Join(src, "loader.ts"), api.FormatIIFE, defines)
	return loader, panelFile, formsFile, err
}

// bundle gives the one JavaScript file that an entry point becomes.
func bundle(root, entry string, format api.Format, defines map[string]string) ([]byte, error) {
	result := api.Build(api.BuildOptions{
		AbsWorkingDir:     root,
		EntryPoints:       []string{entry},
		Outdir:            filepath.Join(root, "dist"),
		Bundle:            true,
		Format:            format,
		Target:            browsers,
		MinifyWhitespace:  true,
		MinifyIdentifiers: true,
		MinifySyntax:      true,
		Charset:           api.CharsetUTF8,
		LegalComments:     api.LegalCommentsNone,
		JSX:               api.JSXAutomatic,
		JSXImportSource:   "preact",
		Define:            defines,
		Plugins:           []api.Plugin{inlineCSS(root)},
	})
	if err := failure(result.Errors); err != nil {
		return nil, err
	}
	if n := len(result.OutputFiles); n != 1 {
		return nil, fmt.Errorf("bundle %s: %d files came out, not 1", entry, n)
	}
	return result.OutputFiles[0].Contents, nil
}

func failure(messages []api.Message) error {
	if len(messages) == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.Join(api.FormatMessages(messages, api.FormatMessagesOptions{}), ""))
}

// buildLocales minifies the language files and refuses one whose keys differ from the English ones. Each becomes three: what the
// panel needs at once, and the words of the rarely needed part, in two files by what panel/forms/words.json lists.
func buildLocales(dir string) (dist, error) {
	list, err := os.ReadFile(filepath.Join(dir, "..", "panel", "forms", "words.json"))
	if err != nil {
		return nil, err
	}
	var later map[string][]string
	if err := json.Unmarshal(list, &later); err != nil {
		return nil, fmt.Errorf("read forms/words.json: %w", err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return nil, err
	}
	english, err := readLocale(filepath.Join(dir, "en.json"))
	if err != nil {
		return nil, err
	}
	d := dist{}
	for _, file := range files {
		texts, err := readLocale(file)
		if err != nil {
			return nil, err
		}
		if err := sameKeys(english, texts); err != nil {
			return nil, fmt.Errorf("locale %s: %w", filepath.Base(file), err)
		}
		for part, keys := range later {
			rest := map[string]string{}
			for _, key := range keys {
				if texts[key] == "" {
					return nil, fmt.Errorf("forms/words.json: %q is no key of en.json, or stands there twice", key)
				}
				rest[key] = texts[key]
				delete(texts, key)
			}
			if d["locale/"+part+"/"+filepath.Base(file)], err = encodeTexts(rest); err != nil {
				return nil, err
			}
		}
		if d["locale/"+filepath.Base(file)], err = encodeTexts(texts); err != nil {
			return nil, err
		}
	}
	return d, nil
}

func encodeTexts(texts map[string]string) ([]byte, error) {
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	err := enc.Encode(texts)
	return bytes.TrimSpace(out.Bytes()), err
}

func readLocale(file string) (map[string]string, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	texts := map[string]string{}
	if err := json.Unmarshal(content, &texts); err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	return texts, nil
}

func sameKeys(want, have map[string]string) error {
	for key, english := range want {
		text, ok := have[key]
		if !ok || text == "" {
			return fmt.Errorf("%q is missing", key)
		}
		for _, hole := range []string{"{0}", "{1}"} {
			if strings.Contains(english, hole) != strings.Contains(text, hole) {
				return fmt.Errorf("%q: %s stands in only one of English and this language", key, hole)
			}
		}
	}
	for key := range have {
		if _, ok := want[key]; !ok {
			return fmt.Errorf("%q is not a key of en.json", key)
		}
	}
	return nil
}

func languages(d dist) []string {
	var list []string
	for name := range maps.Keys(d) {
		if code, ok := strings.CutPrefix(name, "locale/"); ok && !strings.Contains(code, "/") {
			list = append(list, strings.TrimSuffix(code, ".json"))
		}
	}
	slices.Sort(list)
	return list
}

// titles gives the launcher its name: the languages that use the English one, and the names of the others as JSON. The
// launcher is drawn before any locale file is fetched.
func titles(d dist) (same []string, others string, err error) {
	names := map[string]string{}
	for _, code := range languages(d) {
		texts := map[string]string{}
		if err := json.Unmarshal(d["locale/"+code+".json"], &texts); err != nil {
			return nil, "", err
		}
		if texts["title"] == english {
			same = append(same, code)
		} else {
			names[code] = texts["title"]
		}
	}
	out, err := json.Marshal(names)
	return same, string(out), err
}

// english is the launcher's name in English, and in every language that uses the same word.
const english = "Chat"

func localeBytes(d dist) []byte {
	var all []byte
	for _, code := range languages(d) {
		for _, part := range []string{"", "forms/", "more/"} {
			all = append(all, d["locale/"+part+code+".json"]...)
		}
	}
	return all
}

func packageVersion(root string) (string, error) {
	content, err := os.ReadFile(filepath.Join(root, "package.json"))
	if err != nil {
		return "", err
	}
	var pkg struct{ Version string }
	if err := json.Unmarshal(content, &pkg); err != nil {
		return "", fmt.Errorf("read package.json: %w", err)
	}
	return pkg.Version, nil
}
