package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ombud/server/client"
	"ombud/storage/storagetest"
)

const (
	crashClients = 20
	crashKills   = 100 // half on each database; OMBUD_CRASH_KILLS sets another number
)

// chatter is one visitor who keeps writing through every crash, and who retries what was not acknowledged.
type chatter struct {
	t     *testing.T
	s     *shopServer
	n     int
	pause func() time.Duration
	token string
	since int64
	next  int              // number of the message that is to be sent
	acked map[string]int64 // client id to seq
	acks  *atomic.Int64    // of all clients together
	shown map[int64]string // seq to what was shown
}

func (c *chatter) id(n int) string { return fmt.Sprintf("c%d-m%d", c.n, n) }

// run chats until ctx ends, then finishes the message it is at.
func (c *chatter) run(ctx context.Context) error {
	for ctx.Err() == nil {
		conn, err := client.Dial(context.Background(), c.s.address(), "", client.Hello{Site: "demo", Token: c.token, Since: c.since})
		if err != nil {
			var refused *client.Problem
			if errors.As(err, &refused) && !refused.Temporary {
				return fmt.Errorf("client %d was refused: %w", c.n, err)
			}
			wait(ctx, 20*time.Millisecond)
			continue
		}
		if conn.Welcome.Token != "" {
			if c.token != "" {
				return fmt.Errorf("client %d: its token was forgotten", c.n)
			}
			c.token = conn.Welcome.Token
		}
		err = c.talk(ctx, conn)
		conn.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// talk sends one message after the other until the connection or ctx ends. It fails only on a broken promise.
func (c *chatter) talk(ctx context.Context, conn *client.Client) error {
	for ctx.Err() == nil {
		wait(ctx, c.pause())
		if conn.Say(c.id(c.next), fmt.Sprintf("message %d of client %d", c.next, c.n)) != nil {
			return nil
		}
		for {
			f, err := conn.Next(5 * time.Second)
			if err != nil {
				return nil
			}
			switch f.Type {
			case "event":
				if err := c.see(f); err != nil {
					return err
				}
				continue
			case "error":
				p := f.Problem()
				var problem *client.Problem
				if errors.As(p, &problem) && problem.Temporary {
					return nil
				}
				return fmt.Errorf("client %d: %w", c.n, p)
			case "ack":
				if f.ID() != c.id(c.next) {
					continue
				}
				if seq, again := c.acked[f.ID()]; again && seq != f.Seq {
					return fmt.Errorf("%s was acknowledged as %d and as %d", f.ID(), seq, f.Seq)
				}
				c.acked[f.ID()] = f.Seq
				c.acks.Add(1)
				c.next++
			default:
				continue
			}
			break
		}
	}
	return nil
}

// see notes an event and fails on one that was shown before or that goes back.
func (c *chatter) see(f client.Frame) error {
	e, err := f.Event()
	if err != nil {
		return err
	}
	if old, again := c.shown[f.Seq]; again {
		return fmt.Errorf("client %d was shown event %d twice: %q, then %q", c.n, f.Seq, old, e.Text)
	}
	if f.Seq <= c.since {
		return fmt.Errorf("client %d was shown event %d after %d", c.n, f.Seq, c.since)
	}
	c.shown[f.Seq] = e.Text
	c.since = f.Seq
	return nil
}

// check reads the whole conversation as a fresh listener and holds it against what was acknowledged and shown.
func (c *chatter) check() error {
	conn, err := client.Dial(context.Background(), c.s.address(), "", client.Hello{Site: "demo", Token: c.token})
	if err != nil {
		return fmt.Errorf("client %d comes back: %w", c.n, err)
	}
	defer conn.Close()
	var last int64
	mine := map[string]int64{}
	acknowledged := map[int64]bool{}
	for _, seq := range c.acked {
		acknowledged[seq] = true
	}
	order := -1
	for len(mine) < len(c.acked) {
		f, err := conn.Next(10 * time.Second)
		if err != nil {
			return fmt.Errorf("client %d: %d of %d acknowledged messages are there: %w", c.n, len(mine), len(c.acked), err)
		}
		if f.Type != "event" {
			continue
		}
		e, err := f.Event()
		if err != nil {
			return err
		}
		if f.Seq <= last {
			return fmt.Errorf("client %d: event %d after %d", c.n, f.Seq, last)
		}
		last = f.Seq
		if shown, ok := c.shown[f.Seq]; ok && shown != e.Text {
			return fmt.Errorf("client %d: event %d was %q and is %q", c.n, f.Seq, shown, e.Text)
		} else if !ok && f.Seq <= c.since && !acknowledged[f.Seq] { // an acknowledgement stands in place of the echo
			return fmt.Errorf("client %d saw event %d and never event %d: %q", c.n, c.since, f.Seq, e.Text)
		}
		if e.Role != "visitor" {
			continue
		}
		if _, twice := mine[e.ID]; twice {
			return fmt.Errorf("client %d: %s is stored twice", c.n, e.ID)
		}
		if seq, ok := c.acked[e.ID]; ok && seq != f.Seq {
			return fmt.Errorf("client %d: %s was acknowledged as %d and is %d", c.n, e.ID, seq, f.Seq)
		}
		_, number, _ := strings.Cut(e.ID, "-m")
		n, err := strconv.Atoi(number)
		if err != nil || n <= order {
			return fmt.Errorf("client %d: %s comes after message %d", c.n, e.ID, order)
		}
		order = n
		if _, ok := c.acked[e.ID]; ok {
			mine[e.ID] = f.Seq
		}
	}
	return nil
}

// TestCrash kills the server at random moments under chatting clients. Nothing that was acknowledged may be
// lost, nothing shown twice, no order changed.
func TestCrash(t *testing.T) {
	if testing.Short() {
		t.Skip("kills servers for a minute")
	}
	kills := crashKills
	if v, err := strconv.Atoi(os.Getenv("OMBUD_CRASH_KILLS")); err == nil {
		kills = v
	}
	bin := build(t)
	storagetest.EachURL(t, func(t *testing.T, url string) {
		acked, err := crash(t, newServer(t, bin, url), max(1, kills/2), crashClients)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%d kills, %d messages acknowledged, none lost, none twice", kills/2, acked)
	})
}

// crash runs the clients through a number of kills, and reports the first broken promise.
func crash(t *testing.T, s *shopServer, kills, clients int) (acked int, err error) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	p := s.start()
	s.ready(p)
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	var wg sync.WaitGroup
	all := make([]*chatter, clients)
	errs := make(chan error, clients)
	var acks atomic.Int64
	for i := range all {
		cr := rand.New(rand.NewPCG(seed, uint64(i)+2))
		all[i] = &chatter{
			t: t, s: s, n: i, acked: map[string]int64{}, acks: &acks, shown: map[int64]string{},
			pause: func() time.Duration { return time.Duration(cr.IntN(8)) * time.Millisecond },
		}
		wg.Go(func() { errs <- all[i].run(ctx) })
	}
	for range kills {
		if r.IntN(5) > 0 { // one in five dies while it starts
			s.ready(p)
			// A slow machine needs longer to come to the chatting in which the kill is to fall.
			for end, enough := time.Now().Add(5*time.Second), acks.Load()+int64(r.IntN(clients)); acks.Load() < enough && time.Now().Before(end); {
				wait(ctx, 5*time.Millisecond)
			}
		}
		wait(ctx, time.Duration(20+r.IntN(250))*time.Millisecond)
		p.kill()
		p = s.start()
	}
	s.ready(p)
	wait(ctx, 500*time.Millisecond)
	stop()
	wg.Wait()
	defer p.kill()
	for range all {
		err = errors.Join(err, <-errs)
	}
	for _, c := range all {
		acked += len(c.acked)
		if err == nil {
			err = c.check()
		}
	}
	if err == nil && acked < kills*clients/4 {
		err = fmt.Errorf("only %d messages were acknowledged: the load was not worth the name", acked)
	}
	return acked, err
}
