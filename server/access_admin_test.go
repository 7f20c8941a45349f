package server

import "maps"

// What administrators look after: the routes of needs_admin.go.
func init() {
	maps.Copy(rights, map[string]right{
		"GET /api/v1/audit": {least: "admin"}, "GET /api/v1/audit/export": {least: "admin"}, "GET /api/v1/operations": {least: "admin"}, "GET /api/v1/survey/answers": {least: "supervisor"},
		"GET /api/v1/users/{id}/tokens": {"admin", "user"}, "POST /api/v1/users/{id}/tokens": {"admin", "user"}, "DELETE /api/v1/users/{id}/tokens/{token}": {"admin", "user"},
		"POST /api/v1/users/{id}/invite": {"admin", "user"}, "POST /api/v1/session/password": {}, "GET /api/v1/sites/{id}/sightings": {"admin", "site"},
		"POST /api/v1/sites/{id}/keys": {"admin", "site"}, "DELETE /api/v1/sites/{id}/keys/{key}": {"admin", "site"},
	})
	maps.Copy(rights, map[string]right{
		"GET /api/v1/products": {least: "agent"}, "PUT /api/v1/products/{id}": {least: "admin"}, "DELETE /api/v1/products/{id}": {least: "admin"},
	})
	maps.Copy(bodies, map[string]string{
		"POST /api/v1/users/{id}/tokens": `{"name":"N"}`,
		"POST /api/v1/users/{id}/invite": `{"base":"https://chat.example.com"}`,
		"PUT /api/v1/products/{id}":      `{"name":"N"}`,
		"POST /api/v1/session/password":  `{"token":"x","password":"long enough to be one"}`,
	})
}
