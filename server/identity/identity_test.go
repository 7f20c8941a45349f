package identity

import (
	"crypto/rand"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"ombud/chat"
)

var at = time.Date(2026, 5, 4, 10, 0, 0, 0, time.UTC)

// newKey gives a key as admins get one.
func newKey() string { return rand.Text() + rand.Text() }

// claims are those of a good token, changed.
func claims(change jwt.MapClaims) jwt.MapClaims {
	c := jwt.MapClaims{"sub": "customer-7", "exp": at.Add(10 * time.Minute).Unix(), "site": "demo", "name": "Ada", "attributes": map[string]string{"plan": "gold"}}
	for k, v := range change {
		if c[k] = v; v == nil {
			delete(c, k)
		}
	}
	return c
}

func signed(t *testing.T, method jwt.SigningMethod, key any, c jwt.MapClaims) string {
	t.Helper()
	text, err := jwt.NewWithClaims(method, c).SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestBothLiveKeysAreGood(t *testing.T) {
	keys := []string{newKey(), newKey()}
	for i, key := range keys {
		got, err := Check(signed(t, jwt.SigningMethodHS256, []byte(key), claims(nil)), "demo", keys, at)
		if err != nil || got.Subject != "customer-7" || got.Name != "Ada" || got.Attrs["plan"] != "gold" {
			t.Errorf("key %d: %+v, %v", i, got, err)
		}
	}
}

func TestBadTokensAreRefused(t *testing.T) {
	key, old := newKey(), newKey()
	sign := func(change jwt.MapClaims) string {
		return signed(t, jwt.SigningMethodHS256, []byte(key), claims(change))
	}
	good := sign(nil)
	head, rest, _ := strings.Cut(good, ".")
	body, signature, _ := strings.Cut(rest, ".")
	part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for name, text := range map[string]string{
		"nothing":                       "",
		"no token":                      "hello",
		"dots":                          "..",
		"a wrong key":                   signed(t, jwt.SigningMethodHS256, []byte(newKey()), claims(nil)),
		"a key that was taken away":     signed(t, jwt.SigningMethodHS256, []byte(old), claims(nil)),
		"an empty key":                  signed(t, jwt.SigningMethodHS256, []byte{}, claims(nil)),
		"expired":                       sign(jwt.MapClaims{"exp": at.Add(-time.Minute).Unix()}),
		"good for too long":             sign(jwt.MapClaims{"exp": at.Add(2 * time.Hour).Unix()}),
		"good for ever":                 sign(jwt.MapClaims{"exp": nil}),
		"an end that is no number":      sign(jwt.MapClaims{"exp": "tomorrow"}),
		"not good yet":                  sign(jwt.MapClaims{"nbf": at.Add(5 * time.Minute).Unix()}),
		"made in the future":            sign(jwt.MapClaims{"iat": at.Add(5 * time.Minute).Unix()}),
		"of another site":               sign(jwt.MapClaims{"site": "other"}),
		"of no site":                    sign(jwt.MapClaims{"site": nil}),
		"of many sites":                 sign(jwt.MapClaims{"site": []string{"demo"}}),
		"without a subject":             sign(jwt.MapClaims{"sub": nil}),
		"with an empty subject":         sign(jwt.MapClaims{"sub": ""}),
		"with a subject that is a list": sign(jwt.MapClaims{"sub": []string{"customer-7"}}),
		"with a very long subject":      sign(jwt.MapClaims{"sub": strings.Repeat("x", longestSubject+1)}),
		"attributes that are no texts":  sign(jwt.MapClaims{"attributes": map[string]any{"vip": true}}),
		"truncated":                     good[:len(good)-1],
		"without its signature":         head + "." + body + ".",
		"two parts only":                head + "." + body,
		"four parts":                    good + ".x",
		"alg none":                      part(`{"alg":"none","typ":"JWT"}`) + "." + body + ".",
		"alg None, signature kept":      part(`{"alg":"None"}`) + "." + body + "." + signature,
		"alg HS512":                     signed(t, jwt.SigningMethodHS512, []byte(key), claims(nil)),
		"another body":                  head + "." + part(`{"sub":"admin","exp":`+"99999999999"+`,"site":"demo"}`) + "." + signature,
		"a padded signature":            good + "=",
		"spaces around":                 " " + good + " ",
	} {
		if c, err := Check(text, "demo", []string{key}, at); !errors.Is(err, chat.ErrUnauthentic) || c.Subject != "" {
			t.Errorf("%s: %+v, %v", name, c, err)
		}
	}
	if _, err := Check(signed(t, jwt.SigningMethodHS256, []byte(""), claims(nil)), "demo", nil, at); !errors.Is(err, chat.ErrUnauthentic) {
		t.Errorf("a site without keys let somebody in: %v", err)
	}
}
