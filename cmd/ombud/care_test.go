package main

import (
	"bufio"
	"fmt"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"

	"ombud/bot"
	"ombud/chat"
	"ombud/server/client"
	"ombud/storage/storagetest"
)

// mailServer is an SMTP server for as many messages as come, and gives their texts.
func mailServer(t *testing.T) (url string, got <-chan string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	texts := make(chan string, 20)
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go takeMail(c, texts)
		}
	}()
	t.Cleanup(func() { l.Close() })
	return "smtp://" + l.Addr().String(), texts
}

func takeMail(c net.Conn, texts chan<- string) {
	defer c.Close()
	r := bufio.NewReader(c)
	fmt.Fprint(c, "220 test\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		switch verb := strings.ToUpper(line[:4]); verb {
		case "DATA":
			fmt.Fprint(c, "354 go on\r\n")
			var m strings.Builder
			for line, err := r.ReadString('\n'); err == nil && line != ".\r\n"; line, err = r.ReadString('\n') {
				m.WriteString(line)
			}
			_, body, _ := strings.Cut(m.String(), "\r\n\r\n")
			text, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(body))) // what cannot be read is missed by the test
			texts <- string(text)
			fmt.Fprint(c, "250 kept\r\n")
		case "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 fine\r\n")
		}
	}
}

func await(t *testing.T, what string, from <-chan string) string {
	t.Helper()
	select {
	case s := <-from:
		return s
	case <-time.After(30 * time.Second):
		t.Fatalf("no %s", what)
		return ""
	}
}

// TestAMessageLeftIsAnsweredByMailAndOnThePage goes the whole way over real sockets: a visitor leaves a message, is
// written to, an agent answers, the answer arrives by mail, the link in it opens the page, and a program is told.
func TestAMessageLeftIsAnsweredByMailAndOnThePage(t *testing.T) {
	storagetest.EachURL(t, func(t *testing.T, url string) {
		smtp, mails := mailServer(t)
		a := openNode(t, url, config{TurnPause: time.Minute, outward: outward{SMTPURL: smtp, MailFrom: "help@shop.example", WebhooksInside: true}})
		admin := a.administrator(t)
		calls := make(chan string, 20)
		var secret string
		hook := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			body, err := io.ReadAll(r.Body)
			wh, err2 := standardwebhooks.NewWebhook(secret)
			if err != nil || err2 != nil || wh.Verify(body, r.Header) != nil {
				body = []byte("not signed")
			}
			calls <- string(body)
		}))
		defer hook.Close()
		var hooks struct{ Webhooks []struct{ Secret string } }
		if status := admin.call("PUT", "/webhooks", map[string]any{"webhooks": []any{map[string]any{"url": hook.URL, "kinds": []string{"left_message"}}}}, &hooks); status != 200 {
			t.Fatalf("webhook: %d", status)
		}
		secret = hooks.Webhooks[0].Secret

		c := dial(t, a.base, client.Hello{Site: "demo", Locale: "en"})
		if err := c.Send("leave_message", 0, map[string]any{"id": "m1", "text": "My parcel has not arrived. Where is it?", "email": "zoe@example.com"}); err != nil {
			t.Fatal(err)
		}
		if first := await(t, "acknowledgement", mails); !strings.Contains(first, "We have your message") {
			t.Errorf("first mail: %q", first)
		}
		if call := await(t, "webhook", calls); !strings.Contains(strings.ReplaceAll(call, " ", ""), `"type":"left_message"`) {
			t.Errorf("webhook: %s", call)
		}
		tickets, err := a.db.Queue(t.Context())
		if err != nil || len(tickets) != 1 {
			t.Fatalf("%d tickets, %v", len(tickets), err)
		}
		ticket := tickets[0]
		if _, err := a.hub.Brief(t.Context(), ticket.ID); err != nil || ticket.Reason != bot.ReasonHuman || ticket.Severity == "" || ticket.Skill == "" || ticket.Topic == "" {
			t.Errorf("not ranked and routed like a handoff: %+v, %v", ticket, err)
		}
		ann := chat.User{ID: "ann", Name: "Ann", Level: ticket.Level, Skills: []string{ticket.Skill}, Languages: []string{"en"}}
		if err := a.hub.Claim(t.Context(), ann, tickets[0].ID); err != nil {
			t.Fatal(err)
		}
		who := chat.Identity{Role: chat.RoleAgent, ID: "ann", Name: "Ann"}
		for range 2 { // a retry sends no second mail
			if _, _, err := a.hub.Say(t.Context(), who, tickets[0].ID, "r1", "It comes on Monday."); err != nil {
				t.Fatal(err)
			}
		}
		reply := await(t, "answer", mails)
		link := regexp.MustCompile(`http\S+/my/\S+`).FindString(reply)
		if !strings.Contains(reply, "It comes on Monday.") || link == "" {
			t.Fatalf("answer: %q", reply)
		}
		resp, err := http.Get(strings.Replace(link, a.url, a.base, 1))
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		page, err := io.ReadAll(resp.Body)
		if err != nil || resp.StatusCode != 200 || !strings.Contains(string(page), "It comes on Monday.") {
			t.Errorf("page: %d %v %s", resp.StatusCode, err, page)
		}
		select {
		case more := <-mails:
			t.Errorf("one mail too many: %q", more)
		default:
		}
	})
}

func TestMailNeedsASender(t *testing.T) {
	for _, o := range []outward{{SMTPURL: "smtp://mail.example"}, {SMTPURL: "mail.example:25", MailFrom: "a@b.example"}, {SMTPURL: "smtp://m.example", MailFrom: "nobody"}} {
		if err := (config{outward: o}).validate(); err == nil || !strings.Contains(err.Error(), "--smtp-url") {
			t.Errorf("%+v: %v", o, err)
		}
	}
	if m, err := (outward{}).mailer(now); m != nil || err != nil {
		t.Errorf("without settings: %v %v", m, err)
	}
}
