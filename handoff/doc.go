// Package handoff is the waiting line: severity, level, skill, rank, claim, clocks, brief, staffing forecast.
//
// Everything in it is pure: time, people and waiting conversations are inputs. The queue on the console,
// the visitor's place in line and the forecast all use [Rank], so they cannot disagree.
package handoff
