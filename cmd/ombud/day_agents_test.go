package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"ombud/server/client"
)

// worker is one agent of the day at their console.
type worker struct {
	d *rehearsal
	a rehearsed
	r *rand.Rand

	conn  *client.Client
	chats map[string]*work
	ids   int
	acts  map[string]func(ok bool) // what to do when a request is answered
	asks  time.Time                // when the next of the line is asked for again
	told  time.Time                // when presence was last told
	state string
}

// work is a chat in hand.
type work struct {
	id      string
	left    int       // messages still to be sent
	due     time.Time // when the next thing is to be done
	waits   bool      // for an answer of the customer
	ends    string    // how it ends
	acting  bool      // a request is under way
	offered bool
}

func (w *worker) run(ctx context.Context) {
	for ctx.Err() == nil {
		conn, err := client.Dial(ctx, w.d.s.address(), "", client.Hello{Token: w.d.tokens[w.a.user.ID]})
		if err != nil {
			var refused *client.Problem
			if errors.As(err, &refused) && !refused.Temporary {
				w.d.fail("%s was refused: %v", w.a.user.ID, err)
				return
			}
			wait(ctx, 50*time.Millisecond)
			continue
		}
		w.conn, w.chats, w.acts = conn, map[string]*work{}, map[string]func(bool){}
		w.asks, w.told, w.state = time.Time{}, time.Time{}, ""
		w.shift(ctx, pump(conn))
	}
}

func (w *worker) shift(ctx context.Context, frames <-chan client.Frame) {
	defer func() {
		w.conn.Close()
		for range frames { // lets the reader end
		}
	}()
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case f, ok := <-frames:
			if !ok {
				return
			}
			w.on(f)
		case <-tick.C:
			w.tick()
		}
	}
}

// works says whether the agent takes chats at a time of the day. After the last customer has come the shift goes on.
func (w *worker) works(at time.Duration) bool {
	if at > w.d.plan.Opens+w.d.plan.Length {
		return true
	}
	onBreak := slices.ContainsFunc(w.a.breaks, func(b time.Duration) bool { return at >= b && at < b+30*time.Minute })
	return at >= w.a.from && at < w.a.to && !onBreak
}

func (w *worker) tick() {
	state := "offline"
	switch at := w.d.now(); {
	case w.works(at):
		state = "online"
	case len(w.chats) > 0, at >= w.a.from && at < w.a.to:
		state = "away" // on a break, or finishing what they have
	}
	if state != w.state || time.Since(w.told) > 15*time.Second {
		w.state, w.told = state, time.Now()
		w.send("presence", nil, map[string]any{"state": state})
	}
	now := time.Now()
	for _, c := range w.chats {
		if !c.acting && now.After(c.due) {
			w.proceed(c)
		}
	}
	if state == "online" && len(w.chats) < w.a.user.Capacity && now.After(w.asks) {
		w.asks = now.Add(time.Minute)
		w.send("next", func(ok bool) {
			if w.asks = time.Now(); !ok { // nothing fits: they look again in a moment
				w.asks = w.asks.Add(400 * time.Millisecond)
			}
		}, map[string]any{})
	}
}

// send makes a request; done hears how it was answered.
func (w *worker) send(kind string, done func(ok bool), data map[string]any) {
	w.ids++
	id := fmt.Sprintf("%s-%d-%d", w.a.user.ID, w.d.began.Unix(), w.ids)
	data["id"] = id
	if done != nil {
		w.acts[id] = done
	}
	_ = w.conn.Send(kind, 0, data) // a broken connection shows itself by its end
}

func (w *worker) on(f client.Frame) {
	switch f.Type {
	case "ack", "error":
		w.answered(f)
	case "queue":
		var q struct {
			Items, Changed []struct {
				Conversation, Owner string
				Agent               struct{ ID string }
			}
		}
		if json.Unmarshal(f.Data, &q) != nil {
			return
		}
		for _, it := range append(q.Items, q.Changed...) {
			mine := it.Owner == "agent" && it.Agent.ID == w.a.user.ID
			if c := w.chats[it.Conversation]; c != nil && !mine && !c.acting {
				w.drop(it.Conversation)
			} else if c == nil && mine {
				w.take(it.Conversation)
			}
		}
	case "event":
		e, err := f.Event()
		if err != nil {
			w.d.fail("%s: %v", w.a.user.ID, err)
			return
		}
		if c := w.chats[e.Conversation]; c != nil && c.waits && e.Role == "visitor" {
			c.waits, c.due = false, time.Now().Add(w.pause(15, 45))
		}
	}
}

func (w *worker) answered(f client.Frame) {
	var p client.Problem
	ok := f.Type == "ack"
	if !ok && json.Unmarshal(f.Data, &p) == nil && !p.Temporary &&
		!slices.Contains([]string{"stale", "taken", "closed", "not_found", "capacity", "invalid"}, p.Code) {
		w.d.fail("%s: %s", w.a.user.ID, f.Data)
	}
	if done := w.acts[f.ID()]; done != nil {
		delete(w.acts, f.ID())
		done(ok)
	}
}

// take begins with a chat that has just become theirs, or still is after a crash.
func (w *worker) take(id string) {
	ends := map[int]string{0: "release", 1: "transfer", 2: "transfer", 3: "escalate", 4: "return", 5: "colleague"}[w.r.IntN(25)]
	if ends == "" {
		ends = "close"
	}
	w.chats[id] = &work{id: id, left: 1 + w.r.IntN(w.d.plan.Words), due: time.Now().Add(w.pause(10, 40)), ends: ends}
	w.send("open", nil, map[string]any{"conversation": id})
}

func (w *worker) drop(id string) {
	delete(w.chats, id)
	w.send("leave", nil, map[string]any{"conversation": id})
}

// pause is so many seconds of life, at random between two.
func (w *worker) pause(from, to int) time.Duration {
	return real(time.Duration(from+w.r.IntN(to-from+1)) * time.Second)
}

// proceed says the next thing in a chat, or ends it.
func (w *worker) proceed(c *work) {
	c.acting, c.due = true, time.Now().Add(w.pause(90, 120)) // if no answer comes, they go on
	after := func(bool) { c.acting = false }
	data := map[string]any{"conversation": c.id}
	switch {
	case c.left > 0:
		c.left--
		c.waits = true
		data["text"] = fmt.Sprintf("I am looking into it. (%d to go)", c.left)
		w.send("say", after, data)
	case !c.offered && w.r.IntN(8) == 0:
		c.offered = true
		data["remedy"], data["worth"], data["currency"], data["text"] = "discount", 500+w.r.IntN(1500), "EUR", "Something off your next order."
		w.send("offer", after, data)
	default:
		w.end(c, data)
	}
}

func (w *worker) end(c *work, data map[string]any) {
	kind := c.ends
	after := func(ok bool) {
		c.acting, c.ends = false, "close" // what was refused ends in the plain way
		if ok {
			w.drop(c.id)
		}
	}
	switch c.ends {
	case "close":
		data["outcome"], data["cause"], data["product"] = "settled", "late_or_lost", "kettle"
		data["label"] = []string{"right_time", "too_late", "not_needed"}[w.r.IntN(3)]
		after = func(bool) { w.drop(c.id) } // done, or somebody else's by now
	case "escalate":
		data["level"], data["reason"] = min(4, w.a.user.Level+1), "beyond my mandate"
	case "transfer":
		data["skill"], data["word"] = "billing", "It is about the bill."
	case "colleague":
		kind = "transfer"
		data["to"] = w.d.plan.Agents[w.r.IntN(len(w.d.plan.Agents))].user.ID
	}
	w.send(kind, after, data)
}
