package server

import (
	"context"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/chat"
)

// postbox keeps what was sent.
type postbox struct {
	mu   sync.Mutex
	sent []chat.Mail
	err  error
}

func (p *postbox) Send(_ context.Context, m chat.Mail) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil {
		return p.err
	}
	p.sent = append(p.sent, m)
	return nil
}

func (p *postbox) last() chat.Mail {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.sent) == 0 {
		return chat.Mail{}
	}
	return p.sent[len(p.sent)-1]
}

// codes keeps transcript codes as storage does.
type codes struct {
	mu    sync.Mutex
	all   []chat.TranscriptCode
	tries map[string]int
}

func (c *codes) AddTranscriptCode(_ context.Context, x chat.TranscriptCode) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	count := 0
	for _, old := range c.all {
		if old.Visitor == x.Visitor {
			count++
		}
	}
	if count >= chat.TranscriptPerHour {
		return chat.ErrRateLimited
	}
	c.all = append(c.all, x)
	return nil
}

func (c *codes) TryTranscriptCode(_ context.Context, visitor, conversation, email string, _ time.Time) (chat.TranscriptCode, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := len(c.all) - 1; i >= 0; i-- {
		x := c.all[i]
		if x.Visitor == visitor && x.Conversation == conversation && x.Email == email && c.tries[x.ID] < chat.TranscriptTries {
			c.tries[x.ID]++
			return x, nil
		}
	}
	return chat.TranscriptCode{}, chat.ErrNotFound
}

func (c *codes) VoidTranscriptCode(_ context.Context, id string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tries[id] = chat.TranscriptTries
	return nil
}

// withMail gives a world whose server sends e-mail, and its postbox.
func withMail(t *testing.T) (*world, *postbox) {
	box := &postbox{}
	w := newWorld(t, func(o *Options) { o.Mail, o.Transcripts = box, &codes{tries: map[string]int{}} })
	return w, box
}

// asVisitor gives a page of the shop that asks with a visitor's token.
func (w *world) asVisitor(token string) *browser {
	b := w.browser()
	b.header.Set("Authorization", "Bearer "+token)
	b.header.Set("Origin", shopOrigin)
	return b
}

const mailPath = "/api/v1/sites/demo/transcript"

func TestAConversationGoesToWhoTellsTheCode(t *testing.T) {
	w, box := withMail(t)
	c, welcome := w.visitor("", 0)
	if welcome.Data["mail"] != true {
		t.Errorf("welcome does not say that there is e-mail: %s", welcome.raw)
	}
	c.send("say", map[string]any{"id": "m", "text": "My parcel is late"})
	c.answer("m")
	b := w.asVisitor(welcome.str("token"))
	ask := map[string]any{"conversation": welcome.str("conversation"), "email": "Ada@Example.com", "zone": "Europe/Budapest"}
	if status, out := b.do("POST", mailPath, ask); status != 200 || out["state"] != "code" {
		t.Fatalf("%d %v", status, out)
	}
	letter := box.last()
	code := regexp.MustCompile(`\b\d{6}\b`).FindString(letter.Text)
	if letter.To != "ada@example.com" || code == "" || strings.Contains(letter.Text, "parcel") {
		t.Fatalf("the first letter: %+v", letter)
	}
	wrong := "000000"
	if code == wrong {
		wrong = "111111"
	}
	ask["code"] = wrong
	if status, out := b.do("POST", mailPath, ask); status != 422 || len(box.sent) != 1 {
		t.Errorf("a wrong code: %d %v", status, out)
	}
	ask["code"] = code
	if status, out := b.do("POST", mailPath, ask); status != 200 || out["state"] != "sent" {
		t.Errorf("the right code: %d %v", status, out)
	}
	if letter := box.last(); letter.To != "ada@example.com" || !strings.Contains(letter.Text, "My parcel is late") || !strings.Contains(letter.Text, "Europe/Budapest") {
		t.Errorf("the transcript: %+v", letter)
	}
	if status, _ := b.do("POST", mailPath, ask); status != 422 || len(box.sent) != 2 {
		t.Errorf("the code a second time: %d, %d letters", status, len(box.sent))
	}
}

func TestNobodyHasOurServerWriteToStrangers(t *testing.T) {
	w, box := withMail(t)
	_, welcome := w.visitor("", 0)
	_, other := w.visitor("", 0)
	b := w.asVisitor(welcome.str("token"))
	own := welcome.str("conversation")
	for name, x := range map[string]struct {
		b      *browser
		body   map[string]any
		status int
	}{
		"no token":                 {w.asVisitor("wrong"), map[string]any{"conversation": own, "email": "a@example.com"}, 401},
		"another's conversation":   {b, map[string]any{"conversation": other.str("conversation"), "email": "a@example.com"}, 404},
		"no address":               {b, map[string]any{"conversation": own, "email": "ada"}, 422},
		"two addresses":            {b, map[string]any{"conversation": own, "email": "a@example.com, b@example.com"}, 422},
		"a code that was not made": {b, map[string]any{"conversation": own, "email": "a@example.com", "code": "123456"}, 422},
	} {
		if status, out := x.b.do("POST", mailPath, x.body); status != x.status {
			t.Errorf("%s: %d %v", name, status, out)
		}
	}
	if len(box.sent) != 0 {
		t.Errorf("%d letters went out: %+v", len(box.sent), box.sent)
	}
	ask := map[string]any{"conversation": own, "email": "a@example.com"}
	for i := range chat.TranscriptPerHour + 1 {
		status, _ := b.do("POST", mailPath, ask)
		if want := map[bool]int{true: 200, false: 429}[i < chat.TranscriptPerHour]; status != want {
			t.Errorf("code %d of an hour: %d", i+1, status)
		}
	}
}

func TestAMailServerThatIsAwayDoesNotCostTheCode(t *testing.T) {
	w, box := withMail(t)
	_, welcome := w.visitor("", 0)
	b := w.asVisitor(welcome.str("token"))
	ask := map[string]any{"conversation": welcome.str("conversation"), "email": "a@example.com"}
	b.do("POST", mailPath, ask)
	ask["code"] = regexp.MustCompile(`\b\d{6}\b`).FindString(box.last().Text)
	box.err = chat.ErrUnavailable
	if status, out := b.do("POST", mailPath, ask); status != 503 {
		t.Errorf("%d %v", status, out)
	}
	box.err = nil
	if status, out := b.do("POST", mailPath, ask); status != 200 {
		t.Errorf("%d %v", status, out)
	}
}

func TestWithoutMailTranscriptsAreRefusedPlainly(t *testing.T) {
	w := newWorld(t)
	_, welcome := w.visitor("", 0)
	status, out := w.asVisitor(welcome.str("token")).do("POST", mailPath, map[string]any{"conversation": welcome.str("conversation"), "email": "a@example.com"})
	if status != 422 || welcome.Data["mail"] != nil {
		t.Errorf("%d %v %s", status, out, welcome.raw)
	}
}

func TestTheVouchedAddressNeedsNoCode(t *testing.T) {
	w, _, key := withKey(t)
	box := &postbox{}
	w.s.o.Mail, w.s.o.Transcripts = box, &codes{tries: map[string]int{}}
	_, welcome := w.hello(map[string]any{"identity": jwtOf(t, key, "ada", "Ada", nil)})
	b := w.asVisitor(welcome.str("token"))
	status, out := b.do("POST", mailPath, map[string]any{"conversation": welcome.str("conversation"), "email": "ada@example.com"})
	if status != 200 || out["state"] != "sent" || !strings.HasPrefix(box.last().Subject, "Your chat") {
		t.Errorf("%d %v %+v", status, out, box.last())
	}
	if _, out = b.do("POST", mailPath, map[string]any{"conversation": welcome.str("conversation"), "email": "bea@example.com"}); out["state"] != "code" {
		t.Errorf("another address: %v", out)
	}
}
