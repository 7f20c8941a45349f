package server

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestHostileFramesNeverPanic sends a thousand frames made from the grammar of RFC 6455, most of them broken, and looks
// whether the server still serves. The seed is fixed, so that a failure can be had again.
func TestHostileFramesNeverPanic(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.Hello, o.Limits.Idle = 300*time.Millisecond, 300*time.Millisecond })
	g := rand.New(rand.NewPCG(7, 11))
	codes := map[uint16]int{}
	for sent := 0; sent < 1000; {
		conn := w.raw()
		if g.IntN(4) > 0 {
			_, _ = conn.Write(frameBytes(g, 0x81, []byte(`{"type":"hello","data":{"site":"demo","token":""}}`), true))
		}
		done := make(chan uint16, 1)
		go func() { done <- closeCode(conn) }()
		for range 1 + g.IntN(12) {
			sent++
			_ = conn.SetWriteDeadline(time.Now().Add(patience))
			if _, err := conn.Write(hostile(g)); err != nil {
				break
			}
		}
		if half, ok := conn.(*net.TCPConn); ok && g.IntN(2) == 0 {
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
func (w *world) raw() net.Conn {
	w.t.Helper()
	conn, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	resp, err := http.ReadResponse(bufio.NewReaderSize(conn, 1), nil)
	if err != nil || resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get("Sec-WebSocket-Extensions") != "" {
		w.t.Fatalf("handshake: %v %v", resp, err)
	}
	return conn
}

// frameBytes builds one frame; the first byte holds FIN, the reserved bits and the opcode.
func frameBytes(g *rand.Rand, first byte, payload []byte, masked bool) []byte {
	out := []byte{first}
	mask := byte(0)
	if masked {
		mask = 0x80
	}
	switch n := len(payload); {
	case n < 126:
		out = append(out, mask|byte(n))
	case n < 1<<16:
		out = binary.BigEndian.AppendUint16(append(out, mask|126), uint16(n))
	default:
		out = binary.BigEndian.AppendUint64(append(out, mask|127), uint64(n))
	}
	if !masked {
		return append(out, payload...)
	}
	key := [4]byte{byte(g.Uint32()), byte(g.Uint32()), byte(g.Uint32()), byte(g.Uint32())}
	out = append(out, key[:]...)
	for i, b := range payload {
		out = append(out, b^key[i%4])
	}
	return out
}

// hostile gives the bytes of one frame that a careless or wicked client might send.
func hostile(g *rand.Rand) []byte {
	payloads := []string{``, `{`, `{"type":"say","data":{"id":"a","text":"x"}}`, `{"type":"typing"}`, `{"type":"new"}`, `{"type":"end","data":{"id":"e"}}`,
		strings.Repeat("[", 5000), "\xff\xfe", `{"type":"say","data":{"id":"a","text":"\ud800"}}`, `{"type":"rate","data":{"rating":5}}`, strings.Repeat("a", 70_000),
		`{"type":"hello","data":{"site":"demo","token":""}}`, `{"type":"leave_message","data":{"id":"l","text":"x"}}`, `{"type":"read","seq":9007199254740991}`}
	payload := []byte(payloads[g.IntN(len(payloads))])
	switch g.IntN(10) {
	case 0: // any first byte: reserved bits, reserved opcodes, fragments, lone continuations
		return frameBytes(g, byte(g.Uint32()), payload, true)
	case 1: // not masked
		return frameBytes(g, 0x81, payload, false)
	case 2: // control frames, some of them too long or in fragments
		return frameBytes(g, []byte{0x88, 0x89, 0x8a, 0x08, 0x09}[g.IntN(5)], payload[:min(len(payload), g.IntN(200))], true)
	case 3: // compressed, which was not agreed on
		return frameBytes(g, 0xc1, payload, true)
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
		return append(frameBytes(g, 0x01, payload[:half], true), frameBytes(g, 0x80, payload[half:], true)...)
	case 7: // close, with any code
		return frameBytes(g, 0x88, binary.BigEndian.AppendUint16(nil, uint16(g.Uint32())), true)
	case 8:
		return frameBytes(g, 0x82, payload, true)
	}
	return frameBytes(g, 0x81, payload, true)
}

// closeCode reads until the server closes, and gives the code of its close frame, 0 if there was none.
func closeCode(conn net.Conn) (code uint16) {
	_ = conn.SetReadDeadline(time.Now().Add(patience))
	r := bufio.NewReader(conn)
	for {
		head := make([]byte, 2)
		if _, err := io.ReadFull(r, head); err != nil {
			return code
		}
		n := int64(head[1] & 0x7f)
		switch n {
		case 126:
			b := make([]byte, 2)
			_, _ = io.ReadFull(r, b)
			n = int64(binary.BigEndian.Uint16(b))
		case 127:
			b := make([]byte, 8)
			_, _ = io.ReadFull(r, b)
			n = int64(binary.BigEndian.Uint64(b))
		}
		body := make([]byte, n)
		if _, err := io.ReadFull(r, body); err != nil {
			return code
		}
		if head[0]&0x0f == 8 && n >= 2 && code == 0 {
			code = binary.BigEndian.Uint16(body)
		}
	}
}

// TestFragmentsMayNotDrip keeps a message in slow fragments from holding a connection for ever.
func TestFragmentsMayNotDrip(t *testing.T) {
	w := newWorld(t, func(o *Options) { o.Limits.Idle, o.Limits.Ping = 200*time.Millisecond, time.Hour })
	g := rand.New(rand.NewPCG(1, 2))
	conn := w.raw()
	_, _ = conn.Write(frameBytes(g, 0x81, []byte(`{"type":"hello","data":{"site":"demo","token":""}}`), true))
	_, _ = conn.Write(frameBytes(g, 0x01, []byte(`{"type":`), true))
	ended := make(chan uint16, 1)
	go func() { ended <- closeCode(conn) }()
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
			_, _ = conn.Write(frameBytes(g, 0x00, []byte(` `), true))
		case <-time.After(patience):
			t.Fatal("still there")
		}
	}
}

// TestConnectionsComeAndGoWithoutATrace drops a thousand connections in every state; goleak looks afterwards.
func TestConnectionsComeAndGoWithoutATrace(t *testing.T) {
	w := newWorld(t)
	for i := range 1000 {
		c := w.dial(nil)
		if i%3 > 0 {
			c.send("hello", map[string]any{"site": "demo", "token": ""})
		}
		if i%3 > 1 {
			c.await("welcome")
		}
		c.ws.Close()
	}
	for deadline := time.Now().Add(patience); len(w.s.conns.all()) > 0; {
		if time.Now().After(deadline) {
			t.Fatalf("%d connections are left", len(w.s.conns.all()))
		}
		c, _ := w.visitor("", 0) // time passes
		c.ws.Close()
		if len(w.s.conns.all()) <= 1 {
			break
		}
	}
	w.s.caps.mu.Lock()
	defer w.s.caps.mu.Unlock()
	if len(w.s.caps.sites) > 1 || w.s.caps.total > 1 {
		t.Errorf("still counted: %v %d", w.s.caps.sites, w.s.caps.total)
	}
}
