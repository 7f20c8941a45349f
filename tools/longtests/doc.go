// Command longtests names the tests that -short makes shorter, so that a second run need not repeat all the others.
//
// It prints a line a package: its folder, a tab, and the pattern for -run. Named are the tests from which testing.Short can
// be reached through functions of their own package; all others have run at their full size under -short already.
package main
