package server

import "net/http"

// oneAnswer begins an answer once. huma gives an answer another status, 499, when the client goes away in the middle of it, and
// the session library has said that its store failed before the handler's own answer follows: net/http complains of the
// first, and the client would get two answers in one of the second.
type oneAnswer struct {
	http.ResponseWriter
	begun, failed bool
}

// onceOnly lets a handler begin its answer once.
func onceOnly(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(&oneAnswer{ResponseWriter: w}, r) })
}

// WriteHeader begins the answer, unless it has begun.
func (o *oneAnswer) WriteHeader(status int) {
	if o.begun {
		return
	}
	o.begun = status >= http.StatusOK
	o.ResponseWriter.WriteHeader(status)
}

// Write goes on with the answer; what follows a failure is dropped.
func (o *oneAnswer) Write(b []byte) (int, error) {
	if o.failed {
		return len(b), nil
	}
	o.begun = true
	return o.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (o *oneAnswer) Unwrap() http.ResponseWriter { return o.ResponseWriter }
