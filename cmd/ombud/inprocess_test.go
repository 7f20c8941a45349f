package main

import (
	"context"
	"io"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/server/client"
)

// startApp runs the whole server in process on a database, and gives its address. The bot keeps silent.
func startApp(t *testing.T, url string) string { return openApp(t, url, time.Minute).base }

// testApp is a server in process with its address.
type testApp struct {
	*app
	base string
	end  func() // stops it before the test ends; may be called again
}

func openApp(t *testing.T, url string, pause time.Duration) testApp {
	t.Helper()
	return openNode(t, url, config{TurnPause: pause})
}

// openNode is openApp for a server that is told more.
func openNode(t *testing.T, url string, c config) testApp {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c.Demo, c.VisitorSays, c.DrainLimit = true, 1e6, time.Second
	c.Database, c.Cache, c.LogFormat = url, modelCache(t), "text"
	if c.Script == "" {
		c.Script = smallScript(t)
	}
	a, err := start(t.Context(), c, l, streams{strings.NewReader(""), io.Discard, testLog{t}})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- a.serve(ctx) }()
	end := sync.OnceFunc(func() {
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(end)
	return testApp{a, "http://" + l.Addr().String(), end}
}

type testLog struct{ t *testing.T }

func (w testLog) Write(b []byte) (int, error) {
	w.t.Logf("%s", b)
	return len(b), nil
}

func dial(t *testing.T, base string, h client.Hello) *client.Client {
	t.Helper()
	h.Site = "demo"
	c, err := client.Dial(t.Context(), base, "", h)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	return c
}
