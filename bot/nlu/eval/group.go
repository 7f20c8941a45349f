package eval

import (
	"slices"

	"ombud/bot/nlu"
)

// alike is the similarity from which on two messages of one language count as saying the same thing.
const alike = 0.3

// Folds deals the messages into k folds so that a message and its paraphrase are never in different ones: messages that are
// alike (nlu.Sketch.Similarity at least 0.3, in one language), directly or through others,
// make a group, and a group is dealt out whole, the largest first, always to the smallest fold. m is only asked
// for similarities. The same kinds of events recur across languages; since each language is judged by itself, and
// its words are hardly those of another, translations need not share a fold. The result holds, for each message,
// the number of its fold.
func Folds(m *nlu.Model, messages []nlu.Example, k int) []int {
	groups := Groups(m, messages)
	slices.SortStableFunc(groups, func(a, b []int) int { return len(b) - len(a) })
	folds, size := make([]int, len(messages)), make([]int, k)
	for _, g := range groups {
		smallest := 0
		for f := range size {
			if size[f] < size[smallest] {
				smallest = f
			}
		}
		size[smallest] += len(g)
		for _, i := range g {
			folds[i] = smallest
		}
	}
	return folds
}

// Groups joins messages that are alike (nlu.Sketch.Similarity at least 0.3, in one language), directly or through others.
// Each group lists places in messages; the groups come in the order of their first message.
func Groups(m *nlu.Model, messages []nlu.Example) [][]int {
	sketches := make([]nlu.Sketch, len(messages))
	for i, e := range messages {
		sketches[i] = m.Sketch(e.Text, e.Language)
	}
	parent := make([]int, len(messages))
	for i := range parent {
		parent[i] = i
	}
	root := func(i int) int {
		for parent[i] != i {
			parent[i] = parent[parent[i]]
			i = parent[i]
		}
		return i
	}
	for i := range messages {
		for j := range i {
			if messages[i].Language == messages[j].Language && sketches[i].Similarity(sketches[j]) >= alike {
				parent[root(i)] = root(j)
			}
		}
	}
	members := map[int][]int{}
	var order []int
	for i := range messages {
		r := root(i)
		if members[r] == nil {
			order = append(order, r)
		}
		members[r] = append(members[r], i)
	}
	all := make([][]int, 0, len(order))
	for _, r := range order {
		all = append(all, members[r])
	}
	return all
}
