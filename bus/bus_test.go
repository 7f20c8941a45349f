package bus_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"ombud/bus"
	"ombud/chat"
)

func open(t *testing.T, url string) *bus.Bus {
	t.Helper()
	b, err := bus.Open(url, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close(); b.Close() })
	return b
}

// cluster starts a NATS server on a port that the kernel chooses.
func cluster(t *testing.T) *server.Server {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(5 * time.Second) {
		t.Fatal("test server is not ready")
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	return s
}

func TestHintsReachOtherNodesAndNotTheirOwn(t *testing.T) {
	s := cluster(t)
	a, b := open(t, s.ClientURL()), open(t, s.ClientURL())
	own, other := make(chan chat.Hint, 8), make(chan chat.Hint, 8)
	for _, x := range []struct {
		bus *bus.Bus
		got chan chat.Hint
	}{{a, own}, {b, other}} {
		cancel, err := x.bus.Subscribe(func(h chat.Hint) { x.got <- h })
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(cancel)
	}
	// b answers once it hears from a: the subscription of either side may still be on its way.
	deadline := time.After(10 * time.Second)
	retry := time.NewTicker(20 * time.Millisecond)
	defer retry.Stop()
	want := chat.Hint{Conversation: "c1", Seq: 7}
	for {
		if err := a.Publish(want); err != nil {
			t.Fatal(err)
		}
		select {
		case h := <-other:
			if h.Conversation != want.Conversation || h.Seq != want.Seq {
				t.Fatalf("got %+v, want %+v", h, want)
			}
			select {
			case h := <-own:
				t.Fatalf("a node heard its own hint %+v", h)
			default:
			}
			return
		case <-retry.C:
		case <-deadline:
			t.Fatal("no hint arrived")
		}
	}
}

func TestEmbeddedBusHasNoPort(t *testing.T) {
	b := open(t, "")
	if err := b.Publish(chat.Hint{Conversation: "c"}); err != nil {
		t.Fatal(err)
	}
	if addr := b.Addr(); addr != nil {
		t.Fatalf("the embedded server listens on %v", addr)
	}
}

func TestPublishAfterTheClusterIsGoneDoesNotBlock(t *testing.T) {
	s := cluster(t)
	b := open(t, s.ClientURL())
	s.Shutdown()
	done := make(chan struct{})
	go func() {
		defer close(done)
		for range 100 {
			_ = b.Publish(chat.Hint{Conversation: "c", Seq: 1}) // lost or kept for later: both are fine
		}
	}()
	select {
	case <-done:
	case <-time.After(5 * time.Second):
		t.Fatal("publishing hangs without a server")
	}
}
