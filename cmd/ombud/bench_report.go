package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"
)

func parseBase(base string) (host string, err error) {
	u, err := url.Parse(base)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return "", fmt.Errorf("--url %q: give http://host:port", base)
	}
	return u.Hostname(), nil
}

func summary(pairs []*pair, took time.Duration) benchResult {
	var ack, seen, handoff []time.Duration
	for _, p := range pairs {
		ack, seen, handoff = append(ack, p.ack...), append(seen, p.seen...), append(handoff, p.handoff)
	}
	r := benchResult{Pairs: len(pairs), Messages: len(ack), Seconds: took.Seconds()}
	r.PerSecond = float64(r.Messages) / r.Seconds
	r.AckP50, r.AckP99 = percentiles(ack)
	r.SeenP50, r.SeenP99 = percentiles(seen)
	r.HandoffP50, r.HandoffP99 = percentiles(handoff)
	return r
}

// percentiles gives the 50th and the 99th in milliseconds; 0 of nothing.
func percentiles(d []time.Duration) (p50, p99 float64) {
	if len(d) == 0 {
		return 0, 0
	}
	slices.Sort(d)
	at := func(q float64) float64 { return float64(d[int(q*float64(len(d)-1))].Microseconds()) / 1000 }
	return at(0.5), at(0.99)
}

func (r benchResult) print(s streams, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(s.out).Encode(r)
	}
	if r.Turns > 0 {
		_, err := fmt.Fprintf(s.out, "%d visitors ask the bot, %.1f s: %d turns, %.0f a second\n  answered        p50 %.2f ms   p99 %.2f ms   (from the time at which the turn is due)\n",
			r.Pairs, r.Seconds, r.Turns, r.PerSecond, r.AnswerP50, r.AnswerP99)
		return err
	}
	if r.Idle > 0 {
		_, err := fmt.Fprintf(s.out, "%d idle visitors: %.1f KB each, this process's own clients included\n", r.Idle, r.BytesPerIdle/1000)
		return err
	}
	_, err := fmt.Fprintf(s.out, `%d pairs, %.1f s: %d messages, %.0f a second
  acknowledged    p50 %.2f ms   p99 %.2f ms
  seen by agent   p50 %.2f ms   p99 %.2f ms
  handed over     p50 %.2f ms   p99 %.2f ms   (asked for a person until the brief is on the agent's socket)
`, r.Pairs, r.Seconds, r.Messages, r.PerSecond, r.AckP50, r.AckP99, r.SeenP50, r.SeenP99, r.HandoffP50, r.HandoffP99)
	if err == nil && r.CPU > 0 {
		_, err = fmt.Fprintf(s.out, "  processor time  %.0f µs a message, this process's own clients included\n", r.CPU)
	}
	return err
}

// resident gives the process's resident memory in bytes; 0 where the system does not tell.
func resident() int64 {
	debug.FreeOSMemory()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if rest, ok := bytes.CutPrefix(line, []byte("VmRSS:")); ok {
			kb, err := strconv.ParseInt(string(bytes.TrimSpace(bytes.TrimSuffix(bytes.TrimSpace(rest), []byte("kB")))), 10, 64)
			if err == nil {
				return kb * 1024
			}
		}
	}
	return 0
}

// cpuTime gives the processor time that this process has used; 0 where the system does not tell.
func cpuTime() time.Duration {
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return 0
	}
	// utime and stime, proc(5): the 12th and 13th field after the name in brackets, in hundredths of a second.
	fields := bytes.Fields(stat[bytes.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0
	}
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(string(f), 10, 64)
		if err != nil {
			return 0
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}

// residentAt is the memory that a server at base keeps, in bytes, as its metrics say; it is not collected before.
func residentAt(ctx context.Context, base string) (int64, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(base, "/")+"/metrics", nil)
	if err != nil {
		return 0, fmt.Errorf("ask for metrics: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, fmt.Errorf("ask for metrics: %w", err)
	}
	defer resp.Body.Close()
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if text, ok := strings.CutPrefix(lines.Text(), "process_resident_memory_bytes "); ok {
			n, err := strconv.ParseFloat(text, 64)
			if err != nil {
				return 0, fmt.Errorf("read the server's resident memory: %w", err)
			}
			return int64(n), nil
		}
	}
	return 0, fmt.Errorf("the metrics of %s do not tell its resident memory: they answered %s", base, resp.Status)
}
