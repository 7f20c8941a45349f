package client

import "testing"

func TestAwaitKnowsItsFrame(t *testing.T) {
	for _, c := range []struct {
		frame, kind, id string
		want            bool
	}{
		{`{"type":"ack","seq":7,"data":{"id":"b1","conversation":"c"}}`, "ack", "b1", true},
		{`{"type":"ack","seq":7,"data":{"id":"b12","conversation":"c"}}`, "ack", "b1", false},
		{`{"type":"event","seq":7,"data":{"conversation":"c","id":"b1","text":"x"}}`, "event", "b1", true},
		{`{"type":"event","seq":7,"data":{"conversation":"c","text":"\"id\":\"b1\"","id":"b2"}}`, "event", "b1", false},
		{`{"type":"event","seq":7,"data":{"asks":{"id":"a"},"id":"b1"}}`, "event", "b1", true},
		{`{"type":"events","data":{"id":"b1"}}`, "event", "b1", false},
		{`{"type":"queue","data":{"changed":[]}}`, "ack", "b1", false},
		{`{"type":"ack"`, "ack", "b1", false},
		{``, "ack", "b1", false},
	} {
		if got := isType([]byte(c.frame), c.kind) && names([]byte(c.frame), c.id); got != c.want {
			t.Errorf("%s as %s of %s: %v, want %v", c.frame, c.kind, c.id, got, c.want)
		}
	}
}
