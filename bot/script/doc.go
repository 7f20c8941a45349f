// Package script holds the script: topics, examples, answers, questions, tone, and what the company says beside the bot, in five
// languages, checked strictly.
package script
