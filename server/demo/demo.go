package demo

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"
)

//go:embed shop
var shop embed.FS

// SiteID is the id of the site that the page's widget names.
const SiteID = "demo"

// policy is as strict as a careful shop would have it: the widget must live with it.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self' WS; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// Handler serves the shop; it expects paths without a leading slash.
func Handler() http.Handler {
	files, err := fs.Sub(shop, "shop")
	if err != nil {
		panic(err) // the folder is embedded
	}
	serve := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		scheme := "ws://"
		if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
			scheme = "wss://"
		}
		w.Header().Set("Content-Security-Policy", strings.Replace(policy, "WS", scheme+r.Host, 1))
		w.Header().Set("Cache-Control", "no-cache")
		serve.ServeHTTP(w, r)
	})
}
