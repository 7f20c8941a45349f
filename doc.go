// Package ombud is the root of the module: it holds no code, only the tests that hold the structure.
package ombud
