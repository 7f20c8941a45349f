package notify_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/quotedprintable"
	"net"
	"net/mail"
	"strings"
	"testing"
	"time"

	"ombud/chat"
	"ombud/notify"
)

// smtpd is an SMTP server (RFC 5321) that keeps what it is given, in plain text and for one client at a time.
type smtpd struct {
	l    net.Listener
	got  chan string // one whole message each
	deny string      // reply to RCPT, if set
}

func newSMTPd(t *testing.T) *smtpd {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := &smtpd{l: l, got: make(chan string, 10)}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			d.talk(c)
		}
	}()
	t.Cleanup(func() { l.Close(); <-done })
	return d
}

func (d *smtpd) talk(c net.Conn) {
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	r := bufio.NewReader(c)
	say := func(s string) { fmt.Fprintf(c, "%s\r\n", s) }
	say("220 test")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(line)), " ")
		switch {
		case verb == "EHLO":
			say("250-test\r\n250 8BITMIME")
		case verb == "RCPT" && d.deny != "":
			say(d.deny)
		case verb == "DATA":
			say("354 go on")
			var m strings.Builder
			for {
				line, err := r.ReadString('\n')
				if err != nil || line == ".\r\n" {
					break
				}
				m.WriteString(strings.TrimPrefix(line, "."))
			}
			d.got <- m.String()
			say("250 kept")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 fine")
		}
	}
}

func mailer(t *testing.T, d *smtpd) *notify.Mailer {
	t.Helper()
	m, err := notify.NewMailer(notify.MailOptions{URL: "smtp://" + d.l.Addr().String(), From: "Shop <help@shop.example>",
		Now: func() time.Time { return time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC) }})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestAMessageArrivesAsItWasWritten(t *testing.T) {
	d := newSMTPd(t)
	x := chat.Mail{ID: "m1", To: "zoé@example.com", Subject: "Válaszoltunk\r\nBcc: spy@example.com", Text: "Kedves Zoé!\n\n.\nŐrült idők – 你好\n"}
	x.To = "zoe@example.com"
	if err := mailer(t, d).Send(t.Context(), x); err != nil {
		t.Fatal(err)
	}
	m, err := mail.ReadMessage(strings.NewReader(<-d.got))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.ReplaceAll(string(text), "\r\n", "\n"); strings.TrimSpace(got) != strings.TrimSpace(x.Text) {
		t.Errorf("text %q", got)
	}
	if m.Header.Get("Message-Id") != "<m1@shop.example>" || m.Header.Get("Bcc") != "" || m.Header.Get("Auto-Submitted") == "" {
		t.Errorf("header %v", m.Header)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || !strings.HasPrefix(subject, "Válaszoltunk") {
		t.Errorf("subject %q %v", subject, err)
	}
}

func TestARefusalForGoodIsTold(t *testing.T) {
	d := newSMTPd(t)
	for reply, forGood := range map[string]bool{"550 no such user": true, "451 later": false} {
		d.deny = reply
		err := mailer(t, d).Send(t.Context(), chat.Mail{ID: "m", To: "a@example.com", Text: "x"})
		if err == nil || errors.Is(err, chat.ErrInvalid) != forGood {
			t.Errorf("%s: %v", reply, err)
		}
	}
	if err := mailer(t, d).Send(t.Context(), chat.Mail{ID: "m", To: "nobody", Text: "x"}); !errors.Is(err, chat.ErrInvalid) {
		t.Errorf("address: %v", err)
	}
}

func TestWrongMailSettingsAreRefusedAtTheStart(t *testing.T) {
	for _, o := range []notify.MailOptions{{URL: "host:25", From: "a@b.example"}, {URL: "http://x", From: "a@b.example"}, {URL: "smtp://x:secret@", From: "a@b.example"}, {URL: "smtp://x", From: "nobody"}} {
		if _, err := notify.NewMailer(o); err == nil || strings.Contains(err.Error(), "secret") {
			t.Errorf("%+v: %v", o, err)
		}
	}
}
