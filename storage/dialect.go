package storage

import "time"

// dialect is the handful of differences between the two databases.
type dialect struct {
	name       string // also the directory word of migrations.Files
	committers int    // appends of different conversations may commit side by side
	lockRows   string // suffix that locks the rows a transaction is about to write
	// inList compares a column with a list in one parameter, as listOf gives it.
	inList string
	listOf func(ids []string) any
	// clientKeys joins events e with three parallel lists: conversation, sender, client id.
	clientKeys string
	keysOf     func(keys []clientKey) ([]any, error)
	// now is the clock that orders commits, as an SQL expression in microseconds. Several nodes share
	// one Postgres but not one clock; processes on one SQLite file share both.
	now string
}

// commitTimeout bounds how long one call to a silent Postgres may last; see deadlineConn.
const commitTimeout = 2 * time.Second

func (d dialect) isPostgres() bool { return d.name == postgresName }
