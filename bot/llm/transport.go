package llm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"strconv"
	"strings"
	"syscall"
	"time"

	openai "github.com/sashabaranov/go-openai"
)

// statusError is any answer but 200. The transport makes it, so that nobody reads the body, which may be
// endless, and nobody logs it.
type statusError struct {
	code  int
	after time.Duration // what Retry-After asks for, 0 for nothing
}

func (e *statusError) Error() string { return fmt.Sprintf("%v: status %d", ErrServer, e.code) }
func (e *statusError) Unwrap() error { return ErrServer }

func (e *statusError) temporary() bool { return e.code == http.StatusTooManyRequests || e.code >= 500 }

var (
	errSilent    = fmt.Errorf("%w: it fell silent", ErrServer)
	errTooLarge  = fmt.Errorf("%w: the answer is too large", ErrServer)
	errNotStream = fmt.Errorf("%w: the answer is no event stream", ErrServer)
)

// newHTTP makes a client of our own: it follows no redirect, keeps no cookies and trusts no size.
func newHTTP(o Options) *http.Client {
	base := &http.Transport{
		Proxy:                  http.ProxyFromEnvironment,
		DialContext:            (&net.Dialer{Timeout: o.FirstByte, KeepAlive: 30 * time.Second}).DialContext,
		ForceAttemptHTTP2:      true,
		TLSHandshakeTimeout:    o.FirstByte,
		MaxIdleConnsPerHost:    o.Concurrency,
		IdleConnTimeout:        time.Minute,
		MaxResponseHeaderBytes: 32 << 10,
		DisableCompression:     true, // sizes are counted as they are on the wire
	}
	return &http.Client{
		Transport:     &transport{base: base, first: o.FirstByte, gap: o.Gap, most: o.MaxBytes, now: o.Now},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

type transport struct {
	base       *http.Transport
	first, gap time.Duration
	most       int64
	now        func() time.Time
}

// RoundTrip lets nothing but a 200 with an event stream through, and watches over its size and its silences.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(r.Context())
	silence := time.AfterFunc(t.first, func() { cancel(errSilent) })
	stop := func() {
		silence.Stop()
		cancel(nil)
	}
	resp, err := t.base.RoundTrip(r.WithContext(ctx))
	if err != nil {
		if context.Cause(ctx) == errSilent {
			err = errSilent
		}
		stop()
		return nil, err
	}
	kind, _, _ := mime.ParseMediaType(resp.Header.Get("Content-Type"))
	switch {
	case resp.StatusCode != http.StatusOK:
		err = &statusError{code: resp.StatusCode, after: retryAfter(resp.Header.Get("Retry-After"), t.now())}
	case kind != "text/event-stream":
		err = errNotStream
	}
	if err != nil {
		stop()
		resp.Body.Close()
		return nil, err
	}
	resp.Body = &body{ReadCloser: resp.Body, ctx: ctx, silence: silence, gap: t.gap, left: t.most, stop: stop}
	return resp, nil
}

// CloseIdleConnections makes http.Client's work through this transport.
func (t *transport) CloseIdleConnections() { t.base.CloseIdleConnections() }

// retryAfter reads both forms of the header, seconds and a date; 0 if there is none or it makes no sense.
func retryAfter(header string, now time.Time) time.Duration {
	if s, err := strconv.Atoi(strings.TrimSpace(header)); err == nil {
		return time.Duration(min(max(s, 0), 86400)) * time.Second
	}
	if at, err := http.ParseTime(header); err == nil {
		return min(max(at.Sub(now), 0), 24*time.Hour)
	}
	return 0
}

// body ends a stream that grows too large or falls silent.
type body struct {
	io.ReadCloser
	ctx     context.Context // of this one response: io.Reader has no other way to be told
	silence *time.Timer
	gap     time.Duration
	left    int64
	stop    func()
}

func (b *body) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, errTooLarge
	}
	b.silence.Reset(b.gap)
	n, err := b.ReadCloser.Read(p[:min(int64(len(p)), b.left)])
	b.left -= int64(n)
	if err != nil && err != io.EOF && context.Cause(b.ctx) == errSilent {
		err = errSilent
	}
	return n, err
}

func (b *body) Close() error {
	b.stop()
	return b.ReadCloser.Close()
}

// fault says what went wrong without a word of what the server sent: an error of the library quotes it.
func fault(ctx context.Context, err error) error {
	var status *statusError
	var syntax *json.SyntaxError
	var kind *json.UnmarshalTypeError
	var said *openai.APIError
	var network net.Error
	switch {
	case errors.As(err, &status):
		return status
	case errors.Is(err, errSilent):
		return errSilent
	case errors.Is(err, errTooLarge):
		return errTooLarge
	case errors.Is(err, errNotStream):
		return errNotStream
	case ctx.Err() != nil:
		return fmt.Errorf("%w: %w", ErrServer, ctx.Err())
	case errors.As(err, &said):
		return fmt.Errorf("%w: it reported an error within the stream", ErrServer)
	case errors.Is(err, openai.ErrTooManyEmptyStreamMessages):
		return fmt.Errorf("%w: the stream is nothing but blank lines", ErrServer)
	case errors.As(err, &syntax), errors.As(err, &kind):
		return fmt.Errorf("%w: a piece of the stream is not JSON", ErrServer)
	case errors.Is(err, syscall.ECONNREFUSED):
		return fmt.Errorf("%w: %w", ErrServer, syscall.ECONNREFUSED)
	case errors.As(err, &network):
		return fmt.Errorf("%w: the connection broke", ErrServer)
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return fmt.Errorf("%w: the connection was cut", ErrServer)
	}
	return fmt.Errorf("%w: the request or the stream broke", ErrServer)
}
