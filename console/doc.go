// Package console embeds the agents' and admins' console.
package console
