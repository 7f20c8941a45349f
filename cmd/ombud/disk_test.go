package main

import (
	"context"
	"fmt"
	"net/http"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"ombud/server/client"
	"ombud/storage/storagetest"
)

// underStrace starts the server again on a database that is made already, with a fault injected into system calls.
func underStrace(t *testing.T, fault string) (*shopServer, *process) {
	t.Helper()
	if testing.Short() {
		t.Skip("traces a server")
	}
	if _, err := exec.LookPath("strace"); err != nil {
		storagetest.Require(t)
		t.Skip("strace is not installed")
	}
	s := newServer(t, build(t), storagetest.SQLiteURL(t), "--turn-pause", "1m")
	first := s.start()
	s.ready(first)
	first.kill()
	s.wraps = []string{"strace", "-f", "-qq", "-o", filepath.Join(t.TempDir(), "trace"), "-e", "trace=fsync,fdatasync,pwrite64", "-e", "inject=" + fault}
	p := s.start()
	s.ready(p)
	return s, p
}

// sequence says one thing after the other in one conversation and gives what came of each: ack, or the code of an error.
func sequence(t *testing.T, conn *client.Client, from, n int) (out []string) {
	t.Helper()
	for i := range n {
		id := fmt.Sprintf("s%d", from+i)
		out = append(out, outcome(t, conn, []byte(`{"type":"say","data":{"id":"`+id+`","text":"message `+id+`"}}`), false))
	}
	return out
}

func readiness(t *testing.T, base string) int {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, base+"/readyz", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// A disk that fails to sync may have dropped what it had taken, and says so once. From then on nothing is acknowledged, and the node is not
// ready, until it is started again; then all is there that was acknowledged.
func TestAFailedSyncEndsAcknowledgements(t *testing.T) {
	s, p := underStrace(t, "fsync,fdatasync:error=EIO:when=25") // counted for each thread
	conn := dial(t, s.address(), client.Hello{})
	token := conn.Welcome.Token
	got := sequence(t, conn, 0, 200)
	acked := 0
	for acked < len(got) && got[acked] == "ack" {
		acked++
	}
	for i, code := range got[acked:] {
		if code != "unavailable" {
			t.Fatalf("message %d after the failed sync: %s", i, code)
		}
	}
	if acked == 0 || acked == len(got) {
		t.Fatalf("%d of %d were acknowledged: the fault came at the wrong time", acked, len(got))
	}
	if status := readiness(t, s.address()); status != http.StatusServiceUnavailable {
		t.Errorf("ready after a failed sync: %d", status)
	}
	p.kill()
	s.wraps = nil
	p = s.start()
	defer p.kill()
	words := visitorsWords(t, s.ready(p), token, acked)
	for i := range acked {
		if words[fmt.Sprintf("s%d", i)] == "" {
			t.Errorf("message %d was acknowledged and is not there", i)
		}
	}
	t.Logf("%d acknowledged before the sync failed, none after, all there", acked)
}

// A disk that is full refuses what is said, and nothing else: once there is room again the same process goes on.
func TestAFullDiskHealsWithoutARestart(t *testing.T) {
	s, p := underStrace(t, "pwrite64:error=ENOSPC:when=300..330")
	defer p.kill()
	conn := dial(t, s.address(), client.Hello{})
	token := conn.Welcome.Token
	got := sequence(t, conn, 0, 250)
	for len(got) < 1000 && got[len(got)-1] != "ack" { // each thread of the server has a full disk for a while, one after the other
		got = append(got, sequence(t, conn, len(got), 50)...)
	}
	count := map[string]int{}
	for _, code := range got {
		count[code]++
	}
	if count["unavailable"] == 0 || got[len(got)-1] != "ack" || count["ack"]+count["unavailable"] != len(got) {
		t.Fatalf("%v, the last %s", count, got[len(got)-1])
	}
	if status := readiness(t, s.address()); status != http.StatusOK {
		t.Errorf("not ready though there is room again: %d", status)
	}
	words := visitorsWords(t, s.address(), token, count["ack"])
	for i, code := range got {
		if (code == "ack") != (words[fmt.Sprintf("s%d", i)] != "") {
			t.Errorf("message %d: %s, stored as %q", i, code, words[fmt.Sprintf("s%d", i)])
		}
	}
	t.Logf("%d acknowledged, %d refused while the disk was full", count["ack"], count["unavailable"])
}

// A disk that takes a tenth of a second for every sync slows everybody down, and nothing else: what many say at once shares its syncs, all of
// it is acknowledged, and nobody is refused or sent away.
func TestASlowDiskIsSharedAndRefusesNobody(t *testing.T) {
	t.Parallel() // it mostly waits
	s, p := underStrace(t, "fsync,fdatasync:delay_enter=100000")
	defer p.kill()
	const crowd, each = 20, 8
	base, trace := s.address(), s.wraps[slices.Index(s.wraps, "-o")+1]
	visitors := make([]*client.Client, crowd)
	for i := range visitors {
		visitors[i] = dial(t, base, client.Hello{})
	}
	before := syncs(t, trace)
	var all sync.WaitGroup
	for i, c := range visitors {
		all.Go(func() {
			for n := range each {
				if err := acknowledged(c, fmt.Sprint("s", n)); err != nil {
					t.Errorf("message %d of visitor %d: %v", n, i, err)
				}
			}
		})
	}
	all.Wait()
	after := syncs(t, trace)
	if after-before > crowd*each/2 {
		t.Errorf("%d messages took %d syncs: they do not share them", crowd*each, after-before)
	}
	if status := readiness(t, base); status != http.StatusOK {
		t.Errorf("not ready on a slow disk: %d", status)
	}
	t.Logf("%d messages of %d visitors at once, all acknowledged, with %d syncs", crowd*each, crowd, after-before)
}
