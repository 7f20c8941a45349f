// Package eval measures what package nlu understands, on labelled messages that it has not learnt from.
package eval
