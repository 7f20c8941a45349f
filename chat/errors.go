package chat

import "errors"

// The sentinel errors. The server maps each to one HTTP status and one frame code.
var (
	ErrNotFound    = errors.New("not found")
	ErrStale       = errors.New("conversation has moved on")        // owner, epoch or answered is no longer what the writer saw
	ErrTaken       = errors.New("already claimed")                  // see TakenError for who holds it
	ErrConflict    = errors.New("id used with other content")       // a client id came back with another body
	ErrCapacity    = errors.New("agent is at capacity")             //
	ErrForbidden   = errors.New("not allowed")                      //
	ErrInvalid     = errors.New("invalid input")                    // see InvalidError for which and why
	ErrTooLarge    = errors.New("too large")                        //
	ErrRateLimited = errors.New("too many requests")                //
	ErrClosed      = errors.New("conversation is closed")           //
	ErrUnavailable = errors.New("storage is unavailable")           // temporary: nothing was acknowledged
	ErrUnauthentic = errors.New("sign-in or token is not accepted") //
	ErrExists      = errors.New("already exists")
)

// TakenError is ErrTaken with the holder.
type TakenError struct {
	AgentID string
	Name    string
}

func (e *TakenError) Error() string { return "already claimed by " + e.Name }

// Unwrap makes errors.Is(err, ErrTaken) hold.
func (e *TakenError) Unwrap() error { return ErrTaken }

// InvalidError is ErrInvalid with the field, a stable code and what to do about it.
type InvalidError struct {
	Field string // as the client spelled it
	Code  string // stable, for machines: empty, utf8, control, too_long, unknown_field …
	Hint  string // one sentence that says what to do
}

func (e *InvalidError) Error() string { return e.Field + ": " + e.Hint }

// Unwrap makes errors.Is(err, ErrInvalid) hold.
func (e *InvalidError) Unwrap() error { return ErrInvalid }
