package care

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"ombud/chat"
)

// pageFor is how long a link to a customer's page is good.
const pageFor = 60 * 24 * time.Hour

// Pages makes and reads the signed links to customers' own pages. A link holds the visitor's id and the time
// until which it is good, under an HMAC-SHA-256 (RFC 2104).
type Pages struct {
	key  []byte
	base string // public URL without a trailing slash
}

// Keeper keeps settings. SettingOnce stores a value unless there is one, and gives the one that stands.
type Keeper interface {
	SettingOnce(ctx context.Context, name string, value json.RawMessage) (json.RawMessage, error)
}

// NewPages reads the key, which the first node makes.
func NewPages(ctx context.Context, k Keeper, base string) (*Pages, error) {
	fresh := make([]byte, 32)
	if _, err := rand.Read(fresh); err != nil {
		return nil, fmt.Errorf("make page key: %w", err)
	}
	value, err := json.Marshal(fresh)
	if err != nil {
		return nil, fmt.Errorf("encode page key: %w", err)
	}
	stored, err := k.SettingOnce(ctx, SettingPageKey, value)
	if err != nil {
		return nil, fmt.Errorf("keep page key: %w", err)
	}
	p := &Pages{base: base}
	if err := json.Unmarshal(stored, &p.key); err != nil || len(p.key) < 32 {
		return nil, fmt.Errorf("read page key: %w", errors.Join(err, chat.ErrInvalid))
	}
	return p, nil
}

// URL is the address of a visitor's page.
func (p *Pages) URL(visitor, language string, now time.Time) string {
	return p.base + "/my/" + p.Token(visitor, now) + "?lang=" + url.QueryEscape(language)
}

// Token is the signed part of the address.
func (p *Pages) Token(visitor string, now time.Time) string {
	body := base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(now.Add(pageFor).Unix(), 10) + " " + visitor))
	return body + "." + p.sign(body)
}

func (p *Pages) sign(body string) string {
	m := hmac.New(sha256.New, p.key)
	m.Write([]byte("page:" + body))
	return base64.RawURLEncoding.EncodeToString(m.Sum(nil))
}

// Visitor gives whose page a token opens; chat.ErrNotFound if it is not ours or no longer good.
func (p *Pages) Visitor(token string, now time.Time) (string, error) {
	body, sign, _ := strings.Cut(token, ".")
	if !hmac.Equal([]byte(sign), []byte(p.sign(body))) {
		return "", fmt.Errorf("open page: %w", chat.ErrNotFound)
	}
	raw, err := base64.RawURLEncoding.DecodeString(body)
	if err != nil {
		return "", fmt.Errorf("open page: %w", chat.ErrNotFound)
	}
	until, visitor, _ := strings.Cut(string(raw), " ")
	if at, err := strconv.ParseInt(until, 10, 64); err != nil || now.Unix() >= at {
		return "", fmt.Errorf("open page: link is too old: %w", chat.ErrNotFound)
	}
	return visitor, nil
}
