package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"ombud/storage/storagetest"
)

// startLimit is how long a server may take to listen.
const startLimit = 60 * time.Second

func TestMain(m *testing.M) {
	if os.Getenv(consolesEnv) != "" { // this process plays the consoles of agents
		runConsoles(os.Stdin, os.Stdout)
		os.Exit(0)
	}
	if os.Getenv(nodeEnv) != "" { // this process is a node
		if err := runNode(os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	code := storagetest.Main(m)
	if shipped.path != "" {
		_ = os.RemoveAll(filepath.Dir(shipped.path)) // in the folder for what may be lost
	}
	if small.dir != "" {
		_ = os.RemoveAll(small.dir)
	}
	os.Exit(code)
}

// shipped is the real binary, made once for all tests and without the race detector: what is killed is what is shipped.
var shipped struct {
	sync.Mutex
	path string
}

// build gives the real binary, or makes one with other arguments.
func build(t *testing.T, args ...string) string {
	t.Helper()
	if len(args) > 0 {
		return compile(t, t.TempDir(), args...)
	}
	shipped.Lock()
	defer shipped.Unlock()
	if shipped.path == "" {
		dir, err := os.MkdirTemp("", "ombud-shipped-")
		if err != nil {
			t.Fatal(err)
		}
		shipped.path = compile(t, dir)
	}
	return shipped.path
}

func compile(t *testing.T, dir string, args ...string) string {
	t.Helper()
	bin := filepath.Join(dir, "ombud")
	cmd := exec.Command("go", append(append([]string{"build", "-o", bin}, args...), "ombud/cmd/ombud")...)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return bin
}

// process is one life of the server.
type process struct {
	cmd  *exec.Cmd
	url  chan string // receives once, when it listens
	done chan struct{}
}

// shopServer starts lives of one server on one database.
type shopServer struct {
	t     *testing.T
	bin   string
	args  []string
	wraps []string // a command that the server runs under
	env   []string // added to the environment

	mu  sync.Mutex
	url string
	log strings.Builder
}

func newServer(t *testing.T, bin, database string, extra ...string) *shopServer {
	args := []string{"serve", "--demo", "--demo-history", "0", "--listen", "127.0.0.1:0", "--database", database,
		"--script", smallScript(t), "--cache", modelCache(t), "--visitor-says", "100000", "--turn-pause", "50ms"}
	return &shopServer{t: t, bin: bin, args: append(args, extra...)}
}

// modelCache is shared by all lives, so that only the first trains.
func modelCache(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(os.TempDir(), "ombud-test-models")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (s *shopServer) start() *process {
	s.t.Helper()
	args := append(append([]string{}, s.wraps...), append([]string{s.bin}, s.args...)...)
	p := &process{cmd: exec.Command(args[0], args[1:]...), url: make(chan string, 1), done: make(chan struct{})}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	p.cmd.Stderr = lockedWriter{s}
	p.cmd.Env = append(os.Environ(), s.env...)
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // a tracer dies with what it traces
	if err := p.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		defer close(p.done)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			if _, url, ok := strings.Cut(lines.Text(), "listens on "); ok {
				s.mu.Lock()
				s.url = strings.Replace(url, "localhost", "127.0.0.1", 1)
				s.mu.Unlock()
				p.url <- s.url
			}
		}
		_ = p.cmd.Wait() // killed on purpose
	}()
	return p
}

type lockedWriter struct{ s *shopServer }

func (w lockedWriter) Write(b []byte) (int, error) {
	w.s.mu.Lock()
	defer w.s.mu.Unlock()
	if w.s.log.Len() < 1<<20 {
		w.s.log.Write(b)
	}
	return len(b), nil
}

func (s *shopServer) address() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.url
}

// ready waits until a life listens.
func (s *shopServer) ready(p *process) string {
	s.t.Helper()
	select {
	case url := <-p.url:
		p.url <- url // whoever asks again gets the same answer
		return url
	case <-p.done:
	case <-time.After(startLimit):
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.t.Fatalf("the server did not start:\n%s", s.log.String())
	return ""
}

// kill ends a life without a warning.
func (p *process) kill() {
	_ = syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) // it may have ended by itself
	<-p.done
}
