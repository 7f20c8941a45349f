package server

import (
	"strconv"
	"strings"
	"time"

	"ombud/chat"
)

// cursor names the last thing of a page, by when it was and its id, as the place behind which the next begins.
func cursor(at time.Time, id string) string { return strconv.FormatInt(at.UnixMicro(), 10) + "." + id }

// fromCursor reads what cursor wrote. It fails with *chat.InvalidError about the field that the text came in.
func fromCursor(field, text string) (at time.Time, id string, err error) {
	micros, id, ok := strings.Cut(text, ".")
	n, err := strconv.ParseInt(micros, 10, 64)
	if !ok || err != nil || id == "" {
		return time.Time{}, "", &chat.InvalidError{Field: field, Code: "invalid", Hint: "Give the next of the page before."}
	}
	return time.UnixMicro(n).UTC(), id, nil
}
