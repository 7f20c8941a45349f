package eval

import (
	"hash/fnv"

	"ombud/bot/nlu"
)

// Folds deals the messages into k folds by their text.
func Folds(all []nlu.Example, k int) []int {
	folds := make([]int, len(all))
	for i, e := range all {
		h := fnv.New32a()
		h.Write([]byte(e.Text))
		folds[i] = int(h.Sum32() % uint32(k))
	}
	return folds
}
