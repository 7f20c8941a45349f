package server

import (
	"encoding/binary"
	"math/rand/v2"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"ombud/server/client"
)

// many gives how often a test does something: what the environment says, or the usual number.
func many(t *testing.T, name string, usual int) int {
	t.Helper()
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return n
}

// TestHostileFramesNeverPanic sends a thousand frames made from the grammar of RFC 6455, most of them broken, and looks
// whether the server still serves. The seed is fixed, so that a failure can be had again. OMBUD_TEST_FRAMES sends another number.
func TestHostileFramesNeverPanic(t *testing.T) {
	frames := many(t, "OMBUD_TEST_FRAMES", 1000)
	w := newWorld(t, func(o *Options) { o.Limits.Hello, o.Limits.Idle = 300*time.Millisecond, 300*time.Millisecond })
	g := rand.New(rand.NewPCG(7, 11))
	codes := map[int]int{}
	for sent := 0; sent < frames; {
		conn := w.raw()
		if g.IntN(4) > 0 {
			_, _ = conn.Write(client.RawFrame(0x81, []byte(`{"type":"hello","data":{"site":"demo","token":""}}`), true))
		}
		done := make(chan int, 1)
		go func() { done <- conn.Closed(patience) }()
		for range 1 + g.IntN(12) {
			sent++
			_ = conn.SetWriteDeadline(time.Now().Add(patience))
			if _, err := conn.Write(hostile(g)); err != nil {
				break
			}
		}
		if half, ok := conn.Conn.(*net.TCPConn); ok && g.IntN(2) == 0 {
			_ = half.CloseWrite()
		}
		codes[<-done]++
		conn.Close()
	}
	if _, body, _ := w.get("/metrics"); !strings.Contains(body, "ombud_panics_total 0\n") {
		t.Error("a handler panicked")
	}
	if codes[CloseProtocol] == 0 || codes[1002] == 0 {
		t.Errorf("close codes %v: the generator does not reach what it should", codes)
	}
	c, _ := w.visitor("", 0)
	c.send("ping", map[string]any{})
	c.await("pong")
}

// raw opens a websocket by hand.
func (w *world) raw() *client.Raw {
	w.t.Helper()
	conn, err := client.DialRaw(w.url)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close() })
	return conn
}

// hostile gives the bytes of one frame that a careless or wicked client might send.
func hostile(g *rand.Rand) []byte {
	payloads := []string{``, `{`, `{"type":"say","data":{"id":"a","text":"x"}}`, `{"type":"typing"}`, `{"type":"new"}`, `{"type":"end","data":{"id":"e"}}`,
		strings.Repeat("[", 5000), "\xff\xfe", `{"type":"say","data":{"id":"a","text":"\ud800"}}`, `{"type":"rate","data":{"rating":5}}`, strings.Repeat("a", 70_000),
		`{"type":"hello","data":{"site":"demo","token":""}}`, `{"type":"leave_message","data":{"id":"l","text":"x"}}`, `{"type":"read","seq":9007199254740991}`}
	payload := []byte(payloads[g.IntN(len(payloads))])
	switch g.IntN(10) {
	case 0: // any first byte: reserved bits, reserved opcodes, fragments, lone continuations
		return client.RawFrame(byte(g.Uint32()), payload, true)
	case 1: // not masked
		return client.RawFrame(0x81, payload, false)
	case 2: // control frames, some of them too long or in fragments
		return client.RawFrame([]byte{0x88, 0x89, 0x8a, 0x08, 0x09}[g.IntN(5)], payload[:min(len(payload), g.IntN(200))], true)
	case 3: // compressed, which was not agreed on
		return client.RawFrame(0xc1, payload, true)
	case 4: // a length that never comes
		return append(binary.BigEndian.AppendUint64([]byte{0x81, 0xff}, g.Uint64()), 1, 2, 3, 4)
	case 5: // rubbish
		b := make([]byte, g.IntN(100))
		for i := range b {
			b[i] = byte(g.Uint32())
		}
		return b
	case 6: // in two fragments
		half := len(payload) / 2
		return append(client.RawFrame(0x01, payload[:half], true), client.RawFrame(0x80, payload[half:], true)...)
	case 7: // close, with any code
		return client.RawFrame(0x88, binary.BigEndian.AppendUint16(nil, uint16(g.Uint32())), true)
	case 8:
		return client.RawFrame(0x82, payload, true)
	}
	return client.RawFrame(0x81, payload, true)
}

// TestFragmentsMayNotDrip keeps a message in slow fragments from holding a connection for ever.
func TestFragmentsMayNotDrip(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.Idle, o.Limits.Ping = 200*time.Millisecond, time.Hour })
	conn := w.raw()
	_, _ = conn.Write(client.RawFrame(0x81, []byte(`{"type":"hello","data":{"site":"demo","token":""}}`), true))
	_, _ = conn.Write(client.RawFrame(0x01, []byte(`{"type":`), true))
	ended := make(chan int, 1)
	go func() { ended <- conn.Closed(patience) }()
	drip := time.NewTicker(20 * time.Millisecond)
	defer drip.Stop()
	for {
		select {
		case code := <-ended:
			if code != CloseIdle {
				t.Errorf("close code %d", code)
			}
			return
		case <-drip.C:
			_, _ = conn.Write(client.RawFrame(0x00, []byte(` `), true))
		case <-time.After(patience):
			t.Fatal("still there")
		}
	}
}

// TestConnectionsComeAndGoWithoutATrace drops a thousand connections in every state; goleak looks afterwards. OMBUD_TEST_CONNECTIONS
// drops another number.
func TestConnectionsComeAndGoWithoutATrace(t *testing.T) {
	w := newWorld(t)
	before := files(t)
	for i := range many(t, "OMBUD_TEST_CONNECTIONS", 1000) {
		c := w.dial(nil)
		if i%3 > 0 {
			c.send("hello", map[string]any{"site": "demo", "token": ""})
		}
		if i%3 > 1 {
			c.await("welcome")
		}
		c.ws.Close()
	}
	// A connection leaves the list first and is discounted then; before its upgrade it is counted, but not yet in the list.
	eventually(t, "no connection is left or still counted", func() bool {
		w.s.caps.mu.Lock()
		defer w.s.caps.mu.Unlock()
		return len(w.s.conns.all()) == 0 && w.s.caps.total == 0 && len(w.s.caps.ips) == 0 && len(w.s.caps.sites) == 0
	})
	eventually(t, "the files of sockets are closed", func() bool { return files(t) <= before+5 })
}

// files counts what this process has open; 0 on a system that does not say.
func files(t *testing.T) int {
	t.Helper()
	all, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Logf("open files are not counted: %v", err)
	}
	return len(all)
}
