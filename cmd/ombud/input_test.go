package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"ombud/server/client"
	"ombud/storage/storagetest"
)

// outcome sends one frame and says what came of it: an error's code, ack, or how the connection ended.
func outcome(t *testing.T, c *client.Client, data []byte, binary bool) string {
	t.Helper()
	sent := c.SendRaw(data, binary) // it fails where the server closes before it has taken all: then it has said why
	for {
		f, err := c.Next(10 * time.Second)
		if err != nil {
			if closed := client.CloseCode(err); closed == 0 && sent != nil {
				return fmt.Sprintf("broken: %v", sent)
			}
			return fmt.Sprintf("closed %d", client.CloseCode(err))
		}
		switch f.Type {
		case "ack":
			return "ack"
		case "error":
			return code(t, f)
		}
	}
}

// code gives the code of an error frame, which has to say more than that.
func code(t *testing.T, f client.Frame) string {
	t.Helper()
	var p client.Problem
	if json.Unmarshal(f.Data, &p) != nil || p.Message == "" {
		t.Errorf("error frame %s says not what to do", f.Data)
	}
	return p.Code
}

// quote writes a text as JSON.
func quote(s string) string {
	data, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string always can be written
	}
	return string(data)
}

// TestBadInputIsRefusedAlikeOnBothDatabases sends every class of bad input to a visitor's socket: each case has its outcome, the
// connection lives on or ends as it should, what was taken comes back letter for letter, and nothing else is there.
func TestBadInputIsRefusedAlikeOnBothDatabases(t *testing.T) {
	all := badInput()
	count := map[string]int{}
	for _, x := range all {
		count[x.class]++
	}
	for class, n := range count {
		if n < casesEach {
			t.Errorf("%s: only %d cases", class, n)
		}
	}
	if len(count) != 24 {
		t.Errorf("%d classes: %v", len(count), count)
	}
	storagetest.EachURL(t, func(t *testing.T, url string) {
		base := startApp(t, url)
		c := dial(t, base, client.Hello{})
		token, want := c.Welcome.Token, map[string]string{}
		for i, x := range all {
			id := fmt.Sprintf("x%d", i)
			x.frame = strings.ReplaceAll(x.frame, `"ID"`, `"`+id+`"`)
			if x.raw != nil {
				tryOnTheWire(t, base, x)
				continue
			}
			if x.text != "" {
				if strings.Contains(x.frame, `"used"`) {
					id = "used"
				}
				want[id] = x.text
			}
			if got := tried(t, c, x, id); got != x.want {
				t.Errorf("%s: %.200q: %s, want %s", x.class, x.frame, got, x.want)
			}
			if strings.HasPrefix(x.want, "closed") {
				c = dial(t, base, client.Hello{Token: token})
			}
		}
		if got := visitorsWords(t, base, token, len(want)); !maps.Equal(got, want) {
			t.Errorf("%d texts came back of %d", len(got), len(want))
			for id, text := range want {
				if got[id] != text {
					t.Errorf("%s: %.100q came back as %.100q", id, text, got[id])
				}
			}
		}
	})
}

// tried sends one case and says what came of it. An ack comes when the message is stored; whatever is refused is refused at once, before
// the pong to a ping behind it, which shows as well that the connection lives.
func tried(t *testing.T, c *client.Client, x badCase, id string) string {
	t.Helper()
	if x.want == "ack" || strings.HasPrefix(x.want, "closed") {
		return outcome(t, c, []byte(x.frame), x.binary)
	}
	if err := c.SendRaw([]byte(x.frame), x.binary); err != nil {
		return "broken"
	}
	if err := c.Send("ping", 0, map[string]string{"id": "after-" + id}); err != nil {
		return "broken"
	}
	got := ""
	for {
		f, err := c.Next(10 * time.Second)
		if err != nil {
			return fmt.Sprintf("closed %d", client.CloseCode(err))
		}
		switch {
		case f.Type == "pong" && f.ID() == "after-"+id:
			return got
		case f.Type == "ack":
			got = "ack"
		case f.Type == "error":
			got = code(t, f)
		}
	}
}

// tryOnTheWire has a connection of its own, and a visitor.
func tryOnTheWire(t *testing.T, base string, x badCase) {
	t.Helper()
	r, err := client.DialRaw(base)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	hello := client.RawFrame(client.RawText, []byte(`{"type":"hello","data":{"site":"demo","token":""}}`), true)
	if _, err := r.Write(append(hello, x.raw...)); err != nil {
		t.Fatal(err)
	}
	if want, closes := strings.CutPrefix(x.want, "closed "); closes {
		if got := fmt.Sprint(r.Closed(10 * time.Second)); got != want {
			t.Errorf("%s: %.60q closed with %s, want %s", x.class, x.raw, got, want)
		}
		return
	}
	for {
		_, payload, err := r.NextRaw(10 * time.Second)
		if err != nil {
			t.Errorf("%s: %.60q: %v, want %s", x.class, x.raw, err, x.want)
			return
		}
		if strings.Contains(string(payload), `"type":"`+x.want+`"`) {
			return
		}
	}
}

// visitorsWords reads a conversation and gives all that its visitor said, by id. There are n messages, each once.
func visitorsWords(t *testing.T, base, token string, n int) map[string]string {
	t.Helper()
	c := dial(t, base, client.Hello{Token: token})
	if err := c.Say("the-end", "the end"); err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	for {
		f, err := c.Next(10 * time.Second)
		if err != nil {
			t.Fatalf("%d of %d messages came back: %v", len(words), n, err)
		}
		switch f.Type {
		case "ack":
			return words
		case "error": // it is said again, as every client does
			time.Sleep(50 * time.Millisecond)
			if err := c.Say("the-end", "the end"); err != nil {
				t.Fatal(err)
			}
		}
		e, err := f.Event()
		if err != nil || f.Type != "event" || e.Role != "visitor" || e.Kind != "message" {
			continue
		}
		if _, twice := words[e.ID]; twice {
			t.Errorf("%s came twice", e.ID)
		}
		words[e.ID] = e.Text
	}
}

// TestNaughtyStringsComeBackAsTheyWere sends the Big List of Naughty Strings (see NOTICE) and reads it back.
func TestNaughtyStringsComeBackAsTheyWere(t *testing.T) {
	if testing.Short() {
		t.Skip("sends hundreds of messages")
	}
	data, err := os.ReadFile("testdata/blns.json")
	if err != nil {
		t.Fatal(err)
	}
	var strs []string
	if err := json.Unmarshal(data, &strs); err != nil {
		t.Fatal(err)
	}
	var runs []map[string]string
	storagetest.EachURL(t, func(t *testing.T, url string) {
		runs = append(runs, naughty(t, startApp(t, url), strs))
	})
	if len(runs) == 2 && !maps.Equal(runs[0], runs[1]) {
		t.Error("the two databases do not agree")
	}
}

// naughty sends each string and gives what became of it: an error code, or the text as it came back.
func naughty(t *testing.T, base string, strs []string) map[string]string {
	t.Helper()
	c := dial(t, base, client.Hello{})
	result, stored := map[string]string{}, map[string]string{}
	for i, s := range strs {
		id := fmt.Sprintf("n%d", i)
		frame, err := json.Marshal(map[string]any{"type": "say", "data": map[string]string{"id": id, "text": s}})
		if err != nil {
			t.Fatal(err)
		}
		got := outcome(t, c, frame, false)
		if got == "ack" {
			stored[id] = s
		}
		result[id] = got
	}
	again := dial(t, base, client.Hello{Token: c.Welcome.Token})
	for len(stored) > 0 {
		f, err := again.Next(10 * time.Second)
		if err != nil {
			t.Fatalf("%d strings did not come back: %v", len(stored), err)
		}
		e, err := f.Event()
		if err != nil || f.Type != "event" {
			continue
		}
		if want, ok := stored[e.ID]; ok {
			if e.Text != want {
				t.Errorf("%q came back as %q", want, e.Text)
			}
			result[e.ID] = e.Text
			delete(stored, e.ID)
		}
	}
	return result
}

// TestRetriesNeverShowTwice sends every message one to five times over each of two sockets of one visitor, cutting
// some of them off, and expects each once, under one seq. OMBUD_TEST_SENDS sets another number of messages.
func TestRetriesNeverShowTwice(t *testing.T) {
	messages := 2000
	if testing.Short() {
		messages = 80
	}
	if n, err := strconv.Atoi(os.Getenv("OMBUD_TEST_SENDS")); err == nil {
		messages = n
	}
	storagetest.EachURL(t, func(t *testing.T, url string) {
		base := startApp(t, url)
		first := dial(t, base, client.Hello{})
		token := first.Welcome.Token
		var mu sync.Mutex
		seqs := map[string][]int64{}
		var wg sync.WaitGroup
		for part := range 2 {
			wg.Go(func() {
				r := rand.New(rand.NewPCG(7, uint64(part)))
				c := dial(t, base, client.Hello{Token: token})
				for i := range messages {
					id := fmt.Sprintf("m%d", i) // both parts send the same ids
					for range 1 + r.IntN(5) {
						if r.IntN(50) == 0 { // the acknowledgement is lost
							_ = c.Say(id, "message "+id)
							c.Close()
							c = dial(t, base, client.Hello{Token: token})
							continue
						}
						seq, err := sayAndWait(c, id)
						if err != nil {
							t.Error(err)
							return
						}
						mu.Lock()
						seqs[id] = append(seqs[id], seq)
						mu.Unlock()
					}
				}
			})
		}
		wg.Wait()
		for id, all := range seqs {
			if slices.Min(all) != slices.Max(all) {
				t.Errorf("%s was acknowledged as %v", id, all)
			}
		}
		counts := stored(t, base, token, messages)
		for id, n := range counts {
			if n != 1 {
				t.Errorf("%s is stored %d times", id, n)
			}
		}
	})
}

func sayAndWait(c *client.Client, id string) (int64, error) {
	if err := c.Say(id, "message "+id); err != nil {
		return 0, err
	}
	for {
		f, err := c.Next(20 * time.Second)
		if err != nil {
			return 0, err
		}
		if f.Type == "error" {
			return 0, f.Problem()
		}
		if f.Type == "ack" && f.ID() == id {
			return f.Seq, nil
		}
	}
}

// stored reads the whole conversation and counts the visitor's messages by id, until all have been seen.
func stored(t *testing.T, base, token string, messages int) map[string]int {
	t.Helper()
	c := dial(t, base, client.Hello{Token: token})
	counts := map[string]int{}
	if err := c.Say("last", "the end"); err != nil {
		t.Fatal(err)
	}
	for len(counts) < messages {
		f, err := c.Next(20 * time.Second)
		if err != nil {
			t.Fatalf("%d of %d messages are there: %v", len(counts), messages, err)
		}
		if e, err := f.Event(); err == nil && f.Type == "event" && e.Role == "visitor" {
			counts[e.ID]++
		}
	}
	return counts
}
