package frame

import (
	"encoding/json"
	"testing"
	"time"
)

func TestQueueFramesOfEncodedItems(t *testing.T) {
	items := []QueueItem{
		{Conversation: "c1", Visitor: Person{ID: "v1", Name: "Zoë <b>"}, Owner: "queue", UpdatedAt: time.Unix(1, 0).UTC(), Rank: 1},
		{Conversation: "c2", Visitor: Person{ID: "v2"}, Owner: "agent", Agent: &Person{ID: "a", Name: "Ann"}, LastText: "a \"word\"", UpdatedAt: time.Unix(2, 5).UTC()},
	}
	for n := range len(items) + 1 {
		forms := make([][]byte, n)
		for i := range forms {
			b, err := json.Marshal(items[i])
			if err != nil {
				t.Fatal(err)
			}
			forms[i] = b
		}
		want, err := Encode(TypeQueue, 0, QueueSnapshot{Snapshot: true, Items: items[:n:n]})
		if err != nil {
			t.Fatal(err)
		}
		if got := EncodeQueueSnapshot(forms); string(got) != string(want) {
			t.Errorf("snapshot of %d:\n%s\nwant\n%s", n, got, want)
		}
		for _, removed := range [][]string{nil, {"c3"}, {"c3", "c\"4"}} {
			want, err := Encode(TypeQueue, 0, Queue{Changed: items[:n], Removed: removed})
			if err != nil {
				t.Fatal(err)
			}
			if got := EncodeQueue(forms, removed); string(got) != string(want) {
				t.Errorf("%d changed, %d removed:\n%s\nwant\n%s", n, len(removed), got, want)
			}
		}
	}
}
