package client

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// The first bytes of frames that are whole and follow the rules: the end bit and the kind.
const (
	RawText   = 0x81
	RawBinary = 0x82
	RawClose  = 0x88
	RawPing   = 0x89
)

// Raw is a socket driven by hand, for what no library would send.
type Raw struct {
	net.Conn
	in *bufio.Reader
}

// DialRaw connects to base (http://host:port) and shakes hands. It offers compression, and fails where the server takes it up.
func DialRaw(base string) (*Raw, error) {
	conn, err := net.Dial("tcp", strings.TrimPrefix(base, "http://"))
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", base, err)
	}
	r := &Raw{Conn: conn, in: bufio.NewReader(conn)}
	_, err = fmt.Fprint(conn, "GET /ws HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"+
		"Sec-WebSocket-Extensions: permessage-deflate\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	if err != nil {
		return nil, errors.Join(fmt.Errorf("shake hands: %w", err), conn.Close())
	}
	resp, err := http.ReadResponse(r.in, nil)
	if err == nil && (resp.StatusCode != http.StatusSwitchingProtocols || resp.Header.Get("Sec-WebSocket-Extensions") != "") {
		err = fmt.Errorf("status %d, extensions %q", resp.StatusCode, resp.Header.Get("Sec-WebSocket-Extensions"))
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("shake hands: %w", err), conn.Close())
	}
	return r, nil
}

// RawFrame builds one frame. The first byte holds the end bit, the reserved bits and the kind. All masks are alike.
func RawFrame(first byte, payload []byte, masked bool) []byte {
	out, mask := []byte{first}, byte(0)
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
	key := [4]byte{0x5a, 0x01, 0xff, 0x3c}
	out = append(out, key[:]...)
	for i, b := range payload {
		out = append(out, b^key[i%4])
	}
	return out
}

// NextRaw reads one frame, waiting at most limit, and gives its kind and what is in it.
func (r *Raw) NextRaw(limit time.Duration) (kind byte, payload []byte, err error) {
	if err := r.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return 0, nil, fmt.Errorf("read raw frame: %w", err)
	}
	head := make([]byte, 2, 10)
	if _, err := io.ReadFull(r.in, head); err != nil {
		return 0, nil, fmt.Errorf("read raw frame: %w", err)
	}
	n := uint64(head[1] & 0x7f)
	if more := map[uint64]int{126: 2, 127: 8}[n]; more > 0 {
		length := make([]byte, 8)
		if _, err := io.ReadFull(r.in, length[8-more:]); err != nil {
			return 0, nil, fmt.Errorf("read raw frame: %w", err)
		}
		n = binary.BigEndian.Uint64(length)
	}
	if n > 1<<24 {
		return 0, nil, fmt.Errorf("read raw frame: %d bytes", n)
	}
	payload = make([]byte, n)
	if _, err := io.ReadFull(r.in, payload); err != nil {
		return 0, nil, fmt.Errorf("read raw frame: %w", err)
	}
	return head[0] & 0x0f, payload, nil
}

// Closed reads until the server ends the connection, each frame at most limit after the one before, and gives the code of its close
// frame, 0 if there was none.
func (r *Raw) Closed(limit time.Duration) (code int) {
	for {
		kind, payload, err := r.NextRaw(limit)
		if err != nil {
			return code
		}
		if kind == RawClose&0x0f && len(payload) >= 2 && code == 0 {
			code = int(binary.BigEndian.Uint16(payload))
		}
	}
}
