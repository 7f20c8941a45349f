// Package words cuts texts into the words that search finds.
//
// Both databases get the words ready-made and compare nothing but bytes, so that a search finds the same in each. Case,
// accents and punctuation do not count. Scripts that write no blanks between words (Chinese, Japanese, Thai) are cut into
// overlapping pairs of characters.
package words
