package storagetest

import (
	"database/sql"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
)

// Settings say how a private server runs.
type Settings struct {
	// Durable leaves fsync on; without it tests are faster, and a power cut would lose data.
	Durable bool
}

// Server is a Postgres of our own: its data directory is temporary, and so is all in it.
type Server struct {
	Port int // on 127.0.0.1, kernel-chosen, for tests that put a proxy before it; the Unix socket is the usual way

	command *exec.Cmd
	dir     string // holds data and socket
	socket  string
	log     string
	exited  chan struct{} // closed when the latest process has ended
	again   func() error
	stop    sync.Once
	stopped error
}

// binaries finds the directory with initdb and postgres.
var binaries = sync.OnceValues(func() (string, error) {
	candidates, err := filepath.Glob("/usr/lib/postgresql/*/bin")
	if err != nil {
		return "", err
	}
	slices.Reverse(candidates)
	if path, err := exec.LookPath("postgres"); err == nil {
		candidates = append([]string{filepath.Dir(path)}, candidates...)
	}
	for _, dir := range candidates {
		if isFile(filepath.Join(dir, "initdb")) && isFile(filepath.Join(dir, "postgres")) {
			return dir, nil
		}
	}
	return "", errors.New("neither initdb nor postgres on the PATH or in /usr/lib/postgresql")
})

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// StartServer initialises a data directory and starts a server on it. Call Stop.
func StartServer(settings Settings) (*Server, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "ombud-pg-") // short: a Unix socket's path has at most 107 bytes
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, socket: dir, log: filepath.Join(dir, "log")}
	if err := s.start(bin, settings); err != nil {
		return nil, errors.Join(err, s.Stop())
	}
	return s, nil
}

func (s *Server) start(bin string, settings Settings) error {
	account, err := unprivileged(s.dir)
	if err != nil {
		return err
	}
	data := filepath.Join(s.dir, "data")
	initdb := exec.Command(filepath.Join(bin, "initdb"), "--pgdata="+data, "--username=postgres", "--auth=trust",
		"--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")
	initdb.SysProcAttr, initdb.Dir = &syscall.SysProcAttr{Credential: account}, s.dir
	if out, err := initdb.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w: %s", err, out)
	}
	if s.Port, err = freePort(); err != nil {
		return err
	}
	durable := "off"
	if settings.Durable {
		durable = "on"
	}
	return s.launch(bin, data, durable, account)
}

// launch starts the server on its data, and waits until it answers.
func (s *Server) launch(bin, data, durable string, account *syscall.Credential) error {
	log, err := os.OpenFile(s.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer log.Close()
	s.again = func() error { return s.launch(bin, data, durable, account) }
	s.exited = make(chan struct{})
	s.command = exec.Command(filepath.Join(bin, "postgres"), "-D", data, "-k", s.socket,
		"-c", "listen_addresses=127.0.0.1", "-p", strconv.Itoa(s.Port), "-c", "fsync="+durable,
		"-c", "full_page_writes="+durable, "-c", "synchronous_commit=on", "-c", "shared_buffers=128MB",
		"-c", "max_connections=300", "-c", "max_wal_size=1GB")
	s.command.SysProcAttr = &syscall.SysProcAttr{Credential: account, Pdeathsig: syscall.SIGQUIT}
	s.command.Stdout, s.command.Stderr, s.command.Dir = log, log, s.dir
	if err := s.command.Start(); err != nil {
		return fmt.Errorf("start postgres: %w", err)
	}
	go func(command *exec.Cmd, exited chan struct{}) {
		_ = command.Wait() // how it ended stands in its log
		close(exited)
	}(s.command, s.exited)
	return s.ready(data)
}

// unprivileged gives the account to run as: Postgres refuses root.
func unprivileged(dir string) (*syscall.Credential, error) {
	if os.Getuid() != 0 {
		return nil, nil
	}
	account, err := user.Lookup("postgres")
	if err != nil {
		account, err = user.Lookup("nobody")
	}
	if err != nil {
		return nil, err
	}
	uid, err1 := strconv.ParseUint(account.Uid, 10, 32)
	gid, err2 := strconv.ParseUint(account.Gid, 10, 32)
	if err := errors.Join(err1, err2, os.Chown(dir, int(uid), int(gid))); err != nil {
		return nil, err
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

// freePort asks the kernel for a port that is free now.
func freePort() (int, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port, nil
}

// ready waits until the server answers, and makes sure that it is ours.
func (s *Server) ready(data string) error {
	db, err := sql.Open("postgres", s.URL("postgres"))
	if err != nil {
		return err
	}
	defer db.Close()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	deadline := time.After(30 * time.Second)
	for {
		var serving string
		err := db.QueryRow(`SHOW data_directory`).Scan(&serving)
		if err == nil && serving != data {
			return fmt.Errorf("the server on port %d serves %s, not our %s", s.Port, serving, data)
		}
		if err == nil {
			return nil
		}
		select {
		case <-tick.C:
		case <-s.exited:
			text, _ := os.ReadFile(s.log)
			return fmt.Errorf("postgres ended at its start: %s", text)
		case <-deadline:
			return fmt.Errorf("postgres did not become ready: %w", err)
		}
	}
}

// Pids are the processes of the server, the main one first, for tests that freeze them.
func (s *Server) Pids() ([]int, error) {
	pids := []int{s.command.Process.Pid}
	entries, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		return nil, err
	}
	for _, path := range entries {
		text, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended meanwhile
		}
		after := text[strings.LastIndexByte(string(text), ')')+1:]
		if fields := strings.Fields(string(after)); len(fields) > 1 && fields[1] == strconv.Itoa(pids[0]) {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			if err != nil {
				return nil, err
			}
			pids = append(pids, pid)
		}
	}
	return pids, nil
}

// Signal sends a signal to all processes of the server, the main one first.
func (s *Server) Signal(sig syscall.Signal) error {
	pids, err := s.Pids()
	if err != nil {
		return err
	}
	for _, pid := range pids {
		if err := syscall.Kill(pid, sig); err != nil && !errors.Is(err, syscall.ESRCH) {
			return err
		}
	}
	return nil
}

// Crash ends the server at once, as "pg_ctl stop -m immediate" does: nothing is written any more. Restart starts it again.
func (s *Server) Crash() error {
	if err := s.command.Process.Signal(syscall.SIGQUIT); err != nil {
		return err
	}
	<-s.exited
	return nil
}

// Restart starts a server that has crashed, on the same data and at the same address, and waits until it has recovered.
func (s *Server) Restart() error { return s.again() }

// Stop ends the server at once and removes its directory. It may be called more than once.
func (s *Server) Stop() error {
	s.stop.Do(func() {
		if s.command != nil && s.command.Process != nil {
			_ = s.Crash() // SIGQUIT takes its children along; it may be gone already
		}
		s.stopped = os.RemoveAll(s.dir)
	})
	return s.stopped
}
