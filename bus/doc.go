// Package bus carries hints between nodes.
//
// With no address a NATS server runs inside the process without a listening port; with one the node joins
// a real cluster. Core NATS delivers at most once: hints may be lost, doubled or reordered, and nothing
// depends on them but speed.
package bus
