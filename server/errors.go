package server

import (
	"context"
	"errors"
	"net/http"

	"ombud/chat"
	"ombud/server/frame"
	"ombud/server/password"
)

// answers is the one table from errors to HTTP status and code. The first that matches wins; what is not in it is
// shown as internal, and logged.
var answers = []struct {
	err       error
	status    int
	code      string
	message   string
	temporary bool
}{
	{chat.ErrNotFound, http.StatusNotFound, frame.CodeNotFound, "There is nothing here by that name.", false},
	{chat.ErrTaken, http.StatusConflict, frame.CodeTaken, "Somebody else was first.", false},
	{chat.ErrStale, http.StatusConflict, frame.CodeStale, "The conversation has moved on. Look at it again.", false},
	{chat.ErrConflict, http.StatusConflict, frame.CodeConflict, "That id was used with other content.", false},
	{chat.ErrExists, http.StatusConflict, frame.CodeConflict, "There is one by that name already.", false},
	{chat.ErrCapacity, http.StatusConflict, frame.CodeCapacity, "You hold as many chats as you may. Close one first.", false},
	{chat.ErrForbidden, http.StatusForbidden, frame.CodeForbidden, "You may not do that.", false},
	{chat.ErrInvalid, http.StatusUnprocessableEntity, frame.CodeInvalid, "Something in it is wrong.", false},
	{chat.ErrTooLarge, http.StatusRequestEntityTooLarge, frame.CodeTooLarge, "Shorten it.", false},
	{password.ErrBusy, http.StatusTooManyRequests, frame.CodeRateLimited, "Too many at once. Wait a moment.", true},
	{chat.ErrRateLimited, http.StatusTooManyRequests, frame.CodeRateLimited, "Too many at once. Wait a moment.", true},
	{chat.ErrClosed, http.StatusConflict, frame.CodeClosed, "The conversation is closed. Begin a new one.", false},
	{chat.ErrUnauthentic, http.StatusUnauthorized, frame.CodeUnauthentic, "Sign in again.", false},
	{chat.ErrUnavailable, http.StatusServiceUnavailable, frame.CodeUnavailable, "Nothing was stored. Try again in a moment.", true},
	{context.DeadlineExceeded, http.StatusServiceUnavailable, frame.CodeUnavailable, "It took too long. Try again in a moment.", true},
	{context.Canceled, http.StatusServiceUnavailable, frame.CodeUnavailable, "It was broken off. Try again in a moment.", true},
}

// answer gives the HTTP status and the error frame's data for an error.
func answer(err error) (int, frame.Error) {
	var prob *frame.Problem
	if errors.As(err, &prob) {
		return http.StatusUnprocessableEntity, frame.Error{Code: prob.Code, Field: prob.Field, Message: prob.Message}
	}
	for _, a := range answers {
		if !errors.Is(err, a.err) {
			continue
		}
		out := frame.Error{Code: a.code, Message: a.message, Temporary: a.temporary}
		var taken *chat.TakenError
		if errors.As(err, &taken) {
			out.Agent = &frame.Person{ID: taken.AgentID, Name: taken.Name}
		}
		var invalid *chat.InvalidError
		if errors.As(err, &invalid) {
			out.Field, out.Why, out.Message = invalid.Field, invalid.Code, invalid.Hint
		}
		var slow *slowDown
		if errors.As(err, &slow) {
			out.RetryMS = slow.wait.Milliseconds()
		}
		return a.status, out
	}
	return http.StatusInternalServerError, frame.Error{Code: frame.CodeInternal, Message: "That went wrong on our side. Try again.", Temporary: true}
}
