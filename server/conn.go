package server

import (
	"bytes"
	"context"
	"errors"
	"net/http"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"golang.org/x/time/rate"

	"ombud/chat"
	"ombud/server/frame"
)

const (
	readLimit   = 64 << 10 // bytes of one frame
	readBuffer  = 256
	writeBuffer = 1024
)

// side is what a connection became by its hello. Only the reader calls it.
type side interface {
	// handle does one request. Where it says answered, no ack is due any more.
	handle(ctx context.Context, in frame.In) (answered bool, err error)
	// gone lets go of everything.
	gone()
}

// conn is one websocket.
type conn struct {
	heard   atomic.Int64 // when the peer was last heard of, pongs included; unix nanoseconds
	s       *Server
	ws      *websocket.Conn
	ip      netip.Addr // what the caps count; zero if not counted
	slot    uint32
	origin  string // of the page; "" for clients that are not browsers
	own     string // our own origin as this client sees it
	session string // session cookie, until hello

	// The rest belongs to the reader.
	side   side
	who    frame.Who
	site   string // counted under this site
	frames *rate.Limiter
	says   *rate.Limiter

	ready atomic.Bool            // hello was accepted
	agent atomic.Pointer[agent]  // set for agents, for whoever ends sessions
	guest atomic.Pointer[string] // id of the visitor, for whoever erases them

	mu       sync.Mutex
	queue    []item
	queued   int // bytes in queue
	writing  bool
	closing  bool
	ended    bool
	closedAt time.Time
	drain    chan struct{} // closed when nothing is left to write; nil: nobody waits
}

var upgrader = websocket.Upgrader{
	HandshakeTimeout: 5 * time.Second,
	ReadBufferSize:   readBuffer,
	WriteBufferSize:  writeBuffer,
	WriteBufferPool:  &sync.Pool{},
	CheckOrigin:      func(*http.Request) bool { return true }, // socket checks before, hello after
	Error: func(w http.ResponseWriter, r *http.Request, status int, reason error) {
		w.Header().Set("Sec-Websocket-Version", "13")
		http.Error(w, http.StatusText(status), status)
	},
}

// buffers hold one incoming frame while it is read and handled.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// socket upgrades a request to a websocket and returns; a goroutine of its own reads on.
func (s *Server) socket(w http.ResponseWriter, r *http.Request) {
	if s.draining.Load() {
		w.Header().Set("Retry-After", "1")
		http.Error(w, "restarting", http.StatusServiceUnavailable)
		return
	}
	origin, present := originOf(r)
	own := s.ownOrigin(r)
	if present && origin != own {
		ok, err := s.sites.known(r.Context(), origin)
		if err != nil {
			w.Header().Set("Retry-After", "2")
			http.Error(w, "unavailable", http.StatusServiceUnavailable)
			return
		}
		if !ok {
			s.strange(r.Context(), origin)
			http.Error(w, "origin not allowed", http.StatusForbidden)
			return
		}
	}
	ip := s.clientIP(r)
	if !s.caps.enter(ip) {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "too many connections", http.StatusTooManyRequests)
		return
	}
	ws, err := upgrader.Upgrade(w, r, nil)
	if err != nil {
		s.caps.leave(ip)
		return
	}
	c := &conn{s: s, ws: ws, ip: ip, origin: origin, own: own, who: frame.Nobody}
	if cookie, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
		c.session = cookie.Value
	}
	if !s.conns.add(c) {
		s.caps.leave(ip)
		ws.Close()
		return
	}
	go c.read()
}

func (c *conn) read() {
	defer c.s.wg.Done() // conns.add counted it
	defer c.end()
	c.frames = rate.NewLimiter(rate.Limit(c.s.o.Limits.Frames), c.s.o.Limits.FramesBurst)
	c.ws.SetReadLimit(readLimit)
	c.ws.SetPingHandler(func(data string) error { return c.control(websocket.PongMessage, data) })
	c.ws.SetPongHandler(func(string) error { return c.control(0, "") })
	c.ws.SetCloseHandler(func(int, string) error { c.close(websocket.CloseNormalClosure, ""); return nil })
	_ = c.ws.SetReadDeadline(time.Now().Add(c.s.o.Limits.Hello))
	for c.readOne() {
	}
}

// readOne reads and handles one frame. It says whether to go on.
func (c *conn) readOne() bool {
	op, r, err := c.ws.NextReader()
	if err != nil {
		c.readFailed(err)
		return false
	}
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if _, err := buf.ReadFrom(r); err != nil {
		c.readFailed(err)
		return false
	}
	if c.isClosing() {
		return true // wait for the peer's close
	}
	if op != websocket.TextMessage {
		c.close(CloseProtocol, "text frames only")
		return true
	}
	if !c.frames.Allow() {
		c.close(CloseProtocol, "too many frames")
		return true
	}
	c.receive(buf.Bytes())
	c.touch()
	return true
}

// control answers control frames through the outbox, and counts them like others.
func (c *conn) control(answer int, data string) error {
	if !c.frames.Allow() {
		c.close(CloseProtocol, "too many control frames")
		return nil
	}
	if answer != 0 {
		c.push(item{answer, []byte(data)})
	}
	c.touch()
	return nil
}

func (c *conn) isClosing() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.closing
}

// touch gives the peer more time, once it has said hello.
func (c *conn) touch() {
	c.heard.Store(time.Now().UnixNano())
	if c.ready.Load() && !c.isClosing() {
		_ = c.ws.SetReadDeadline(time.Now().Add(c.s.o.Limits.Idle))
	}
}

// readFailed tells a peer that stayed silent why it is let go; others know.
func (c *conn) readFailed(err error) {
	var timeout interface{ Timeout() bool }
	if errors.As(err, &timeout) && timeout.Timeout() {
		c.close(CloseIdle, "silent for too long")
	}
}

// end lets go of everything that the connection held.
func (c *conn) end() {
	if p := recover(); p != nil {
		c.s.o.Logger.Error("websocket handler panicked", "panic", p)
		c.s.m.panics.Inc()
		c.close(CloseUnavailable, "internal")
	}
	if c.side != nil {
		c.side.gone()
	}
	c.finish()
	c.s.conns.remove(c)
	c.s.caps.leave(c.ip)
	if c.site != "" {
		c.s.caps.leaveSite(c.site)
	}
	c.s.m.socketGone(c.who)
}

// receive handles the bytes of one text frame.
func (c *conn) receive(b []byte) {
	in, prob := frame.Parse(b, c.who)
	c.s.m.received(in.Type, prob == nil)
	if prob != nil {
		c.fail(in, prob)
		if c.who == frame.Nobody && prob.Code == frame.CodeUnknownType {
			c.close(CloseProtocol, "say hello first")
		}
		return
	}
	ctx, cancel := context.WithTimeout(c.s.ctx, c.s.o.Limits.Call)
	defer cancel()
	if c.who == frame.Nobody {
		c.apart(func() { c.hello(ctx, in) })
		return
	}
	answered, err := c.side.handle(ctx, in)
	switch {
	case err != nil:
		c.fail(in, err)
	case !answered && in.ID != "":
		c.send(frame.EncodeAck(0, time.Time{}, in.ID, in.Conversation))
	}
}

// apart runs f in a goroutine of its own and waits for it. A hello reaches deep into database code, and the reader, which
// may then be idle for hours, would keep the stack that it grew for that.
func (c *conn) apart(f func()) {
	done := make(chan any)
	go func() {
		defer func() { done <- recover() }()
		f()
	}()
	if p := <-done; p != nil {
		panic(p)
	}
}

// fail answers a request with an error frame; errors that are our own are logged.
func (c *conn) fail(in frame.In, err error) {
	_, e := answer(err)
	e.ID, e.Conversation = in.ID, in.Conversation
	if e.Code == frame.CodeInternal {
		c.s.o.Logger.Error("websocket request", "type", in.Type, "error", err)
	}
	c.s.m.errored(e.Code)
	c.sendFrame(frame.TypeError, 0, e)
}

func (c *conn) sendFrame(typ string, seq int64, data any) bool {
	b, err := frame.Encode(typ, seq, data)
	if err != nil {
		c.s.o.Logger.Error("encode frame", "type", typ, "error", err)
		return false
	}
	return c.send(b)
}

// slowDown is chat.ErrRateLimited with the time to wait.
type slowDown struct{ wait time.Duration }

func (e *slowDown) Error() string { return "too many requests, wait " + e.wait.String() }

func (e *slowDown) Unwrap() error { return chat.ErrRateLimited }

// spend takes one from the budget of requests that cost something.
func (c *conn) spend() error {
	r := c.says.Reserve()
	if wait := r.Delay(); wait > 0 {
		r.Cancel()
		return &slowDown{wait}
	}
	return nil
}

func perMinute(n float64, burst int) *rate.Limiter { return rate.NewLimiter(rate.Limit(n/60), burst) }
