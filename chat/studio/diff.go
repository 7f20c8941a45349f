package studio

import (
	"context"
	"maps"
	"slices"
	"strings"
)

// DraftVersion stands for the draft where a version is asked for.
const DraftVersion = -1

// FileDiff is what differs in one file.
type FileDiff struct {
	Path  string `json:"path"`
	Hunks []Hunk `json:"hunks"`
	// Cut says that the file differs too much to be told line by line: the hunk holds its whole texts, cut.
	Cut bool `json:"cut,omitempty"`
}

// Hunk is a run of lines that differ. Lines count from 1.
type Hunk struct {
	From    int      `json:"from"` // first line removed, or before which lines were added
	To      int      `json:"to"`   // its place in the newer file
	Removed []string `json:"removed"`
	Added   []string `json:"added"`
}

// Diff tells what differs between two versions; DraftVersion is the draft.
func (s *Studio) Diff(ctx context.Context, from, to int64) ([]FileDiff, error) {
	files := func(v int64) (map[string]string, error) {
		if v == DraftVersion {
			_, f, err := s.Draft(ctx)
			return f, err
		}
		return s.Files(ctx, v)
	}
	was, err := files(from)
	if err != nil {
		return nil, err
	}
	now, err := files(to)
	if err != nil {
		return nil, err
	}
	paths := maps.Clone(was)
	maps.Copy(paths, now)
	out := []FileDiff{}
	for _, path := range slices.Sorted(maps.Keys(paths)) {
		if was[path] != now[path] {
			hunks, cut := diff(lines(was[path]), lines(now[path]))
			out = append(out, FileDiff{path, hunks, cut})
		}
	}
	return out, nil
}

func lines(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(strings.TrimSuffix(text, "\n"), "\n")
}

// mostEdits bounds the lines that may differ, mostShown what is shown of a file that differs more.
const (
	mostEdits = 2000
	mostShown = 200
)

// diff compares line by line: the shortest way from a to b, by Myers (An O(ND) difference algorithm, 1986), after
// what is alike at both ends is set aside.
func diff(a, b []string) (hunks []Hunk, cut bool) {
	head := 0
	for head < len(a) && head < len(b) && a[head] == b[head] {
		head++
	}
	tail := 0
	for tail < len(a)-head && tail < len(b)-head && a[len(a)-1-tail] == b[len(b)-1-tail] {
		tail++
	}
	x, y := a[head:len(a)-tail], b[head:len(b)-tail]
	steps := shortest(x, y)
	if steps == nil {
		clip := func(s []string) []string { return slices.Clone(s[:min(len(s), mostShown)]) }
		return []Hunk{{From: head + 1, To: head + 1, Removed: clip(x), Added: clip(y)}}, true
	}
	i, j := 0, 0
	for _, st := range steps {
		if len(hunks) == 0 || st.x != i || st.y != j {
			hunks = append(hunks, Hunk{From: head + st.x + 1, To: head + st.y + 1, Removed: []string{}, Added: []string{}})
		}
		h := &hunks[len(hunks)-1]
		i, j = st.x, st.y
		if st.removes {
			h.Removed = append(h.Removed, x[st.x])
			i++
		} else {
			h.Added = append(h.Added, y[st.y])
			j++
		}
	}
	return hunks, false
}

// step removes the line at x, or adds that at y.
type step struct {
	x, y    int
	removes bool
}

// shortest gives the fewest steps from a to b in order; nil if there are more than mostEdits.
func shortest(a, b []string) []step {
	n, m := len(a), len(b)
	limit := min(n+m, mostEdits)
	// reach[k+limit+1] is how far along a the diagonal k was followed.
	reach := make([]int, 2*limit+3)
	var trace [][]int // by number of steps: reach before them, from diagonal -d-1 to d+1
	for d := 0; d <= limit; d++ {
		trace = append(trace, slices.Clone(reach[limit-d:limit+d+3]))
		for k := -d; k <= d; k += 2 {
			at := k + limit + 1
			x := reach[at-1] + 1
			if k == -d || k != d && reach[at-1] < reach[at+1] {
				x = reach[at+1]
			}
			for x < n && x-k < m && a[x] == b[x-k] {
				x++
			}
			reach[at] = x
			if x >= n && x-k >= m {
				return back(trace, n, m)
			}
		}
	}
	return nil
}

// back walks the trace from the end to the beginning.
func back(trace [][]int, x, y int) []step {
	steps := []step{}
	for d := len(trace) - 1; d > 0; d-- {
		k := x - y
		at := k + d + 1
		removes := k != -d && (k == d || trace[d][at-1] >= trace[d][at+1])
		if removes {
			x = trace[d][at-1]
			y = x - (k - 1)
		} else {
			x = trace[d][at+1]
			y = x - (k + 1)
		}
		steps = append(steps, step{x, y, removes})
	}
	slices.Reverse(steps)
	return steps
}
