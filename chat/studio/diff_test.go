package studio

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// patch lays hunks over a.
func patch(a []string, hunks []Hunk) []string {
	var out []string
	at := 0
	for _, h := range hunks {
		out = append(out, a[at:h.From-1]...)
		out = append(out, h.Added...)
		at = h.From - 1 + len(h.Removed)
	}
	return append(out, a[at:]...)
}

// TestDiffIsAPatch holds every difference to what it is for: laid over the older lines it gives the newer ones, and
// says nothing where nothing differs.
func TestDiffIsAPatch(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom([]string{"a", "b", "c", "d"})
		a, b := rapid.SliceOf(word).Draw(t, "a"), rapid.SliceOf(word).Draw(t, "b")
		hunks, cut := diff(a, b)
		if got := patch(a, hunks); cut || strings.Join(got, "") != strings.Join(b, "") {
			t.Fatalf("%v laid over %v gives %v, not %v", hunks, a, got, b)
		}
		for _, h := range hunks {
			if len(h.Removed)+len(h.Added) == 0 {
				t.Fatalf("an empty hunk in %v", hunks)
			}
			if !slices.Equal(h.Removed, a[h.From-1:h.From-1+len(h.Removed)]) || !slices.Equal(h.Added, b[h.To-1:h.To-1+len(h.Added)]) {
				t.Fatalf("hunk %+v is not where it says", h)
			}
		}
	})
}

func TestDiffOfALargeFile(t *testing.T) {
	var a []string
	for i := range 20_000 {
		a = append(a, fmt.Sprint("line ", i))
	}
	b := slices.Clone(a)
	b[10_000] = "changed"
	hunks, cut := diff(a, append(b, "last"))
	if len(hunks) != 2 || cut || hunks[0].From != 10_001 || hunks[1].Added[0] != "last" {
		t.Errorf("%d hunks, cut %v", len(hunks), cut)
	}
	slices.Reverse(b)
	if hunks, cut = diff(a, b); len(hunks) != 1 || !cut || len(hunks[0].Added) != mostShown {
		t.Errorf("turned round: %d hunks, cut %v", len(hunks), cut)
	}
}
