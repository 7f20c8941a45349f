package server

import (
	"context"
	"errors"
	"strings"

	"ombud/chat"
	"ombud/server/frame"
)

// refusal is why a hello ends the connection.
type refusal struct {
	close  int
	reason string
	err    error // told before, if not nil
}

func (c *conn) hello(ctx context.Context, in frame.In) {
	var no *refusal
	if in.Site != "" {
		no = c.helloVisitor(ctx, in)
	} else {
		no = c.helloAgent(ctx, in)
	}
	if no == nil {
		c.ready.Store(true)
		return
	}
	if no.err != nil {
		c.fail(in, no.err)
	}
	c.close(no.close, no.reason)
}

// unavailable is the refusal for errors of storage and the like.
func unavailable(err error) *refusal {
	return &refusal{CloseUnavailable, "come back in a moment", err}
}

func (c *conn) helloVisitor(ctx context.Context, in frame.In) *refusal {
	site, err := c.s.sites.site(ctx, in.Site)
	switch {
	case errors.Is(err, chat.ErrNotFound):
		return &refusal{CloseForbidden, "unknown site", err}
	case err != nil:
		return unavailable(err)
	}
	if c.origin != "" && !originAllowed(site, c.origin, c.own) {
		c.s.sighted(site.ID, c.origin, chat.SightingRefused)
		return &refusal{CloseForbidden, "origin not allowed", chat.ErrForbidden}
	}
	c.s.sighted(site.ID, c.origin, chat.SightingOpened)
	if !c.s.caps.enterSite(site.ID) {
		return &refusal{CloseUnavailable, "too many connections", chat.ErrRateLimited}
	}
	c.site = site.ID
	who, err := c.s.recognise(ctx, site, in)
	if errors.Is(err, chat.ErrUnauthentic) {
		return &refusal{CloseUnauthentic, "identity not accepted", err}
	}
	if err != nil {
		return unavailable(err)
	}
	conv, err := c.s.o.Hub.Open(ctx, site, who.Visitor, in.Locale, in.Page)
	if err != nil {
		return unavailable(err)
	}
	v := &visitor{c: c, site: site, v: who.Visitor, locale: in.Locale, page: in.Page}
	c.side, c.who, c.session = v, frame.Visitor, ""
	c.guest.Store(&v.v.ID)
	c.says = perMinute(c.s.o.Limits.VisitorSays, c.s.o.Limits.VisitorBurst)
	c.s.m.socketCame(c.who)
	since := in.Since
	if since > conv.LastSeq || since > 0 && in.Conversation != "" && in.Conversation != conv.ID {
		since = 0
	} else if !in.At.IsZero() {
		if since, err = c.s.resumes(ctx, conv.ID, since, in.At); err != nil {
			return unavailable(err)
		}
	}
	if err := v.enter(ctx, conv, since, who.token, since < in.Since); err != nil {
		return unavailable(err)
	}
	if who.doubt != nil { // let in all the same, as nobody in particular; the page should know
		c.s.o.Logger.Debug("identity", "site", site.ID, "error", who.doubt)
		c.fail(in, &chat.InvalidError{Field: "identity", Code: frame.CodeInvalid, Hint: "The identity is not accepted: " + firstLine(who.doubt)})
	}
	if err := c.s.tellIdentity(ctx, conv.ID, who.Visitor); err != nil {
		return unavailable(err)
	}
	return nil
}

// firstLine gives the reason out of joined errors, the last of which says most.
func firstLine(err error) string {
	lines := strings.Split(err.Error(), "\n")
	return lines[len(lines)-1]
}

func (c *conn) helloAgent(ctx context.Context, in frame.In) *refusal {
	if c.origin != "" && c.origin != c.own {
		return &refusal{CloseForbidden, "origin not allowed", chat.ErrForbidden}
	}
	a := &agent{c: c, follows: map[string]*follower{}, shown: map[string]struct{}{}, granted: map[string]struct{}{}}
	switch {
	case in.Token != "":
		a.key = HashToken(in.Token)
	case c.origin == "":
		return &refusal{CloseForbidden, "a session needs an origin", chat.ErrForbidden}
	default:
		a.session = c.session
	}
	if err := c.s.authenticate(ctx, a); err != nil {
		if errors.Is(err, chat.ErrUnauthentic) {
			return &refusal{CloseUnauthentic, "sign in", err}
		}
		return unavailable(err)
	}
	c.side, c.who, c.session = a, frame.Agent, ""
	c.says = perMinute(c.s.o.Limits.AgentSays, c.s.o.Limits.AgentBurst)
	c.agent.Store(a)
	c.s.m.socketCame(c.who)
	c.s.conns.signIn(a)
	// Whoever signed out in this moment was not yet to be found.
	if err := c.s.authenticate(ctx, a); err != nil {
		return &refusal{CloseSignedOut, "signed out", err}
	}
	if err := a.enter(ctx); err != nil {
		return unavailable(err)
	}
	return nil
}
