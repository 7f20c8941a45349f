package identity

import (
	"errors"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/golang-jwt/jwt/v5"

	"ombud/chat"
)

const (
	// Longest is how far ahead a token's end may be.
	Longest = time.Hour
	// skew is by how much the clocks of the site and of this machine may differ.
	skew = 30 * time.Second

	// MostAttrs, LongestKey and LongestValue bound the attributes of a visitor; the last two count characters.
	MostAttrs    = 20
	LongestKey   = 40
	LongestValue = 200

	longestSubject = 200
)

// Claims is what a site says of its visitor.
type Claims struct {
	Subject, Name, Email string
	Attrs                map[string]string
}

// token is the body of a JWT as sites make it.
type token struct {
	jwt.RegisteredClaims
	Site       string            `json:"site"`
	Name       string            `json:"name"`
	Email      string            `json:"email"`
	Attributes map[string]string `json:"attributes"`
}

// Check reads a JWT (RFC 7519) made with HS256 and one of the site's keys. It must name the site and a subject, and end within
// Longest of now. The characters of a key are the HMAC key as they stand. Every error is chat.ErrUnauthentic, with the reason in its words.
func Check(text, site string, keys []string, now time.Time) (Claims, error) {
	if len(keys) == 0 {
		return Claims{}, fmt.Errorf("the site has no key: %w", chat.ErrUnauthentic)
	}
	var set jwt.VerificationKeySet
	for _, key := range keys {
		set.Keys = append(set.Keys, []byte(key))
	}
	var t token
	parser := jwt.NewParser(jwt.WithValidMethods([]string{"HS256"}), jwt.WithExpirationRequired(), jwt.WithLeeway(skew),
		jwt.WithTimeFunc(func() time.Time { return now }), jwt.WithStrictDecoding(), jwt.WithIssuedAt())
	if _, err := parser.ParseWithClaims(text, &t, func(*jwt.Token) (any, error) { return set, nil }); err != nil {
		return Claims{}, errors.Join(chat.ErrUnauthentic, err)
	}
	switch {
	case t.ExpiresAt.Sub(now) > Longest+skew:
		return Claims{}, fmt.Errorf("it is good for more than %s: %w", Longest, chat.ErrUnauthentic)
	case t.Site != site:
		return Claims{}, fmt.Errorf("it is of another site: %w", chat.ErrUnauthentic)
	case t.Subject == "" || utf8.RuneCountInString(t.Subject) > longestSubject:
		return Claims{}, fmt.Errorf("it has no subject, or one that is too long: %w", chat.ErrUnauthentic)
	}
	return Claims{t.Subject, t.Name, t.Email, t.Attributes}, nil
}
