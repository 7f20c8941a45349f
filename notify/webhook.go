package notify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"syscall"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"ombud/chat"
)

const (
	webhookTimeout = 15 * time.Second
	answerLimit    = 64 << 10 // of an answer is read, so that the connection can be used again
)

// ErrAddress says that a webhook's address lies inside our own network.
var ErrAddress = errors.New("address is not a public one")

// Poster sends webhooks signed by the Standard Webhooks scheme (https://www.standardwebhooks.com).
type Poster struct{ client *http.Client }

// NewPoster makes a poster. Unless internal is set, it connects to public addresses only: the check is made on the
// very address that is dialled, after the name was resolved, so that a name that changes its mind gains nothing.
func NewPoster(internal bool) *Poster {
	d := &net.Dialer{Timeout: 5 * time.Second}
	if !internal {
		d.Control = func(_, address string, _ syscall.RawConn) error {
			at, err := netip.ParseAddrPort(address)
			if err != nil || !public(at.Addr()) {
				return fmt.Errorf("dial %s: %w", address, ErrAddress)
			}
			return nil
		}
	}
	return &Poster{client: &http.Client{
		Timeout: webhookTimeout,
		// No proxy from the environment: it would do the dialling instead of us.
		Transport: &http.Transport{DialContext: d.DialContext, TLSHandshakeTimeout: 5 * time.Second, MaxIdleConns: 16,
			IdleConnTimeout: time.Minute, ResponseHeaderTimeout: 10 * time.Second},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// special are the ranges that are neither loopback, private, link-local nor multicast, and yet not the public internet
// (IANA special-purpose address registries), or that wrap an IPv4 address.
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"), netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"), netip.MustParsePrefix("64:ff9b::/96"),
	netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("100::/64"), netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("192.88.99.0/24"), netip.MustParsePrefix("::ffff:0:0:0/96"), netip.MustParsePrefix("3fff::/20"), netip.MustParsePrefix("5f00::/16"),
	netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("::/96"), netip.MustParsePrefix("fec0::/10"),
}

func public(ip netip.Addr) bool {
	ip = ip.Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || ip.IsLoopback() || ip.IsLinkLocalUnicast() {
		return false
	}
	for _, p := range special {
		if p.Contains(ip) {
			return false
		}
	}
	return true
}

// Post delivers one payload. The receiver knows a repeated delivery by its id. chat.ErrInvalid says that trying
// again makes no sense: the address or the secret is wrong, or the receiver answered 410 Gone.
func (p *Poster) Post(ctx context.Context, to, secret, id string, at time.Time, payload []byte) error {
	u, err := url.Parse(to)
	if err != nil || u.Host == "" || u.User != nil || (u.Scheme != "http" && u.Scheme != "https") {
		return fmt.Errorf("webhook %s: %w: give http(s)://host/path", id, chat.ErrInvalid)
	}
	signer, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		return fmt.Errorf("webhook %s: %w: %w", id, chat.ErrInvalid, err)
	}
	signature, err := signer.Sign(id, at, payload)
	if err != nil {
		return fmt.Errorf("sign webhook %s: %w", id, err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(payload))
	if err != nil {
		return fmt.Errorf("webhook %s: %w: %w", id, chat.ErrInvalid, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "ombud")
	req.Header.Set(standardwebhooks.HeaderWebhookID, id)
	req.Header.Set(standardwebhooks.HeaderWebhookTimestamp, strconv.FormatInt(at.Unix(), 10))
	req.Header.Set(standardwebhooks.HeaderWebhookSignature, signature)
	resp, err := p.client.Do(req)
	if errors.Is(err, ErrAddress) {
		return fmt.Errorf("webhook %s: %w: %w", id, chat.ErrInvalid, err)
	}
	if err != nil {
		return fmt.Errorf("webhook %s: %w", id, err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, answerLimit)) // only the status counts
	switch {
	case resp.StatusCode >= 200 && resp.StatusCode < 300:
		return nil
	case resp.StatusCode == http.StatusGone:
		return fmt.Errorf("webhook %s: %w: %s", id, chat.ErrInvalid, resp.Status)
	}
	return fmt.Errorf("webhook %s: answered %s", id, resp.Status)
}
