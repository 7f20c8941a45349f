package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"ombud/chat"
	"ombud/server/client"
	"ombud/storage/storagetest"
)

// failpoints are the steps from a visitor's words to the bot's answer on their screen. In an overlay that never touches the sources,
// each gets a call before it that kills the process where OMBUD_FAIL names it.
var failpoints = []struct{ name, file, step string }{
	{"say arrives", "chat/hub/write.go", "	b := h.batch(who.Role, who.ID)\n	b.add(kind, body).ClientID = clientID\n"},
	{"transaction begins", "storage/batch.go", "	b := &batch{db: db, tx: tx}\n"},
	{"events are judged", "storage/batch.go", "	if err := b.store(ctx); err != nil {\n"},
	{"commit", "storage/batch.go", "	if err := tx.Commit(); err != nil {\n"},
	{"after the commit", "storage/batch.go", "	c.known.learn(b.rows)\n"},
	{"append has returned", "chat/hub/write.go", "	h.stored(nil, a)\n	return a.Events[len(a.Events)-1], a.Duplicate, nil\n"},
	{"listeners are told", "chat/hub/hub.go", "	h.postIfLive(c.ID, message{stored: &a})\n"},
	{"hint is published", "chat/hub/hub.go", "	h.publish(hint)\n}\n\nconst (\n"},
	{"ack is sent", "server/follower.go", "	return f.c.send(frame.EncodeAck(e.Seq, e.At, id, f.conversation))\n"},
	{"turn begins", "chat/hub/turn.go", "	seen, err := h.recent(ctx, conv, tail)\n"},
	{"decision is stored", "chat/hub/turn.go", "	a, err := h.o.Store.Append(ctx, chat.Append{\n		Conversation: t.conv.ID, Events: events,\n"},
	{"decision was stored", "chat/hub/turn.go", "	h.stored(&t.conv, a)\n	return settled{thought: t}\n"},
	{"answer is passed on", "server/follower.go", "	b, err := f.c.s.encoded.event(e, f.to)\n"},
}

// failing is the source that the overlay adds to each package: whoever comes to the named step while the file is there goes no further.
const failing = `
import (
	failOS "os"
	failCall "syscall"
)

var failAt, failWhile = failOS.Getenv("OMBUD_FAIL"), failOS.Getenv("OMBUD_FAIL_WHILE")

func failpoint(name string) {
	if name != failAt {
		return
	}
	if _, err := failOS.Stat(failWhile); err == nil {
		_ = failCall.Kill(failOS.Getpid(), failCall.SIGKILL)
		select {}
	}
}
`

// TestACrashAtAnyStepLosesAndDoublesNothing kills the server at each step between a visitor's word and the bot's answer. After the next
// start the visitor, who says again what was not acknowledged, has the word and one answer to it, each once and in order.
// OMBUD_TEST_FAILPOINTS crashes that many times at each step, on both databases; otherwise it is once, on SQLite.
func TestACrashAtAnyStepLosesAndDoublesNothing(t *testing.T) {
	if testing.Short() {
		t.Skip("builds a server and kills it")
	}
	var swaps []swap
	for _, p := range failpoints {
		swaps = append(swaps, swap{p.file, p.step, "	failpoint(" + strconv.Quote(p.name) + ")\n" + p.step})
	}
	for file, name := range map[string]string{"storage/failpoint.go": "storage", "chat/hub/failpoint.go": "hub", "server/failpoint.go": "server"} {
		swaps = append(swaps, swap{file, "", "package " + name + "\n" + failing})
	}
	bin := build(t, overlay(t, swaps...))
	rounds, err := strconv.Atoi(os.Getenv("OMBUD_TEST_FAILPOINTS"))
	if err != nil {
		crashAtSteps(t, bin, storagetest.SQLiteURL(t), 1)
		return
	}
	storagetest.EachURL(t, func(t *testing.T, url string) { crashAtSteps(t, bin, url, rounds) })
}

func crashAtSteps(t *testing.T, bin, url string, rounds int) {
	s, armed := newServer(t, bin, url), filepath.Join(t.TempDir(), "armed")
	var life *process
	var all []*witness
	for i := range rounds * len(failpoints) {
		step := failpoints[i%len(failpoints)].name
		s.env = []string{"OMBUD_FAIL=" + step, "OMBUD_FAIL_WHILE=" + armed}
		life = s.start()
		s.ready(life)
		if i > 0 {
			all[i-1].finish(s.address())
		}
		w := &witness{t: t, step: step, shown: map[int64]client.Event{}}
		all = append(all, w)
		conn := w.meet(s.address())
		w.read(conn, func() bool { return len(w.shown) > 1 }) // the conversation is open, and the bot has greeted
		if err := os.WriteFile(armed, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		_ = conn.Say(theWord, "where is my parcel") // the server may be gone before it is written
		select {
		case <-life.done:
		case <-time.After(20 * time.Second):
			t.Errorf("%s: nobody came by", step)
			life.kill()
		}
		w.rest(conn)
		if err := os.Remove(armed); err != nil {
			t.Fatal(err)
		}
	}
	s.env = nil
	life = s.start()
	all[len(all)-1].finish(s.ready(life))
	life.kill()
	db := storagetest.Open(t, url)
	for _, w := range all {
		events, err := db.Events(t.Context(), w.conversation, 0, 100)
		if err != nil {
			t.Fatal(err)
		}
		count := map[chat.Kind]int{}
		for _, e := range events {
			count[e.Kind]++
		}
		if count[chat.KindDecision] != 1 || w.words != 1 || w.answers == 0 {
			t.Errorf("%s: %d decisions are stored; the visitor saw their word %d times and %d words of the bot", w.step, count[chat.KindDecision], w.words, w.answers)
		}
		if err := db.Verify(t.Context(), w.conversation); err != nil {
			t.Errorf("%s: %v", w.step, err)
		}
	}
	t.Logf("%d crashes at %d steps", len(all), len(failpoints))
}

const theWord = "w"

// witness is a visitor who says one thing, and notes what they are shown.
type witness struct {
	t                         *testing.T
	step, token, conversation string
	since                     int64
	shown                     map[int64]client.Event
	words, answers            int
	acked                     bool
}

func (w *witness) meet(base string) *client.Client {
	w.t.Helper()
	conn, err := client.Dial(w.t.Context(), base, "", client.Hello{Site: "demo", Locale: "en", Token: w.token, Since: w.since})
	if err != nil {
		w.t.Fatalf("%s: %v", w.step, err)
	}
	if conn.Welcome.Token != "" {
		w.token = conn.Welcome.Token
	}
	w.conversation = conn.Welcome.Conversation
	return conn
}

// finish comes back, says the word again if it was not acknowledged, and waits for the answer.
func (w *witness) finish(base string) {
	w.t.Helper()
	conn := w.meet(base)
	defer conn.Close()
	if !w.acked {
		if err := conn.Say(theWord, "where is my parcel"); err != nil {
			w.t.Fatalf("%s: %v", w.step, err)
		}
	}
	w.read(conn, func() bool { return w.acked && w.answers > 0 })
}

// read notes what is shown until that is enough.
func (w *witness) read(conn *client.Client, enough func() bool) {
	w.t.Helper()
	for !enough() {
		f, err := conn.Next(15 * time.Second)
		if err == nil {
			err = w.note(f)
		}
		if err != nil {
			w.t.Fatalf("%s: acknowledged %v, %d answers: %v", w.step, w.acked, w.answers, err)
		}
	}
}

// rest notes what came before the connection broke.
func (w *witness) rest(conn *client.Client) {
	defer conn.Close()
	for {
		f, err := conn.Next(5 * time.Second)
		if err != nil {
			return
		}
		if err := w.note(f); err != nil {
			w.t.Errorf("%s: %v", w.step, err)
		}
	}
}

func (w *witness) note(f client.Frame) error {
	if f.Type != "ack" && f.Type != "event" {
		return nil
	}
	own := f.Type == "ack"
	if f.Type == "event" {
		e, err := f.Event()
		if err != nil {
			return err
		}
		if f.Seq <= w.since {
			return fmt.Errorf("event %d after %d", f.Seq, w.since)
		}
		w.shown[f.Seq], own = e, e.ID == theWord
		if e.Role == "bot" && w.words > 0 {
			w.answers++
		}
	}
	if own && (f.Type == "event" || f.Seq > w.since) { // an acknowledgement of what was shown already is no second showing
		w.words++
	}
	w.acked = w.acked || f.Type == "ack"
	w.since = max(w.since, f.Seq)
	return nil
}
