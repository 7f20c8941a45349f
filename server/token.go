package server

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"time"

	"ombud/chat"
)

// NewToken gives 256 random bits in base64url: 43 characters.
func NewToken() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails: crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// HashToken gives the SHA-256 of a token in hex, which is all that is ever stored of it. A fast hash is enough,
// because the token has 256 random bits.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// LinkLife is how long a one-time link can be used.
const LinkLife = 15 * time.Minute

// NewLink stores a one-time link of that kind (chat.LinkSetup, or chat.LinkSignin with a user) and gives its path,
// to be put behind the public URL. The secret stands in the fragment, so that it never reaches a log.
func NewLink(ctx context.Context, keys Keys, kind, user string, now time.Time) (path string, err error) {
	token := NewToken()
	link := chat.Link{Hash: HashToken(token), Kind: kind, User: user, ExpiresAt: now.Add(LinkLife)}
	if err := keys.CreateLink(ctx, link); err != nil {
		return "", fmt.Errorf("create %s link: %w", kind, err)
	}
	if kind == chat.LinkSetup {
		return "/console/#/setup/" + token, nil
	}
	return "/console/#/link/" + token, nil
}
