// Package sheet writes tables as CSV that spreadsheet programs open as text, whatever stands in them.
package sheet
