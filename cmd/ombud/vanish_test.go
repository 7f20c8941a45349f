package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"ombud/chat"
	"ombud/handoff"
	"ombud/server"
	"ombud/server/client"
	"ombud/storage"
	"ombud/storage/storagetest"
)

// consolesEnv makes a process of the test's binary play consoles: it holds the address, how often they renew their lease,
// and for each agent a token and a conversation, joined by blanks.
const consolesEnv = "OMBUD_TEST_CONSOLES"

// runConsoles connects each agent, claims their conversation, says "ready", and renews the leases until the input ends.
// A line of input is said by each agent in their conversation; the answers' codes are printed.
func runConsoles(in io.Reader, out io.Writer) {
	words := strings.Fields(os.Getenv(consolesEnv))
	every, err := time.ParseDuration(words[1])
	if err != nil {
		panic(err)
	}
	var all []*client.Client
	for pairs := words[2:]; len(pairs) >= 2; pairs = pairs[2:] {
		c, err := client.Dial(context.Background(), words[0], "", client.Hello{Token: pairs[0]})
		if err != nil {
			fmt.Fprintln(out, "dial:", err)
			os.Exit(1)
		}
		request(c, "presence", map[string]any{"id": "p", "state": "online"})
		if code := request(c, "claim", map[string]any{"id": "c", "conversation": pairs[1]}); code != "ack" {
			fmt.Fprintln(out, "claim:", code)
			os.Exit(1)
		}
		all = append(all, c)
	}
	lines := make(chan string)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(in); s.Scan(); {
			lines <- s.Text()
		}
	}()
	fmt.Fprintln(out, "ready")
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				for _, c := range all {
					c.Close()
				}
				return
			}
			for i, c := range all {
				fmt.Fprintln(out, request(c, "say", map[string]any{"id": "late", "conversation": words[3+2*i], "text": line}))
			}
		case <-time.After(every):
			for _, c := range all {
				_ = c.Send("presence", 0, map[string]any{"state": "online"}) // a cable may be cut
			}
		}
	}
}

// request sends one frame and gives "ack", the code of the error, or how the connection ended.
func request(c *client.Client, kind string, data map[string]any) string {
	if err := c.Send(kind, 0, data); err != nil {
		return "broken"
	}
	for {
		f, err := c.Next(10 * time.Second)
		if err != nil {
			return "broken"
		}
		switch {
		case f.Type == "ack" && f.ID() == data["id"]:
			return "ack"
		case f.Type == "error" && f.ID() == data["id"]:
			var p client.Problem
			if json.Unmarshal(f.Data, &p) != nil || p.Message == "" {
				return "error without a word"
			}
			return p.Code
		}
	}
}

// cable is a proxy that passes everything on until it is cut: then it takes everything, and passes nothing.
type cable struct {
	l   net.Listener
	cut atomic.Bool
}

func newCable(t *testing.T, to string) *cable {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := &cable{l: l}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			from, err := l.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("tcp", to)
			if err != nil {
				from.Close()
				continue
			}
			t.Cleanup(func() { from.Close(); far.Close() })
			go c.pass(from, far)
			go c.pass(far, from)
		}
	}()
	return c
}

func (c *cable) pass(from, to net.Conn) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		if c.cut.Load() {
			continue
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// consoles is a process with some agents in it.
type consoles struct {
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
}

func startConsoles(t *testing.T, base string, every time.Duration, pairs []string) *consoles {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	p := &consoles{cmd: exec.Command(self)}
	p.cmd.Env = append(os.Environ(), consolesEnv+"="+base+" "+every.String()+" "+strings.Join(pairs, " "))
	p.cmd.Stderr = testLog{t}
	if p.in, err = p.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	p.lines = bufio.NewScanner(out)
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = p.cmd.Process.Kill(); _ = p.cmd.Wait() }) // most have ended by then
	if !p.lines.Scan() || p.lines.Text() != "ready" {
		t.Fatalf("consoles: %q", p.lines.Text())
	}
	return p
}

// vanished is a chat whose agent goes away.
type vanished struct {
	method, conversation string
	asked                time.Time
}

// stageVanish stores agents with a chat each that waits for them, and gives their tokens and chats.
func stageVanish(t *testing.T, db *storage.DB, methods []string, each int) (pairs map[string][]string, all []vanished) {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	pairs = map[string][]string{}
	begun := now().Add(-time.Hour).Truncate(time.Microsecond)
	for i := range each {
		for j, m := range methods { // so that the methods alternate in the line
			id := fmt.Sprintf("%s-%d", m, i)
			must(db.CreateUser(t.Context(), chat.User{ID: id, Email: id + "@example.com", Name: id, Grade: chat.GradeAgent, Level: 1, CreatedAt: now()}))
			must(db.CreateAPIToken(t.Context(), chat.APIToken{ID: id, Hash: server.HashToken("t-" + id), User: id, CreatedAt: now()}))
			at := begun.Add(time.Duration(i*len(methods)+j) * time.Second)
			opened, err := json.Marshal(chat.Opened{Site: "demo", Visitor: "v-" + id})
			must(err)
			asked, err := json.Marshal(chat.Handoff{ID: "h-" + id, Level: 1, Severity: chat.SeverityMedium})
			must(err)
			_, err = db.Append(t.Context(), chat.Append{Conversation: "c-" + id, Events: []chat.Event{
				{Kind: chat.KindOpened, Role: chat.RoleSystem, At: at, Body: opened},
				{Kind: chat.KindHandoffRequested, Role: chat.RoleBot, At: at, Body: asked},
			}})
			must(err)
			pairs[m] = append(pairs[m], "t-"+id, "c-"+id)
			all = append(all, vanished{m, "c-" + id, at})
		}
	}
	return pairs, all
}

// TestAgentsVanish lets agents go away in four ways: they close the window, their console is killed, it freezes, and the
// cable is cut. Each chat is back at its place within the lease and five seconds, but not before the lease and the grace have passed
// since the last sign of life that the server took in, and its customer is told once.
func TestAgentsVanish(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for leases to run out")
	}
	agents, lease := 24, 4*time.Second
	if n, err := strconv.Atoi(os.Getenv("OMBUD_TEST_VANISH")); err == nil {
		agents, lease = n, 45*time.Second
	}
	if os.Getenv("OMBUD_TEST_VANISH") == "" {
		vanish(t, storagetest.SQLiteURL(t), agents, lease)
		return
	}
	storagetest.EachURL(t, func(t *testing.T, url string) { vanish(t, url, agents, lease) })
}

func vanish(t *testing.T, url string, agents int, lease time.Duration) {
	methods := []string{"close", "kill", "freeze", "cable"}
	renew := min(lease/4, 15*time.Second)
	a := openNode(t, url, config{TurnPause: time.Second, lease: lease})
	pairs, all := stageVanish(t, a.db, methods, agents/len(methods))
	line := newCable(t, strings.TrimPrefix(a.base, "http://"))
	desks := map[string]*consoles{}
	for _, m := range methods {
		base := a.base
		if m == "cable" {
			base = "http://" + line.l.Addr().String()
		}
		desks[m] = startConsoles(t, base, renew, pairs[m])
	}
	held, err := a.db.Held(t.Context())
	if err != nil || len(held) != len(all) {
		t.Fatalf("%d chats are held of %d: %v", len(held), len(all), err)
	}
	gone := now()
	desks["close"].in.Close()
	_ = desks["kill"].cmd.Process.Kill()
	_ = desks["freeze"].cmd.Process.Signal(syscall.SIGSTOP)
	line.cut.Store(true)
	limit := gone.Add(lease + 30*time.Second)
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for left := len(all); left > 0 && now().Before(limit); <-tick.C {
		if held, err := a.db.Held(t.Context()); err == nil {
			left = len(held)
		}
	}
	leases, err := a.db.Presences(t.Context()) // before those who froze come back: nobody has renewed theirs since
	if err != nil {
		t.Fatal(err)
	}
	_ = desks["freeze"].cmd.Process.Signal(syscall.SIGCONT)
	fmt.Fprintln(desks["freeze"].in, "sorry, I was away")
	for range pairs["freeze"][:agents/len(methods)] {
		if desks["freeze"].lines.Scan(); desks["freeze"].lines.Text() != "stale" && desks["freeze"].lines.Text() != "broken" {
			t.Errorf("the late word of one who froze: %q", desks["freeze"].lines.Text())
		}
	}
	checkVanished(t, a.db, all, leases, gone, lease)
}

// measured is how far two looks at the database's clock may be apart: a lease is set by one, and ended by another.
const measured = time.Second

// checkVanished holds each chat's log against what must have happened. When a lease ends tells when it was last renewed: on a busy
// machine that is some time before the agent went.
func checkVanished(t *testing.T, db *storage.DB, all []vanished, leases []chat.Presence, gone time.Time, lease time.Duration) {
	t.Helper()
	slowest, ends := map[string]time.Duration{}, map[string]time.Time{}
	for _, l := range leases {
		ends[l.User] = l.ExpiresAt
	}
	grace := time.Duration(handoff.DefaultRules().Grace)
	for _, v := range all {
		events, err := db.Events(t.Context(), v.conversation, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		var kinds []string
		for _, e := range events {
			kinds = append(kinds, string(e.Kind))
			if e.Kind != chat.KindHandoffReleased {
				continue
			}
			end := ends[strings.TrimPrefix(v.conversation, "c-")]
			slowest[v.method] = max(slowest[v.method], e.At.Sub(gone))
			if since := e.At.Sub(end) + lease; end.IsZero() || since < lease+grace-measured {
				t.Errorf("%s was taken away %s after its agent renewed the lease (%s)", v.conversation, since, v.method)
			}
			if after := e.At.Sub(gone); after > lease+5*time.Second {
				t.Errorf("%s came back %s after its agent went (%s)", v.conversation, after, v.method)
			}
		}
		if want := []string{"opened", "handoff_requested", "handoff_claimed", "handoff_released"}; !slices.Equal(kinds, want) {
			t.Errorf("%s: %q", v.conversation, kinds)
		}
		if err := db.Verify(t.Context(), v.conversation); err != nil {
			t.Error(err)
		}
	}
	queue, err := db.Queue(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	slices.SortFunc(queue, func(x, y chat.Conversation) int { return x.RequestedAt.Compare(y.RequestedAt) })
	for i, v := range all {
		if i >= len(queue) || queue[i].ID != v.conversation || !queue[i].RequestedAt.Equal(v.asked) {
			t.Fatalf("place %d is not that of %s any more: %d wait", i+1, v.conversation, len(queue))
		}
	}
	for _, m := range slices.Sorted(maps.Keys(slowest)) {
		t.Logf("%-7s back at the latest %s after the agent went; the lease is %s", m, slowest[m].Round(10*time.Millisecond), lease)
	}
}
