package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ombud/storage/storagetest"
)

// TestCutsLoseAndDoubleNothing cuts the connections of visitors who chat with the bot at random bytes, in either direction, with a goodbye
// or a reset: each sees every event once, in order and without a gap, and what was acknowledged is stored once.
// OMBUD_TEST_CUTS makes another number of cuts.
func TestCutsLoseAndDoubleNothing(t *testing.T) {
	cuts := 200
	if testing.Short() {
		cuts = 30
	}
	if n, err := strconv.Atoi(os.Getenv("OMBUD_TEST_CUTS")); err == nil {
		cuts = n
	}
	storagetest.EachURL(t, func(t *testing.T, url string) {
		a := openApp(t, url, 30*time.Millisecond)
		ctx, enough := context.WithCancel(t.Context())
		defer enough()
		seed := uint64(time.Now().UnixNano())
		t.Logf("seed %d", seed)
		address := storagetest.Scissors(t, "tcp", strings.TrimPrefix(a.base, "http://"), cutting(seed, int64(cuts), enough))
		all := make([]*chatter, 8)
		errs := make(chan error, len(all))
		var acks atomic.Int64
		var group sync.WaitGroup
		through, direct := &shopServer{t: t, url: "http://" + address}, &shopServer{t: t, url: a.base}
		for i := range all {
			cr := rand.New(rand.NewPCG(seed, uint64(i)+10))
			all[i] = &chatter{t: t, s: through, n: i, acked: map[string]int64{}, acks: &acks, shown: map[int64]string{},
				pause: func() time.Duration { return time.Duration(cr.IntN(10)) * time.Millisecond }}
			group.Go(func() { errs <- all[i].run(ctx) })
		}
		group.Wait()
		var err error
		for range all {
			err = errors.Join(err, <-errs)
		}
		bots := 0
		for _, c := range all {
			c.s = direct
			err = errors.Join(err, c.check())
			for _, text := range c.shown {
				if text != "" && !strings.HasPrefix(text, "message ") {
					bots++
				}
			}
		}
		if err != nil {
			t.Fatal(err)
		}
		if n := acks.Load(); n < int64(cuts)/4 || bots < cuts/3 {
			t.Errorf("only %d messages and %d words of the bot in %d cuts: that is no chatting", n, bots, cuts)
		}
		t.Logf("%d cuts, %d messages acknowledged, %d words of the bot", cuts, acks.Load(), bots)
	})
}

// cutting gives one connection after another its cut, says when there were enough, and then lets all be.
func cutting(seed uint64, cuts int64, enough func()) func() storagetest.Cut {
	r := rand.New(rand.NewPCG(seed, 5))
	var made atomic.Int64
	return func() storagetest.Cut {
		if made.Add(1) > cuts {
			enough()
			return storagetest.Cut{Up: -1, Down: -1}
		}
		cut := storagetest.Cut{Up: -1, Down: -1, Reset: r.IntN(2) == 0}
		if r.IntN(3) == 0 {
			cut.Up = int64(r.IntN(1200)) // the handshake, hello and a few messages
		} else {
			cut.Down = int64(r.IntN(4000)) // the welcome, what was missed, and what comes
		}
		return cut
	}
}
