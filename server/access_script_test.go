package server

import "maps"

// The rows of the routes about the script and about staffing: see rights and bodies.
func init() {
	maps.Copy(rights, map[string]right{
		"POST /api/v1/policies/staffing": {least: "supervisor"},
	})
	maps.Copy(bodies, map[string]string{
		"POST /api/v1/policies/staffing": `{"data":{}}`,
	})
}
