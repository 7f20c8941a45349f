// Package client speaks the public protocol from the visitor's or the agent's side, for load, crash and
// end-to-end tests. It keeps no state of its own: what to retry is for its user to decide.
package client
