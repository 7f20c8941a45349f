// Package bot decides what to say next: a pure step over assessment, state and policy; and replays it.
package bot
