// Package dialogue holds whole conversations to what was expected of them, turn by turn.
package dialogue
