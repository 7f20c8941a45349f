// Package script holds the script: topics, examples, answers, questions and tone in five languages, checked strictly.
package script
