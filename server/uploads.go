package server

import (
	"sync"

	"golang.org/x/time/rate"
)

// mostUploaders is how many addresses are remembered; beyond it those that have been quiet are forgotten.
const mostUploaders = 10_000

// uploads bounds what one address may send in files and requests like them, whatever visitor it says it is.
type uploads struct {
	perMinute float64
	burst     int

	mu  sync.Mutex
	all map[string]*rate.Limiter
}

func newUploads(perMinute float64, burst int) *uploads {
	return &uploads{perMinute: perMinute, burst: burst, all: map[string]*rate.Limiter{}}
}

// allow counts one more, and says whether it may be.
func (u *uploads) allow(ip string) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	l := u.all[ip]
	if l == nil {
		if len(u.all) >= mostUploaders {
			u.sweep()
		}
		l = perMinute(u.perMinute, u.burst)
		u.all[ip] = l
	}
	return l.Allow()
}

// sweep forgets who has not asked for so long that all is theirs again, or everybody if that is nobody.
func (u *uploads) sweep() {
	for ip, l := range u.all {
		if l.Tokens() >= float64(u.burst) {
			delete(u.all, ip)
		}
	}
	if len(u.all) >= mostUploaders {
		clear(u.all)
	}
}
