package storagetest

import (
	"net"
	"sync"
	"testing"
)

// Cut says after how many bytes a connection through Scissors is cut, from the client (Up) and to it (Down); whichever comes first.
// Below zero it is not. Reset ends it with a reset, as a router does that has forgotten it, and not with a goodbye.
type Cut struct {
	Up, Down int64
	Reset    bool
}

// Scissors pass connections on to an address, and cut each where next says. next is called for one connection at a time. They give
// the address to dial, and are put away when the test ends.
func Scissors(t testing.TB, network, to string, next func() Cut) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	done := make(chan struct{})
	all.Go(func() {
		for {
			near, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial(network, to)
			if err != nil {
				near.Close()
				continue
			}
			cut := next()
			var once sync.Once
			end := func() {
				once.Do(func() {
					if tcp, ok := near.(*net.TCPConn); ok && cut.Reset {
						_ = tcp.SetLinger(0) // best effort: then it is a goodbye
					}
					near.Close()
					far.Close()
				})
			}
			all.Go(func() { defer end(); pass(far, near, cut.Up) })
			all.Go(func() { defer end(); pass(near, far, cut.Down) })
			all.Go(func() {
				<-done
				end()
			})
		}
	})
	t.Cleanup(func() {
		l.Close()
		close(done)
		all.Wait()
	})
	return l.Addr().String()
}

// pass copies up to limit bytes, all if that is below zero.
func pass(to, from net.Conn, limit int64) {
	buffer := make([]byte, 4096)
	for limit != 0 {
		n, err := from.Read(buffer)
		if limit > 0 {
			n = int(min(int64(n), limit))
			limit -= int64(n)
		}
		if _, wrote := to.Write(buffer[:n]); wrote != nil || err != nil {
			return
		}
	}
}
