package main

import (
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ombud/server/client"
	"ombud/storage/storagetest"
)

const sequentialSends = 500

// TestEveryAcknowledgementHasAnFsync counts system calls: a kill cannot show a missing fsync, because the
// page cache outlives the process.
func TestEveryAcknowledgementHasAnFsync(t *testing.T) {
	if testing.Short() {
		t.Skip("traces a server")
	}
	n := countSyncs(t, build(t))
	t.Logf("%d acknowledgements in sequence, %d fsync calls", sequentialSends, n)
	if n < sequentialSends {
		t.Errorf("%d acknowledgements in sequence, but %d fsync calls", sequentialSends, n)
	}
}

// countSyncs counts the fsync calls of a server during sequentialSends acknowledgements in sequence.
func countSyncs(t *testing.T, bin string) int {
	t.Helper()
	if _, err := exec.LookPath("strace"); err != nil {
		storagetest.Require(t)
		t.Skip("strace is not installed")
	}
	trace := filepath.Join(t.TempDir(), "trace")
	s := newServer(t, bin, storagetest.SQLiteURL(t), "--turn-pause", "1m")
	s.wraps = []string{"strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace}
	p := s.start()
	defer p.kill()
	conn, err := client.Dial(t.Context(), s.ready(p), "", client.Hello{Site: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	before := syncs(t, trace)
	for i := range sequentialSends {
		if err := conn.Say(fmt.Sprint(i), "hello"); err != nil {
			t.Fatal(err)
		}
		awaitAck(t, conn, fmt.Sprint(i))
	}
	return syncs(t, trace) - before
}

func awaitAck(t *testing.T, conn *client.Client, id string) client.Frame {
	t.Helper()
	for {
		f, err := conn.Next(10 * time.Second)
		if err != nil {
			t.Fatal(err)
		}
		if f.Type == "ack" && f.ID() == id {
			return f
		}
		if f.Type == "error" {
			t.Fatal(f.Problem())
		}
	}
}

func syncs(t *testing.T, trace string) int {
	t.Helper()
	f, err := os.Open(trace)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	data, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return strings.Count(string(data), "sync(")
}
