package password

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// The cost, which is the minimum of the OWASP Password Storage Cheat Sheet.
const (
	memoryKiB  = 19 * 1024
	iterations = 2
	lanes      = 1
	keyBytes   = 32
	saltBytes  = 16
)

// The bounds of a password's length, in characters and in bytes.
const (
	LeastRunes = 10
	MostBytes  = 256
)

// ErrFormat says that a stored hash is none of ours.
var ErrFormat = errors.New("password hash: unknown format")

// ErrLength says that a password is shorter than LeastRunes or longer than MostBytes.
var ErrLength = fmt.Errorf("a password has at least %d characters and at most %d bytes", LeastRunes, MostBytes)

// ErrBusy says that too many passwords wait for their turn already.
var ErrBusy = errors.New("too many passwords at once")

// mostWaiting bounds the wait: a few seconds on a slow machine.
const mostWaiting = 256

// Hasher hashes at most so many passwords at once, each taking 19 MiB; the others wait for their turn.
type Hasher struct {
	turns   chan struct{}
	waiting atomic.Int64
}

// NewHasher gives a hasher that does n at once.
func NewHasher(n int) *Hasher { return &Hasher{turns: make(chan struct{}, n)} }

// Check fails with ErrLength where Hash would, without the work.
func Check(password string) error {
	if utf8.RuneCountInString(password) < LeastRunes || len(password) > MostBytes {
		return ErrLength
	}
	return nil
}

// Hash gives the hash in PHC form, $argon2id$v=19$m=…,t=…,p=…$salt$key. It fails with ErrLength, with ErrBusy, and
// with the context's error where it ends before the turn comes.
func (h *Hasher) Hash(ctx context.Context, password string) (string, error) {
	if err := Check(password); err != nil {
		return "", err
	}
	salt := make([]byte, saltBytes)
	rand.Read(salt) // never fails: crypto/rand
	key, err := h.key(ctx, password, salt)
	if err != nil {
		return "", err
	}
	b64 := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, iterations, lanes,
		b64.EncodeToString(salt), b64.EncodeToString(key)), nil
}

// Verify reports whether the password is the one that was hashed. With an empty hash it takes as long and says no, so
// that an unknown account cannot be told from a wrong password.
func (h *Hasher) Verify(ctx context.Context, hash, password string) (bool, error) {
	salt, want := make([]byte, saltBytes), make([]byte, keyBytes)
	if hash != "" {
		var err error
		if salt, want, err = parse(hash); err != nil {
			return false, err
		}
	}
	if len(password) > MostBytes {
		password = password[:MostBytes] // hashed all the same; it cannot match, as none that long is ever stored
		hash = ""
	}
	got, err := h.key(ctx, password, salt)
	if err != nil {
		return false, err
	}
	return subtle.ConstantTimeCompare(got, want) == 1 && hash != "", nil
}

func (h *Hasher) key(ctx context.Context, password string, salt []byte) ([]byte, error) {
	if h.waiting.Add(1) > mostWaiting {
		h.waiting.Add(-1)
		return nil, ErrBusy
	}
	defer h.waiting.Add(-1)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	defer func() { <-h.turns }()
	return argon2.IDKey([]byte(password), salt, iterations, memoryKiB, lanes, keyBytes), nil
}

// parse reads a hash with exactly our cost; a later change of cost would read the old one here too.
func parse(hash string) (salt, key []byte, err error) {
	prefix := fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, memoryKiB, iterations, lanes)
	rest, ok := strings.CutPrefix(hash, prefix)
	if !ok {
		return nil, nil, ErrFormat
	}
	first, second, ok := strings.Cut(rest, "$")
	if !ok {
		return nil, nil, ErrFormat
	}
	salt, err1 := base64.RawStdEncoding.DecodeString(first)
	key, err2 := base64.RawStdEncoding.DecodeString(second)
	if err1 != nil || err2 != nil || len(salt) != saltBytes || len(key) != keyBytes {
		return nil, nil, ErrFormat
	}
	return salt, key, nil
}
