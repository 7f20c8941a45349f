package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"ombud/server/client"
	"ombud/storage/storagetest"
)

// nodeEnv makes a process of the test's binary one node: it holds the database, the script, the models' folder and the lease.
const nodeEnv = "OMBUD_TEST_NODE"

// runNode serves until the input ends, and prints its address first.
func runNode(in io.Reader, out io.Writer) error {
	words := strings.Fields(os.Getenv(nodeEnv))
	lease, err := time.ParseDuration(words[3])
	if err != nil {
		return err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	c := config{TurnPause: time.Hour, lease: lease}
	c.Demo, c.VisitorSays, c.DrainLimit, c.LogFormat = true, 1e6, time.Second, "text"
	c.Database, c.Script, c.Cache = words[0], words[1], words[2]
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	a, err := start(ctx, c, l, streams{strings.NewReader(""), io.Discard, os.Stderr})
	if err != nil {
		return err
	}
	fmt.Fprintln(out, "http://"+l.Addr().String())
	go func() {
		_, _ = io.Copy(io.Discard, in)
		stop()
	}()
	return a.serve(ctx)
}

// startNode starts a node of its own process and gives its address.
func startNode(t *testing.T, url string, lease time.Duration) (*exec.Cmd, string) {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Env = append(os.Environ(), nodeEnv+"="+strings.Join([]string{url, smallScript(t), modelCache(t), lease.String()}, " "))
	cmd.Stderr = testLog{t}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	})
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("the node does not start: %v", lines.Err())
	}
	return cmd, lines.Text()
}

// TestAFrozenNodeLosesItsChats freezes a node on which an agent holds chats, until the other node has put them back and another agent has one
// of them. What the agent said on the frozen node meanwhile is refused once it wakes, each chat went back once, and the node serves again.
func TestAFrozenNodeLosesItsChats(t *testing.T) {
	t.Parallel() // it mostly waits
	if testing.Short() {
		t.Skip("waits for leases to run out")
	}
	const lease = 4 * time.Second
	url := storagetest.PostgresURL(t)
	a := openNode(t, url, config{TurnPause: time.Hour, lease: lease})
	node, base := startNode(t, url, lease)
	pairs, all := stageVanish(t, a.db, []string{"frozen"}, 2)
	taker, _ := stageVanish(t, a.db, []string{"awake"}, 1)
	far := startConsoles(t, base, lease/4, pairs["frozen"])
	near, err := client.Dial(t.Context(), a.base, "", client.Hello{Token: taker["awake"][0]})
	if err != nil {
		t.Fatal(err)
	}
	defer near.Close()

	if err := node.Process.Signal(syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(far.in, "said while nobody listens")
	for end := time.Now().Add(startLimit); ; wait(t.Context(), 100*time.Millisecond) {
		if held, err := a.db.Held(t.Context()); err == nil && len(held) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the chats of the frozen node are not put back")
		}
	}
	if code := request(near, "claim", map[string]any{"id": "c", "conversation": all[0].conversation}); code != "ack" {
		t.Fatalf("the claim of a chat that was put back: %s", code)
	}
	if err := node.Process.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	for range all {
		if far.lines.Scan(); far.lines.Text() == "ack" || far.lines.Text() == "" {
			t.Errorf("what was said on the frozen node is answered by %q", far.lines.Text())
		}
	}
	if err := acknowledged(dial(t, base, client.Hello{}), "awake"); err != nil {
		t.Errorf("the node that woke does not serve: %v", err)
	}
	for i, v := range all {
		events, err := a.db.Events(t.Context(), v.conversation, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, e := range events {
			kinds = append(kinds, string(e.Kind))
		}
		want := []string{"opened", "handoff_requested", "handoff_claimed", "handoff_released"}
		if i == 0 {
			want = append(want, "handoff_claimed")
		}
		if !slices.Equal(kinds, want) {
			t.Errorf("%s: %q", v.conversation, kinds)
		}
		if err := a.db.Verify(t.Context(), v.conversation); err != nil {
			t.Error(err)
		}
	}
}
