// Package storage keeps everything in SQLite or Postgres behind one set of queries.
//
// All writing to conversations goes through [DB.Append], which commits the appends of many callers
// together and answers each only after the commit. Every other method is one statement, or one
// short transaction. All methods are safe for concurrent use, and several processes may open the same
// database: the database decides, never memory.
//
// Errors: sentinels of package chat where the caller can act on them; chat.ErrUnavailable wraps whatever
// the database or the network did, and then nothing was acknowledged.
package storage
