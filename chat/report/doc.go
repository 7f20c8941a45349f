// Package report turns recorded conversations into the figures of a period, and finds the conversations behind each figure.
package report
