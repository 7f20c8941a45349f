// Command build bundles the front ends with esbuild into their committed dist folders.
//
// Run by `go generate ./widget ./console`; it needs `npm ci` first. It is a module of its own, so that the
// server does not depend on a bundler.
package main

import (
	"flag"
	"fmt"
	"log"
	"path/filepath"
)

func main() {
	log.SetFlags(0)
	root := flag.String("root", "../..", "top of the repository")
	flag.Parse()
	for _, part := range flag.Args() {
		if err := run(*root, part); err != nil {
			log.Fatalf("build %s: %v", part, err)
		}
	}
}

func run(root, part string) error {
	root, err := filepath.Abs(root)
	if err != nil {
		return err
	}
	files, err := build(root, part)
	if err != nil {
		return err
	}
	sizes, err := files.check(budgets[part])
	if err != nil {
		return err
	}
	for _, s := range sizes {
		fmt.Printf("%-8s %-28s %6d gz bytes\n", part, s.name, s.gz)
	}
	return files.write(filepath.Join(root, part, "dist"))
}

// build makes the named part in memory.
func build(root, part string) (dist, error) {
	switch part {
	case "widget":
		return buildWidget(root)
	case "console":
		return buildConsole(root)
	}
	return nil, fmt.Errorf("unknown part %q: widget or console", part)
}
