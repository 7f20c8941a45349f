package main

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"ombud/server/client"
	"ombud/storage/storagetest"
)

// farewell is how one idle visitor's socket ended.
type farewell struct {
	code int
	at   time.Time
}

// TestAStopSendsEverybodyElsewhereAndLosesNothing stops the server by SIGTERM under idle and chatting visitors: it is not ready any more, tells
// them to come back one after the other, and ends well. After the next start those who chat go on, and nothing is lost.
// OMBUD_TEST_SOCKETS opens another number of sockets.
func TestAStopSendsEverybodyElsewhereAndLosesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("stops a server")
	}
	n := 60
	if v, err := strconv.Atoi(os.Getenv("OMBUD_TEST_SOCKETS")); err == nil {
		n = v
	}
	s := newServer(t, build(t), storagetest.SQLiteURL(t))
	p := s.start()
	base := s.ready(p)
	ends := make(chan farewell, n)
	for range n {
		c := dial(t, base, client.Hello{})
		go func() {
			for {
				if _, err := c.Next(2 * time.Minute); err != nil {
					ends <- farewell{client.CloseCode(err), time.Now()}
					return
				}
			}
		}()
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var acks atomic.Int64
	all := make([]*chatter, 8)
	errs := make(chan error, len(all))
	var group sync.WaitGroup
	for i := range all {
		all[i] = &chatter{t: t, s: s, n: i, acked: map[string]int64{}, acks: &acks, shown: map[int64]string{}, pause: func() time.Duration { return 5 * time.Millisecond }}
		group.Go(func() { errs <- all[i].run(ctx) })
	}
	reach := func(more int64) {
		t.Helper()
		for end, want := time.Now().Add(startLimit), acks.Load()+more; acks.Load() < want; wait(ctx, 5*time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("nothing is acknowledged any more")
			}
		}
	}
	reach(100)
	begun := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.done:
	case <-time.After(35 * time.Second):
		p.kill()
		t.Fatal("the server did not stop")
	}
	if took, code := time.Since(begun), p.cmd.ProcessState.ExitCode(); code != 0 || took > 30*time.Second {
		t.Errorf("it ended with %d after %s", code, took)
	}
	checkFarewells(t, ends, n)
	p = s.start()
	defer p.kill()
	s.ready(p)
	reach(100)
	stop()
	group.Wait()
	for _, c := range all {
		if err := errors.Join(<-errs, c.check()); err != nil {
			t.Error(err)
		}
	}
}

// checkFarewells holds that all were told to come back, and that they were told one after the other.
func checkFarewells(t *testing.T, ends chan farewell, n int) {
	t.Helper()
	var at []time.Time
	for range n {
		e := <-ends
		if e.code != 4000 {
			t.Errorf("a socket was closed with %d", e.code)
		}
		at = append(at, e.at)
	}
	slices.SortFunc(at, time.Time.Compare)
	most := 0
	for i := range at {
		j := i
		for j < n && at[j].Sub(at[i]) < time.Second {
			j++
		}
		most = max(most, j-i)
	}
	// One in twenty in a second, or thirty where all are few: 50 ms apart, and some luck.
	if most > max(n/16, 30) {
		t.Errorf("%d of %d were sent away within a second", most, n)
	}
	t.Logf("%d sockets were sent away in %s, at most %d in a second", n, at[n-1].Sub(at[0]).Round(100*time.Millisecond), most)
}

// TestTheServerOutlivesItsFiles lets the server have few files, and opens more sockets than that: who is in stays and is served, and
// once some have left there is room again.
func TestTheServerOutlivesItsFiles(t *testing.T) {
	if testing.Short() {
		t.Skip("starts a server")
	}
	s := newServer(t, build(t), storagetest.SQLiteURL(t), "--turn-pause", "1m")
	s.wraps = []string{"sh", "-c", `ulimit -n 120; exec "$0" "$@"`}
	p := s.start()
	defer p.kill()
	base := s.ready(p)
	enter := func() (*client.Client, error) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		return client.Dial(ctx, base, "", client.Hello{Site: "demo"})
	}
	var in []*client.Client
	for refused := 0; refused < 2; {
		c, err := enter()
		if err != nil {
			refused++
			continue
		}
		t.Cleanup(func() { c.Close() })
		if in = append(in, c); len(in) > 200 {
			t.Fatal("the limit does not hold: nothing was tried")
		}
	}
	half := len(in) / 2
	if got := sequence(t, in[0], 0, 5); !slices.Equal(got, []string{"ack", "ack", "ack", "ack", "ack"}) {
		t.Errorf("who was in is answered %v while no file is left", got)
	}
	for _, c := range in[half:] {
		c.Close()
	}
	for end := time.Now().Add(20 * time.Second); ; {
		c, err := enter()
		if err == nil {
			t.Cleanup(func() { c.Close() })
			if got := sequence(t, c, 0, 1); got[0] != "ack" {
				t.Errorf("who comes afterwards is answered %v", got)
			}
			break
		}
		if time.Now().After(end) {
			t.Fatalf("there is room again, and nobody gets in: %v", err)
		}
	}
	for i, c := range in[1:half] {
		if got := sequence(t, c, 0, 1); got[0] != "ack" {
			t.Errorf("socket %d is answered %v", i+1, got)
		}
	}
	t.Logf("%d sockets of 120 files", len(in))
}

// TestAMigrationMayDieAnywhere kills the migration of an empty database at random moments; the next one goes on from there.
// OMBUD_TEST_MIGRATIONS kills another number.
func TestAMigrationMayDieAnywhere(t *testing.T) {
	if testing.Short() {
		t.Skip("kills processes")
	}
	kills := 6
	if v, err := strconv.Atoi(os.Getenv("OMBUD_TEST_MIGRATIONS")); err == nil {
		kills = v
	}
	bin := build(t)
	storagetest.EachURL(t, func(t *testing.T, url string) {
		ended := 0
		for range kills {
			cmd := exec.Command(bin, "migrate", "--database", url)
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			wait(t.Context(), time.Duration(20+rand.IntN(300))*time.Millisecond)
			_ = cmd.Process.Kill()
			if cmd.Wait() == nil {
				ended++ // it was faster
			}
		}
		if out, err := exec.Command(bin, "migrate", "--database", url).CombinedOutput(); err != nil {
			t.Fatalf("after %d kills: %v\n%s", kills, err, out)
		}
		db := storagetest.Open(t, url)
		if _, err := db.Queue(t.Context()); err != nil {
			t.Error(err)
		}
		t.Logf("%d kills, of which %d came too late", kills, ended)
	})
}
