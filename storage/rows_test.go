package storage

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"ombud/chat"
)

// fill sets every field of a struct to something other than its zero value.
func fill(t *testing.T, v reflect.Value) {
	t.Helper()
	for i := range v.NumField() {
		f := v.Field(i)
		switch f.Interface().(type) {
		case time.Time:
			f.Set(reflect.ValueOf(time.UnixMicro(int64(1_700_000_000_000_000 + i)).UTC()))
			continue
		case json.RawMessage:
			f.Set(reflect.ValueOf(json.RawMessage(`{"n":1}`)))
			continue
		}
		switch f.Kind() {
		case reflect.String:
			f.SetString("text " + v.Type().Field(i).Name)
		case reflect.Int, reflect.Int64:
			f.SetInt(int64(100 + i))
		default:
			t.Fatalf("no way to fill %s", v.Type().Field(i).Name)
		}
	}
}

// A field added to a noun and forgotten here would be lost without a trace.
func TestRowsCarryEveryField(t *testing.T) {
	var c chat.Conversation
	fill(t, reflect.ValueOf(&c).Elem())
	c.StoredAt = time.Time{} // no part of the row
	if got := conversationToRow(c).conversation(); !reflect.DeepEqual(got, c) {
		t.Errorf("conversation: got %+v, want %+v", got, c)
	}
	var h chat.HandoffRecord
	fill(t, reflect.ValueOf(&h).Elem())
	if got := handoffToRow(h).record(); got != h {
		t.Errorf("handoff: got %+v, want %+v", got, h)
	}
	var e chat.Event
	fill(t, reflect.ValueOf(&e).Elem())
	if got := eventToRow(e).event(); !reflect.DeepEqual(got, e) {
		t.Errorf("event: got %+v, want %+v", got, e)
	}
}

func TestSpellsNUL(t *testing.T) {
	for body, want := range map[string]bool{
		`"\u0000"`: true, `"\\u0000"`: false, `"\\\u0000"`: true, `"\\u0000 \u0000"`: true, `"u0000"`: false, `""`: false,
	} {
		if got := spellsNUL([]byte(body)); got != want {
			t.Errorf("%s: %v", body, got)
		}
	}
}

// What a committer remembers is used at the very seq it remembers, and never grows beyond its limit.
func TestKnownConversations(t *testing.T) {
	k := known{}
	k.learn(map[string]*change{"c1": {now: chat.Conversation{ID: "c1", LastSeq: 4, UpdatedAt: fromMicros(77)}}, "none": {}})
	if _, ok := k.at("c1", 5, 77); ok {
		t.Error("a conversation was taken for unchanged at another seq")
	}
	if _, ok := k.at("c1", 4, 78); ok {
		t.Error("a conversation was taken for unchanged though another event stands at its seq")
	}
	if c, ok := k.at("c1", 4, 77); !ok || c.ID != "c1" {
		t.Error("a conversation was forgotten")
	}
	if _, ok := k.at("none", 0, 77); ok {
		t.Error("a conversation that does not exist was remembered")
	}
	rows := map[string]*change{}
	for i := range knownLimit + 100 {
		rows[string(rune('a'+i%26))+time.Duration(i).String()] = &change{now: chat.Conversation{LastSeq: 1}}
	}
	k.learn(rows)
	if len(k) != knownLimit {
		t.Errorf("%d conversations are remembered, the limit is %d", len(k), knownLimit)
	}
}
