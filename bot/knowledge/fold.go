package knowledge

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold gives lower case without accents, and a space where Chinese and other writing meet.
func fold(s string) string {
	var out strings.Builder
	han := false
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if now := unicode.Is(unicode.Han, r); now != han {
			out.WriteByte(' ')
			han = now
		}
		out.WriteRune(r)
	}
	return out.String()
}
