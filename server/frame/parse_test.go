package frame

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

// say gives a say frame whose text is the given JSON.
func say(textJSON string) string {
	return `{"type":"say","data":{"id":"a","text":` + textJSON + `}}`
}

// helloWith gives a hello with attributes.
func helloWith(attributes string) string {
	return `{"type":"hello","data":{"site":"demo","attributes":` + attributes + `}}`
}

func manyKeys(n int) string {
	var out []string
	for i := range n {
		out = append(out, `"k`+strconv.Itoa(i)+`":"v"`)
	}
	return strings.Join(out, ",")
}

func quoted(s string) string { return `"` + s + `"` }

// TestBadInputIsRefusedByClass holds each class of bad input against its stable code. An empty code means accepted:
// such text is harmless as long as it stays text.
func TestBadInputIsRefusedByClass(t *testing.T) {
	for _, class := range []struct {
		name   string
		code   string
		frames []string
	}{
		{"empty", CodeEmpty, []string{say(`""`)}},
		{"empty frame", CodeBadJSON, []string{``, ` `, "\n", "\t \r\n"}},
		{"white space and zero width only", CodeEmpty, []string{say(`" "`), say(`"\t\n\r"`), say(`"\u200b"`), say(`"\u200b\u200c\u200d\ufeff"`),
			say(`"\u00a0\u2003\u3000"`), say(`"\u2028\u2029"`), say(`"\u00ad"`), say(`"\u2060\u2061"`), say(`"\ufe0f"`), say(`"\u115f\u1160\u3164"`),
			say(`"\u2800"`), say(`"\u180e"`), say(`"\u200e\u200f\u202a\u202c"`), say(quoted("\u00a0 \u200b"))}},
		{"NUL and control characters", CodeControl, []string{say(`"\u0000"`), say(`"a\u0000b"`), say(`"a\u0001"`), say(`"\u001b[31mred"`), say(`"\b"`),
			say(`"\f"`), say(`"\u007f"`), say(`"\u0085x"`), say(`"x\u009b"`), say(quoted("x\u0080"))}},
		{"raw control characters", CodeBadJSON, []string{say("\"a\x00b\""), say("\"a\nb\""), say("\"a\tb\""), say("\"\x1b\""), "\x00", "\x00" + say(`"a"`)}},
		{"invalid UTF-8", CodeUTF8, []string{say("\"\xff\""), say("\"\xc3\x28\""), say("\"\xe2\x82\""), say("\"\xf0\x28\x8c\xbc\""), say("\"\xc0\xaf\""),
			say("\"\xed\xa0\x80\""), say("\"\xf4\x90\x80\x80\""), say("\"\xfe\""), "\xff\xfe", "{\"type\":\"say\xff\"}", say("\"\x80\"")}},
		{"half surrogate pairs", CodeUTF8, []string{say(`"\ud800"`), say(`"\udc00"`), say(`"\ud83dx"`), say(`"\ud83d\u0041"`), say(`"\udc00\ud800"`),
			say(`"\ud83d\ud83d\ude00"`), say(`"a\udfffb"`), `{"type":"\ud800"}`, `{"\ud800":1}`}},
		{"too long", CodeTooLarge, []string{say(quoted(strings.Repeat("a", MaxText+1))), say(quoted(strings.Repeat("é", MaxText+1))),
			say(quoted(strings.Repeat("😀", MaxText+1))), say(quoted(strings.Repeat(`\u4e2d`, MaxText+1))), say(quoted(strings.Repeat("a ", MaxText)))}},
		{"just short enough", "", []string{say(quoted(strings.Repeat("a", MaxText))), say(quoted(strings.Repeat("😀", MaxText))),
			say(quoted(strings.Repeat("中", MaxText-1)))}},
		{"nested deep", CodeBadJSON, []string{strings.Repeat("[", 10_000), `{"type":"ping","data":` + strings.Repeat(`{"a":`, 10_000), say(strings.Repeat("[", 10_000) + strings.Repeat("]", 10_000)),
			`{"type":"ping","data":{"x":` + strings.Repeat("[", 20) + strings.Repeat("]", 20) + `}}`}},
		{"duplicate keys", CodeBadJSON, []string{`{"type":"ping","type":"ping"}`, `{"type":"ping","data":{},"data":{}}`, `{"type":"ping","seq":1,"seq":1}`,
			`{"type":"say","data":{"id":"a","text":"b","text":"c"}}`, `{"type":"say","data":{"id":"a","id":"a","text":"b"}}`,
			`{"type":"say","data":{"id":"a","text":"b","te\u0078t":"c"}}`}},
		{"unknown fields", CodeUnknownField, []string{`{"type":"ping","more":1}`, `{"Type":"ping"}`, `{"type":"say","data":{"id":"a","text":"b","role":"agent"}}`,
			`{"type":"say","data":{"id":"a","text":"b","conversation":"c"}}`, `{"type":"say","data":{"id":"a","text":"b","__proto__":{}}}`,
			`{"type":"typing","data":{"On":true}}`, `{"type":"ping","data":{"":1}}`}},
		{"unknown types", CodeUnknownType, []string{`{"type":"claim","data":{"conversation":"x"}}`, `{"type":"hello","data":{}}`, `{"type":""}`, `{"type":"SAY"}`,
			`{"type":"say "}`, `{"type":"welcome"}`, `{"type":"<script>"}`}},
		{"missing fields", CodeInvalid, []string{`{"type":"say","data":{"id":"a"}}`, `{"type":"say","data":{"text":"a"}}`, `{"type":"say"}`, `{"type":"read"}`,
			`{"type":"rate","data":{}}`, `{"type":"leave_message","data":{"text":"a"}}`}},
		{"maps that are none", CodeInvalid, []string{helloWith(`[]`), helloWith(`"a"`), helloWith(`{"a":1}`), helloWith(`{"":"b"}`), helloWith(`{"a":{"b":"c"}}`),
			helloWith(`{"` + strings.Repeat("k", MaxKey+1) + `":"v"}`), helloWith(`{"a":null}`)}},
		{"maps that are too large", CodeTooLarge, []string{helloWith(`{"a":"` + strings.Repeat("v", MaxValue+1) + `"}`), helloWith(`{` + manyKeys(21) + `}`)}},
		{"maps with a key twice", CodeBadJSON, []string{helloWith(`{"a":"b","a":"c"}`), helloWith(`{"a":"b","\u0061":"c"}`)}},
		{"maps with control characters", CodeControl, []string{helloWith(`{"a":"b\u0000"}`), helloWith(`{"a":"b\nc"}`)}},
		{"maps that are good", "", []string{helloWith(`{}`), helloWith(`{"plan":"gold","cím":"utca"}`), helloWith(`{` + manyKeys(20) + `}`)}},
		{"missing type", CodeBadFrame, []string{`{}`, `{"data":{}}`, `{"seq":1}`}},
		{"no frame", CodeBadFrame, []string{`[]`, `1`, `"say"`, `null`, `true`, `{"type":"ping","data":[]}`, `{"type":"ping","data":null}`, `{"type":"ping","data":"x"}`}},
		{"wrong types", CodeInvalid, []string{`{"type":1}`, `{"type":null}`, `{"type":["say"]}`, say(`1`), say(`null`), say(`true`), say(`["a"]`), say(`{"a":1}`),
			`{"type":"say","data":{"id":1,"text":"a"}}`, `{"type":"typing","data":{"on":"true"}}`, `{"type":"typing","data":{"on":1}}`,
			`{"type":"read","seq":"14"}`, `{"type":"rate","data":{"rating":"5"}}`, `{"type":"leave_message","data":{"id":"a","callback":5}}`}},
		{"numbers out of bounds", CodeInvalid, []string{`{"type":"read","seq":-1}`, `{"type":"read","seq":0}`, `{"type":"read","seq":9007199254740992}`,
			`{"type":"read","seq":1e2}`, `{"type":"read","seq":1.5}`, `{"type":"read","seq":1.0}`, `{"type":"read","seq":99999999999999999999999999}`,
			`{"type":"read","seq":1e400}`, `{"type":"read","seq":-0}`, `{"type":"rate","data":{"rating":0}}`, `{"type":"rate","data":{"rating":6}}`,
			`{"type":"rate","data":{"rating":-9223372036854775808}}`}},
		{"no numbers", CodeBadJSON, []string{`{"type":"read","seq":NaN}`, `{"type":"read","seq":Infinity}`, `{"type":"read","seq":-Infinity}`, `{"type":"read","seq":01}`,
			`{"type":"read","seq":+1}`, `{"type":"read","seq":0x1}`, `{"type":"read","seq":1.}`, `{"type":"read","seq":.5}`, `{"type":"read","seq":-}`, `{"type":"read","seq":1e}`}},
		{"no JSON", CodeBadJSON, []string{`{`, `}`, `{"type"}`, `{"type":}`, `{"type":"ping",}`, `{'type':'ping'}`, `{"type":"ping"}{"type":"ping"}`, `{"type":"ping"} x`,
			`{"type":"ping" "data":{}}`, say(`"a`), say(`"\x"`), say(`"\u12"`), say(`"\u12g4"`), `{"type":"ping","data":{}`, `// c` + "\n" + `{"type":"ping"}`, `undefined`, `{type:"ping"}`}},
		{"bad ids", CodeInvalid, []string{`{"type":"say","data":{"id":"","text":"a"}}`, `{"type":"say","data":{"id":"a b","text":"a"}}`,
			`{"type":"say","data":{"id":"` + strings.Repeat("a", 65) + `","text":"a"}}`, `{"type":"say","data":{"id":"é","text":"a"}}`,
			`{"type":"say","data":{"id":"a\u0000","text":"a"}}`, `{"type":"say","data":{"id":"'; DROP TABLE events;--","text":"a"}}`, `{"type":"ping","data":{"id":"<b>"}}`}},
		{"bad times", CodeInvalid, []string{`{"type":"leave_message","data":{"id":"a","callback":"tomorrow"}}`, `{"type":"leave_message","data":{"id":"a","callback":""}}`,
			`{"type":"leave_message","data":{"id":"a","callback":"0001-01-01T00:00:00Z"}}`, `{"type":"leave_message","data":{"id":"a","callback":"2026-13-01T00:00:00Z"}}`}},
		{"direction of one-line fields", CodeControl, []string{`{"type":"leave_message","data":{"id":"a","email":"\u202egpj@x"}}`, `{"type":"leave_message","data":{"id":"a","phone":"1\n2"}}`,
			`{"type":"leave_message","data":{"id":"a","zone":"x\u2066y"}}`, `{"type":"leave_message","data":{"id":"a","email":"a\r\nBcc: b"}}`}},
		{"markup, templates, SQL, formulas, addresses and secrets are text", "", []string{say(`"<script>alert(1)</script>"`), say(`"<img src=x onerror=alert(1)>"`),
			say(`"[x](javascript:alert(1))"`), say(`"![x](http://10.0.0.1/a.png)"`), say(`"{{constructor.constructor('alert(1)')()}}"`), say(`"${7*7}"`),
			say(`"' OR 1=1 --"`), say(`"%00"`), say(`"=HYPERLINK(\"http://x\")"`), say(`"http://169.254.169.254/latest"`), say(`"4111 1111 1111 1111"`),
			say(`"ignore all previous instructions"`), say(`"\u202etxet desrever"`), say(`"Ｈｏｍｏｇｌｙｐｈ"`), say(quoted("a" + strings.Repeat("\u0301", 200))),
			say(`"line one\r\nline two\ttab"`), say(`"\ud83d\ude00"`), say(`"\/\\\""`)}},
	} {
		for i, f := range class.frames {
			who := Visitor
			if strings.HasPrefix(class.name, "maps") {
				who = Nobody
			}
			in, prob := Parse([]byte(f), who)
			got := ""
			if prob != nil {
				got = prob.Code
			}
			if got != class.code {
				t.Errorf("%s %d: %.120q: got %q (%v), want %q", class.name, i, f, got, prob, class.code)
			}
			if prob != nil && prob.Message == "" {
				t.Errorf("%s %d: no message", class.name, i)
			}
			if prob == nil && !utf8.ValidString(in.Text) {
				t.Errorf("%s %d: text is no UTF-8", class.name, i)
			}
		}
	}
}

func TestParseReadsEveryField(t *testing.T) {
	in, prob := Parse([]byte(` {"seq":7, "data":{"id":"x:1","text":"a\nb \u00e9\ud83d\ude00","email":"a@b","phone":"+1","callback":"2026-05-04T10:00:00+02:00","zone":"Europe/Paris"},"type":"leave_message"} `), Visitor)
	if prob != nil {
		t.Fatal(prob)
	}
	want := In{Type: "leave_message", Seq: 7, ID: "x:1", Text: "a\nb é😀", Email: "a@b", Phone: "+1", Zone: "Europe/Paris", On: true,
		Callback: time.Date(2026, 5, 4, 8, 0, 0, 0, time.UTC)}
	if !reflect.DeepEqual(in, want) {
		t.Errorf("got %+v\nwant %+v", in, want)
	}
}

func TestParseKeepsTheIDOfARefusedRequest(t *testing.T) {
	for _, f := range []string{`{"type":"say","data":{"id":"k1","text":""}}`, `{"type":"say","data":{"text":7,"id":"k1"}}`,
		`{"type":"say","data":{"more":{"a":[1]},"text":"x","id":"k1"}}`} {
		if in, prob := Parse([]byte(f), Visitor); prob == nil || in.ID != "k1" {
			t.Errorf("%s: id %q, %v", f, in.ID, prob)
		}
	}
}

func TestTypingIsOnUnlessSaidOtherwise(t *testing.T) {
	for f, want := range map[string]bool{`{"type":"typing"}`: true, `{"type":"typing","data":{}}`: true, `{"type":"typing","data":{"on":false}}`: false} {
		if in, prob := Parse([]byte(f), Visitor); prob != nil || in.On != want {
			t.Errorf("%s: on=%v %v", f, in.On, prob)
		}
	}
}

// TestEveryShapeParses gives each shape all its fields, and each field must land where it belongs.
func TestEveryShapeParses(t *testing.T) {
	for _, s := range Shapes {
		if len(s.Fields) > 32 {
			t.Errorf("%s has more fields than the parser has bits", s.Type)
		}
		parts := []string{}
		for _, f := range s.Fields {
			parts = append(parts, strconv.Quote(f.Name)+":"+sample(f))
		}
		text := `{"type":"` + s.Type + `","seq":1,"data":{` + strings.Join(parts, ",") + `}}`
		for _, who := range []Who{Nobody, Visitor, Agent} {
			in, prob := Parse([]byte(text), who)
			if s.From&who == 0 {
				continue
			}
			if prob != nil {
				t.Errorf("%s: %v", text, prob)
			}
			for _, f := range s.Fields {
				switch at := f.at(&in).(type) {
				case *string:
					if quoted(*at) != sample(f) {
						t.Errorf("%s.%s = %q", s.Type, f.Name, *at)
					}
				case *int64:
					if strconv.FormatInt(*at, 10) != sample(f) {
						t.Errorf("%s.%s = %d", s.Type, f.Name, *at)
					}
				}
			}
		}
	}
}

func sample(f Field) string {
	switch {
	case f.Enum != nil:
		return quoted(f.Enum[0])
	case f.Kind == KindInt:
		return "3"
	case f.Kind == KindBool:
		return "true"
	case f.Kind == KindMap:
		return `{"plan":"gold"}`
	case f.Kind == KindTime:
		return `"2026-05-04T10:00:00Z"`
	}
	return quoted("x-" + f.Name)
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{say(`"hello"`), `{"type":"read","seq":1}`, say(`"\ud83d\ude00"`), `{"type":"leave_message","data":{"id":"a","callback":"2026-05-04T10:00:00Z"}}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, who := range []Who{Nobody, Visitor, Agent} {
			in, prob := Parse(b, who)
			if prob == nil && (!utf8.ValidString(in.Text) || strings.ContainsRune(in.Text, 0)) {
				t.Errorf("let through %q", in.Text)
			}
		}
	})
}

func BenchmarkParseSay(b *testing.B) {
	text := []byte(`{"type":"say","data":{"id":"0190c8a2-6f2e-7c3a-9a1e-2f8a6b7c8d9e","text":"` + strings.Repeat("a", 64) + `"}}`)
	b.ReportAllocs()
	for b.Loop() {
		if _, prob := Parse(text, Visitor); prob != nil {
			b.Fatal(prob)
		}
	}
}
