package server

import (
	"sync"
	"time"
)

const (
	freeGuesses   = 5                // wrong passwords for one account from one address before the first pause
	freePerIP     = 20               // for all accounts from one address
	firstPause    = time.Second      // doubled with every further one
	longestPause  = 15 * time.Minute //
	forgetGuesses = time.Hour        // after the last wrong one
	mostGuessers  = 20_000           // entries kept
)

// guesses slows the guessing of passwords down, by account and address, and by address alone. An account is not
// paused for all addresses: anybody could lock anybody out.
type guesses struct {
	now func() time.Time

	mu  sync.Mutex
	all map[string]*guess
}

type guess struct {
	wrong int
	last  time.Time
	until time.Time
}

func newGuesses(now func() time.Time) *guesses { return &guesses{now: now, all: map[string]*guess{}} }

// allowed fails with chat.ErrRateLimited while the account or the address is paused. It counts the try as wrong at
// once, so that many at the same time count as many; right takes that back.
func (g *guesses) allowed(account, ip string) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	pair, addr := g.entry(account+"\x00"+ip, now), g.entry("\x00"+ip, now)
	if until := later(pair.until, addr.until); now.Before(until) {
		return &slowDown{until.Sub(now)}
	}
	pair.count(now, freeGuesses)
	addr.count(now, freePerIP)
	return nil
}

// right forgets what was counted against the account from this address, and takes back one for the address.
func (g *guesses) right(account, ip string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	delete(g.all, account+"\x00"+ip)
	if addr := g.all["\x00"+ip]; addr != nil {
		addr.wrong--
		addr.until = time.Time{}
	}
}

func (g *guesses) entry(key string, now time.Time) *guess {
	if e := g.all[key]; e != nil && now.Sub(e.last) < forgetGuesses {
		return e
	}
	if len(g.all) >= mostGuessers {
		g.sweep(now)
	}
	e := &guess{last: now}
	g.all[key] = e
	return e
}

// sweep makes room: what is old goes, and if that is not enough, whatever is not paused; if that is not enough
// either, some of the rest: an attacker with that many addresses is not stopped here.
func (g *guesses) sweep(now time.Time) {
	for key, e := range g.all {
		if now.Sub(e.last) >= forgetGuesses {
			delete(g.all, key)
		}
	}
	for key, e := range g.all {
		if len(g.all) <= mostGuessers/2 {
			return // so that the next sweep is far off
		}
		if now.After(e.until) {
			delete(g.all, key)
		}
	}
	for key := range g.all {
		if len(g.all) <= mostGuessers/2 {
			return
		}
		delete(g.all, key)
	}
}

func (e *guess) count(now time.Time, free int) {
	e.wrong++
	e.last = now
	if over := e.wrong - free; over >= 0 {
		e.until = now.Add(min(longestPause, firstPause<<min(over, 20)))
	}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
