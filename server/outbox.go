package server

import (
	"context"
	"time"

	"github.com/gorilla/websocket"

	"ombud/chat"
)

// The close codes. Those from 4000 to 4499 ask the client to come back, those from 4500 on not to.
const (
	CloseRestart     = 4000 // the server restarts or drains
	CloseSlow        = 4001 // the client reads too slowly; its events wait in the log
	CloseIdle        = 4002 // no heartbeat, or no hello in time
	CloseUnavailable = 4003 // storage is unavailable, or too many sockets
	CloseProtocol    = 4500 // binary frame, flood, or no hello first
	CloseUnauthentic = 4501 // session or API token not accepted
	CloseForbidden   = 4502 // unknown site, or a page that the site does not list
	CloseSignedOut   = 4503 // signed out, disabled, or the password was changed
)

// closeGrace is how long a peer may take to answer a close.
const closeGrace = 2 * time.Second

type item struct {
	op   int
	data []byte
}

// send queues a text frame; b must not be changed afterwards. It never blocks. False means that the connection takes
// no more: it is closing, or was closed just now because its outbox is full.
func (c *conn) send(b []byte) bool { return c.push(item{websocket.TextMessage, b}) }

func (c *conn) push(it item) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closing {
		return false
	}
	if len(c.queue) >= c.s.o.Limits.OutboxFrames || c.queued+len(it.data) > c.outboxBytes() {
		c.queue, c.queued = nil, 0
		c.closeLocked(CloseSlow, "slow, come back")
		// The frame that is being written now keeps the close waiting; it need not wait long.
		_ = c.ws.NetConn().SetWriteDeadline(time.Now().Add(closeGrace))
		return false
	}
	c.queue = append(c.queue, it)
	c.queued += len(it.data)
	c.wakeLocked()
	return true
}

// outboxBytes is larger for agents, whose first frame is the whole queue.
func (c *conn) outboxBytes() int {
	if c.agent.Load() != nil {
		return 4 * c.s.o.Limits.OutboxBytes
	}
	return c.s.o.Limits.OutboxBytes
}

// close sends what is queued and then a close frame; later frames are refused.
func (c *conn) close(code int, reason string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closeLocked(code, reason)
}

func (c *conn) closeLocked(code int, reason string) {
	if c.closing {
		return
	}
	c.closing, c.closedAt = true, time.Now()
	c.s.m.closes(code)
	c.queue = append(c.queue, item{websocket.CloseMessage, websocket.FormatCloseMessage(code, reason)})
	c.wakeLocked()
}

func (c *conn) wakeLocked() {
	if !c.writing && !c.ended {
		c.writing = true
		c.s.wg.Add(1)
		go c.write()
	}
}

// write is the only goroutine that writes to the socket. It lives while there is something to write.
func (c *conn) write() {
	defer c.s.wg.Done()
	for {
		c.mu.Lock()
		batch := c.queue
		c.queue, c.queued = nil, 0
		if len(batch) == 0 {
			c.writing = false
			if c.drain != nil {
				close(c.drain)
				c.drain = nil
			}
			if c.ended {
				c.ws.Close()
			}
			c.mu.Unlock()
			return
		}
		c.mu.Unlock()
		for _, it := range batch {
			if !c.writeOne(it) {
				c.abort()
				break
			}
		}
	}
}

func (c *conn) writeOne(it item) bool {
	if c.ws.SetWriteDeadline(time.Now().Add(c.s.o.Limits.Write)) != nil {
		return false
	}
	if c.ws.WriteMessage(it.op, it.data) != nil {
		return false
	}
	if it.op == websocket.CloseMessage {
		_ = c.ws.SetReadDeadline(time.Now().Add(closeGrace)) // for the peer's own close
	}
	return true
}

// drained waits until everything queued has been written. It fails when the connection closes or ctx ends.
func (c *conn) drained(ctx context.Context) error {
	c.mu.Lock()
	if c.closing {
		c.mu.Unlock()
		return chat.ErrUnavailable
	}
	if !c.writing {
		c.mu.Unlock()
		return nil
	}
	if c.drain == nil {
		c.drain = make(chan struct{})
	}
	drain := c.drain
	c.mu.Unlock()
	select {
	case <-drain:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// abort cuts the connection; the reader notices and ends it.
func (c *conn) abort() {
	c.mu.Lock()
	c.closing, c.queue, c.queued = true, nil, 0
	c.mu.Unlock()
	c.ws.Close()
}

// finish is called by the reader when it is done: what is being written is written, then the socket is closed.
func (c *conn) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.closing, c.ended = true, true
	if !c.writing {
		c.ws.Close()
	}
}
