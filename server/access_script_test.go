package server

import "maps"

// The rows of the routes about the script and about staffing: see rights and bodies.
func init() {
	maps.Copy(rights, map[string]right{
		"POST /api/v1/policies/staffing": {least: "supervisor"},
		"GET /api/v1/script":             {least: "supervisor"}, "GET /api/v1/script/file": {least: "supervisor"},
		"POST /api/v1/script/check": {least: "supervisor"}, "POST /api/v1/script/outline": {least: "supervisor"},
		"PUT /api/v1/script/draft": {least: "admin"}, "DELETE /api/v1/script/draft": {least: "admin"}, "POST /api/v1/script/examples": {least: "admin"},
		"GET /api/v1/script/versions": {least: "supervisor"}, "GET /api/v1/script/diff": {least: "supervisor"}, "GET /api/v1/script/unanswered": {least: "supervisor"},
		"POST /api/v1/script/publish": {least: "admin"}, "POST /api/v1/script/renew": {least: "admin"}, "POST /api/v1/script/rollback": {least: "admin"},
		"POST /api/v1/script/rehearse": {least: "supervisor"}, "GET /api/v1/script/trials/{id}": {least: "supervisor"},
	})
	maps.Copy(bodies, map[string]string{
		"POST /api/v1/policies/staffing": `{"data":{}}`,
		"POST /api/v1/script/check":      `{}`, "POST /api/v1/script/outline": `{}`,
		"PUT /api/v1/script/draft":     `{"revision":0,"base":0,"files":{}}`,
		"POST /api/v1/script/examples": `{"revision":0,"language":"en","topic":"t","text":"x"}`,
		"POST /api/v1/script/publish":  `{"revision":1,"reason":"r"}`,
		"POST /api/v1/script/renew":    `{"revision":1}`,
		"POST /api/v1/script/rollback": `{"version":0,"reason":"r"}`,
	})
}
