package notify_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"ombud/chat"
	"ombud/notify"
)

const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

func TestAWebhookIsSigned(t *testing.T) {
	wh, err := standardwebhooks.NewWebhook(secret)
	if err != nil {
		t.Fatal(err)
	}
	status := http.StatusOK
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != `{"type":"closed"}` {
			t.Errorf("body %q %v", body, err)
		}
		if err := wh.Verify(body, r.Header); err != nil {
			t.Errorf("signature: %v", err)
		}
		if err := wh.Verify([]byte("other"), r.Header); err == nil {
			t.Error("any body passes")
		}
		w.Header().Set("Location", "http://127.0.0.1:1/")
		w.WriteHeader(status)
	}))
	defer s.Close()
	for code, want := range map[int]string{200: "", 204: "", 302: "again", 500: "again", 429: "again", 410: "never"} {
		status = code
		err := notify.NewPoster(true).Post(t.Context(), s.URL+"/hook", secret, "msg_1", time.Now(), []byte(`{"type":"closed"}`))
		got := ""
		if err != nil {
			got = "again"
		}
		if errors.Is(err, chat.ErrInvalid) {
			got = "never"
		}
		if got != want {
			t.Errorf("%d: %v", code, err)
		}
	}
}

// TestOurOwnNetworkIsOutOfReach dials addresses of the inside, plainly and in disguise.
func TestOurOwnNetworkIsOutOfReach(t *testing.T) {
	reached := false
	s := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	defer s.Close()
	port := s.URL[strings.LastIndex(s.URL, ":"):]
	p := notify.NewPoster(false)
	inside := []string{"127.0.0.1", "127.1", "127.255.255.254", "localhost", "LOCALHOST", "localhost.", "2130706433", "0x7f000001", "0x7f.0.0.1", "017700000001", "0177.0.0.1", "0", "0.0.0.0", "0.1.2.3",
		"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.255.254", "169.254.0.1", "169.254.169.254", "100.64.0.1", "100.127.255.254", "192.0.0.1", "192.0.2.1",
		"192.88.99.1", "198.18.0.1", "198.19.255.254", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"[::]", "[::1]", "[0:0:0:0:0:0:0:1]", "[::127.0.0.1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::ffff:10.0.0.1]", "[::ffff:169.254.169.254]", "[::ffff:0:127.0.0.1]",
		"[64:ff9b::7f00:1]", "[64:ff9b::a9fe:a9fe]", "[64:ff9b:1::1]", "[100::1]", "[2001::1]", "[2001:db8::1]", "[2002:7f00:1::]", "[2002:a00:1::]", "[3fff::1]", "[fc00::1]", "[fd00::1]", "[fd00:ec2::254]",
		"[fe80::1]", "[fec0::1]", "[ff02::1]", "[ff05::2]"}
	odd := map[string]bool{"127.1": true, "2130706433": true, "0x7f000001": true, "0x7f.0.0.1": true, "017700000001": true, "0177.0.0.1": true, "0": true, "localhost.": true}
	if len(inside) < 60 {
		t.Errorf("only %d addresses", len(inside))
	}
	for _, host := range inside {
		err := p.Post(t.Context(), "http://"+host+port+"/", secret, "m", time.Now(), []byte("{}"))
		// An odd spelling that the system's resolver does not take for an address is not reached either: whether it does differs.
		var unknown *net.DNSError
		if odd[host] && errors.As(err, &unknown) {
			continue
		}
		if !errors.Is(err, chat.ErrInvalid) || !errors.Is(err, notify.ErrAddress) {
			t.Errorf("%s: %v", host, err)
		}
	}
	for _, bad := range []string{"ftp://example.com/", "file:///etc/passwd", "http://user:pw@example.com/", "http://", "//x"} {
		if err := p.Post(t.Context(), bad, secret, "m", time.Now(), nil); !errors.Is(err, chat.ErrInvalid) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if reached {
		t.Error("the inside was reached")
	}
}
