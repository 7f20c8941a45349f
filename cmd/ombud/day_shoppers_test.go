package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"ombud/server/client"
)

// asks are words in which people ask for a person, plainly or not, by language and with the severities that follow.
var asks = []struct{ lang, text string }{
	{"en", "I want to talk to a human, please."}, {"en", "Let me speak to a real person."}, {"en", "Get me your supervisor, now."},
	{"en", "My parcel never arrived, let me talk to a person."}, {"en", "I was charged twice on my bill. I want to talk to somebody."},
	{"en", "The charger caught fire tonight and burnt the table."}, {"en", "If I do not get my money back I will take you to court."},
	{"hu", "Élő emberrel szeretnék beszélni."}, {"hu", "Kérem, kapcsoljon egy ügyintézőt."}, {"hu", "Hívja a főnökét, azonnal."},
	{"sl", "Rad bi govoril s človekom."}, {"sl", "Povežite me s svetovalcem, prosim."},
	{"fr", "Je veux parler à un humain."}, {"fr", "Passez-moi un conseiller, s'il vous plaît."}, {"zh", "转人工"}, {"zh", "我要找人工客服"},
}

// questions are for the bot.
var questions = []string{"Where is my order?", "How can I return a jacket?", "Do you ship to Norway?", "How long is the warranty?", "I forgot my password."}

// shopper is one customer of the day.
type shopper struct {
	d *rehearsal
	n int
	r *rand.Rand

	token, conversation string
	since               int64
	shown               map[int64]string // seq to kind
	acked               map[string]int64
	say                 []string // what is to be said next; the first is under way
	sent                int      // messages begun
	conn                *client.Client

	wantsPerson, leaves   bool // leaves: goes away without a word while waiting
	patience              time.Duration
	queued, served, ended bool
	insisted, replies     int
	left                  bool      // left a message
	next                  time.Time // when the next thing is to be done; zero: nothing
	act                   func()
}

func newShopper(d *rehearsal, n int, r *rand.Rand) *shopper {
	c := &shopper{d: d, n: n, r: r, shown: map[int64]string{}, acked: map[string]int64{}}
	c.wantsPerson = r.IntN(100) < 60
	c.patience = time.Duration(15+r.IntN(60)) * time.Minute
	c.leaves = r.IntN(100) < 4
	if c.wantsPerson {
		c.say = []string{asks[r.IntN(len(asks))].text}
	} else {
		c.say = []string{questions[r.IntN(len(questions))]}
	}
	return c
}

// run is the customer's visit: as long as they have not ended it, they come back after every crash.
func (c *shopper) run(ctx context.Context) {
	for ctx.Err() == nil && !c.ended {
		conn, err := client.Dial(ctx, c.d.s.address(), "", client.Hello{Site: "demo", Token: c.token, Since: c.since})
		if err != nil {
			var refused *client.Problem
			if errors.As(err, &refused) && !refused.Temporary {
				c.d.fail("customer %d was refused: %v", c.n, err)
				return
			}
			wait(ctx, 50*time.Millisecond)
			continue
		}
		if conn.Welcome.Token != "" {
			if c.token != "" {
				c.d.fail("the token of customer %d was forgotten", c.n)
			}
			c.token, c.conversation = conn.Welcome.Token, conn.Welcome.Conversation
		}
		c.conn = conn
		c.visit(ctx, pump(conn))
		conn.Close()
	}
}

// pump reads frames until the connection ends, and then closes the channel.
func pump(conn *client.Client) <-chan client.Frame {
	out := make(chan client.Frame, 64)
	go func() {
		defer close(out)
		for {
			f, err := conn.Next(time.Hour)
			if err != nil {
				return
			}
			out <- f
		}
	}()
	return out
}

func (c *shopper) visit(ctx context.Context, frames <-chan client.Frame) {
	defer func() {
		c.conn.Close()
		for range frames { // lets the reader end
		}
	}()
	c.speak()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for !c.ended {
		select {
		case <-ctx.Done():
			return
		case f, ok := <-frames:
			if !ok {
				return
			}
			c.on(f)
		case <-tick.C:
			if !c.next.IsZero() && time.Now().After(c.next) {
				act := c.act
				c.next, c.act = time.Time{}, nil
				act()
			}
		}
	}
}

// later does something after so long in life.
func (c *shopper) later(d time.Duration, act func()) { c.next, c.act = time.Now().Add(real(d)), act }

// speak sends what is under way, or begins the next. It is sent again under the same id until it is acknowledged.
func (c *shopper) speak() {
	if len(c.say) > 0 {
		_ = c.conn.Say(fmt.Sprintf("s%d-%d", c.n, c.sent), c.say[0]) // a broken connection shows itself by its end
	}
}

func (c *shopper) on(f client.Frame) {
	switch f.Type {
	case "ack":
		if seq, again := c.acked[f.ID()]; again && seq != f.Seq {
			c.d.fail("%s was acknowledged as %d and as %d", f.ID(), seq, f.Seq)
		}
		if f.Seq == 0 {
			c.acted(f.ID())
			return
		}
		c.acked[f.ID()] = f.Seq
		c.since = max(c.since, f.Seq)
		if len(c.say) > 0 && f.ID() == fmt.Sprintf("s%d-%d", c.n, c.sent) {
			c.say, c.sent = c.say[1:], c.sent+1
			c.speak()
		}
	case "error":
		var p client.Problem
		if json.Unmarshal(f.Data, &p) == nil && !p.Temporary && p.Code != "stale" && p.Code != "closed" {
			c.d.fail("customer %d: %s", c.n, f.Data)
		}
	case "event":
		e, err := f.Event()
		if err != nil {
			c.d.fail("customer %d: %v", c.n, err)
			return
		}
		if kind, again := c.shown[f.Seq]; again {
			c.d.fail("customer %d was shown event %d twice: %s, then %s", c.n, f.Seq, kind, e.Kind)
		}
		c.shown[f.Seq], c.since = e.Kind, max(c.since, f.Seq)
		c.react(e, f.Data)
	}
}

// acted follows up on what has no place in the log of its own.
func (c *shopper) acted(id string) {
	switch id {
	case "left", "bye":
		c.ended = true
	}
}

func (c *shopper) react(e client.Event, data json.RawMessage) {
	switch {
	case e.Kind == "handoff_requested":
		c.queued = true
		c.wait()
	case e.Kind == "handoff_claimed":
		c.served = true
		c.next = time.Time{}
	case e.Kind == "handoff_released", e.Kind == "handoff_escalated", e.Kind == "handoff_transferred":
		c.wait()
	case e.Kind == "returned_to_bot":
		c.queued = false
		c.later(time.Minute, func() { _ = c.conn.Send("end", 0, map[string]string{"id": "bye"}) })
	case e.Kind == "offer":
		var o struct{ ID, State string }
		if json.Unmarshal(data, &o) == nil && o.State == "offered" {
			_ = c.conn.Send("answer_offer", 0, map[string]any{"id": "a-" + o.ID, "offer": o.ID, "accept": c.r.IntN(4) > 0})
		}
	case e.Kind == "closed":
		c.later(20*time.Second, func() { c.ended = true })
	case e.Kind == "message" && e.Role == "agent":
		c.later(time.Duration(5+c.r.IntN(25))*time.Second, func() { c.tell("That is how it is, number " + fmt.Sprint(c.replies) + ".") })
		c.replies++
	case e.Kind == "message" && e.Role == "bot" && !c.queued && c.sent > 0:
		c.answerBot()
	}
}

func (c *shopper) tell(text string) {
	c.say = append(c.say, text)
	if len(c.say) == 1 {
		c.speak()
	}
}

// answerBot insists on a person, or is content.
func (c *shopper) answerBot() {
	switch {
	case c.wantsPerson && c.insisted < 3:
		c.insisted++
		c.later(time.Minute, func() {
			if !c.queued {
				c.tell("I want to talk to a human, please. Connect me to a person now.")
			}
		})
	case !c.wantsPerson || c.insisted >= 3:
		c.later(time.Minute, func() { _ = c.conn.Send("end", 0, map[string]string{"id": "bye"}) })
	}
}

// wait is patient for so long: then some go away, and others leave a message.
func (c *shopper) wait() {
	c.later(c.patience, func() {
		if c.leaves {
			c.ended = true
			return
		}
		c.left = true
		_ = c.conn.Send("leave_message", 0, map[string]string{"id": "left", "text": "Please write to me.", "email": "customer@example.com"})
		c.later(2*time.Minute, func() { c.wait() }) // where somebody was faster, they are there now
	})
}
