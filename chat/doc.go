// Package chat holds the nouns of Ombud: Conversation, Event, Message, Identity, and the sentinel errors.
//
// A conversation is an append-only log of events numbered 1, 2, 3 … without gaps. The conversation row
// that storage keeps beside the log is its projection: [Apply] derives one from the other, and it is the
// only code that does. Nothing here knows a database, a socket or a clock.
package chat
