// Package page writes the customer's own page: their conversations, the state of each, and what was said.
package page
