// Package password hashes passwords with argon2id, a few at a time.
package password
