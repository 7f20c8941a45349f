package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/gorilla/websocket"
)

// Frame is one frame from the server.
type Frame struct {
	Type string          `json:"type"`
	Seq  int64           `json:"seq"`
	Data json.RawMessage `json:"data"`
}

// Hello is the first frame.
type Hello struct {
	Site         string `json:"site,omitempty"`
	Token        string `json:"token"`
	Since        int64  `json:"since,omitempty"`
	At           string `json:"at,omitempty"`
	Conversation string `json:"conversation,omitempty"`
	Locale       string `json:"locale,omitempty"`
}

// Welcome is the server's answer to Hello.
type Welcome struct {
	Conversation string `json:"conversation"`
	Token        string `json:"token"` // only when a new one was made
	Reset        bool   `json:"reset"`
	Owner        string `json:"owner"`
	Language     string `json:"language"`
}

// Event is the part of an event's data that tests and load look at.
type Event struct {
	Conversation string `json:"conversation"`
	Kind         string `json:"kind"`
	Role         string `json:"role"`
	ID           string `json:"id"`
	Text         string `json:"text"`
	Reason       string `json:"reason"`
	At           string `json:"at"` // as it came
}

// Problem is the data of an error frame.
type Problem struct {
	Code      string `json:"code"`
	Message   string `json:"message"`
	Temporary bool   `json:"temporary"`
	ID        string `json:"id"`
}

func (p *Problem) Error() string { return p.Code + ": " + p.Message }

// Client is one connection. Sends must not run at the same time as each other, nor reads.
type Client struct {
	conn    *websocket.Conn
	in      bytes.Buffer // Await's frame
	Welcome Welcome
}

var dialer = websocket.Dialer{
	HandshakeTimeout: 10 * time.Second, ReadBufferSize: 1024, WriteBufferSize: 1024,
}

// Dial connects to base (http://host:port), says hello and waits for the welcome. A refusal is a *Problem.
func Dial(ctx context.Context, base, origin string, h Hello) (*Client, error) {
	header := http.Header{}
	if origin != "" {
		header.Set("Origin", origin)
	}
	conn, resp, err := dialer.DialContext(ctx, "ws"+strings.TrimPrefix(strings.TrimSuffix(base, "/"), "http")+"/ws", header)
	if err != nil {
		return nil, fmt.Errorf("dial %s: %w", base, err)
	}
	resp.Body.Close()
	c := &Client{conn: conn}
	if err := c.Send("hello", 0, h); err != nil {
		c.Close()
		return nil, err
	}
	f, err := c.Next(10 * time.Second)
	if err != nil {
		c.Close()
		return nil, err
	}
	if f.Type == "error" {
		c.Close()
		return nil, problem(f)
	}
	if f.Type != "welcome" {
		c.Close()
		return nil, fmt.Errorf("hello was answered by %q", f.Type)
	}
	if err := json.Unmarshal(f.Data, &c.Welcome); err != nil {
		c.Close()
		return nil, fmt.Errorf("decode welcome: %w", err)
	}
	return c, nil
}

func problem(f Frame) error {
	p := &Problem{}
	if err := json.Unmarshal(f.Data, p); err != nil {
		return fmt.Errorf("decode error frame: %w", err)
	}
	return p
}

// Send writes one frame.
func (c *Client) Send(kind string, seq int64, data any) error {
	frame := struct {
		Type string `json:"type"`
		Seq  int64  `json:"seq,omitempty"`
		Data any    `json:"data"`
	}{kind, seq, data}
	if err := c.conn.SetWriteDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return fmt.Errorf("send %s: %w", kind, err)
	}
	if err := c.conn.WriteJSON(frame); err != nil {
		return fmt.Errorf("send %s: %w", kind, err)
	}
	return nil
}

// Say sends a visitor's message under the client's own id.
func (c *Client) Say(id, text string) error {
	return c.Send("say", 0, struct {
		ID   string `json:"id"`
		Text string `json:"text"`
	}{id, text})
}

// Next reads one frame, waiting at most limit.
func (c *Client) Next(limit time.Duration) (Frame, error) {
	var f Frame
	if err := c.conn.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return f, fmt.Errorf("read frame: %w", err)
	}
	_, data, err := c.conn.ReadMessage()
	if err != nil {
		return f, fmt.Errorf("read frame: %w", err)
	}
	if err := json.Unmarshal(data, &f); err != nil {
		return f, fmt.Errorf("decode frame: %w", err)
	}
	return f, nil
}

// Await reads frames up to the one of that type whose data names that id, for at most limit. An error frame ends it as a *Problem. What it passes
// over is not decoded: load from the machine that is measured is to cost little.
func (c *Client) Await(kind, id string, limit time.Duration) error {
	if err := c.conn.SetReadDeadline(time.Now().Add(limit)); err != nil {
		return fmt.Errorf("await %s: %w", kind, err)
	}
	for {
		_, r, err := c.conn.NextReader()
		if err != nil {
			return fmt.Errorf("await %s: %w", kind, err)
		}
		c.in.Reset()
		if _, err := c.in.ReadFrom(r); err != nil {
			return fmt.Errorf("await %s: %w", kind, err)
		}
		data := c.in.Bytes()
		switch {
		case isType(data, "error"):
			var f Frame
			if err := json.Unmarshal(data, &f); err != nil {
				return fmt.Errorf("decode frame: %w", err)
			}
			return problem(f)
		case isType(data, kind) && names(data, id):
			return nil
		}
	}
}

// isType looks at how the server begins every frame.
func isType(data []byte, kind string) bool {
	return bytes.HasPrefix(data, []byte(`{"type":"`+kind+`"`))
}

// names finds an id as a field; within words its quotes would stand behind backslashes.
func names(data []byte, id string) bool {
	return bytes.Contains(data, []byte(`"id":"`+id+`"`))
}

// Event decodes an event frame.
func (f Frame) Event() (Event, error) {
	var e Event
	if err := json.Unmarshal(f.Data, &e); err != nil {
		return e, fmt.Errorf("decode event: %w", err)
	}
	return e, nil
}

// Problem decodes an error frame.
func (f Frame) Problem() error { return problem(f) }

// ID gives the client id in the data of an ack or an error.
func (f Frame) ID() string {
	var d struct{ ID string }
	if json.Unmarshal(f.Data, &d) != nil {
		return ""
	}
	return d.ID
}

// Close drops the connection without a word.
func (c *Client) Close() error { return c.conn.Close() }

// SendRaw writes bytes as one text frame, or as one binary frame, whatever they hold.
func (c *Client) SendRaw(data []byte, binary bool) error {
	kind := websocket.TextMessage
	if binary {
		kind = websocket.BinaryMessage
	}
	if err := c.conn.WriteMessage(kind, data); err != nil {
		return fmt.Errorf("send raw frame: %w", err)
	}
	return nil
}

// CloseCode gives the code with which the server closed, 0 if err is not a close.
func CloseCode(err error) int {
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		return closed.Code
	}
	return 0
}
