package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/mail"

	"ombud/chat"
	"ombud/server/frame"
	"ombud/server/identity"
)

// recognised is who says hello.
type recognised struct {
	chat.Visitor
	token string // to be kept, where it is new
	// doubt is why the identity that came along does not count; nil if it does, or if none came.
	doubt error
}

// recognise gives the visitor of a hello. Whom the site vouches for is always the verified visitor of that subject: what somebody
// wrote before, unverified, stays with whom they were then, since it may have been another person at the same screen. Everybody else
// is whom their token stands for, or new. A token that is unknown, or of another site, is as good as none: the answer does not tell.
// Where the site enforces identities, a hello without a good one fails with chat.ErrUnauthentic.
func (s *Server) recognise(ctx context.Context, site chat.Site, in frame.In) (r recognised, err error) {
	var claims identity.Claims
	if in.Identity != "" {
		claims, r.doubt = s.vouched(site, in.Identity)
	}
	verified := in.Identity != "" && r.doubt == nil
	if site.Settings.Enforce && !verified {
		return r, fmt.Errorf("hello to %s, which asks for an identity: %w", site.ID, errors.Join(chat.ErrUnauthentic, r.doubt))
	}
	known, err := s.byToken(ctx, site, in.Token)
	if err != nil {
		return r, err
	}
	switch {
	case verified:
		err = s.enterVerified(ctx, site, claims, known, &r)
	case known.ID != "":
		r.Visitor = known
	default:
		r.token = NewToken()
		r.Visitor = chat.Visitor{ID: s.o.NewID(), Site: site.ID, TokenHash: HashToken(r.token), Unverified: in.Attributes, CreatedAt: s.now()}
		return r, s.o.Store.CreateVisitor(ctx, r.Visitor)
	}
	if err == nil && len(in.Attributes) > 0 && !maps.Equal(in.Attributes, r.Unverified) {
		r.Visitor, err = s.o.Store.ChangeVisitor(ctx, r.ID, chat.VisitorChange{Unverified: &in.Attributes})
	}
	return r, err
}

// vouched checks an identity: its signature and bounds, and the text that people will read.
func (s *Server) vouched(site chat.Site, text string) (identity.Claims, error) {
	c, err := identity.Check(text, site.ID, site.Settings.IdentityKeys, s.now())
	if err != nil {
		return c, err
	}
	lines := map[string]string{"sub": c.Subject, "name": c.Name, "email": c.Email}
	if len(c.Attrs) > identity.MostAttrs {
		return c, fmt.Errorf("more than %d attributes: %w", identity.MostAttrs, chat.ErrUnauthentic)
	}
	for name, value := range c.Attrs {
		if p := frame.CheckLine("attributes", name, identity.LongestKey); p != nil {
			return c, errors.Join(chat.ErrUnauthentic, p)
		}
		lines["attributes."+name] = value
	}
	for field, value := range lines {
		if p := frame.CheckLine(field, value, identity.LongestValue); p != nil {
			return c, errors.Join(chat.ErrUnauthentic, p)
		}
	}
	return c, nil
}

// byToken gives the visitor of a token, or none.
func (s *Server) byToken(ctx context.Context, site chat.Site, token string) (chat.Visitor, error) {
	if token == "" {
		return chat.Visitor{}, nil
	}
	v, err := s.o.Store.VisitorByToken(ctx, HashToken(token))
	if errors.Is(err, chat.ErrNotFound) || err == nil && v.Site != site.ID {
		return chat.Visitor{}, nil
	}
	return v, err
}

// enterVerified gives the verified visitor, new or known, brought up to what the site says now, and lets this device in.
func (s *Server) enterVerified(ctx context.Context, site chat.Site, c identity.Claims, known chat.Visitor, r *recognised) error {
	v, err := s.o.Store.VisitorBySubject(ctx, site.ID, c.Subject)
	if errors.Is(err, chat.ErrNotFound) {
		r.token = NewToken()
		v = chat.Visitor{ID: s.o.NewID(), Site: site.ID, TokenHash: HashToken(r.token), Subject: c.Subject, Verified: true,
			Name: c.Name, Email: c.Email, Attrs: c.Attrs, CreatedAt: s.now()}
		if err = s.o.Store.CreateVisitor(ctx, v); err == nil {
			r.Visitor = v
			return nil
		}
		if errors.Is(err, chat.ErrExists) { // on another device, at this moment
			v, err = s.o.Store.VisitorBySubject(ctx, site.ID, c.Subject)
		}
	}
	if err != nil {
		return err
	}
	r.token = ""
	if v.Name != c.Name || v.Email != c.Email || !maps.Equal(v.Attrs, c.Attrs) {
		v, err = s.o.Store.ChangeVisitor(ctx, v.ID, chat.VisitorChange{Name: &c.Name, Email: &c.Email, Attrs: &c.Attrs})
		if err != nil {
			return err
		}
	}
	r.Visitor = v
	if known.ID == v.ID {
		return nil
	}
	r.token = NewToken()
	return s.o.Store.AddVisitorToken(ctx, v.ID, HashToken(r.token), s.now())
}

// tellRounds is how often what was told is compared with what is known.
const tellRounds = 4

// tellIdentity lets the agents of a conversation know who the visitor is, wherever the last they were told is something else. It
// looks again after it has told: of two tabs that tell at once, the later one to be heard may know less.
func (s *Server) tellIdentity(ctx context.Context, conversation string, v chat.Visitor) error {
	for range tellRounds {
		told := chat.Identified{Name: v.Name, Email: v.Email, Verified: v.Verified, Attrs: v.Attrs, Unverified: v.Unverified}
		if told.Name == "" && told.Email == "" && !told.Verified && len(told.Attrs)+len(told.Unverified) == 0 {
			return nil
		}
		b, err := json.Marshal(told)
		if err != nil {
			return fmt.Errorf("encode identity: %w", err)
		}
		last, err := s.o.Store.LastOf(ctx, conversation, chat.KindVisitorIdentified)
		if err != nil && !errors.Is(err, chat.ErrNotFound) {
			return fmt.Errorf("read who was told of in %s: %w", conversation, err)
		}
		if bytes.Equal(last.Body, b) {
			return nil
		}
		// The same said twice after the same is one event; said again after something else, it is another.
		sum := sha256.Sum256(b)
		id := fmt.Sprintf("identity:%d:%s", last.Seq, hex.EncodeToString(sum[:16]))
		if err := s.o.Hub.Identify(ctx, conversation, id, told); err != nil {
			return err
		}
		if v, err = s.o.Store.Visitor(ctx, v.ID); err != nil {
			return err
		}
	}
	return nil // somebody changes it without end: whoever does tells of it
}

// asked gives what the site wants to know of its visitors and does not know of this one.
func asked(site chat.Site, v chat.Visitor) []string {
	var out []string
	for _, field := range site.Settings.Ask {
		if known := map[string]string{"name": v.Name, "email": v.Email}; known[field] == "" {
			out = append(out, field)
		}
	}
	return out
}

func isEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}

// introduce takes what a visitor was asked for. Of a verified visitor the site has said it already.
func (v *visitor) introduce(ctx context.Context, in frame.In) (bool, error) {
	if err := v.c.spend(); err != nil {
		return false, err
	}
	if v.v.Verified {
		return false, nil
	}
	if in.Name == "" && in.Email == "" {
		return false, &chat.InvalidError{Field: "name", Code: frame.CodeEmpty, Hint: "Give a name or an e-mail address."}
	}
	if in.Email != "" && !isEmail(in.Email) {
		return false, &chat.InvalidError{Field: "email", Code: frame.CodeInvalid, Hint: "Give an e-mail address such as ada@example.com."}
	}
	var told chat.VisitorChange
	if in.Name != "" {
		told.Name = &in.Name
	}
	if in.Email != "" {
		told.Email = &in.Email
	}
	now, err := v.c.s.o.Store.ChangeVisitor(ctx, v.v.ID, told)
	if err != nil {
		return false, fmt.Errorf("introduce %s: %w", v.v.ID, err)
	}
	v.v = now
	return false, v.c.s.tellIdentity(ctx, v.conversation, now)
}
