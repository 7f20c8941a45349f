package llm

import (
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// stub is a model's server that answers as a test says, and keeps what it was sent.
type stub struct {
	*httptest.Server
	mu     sync.Mutex
	bodies []string
	answer http.HandlerFunc
}

func newStub(t testing.TB, answer http.HandlerFunc) *stub {
	s := &stub{answer: answer}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		s.mu.Lock()
		s.bodies = append(s.bodies, string(body))
		answer := s.answer
		s.mu.Unlock()
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *stub) use(answer http.HandlerFunc) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answer = answer
}

func (s *stub) asked() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.bodies...)
}

// system gives the system prompt of a request.
func system(r *http.Request) string {
	var q struct {
		Messages []struct{ Role, Content string }
	}
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil || len(q.Messages) == 0 {
		return ""
	}
	return q.Messages[0].Content
}

// goodDraft is a sentence that every check lets pass.
const goodDraft = "Have a look at My orders in your account: each step of your order is shown there."

func good(draft string) string {
	data, err := json.Marshal(draft)
	if err != nil {
		panic(err)
	}
	return `{"signals":[],"cites":[],"draft":` + string(data) + `}`
}

// events gives a stream that brings a text in pieces and ends for a reason; "" leaves the end away.
func events(text, finish string) string {
	var b strings.Builder
	runes := []rune(text)
	for i := 0; i < len(runes); i += 7 {
		piece, err := json.Marshal(string(runes[i:min(len(runes), i+7)]))
		if err != nil {
			panic(err)
		}
		fmt.Fprintf(&b, "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":%s}}]}\n\n", piece)
	}
	if finish != "" {
		fmt.Fprintf(&b, "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":%q}]}\n\n", finish)
		b.WriteString("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":20,\"total_tokens\":30}}\n\ndata: [DONE]\n\n")
	}
	return b.String()
}

func raw(stream string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream; charset=utf-8")
		io.WriteString(w, stream) // the client may be gone, and that is tested elsewhere
	}
}

func says(text string) http.HandlerFunc { return raw(events(text, "stop")) }

func status(code int, header ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i+1 < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(code)
		io.WriteString(w, `{"error":{"message":"secret of the server"}}`)
	}
}

// silence begins an answer, or not, and then waits until the client goes away.
func silence(begin string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if begin != "" {
			raw(begin)(w, r)
			w.(http.Flusher).Flush()
		}
		<-r.Context().Done()
	}
}

// endless writes a piece again and again, as fast as it is read or every pause.
func endless(code int, piece string, every time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		w.WriteHeader(code)
		for i := 0; ; i++ {
			if _, err := io.WriteString(w, piece); err != nil {
				return
			}
			if every == 0 {
				continue
			}
			w.(http.Flusher).Flush()
			select {
			case <-time.After(every):
			case <-r.Context().Done():
				return
			}
		}
	}
}

// hangUp sends a beginning and then breaks the connection, politely or not.
func hangUp(begin string, reset bool) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n%s", begin)
		if reset {
			conn.(*net.TCPConn).SetLinger(0)
		}
	}
}

// faults are the ways in which a model's server goes wrong.
var faults = map[string]http.HandlerFunc{
	"429 with Retry-After":        status(429, "Retry-After", "7"),
	"429 without":                 status(429),
	"500":                         status(500),
	"500 with an endless body":    endless(500, strings.Repeat("x", 4096), 0),
	"401":                         status(401),
	"200 and HTML":                htmlPage,
	"stall before the first byte": silence(""),
	"stall within":                silence(events(good(goodDraft), "")),
	"drip":                        endless(200, "d", 20*time.Millisecond),
	"drip of whole pieces":        endless(200, events("x", ""), 20*time.Millisecond),
	"cut without an end":          raw(events(good(goodDraft), "")),
	"cut within a piece":          hangUp(events(good(goodDraft), "stop")[:180], false),
	"reset":                       hangUp(events(good(goodDraft), "")[:90], true),
	"one piece of 5 MB":           raw("data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + strings.Repeat("x", 5<<20) + "\"}}]}\n\n"),
	"pieces that are not JSON":    raw("data: {\"choices\":[{\n\ndata: [DONE]\n\n"),
	"an answer that is not JSON":  says("Sure! Your order is on its way."),
	"an empty answer":             raw(events("", "stop")),
	"finished by length":          raw(events(good(goodDraft), "length")),
	"filtered":                    raw(events(good(goodDraft), "content_filter")),
	"a redirect":                  status(307, "Location", "http://127.0.0.1:1/elsewhere"),
	"blank lines":                 raw(strings.Repeat("\n", 400) + events(good(goodDraft), "stop")),
	"comments":                    raw(strings.Repeat(": wait\n", 400) + events(good(goodDraft), "stop")),
	"another content type": func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		io.WriteString(w, events(good(goodDraft), "stop"))
	},
	"a huge header": func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Huge", strings.Repeat("x", 1<<20))
		says(good(goodDraft))(w, r)
	},
	"a body without an end":      endless(200, events("x", ""), 0),
	"JSON of another schema":     says(`{"answer":"Your order is on its way."}`),
	"a field too many":           says(strings.Replace(good(goodDraft), "{", `{"session":"ended",`, 1)),
	"a field twice":              says(strings.Replace(good(goodDraft), "{", `{"draft":"x",`, 1)),
	"a field misspelt":           says(strings.Replace(good(goodDraft), "draft", "Draft", 1)),
	"words after the JSON":       says(good(goodDraft) + " and more"),
	"an unknown signal":          says(`{"signals":[{"signal":"happy","strength":1,"evidence":""}],"draft":"","cites":[]}`),
	"a citation it made up":      says(`{"signals":[],"draft":"x","cites":["policy#9"]}`),
	"an error within the stream": raw("data: {\"error\":{\"message\":\"secret of the server\",\"type\":\"x\"}}\n\n"),
	"a call of a tool":           raw("data: {\"choices\":[{\"index\":0,\"delta\":{\"tool_calls\":[{\"index\":0,\"type\":\"function\",\"function\":{\"name\":\"refund\"}}]}}]}\n\n" + events(good(goodDraft), "stop")),
	"two answers at once":        raw("data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"x\"}}]}\n\n" + events(good(goodDraft), "stop")),
	"words after the end":        raw(strings.Replace(events(good(goodDraft), "stop"), "data: [DONE]", "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" \"}}]}\n\ndata: [DONE]", 1)),
	"the prompt itself": func(w http.ResponseWriter, r *http.Request) {
		says(good(system(r)[:1000]))(w, r)
	},
	"the mark, spelt out": func(w http.ResponseWriter, r *http.Request) {
		_, mark, _ := strings.Cut(system(r), "bears the mark ")
		mark, _, _ = strings.Cut(mark, ",")
		says(good("The word is "+strings.Join(strings.Split(strings.ToLower(mark), ""), "-")+"."))(w, r)
	},
}

func htmlPage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html")
	io.WriteString(w, "<html><body>Sign in to the network</body></html>")
}
