package server

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"ombud/chat"
)

// leases is a Duty that says when a lease was renewed, and when it was kept.
type leases struct{ renewed, kept chan string }

func newLeases() leases { return leases{make(chan string, 1000), make(chan string, 1000)} }

func (l leases) Renew(_ context.Context, user, state string) error {
	select {
	case l.renewed <- user + " " + state:
	default:
	}
	return nil
}

func (l leases) Keep(_ context.Context, user, state string, ago time.Duration) error {
	if ago < 0 || ago > patience {
		return errors.New("a lease from another time")
	}
	select {
	case l.kept <- user + " " + state:
	default:
	}
	return nil
}

func (l leases) Present(context.Context) ([]chat.Presence, error) { return nil, nil }

// TestALeaseLastsAsLongAsTheSocketAnswers: a hidden page's timers sleep, but the browser answers pings.
func TestALeaseLastsAsLongAsTheSocketAnswers(t *testing.T) {
	duty := newLeases()
	w := newWorld(t, func(o *Options) {
		o.Duty = duty
		o.Limits.Ping = 40 * time.Millisecond
	})
	w.addUser("anna", chat.GradeAgent)
	c := w.agent("anna")
	c.send("presence", map[string]any{"state": "online"})
	answers := make(chan struct{})
	c.ws.SetPingHandler(func(data string) error {
		select {
		case <-answers: // the page has frozen
			return nil
		default:
			return c.ws.WriteControl(10, []byte(data), time.Now().Add(patience))
		}
	})
	go func() {
		for {
			if _, _, err := c.ws.ReadMessage(); err != nil {
				return
			}
		}
	}()
	for range 10 {
		select {
		case got := <-duty.kept:
			if got != "anna online" {
				t.Fatalf("renewed %q", got)
			}
		case <-time.After(patience):
			t.Fatal("the lease of a page that answers pings was not renewed")
		}
	}
	close(answers)
	quiet := time.NewTimer(400 * time.Millisecond)
	deadline := time.After(patience)
	for {
		select {
		case <-duty.kept:
			quiet.Reset(400 * time.Millisecond)
		case <-quiet.C: // eight looks without a renewal
			return
		case <-deadline:
			t.Fatal("the lease of a frozen page is renewed for ever")
		}
	}
}

// busyLeases has something happen once when somebody asks who is present.
type busyLeases struct {
	leases
	then func()
}

func (l busyLeases) Present(context.Context) ([]chat.Presence, error) {
	l.then()
	return nil, nil
}

// TestTheWelcomeComesBeforeEverythingElse: everybody is told who is on duty in the moment in which an agent comes in.
func TestTheWelcomeComesBeforeEverythingElse(t *testing.T) {
	var w *world
	var came, done atomic.Bool
	duty := busyLeases{leases: newLeases(), then: func() {
		if came.Load() && len(w.s.conns.of("")) > 0 && done.CompareAndSwap(false, true) {
			w.s.presenceNow()
		}
	}}
	w = newWorld(t, func(o *Options) { o.Duty = duty })
	w.addUser("anna", chat.GradeAgent)
	c := w.dial(nil)
	came.Store(true)
	c.send("hello", map[string]any{"token": w.addKey("anna")})
	if first := c.next(); first.Type != "welcome" || !done.Load() {
		t.Fatalf("%s came first; everybody was told: %v", first.Type, done.Load())
	}
	c.await("presence") // what the welcome could not know
}
