package hub_test

import (
	"maps"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ombud/chat"
	"ombud/chat/hub"
)

// shown keeps what a console lists.
type shown map[string]hub.BoardItem

func (s *shown) Board(changed []hub.BoardItem, removed []string, snapshot bool) bool {
	if snapshot {
		clear(*s)
	}
	for _, it := range changed {
		(*s)[it.Conversation] = it
	}
	for _, id := range removed {
		delete(*s, id)
	}
	return true
}

// backUp copies what is stored, and gives what puts it back.
func (m *memory) backUp() (putBack func()) {
	m.mu.Lock()
	defer m.mu.Unlock()
	rows, events := maps.Clone(m.rows), map[string][]chat.Event{}
	for id, all := range m.events {
		events[id] = slices.Clone(all)
	}
	return func() {
		m.mu.Lock()
		defer m.mu.Unlock()
		m.rows, m.events = rows, events
	}
}

// A store that is put back to an earlier state under a running node: the waiting line is soon what is stored, with nobody in it who is
// not there any more and with the chats that were not claimed yet.
func TestTheLineFollowsAStoreThatIsPutBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		n := start(t, m, &wires{}, nil)
		kept := begin(t, n)
		say(t, n, guest, kept, "a", "a human please")
		time.Sleep(5 * time.Second)
		putBack := m.backUp()

		line := shown{}
		defer n.Watch(&line)()
		if err := n.Claim(t.Context(), anna, kept.ID); err != nil {
			t.Fatal(err)
		}
		lost, err := n.Begin(t.Context(), shop, chat.Visitor{ID: "v2", Site: "shop"}, "en", "/")
		if err != nil {
			t.Fatal(err)
		}
		say(t, n, chat.Identity{Role: chat.RoleVisitor, ID: "v2", Site: "shop"}, lost, "b", "a human please")
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if line[kept.ID].Owner != chat.OwnerAgent || line[lost.ID].Owner != chat.OwnerQueue {
			t.Fatalf("before: %v and %v", line[kept.ID].Owner, line[lost.ID].Owner)
		}
		putBack()
		time.Sleep(time.Minute)
		synctest.Wait()
		if _, there := line[lost.ID]; there || line[kept.ID].Owner != chat.OwnerQueue {
			t.Errorf("a minute later: %v; what was lost is listed: %v", line[kept.ID].Owner, there)
		}
		if err := n.Claim(t.Context(), anna, kept.ID); err != nil {
			t.Errorf("the chat cannot be claimed again: %v", err)
		}
	})
}

// Another node gives the very seq that was lost to other words, or gives it and one more while nothing can be read: whoever joins is told the
// words that are stored.
func TestAnotherNodeWritesOnAStoreThatIsPutBack(t *testing.T) {
	for name, more := range map[string][]string{"as much": {"b2"}, "more, while reads fail": {"b2", "b3"}} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m, w := newMemory(), &wires{}
				writes, knows := start(t, m, w, nil), start(t, m, w, nil)
				c := begin(t, writes)
				say(t, writes, guest, c, "a", "a human please")
				time.Sleep(5 * time.Second)
				putBack := m.backUp()
				lost := say(t, writes, guest, c, "b1", "lost")
				before := listen(t, knows, c, 0)
				time.Sleep(10 * time.Second)
				synctest.Wait()
				if !strings.Contains(before.heard(), "lost") {
					t.Fatalf("before: %s", before.heard())
				}
				putBack()
				fails := atomic.Bool{}
				fails.Store(len(more) > 1)
				m.mu.Lock()
				m.fail = func(call string) error {
					if call == "events" && fails.Load() {
						return chat.ErrUnavailable
					}
					return nil
				}
				m.mu.Unlock()
				for _, words := range more {
					say(t, writes, guest, c, words, words)
				}
				synctest.Wait()
				fails.Store(false)
				time.Sleep(10 * time.Second)
				synctest.Wait()
				after := listen(t, knows, c, lost.Seq-1)
				synctest.Wait()
				if want := strings.Join(more, " | "); after.heard() != want {
					t.Errorf("heard %q, not %q", after.heard(), want)
				}
			})
		})
	}
}
