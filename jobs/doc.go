// Package jobs runs timers and deliveries that survive a restart: stored in the transaction of their cause,
// tried again with growing pauses, and kept where an admin sees them once they are given up.
package jobs
