// Command ombud is the whole product in one binary: it wires the packages and does nothing else itself.
package main
