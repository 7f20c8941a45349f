package main

import (
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"ombud/server/client"
	"ombud/storage/storagetest"
)

// TestExhaustedConnectionsShedAndRecover has another session of Postgres lock the tables, so that every connection of the pools waits, under many
// who come and many who write. Each is soon told to try again, none is left without an answer; and once the lock is gone everybody is
// served, and what was sent again stands once.
func TestExhaustedConnectionsShedAndRecover(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for deadlines")
	}
	const crowd = 40 // the pools have 16, 16 and 2 connections
	url := storagetest.PostgresURL(t)
	a := openApp(t, url, time.Hour)
	writers := make([]*client.Client, crowd)
	for i := range writers {
		writers[i] = dial(t, a.base, client.Hello{})
	}
	other, err := sql.Open("postgres", url)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	lock, err := other.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := lock.Exec(`LOCK TABLE conversations, events, visitors, visitor_tokens, sites IN ACCESS EXCLUSIVE MODE`); err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	var all sync.WaitGroup
	for i, w := range writers {
		all.Go(func() {
			if err := refusedForNow(w, fmt.Sprint("w", i)); err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		})
		all.Go(func() {
			c, err := client.Dial(t.Context(), a.base, "", client.Hello{Site: "demo"})
			if err == nil {
				c.Close()
			}
			if err := forNow(err); err != nil {
				t.Errorf("newcomer %d: %v", i, err)
			}
		})
	}
	all.Wait()
	t.Logf("all %d were told within %s", 2*crowd, time.Since(began).Round(100*time.Millisecond))
	if resp, err := http.Get(a.base + "/healthz"); err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("the process is not alive: %v", err)
	} else {
		resp.Body.Close()
	}
	if err := lock.Rollback(); err != nil {
		t.Fatal(err)
	}
	for i, w := range writers {
		if n, err := sayAgain(t, a, w, fmt.Sprint("w", i)); err != nil || n != 1 {
			t.Errorf("once there is room, what writer %d said stands %d times: %v", i, n, err)
		}
	}
	dial(t, a.base, client.Hello{})
}

// sayAgain says something until it is acknowledged, and gives how often it stands in the log.
func sayAgain(t *testing.T, a testApp, c *client.Client, id string) (n int, err error) {
	err = acknowledged(c, id)
	for end := time.Now().Add(startLimit); err != nil && forNow(err) == nil && time.Now().Before(end); err = acknowledged(c, id) {
		wait(t.Context(), 100*time.Millisecond)
	}
	if err != nil {
		return 0, err
	}
	events, err := a.db.Events(t.Context(), c.Welcome.Conversation, 0, 100)
	for _, e := range events {
		if e.ClientID == id {
			n++
		}
	}
	return n, err
}

// refusedForNow says something and expects to be told to try again.
func refusedForNow(c *client.Client, id string) error {
	return forNow(acknowledged(c, id))
}

// forNow gives what is wrong with an answer that should tell to come back or to try again, and soon.
func forNow(err error) error {
	var p *client.Problem
	if errors.As(err, &p) && p.Temporary {
		return nil
	}
	if code := client.CloseCode(err); code >= 4000 && code < 4500 {
		return nil
	}
	if err == nil {
		return errors.New("let through")
	}
	return fmt.Errorf("not told to try again: %w", err)
}
