package server

import (
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"ombud/chat"
)

// answerOf counts how often an answer begins; gone is called when its body is written, which then fails.
type answerOf struct {
	*httptest.ResponseRecorder
	begun int
	gone  func()
}

func (a *answerOf) WriteHeader(status int) {
	a.begun++
	a.ResponseRecorder.WriteHeader(status)
}

func (a *answerOf) Write(b []byte) (int, error) {
	if a.gone == nil {
		return a.ResponseRecorder.Write(b)
	}
	a.gone()
	return 0, net.ErrClosed
}

// lossy keeps no session.
type lossy struct{ *memory }

func (lossy) Commit(string, []byte, time.Time) error { return errors.New("the disk is full") }
func (lossy) CommitCtx(context.Context, string, []byte, time.Time) error {
	return errors.New("the disk is full")
}

// TestAnAnswerBeginsOnce has a client go away in the middle of an answer, and the session store fail before one.
func TestAnAnswerBeginsOnce(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Sessions = lossy{o.Sessions.(*memory)} })
	w.addUser("ann", chat.GradeAgent)
	ctx, cancel := context.WithCancel(t.Context())
	left := &answerOf{ResponseRecorder: httptest.NewRecorder(), gone: cancel}
	w.s.Handler().ServeHTTP(left, httptest.NewRequestWithContext(ctx, "GET", "/api/v1/setup", nil))
	if left.begun != 1 || left.Code != http.StatusOK {
		t.Errorf("the client went away: begun %d times, with %d", left.begun, left.Code)
	}
	full := &answerOf{ResponseRecorder: httptest.NewRecorder()}
	r := httptest.NewRequest("POST", "/api/v1/session", strings.NewReader(`{"email":"ann@example.com","password":"`+secret+`"}`))
	r.Header.Set("Content-Type", "application/json")
	w.s.Handler().ServeHTTP(full, r)
	var told struct{ Code string }
	if err := json.Unmarshal(full.Body.Bytes(), &told); err != nil || full.begun != 1 || full.Code != http.StatusServiceUnavailable || told.Code != "unavailable" {
		t.Errorf("the store failed: begun %d times, with %d and %s: %v", full.begun, full.Code, full.Body, err)
	}
}
