package hub_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ombud/chat"
)

// erase does to a log what storage does when its visitor is erased.
func (m *memory) erase(t *testing.T, id string) {
	t.Helper()
	m.mu.Lock()
	defer m.mu.Unlock()
	c := m.rows[id]
	var all []chat.Event
	for _, e := range m.events[id] {
		e, err := chat.Erase(e)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, e)
	}
	c.LastSeq++
	c.UpdatedAt, c.Owner = time.Now().UTC(), chat.OwnerClosed
	m.events[id] = append(all, chat.Event{Conversation: id, Seq: c.LastSeq, Kind: chat.KindErased, Role: chat.RoleSystem, At: c.UpdatedAt, Body: []byte(`{"why":"asked"}`)})
	m.rows[id] = c
}

// Who joins just after an erasure is given none of the words that this node still held, and who was there hears of the erasure at once.
func TestErasedWordsAreForgottenAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMemory()
		n := start(t, m, &wires{}, nil)
		c := begin(t, n)
		say(t, n, guest, c, "a", "my secret")
		there := listen(t, n, c, 0)
		time.Sleep(5 * time.Second)
		synctest.Wait()
		if !strings.Contains(there.heard(), "my secret") {
			t.Fatalf("before: %s", there.heard())
		}
		n.Erased("v2")
		synctest.Wait()
		if again := listen(t, n, c, 0); !strings.Contains(again.heard(), "my secret") {
			t.Errorf("another visitor's erasure took the words: %s", again.heard())
		}
		m.erase(t, c.ID)
		n.Erased("v1")
		for range 2 {
			if after := listen(t, n, c, 0); strings.Contains(after.heard(), "my secret") {
				t.Errorf("afterwards: %s", after.heard())
			}
			synctest.Wait()
		}
		there.mu.Lock()
		defer there.mu.Unlock()
		if last := there.kinds[len(there.kinds)-1]; last != chat.KindErased {
			t.Errorf("the last that came is %s", last)
		}
	})
}
