package hub

import (
	"fmt"
	"testing"

	"ombud/chat"
)

func TestAnItemIsWrittenOnceForAll(t *testing.T) {
	b := newBoard(&Hub{})
	b.names["v"] = "Vera"
	written := 0
	form := func(it BoardItem) []byte {
		written++
		return fmt.Appendf(nil, "%s %d %s", it.Visitor.Name, it.Rank, it.LastText)
	}
	check := func(want string, times int) {
		t.Helper()
		for range 2 {
			if got := string((*b.items["c"]).Form(form)); got != want {
				t.Errorf("form is %q, want %q", got, want)
			}
		}
		if written != times {
			t.Errorf("written %d times, want %d", written, times)
		}
	}
	b.put(chat.Conversation{ID: "c", Visitor: "v", Owner: chat.OwnerQueue, LastText: "one"})
	check("Vera 0 one", 1)
	b.items["c"].move(3)
	check("Vera 3 one", 2)
	b.items["c"].move(3)
	check("Vera 3 one", 2)
	b.put(chat.Conversation{ID: "c", Visitor: "v", Owner: chat.OwnerQueue, LastText: "two"})
	check("Vera 3 two", 3)
}
