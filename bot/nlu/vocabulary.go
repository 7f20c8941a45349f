package nlu

import (
	"cmp"
	"math"
	"slices"
)

// vocabulary numbers the features worth weighing, and holds how telling each is. It is a hash table with
// open addressing: looking up features is most of the cost of reading a message.
type vocabulary struct {
	Keys []uint64  // by slot; 0 where empty
	Ids  []int32   // by slot
	IDF  []float32 // by id
	mask uint64
}

// minMessages is how many messages must hold a feature before it is weighed.
var minMessages = int32(2)

// learnVocabulary numbers the features that enough messages hold, the commonest first.
func learnVocabulary(documents [][]feature) *vocabulary {
	count := make(map[uint64]int32, 1<<16)
	last := make(map[uint64]int32, 1<<16)
	for i, d := range documents {
		for _, f := range d {
			if at, seen := last[f.hash]; !seen || at != int32(i) {
				last[f.hash] = int32(i)
				count[f.hash]++
			}
		}
	}
	var kept []uint64
	for h, n := range count {
		if n >= minMessages && h != 0 {
			kept = append(kept, h)
		}
	}
	// The commonest come first: their weights then lie close together, which makes learning twice as fast.
	slices.SortFunc(kept, func(a, b uint64) int {
		return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b))
	})
	size := uint64(16)
	for size < 2*uint64(len(kept)) {
		size *= 2
	}
	v := &vocabulary{Keys: make([]uint64, size), Ids: make([]int32, size), IDF: make([]float32, len(kept)), mask: size - 1}
	for id, h := range kept {
		slot := h & v.mask
		for v.Keys[slot] != 0 {
			slot = (slot + 1) & v.mask
		}
		v.Keys[slot], v.Ids[slot] = h, int32(id)
		v.IDF[id] = float32(math.Log(float64(1+len(documents))/float64(1+count[h])) + 1)
	}
	return v
}

func (v *vocabulary) id(h uint64) int32 {
	for slot := h & v.mask; v.Keys[slot] != 0; slot = (slot + 1) & v.mask {
		if v.Keys[slot] == h {
			return v.Ids[slot]
		}
	}
	return -1
}

// cell is one weighed feature of a message, and the tokens it comes from.
type cell struct {
	id       int32
	value    float32
	from, to int32
}

// groupWeight is the length that each group of a message's features is brought to.
var groupWeight = [groups]float64{ofWords: 1, ofChars: .7, ofManner: .35}

// vector weighs a message's features: each counts once, by its idf, each group normalised. known is the share of
// the words' and characters' features that the vocabulary holds.
func (v *vocabulary) vector(into []cell, features []feature) (x []cell, known float64) {
	x = into[:0]
	for _, f := range features {
		if id := v.id(f.hash); id >= 0 {
			x = append(x, cell{id: id, value: float32(f.group), from: int32(f.from), to: int32(f.to)})
		}
	}
	known = float64(len(x)) / float64(max(len(features), 1))
	slices.SortStableFunc(x, func(a, b cell) int { return int(a.id) - int(b.id) })
	x = slices.CompactFunc(x, func(a, b cell) bool { return a.id == b.id })
	var square [groups]float64
	for _, c := range x {
		idf := float64(v.IDF[c.id])
		square[group(c.value)] += idf * idf
	}
	var scale [groups]float64
	for g, s := range square {
		if s > 0 {
			scale[g] = groupWeight[g] / math.Sqrt(s)
		}
	}
	for i := range x {
		x[i].value = float32(float64(v.IDF[x[i].id]) * scale[group(x[i].value)])
	}
	return x, known
}
