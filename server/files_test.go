package server

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"ombud/chat"
)

func picture(t *testing.T, w, h int) string {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, w, h))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// filesWorld is a server whose site "demo" takes files; "other" takes none.
func filesWorld(t *testing.T, change ...func(*Options)) *world {
	mem := newMemory()
	w := newNode(t, mem, &wire{}, append(change, func(o *Options) { o.Files = mem })...)
	mem.mu.Lock()
	site := mem.sites["demo"]
	site.Settings.Files = true
	mem.sites["demo"] = site
	mem.mu.Unlock()
	w.s.sites.forget()
	return w
}

// call sends a request with a bearer token and, if not empty, an origin.
func (w *world) call(method, path, token, origin, body string) (*http.Response, string) {
	w.t.Helper()
	r, err := http.NewRequest(method, w.url+path, strings.NewReader(body))
	if err != nil {
		w.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	if origin != "" {
		r.Header.Set("Origin", origin)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
	}
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		w.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	return resp, string(raw)
}

func TestAFileReachesBothSidesAndNobodyElse(t *testing.T) {
	w := filesWorld(t)
	w.addUser("ann", chat.GradeAgent)
	w.addUser("bea", chat.GradeAgent)
	c, welcome := w.visitor("", 0)
	token, conv := welcome.str("token"), welcome.str("conversation")
	limits, _ := welcome.Data["limits"].(map[string]any)
	if limits["file"] != float64(8<<20) {
		t.Errorf("limits %v", limits)
	}
	c.send("say", map[string]any{"id": "s", "text": "a person, please"})
	c.until("the queue", func(f anyFrame) bool { return f.str("kind") == "handoff_requested" })
	ann := w.agent("ann")
	ann.send("claim", map[string]any{"id": "c", "conversation": conv})
	ann.answer("c")
	ann.send("open", map[string]any{"id": "o", "conversation": conv})
	ann.answer("o")
	post := "/api/v1/sites/demo/files?id=f-1&name=C%3A%5Cphoto.exe"
	var id string
	for try := range 2 { // the second is a retry of the first
		resp, body := w.call("POST", post, token, shopOrigin, picture(t, 30, 20))
		if resp.StatusCode != 200 || resp.Header.Get("Access-Control-Allow-Origin") != shopOrigin {
			t.Fatalf("try %d: %d %s %v", try, resp.StatusCode, body, resp.Header)
		}
	}
	for side, s := range map[string]*socket{"visitor": c, "agent": ann} {
		f := s.until("the file", func(f anyFrame) bool { return f.str("kind") == "file" })
		last := f[len(f)-1]
		id = last.str("file")
		if last.str("file_name") != "photo.png" || last.str("type") != "image/png" || last.Data["width"] != 30.0 || last.str("id") != "f-1" || last.str("role") != "visitor" {
			t.Errorf("%s: %s", side, last.raw)
		}
	}
	if len(w.mem.files) != 1 {
		t.Errorf("%d files after a retry", len(w.mem.files))
	}
	_, stranger := w.visitor("", 0)
	annKey, beaKey := w.addKey("ann"), w.addKey("bea")
	mine, theirs := "/api/v1/sites/demo/files/"+id+"?conversation=", "/api/v1/conversations/"+conv+"/files/"+id
	for _, r := range []struct {
		who, path, token, origin string
		want                     int
	}{
		{"the visitor", mine + conv, token, shopOrigin, 200}, {"the holder", theirs, annKey, "", 200},
		{"the visitor of another chat", mine + conv, stranger.str("token"), shopOrigin, 404}, {"another chat's file", mine + stranger.str("conversation"), stranger.str("token"), "", 404},
		{"nobody", mine + conv, "", shopOrigin, 401}, {"a wrong token", mine + conv, "x", shopOrigin, 401}, {"another site's page", mine + conv, token, "https://other.example.com", 403},
		{"the visitor at another site", strings.Replace(mine, "demo", "other", 1) + conv, token, "", 401},
		{"a colleague", theirs, beaKey, "", 404}, {"a visitor's token at the agents' door", theirs, token, "", 401},
		{"an agent's token at the visitors' door", mine + conv, annKey, "", 401}, {"another id", mine[:len(mine)-len(id)-14] + "x?conversation=" + conv, token, "", 404},
	} {
		resp, body := w.call("GET", r.path, r.token, r.origin, "")
		if resp.StatusCode != r.want || r.want != 200 && strings.Contains(body, "PNG") {
			t.Errorf("%s: %d %.80s", r.who, resp.StatusCode, body)
		}
		if h := resp.Header; r.want == 200 && (h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Content-Disposition") != "attachment; filename=photo.png" ||
			h.Get("Content-Security-Policy") != "default-src 'none'; sandbox" || h.Get("Content-Type") != "image/png" || h.Get("Cache-Control") != "no-store") {
			t.Errorf("%s: %v", r.who, h)
		}
	}
	resp, body := w.call("POST", "/api/v1/conversations/"+conv+"/files?id=a-1&name=label.png", annKey, "", picture(t, 9, 9))
	f := c.until("the agent's file", func(f anyFrame) bool { return f.str("kind") == "file" && f.str("role") == "agent" })
	if got := f[len(f)-1]; resp.StatusCode != 200 || got.str("name") != "Name of ann" {
		t.Errorf("%d %s: %s", resp.StatusCode, body, got.raw)
	}
	if resp, body := w.call("POST", "/api/v1/conversations/"+conv+"/files?id=b-1", beaKey, "", picture(t, 9, 9)); resp.StatusCode != 404 {
		t.Errorf("a colleague sent a file: %d %s", resp.StatusCode, body)
	}
}

func TestFilesHaveBounds(t *testing.T) {
	w := filesWorld(t, func(o *Options) { o.Limits.UploadsBurst, o.Limits.Uploads = fileQuota.Files+4, 0.001 })
	_, welcome := w.visitor("", 0)
	token := welcome.str("token")
	send := func(id int, body string) (*http.Response, string) {
		return w.call("POST", fmt.Sprintf("/api/v1/sites/demo/files?id=f-%d", id), token, "", body)
	}
	small := picture(t, 2, 2)
	for i := range fileQuota.Files {
		if resp, body := send(i, small); resp.StatusCode != 200 {
			t.Fatalf("file %d: %d %s", i+1, resp.StatusCode, body)
		}
	}
	if resp, body := send(100, small); resp.StatusCode != 422 || !strings.Contains(body, "as many files") {
		t.Errorf("one more than allowed: %d %s", resp.StatusCode, body)
	}
	if resp, body := send(101, `<svg onload="alert(1)"/>`); resp.StatusCode != 422 || !strings.Contains(body, "Send a picture") {
		t.Errorf("SVG: %d %s", resp.StatusCode, body)
	}
	if resp, body := send(102, ""); resp.StatusCode != 422 && resp.StatusCode != 400 {
		t.Errorf("nothing: %d %s", resp.StatusCode, body)
	}
	if resp, _ := send(103, strings.Repeat("x", 8<<20+2)); resp.StatusCode != 413 {
		t.Errorf("too large: %d", resp.StatusCode)
	}
	if resp, _ := send(104, small); resp.StatusCode != 429 {
		t.Errorf("faster than allowed: %d", resp.StatusCode)
	}
	if n := len(w.mem.files); n != fileQuota.Files {
		t.Errorf("%d files stored", n)
	}
}

func TestFilesAreOffUntilTheSiteTurnsThemOn(t *testing.T) {
	mem := newMemory()
	w := newNode(t, mem, &wire{}, func(o *Options) { o.Files = mem })
	_, welcome := w.visitor("", 0)
	if limits, _ := welcome.Data["limits"].(map[string]any); limits["file"] != nil {
		t.Errorf("offered although off: %v", limits)
	}
	if resp, body := w.call("POST", "/api/v1/sites/demo/files?id=f", welcome.str("token"), "", picture(t, 2, 2)); resp.StatusCode != 422 || len(mem.files) != 0 {
		t.Errorf("%d %s", resp.StatusCode, body)
	}
}

func TestOnlyListedPagesMayAskAcrossOrigins(t *testing.T) {
	w := filesWorld(t)
	for origin, want := range map[string]int{shopOrigin: 204, "https://other.example.com": 403, "null": 403, w.url: 204} {
		resp, _ := w.call("OPTIONS", "/api/v1/sites/demo/files?id=x", "", origin, "")
		if resp.StatusCode != want || want == 204 && resp.Header.Get("Access-Control-Allow-Headers") == "" || resp.Header.Get("Access-Control-Allow-Credentials") != "" {
			t.Errorf("%s: %d %v", origin, resp.StatusCode, resp.Header)
		}
	}
}

// headOnly sends the head of a request that promises 8 MB, and gives the answer to that.
func (w *world) headOnly(path, token, identity string) *http.Response {
	w.t.Helper()
	c, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { c.Close() })
	if err := c.SetDeadline(time.Now().Add(patience)); err != nil {
		w.t.Fatal(err)
	}
	fmt.Fprintf(c, "POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/octet-stream\r\nContent-Length: 8000000\r\n", path)
	if token != "" {
		fmt.Fprintf(c, "Authorization: Bearer %s\r\n", token)
	}
	if identity != "" {
		fmt.Fprintf(c, "Ombud-Identity: %s\r\n", identity)
	}
	fmt.Fprint(c, "\r\n")
	resp, err := http.ReadResponse(bufio.NewReader(c), nil)
	if err != nil {
		w.t.Fatalf("%s: no answer to the head alone: %v", path, err)
	}
	resp.Body.Close()
	return resp
}

func TestFilesAreRefusedBeforeTheyAreRead(t *testing.T) {
	w := filesWorld(t, func(o *Options) { o.Limits.UploadsBurst, o.Limits.Uploads = 1, 0.001 })
	w.addUser("ann", chat.GradeAgent)
	_, welcome := w.visitor("", 0)
	token, conv := welcome.str("token"), welcome.str("conversation")
	post := "/api/v1/sites/demo/files?id=f-1"
	if resp, body := w.call("POST", post, token, "", picture(t, 2, 2)); resp.StatusCode != 200 {
		t.Fatalf("the first: %d %s", resp.StatusCode, body)
	}
	for _, c := range []struct {
		what, path, token string
		want              int
	}{
		{"without a token", post, "", 401},
		{"with a wrong one", post, "x", 401},
		{"to a site that is not there", "/api/v1/sites/none/files?id=f", token, 404},
		{"faster than allowed", post, token, 429},
		{"by no agent", "/api/v1/conversations/" + conv + "/files?id=f", "", 401},
		{"by an agent who does not hold it", "/api/v1/conversations/" + conv + "/files?id=f", w.addKey("ann"), 404},
	} {
		if resp := w.headOnly(c.path, c.token, ""); resp.StatusCode != c.want {
			t.Errorf("%s: %d, want %d", c.what, resp.StatusCode, c.want)
		}
	}
	w.setSite("demo", func(s *chat.Site) { s.Settings.Files = false })
	if resp := w.headOnly(post, token, ""); resp.StatusCode != 422 {
		t.Errorf("to a site that takes none: %d", resp.StatusCode)
	}
}

func TestFilesAreNotFetchedWithoutBounds(t *testing.T) {
	w := filesWorld(t, func(o *Options) { o.Limits.DownloadsBurst, o.Limits.Downloads = 3, 0.001 })
	c, welcome := w.visitor("", 0)
	token := welcome.str("token")
	w.call("POST", "/api/v1/sites/demo/files?id=f-1", token, "", picture(t, 2, 2))
	f := c.until("the file", func(f anyFrame) bool { return f.str("kind") == "file" })
	path := "/api/v1/sites/demo/files/" + f[len(f)-1].str("file") + "?conversation=" + welcome.str("conversation")
	for i, want := range []int{200, 200, 200, 429} {
		if resp, body := w.call("GET", path, token, "", ""); resp.StatusCode != want {
			t.Errorf("fetch %d: %d %.80s", i+1, resp.StatusCode, body)
		}
	}
	w.addUser("sue", chat.GradeSupervisor)
	key := w.addKey("sue")
	theirs := "/api/v1/conversations/" + welcome.str("conversation") + "/files/" + f[len(f)-1].str("file")
	for i, want := range []int{200, 200, 200, 429} {
		if resp, body := w.call("GET", theirs, key, "", ""); resp.StatusCode != want {
			t.Errorf("a supervisor's fetch %d: %d %.80s", i+1, resp.StatusCode, body)
		}
	}
}

// setSite changes a site as an admin would.
func (w *world) setSite(id string, change func(*chat.Site)) {
	w.mem.mu.Lock()
	site := w.mem.sites[id]
	change(&site)
	w.mem.sites[id] = site
	w.mem.mu.Unlock()
	w.s.sites.forget()
}

func TestASiteThatAsksForIdentitiesAsksForFilesToo(t *testing.T) {
	w := filesWorld(t)
	const key = "0123456789012345678901234567890123456789012"
	w.setSite("demo", func(s *chat.Site) { s.Settings.IdentityKeys = []string{key} })
	_, nobody := w.visitor("", 0)
	ada, bob := jwtOf(t, key, "ada", "Ada", nil), jwtOf(t, key, "bob", "Bob", nil)
	c, welcome := w.hello(map[string]any{"token": "", "identity": ada})
	w.setSite("demo", func(s *chat.Site) { s.Settings.Enforce = true })
	post := "/api/v1/sites/demo/files?id=f-1"
	for _, r := range []struct {
		what, token, identity string
		want                  int
	}{
		{"an unverified visitor", nobody.str("token"), "", 401}, {"an unverified visitor with another's identity", nobody.str("token"), ada, 401},
		{"Ada's token alone", welcome.str("token"), "", 401}, {"Ada's token and Bob's identity", welcome.str("token"), bob, 401},
		{"an identity that is over", welcome.str("token"), jwtOf(t, key, "ada", "Ada", map[string]any{"exp": time.Now().Add(-time.Hour).Unix()}), 401},
	} {
		if resp := w.headOnly(post, r.token, r.identity); resp.StatusCode != r.want {
			t.Errorf("%s: %d", r.what, resp.StatusCode)
		}
	}
	if n := len(w.mem.files); n != 0 {
		t.Errorf("%d files stored", n)
	}
	as := func(method, path, identity, body string) int {
		r := must(http.NewRequest(method, w.url+path, strings.NewReader(body)))
		r.Header.Set("Authorization", "Bearer "+welcome.str("token"))
		r.Header.Set("Ombud-Identity", identity)
		r.Header.Set("Content-Type", "application/octet-stream")
		resp := must(http.DefaultClient.Do(r))
		resp.Body.Close()
		return resp.StatusCode
	}
	if got := as("POST", post, ada, picture(t, 2, 2)); got != 200 {
		t.Fatalf("Ada: %d", got)
	}
	f := c.until("the file", func(f anyFrame) bool { return f.str("kind") == "file" })
	get := "/api/v1/sites/demo/files/" + f[len(f)-1].str("file") + "?conversation=" + welcome.str("conversation")
	if mine, without := as("GET", get, ada, ""), as("GET", get, "", ""); mine != 200 || without != 401 {
		t.Errorf("fetched with %d, without an identity %d", mine, without)
	}
	if resp, _ := w.call("OPTIONS", post, "", shopOrigin, ""); !strings.Contains(resp.Header.Get("Access-Control-Allow-Headers"), "Ombud-Identity") {
		t.Errorf("a page may not send it: %v", resp.Header)
	}
}

// TestAFileStaysWhereTheAnswerToItsEventIsLost has the event stored and the answer lost: whoever reads the event finds the file.
func TestAFileStaysWhereTheAnswerToItsEventIsLost(t *testing.T) {
	w := filesWorld(t)
	c, welcome := w.visitor("", 0)
	token, post := welcome.str("token"), "/api/v1/sites/demo/files?id=f-1"
	w.mem.lost.Store(1)
	if resp, body := w.call("POST", post, token, "", picture(t, 2, 2)); resp.StatusCode != 503 {
		t.Fatalf("%d %s", resp.StatusCode, body)
	}
	if resp, body := w.call("POST", post, token, "", picture(t, 2, 2)); resp.StatusCode != 200 {
		t.Fatalf("again: %d %s", resp.StatusCode, body)
	}
	f := c.until("the file", func(f anyFrame) bool { return f.str("kind") == "file" })
	get := "/api/v1/sites/demo/files/" + f[len(f)-1].str("file") + "?conversation=" + welcome.str("conversation")
	if resp, body := w.call("GET", get, token, "", ""); resp.StatusCode != 200 || len(w.mem.files) != 1 {
		t.Errorf("%d %.80s, %d files", resp.StatusCode, body, len(w.mem.files))
	}
}
func TestAnAgentLearnsWhatTheSiteTakesAndWhyAFileIsRefused(t *testing.T) {
	for _, on := range []bool{true, false} {
		w := filesWorld(t)
		w.mem.mu.Lock()
		site := w.mem.sites["demo"]
		site.Settings.Files = on
		w.mem.sites["demo"] = site
		w.mem.mu.Unlock()
		w.s.sites.forget()
		w.addUser("ann", chat.GradeAgent)
		mine := w.mem.seed(t).mine
		key := w.addKey("ann")
		var detail struct {
			ID       string
			SiteName string `json:"site_name"`
			Limits   struct {
				Text, File int
				FileTypes  []string `json:"file_types"`
			}
		}
		_, body := w.call("GET", "/api/v1/conversations/"+mine, key, "", "")
		if err := json.Unmarshal([]byte(body), &detail); err != nil {
			t.Fatal(err)
		}
		if detail.ID != mine || detail.SiteName != site.Name || detail.Limits.Text == 0 || (detail.Limits.File > 0) != on || (len(detail.Limits.FileTypes) > 0) != on {
			t.Errorf("files %v: %s", on, body)
		}
		want := map[bool]string{true: `"why":"type"`, false: `"why":"off"`}[on]
		if resp, body := w.call("POST", "/api/v1/conversations/"+mine+"/files?id=x", key, "", "no picture"); resp.StatusCode != 422 || !strings.Contains(body, want) {
			t.Errorf("files %v: %d %s", on, resp.StatusCode, body)
		}
	}
}
