package nlu

import (
	"math"
	"math/bits"
	"slices"
)

// vocabulary numbers the features worth weighing, and holds how telling each is. It is a hash table with
// open addressing: looking up features is most of the cost of reading a message.
type vocabulary struct {
	Keys []uint64  // by slot; 0 where empty
	Ids  []int32   // by slot
	IDF  []float32 // by id
	// Single is the first id of the features that one example alone holds: they have the highest ids.
	Single int32
	Rarest float32 // the IDF of a feature that the vocabulary lacks
	Room   float32 // how many concepts, as rare as can be, count beside a message's; see conceptRoom
	mask   uint64
}

// Which features are weighed: those of one word that any message holds, those of several words that two messages hold, or
// one where the examples are so few that everything counts.
const (
	minMessages = 2
	fewMessages = 5000
)

// learnVocabulary numbers the features worth weighing, the commonest first: their weights then lie close together, which
// makes learning twice as fast. languages is how many the documents are in.
func learnVocabulary(workers int, documents [][]feature, languages int) *vocabulary {
	var counted [shards][]tally
	parallel(workers, shards, func(s int) { counted[s] = countFeatures(documents, uint64(s)) })
	kept := byCount(counted[:], len(documents))
	size := uint64(16)
	for size < 2*uint64(len(kept)) {
		size *= 2
	}
	v := &vocabulary{Keys: make([]uint64, size), Ids: make([]int32, size), IDF: make([]float32, len(kept)), mask: size - 1, Single: int32(len(kept))}
	stretch := 1 + math.Log(float64(max(languages, 1)))
	power := idfPower * stretch
	v.Room = float32(conceptRoom / stretch)
	v.Rarest = float32(math.Pow(math.Log(float64(1+len(documents))/2)+1, power))
	for id, t := range kept {
		slot := t.hash & v.mask
		for v.Keys[slot] != 0 {
			slot = (slot + 1) & v.mask
		}
		v.Keys[slot], v.Ids[slot] = t.hash, int32(id)
		if id > 0 && t.count == kept[id-1].count {
			v.IDF[id] = v.IDF[id-1]
		} else {
			idf := math.Log(float64(1+len(documents))/float64(1+t.count)) + 1
			v.IDF[id] = float32(math.Pow(idf, power))
		}
		if t.count < 2 {
			v.Single = min(v.Single, int32(id))
		}
	}
	return v
}

// byCount gives the features worth weighing, the commonest first; those as common stay in the order of slots.
func byCount(counted [][]tally, documents int) []tally {
	weighed := func(t *tally) bool {
		return t.count >= minMessages || t.count > 0 && (!t.wide() || documents < fewMessages)
	}
	places := make([]int, documents+2)
	for _, slots := range counted {
		for i := range slots {
			if weighed(&slots[i]) {
				places[documents-int(slots[i].count)+1]++
			}
		}
	}
	for i := 1; i < len(places); i++ {
		places[i] += places[i-1]
	}
	kept := make([]tally, places[documents+1])
	for _, slots := range counted {
		for i := range slots {
			if t := &slots[i]; weighed(t) {
				at := &places[documents-int(t.count)]
				kept[*at] = *t
				*at++
			}
		}
	}
	return kept
}

// tally is in how many messages a feature is.
type tally struct {
	hash  uint64
	count int32
	last  int32 // twice the number of the last of them, and one more for a feature of several words
}

func (t *tally) wide() bool { return t.last&1 == 1 }

// tallies is a hash table with open addressing, which counts millions of features several times faster than a map.
type tallies struct {
	slots []tally // hash 0 where empty
	used  int
}

// shards is how many parts the features are counted in, side by side. Their order, and so the model, depends on it.
const shards = 2

// countFeatures counts the features whose hash is s modulo shards.
func countFeatures(documents [][]feature, s uint64) []tally {
	all := 0
	for _, d := range documents {
		all += len(d)
	}
	seen := tallies{slots: make([]tally, 1<<bits.Len(uint(all/2/shards)))}
	for i, d := range documents {
		for k := range d {
			f := &d[k]
			// The lowest bits place a feature in the table, so a higher one deals them out.
			if f.hash>>40%shards != s || f.hash == 0 {
				continue
			}
			last := int32(i) << 1
			if f.to-f.from > 1 {
				last |= 1
			}
			t := seen.at(f.hash)
			if t.hash == 0 {
				*t = tally{hash: f.hash, count: 1, last: last}
				if seen.used++; 4*seen.used > 3*len(seen.slots) {
					seen.grow()
				}
			} else if t.last>>1 != int32(i) {
				t.last = int32(i)<<1 | t.last&1
				t.count++
			}
		}
	}
	return seen.slots
}

// at gives the slot where a hash is, or belongs.
func (x *tallies) at(h uint64) *tally {
	mask := uint64(len(x.slots) - 1)
	slot := h & mask
	for x.slots[slot].hash != 0 && x.slots[slot].hash != h {
		slot = (slot + 1) & mask
	}
	return &x.slots[slot]
}

func (x *tallies) grow() {
	old := x.slots
	x.slots = make([]tally, 2*len(old))
	for _, t := range old {
		if t.hash != 0 {
			*x.at(t.hash) = t
		}
	}
}

func (v *vocabulary) id(h uint64) int32 {
	for slot := h & v.mask; v.Keys[slot] != 0; slot = (slot + 1) & v.mask {
		if v.Keys[slot] == h {
			return v.Ids[slot]
		}
	}
	return -1
}

// How rare and unknown features count. Chosen on the validation part of CLINC150 and by cross-validation on the
// labelled messages: rare words tell less than their idf says, and a message's length is partly that of its
// unknown words, so that one known word among many strange ones does not decide alone. idfPower is for one language:
// among examples in several the commonest word of each is rare, and the power grows with the logarithm of their number to
// set common and rare words apart again.
const (
	idfPower    = 0.6
	unknownPart = 0.3
)

// cell is one weighed feature of a message, and the tokens it comes from.
type cell struct {
	id       int32
	value    float32 // where a signal is asked for
	topical  float32 // where a topic is
	from, to int16
}

// groupWeight is the length that each group of a message's features is brought to.
var groupWeight = [groups]float64{ofWords: 1, ofChars: 1, ofManner: .35, ofConcepts: .7, ofPairs: .5}

// conceptRoom is how many concepts, each as rare as can be, count beside those of a message where it is asked what the message is
// about: one concept alone then weighs less than many. Concepts are those of a shop, and about anything else a single one of
// them says little. Signals are better heard without it. It is for one language: where idf are stretched for several, the rarest
// concept stands out more, and fewer make as much room.
const conceptRoom = 1.5

// weigher turns features into a vector. It keeps its space between messages and is not safe for use by two goroutines at once.
type weigher struct {
	cells []cell
	order []uint64 // id and place of the known ones, which sort faster than cells
}

// vector weighs a message's features: each counts once, by its idf, each group normalised. known is the share of
// its features with an id below limit: all that the vocabulary holds for a new message; for an example of the
// vocabulary itself those that another example holds too, lest it seem better known than a new one. The vector is w's own, good until the next.
func (w *weigher) vector(v *vocabulary, features []feature, limit int32) (x []cell, known float64) {
	counted := 0
	var square [groups]float64
	rarest := float64(v.Rarest) * float64(v.Rarest)
	order := w.order[:0]
	for i, f := range features {
		if id := v.id(f.hash); id >= 0 {
			if id < limit {
				counted++
			}
			order = append(order, uint64(id)<<32|uint64(i))
		} else {
			square[f.group] += rarest * unknownPart
		}
	}
	known = float64(counted) / float64(max(len(features), 1))
	slices.Sort(order)
	x = w.cells[:0]
	for n, o := range order {
		if n > 0 && order[n-1]>>32 == o>>32 {
			continue
		}
		f, idf := features[uint32(o)], float64(v.IDF[o>>32])
		square[f.group] += idf * idf
		x = append(x, cell{id: int32(o >> 32), value: float32(f.group), from: f.from, to: f.to})
	}
	var scale, topical [groups]float64
	for g, s := range square {
		if s == 0 {
			continue
		}
		scale[g] = groupWeight[g] / math.Sqrt(s)
		if g := group(g); g == ofConcepts || g == ofPairs {
			s += float64(v.Room) * rarest
		}
		topical[g] = groupWeight[g] / math.Sqrt(s)
	}
	for i := range x {
		idf, g := float64(v.IDF[x[i].id]), group(x[i].value)
		x[i].value, x[i].topical = float32(idf*scale[g]), float32(idf*topical[g])
	}
	w.cells, w.order = x, order
	return x, known
}
