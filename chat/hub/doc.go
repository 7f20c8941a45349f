// Package hub owns live conversations: stores, runs the bot's turn, fans out.
//
// Each live conversation has one owner goroutine at a time, which takes one kind of message from one inbox
// and never sends to its own. Slow calls (the database, the bot) run beside it and come back as messages.
// An idle conversation has no goroutine at all: the next message starts one.
//
// The log in the database is the truth. Hints from other nodes only say where to look, and a slow poll
// finds what a lost hint would have said.
package hub
