// Package migrations holds the schema as numbered SQL files that goose runs, for SQLite and Postgres alike.
//
// One text serves both: ids and JSON are TEXT, switches are BIGINT 0 or 1, and every time is a BIGINT of
// microseconds since 1970-01-01 UTC with 0 for "never". Where the two must differ, a comment of the form
// /*sqlite: … */ or /*postgres: … */ is opened up for that database only.
package migrations
