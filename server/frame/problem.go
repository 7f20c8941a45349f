package frame

// The codes of error frames and of REST errors. They never change their meaning.
const (
	CodeBadJSON      = "bad_json"      // not JSON as RFC 8259 and 7493 have it (duplicate keys, too deep)
	CodeBadFrame     = "bad_frame"     // JSON, but no frame
	CodeUnknownType  = "unknown_type"  // no such frame type on this side
	CodeUnknownField = "unknown_field" // see field
	CodeInvalid      = "invalid"       // see field
	CodeEmpty        = "empty"         // nothing but blanks
	CodeTooLarge     = "too_large"     //
	CodeUTF8         = "utf8"          // not UTF-8, or half of a surrogate pair
	CodeControl      = "control"       // control characters
	CodeRateLimited  = "rate_limited"  //
	CodeNotFound     = "not_found"     // absent, or not yours to see
	CodeForbidden    = "forbidden"     //
	CodeUnauthentic  = "unauthentic"   //
	CodeStale        = "stale"         // the conversation has moved on
	CodeTaken        = "taken"         // see agent
	CodeConflict     = "conflict"      // the id was used with other content, or the thing exists
	CodeCapacity     = "capacity"      //
	CodeClosed       = "closed"        //
	CodeUnavailable  = "unavailable"   // temporary: nothing was stored
	CodeInternal     = "internal"      // our fault
)

// Codes lists every code, in the order of docs/protocol.md.
var Codes = []string{CodeBadJSON, CodeBadFrame, CodeUnknownType, CodeUnknownField, CodeInvalid, CodeEmpty, CodeTooLarge,
	CodeUTF8, CodeControl, CodeRateLimited, CodeNotFound, CodeForbidden, CodeUnauthentic, CodeStale, CodeTaken,
	CodeConflict, CodeCapacity, CodeClosed, CodeUnavailable, CodeInternal}

// Problem is why a frame was refused.
type Problem struct {
	Code    string
	Field   string // "" if it is about the whole frame
	Message string // one sentence that says what to do
}

func (p *Problem) Error() string { return p.Code + " " + p.Field + ": " + p.Message }

func problem(code, field, message string) *Problem {
	return &Problem{Code: code, Field: field, Message: message}
}
