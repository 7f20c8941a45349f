package server

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
	"sync"
)

// caps counts sockets by address and by site.
type caps struct {
	perIP, perSite, all int

	mu    sync.Mutex
	total int
	ips   map[netip.Addr]int
	sites map[string]int
}

// enter counts a socket in; false means that there are too many. A zero address is not counted by itself.
func (c *caps) enter(ip netip.Addr) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.total >= c.all || ip.IsValid() && c.ips[ip] >= c.perIP {
		return false
	}
	c.total++
	if ip.IsValid() {
		c.ips[ip]++
	}
	return true
}

func (c *caps) leave(ip netip.Addr) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.total--
	if ip.IsValid() {
		if c.ips[ip]--; c.ips[ip] <= 0 {
			delete(c.ips, ip)
		}
	}
}

func (c *caps) enterSite(id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sites[id] >= c.perSite {
		return false
	}
	c.sites[id]++
	return true
}

func (c *caps) leaveSite(id string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sites[id]--; c.sites[id] <= 0 {
		delete(c.sites, id)
	}
}

// peer gives the address that the connection comes from.
func peer(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr, err := netip.ParseAddr(host)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap().WithZone("")
}

// address gives the address of the client: the peer's or, behind a trusted proxy, the nearest one in X-Forwarded-For
// that is no trusted proxy.
func (s *Server) address(r *http.Request) netip.Addr {
	addr := peer(r)
	if !s.trusted(addr) {
		return addr
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		next, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			return addr
		}
		if addr = next.Unmap().WithZone(""); !s.trusted(addr) {
			return addr
		}
	}
	return addr
}

func (s *Server) trusted(addr netip.Addr) bool {
	return slices.ContainsFunc(s.o.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// clientIP is what sockets are counted by: the address, for IPv6 its /64. This machine and trusted proxies are not
// counted: behind them are many.
func (s *Server) clientIP(r *http.Request) netip.Addr {
	addr := s.address(r)
	if addr.IsLoopback() || s.trusted(addr) {
		return netip.Addr{}
	}
	if addr.Is6() {
		if p, err := addr.Prefix(64); err == nil {
			return p.Addr()
		}
	}
	return addr
}
